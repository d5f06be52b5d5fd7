/** Messages written line by line, for tests of reports. */

import { readReport } from '../../../src/mime/report/read-report.ts'
import type { Report, ReportedRecipient } from '../../../src/report.ts'

/** Lines -> the bytes of a message, with CRLF. */
export function letter(...lines: readonly string[]): Buffer {
  return Buffer.from(`${lines.join('\r\n')}\r\n`)
}

/** A multipart: its Content-Type with `type`, and its parts, each a list of lines. */
export function multipart(type: string, ...parts: readonly (readonly string[])[]): string[] {
  const body = parts.flatMap((part) => ['--=_b1', ...part])
  return [`Content-Type: ${type}; boundary="=_b1"`, '', 'This is a multi-part message.', '', ...body, '--=_b1--']
}

/** The part that returns a message. */
export const RETURNED = [
  'Content-Type: message/rfc822',
  '',
  'From: agent@agents.example.com',
  'To: bob@example.org',
  'Subject: Hello',
  '',
  'Hello Bob',
  '',
]

/** An RFC 3464 report of the mail system, with the given groups of fields. */
export function statusReport(text: readonly string[], ...groups: readonly (readonly string[])[]): Buffer {
  return letter(
    'From: MAILER-DAEMON@mx.example.net (Mail Delivery System)',
    'To: bounce+1@agents.example.com',
    'Subject: Undelivered Mail Returned to Sender',
    'MIME-Version: 1.0',
    ...multipart(
      'multipart/report; report-type=delivery-status',
      ['Content-Type: text/plain', '', ...text],
      [
        'Content-Type: message/delivery-status',
        '',
        'Reporting-MTA: dns; mx.example.net',
        '',
        ...groups.flatMap((group) => [...group, '']),
      ],
      RETURNED,
    ),
  )
}

/** A message in words alone, from a mail system. */
export function plainReport(subject: string, ...text: readonly string[]): Buffer {
  return letter('From: Mail Delivery System <MAILER-DAEMON@mx.example.net>', `Subject: ${subject}`, '', ...text)
}

/** The recipients of what must be a delivery-status report. */
export function recipientsOf(raw: Buffer): readonly ReportedRecipient[] {
  return expectKind(readReport(raw), 'delivery-status').recipients
}

function expectKind<Kind extends Report['kind']>(report: Report | null, kind: Kind): Extract<Report, { kind: Kind }> {
  if (!isKind(report, kind)) throw new Error(`not a ${kind} report: ${JSON.stringify(report)}`)
  return report
}

function isKind<Kind extends Report['kind']>(report: Report | null, kind: Kind): report is Extract<Report, { kind: Kind }> {
  return report?.kind === kind
}
