/** Filing: spooled mail, once parsed, appears in every recipient inbox and leaves the spool in the same step. */

import { MAX_LABEL_CHARS, SNIPPET_CHARS } from '../limits.ts'
import type { Attachment, Recipient } from '../model.ts'
import type { ParsedMail } from '../parser.ts'
import type { Filed, FilingIds } from '../store.ts'
import type { Engine } from './engine.ts'
import { addReaders, dropReader } from './raw.ts'
import { parseRecipients } from './spool.ts'
import { beginThread, findThread, growThread, linkThread } from './threads.ts'

/** The last moment that a Date can hold. */
const MAX_TIME_MS = 8_640_000_000_000_000

type SpooledRow = { content_hash: string; size: number; mail_from: string; recipients: string }
type Ids = FilingIds[number]
/** What the copies of one message have in common. */
type Shared = { parsed: ParsedMail; spooled: SpooledRow; now: number; snippet: string; attachments: string }

/** Store.fileMail. Ids beyond the recipients that are left stay unused. */
export async function fileMail(db: Engine, spoolId: string, parsed: ParsedMail, ids: FilingIds, now: number): Promise<Filed[]> {
  const spooled = await db.get<SpooledRow>(
    'DELETE FROM spool WHERE id = ? RETURNING content_hash, size, mail_from, recipients',
    spoolId,
  )
  if (!spooled) return []
  const attachments = JSON.stringify(parsed.attachments.map(toAttachment))
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
  const { parsed, now } = shared
  const { inboxId } = recipient
  const known = await findThread(db, inboxId, parsed)
  const inbox = await db.get<{ last_seq: number }>(
    `UPDATE inbox SET last_seq = last_seq + 1, message_count = message_count + 1, thread_count = thread_count + ?
     WHERE id = ? RETURNING last_seq`,
    known === undefined ? 1 : 0,
    inboxId,
  )
  if (!inbox) return undefined
  const threadId = known ?? ids.threadId
  if (known === undefined) await beginThread(db, inboxId, threadId, parsed.subject, now)
  else await growThread(db, inboxId, threadId, now)
  await linkThread(db, inboxId, threadId, parsed)
  await insertMessage(db, shared, recipient, { id: ids.messageId, threadId, seq: inbox.last_seq })
  await insertBody(db, shared, recipient, ids.messageId)
  return { inboxId, messageId: ids.messageId, seq: inbox.last_seq }
}

async function insertMessage(
  db: Engine,
  { parsed, spooled, now, snippet, attachments }: Shared,
  recipient: Recipient,
  { id, threadId, seq }: { id: string; threadId: string; seq: number },
): Promise<void> {
  await db.run(
    `INSERT INTO message (inbox_id, id, seq, thread_id, direction, delivery, status, from_address, from_name, to_addresses,
       cc_addresses, reply_to_addresses, subject, snippet, attachments, message_id_header, is_read, labels, size, content_hash,
       created_at, problem)
     VALUES (?, ?, ?, ?, 'inbound', 'email', 'received', ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?)`,
    recipient.inboxId,
    id,
    seq,
    threadId,
    parsed.fromAddress,
    parsed.fromName,
    JSON.stringify(parsed.toAddresses),
    JSON.stringify(parsed.ccAddresses),
    JSON.stringify(parsed.replyToAddresses),
    parsed.subject,
    snippet,
    attachments,
    parsed.messageIdHeader,
    JSON.stringify(labelsOf(recipient)),
    spooled.size,
    spooled.content_hash,
    now,
    parsed.problems.length > 0 ? parsed.problems.join(' ') : null,
  )
}

async function insertBody(db: Engine, { parsed, spooled }: Shared, { inboxId, address }: Recipient, id: string): Promise<void> {
  await db.run(
    `INSERT INTO message_body (inbox_id, message_id, body_text, body_html, in_reply_to, refs, sent_at, envelope_from, envelope_to)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    inboxId,
    id,
    parsed.bodyText,
    parsed.bodyHtml,
    parsed.inReplyTo,
    JSON.stringify(parsed.references),
    isTime(parsed.sentAt) ? parsed.sentAt : null,
    spooled.mail_from,
    address,
  )
}

function toAttachment(part: ParsedMail['attachments'][number], index: number): Attachment {
  return { id: String(index + 1), filename: part.filename, contentType: part.contentType, size: part.size }
}

/** Whether the Date header, written by the sender, names a time that can be shown again (ECMA-262 section 21.4.1.1). */
function isTime(ms: number | null): boolean {
  return ms !== null && Math.abs(ms) <= MAX_TIME_MS
}

/** The tag of a sub-address, chosen by the sender: one line of bounded length, or no label at all. */
function labelsOf({ tag }: Recipient): string[] {
  if (tag === null) return []
  const label = cutAt(tag.replaceAll(/[\p{C}\p{Z}]+/gu, ' ').trim(), MAX_LABEL_CHARS)
  return label === '' ? [] : [label]
}

/** The first words, white space folded; looks at no more of a long text than it needs. */
function makeSnippet(text: string): string {
  let snippet = ''
  for (const [word] of text.matchAll(/\S+/g)) {
    snippet += snippet === '' ? word : ` ${word}`
    if (snippet.length >= SNIPPET_CHARS) break
  }
  return cutAt(snippet, SNIPPET_CHARS)
}

/** At most so many UTF-16 units, without half a character at the end. */
function cutAt(text: string, maxChars: number): string {
  return text.length <= maxChars
    ? text
    : text
        .slice(0, maxChars)
        .replace(/[\ud800-\udbff]$/, '')
        .trimEnd()
}
