import { describe, expect, it } from 'vitest'
import { readReport } from '../../../src/mime/report/read-report.ts'
import { letter, multipart, RETURNED } from './letters.ts'

function feedback(...fields: readonly string[]): Buffer {
  return letter(
    'From: abuse@example.org',
    ...multipart(
      'multipart/report; report-type=feedback-report',
      ['', 'This is an email abuse report.'],
      ['Content-Type: message/feedback-report', '', ...fields, ''],
      RETURNED,
    ),
  )
}

describe('a complaint (RFC 5965)', () => {
  it.each(['abuse', 'fraud', 'virus', 'other', 'opt-out'])('of type %s is one', (type) => {
    const raw = feedback(`Feedback-Type: ${type}`, 'Version: 1', 'Original-Rcpt-To: <Bob@EXAMPLE.org>')
    expect(readReport(raw)).toEqual({ kind: 'complaint', feedbackType: type, recipients: ['Bob@example.org'] })
  })

  it('of a type that nobody knows is one of type other', () => {
    expect(readReport(feedback('feedback-type: Grudge'))).toMatchObject({ kind: 'complaint', feedbackType: 'other' })
  })

  it('may name several recipients, or none that can be read', () => {
    const raw = feedback(
      'Feedback-Type: abuse',
      'Original-Rcpt-To: a@example.org',
      'Original-Rcpt-To: b@example.org',
      'Original-Rcpt-To: a@example.org',
    )
    expect(readReport(raw)).toMatchObject({ recipients: ['a@example.org', 'b@example.org'] })
    expect(readReport(feedback('Feedback-Type: abuse', 'Original-Rcpt-To: redacted'))).toMatchObject({ recipients: [null] })
    expect(readReport(feedback('Feedback-Type: opt-out', 'Removal-Recipient: bob@example.org'))).toMatchObject({
      recipients: ['bob@example.org'],
    })
  })

  it.each(['auth-failure', 'not-spam', 'dmarc', ''])('is not what has type "%s"', (type) => {
    expect(readReport(feedback(`Feedback-Type: ${type}`, 'Original-Rcpt-To: bob@example.org'))).toBeNull()
  })

  it('is read through base64', () => {
    const fields = Buffer.from('Feedback-Type: abuse\r\nOriginal-Rcpt-To: bob@example.org\r\n').toString('base64')
    const part = ['Content-Type: message/feedback-report', 'Content-Transfer-Encoding: base64', '', fields]
    const raw = letter('From: a@example.org', ...multipart('multipart/report; report-type=feedback-report', ['', 'Hello'], part))
    expect(readReport(raw)).toMatchObject({ kind: 'complaint', recipients: ['bob@example.org'] })
  })

  it('is not what somebody forwards: neither as an attachment nor as a part of ordinary mail', () => {
    const whole = feedback('Feedback-Type: abuse', 'Original-Rcpt-To: bob@example.org')
      .toString()
      .replaceAll('=_b1', '=_b2')
      .split('\r\n')
    const attached = ['Content-Type: message/rfc822', '', ...whole]
    const loose = ['Content-Type: message/feedback-report', '', 'Feedback-Type: abuse', '']
    for (const part of [attached, loose]) {
      expect(readReport(letter('From: bob@example.org', ...multipart('multipart/mixed', ['', 'Look at this'], part)))).toBeNull()
    }
  })

  it('of Outlook.com is the message itself, marked with its recipient', () => {
    const returned = [
      'Content-Type: message/rfc822',
      '',
      'X-HmXmrOriginalRecipient: bob@example.org',
      'Subject: Hello',
      '',
      'Hello',
    ]
    const send = (from: string) =>
      letter(`From: ${from}`, 'Subject: complaint about message from 192.0.2.1', ...multipart('multipart/mixed', returned))
    expect(readReport(send('staff@hotmail.com'))).toEqual({
      kind: 'complaint',
      feedbackType: 'abuse',
      recipients: ['bob@example.org'],
    })
    expect(readReport(send('eve@example.org'))).toBeNull()
  })

  it('of Amazon SES comes as JSON', () => {
    const send = (complaint: object) =>
      letter(
        'From: no-reply@sns.amazonaws.com',
        'x-amz-sns-message-id: 1',
        '',
        JSON.stringify({ notificationType: 'Complaint', complaint }),
      )
    const complainedRecipients = [{ emailAddress: 'bob@example.org' }]
    expect(readReport(send({ complainedRecipients, complaintFeedbackType: 'abuse' }))).toEqual({
      kind: 'complaint',
      feedbackType: 'abuse',
      recipients: ['bob@example.org'],
    })
    expect(readReport(send({ complainedRecipients, complaintFeedbackType: 'not-spam' }))).toBeNull()
    expect(readReport(send({ complainedRecipients: 'bob' }))).toBeNull()
  })
})
