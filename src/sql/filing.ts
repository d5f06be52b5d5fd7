/** Filing: spooled mail, once parsed, appears in every recipient inbox and leaves the spool in the same step. */

import { MAX_LABEL_CHARS, MAX_LABELS } from '../limits.ts'
import { type Packed, readText } from '../mail-text.ts'
import type { Recipient } from '../model.ts'
import type { ParsedMail } from '../parser.ts'
import type { Filed, FilingIds } from '../store.ts'
import type { Engine } from './engine.ts'
import { type NewMessage, packAttachments, placeMessage } from './placing.ts'
import { addReaders, dropReader } from './raw.ts'
import { parseRecipients } from './spool.ts'
import { cutAt, makeSnippet } from './text.ts'
import { findThread } from './threads.ts'

/** The last moment that a Date can hold. */
const MAX_TIME_MS = 8_640_000_000_000_000
/** On what came back to a return path of ours, and on nothing else. */
const REPORT_LABEL = 'delivery-report'

type SpooledRow = {
  content_hash: string
  size: number
  mail_from: string
  recipients: string
  is_local: number
  helo: string
  remote_address: string
}
type Ids = FilingIds[number]
/** Recipients whose inboxes are one, where `ids` are those of the first of them. */
type Group = { recipients: readonly [Recipient, ...Recipient[]]; ids: Ids }
/** What the copies of one message have in common. */
type Shared = { parsed: ParsedMail; spooled: SpooledRow; now: number; snippet: string; attachments: string }

/** Store.fileMail. Ids beyond the recipients that are left stay unused. */
export async function fileMail(
  db: Engine,
  spoolId: string,
  packed: Packed<ParsedMail>,
  ids: FilingIds,
  now: number,
): Promise<Filed[]> {
  const spooled = await db.get<SpooledRow>(
    'DELETE FROM spool WHERE id = ? RETURNING content_hash, size, mail_from, recipients, is_local, helo, remote_address',
    spoolId,
  )
  if (!spooled) return []
  const parsed: ParsedMail = {
    ...packed,
    bodyText: readText(packed.bodyText),
    bodyHtml: packed.bodyHtml === null ? null : readText(packed.bodyHtml),
  }
  const attachments = packAttachments(parsed.attachments)
  const shared: Shared = { parsed, spooled, now, snippet: makeSnippet(parsed.bodyText), attachments }
  const filed: Filed[] = []
  for (const group of groupByInbox(parseRecipients(spooled.recipients), ids)) {
    const copy = await fileCopy(db, shared, group)
    if (copy) filed.push(copy)
  }
  // The spool's claim on the raw bytes passes to the messages.
  if (filed.length === 0) await dropReader(db, spooled.content_hash)
  else if (filed.length > 1) await addReaders(db, spooled.content_hash, filed.length - 1)
  return filed
}

/**
 * One copy for each inbox: a mail to a hundred sub-addresses of one would write its body a hundred times in one step. A report is about one delivery and
 * stays by itself.
 */
function groupByInbox(recipients: readonly Recipient[], ids: FilingIds): Group[] {
  const groups = new Map<string, Group>()
  for (const [index, recipient] of recipients.entries()) {
    const own = ids[index]
    if (!own) throw new Error('fileMail needs ids for every recipient')
    const key = JSON.stringify([recipient.inboxId, recipient.deliveryId])
    const group = groups.get(key)
    groups.set(key, group ? { ...group, recipients: [...group.recipients, recipient] } : { recipients: [recipient], ids: own })
  }
  return [...groups.values()]
}

/** Answers nothing when the inbox has been deleted since the mail was accepted. */
async function fileCopy(db: Engine, shared: Shared, group: Group): Promise<Filed | undefined> {
  const { parsed } = shared
  const { ids } = group
  const { inboxId } = group.recipients[0]
  const known = await findThread(db, inboxId, parsed)
  const placed = await placeMessage(db, toNewMessage(shared, group), parsed, { known, newId: ids.threadId })
  return placed && { inboxId, messageId: placed.id, seq: placed.seq }
}

function toNewMessage({ parsed, spooled, now, snippet, attachments }: Shared, { recipients, ids }: Group): NewMessage {
  const [recipient] = recipients
  const isReport = recipient.deliveryId !== undefined
  return {
    inbox_id: recipient.inboxId,
    id: ids.messageId,
    direction: 'inbound',
    delivery: spooled.is_local === 1 ? 'local' : 'email',
    status: 'received',
    from_address: parsed.fromAddress,
    from_name: parsed.fromName,
    to_addresses: JSON.stringify(parsed.toAddresses),
    cc_addresses: JSON.stringify(parsed.ccAddresses),
    reply_to_addresses: JSON.stringify(parsed.replyToAddresses),
    subject: parsed.subject,
    snippet,
    attachments,
    message_id_header: parsed.messageIdHeader,
    // Nobody waits for a report: what it says is in the delivery.
    is_read: isReport ? 1 : 0,
    labels: JSON.stringify(isReport ? [REPORT_LABEL] : labelsOf(recipients)),
    size: spooled.size,
    content_hash: spooled.content_hash,
    created_at: now,
    problem: parsed.problems.length > 0 ? parsed.problems.join(' ') : null,
    body_text: parsed.bodyText,
    body_html: parsed.bodyHtml,
    in_reply_to: parsed.inReplyTo,
    refs: JSON.stringify(parsed.references),
    sent_at: isTime(parsed.sentAt) ? parsed.sentAt : null,
    envelope_from: spooled.mail_from,
    envelope_to: recipient.address,
    automatic: parsed.automatic,
    facts: JSON.stringify(parsed.facts),
    sender_verdict: null,
    remote_address: spooled.is_local === 1 ? null : spooled.remote_address,
    helo: spooled.is_local === 1 ? null : spooled.helo,
  }
}

/** Whether the Date header, written by the sender, names a time that can be shown again (ECMA-262 section 21.4.1.1). */
function isTime(ms: number | null): boolean {
  return ms !== null && Math.abs(ms) <= MAX_TIME_MS
}

/** The tags of the sub-addresses, in the order of the envelope; those beyond MAX_LABELS are left out. */
function labelsOf(recipients: readonly Recipient[]): string[] {
  return [...new Set(recipients.flatMap(labelOf))].slice(0, MAX_LABELS)
}

/** The tag of a sub-address, chosen by the sender: one line of bounded length, or no label at all; never the one that we give ourselves. */
function labelOf({ tag }: Recipient): string[] {
  if (tag === null) return []
  const label = cutAt(tag.replaceAll(/[\p{C}\p{Z}]+/gu, ' ').trim(), MAX_LABEL_CHARS)
  return label === '' || label === REPORT_LABEL ? [] : [label]
}
