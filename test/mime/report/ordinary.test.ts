import { describe, expect, it } from 'vitest'
import { readReport } from '../../../src/mime/report/read-report.ts'
import { letter, multipart, plainReport, RETURNED, statusReport } from './letters.ts'

const QUOTED = [
  'Hi. This is the qmail-send program at mx.example.net.',
  "I'm afraid I wasn't able to deliver your message to the following addresses.",
  '',
  '<bob@example.org>:',
  'Remote host said: 550 5.1.1 User unknown',
  '',
  '--- Below this line is a copy of the message.',
]
const FIELDS = ['Final-Recipient: rfc822; bob@example.org', 'Action: failed', 'Status: 5.1.1']
const REPORT = statusReport(QUOTED, FIELDS).toString().replaceAll('=_b1', '=_b2').split('\r\n')

describe('ordinary mail', () => {
  it.each<[string, Buffer]>([
    [
      'of a person who quotes a bounce',
      letter('From: Bob <bob@example.org>', 'Subject: failure notice', '', 'I got this:', ...QUOTED),
    ],
    ['of a person who quotes status fields', letter('From: Bob <bob@example.org>', '', ...FIELDS)],
    [
      'of a person whose null return path came with an automatic answer',
      letter(
        'Return-Path: <>',
        'Auto-Submitted: auto-replied',
        'From: bob@example.org',
        'Subject: Away',
        '',
        'bob@example.org',
        'is away: 550 5.1.1 User unknown',
      ),
    ],
    [
      'that forwards a report as an attachment',
      letter(
        'From: bob@example.org',
        ...multipart('multipart/mixed', ['', 'What does it mean?'], ['Content-Type: message/rfc822', '', ...REPORT]),
      ),
    ],
    [
      'that forwards the parts of a report',
      letter(
        'From: bob@example.org',
        ...multipart('multipart/mixed', ['', ...QUOTED], ['Content-Type: message/delivery-status', '', ...FIELDS, ''], RETURNED),
      ),
    ],
    [
      'that a person resends',
      letter(
        'Resent-From: eve@example.org',
        ...plainReport('failure notice', ...QUOTED)
          .toString()
          .split('\r\n'),
      ),
    ],
    [
      'that a list sends on',
      letter(
        'List-Id: <cats.example.org>',
        ...plainReport('failure notice', ...QUOTED)
          .toString()
          .split('\r\n'),
      ),
    ],
    ['of a daemon that says something else', plainReport('Your quota', 'You use 90 % of your storage.', '', 'bob@example.org')],
    [
      'of a shop whose parcel does not arrive',
      letter(
        'From: no-reply@shop.example',
        'Auto-Submitted: auto-generated',
        'Subject: Delivery failed',
        '',
        'Your parcel could not be delivered. Delivery failed twice at 550 Main Street.',
        'Recipient: bob@example.org',
      ),
    ],
    [
      'of a tracker with fields of its own',
      letter(
        'From: noreply@tracker.example',
        'Subject: Undeliverable mail in the build',
        '',
        'Action: failed',
        'Status: 5.1.1',
        '',
      ),
    ],
    [
      'of a postmaster who only writes',
      letter('From: Postmaster <postmaster@example.org>', '', 'Undeliverable mail is a nuisance, bob@example.org says.'),
    ],
    ['with an empty body', letter('From: MAILER-DAEMON@example.org', '')],
    ['without a header', letter('', 'Your message could not be delivered to <bob@example.org>')],
    ['that is empty', Buffer.alloc(0)],
  ])('%s is no report', (_, raw) => {
    expect(readReport(raw)).toBeNull()
  })
})
