/** Wakes whoever waits. Holds no mail; a ring is a hint to read the store again, never the truth. */

/** What happened: new mail, or a change to what was there. */
export type Ring = 'arrival' | 'change'

/** Called at every ring; reads the store to learn what there is. */
export type RingListener = (ring: Ring) => void

/** One bell for each key: the id of an inbox, or {@link inboxesOf} an agent. */
export class Arrivals {
  readonly #listeners = new Map<string, Set<RingListener>>()
  /** Of those that want to know of every key. */
  readonly #all = new Set<(key: string, ring: Ring) => void>()
  readonly #tellOthers: (key: string, ring: Ring) => void

  /** `tellOthers` passes a ring on to the other processes on the same store. */
  constructor(tellOthers: (key: string, ring: Ring) => void) {
    this.#tellOthers = tellOthers
  }

  /** Rings after a commit, never before it. */
  ring(key: string, ring: Ring): void {
    this.ringHere(key, ring)
    this.#tellOthers(key, ring)
  }

  /** Passes on a ring of another process. */
  ringHere(key: string, ring: Ring): void {
    for (const listener of [...(this.#listeners.get(key) ?? [])]) listener(ring)
    for (const listener of [...this.#all]) listener(key, ring)
  }

  /** Calls `listener` at every ring until the answer is called. Subscribe first, read the store afterwards. */
  subscribe(key: string, listener: RingListener): () => void {
    const listeners = this.#listeners.get(key) ?? new Set()
    listeners.add(listener)
    this.#listeners.set(key, listeners)
    return () => {
      listeners.delete(listener)
      if (listeners.size === 0) this.#listeners.delete(key)
    }
  }

  /** Calls `listener` at every ring of whatever key, of whatever agent, until the answer is called. */
  subscribeAll(listener: (key: string, ring: Ring) => void): () => void {
    this.#all.add(listener)
    return () => this.#all.delete(listener)
  }
}

/** The key that rings when an agent's inboxes are made or deleted. */
export function inboxesOf(agent: string): string {
  return `inboxes of ${agent}`
}
