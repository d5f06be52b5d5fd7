/** Bounces and complaints that Amazon SES sends by mail as JSON (through SNS, with or without its envelope). */

import type { Report, ReportedRecipient } from '../../report.ts'
import { fieldAddress } from './address.ts'
import { NO_COMPLAINTS } from './complaint.ts'
import { judge } from './judge.ts'
import { MAX_NOTIFICATION_DEPTH, MAX_REPORT_RECIPIENTS } from './limits.ts'
import { plainWords } from './replies.ts'

/** The report in `text`; null when it is no notification of a bounce or complaint. */
export function readNotification(text: string): Report | null {
  return readNotice(text, MAX_NOTIFICATION_DEPTH)
}

function readNotice(text: string, depth: number): Report | null {
  const data = parseJson(text)
  const inner = readString(data, 'Message')
  if (inner !== null) return depth > 1 ? readNotice(inner, depth - 1) : null
  const bounced = readList(readProperty(data, 'bounce'), 'bouncedRecipients')
  if (bounced !== null) return { kind: 'delivery-status', recipients: bounced.map(readBounced) }
  const complaint = readProperty(data, 'complaint')
  const complained = readList(complaint, 'complainedRecipients')
  const feedbackType = (readString(complaint, 'complaintFeedbackType') ?? 'abuse').toLowerCase()
  if (complained === null || NO_COMPLAINTS.has(feedbackType)) return null
  const recipients = complained.map(readAddress)
  return { kind: 'complaint', feedbackType, recipients: recipients.length > 0 ? recipients : [null] }
}

function readBounced(entry: unknown): ReportedRecipient {
  const diagnostic = readString(entry, 'diagnosticCode')
  const action = readString(entry, 'action') === 'delayed' ? 'delayed' : 'failed'
  const verdict = judge({
    statusField: /^([245]\.\d{1,3}\.\d{1,3})$/.exec(readString(entry, 'status') ?? '')?.[1] ?? null,
    reply: plainWords((diagnostic ?? '').replace(/^\s{0,9}[\w-]{1,20}\s{0,9};/, '')),
    isDiagnostic: diagnostic !== null,
    context: '',
    category: '',
    isDelay: action === 'delayed',
  })
  return { recipient: readAddress(entry), ...verdict, action }
}

function readAddress(entry: unknown): string | null {
  return fieldAddress(readString(entry, 'emailAddress') ?? '')
}

function readProperty(data: unknown, name: string): unknown {
  return typeof data === 'object' && data !== null ? Reflect.get(data, name) : undefined
}

function readString(data: unknown, name: string): string | null {
  const value = readProperty(data, name)
  return typeof value === 'string' ? value : null
}

function readList(data: unknown, name: string): readonly unknown[] | null {
  const value = readProperty(data, name)
  return Array.isArray(value) ? value.slice(0, MAX_REPORT_RECIPIENTS) : null
}

/** From the first brace to the last before the signature. Lines are joined: mail folds long ones, and strings of JSON have none. */
function parseJson(text: string): unknown {
  const signature = text.search(/\n-- ?\r?\n/)
  const body = signature < 0 ? text : text.slice(0, signature)
  const start = body.indexOf('{')
  if (start < 0) return null
  const source = body.slice(start, body.lastIndexOf('}') + 1).replaceAll(/\r?\n ?/g, '')
  try {
    return JSON.parse(source)
  } catch {
    // Text that only looks like JSON: an answer, not a failure of ours.
    return null
  }
}
