/** Removes what is kept no longer, a bounded piece at a time: by age, and by how much room everything takes. */

import { DELETE_CHUNK_BYTES, DELETE_CHUNK_ROWS } from '../limits.ts'
import type { ExpiryRules } from '../operating-store.ts'
import type { Engine } from './engine.ts'
import { removeFromInbox } from './messages.ts'
import type { InboxRow, MessageRow } from './rows.ts'

/** A message goes with its body and, at most, one row of its raw bytes, as in a sweep. */
const ROWS_PER_MESSAGE = 3
const STEP_MESSAGES = Math.floor(DELETE_CHUNK_ROWS / ROWS_PER_MESSAGE)
/** Later than any message. */
const ALL = Number.MAX_SAFE_INTEGER

type Expired = Pick<MessageRow, 'inbox_id' | 'id' | 'seq' | 'thread_id' | 'content_hash' | 'size'> &
  Pick<InboxRow, 'search_number'>

/** Store.removeExpired: age first, since what goes by age may leave nothing to go by size. */
export async function removeExpired(
  db: Engine,
  { before, mostBytes }: ExpiryRules,
): Promise<{ removed: number; isDone: boolean }> {
  const byAge = before === null ? { removed: 0, isDone: true } : await removeOldest(db, before, async () => true)
  if (mostBytes === null || !byAge.isDone) return byAge
  const isTooMuch = async () => (await db.usedBytes()) > mostBytes
  if (!(await isTooMuch())) return byAge
  const bySize = await removeOldest(db, ALL, isTooMuch)
  return { removed: byAge.removed + bySize.removed, isDone: bySize.isDone || !(await isTooMuch()) }
}

/** The oldest of those filed before, one after the other while it is asked for. */
async function removeOldest(
  db: Engine,
  before: number,
  goesOn: () => Promise<boolean>,
): Promise<{ removed: number; isDone: boolean }> {
  const expired = await listOldest(db, before)
  let removed = 0
  let bytes = 0
  for (const message of expired) {
    bytes += message.size
    if (removed > 0 && (bytes > DELETE_CHUNK_BYTES || !(await goesOn()))) return { removed, isDone: false }
    await removeFromInbox(db, message, message.search_number)
    removed += 1
  }
  return { removed, isDone: expired.length < STEP_MESSAGES }
}

/** Without those that are still on their way, and those of deleted inboxes, which go in their own sweep. */
async function listOldest(db: Engine, before: number): Promise<Expired[]> {
  return await db.all<Expired>(
    `SELECT m.inbox_id, m.id, m.seq, m.thread_id, m.content_hash, m.size, i.search_number
     FROM message m JOIN inbox i ON i.id = m.inbox_id
     WHERE m.created_at < ? AND NOT EXISTS (
       SELECT 1 FROM delivery d WHERE d.inbox_id = m.inbox_id AND d.message_id = m.id AND d.due_at IS NOT NULL
     )
     ORDER BY m.created_at LIMIT ?`,
    before,
    STEP_MESSAGES,
  )
}
