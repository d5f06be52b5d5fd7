/** Placing: a message, whichever way it went, gets its thread, the next `seq` of its inbox, and its rows. */

import type { Attachment } from '../model.ts'
import type { Engine } from './engine.ts'
import type { BodyRow, MessageRow } from './rows.ts'
import { beginThread, growThread, linkThread, type ThreadLinks } from './threads.ts'

/** A message that has no place yet. */
export type NewMessage = Omit<MessageRow, 'seq' | 'thread_id' | 'delivery_cursor'> & BodyRow

/** Where it belongs: in a thread that is there, or in a new one with this id. */
export type ThreadChoice = { known: string | undefined; newId: string }

/** Answers nothing, and writes nothing, when the inbox is gone. */
export async function placeMessage(
  db: Engine,
  message: NewMessage,
  links: ThreadLinks,
  { known, newId }: ThreadChoice,
): Promise<MessageRow | undefined> {
  const { inbox_id, subject, created_at } = message
  const inbox = await db.get<{ last_seq: number }>(
    `UPDATE inbox SET last_seq = last_seq + 1, message_count = message_count + 1, thread_count = thread_count + ?
     WHERE id = ? RETURNING last_seq`,
    known === undefined ? 1 : 0,
    inbox_id,
  )
  if (!inbox) return undefined
  const threadId = known ?? newId
  if (known === undefined) await beginThread(db, inbox_id, threadId, subject, created_at)
  else await growThread(db, inbox_id, threadId, created_at)
  await linkThread(db, inbox_id, threadId, links)
  const row = { ...message, seq: inbox.last_seq, thread_id: threadId, delivery_cursor: 0 }
  await insertMessage(db, row)
  await insertBody(db, row)
  return row
}

async function insertMessage(db: Engine, row: MessageRow): Promise<void> {
  await db.run(
    `INSERT INTO message (inbox_id, id, seq, thread_id, direction, delivery, status, from_address, from_name, to_addresses,
       cc_addresses, reply_to_addresses, subject, snippet, attachments, message_id_header, is_read, labels, size, content_hash,
       created_at, problem, delivery_cursor)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    row.inbox_id,
    row.id,
    row.seq,
    row.thread_id,
    row.direction,
    row.delivery,
    row.status,
    row.from_address,
    row.from_name,
    row.to_addresses,
    row.cc_addresses,
    row.reply_to_addresses,
    row.subject,
    row.snippet,
    row.attachments,
    row.message_id_header,
    row.is_read,
    row.labels,
    row.size,
    row.content_hash,
    row.created_at,
    row.problem,
    row.delivery_cursor,
  )
}

async function insertBody(db: Engine, row: Pick<MessageRow, 'inbox_id' | 'id'> & BodyRow): Promise<void> {
  await db.run(
    `INSERT INTO message_body (inbox_id, message_id, body_text, body_html, in_reply_to, refs, sent_at, envelope_from, envelope_to,
       automatic, facts, sender_verdict, remote_address, helo)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    row.inbox_id,
    row.id,
    row.body_text,
    row.body_html,
    row.in_reply_to,
    row.refs,
    row.sent_at,
    row.envelope_from,
    row.envelope_to,
    row.automatic,
    row.facts,
    row.sender_verdict,
    row.remote_address,
    row.helo,
  )
}

/** Attachments as a column keeps them: their position, counted from 1, is their id. */
export function packAttachments(parts: readonly Omit<Attachment, 'id'>[]): string {
  const attachments = parts.map(
    ({ filename, contentType, size }, index): Attachment => ({ id: String(index + 1), filename, contentType, size }),
  )
  return JSON.stringify(attachments)
}
