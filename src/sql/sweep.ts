/** Removes what deleted inboxes left, a bounded piece at a time, so that nobody waits behind it. */

import { DELETE_CHUNK_BYTES, DELETE_CHUNK_ROWS } from '../limits.ts'
import type { Engine } from './engine.ts'
import { removeMessage } from './messages.ts'
import type { MessageRow } from './rows.ts'

/** A message goes with its body and, at most, one row of its raw bytes; what the index notes of it is not a row. */
const ROWS_PER_MESSAGE = 3

type Doomed = Pick<MessageRow, 'inbox_id' | 'id' | 'seq' | 'content_hash' | 'size'>
type Deleted = { inbox_id: string; search_number: number }

/** Store.sweepDeleted: one inbox after the other; deliveries first, then messages, then what held them together. */
export async function sweepDeleted(db: Engine): Promise<boolean> {
  const deleted = await db.get<Deleted>('SELECT inbox_id, search_number FROM deleted_inbox ORDER BY inbox_id LIMIT 1')
  if (!deleted) return false
  // Before their messages: each of those may have many.
  const deliveryRows = await sweepDeliveries(db, deleted.inbox_id, DELETE_CHUNK_ROWS)
  const messages = await sweepMessages(db, deleted, DELETE_CHUNK_ROWS - deliveryRows)
  if (!messages.done) return true
  let rowsLeft = DELETE_CHUNK_ROWS - deliveryRows - messages.rows
  rowsLeft -= await sweepRefs(db, deleted.inbox_id, rowsLeft)
  rowsLeft -= await sweepThreads(db, deleted.inbox_id, rowsLeft)
  rowsLeft -= await sweepSuppressions(db, deleted.inbox_id, rowsLeft)
  // A step that had rows to spare has left none behind.
  if (rowsLeft > 0) await db.run('DELETE FROM deleted_inbox WHERE inbox_id = ?', deleted.inbox_id)
  return (await db.get('SELECT inbox_id FROM deleted_inbox LIMIT 1')) !== undefined
}

async function sweepDeliveries(db: Engine, inboxId: string, mostRows: number): Promise<number> {
  return await db.run('DELETE FROM delivery WHERE id IN (SELECT id FROM delivery WHERE inbox_id = ? LIMIT ?)', inboxId, mostRows)
}

async function sweepMessages(
  db: Engine,
  { inbox_id, search_number }: Deleted,
  mostRows: number,
): Promise<{ rows: number; done: boolean }> {
  const mostMessages = Math.floor(mostRows / ROWS_PER_MESSAGE)
  const doomed = await db.all<Doomed>(
    'SELECT inbox_id, id, seq, content_hash, size FROM message WHERE inbox_id = ? ORDER BY seq LIMIT ?',
    inbox_id,
    mostMessages,
  )
  let rows = 0
  let bytes = 0
  for (const [index, message] of doomed.entries()) {
    bytes += message.size
    if (index > 0 && bytes > DELETE_CHUNK_BYTES) return { rows, done: false }
    rows += await removeMessage(db, message, search_number)
  }
  return { rows, done: doomed.length < mostMessages }
}

async function sweepRefs(db: Engine, inboxId: string, mostRows: number): Promise<number> {
  return await db.run(
    `DELETE FROM thread_ref WHERE inbox_id = ? AND message_id_header IN (
       SELECT message_id_header FROM thread_ref WHERE inbox_id = ? LIMIT ?
     )`,
    inboxId,
    inboxId,
    mostRows,
  )
}

async function sweepThreads(db: Engine, inboxId: string, mostRows: number): Promise<number> {
  return await db.run(
    'DELETE FROM thread WHERE inbox_id = ? AND id IN (SELECT id FROM thread WHERE inbox_id = ? LIMIT ?)',
    inboxId,
    inboxId,
    mostRows,
  )
}

async function sweepSuppressions(db: Engine, inboxId: string, mostRows: number): Promise<number> {
  return await db.run(
    'DELETE FROM suppression WHERE inbox_id = ? AND recipient IN (SELECT recipient FROM suppression WHERE inbox_id = ? LIMIT ?)',
    inboxId,
    inboxId,
    mostRows,
  )
}
