/** Reports as mail systems write them. */

const LINE = '\r\n'

/** A delivery-status report (RFC 3464); 5.1.1 for good unless said otherwise. */
export function writeBounce(recipient: string, status = '5.1.1', action = 'failed'): string {
  return [
    'From: Mail Delivery System <mailer-daemon@relay.example>',
    'Subject: Undelivered mail returned to sender',
    'Auto-Submitted: auto-replied',
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=delivery-status; boundary=r',
    '',
    '--r',
    'Content-Type: text/plain',
    '',
    'Your message could not be delivered.',
    '--r',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; relay.example',
    '',
    `Final-Recipient: rfc822; ${recipient}`,
    `Action: ${action}`,
    `Status: ${status}`,
    '',
    '--r--',
  ].join(LINE)
}

/** An abuse complaint (ARF, RFC 5965). */
export function writeComplaint(recipient: string): string {
  return [
    'From: Feedback <feedback@relay.example>',
    'Subject: Abuse report',
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=feedback-report; boundary=r',
    '',
    '--r',
    'Content-Type: text/plain',
    '',
    'This is an abuse report.',
    '--r',
    'Content-Type: message/feedback-report',
    '',
    'Feedback-Type: abuse',
    'User-Agent: Example/1.0',
    'Version: 1',
    `Original-Rcpt-To: <${recipient}>`,
    '',
    '--r',
    'Content-Type: message/rfc822',
    '',
    'Subject: Hello',
    '',
    'Hello.',
    '--r--',
  ].join(LINE)
}
