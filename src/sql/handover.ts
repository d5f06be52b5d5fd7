/** Handing over: mail to an inbox of this server goes into the spool, without SMTP, and is settled in the same step. */

import { parseSubAddress } from '../addresses.ts'
import type { Recipient } from '../model.ts'
import type { DeliveryNews, Handover } from '../sending-store.ts'
import type { Engine } from './engine.ts'
import { findRecipient } from './inboxes.ts'
import { findRow } from './messages.ts'
import { addReaders } from './raw.ts'
import type { DeliveryRow } from './rows.ts'
import { type Change, changeDelivery, findHeld } from './settling.ts'
import { spoolMail } from './spool.ts'

type Answer = Pick<Change, 'state' | 'replyCode' | 'statusCode' | 'reason'>

/** As the listener answers RCPT (RFC 3463 sections 3.2 and 3.3). */
const GONE: Answer = { state: 'refused', replyCode: 550, statusCode: '5.1.1', reason: 'there is no such inbox here any more' }
const SUSPENDED: Answer = { state: 'refused', replyCode: 550, statusCode: '5.2.1', reason: 'the inbox is suspended' }
const DELIVERED: Answer = { state: 'delivered', replyCode: null, statusCode: null, reason: 'handed to an inbox of this server' }

/**
 * Store.handOver. A recipient that is gone is not suppressed: inboxes here come and go, and an address may be made again at any time.
 */
export async function handOver(db: Engine, handover: Handover): Promise<DeliveryNews | null> {
  const delivery = await findHeld(db, handover.deliveryId, handover.owner)
  if (!delivery) return null
  const answer = await deliver(db, delivery, handover)
  return await changeDelivery(db, delivery, { ...answer, dueAt: null, suppress: null, now: handover.now })
}

async function deliver(db: Engine, delivery: DeliveryRow, { spoolId, envelopeFrom, now }: Handover): Promise<Answer> {
  const parsed = parseSubAddress(delivery.recipient)
  const found = parsed && (await findRecipient(db, parsed.inboxAddress))
  if (!parsed || !found) return GONE
  if (found.status !== 'active') return SUSPENDED
  const recipient: Recipient = { inboxId: found.inboxId, address: parsed.address, tag: parsed.tag }
  const message = await findRow(db, delivery.inbox_id, delivery.message_id)
  await addReaders(db, message.content_hash, 1)
  await spoolMail(db, {
    id: spoolId,
    envelope: { from: envelopeFrom, recipients: [recipient], helo: '', remoteAddress: '', receivedAt: now, local: true },
    contentHash: message.content_hash,
    sizeBytes: message.size,
    leaseOwner: '',
    leaseUntil: 0,
  })
  return DELIVERED
}
