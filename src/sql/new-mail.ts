/** How much unread mail came into which inboxes of an agent. */

import { MAX_COUNTED_NEW_MAIL } from '../limits.ts'
import type { NewMail, NewMailQuestion } from '../store.ts'
import type { Engine } from './engine.ts'

type InboxRow = { id: string; address: string; last_seq: number }

/** Store.countNewMail: two small reads an inbox, by their keys. */
export async function countNewMail(
  db: Engine,
  agent: string,
  inboxes: readonly NewMailQuestion[],
  since: number,
): Promise<NewMail[]> {
  const found: NewMail[] = []
  for (const { inboxId, after } of inboxes) {
    const inbox = await db.get<InboxRow>('SELECT id, address, last_seq FROM inbox WHERE agent = ? AND id = ?', agent, inboxId)
    if (!inbox) continue
    const { id, address, last_seq: cursor } = inbox
    const rows = await db.all<{ created_at: number }>(
      `SELECT created_at FROM message WHERE inbox_id = ? AND seq > ? AND is_read = 0 AND direction = 'inbound'
       ORDER BY seq DESC LIMIT ?`,
      id,
      after ?? 0,
      MAX_COUNTED_NEW_MAIL + 1,
    )
    const fresh = after === null ? rows.filter((row) => row.created_at >= since) : rows
    const count = Math.min(fresh.length, MAX_COUNTED_NEW_MAIL)
    found.push({ inboxId: id, address, count, isMore: fresh.length > count, cursor })
  }
  return found
}
