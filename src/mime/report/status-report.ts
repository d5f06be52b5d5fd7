/** Whether a message is a delivery-status report, by structure and sender, and what it says then. */

import type { ReportedRecipient } from '../../report.ts'
import { decodePart, readText } from './decode.ts'
import { readGroups, readStatusRecipients } from './delivery-status.ts'
import { firstField } from './fields.ts'
import { type Part, readParts, walkLeaves } from './parts.ts'
import { findPhrase, findReply, findStatus } from './replies.ts'
import { opensAsReport, readSection, type Section, tellsDelay } from './section.ts'
import { classSender, hasNullSender, isPassedOn, type Sender } from './sender.ts'
import { readTextRecipients } from './text-bounce.ts'

const STATUS_TYPES: ReadonlySet<string> = new Set(['message/delivery-status', 'message/global-delivery-status'])
const RETURNED_TYPES: ReadonlySet<string> = new Set([
  'message/rfc822',
  'message/global',
  'message/global-headers',
  'text/rfc822-headers',
])

/** A message opened as far as the decision needs. */
type Candidate = {
  readonly root: Part
  readonly leaves: readonly Part[]
  readonly section: Section
  /** `multipart/report` of this kind (RFC 6522). */
  readonly isReport: boolean
  readonly sender: Sender
}

/** The recipients of a report; null when the message is none. */
export function readStatusReport(root: Part): readonly ReportedRecipient[] | null {
  return readCandidate(root, true)
}

function readCandidate(root: Part, mayWrap: boolean): readonly ReportedRecipient[] | null {
  const isReport = isStatusReport(root)
  const sender = isPassedOn(root.fields) ? 'person' : classSender(root.fields)
  if (!isReport && sender === 'person') return null
  const candidate = { root, leaves: [...walkLeaves(root)], section: readSection(readText(root)), isReport, sender }
  const statusParts = candidate.leaves.filter((leaf) => STATUS_TYPES.has(leaf.type))
  const groups = readGroups(statusParts.flatMap(readLines), false)
  if (groups.length > 0) return readStatusRecipients(groups, candidate.section)
  const inline = readGroups(candidate.section.lines, true)
  if (statusParts.length === 0 && !speaksOfDelivery(candidate, inline.length > 0)) return null
  if (inline.length > 0) return readStatusRecipients(inline, candidate.section)
  const isDelay = tellsDelay(candidate.section, firstField(root.fields, 'subject'))
  return (mayWrap ? readWrapped(candidate) : null) ?? readTextRecipients(candidate.section, root.fields, isDelay)
}

/** Some old servers leave the type of the report out. */
function isStatusReport({ type, params }: Part): boolean {
  return type === 'multipart/report' && (params.get('report-type') ?? 'delivery-status').toLowerCase() === 'delivery-status'
}

/** A gateway may wrap the report of another server without naming anybody itself. One wrap, no more. */
function readWrapped({ leaves, section, sender }: Candidate): readonly ReportedRecipient[] | null {
  const wrapped = leaves.find((leaf) => leaf.type === 'message/rfc822')
  if (sender !== 'daemon' || section.accounts.size > 0 || !wrapped) return null
  const root = readParts(Buffer.from(wrapped.body, 'latin1'))
  return isStatusReport(root) ? readCandidate(root, false) : null
}

/** A daemon's word is enough when it opens as reports do. An office must name the recipient and bring what no person writes. */
function speaksOfDelivery(candidate: Candidate, hasFields: boolean): boolean {
  const { root, section, sender, isReport } = candidate
  if (isReport || sender === 'daemon') return hasFields || root.fields.has('x-failed-recipients') || opensAsReport(section)
  return opensAsReport(section) && (hasFields || (section.accounts.size > 0 && hasMachineTraits(candidate)))
}

function hasMachineTraits({ root, leaves, section }: Candidate): boolean {
  if (hasNullSender(root.fields) || section.hasReturnedMessage || leaves.some((leaf) => RETURNED_TYPES.has(leaf.type)))
    return true
  return findStatus(section.words) !== null || (findReply(section.words) !== null && findPhrase(section.words) !== null)
}

function readLines(part: Part): string[] {
  return [
    ...decodePart(part)
      .split('\n')
      .map((line) => line.trimEnd()),
    '',
  ]
}
