/** Settling: what became of a try, or came back later, is written down with everything that follows from it, in one step. */

import type { DeliveryState, Suppression } from '../model.ts'
import type { DeliveryNews, DeliveryReport, Settlement } from '../sending-store.ts'
import { settleMessage } from './deliveries.ts'
import type { Engine } from './engine.ts'
import type { DeliveryRow } from './rows.ts'
import { suppress } from './suppressions.ts'
import { suspendIfDue } from './suspension.ts'

/** What a delivery becomes. */
export type Change = {
  state: DeliveryState
  replyCode: number | null
  statusCode: string | null
  reason: string | null
  /** When it is tried again; null once it has ended. */
  dueAt: number | null
  /** Whether, and why, its inbox is not to write to the recipient again. */
  suppress: Suppression['reason'] | null
  now: number
}

/** The delivery that `owner` has in hands; undefined when the lease is lost, to another process or with the message. */
export async function findHeld(db: Engine, deliveryId: string, owner: string): Promise<DeliveryRow | undefined> {
  const delivery = await findRow(db, deliveryId)
  return delivery?.lease_owner === owner ? delivery : undefined
}

/** A delivery of an inbox that still is there. */
async function findRow(db: Engine, deliveryId: string): Promise<DeliveryRow | undefined> {
  return await db.get('SELECT d.* FROM delivery d JOIN inbox i ON i.id = d.inbox_id WHERE d.id = ?', deliveryId)
}

/** Store.settleDelivery. */
export async function settleDelivery(db: Engine, settlement: Settlement): Promise<DeliveryNews | null> {
  const { deliveryId, owner, state, replyCode, statusCode, reason, nextAttemptAt, now } = settlement
  const delivery = await findHeld(db, deliveryId, owner)
  if (!delivery) return null
  const dueAt = state === 'deferred' ? (nextAttemptAt ?? now) : null
  const suppressed = settlement.suppress ? 'bounced' : null
  return await changeDelivery(db, delivery, { state, replyCode, statusCode, reason, dueAt, suppress: suppressed, now })
}

/** Store.recordReport. A bounce that is not for good settles nothing; what was given up for good bounces no more, but may still be complained of. */
export async function recordReport(db: Engine, report: DeliveryReport): Promise<DeliveryNews | null> {
  const { deliveryId, kind, hard, statusCode, now } = report
  const delivery = await findRow(db, deliveryId)
  if (!delivery || delivery.state === 'complained') return null
  const isOver = delivery.state === 'bounced' || delivery.state === 'refused'
  if (kind === 'bounced' && (isOver || !hard)) return null
  const reason = kind === 'bounced' ? 'a report came back: it could not be delivered' : 'the recipient called it spam'
  return await changeDelivery(db, delivery, {
    state: kind,
    replyCode: null,
    statusCode,
    reason,
    dueAt: null,
    suppress: kind,
    now,
  })
}

/** Writes a change and what follows: lease, counters, suppression, the message's status, suspension. */
export async function changeDelivery(db: Engine, delivery: DeliveryRow, change: Change): Promise<DeliveryNews> {
  const { inbox_id, message_id } = delivery
  await updateDelivery(db, delivery, change)
  await countReturn(db, inbox_id, change.state)
  if (change.suppress !== null) {
    const { recipient } = delivery
    await suppress(db, {
      inbox_id,
      recipient,
      reason: change.suppress,
      status_code: change.statusCode,
      created_at: change.now,
    })
  }
  await settleMessage(db, inbox_id, message_id, { isNews: true })
  return { inboxId: inbox_id, messageId: message_id, suspended: await suspendIfDue(db, inbox_id, change.now) }
}

async function updateDelivery(db: Engine, { inbox_id, message_id, id }: DeliveryRow, change: Change): Promise<void> {
  await db.run(
    `UPDATE delivery SET state = ?, reply_code = ?, status_code = ?, reason = ?, due_at = ?, lease_owner = NULL,
       bounced_at = coalesce(bounced_at, ?), complained_at = coalesce(complained_at, ?), updated_at = ?
     WHERE inbox_id = ? AND message_id = ? AND id = ?`,
    change.state,
    change.replyCode,
    change.statusCode,
    change.reason,
    change.dueAt,
    isBounce(change.state) ? change.now : null,
    change.state === 'complained' ? change.now : null,
    change.now,
    inbox_id,
    message_id,
    id,
  )
}

/** Once a recipient: nothing that has bounced bounces again, and nothing follows a complaint. */
async function countReturn(db: Engine, inboxId: string, state: DeliveryState): Promise<void> {
  const [bounces, complaints] = [isBounce(state) ? 1 : 0, state === 'complained' ? 1 : 0]
  if (bounces + complaints === 0) return
  await db.run(
    'UPDATE inbox SET bounce_count = bounce_count + ?, complaint_count = complaint_count + ? WHERE id = ?',
    bounces,
    complaints,
    inboxId,
  )
}

/** A refusal is for good (RFC 5321 section 4.2.1), whether it is said at once or comes back later. */
function isBounce(state: DeliveryState): boolean {
  return state === 'refused' || state === 'bounced'
}
