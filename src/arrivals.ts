/** Wakes whoever waits. Holds no mail; a ring is a hint to read the store again, never the truth. */

/** What happened in an inbox: new mail, or a change to mail that was there. */
export type Ring = 'arrival' | 'change'

/** Called at every ring; reads the store to learn what there is. */
export type RingListener = (ring: Ring) => void

/** In-process bell, one for each inbox. */
export class Arrivals {
  readonly #listeners = new Map<string, Set<RingListener>>()

  /** Rings after a commit, never before it. */
  ring(inboxId: string, ring: Ring): void {
    for (const listener of [...(this.#listeners.get(inboxId) ?? [])]) listener(ring)
  }

  /** Calls `listener` at every ring until the answer is called. Subscribe first, read the store afterwards. */
  subscribe(inboxId: string, listener: RingListener): () => void {
    const listeners = this.#listeners.get(inboxId) ?? new Set()
    listeners.add(listener)
    this.#listeners.set(inboxId, listeners)
    return () => {
      listeners.delete(listener)
      if (listeners.size === 0) this.#listeners.delete(inboxId)
    }
  }
}
