/**
 * Addresses that were found a moment ago. A sender with much mail names the same ones again and again, and each look into the store would wait for the commit that
 * the store is at. Whoever accepts mail looks into the store all the same, within the commit: what is remembered here decides only how early a 550 is said.
 */

import type { Arrivals } from '../arrivals.ts'
import { KNOWN_RECIPIENT_KEPT_MS, MAX_KNOWN_RECIPIENTS } from '../receiving-limits.ts'
import type { Store } from '../store.ts'
import type { World } from '../world.ts'

type Parts = { store: Pick<Store, 'findRecipient'>; arrivals: Pick<Arrivals, 'subscribeAll'>; world: Pick<World, 'elapsedMs'> }
type Found = Awaited<ReturnType<Store['findRecipient']>>

/** Those of active inboxes. Forgotten after a moment, and at once when anything changes in this process or is heard of from another. */
export class KnownRecipients {
  readonly #parts: Parts
  readonly #known = new Map<string, { found: Found; until: number }>()
  /** Counts changes: what was asked before one is not remembered after it. */
  #changes = 0

  constructor(parts: Parts) {
    this.#parts = parts
    parts.arrivals.subscribeAll((_key, ring) => {
      if (ring === 'change') this.#forget()
    })
  }

  /** As Store.findRecipient. */
  async find(address: string): Promise<Found> {
    const { store, world } = this.#parts
    const known = this.#known.get(address)
    if (known !== undefined && world.elapsedMs() < known.until) return known.found
    const changes = this.#changes
    const found = await store.findRecipient(address)
    if (changes === this.#changes) this.#keep(address, found)
    return found
  }

  #keep(address: string, found: Found): void {
    this.#known.delete(address)
    if (found?.status !== 'active') return
    if (this.#known.size >= MAX_KNOWN_RECIPIENTS) this.#known.clear()
    this.#known.set(address, { found, until: this.#parts.world.elapsedMs() + KNOWN_RECIPIENT_KEPT_MS })
  }

  #forget(): void {
    this.#changes += 1
    this.#known.clear()
  }
}
