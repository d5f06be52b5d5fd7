/** Acceptances whose session could still show that it heard our 250, and how each of them ended. */

import { CONFIRM_RETRY_MS } from '../limits.ts'
import { describeError, type Log } from '../log.ts'
import type { OpenTry, Store } from '../store.ts'
import type { World } from '../world.ts'

type Parts = { store: Store; world: World; log: Log }

/**
 * The open acceptances of this process. They are never taken for a first try, so that two sessions may deliver the same bytes at once. The store is told how
 * each ended, for the other processes and for the time after this one.
 */
export class OpenAcceptances {
  readonly #parts: Parts
  readonly #idsByFingerprint = new Map<string, Set<string>>()
  readonly #openById = new Map<string, { tryId: string; fingerprint: string }>()
  #confirmed: string[] = []
  #released: OpenTry[] = []
  #writing: Promise<void> | null = null
  #cancelRetry: (() => void) | null = null

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Those of the same mail. */
  listIds(fingerprint: string): string[] {
    return [...(this.#idsByFingerprint.get(fingerprint) ?? [])]
  }

  /** One is open from now on, for the session of this try. */
  add({ id, tryId }: OpenTry, fingerprint: string): void {
    const ids = this.#idsByFingerprint.get(fingerprint) ?? new Set()
    ids.add(id)
    this.#idsByFingerprint.set(fingerprint, ids)
    this.#openById.set(id, { tryId, fingerprint })
  }

  /** One is open no more, which the store knows already. Answers the try that held it open; nothing when it was not. */
  remove(id: string): OpenTry | undefined {
    const open = this.#openById.get(id)
    if (open === undefined) return undefined
    const { tryId, fingerprint } = open
    this.#openById.delete(id)
    const ids = this.#idsByFingerprint.get(fingerprint)
    ids?.delete(id)
    if (ids?.size === 0) this.#idsByFingerprint.delete(fingerprint)
    return { id, tryId }
  }

  /** Its sender has seen our 250. */
  confirm(id: string): void {
    // Still open until the store knows: the same bytes from another session may come in between.
    this.#confirmed.push(id)
    this.#writeSoon()
  }

  /** Its session ended, and its sender may not have seen our 250: from now on it is a first try here, and soon for the other processes. */
  release(id: string): void {
    const released = this.remove(id)
    if (released === undefined) return
    this.#released.push(released)
    this.#writeSoon()
  }

  /** Writes what there is to write, and then no more. */
  close(): void {
    this.#cancelRetry?.()
  }

  /** Resolves when the store knows how each that has ended so far ended, or has failed to take it. */
  async idle(): Promise<void> {
    await this.#writing
  }

  #writeSoon(): void {
    this.#cancelRetry?.()
    this.#cancelRetry = null
    this.#writing ??= this.#writeAll()
  }

  /** What ends while the one before is written gathers: it costs no transaction of its own under load. */
  async #writeAll(): Promise<void> {
    await Promise.resolve()
    while (this.#confirmed.length + this.#released.length > 0) {
      const [confirmed, released] = [this.#confirmed, this.#released]
      this.#confirmed = []
      this.#released = []
      try {
        await this.#write(confirmed, released)
        for (const id of confirmed) this.remove(id)
      } catch (error) {
        this.#parts.log.warn('confirm_failed', { count: confirmed.length + released.length, error: describeError(error) })
        // What was confirmed stays open, so that nothing is taken for its second try; both are written again in a moment.
        this.#confirmed = [...confirmed, ...this.#confirmed]
        this.#released = [...released, ...this.#released]
        this.#cancelRetry = this.#parts.world.after(CONFIRM_RETRY_MS, () => this.#writeSoon())
        break
      }
    }
    this.#writing = null
  }

  async #write(confirmed: readonly string[], released: readonly OpenTry[]): Promise<void> {
    const { store } = this.#parts
    const steps: Promise<void>[] = []
    if (confirmed.length > 0) steps.push(store.confirmMail(confirmed))
    if (released.length > 0) steps.push(store.releaseMail(released))
    await Promise.all(steps)
  }
}
