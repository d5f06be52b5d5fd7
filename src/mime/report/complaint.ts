/** Complaints: the Abuse Reporting Format (RFC 5965), and what Outlook.com sends instead. */

import type { Report } from '../../report.ts'
import { fieldAddress } from './address.ts'
import { decodePart } from './decode.ts'
import { type Fields, firstField, readFields, readHeader } from './fields.ts'
import { MAX_REPORT_RECIPIENTS } from './limits.ts'
import type { Part } from './parts.ts'

/** Types that say that somebody minds the mail (RFC 5965 section 3.1, and opt-out of its drafts, still sent). */
const COMPLAINTS: ReadonlySet<string> = new Set(['abuse', 'fraud', 'virus', 'other', 'opt-out', 'opt-out-list'])
/** Types that are no complaint: failed authentication (RFC 6591 and before), and mail that was wrongly taken for spam. */
export const NO_COMPLAINTS: ReadonlySet<string> = new Set(['auth-failure', 'not-spam', 'miscategorized', 'dkim', 'spf', 'dmarc'])

/** The complaint in a message; null when it is none. */
export function readComplaint(root: Part): Report | null {
  if (root.type === 'multipart/report') {
    const feedback = root.parts.find((part) => part.type === 'message/feedback-report')
    return feedback ? readFeedback(readFields(decodePart(feedback).split(/\r?\n/))) : null
  }
  return readOutlookComplaint(root)
}

function readFeedback(fields: Fields): Report | null {
  const type = firstField(fields, 'feedback-type').toLowerCase()
  if (type === '' || NO_COMPLAINTS.has(type)) return null
  // An unknown type is to be read as `other` (RFC 5965 section 3.5).
  return complaint(COMPLAINTS.has(type) ? type : 'other', [
    ...(fields.get('original-rcpt-to') ?? fields.get('removal-recipient') ?? []),
  ])
}

/** The Junk Mail Reporting Program sends the message as it was, marked with whom it was delivered to. */
function readOutlookComplaint(root: Part): Report | null {
  const from = firstField(root.fields, 'from').toLowerCase()
  if (root.type !== 'multipart/mixed' || fieldAddress(from) !== 'staff@hotmail.com') return null
  const returned = root.parts.find((part) => part.type === 'message/rfc822')
  if (!returned || !firstField(root.fields, 'subject').toLowerCase().startsWith('complaint about message from')) return null
  const { fields } = readHeader(returned.body, 0, returned.body.length)
  return complaint('abuse', [...(fields.get('x-hmxmroriginalrecipient') ?? [])])
}

function complaint(feedbackType: string, values: readonly string[]): Report {
  const addresses = values.slice(0, MAX_REPORT_RECIPIENTS).map(fieldAddress)
  const named = [...new Set(addresses.filter((address) => address !== null))]
  return { kind: 'complaint', feedbackType, recipients: named.length > 0 ? named : [null] }
}
