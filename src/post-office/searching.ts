/** Lists and searches; and keeps the index of what can be searched going, behind everybody's back. */

import { describeError, type Log } from '../log.ts'
import type { MessageSummary, Page, PageRequest } from '../model.ts'
import { INDEX_DELAY_MS } from '../search/limits.ts'
import { readSearchQuery } from '../search/reader.ts'
import type { InboxRef, Store } from '../store.ts'
import type { World } from '../world.ts'

/** What searching is made of. */
export type SearchingParts = { store: Store; world: World; log: Log }

/** See PostOffice.listMessages. */
export class Searching {
  readonly #parts: SearchingParts
  #indexing: Promise<void> | null = null
  #cancelDelay: (() => void) | null = null
  #closed = false

  constructor(parts: SearchingParts) {
    this.#parts = parts
  }

  async list(
    agent: string,
    ref: InboxRef,
    { query = '', ...rows }: { after: number | null; page: PageRequest; query?: string | undefined },
  ): Promise<Page<MessageSummary> & { cursor: number }> {
    const { store, world } = this.#parts
    if (query.trim() === '') return await store.listMessages(agent, ref, rows)
    const search = readSearchQuery(query, world.now())
    for (;;) {
      const { isComplete, ...found } = await store.searchMessages(agent, ref, search, rows)
      if (isComplete) return found
    }
  }

  /** Indexes what the process before left, and what was there before there was an index. */
  start(): void {
    if (this.#closed) return
    this.#indexing ??= this.#indexAll().finally(() => {
      this.#indexing = null
    })
  }

  /** Mail came: it is indexed a little later. */
  kick(): void {
    if (this.#closed) return
    this.#cancelDelay ??= this.#parts.world.after(INDEX_DELAY_MS, () => {
      this.#cancelDelay = null
      // One that is under way may have passed this mail's inbox already.
      void this.idle().then(() => this.start())
    })
  }

  /** Resolves when nothing is being indexed; what waits for its time is not. */
  async idle(): Promise<void> {
    await this.#indexing
  }

  /** Begins no further step; a search, or the next process, indexes the rest. */
  async close(): Promise<void> {
    this.#closed = true
    this.#cancelDelay?.()
    await this.#indexing
  }

  async #indexAll(): Promise<void> {
    try {
      while (!this.#closed && (await this.#parts.store.indexMessages()));
    } catch (error) {
      // A search indexes what it needs itself, and tells its caller when it cannot.
      this.#parts.log.warn('indexing_failed', { error: describeError(error) })
    }
  }
}
