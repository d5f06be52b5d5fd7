/** Filing: spooled mail, once parsed, appears in every recipient inbox and leaves the spool in the same step. */

import { MAX_LABEL_CHARS } from '../limits.ts'
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

type SpooledRow = { content_hash: string; size: number; mail_from: string; recipients: string; is_local: number }
type Ids = FilingIds[number]
/** What the copies of one message have in common. */
type Shared = { parsed: ParsedMail; spooled: SpooledRow; now: number; snippet: string; attachments: string }

/** Store.fileMail. Ids beyond the recipients that are left stay unused. */
export async function fileMail(db: Engine, spoolId: string, parsed: ParsedMail, ids: FilingIds, now: number): Promise<Filed[]> {
  const spooled = await db.get<SpooledRow>(
    'DELETE FROM spool WHERE id = ? RETURNING content_hash, size, mail_from, recipients, is_local',
    spoolId,
  )
  if (!spooled) return []
  const attachments = packAttachments(parsed.attachments)
  const shared: Shared = { parsed, spooled, now, snippet: makeSnippet(parsed.bodyText), attachments }
  const filed: Filed[] = []
  for (const [index, recipient] of parseRecipients(spooled.recipients).entries()) {
    const own = ids[index]
    if (!own) throw new Error('fileMail needs ids for every recipient')
    const copy = await fileCopy(db, shared, recipient, own)
    if (copy) filed.push(copy)
  }
  // The spool's claim on the raw bytes passes to the messages.
  if (filed.length === 0) await dropReader(db, spooled.content_hash)
  else if (filed.length > 1) await addReaders(db, spooled.content_hash, filed.length - 1)
  return filed
}

/** Answers nothing when the inbox has been deleted since the mail was accepted. */
async function fileCopy(db: Engine, shared: Shared, recipient: Recipient, ids: Ids): Promise<Filed | undefined> {
  const { parsed } = shared
  const { inboxId } = recipient
  const known = await findThread(db, inboxId, parsed)
  const placed = await placeMessage(db, toNewMessage(shared, recipient, ids.messageId), parsed, { known, newId: ids.threadId })
  return placed && { inboxId, messageId: placed.id, seq: placed.seq }
}

function toNewMessage({ parsed, spooled, now, snippet, attachments }: Shared, recipient: Recipient, id: string): NewMessage {
  const isReport = recipient.deliveryId !== undefined
  return {
    inbox_id: recipient.inboxId,
    id,
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
    labels: JSON.stringify(isReport ? [REPORT_LABEL] : labelsOf(recipient)),
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
  }
}

/** Whether the Date header, written by the sender, names a time that can be shown again (ECMA-262 section 21.4.1.1). */
function isTime(ms: number | null): boolean {
  return ms !== null && Math.abs(ms) <= MAX_TIME_MS
}

/** The tag of a sub-address, chosen by the sender: one line of bounded length, or no label at all; never the one that we give ourselves. */
function labelsOf({ tag }: Recipient): string[] {
  if (tag === null) return []
  const label = cutAt(tag.replaceAll(/[\p{C}\p{Z}]+/gu, ' ').trim(), MAX_LABEL_CHARS)
  return label === '' || label === REPORT_LABEL ? [] : [label]
}
