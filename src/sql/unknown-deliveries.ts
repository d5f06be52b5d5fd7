/** Deliveries whose connection was lost after the final dot: shown to the owner, who alone says whether to send them again. */

import { settleMessage } from './deliveries.ts'
import type { Engine } from './engine.ts'
import { type DeliveryRow, toIso } from './rows.ts'

/** Store.listUnknownDeliveries: newest first. */
export async function listUnknownDeliveries(
  db: Engine,
  limit: number,
): Promise<{ id: string; address: string; recipient: string; since: string }[]> {
  const rows = await db.all<{ id: string; address: string; recipient: string; updated_at: number }>(
    `SELECT d.id, i.address, d.recipient, d.updated_at FROM delivery d JOIN inbox i ON i.id = d.inbox_id
     WHERE d.state = 'unknown' ORDER BY d.updated_at DESC, d.id DESC LIMIT ?`,
    limit,
  )
  return rows.map(({ id, address, recipient, updated_at }) => ({ id, address, recipient, since: toIso(updated_at) }))
}

/** Store.retryDelivery: it has its whole time again, or one more deferral would end it. */
export async function retryDelivery(db: Engine, deliveryId: string, now: number): Promise<boolean> {
  const delivery = await db.get<Pick<DeliveryRow, 'inbox_id' | 'message_id'>>(
    `UPDATE delivery SET state = 'queued', queued_at = ?, due_at = ?, updated_at = ?
     WHERE id = ? AND state = 'unknown' AND inbox_id IN (SELECT id FROM inbox) RETURNING inbox_id, message_id`,
    now,
    now,
    now,
    deliveryId.toLowerCase(),
  )
  if (!delivery) return false
  await settleMessage(db, delivery.inbox_id, delivery.message_id, { isNews: true })
  return true
}
