/** Messages of one inbox: listed, read, changed, deleted. */

import { MailError } from '../errors.ts'
import { MAX_LABELS } from '../limits.ts'
import { type Packed, packTexts } from '../mail-text.ts'
import type { Message, MessageSummary, Page, PageRequest } from '../model.ts'
import type { SenderVerdict } from '../sender-check.ts'
import type { InboxRef, MessageChange, WantedBodies } from '../store.ts'
import type { Engine } from './engine.ts'
import { findInbox } from './inboxes.ts'
import { dropReader, readRaw } from './raw.ts'
import { type BodyRow, type MessageRow, parseTexts, toListed, toMessage, toSummary } from './rows.ts'
import { removeFromIndex } from './search.ts'
import { leaveThread } from './threads.ts'

/** Greater than every character of an id. */
const LAST = '\u{10ffff}'

/** Store.listMessages: newest first. @throws MailError inbox_not_found */
export async function listMessages(
  db: Engine,
  agent: string,
  ref: InboxRef,
  { after, page }: { after: number | null; page: PageRequest },
): Promise<Page<MessageSummary> & { cursor: number }> {
  const inbox = await findInbox(db, agent, ref)
  const rows = await db.all<MessageRow>(
    'SELECT * FROM message WHERE inbox_id = ? AND seq > ? ORDER BY seq DESC LIMIT ? OFFSET ?',
    inbox.id,
    after ?? 0,
    page.limit,
    page.offset,
  )
  // The kept counter serves the common case; what is newer than a cursor is counted.
  const total = after === null || after <= 0 ? inbox.message_count : await countAfter(db, inbox.id, after)
  return { data: rows.map(toListed), total, cursor: inbox.last_seq }
}

async function countAfter(db: Engine, inboxId: string, after: number): Promise<number> {
  const sql = 'SELECT count(*) AS total FROM message WHERE inbox_id = ? AND seq > ?'
  return (await db.get<{ total: number }>(sql, inboxId, after))?.total ?? 0
}

/** Store.getMessage: writes only when there is something to mark. @throws MailError inbox_not_found, message_not_found */
export async function getMessage(
  db: Engine,
  agent: string,
  ref: InboxRef,
  messageId: string,
  { markRead, bodies = 'both' }: { markRead: boolean; bodies?: WantedBodies },
): Promise<Packed<Message>> {
  const inbox = await findInbox(db, agent, ref)
  const message = await loadMessage(db, inbox.id, messageId.toLowerCase(), bodies)
  if (!markRead || message.read) return message
  await setRead(db, inbox.id, message.id, true)
  return { ...message, read: true }
}

/** A message, with the bodies that are wanted, of an inbox that the agent was found to own. @throws MailError message_not_found */
export async function loadMessage(
  db: Engine,
  inboxId: string,
  messageId: string,
  bodies: WantedBodies,
): Promise<Packed<Message>> {
  const row = await db.get<MessageRow & BodyRow>(
    `SELECT m.*, iif(?, b.body_text, '') AS body_text, iif(? OR b.body_html IS NULL, b.body_html, '') AS body_html, b.in_reply_to, b.refs, b.sent_at, b.envelope_from, b.envelope_to,
       b.automatic, b.facts, b.sender_verdict, b.remote_address, b.helo
     FROM message m JOIN message_body b ON b.inbox_id = m.inbox_id AND b.message_id = m.id
     WHERE m.inbox_id = ? AND m.id = ?`,
    bodies === 'text' || bodies === 'both' ? 1 : 0,
    bodies === 'html' || bodies === 'both' ? 1 : 0,
    inboxId,
    messageId,
  )
  if (!row) throw notFound()
  return packTexts(toMessage(row))
}

/** Marks a message of an inbox that the agent was found to own. */
export async function setRead(db: Engine, inboxId: string, messageId: string, read: boolean): Promise<void> {
  await db.run('UPDATE message SET is_read = ? WHERE inbox_id = ? AND id = ?', read ? 1 : 0, inboxId, messageId)
}

/** Store.saveSenderVerdict. @throws MailError inbox_not_found, message_not_found */
export async function saveSenderVerdict(
  db: Engine,
  agent: string,
  ref: InboxRef,
  messageId: string,
  verdict: SenderVerdict,
): Promise<void> {
  const inbox = await findInbox(db, agent, ref)
  const sql = 'UPDATE message_body SET sender_verdict = ? WHERE inbox_id = ? AND message_id = ?'
  if ((await db.run(sql, JSON.stringify(verdict), inbox.id, messageId.toLowerCase())) === 0) throw notFound()
}

/** Store.getRaw. @throws MailError inbox_not_found, message_not_found */
export async function getRaw(db: Engine, agent: string, ref: InboxRef, messageId: string): Promise<Uint8Array> {
  const inbox = await findInbox(db, agent, ref)
  const row = await findRow(db, inbox.id, messageId)
  return await readRaw(db, row.content_hash)
}

/** Store.updateMessage. @throws MailError inbox_not_found, message_not_found, invalid_argument (too many labels) */
export async function updateMessage(
  db: Engine,
  agent: string,
  ref: InboxRef,
  messageId: string,
  change: MessageChange,
): Promise<MessageSummary> {
  const inbox = await findInbox(db, agent, ref)
  const row = await findRow(db, inbox.id, messageId)
  const labels = changeLabels(parseTexts(row.labels), change)
  const changed: MessageRow = {
    ...row,
    labels: JSON.stringify(labels),
    is_read: change.read === undefined ? row.is_read : Number(change.read),
  }
  if (changed.labels !== row.labels || changed.is_read !== row.is_read) {
    await db.run(
      'UPDATE message SET is_read = ?, labels = ? WHERE inbox_id = ? AND id = ?',
      changed.is_read,
      changed.labels,
      inbox.id,
      row.id,
    )
  }
  return toSummary(changed)
}

/** Removes first and adds then: a label in both lists stays. */
function changeLabels(labels: readonly string[], { addLabels = [], removeLabels = [] }: MessageChange): string[] {
  const changed = [...new Set([...labels.filter((label) => !removeLabels.includes(label)), ...addLabels])]
  if (changed.length > MAX_LABELS && changed.length > labels.length) {
    throw new MailError('invalid_argument', `A message has at most ${MAX_LABELS} labels; this would be ${changed.length}.`)
  }
  return changed
}

/** Store.deleteMessage: counters and thread follow. @throws MailError inbox_not_found, message_not_found */
export async function deleteMessage(db: Engine, agent: string, ref: InboxRef, messageId: string): Promise<void> {
  const inbox = await findInbox(db, agent, ref)
  const row = await findRow(db, inbox.id, messageId)
  await removeFromInbox(db, row, inbox.search_number)
}

/** Removes a message of an inbox that stays: its counters and its thread follow. */
export async function removeFromInbox(
  db: Engine,
  row: Pick<MessageRow, 'inbox_id' | 'id' | 'seq' | 'thread_id' | 'content_hash'>,
  searchNumber: number,
): Promise<void> {
  await removeMessage(db, row, searchNumber)
  const threadGone = await leaveThread(db, row.inbox_id, row.thread_id)
  await db.run(
    'UPDATE inbox SET message_count = message_count - 1, thread_count = thread_count - ? WHERE id = ?',
    threadGone ? 1 : 0,
    row.inbox_id,
  )
}

/** Removes a message's rows, its deliveries, what a search finds of it and, with its last reader, its raw bytes; answers how many rows that were. */
export async function removeMessage(
  db: Engine,
  { inbox_id, id, seq, content_hash }: Pick<MessageRow, 'inbox_id' | 'id' | 'seq' | 'content_hash'>,
  searchNumber: number,
): Promise<number> {
  const deliveries = await db.run('DELETE FROM delivery WHERE inbox_id = ? AND message_id = ?', inbox_id, id)
  const bodies = await db.run('DELETE FROM message_body WHERE inbox_id = ? AND message_id = ?', inbox_id, id)
  const messages = await db.run('DELETE FROM message WHERE inbox_id = ? AND id = ?', inbox_id, id)
  if (searchNumber > 0) await removeFromIndex(db, { searchNumber, seq })
  return deliveries + bodies + messages + (await dropReader(db, content_hash))
}

/** Store.completeMessageIds: newest first. @throws MailError inbox_not_found */
export async function completeMessageIds(
  db: Engine,
  agent: string,
  ref: InboxRef,
  prefix: string,
  limit: number,
): Promise<Page<string>> {
  const inbox = await findInbox(db, agent, ref)
  const from = prefix.toLowerCase()
  const matching = 'FROM message WHERE inbox_id = ? AND id >= ? AND id < ?'
  const count = await db.get<{ total: number }>(`SELECT count(*) AS total ${matching}`, inbox.id, from, from + LAST)
  // Ids are UUIDv7: their order is that of arrival, and an index of its own would only serve completion.
  const rows = await db.all<{ id: string }>(`SELECT id ${matching} ORDER BY id DESC LIMIT ?`, inbox.id, from, from + LAST, limit)
  return { data: rows.map(({ id }) => id), total: count?.total ?? 0 }
}

/** The row of a message of an inbox that the agent was found to own. @throws MailError message_not_found */
export async function findRow(db: Engine, inboxId: string, messageId: string): Promise<MessageRow> {
  const row = await db.get<MessageRow>('SELECT * FROM message WHERE inbox_id = ? AND id = ?', inboxId, messageId.toLowerCase())
  if (!row) throw notFound()
  return row
}

/** The error for a message that is missing, or somebody else's. */
export function notFound(): MailError {
  return new MailError('message_not_found', 'There is no such message in this inbox.')
}
