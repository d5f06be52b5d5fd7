/** Deliveries: one for each recipient of a message, claimed by one process at a time. */

import { DELIVERY_CLAIM_BYTES, DELIVERY_LEASE_MS } from '../limits.ts'
import type { InboxStatus, MessageStatus, SentMessage } from '../model.ts'
import type { ClaimedDelivery, OutgoingMail } from '../sending-store.ts'
import type { InboxRef } from '../store.ts'
import { STANDS } from './domain-rights.ts'
import type { Engine } from './engine.ts'
import { findInbox } from './inboxes.ts'
import { notFound } from './messages.ts'
import { readRaw } from './raw.ts'
import { type DeliveryRow, type MessageRow, toRecipientDelivery, toSummary } from './rows.ts'

/** A new delivery, due at once. */
export async function insertDelivery(
  db: Engine,
  { inbox_id, id: messageId, created_at }: MessageRow,
  { id, recipient, carrier }: OutgoingMail['deliveries'][number],
): Promise<void> {
  await db.run(
    `INSERT INTO delivery (inbox_id, message_id, id, recipient, carrier, state, attempts, queued_at, due_at, updated_at)
     VALUES (?, ?, ?, ?, ?, 'queued', 0, ?, ?, ?)`,
    inbox_id,
    messageId,
    id,
    recipient,
    carrier,
    created_at,
    created_at,
    created_at,
  )
}

/** Store.getSentMessage. @throws MailError inbox_not_found, message_not_found */
export async function getSentMessage(db: Engine, agent: string, ref: InboxRef, messageId: string): Promise<SentMessage> {
  const inbox = await findInbox(db, agent, ref)
  const sent = await findSent(db, inbox.id, messageId.toLowerCase())
  if (sent) return sent
  throw notFound()
}

/** A message that went out of an inbox that the agent was found to own. */
export async function findSent(db: Engine, inboxId: string, messageId: string): Promise<SentMessage | undefined> {
  const row = await db.get<MessageRow>('SELECT * FROM message WHERE inbox_id = ? AND id = ?', inboxId, messageId)
  return row?.direction === 'outbound' ? await toSent(db, row) : undefined
}

/** A message of ours with its recipients, in the order in which they were named. */
export async function toSent(db: Engine, row: MessageRow): Promise<SentMessage> {
  const deliveries = await listDeliveries(db, row.inbox_id, row.id)
  return { message: toSummary(row), deliveries: deliveries.map(toRecipientDelivery), deliveryCursor: row.delivery_cursor }
}

async function listDeliveries(db: Engine, inboxId: string, messageId: string): Promise<DeliveryRow[]> {
  return await db.all('SELECT * FROM delivery WHERE inbox_id = ? AND message_id = ? ORDER BY id', inboxId, messageId)
}

type DueRow = Pick<DeliveryRow, 'inbox_id' | 'message_id' | 'id' | 'recipient' | 'carrier' | 'attempts' | 'queued_at'> &
  Pick<MessageRow, 'size' | 'content_hash'> & { address: string }

/**
 * Store.claimDeliveries: what a suspended inbox queued waits until it is resumed, as does that of
 * an inbox whose domain is lost. Fewer than `limit` when the messages are large: at most
 * DELIVERY_CLAIM_BYTES, or one.
 */
export async function claimDeliveries(
  db: Engine,
  owner: string,
  now: number,
  leaseUntil: number,
  limit: number,
  withRelay = true,
): Promise<ClaimedDelivery[]> {
  const due = await db.all<DueRow>(
    `SELECT d.inbox_id, d.message_id, d.id, d.recipient, d.carrier, d.attempts, d.queued_at, i.address, m.size, m.content_hash
     FROM delivery d JOIN inbox i ON i.id = d.inbox_id JOIN message m ON m.inbox_id = d.inbox_id AND m.id = d.message_id
     WHERE d.due_at <= ? AND i.status = 'active' AND ${STANDS} AND (d.carrier <> 'relay' OR ? = 1) ORDER BY d.due_at, d.id LIMIT ?`,
    now,
    withRelay ? 1 : 0,
    limit,
  )
  const claimed: ClaimedDelivery[] = []
  let bytes = 0
  for (const row of due) {
    bytes += row.size
    if (claimed.length > 0 && bytes > DELIVERY_CLAIM_BYTES) break
    claimed.push(await claim(db, row, owner, leaseUntil))
  }
  return claimed
}

async function claim(db: Engine, row: DueRow, owner: string, leaseUntil: number): Promise<ClaimedDelivery> {
  await db.run(
    `UPDATE delivery SET attempts = attempts + 1, lease_owner = ?, due_at = ?
     WHERE inbox_id = ? AND message_id = ? AND id = ?`,
    owner,
    leaseUntil,
    row.inbox_id,
    row.message_id,
    row.id,
  )
  // Its first try makes a queued message one that is being sent; that is no news to who waits for what became of it.
  if (row.attempts === 0) await settleMessage(db, row.inbox_id, row.message_id, { isNews: false })
  return {
    id: row.id,
    inboxId: row.inbox_id,
    address: row.address,
    recipient: row.recipient,
    carrier: row.carrier,
    attempts: row.attempts + 1,
    queuedAt: row.queued_at,
    raw: await readRaw(db, row.content_hash),
  }
}

/** Gives a message the status that its deliveries have together. */
export async function settleMessage(
  db: Engine,
  inboxId: string,
  messageId: string,
  { isNews }: { isNews: boolean },
): Promise<void> {
  await db.run(
    'UPDATE message SET status = ?, delivery_cursor = delivery_cursor + ? WHERE inbox_id = ? AND id = ?',
    sumUp(await listDeliveries(db, inboxId, messageId)),
    isNews ? 1 : 0,
    inboxId,
    messageId,
  )
}

/** While one is open the message is on its way; then the worst that became of one of them is what became of it. */
function sumUp(deliveries: readonly Pick<DeliveryRow, 'state' | 'attempts'>[]): MessageStatus {
  const states = new Set(deliveries.map(({ state }) => state))
  const open = deliveries.filter(({ state }) => state === 'queued' || state === 'deferred')
  if (open.some(({ attempts }) => attempts === 0)) return 'queued'
  if (open.length > 0) return 'sending'
  if (states.has('complained')) return 'complained'
  if (states.has('bounced') || states.has('refused')) return 'bounced'
  if (states.has('expired')) return 'failed'
  if (states.has('unknown')) return 'unknown'
  if (states.has('recorded')) return 'recorded'
  return states.size === 1 && states.has('delivered') ? 'delivered' : 'sent'
}

/** Store.renewDeliveries. */
export async function renewDeliveries(db: Engine, owner: string, ids: readonly string[], leaseUntil: number): Promise<void> {
  for (const id of ids) await db.run('UPDATE delivery SET due_at = ? WHERE id = ? AND lease_owner = ?', leaseUntil, id, owner)
}

/** Store.nextDeliveryAt: writes only when there is a lease to cut. */
export async function nextDeliveryAt(db: Engine, withRelay = true, now?: number): Promise<number | null> {
  if (now !== undefined) await cutLeases(db, now)
  const row = await db.get<{ due_at: number }>(
    `SELECT d.due_at FROM delivery d JOIN inbox i ON i.id = d.inbox_id
     WHERE d.due_at IS NOT NULL AND i.status = 'active' AND ${STANDS} AND (d.carrier <> 'relay' OR ? = 1) ORDER BY d.due_at, d.id LIMIT 1`,
    withRelay ? 1 : 0,
  )
  return row?.due_at ?? null
}

/**
 * A lease longer than any taken now was given by a clock that has been set back since, and its owner may be dead. It is not over at once, or what a living
 * owner carries would be sent twice: that one renews it in time. Twice the length, because `now` was read before the call had to wait.
 */
async function cutLeases(db: Engine, now: number): Promise<void> {
  const rows = await db.all<Pick<DeliveryRow, 'inbox_id' | 'message_id' | 'id'>>(
    "SELECT inbox_id, message_id, id FROM delivery WHERE lease_owner > '' AND +due_at > ?",
    now + 2 * DELIVERY_LEASE_MS,
  )
  for (const { inbox_id, message_id, id } of rows) {
    await db.run(
      'UPDATE delivery SET due_at = ? WHERE inbox_id = ? AND message_id = ? AND id = ?',
      now + DELIVERY_LEASE_MS,
      inbox_id,
      message_id,
      id,
    )
  }
}

/** Store.findDelivery: of an inbox that is there, suspended or not. */
export async function findDelivery(
  db: Engine,
  deliveryId: string,
): Promise<{ inboxId: string; address: string; status: InboxStatus; recipient: string } | null> {
  const row = await db.get<{ inbox_id: string; address: string; status: InboxStatus; recipient: string }>(
    'SELECT d.inbox_id, i.address, i.status, d.recipient FROM delivery d JOIN inbox i ON i.id = d.inbox_id WHERE d.id = ?',
    deliveryId,
  )
  return row ? { inboxId: row.inbox_id, address: row.address, status: row.status, recipient: row.recipient } : null
}
