/** Wakes whoever waits. Holds no mail; a ring is a hint to read the store again, never the truth. */

/** Something changed in an inbox; the listener reads the store to learn what. */
type Listener = () => void

/** In-process bell, one for each inbox. */
export class Arrivals {
  readonly #listeners = new Map<string, Set<Listener>>()

  /** Rings after a commit, never before it. */
  ring(inboxId: string): void {
    for (const listener of [...(this.#listeners.get(inboxId) ?? [])]) listener()
  }

  /** Calls `listener` at every ring until the answer is called. Subscribe first, read the store afterwards. */
  subscribe(inboxId: string, listener: Listener): () => void {
    const listeners = this.#listeners.get(inboxId) ?? new Set()
    listeners.add(listener)
    this.#listeners.set(inboxId, listeners)
    return () => {
      listeners.delete(listener)
      if (listeners.size === 0) this.#listeners.delete(inboxId)
    }
  }
}
