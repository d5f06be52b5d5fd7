/**
 * Reads delivery-status and complaint reports. Linear in the bytes and bounded; nothing in a message makes it throw. What it answers is a
 * claim of whoever wrote the message: to be believed only where it came back to a return path of ours.
 */

import type { Report } from '../../report.ts'
import { readComplaint } from './complaint.ts'
import { readText } from './decode.ts'
import { readNotification } from './notification.ts'
import { readParts } from './parts.ts'
import { readStatusReport } from './status-report.ts'

/** The report that a message is; null for ordinary mail, vacation notices, and reports that a person passes on or quotes. */
export function readReport(raw: Uint8Array): Report | null {
  const root = readParts(raw)
  if (root.fields.has('x-amz-sns-message-id')) return readNotification(readText(root))
  const complaint = readComplaint(root)
  if (complaint) return complaint
  const recipients = readStatusReport(root)
  return recipients === null ? null : { kind: 'delivery-status', recipients }
}
