/** The outbox: deliveries are claimed by lease, carried, settled, tried again later or given up. What a dead process left is taken over. */

import type { Arrivals } from './arrivals.ts'
import type { Carrier, Outcome } from './carrier.ts'
import { untilTick } from './idle-tick.ts'
import {
  BACKOFF_JITTER,
  CARRY_DEADLINE_MS,
  DELIVERY_BACKOFF_MS,
  DELIVERY_EXPIRY_MS,
  DELIVERY_LEASE_MS,
  DELIVERY_RENEW_INTERVAL_MS,
  MAX_CARRIED_AT_ONCE,
  OUTBOX_POLL_INTERVAL_MS,
} from './limits.ts'
import { describeError, type Log } from './log.ts'
import { makeReturnPath } from './return-path.ts'
import type { ClaimedDelivery, DeliveryNews, Settlement } from './sending-store.ts'
import type { Store } from './store.ts'
import { randomFraction, type World } from './world.ts'

/** What the outbox is made of. */
export type OutboxParts = {
  store: Store
  /** To the outside; null when the owner named no relay: what is for one then waits for a process that has one. */
  relay: Carrier | null
  arrivals: Arrivals
  world: World
  log: Log
  /** This process, among those that share the store. */
  instanceId: string
  /** Called when mail was handed to an inbox here. */
  onHandover: () => void
}

/** Works until nothing is due, then sleeps until something is, or until it is kicked. */
export class Outbox {
  readonly #parts: OutboxParts
  /** By delivery. One that is in hand is never taken up again, even when a machine that slept finds its own lease run out. */
  readonly #carrying = new Map<string, Promise<void>>()
  readonly #closing = new AbortController()
  #working: Promise<void> | null = null
  #kicked = false
  #cancelWake: (() => void) | null = null
  #cancelRenewal: (() => void) | null = null

  constructor(parts: OutboxParts) {
    this.#parts = parts
  }

  /** Something was queued, or may be due: look at once. */
  kick(): void {
    if (this.#closing.signal.aborted) return
    this.#kicked = true
    this.#cancelWake?.()
    this.#cancelWake = null
    this.#working ??= this.#work().finally(() => {
      this.#working = null
      this.#sleep()
    })
  }

  /** Resolves when nothing that is due is left. */
  async idle(): Promise<void> {
    while (this.#working !== null) await this.#working
  }

  /** Takes up nothing more and loses the connections that are open; their deliveries are settled or left to their lease. */
  async close(): Promise<void> {
    this.#closing.abort()
    this.#cancelWake?.()
    this.#cancelRenewal?.()
    await Promise.allSettled(this.#carrying.values())
  }

  #sleep(): void {
    if (this.#closing.signal.aborted || this.#cancelWake !== null) return
    const { world } = this.#parts
    this.#cancelWake = world.after(untilTick(world, OUTBOX_POLL_INTERVAL_MS), () => {
      this.#cancelWake = null
      this.kick()
    })
  }

  async #work(): Promise<void> {
    try {
      while (this.#kicked && !this.#closing.signal.aborted) {
        this.#kicked = false
        await this.#carryWhatIsDue()
      }
    } catch (error) {
      if (!this.#closing.signal.aborted) this.#parts.log.warn('outbox_failed', { error: describeError(error) })
    }
  }

  async #carryWhatIsDue(): Promise<void> {
    const { store, relay, world, instanceId } = this.#parts
    for (;;) {
      // Looked at before claiming: an idle process must not take the store's write lock every few seconds.
      const nextAt = await store.nextDeliveryAt(relay !== null, world.now())
      if (nextAt === null || nextAt > world.now() || this.#closing.signal.aborted) break
      const now = world.now()
      const claimed = await store.claimDeliveries(
        instanceId,
        now,
        now + DELIVERY_LEASE_MS,
        MAX_CARRIED_AT_ONCE - this.#carrying.size,
      )
      if (claimed.length === 0) break
      for (const delivery of claimed) this.#begin(delivery)
      while (this.#carrying.size >= MAX_CARRIED_AT_ONCE) await Promise.race(this.#carrying.values())
    }
    await Promise.all(this.#carrying.values())
  }

  #begin(delivery: ClaimedDelivery): void {
    if (this.#carrying.has(delivery.id)) return
    this.#keepLeases()
    const carrying = this.#carry(delivery)
      .catch((error: unknown) => {
        this.#parts.log.error('delivery_failed', { deliveryId: delivery.id, error: describeError(error) })
      })
      .finally(() => {
        this.#carrying.delete(delivery.id)
      })
    this.#carrying.set(delivery.id, carrying)
  }

  /** A lease outlives its process by DELIVERY_LEASE_MS at most, however long one try may take. */
  #keepLeases(): void {
    if (this.#cancelRenewal !== null || this.#closing.signal.aborted) return
    const { store, world, instanceId, log } = this.#parts
    this.#cancelRenewal = world.after(DELIVERY_RENEW_INTERVAL_MS, () => {
      this.#cancelRenewal = null
      if (this.#carrying.size === 0) return
      store.renewDeliveries(instanceId, [...this.#carrying.keys()], world.now() + DELIVERY_LEASE_MS).catch((error: unknown) => {
        log.warn('renew_failed', { error: describeError(error) })
      })
      this.#keepLeases()
    })
  }

  async #carry(delivery: ClaimedDelivery): Promise<void> {
    const news = await this.#tryOnce(delivery)
    if (news === null) return
    this.#parts.arrivals.ring(news.inboxId, 'change')
    if (news.suspended) this.#parts.log.warn('inbox_suspended', { inboxId: news.inboxId })
  }

  async #tryOnce(delivery: ClaimedDelivery): Promise<DeliveryNews | null> {
    const { store, relay, world, instanceId } = this.#parts
    const ours = { deliveryId: delivery.id, owner: instanceId, now: world.now() }
    if (delivery.carrier === 'dry-run') return store.settleDelivery({ ...ours, ...RECORDED })
    if (delivery.carrier === 'local') {
      // Not a return path: what is handed over is settled, and who receives it must not be able to say that it bounced.
      const news = await store.handOver({ ...ours, spoolId: world.newId(), envelopeFrom: delivery.address })
      this.#parts.onHandover()
      return news
    }
    const envelopeFrom = makeReturnPath(delivery.id, domainOf(delivery.address), await store.getSecret())
    // Only claimed with a relay.
    if (relay === null) return null
    return store.settleDelivery(this.#judge(delivery, await this.#carryOut(relay, delivery, envelopeFrom)))
  }

  async #carryOut(relay: Carrier, delivery: ClaimedDelivery, envelopeFrom: string): Promise<Outcome> {
    const deadline = new AbortController()
    const cancel = this.#parts.world.after(CARRY_DEADLINE_MS, () => deadline.abort())
    const signal = AbortSignal.any([deadline.signal, this.#closing.signal])
    try {
      return await relay.carry({ envelopeFrom, recipient: delivery.recipient, raw: delivery.raw }, signal)
    } finally {
      cancel()
    }
  }

  /** What a try means for the delivery: deferred ones are tried again until their time is up. */
  #judge(delivery: ClaimedDelivery, outcome: Outcome): Settlement {
    const now = this.#parts.world.now()
    const { replyCode, statusCode, reason } = outcome
    const settled = {
      deliveryId: delivery.id,
      owner: this.#parts.instanceId,
      replyCode,
      statusCode,
      reason,
      nextAttemptAt: null,
      now,
    }
    if (outcome.kind !== 'deferred') return { ...settled, state: outcome.kind, suppress: isRecipientGone(outcome) }
    const nextAttemptAt = now + pauseMs(delivery.attempts, randomFraction(this.#parts.world))
    const expired = nextAttemptAt > delivery.queuedAt + DELIVERY_EXPIRY_MS
    if (expired) return { ...settled, state: 'expired', suppress: false }
    return { ...settled, state: 'deferred', nextAttemptAt, suppress: false }
  }
}

/** The pause after so many tries; `fraction` from 0 to 1 decides the jitter. */
export function pauseMs(attempts: number, fraction: number): number {
  const steps = DELIVERY_BACKOFF_MS.length
  const pause = DELIVERY_BACKOFF_MS[Math.min(Math.max(attempts, 1), steps) - 1] ?? 0
  return Math.round(pause * (1 + BACKOFF_JITTER * (2 * fraction - 1)))
}

/** A refusal of the mailbox itself (RFC 3463 sections 3.2 and 3.3), not of this message or of us. */
function isRecipientGone({ kind, statusCode, replyCode }: Outcome): boolean {
  if (kind !== 'refused') return false
  if (statusCode === null) return replyCode === 550 || replyCode === 551 || replyCode === 553
  return ['5.1.1', '5.1.2', '5.1.3', '5.1.6', '5.1.10', '5.2.1'].includes(statusCode)
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1)
}

const RECORDED = {
  state: 'recorded',
  replyCode: null,
  statusCode: null,
  reason: 'dry run: recorded, not sent',
  nextAttemptAt: null,
  suppress: false,
} as const
