/** What a store needs to stay small, done behind everybody's back, a step at a time: mail that is kept no longer goes, the rest takes less room. */

import { DAY_MS } from '../durations.ts'
import { CLOCK_DOUBT_MS, CLOCK_JUMP_MS, HOUSEKEEPING_INTERVAL_MS, PACK_AFTER_MS } from '../limits.ts'
import { describeError, type Log } from '../log.ts'
import type { ExpiryRules } from '../operating-store.ts'
import type { Store } from '../store.ts'
import { randomFraction, type World } from '../world.ts'

/** What housekeeping is made of. */
export type HousekeepingParts = {
  store: Pick<Store, 'removeExpired' | 'listUnpacked' | 'keepPacked'>
  world: World
  log: Log
  /** Days that mail is kept; 0 for ever. */
  keepDays: number
  /** Megabytes (of 1,048,576 bytes) that the store may use before the oldest mail goes; 0 for any number. */
  keepMb: number
  /** Nothing is removed then. */
  readOnly: boolean
  /** Looks up domains in DNS that were not for a day. */
  recheckDomains: () => Promise<void>
}

const MEGABYTE_BYTES = 1_048_576

/** Every process on a store does it; what one has done the others find done. */
export class Housekeeping {
  readonly #parts: HousekeepingParts
  readonly #clock: ClockWatch
  #working: Promise<void> | null = null
  #cancel: (() => void) | null = null
  #closed = false

  constructor(parts: HousekeepingParts) {
    this.#parts = parts
    this.#clock = new ClockWatch(parts.world)
  }

  /** Begins in a while, and goes on now and then for ever: whoever only probes does nothing of it. */
  start(): void {
    if (this.#closed) return
    const { world } = this.#parts
    // Jitter, so that of several processes not all do the same at once.
    const delayMs = HOUSEKEEPING_INTERVAL_MS * (0.75 + 0.5 * randomFraction(world))
    this.#cancel = world.after(delayMs, () => {
      this.#working = this.#work().finally(() => {
        this.#working = null
        this.start()
      })
    })
  }

  /** Resolves when nothing is being done. */
  async idle(): Promise<void> {
    await this.#working
  }

  /** Begins no further step. */
  async close(): Promise<void> {
    this.#closed = true
    this.#cancel?.()
    await this.#working
  }

  async #work(): Promise<void> {
    const { readOnly, recheckDomains } = this.#parts
    await this.#attempt(async () => {
      await this.#expire()
      await this.#pack()
    })
    if (!readOnly && !this.#closed) await this.#attempt(recheckDomains)
  }

  async #attempt(chore: () => Promise<void>): Promise<void> {
    try {
      await chore()
    } catch (error) {
      if (!this.#closed) this.#parts.log.warn('housekeeping_failed', { error: describeError(error) })
    }
  }

  async #expire(): Promise<void> {
    const { store, log, readOnly } = this.#parts
    const rules = this.#makeRules()
    if (readOnly || (rules.before === null && rules.mostBytes === null)) return
    let total = 0
    for (let isDone = false; !isDone && !this.#closed; ) {
      const step = await store.removeExpired(rules)
      total += step.removed
      isDone = step.isDone
    }
    if (total > 0) log.info('mail_expired', { messages: total })
  }

  #makeRules(): ExpiryRules {
    const { world, keepDays, keepMb } = this.#parts
    const isTrusted = this.#clock.isTrusted()
    return {
      before: keepDays === 0 || !isTrusted ? null : world.now() - keepDays * DAY_MS,
      mostBytes: keepMb === 0 ? null : keepMb * MEGABYTE_BYTES,
    }
  }

  async #pack(): Promise<void> {
    const { store, world } = this.#parts
    while (!this.#closed) {
      const { mail, until } = await store.listUnpacked(world.now() - PACK_AFTER_MS)
      if (until === null) return
      const packed: { contentHash: string; packed: Uint8Array | null }[] = []
      // Loads zlib, which a start is spared.
      const { packBytes } = await import('../raw-packing.ts')
      for (const { contentHash, raw } of mail) packed.push({ contentHash, packed: await packBytes(raw) })
      await store.keepPacked(packed, until)
    }
  }
}

/** A clock that jumped may be wrong, and what is removed by it is gone: it is believed again after it has run evenly for a while. */
class ClockWatch {
  readonly #world: World
  #now: number
  #elapsedMs: number
  #doubtedUntilMs = 0

  constructor(world: World) {
    this.#world = world
    this.#now = world.now()
    this.#elapsedMs = world.elapsedMs()
  }

  /** Looks whether it jumped since it was asked last. */
  isTrusted(): boolean {
    const { now, elapsedMs } = { now: this.#world.now(), elapsedMs: this.#world.elapsedMs() }
    const jumpMs = now - this.#now - (elapsedMs - this.#elapsedMs)
    this.#now = now
    this.#elapsedMs = elapsedMs
    if (Math.abs(jumpMs) > CLOCK_JUMP_MS) this.#doubtedUntilMs = elapsedMs + CLOCK_DOUBT_MS
    return elapsedMs >= this.#doubtedUntilMs
  }
}
