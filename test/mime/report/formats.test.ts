import { describe, expect, it } from 'vitest'
import { letter, multipart, plainReport, RETURNED, recipientsOf } from './letters.ts'

type Row = readonly [
  format: string,
  raw: Buffer,
  expected: readonly (readonly [recipient: string | null, statusCode: string | null, hard: boolean])[],
]

/** Reports in words: the openings and the layout are the servers', everything else is ours. */
const ROWS: readonly Row[] = [
  [
    'qmail',
    plainReport(
      'failure notice',
      'Hi. This is the qmail-send program at mx.example.net.',
      "I'm afraid I wasn't able to deliver your message to the following addresses.",
      "This is a permanent error; I've given up. Sorry it didn't work out.",
      '',
      '<bob@example.org>:',
      '192.0.2.1 does not like recipient.',
      'Remote host said: 550 No such user here',
      'Giving up on 192.0.2.1.',
      '',
      '<eve@example.org>:',
      '192.0.2.1 failed after I sent the message.',
      'Remote host said: 552 Mailbox full',
      '',
      '<amy@nowhere.example>:',
      "Sorry, I couldn't find any host named nowhere.example. (#5.1.2)",
      '',
      '--- Below this line is a copy of the message.',
      '',
      'Return-Path: <agent@agents.example.com>',
      '<not@a.recipient>: 550 5.1.1 User unknown',
    ),
    [
      ['bob@example.org', '5.1.1', true],
      ['eve@example.org', '5.2.2', false],
      ['amy@nowhere.example', '5.1.2', true],
    ],
  ],
  [
    'Exim',
    letter(
      'From: Mail Delivery System <Mailer-Daemon@mx.example.net>',
      'X-Failed-Recipients: bob@example.org, eve@example.net',
      'Auto-Submitted: auto-replied',
      'Subject: Mail delivery failed: returning message to sender',
      '',
      'This message was created automatically by mail delivery software.',
      '',
      'A message that you sent could not be delivered to one or more of its',
      'recipients. This is a permanent error. The following address(es) failed:',
      '',
      '  bob@example.org',
      '    host mx.example.org [192.0.2.1]',
      '    SMTP error from remote mail server after RCPT TO:<bob@example.org>:',
      '    550 User unknown',
      '  eve@example.net',
      '    retry timeout exceeded',
      '',
      '------ This is a copy of the message, including all the headers. ------',
    ),
    [
      ['bob@example.org', '5.1.1', true],
      ['eve@example.net', '4.4.7', false],
    ],
  ],
  [
    'Exim, unroutable',
    plainReport(
      'Mail delivery failed',
      'A message that you sent could not be delivered:',
      '',
      '  bob@nowhere.example',
      '    Unrouteable address',
    ),
    [['bob@nowhere.example', '5.1.2', true]],
  ],
  [
    'Postfix without fields',
    plainReport(
      'Undelivered Mail Returned to Sender',
      'This is the mail system at host mx.example.net.',
      "I'm sorry to have to inform you that your message could not",
      'be delivered to one or more recipients.',
      '',
      '<bob@example.org>: host mx.example.org[192.0.2.1] said: 550 5.7.26 This mail',
      '    is unauthenticated (in reply to end of DATA command)',
    ),
    [['bob@example.org', '5.7.26', false]],
  ],
  [
    'old sendmail',
    plainReport(
      'Returned mail: Host unknown',
      '   ----- Transcript of session follows -----',
      '550 example.org (smtp)... 550 Host unknown',
      '554 <bob@example.org>... 550 Host unknown',
      '   ----- Unsent message follows -----',
      'To: bob@example.org',
    ),
    [['bob@example.org', '5.1.2', true]],
  ],
  [
    'Exchange 2003',
    letter(
      'From: System Administrator <postmaster@example.org>',
      'Subject: Undeliverable: Hello',
      ...multipart(
        'multipart/mixed',
        [
          '',
          'Your message',
          '',
          '  To:      agent@agents.example.com',
          '  Subject: Hello',
          '',
          'did not reach the following recipient(s):',
          '',
          'bob@example.org on Tue, 24 Nov 2026 12:00:00 -0000',
          '    The recipient name is not recognized',
        ],
        RETURNED,
      ),
    ),
    [['bob@example.org', '5.1.1', true]],
  ],
  [
    'Exchange Online without fields',
    letter(
      'Return-Path: <>',
      'From: <postmaster@example.com>',
      'Content-Type: text/html',
      '',
      '<html><body><p>Delivery has failed to these recipients or groups:</p><p><a href="mailto:bob@example.org">bob@example.org</a><br>',
      'The mailbox could not be found.</p><div>Remote Server returned &#39;550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found&#39;</div></body>',
    ),
    [['bob@example.org', '5.1.10', true]],
  ],
  [
    'Domino',
    letter(
      'Return-Path: <MAILER-DAEMON@example.org>',
      'From: Postmaster@example.org',
      '',
      'Your message',
      '  Subject: Hello',
      'was not delivered to:',
      '  bob@example.org',
      'because:',
      '  User bob (bob@example.org) not listed in Domino Directory',
    ),
    [['bob@example.org', '5.1.1', true]],
  ],
  [
    'Gmail',
    letter(
      'From: Mail Delivery Subsystem <mailer-daemon@googlemail.com>',
      'X-Failed-Recipients: bob@example.org',
      '',
      'Delivery to the following recipient failed permanently:',
      '',
      '     bob@example.org',
      '',
      'Technical details of permanent failure:',
      'The error that the other server returned was:',
      '550 5.2.1 The email account that you tried to reach is disabled.',
    ),
    [['bob@example.org', '5.2.1', false]],
  ],
  [
    'Yahoo',
    plainReport(
      'Failure Notice',
      'Sorry, we were unable to deliver your message to the following address.',
      '',
      '<bob@example.org>:',
      '550: 5.1.1 User unknown [RCPT_TO]',
      '',
      '--- Below this line is a copy of the message.',
    ),
    [['bob@example.org', '5.1.1', true]],
  ],
  [
    'Mail.Ru',
    letter(
      'From: mailer-daemon@corp.mail.ru',
      'X-Failed-Recipients: bob@example.org',
      '',
      'К сожалению, Ваше письмо не может быть доставлено одному или нескольким получателям:',
      '  bob@example.org',
      '    an MX or SRV record indicated no SMTP service',
    ),
    [['bob@example.org', '5.1.10', true]],
  ],
  [
    'OpenSMTPD',
    plainReport(
      'Delivery status notification: error',
      '    Hi!',
      '    An error has occurred while attempting to deliver a message for',
      '    the following list of recipients:',
      '',
      'bob@example.org: 550 5.1.1 User unknown',
      'eve@example.org: 452 Mailbox full',
      '',
      '    Below is a copy of the original message:',
      '',
    ),
    [
      ['bob@example.org', '5.1.1', true],
      ['eve@example.org', '4.2.2', false],
    ],
  ],
  [
    'IMail',
    letter(
      'From: "Postmaster" <postmaster@example.org>',
      '',
      'Unknown user: bob@example.org',
      '',
      'Original message follows.',
      '',
    ),
    [['bob@example.org', '5.1.1', true]],
  ],
  [
    'Mimecast',
    letter(
      'Return-Path: <>',
      'From: "postmaster" <postmaster@example.org>',
      '',
      'An email that you attempted to send to the following address could not be delivered:',
      '-- bob@example.org',
      'Additional information follows :',
      '-- 5.4.1 Recipient address rejected: Access denied.',
    ),
    [['bob@example.org', '5.4.1', true]],
  ],
  [
    'DragonFly, given up',
    plainReport(
      'Mail delivery failed',
      'There was an error delivering your mail to <bob@example.org>.',
      '',
      'Could not deliver for the last 432000 seconds. Giving up.',
      '',
      'Message headers follow.',
    ),
    [['bob@example.org', '4.4.7', false]],
  ],
  [
    'fields among the words',
    plainReport(
      'Delivery Status Notification (Failure)',
      'An error occurred while trying to deliver the mail to the following recipients:',
      'bob@example.org',
      'Technical report:',
      'Reporting-MTA: dsn; mx.example.net',
      '',
      'Action: failed',
      'Final-Recipient: rfc822; bob@example.org',
      'Diagnostic-Code: smtp; 550 5.1.1 User Unknown',
      'Status: 5.1.1',
    ),
    [['bob@example.org', '5.1.1', true]],
  ],
  [
    'only a reply code',
    plainReport('failure notice', 'Unable to deliver message to:', '<bob@example.org>: 553 no'),
    [['bob@example.org', '5.1.3', false]],
  ],
  ['nothing but the fact', plainReport('failure notice', 'Your message could not be delivered.'), [[null, null, false]]],
]

describe('a report in words', () => {
  it.each(ROWS)('of %s is read', (_, raw, expected) => {
    expect(recipientsOf(raw)).toEqual(
      expected.map(([recipient, statusCode, hard]) => ({ recipient, statusCode, hard, action: 'failed' })),
    )
  })

  it.each([
    plainReport(
      'Delivery Status Notification (Delay)',
      'Delivery to the following recipient has been delayed:',
      '',
      '     bob@example.org',
    ),
    plainReport(
      'Warning: could not send message for past 4 hours',
      'The following addresses had delivery problems',
      '<bob@example.org> User unknown',
    ),
    plainReport(
      'Delayed',
      'Your message could not be delivered.',
      'THIS IS A WARNING ONLY.',
      '',
      '<bob@example.org>: connect to mx: No route to host',
    ),
  ])('that only warns is a delay, never for good', (raw) => {
    expect(recipientsOf(raw)).toMatchObject([
      {
        recipient: 'bob@example.org',
        action: 'delayed',
        hard: false,
        statusCode: expect.stringMatching(/^4\./),
      },
    ])
  })
})

describe('a notification as JSON', () => {
  const bounce = {
    notificationType: 'Bounce',
    bounce: {
      bounceType: 'Permanent',
      bouncedRecipients: [
        { emailAddress: 'bob@example.org', action: 'failed', status: '5.1.1', diagnosticCode: 'smtp; 550 5.1.1 user unknown' },
        { emailAddress: 'Eve <eve@example.org>', action: 'delayed' },
      ],
    },
  }
  const send = (...body: string[]) =>
    letter(
      'From: AWS Notifications <no-reply@sns.amazonaws.com>',
      'x-amz-sns-message-id: 1',
      '',
      ...body,
      '',
      '--',
      'If you wish to stop {these}',
    )

  it.each([
    ['bare', send(JSON.stringify(bounce))],
    ['in its envelope', send(JSON.stringify({ Type: 'Notification', Message: JSON.stringify(bounce) }, null, 2))],
    ['folded by a mail server', send(JSON.stringify(bounce).replace('bounceType', 'bounce\r\n Type'))],
  ])('is read %s', (_, raw) => {
    expect(recipientsOf(raw)).toEqual([
      { recipient: 'bob@example.org', statusCode: '5.1.1', hard: true, action: 'failed' },
      { recipient: 'eve@example.org', statusCode: null, hard: false, action: 'delayed' },
    ])
  })
})
