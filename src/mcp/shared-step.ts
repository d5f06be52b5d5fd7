/** One piece of work that several requests wait for; when the last of them is given up, so is the work. */

/** Work under way. Each request that wants its outcome joins it. */
export class SharedStep {
  readonly isShort: boolean
  readonly #controller = new AbortController()
  readonly #done: Promise<void>
  #askers = 0

  /** `isShort`: whoever joins waits for one look at most. `work` rejects when its signal is aborted. */
  constructor(isShort: boolean, work: (signal: AbortSignal) => Promise<void>) {
    this.isShort = isShort
    this.#done = work(this.#controller.signal)
    // Heard by whoever joined; when all have left, by nobody.
    this.#done.catch(() => {})
  }

  get isAborted(): boolean {
    return this.#controller.signal.aborted
  }

  /** Resolves when the work is done. @throws the signal's reason, or what the work throws */
  async join(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    this.#askers += 1
    const leave = () => {
      this.#askers -= 1
      if (this.#askers === 0) this.abort()
    }
    signal.addEventListener('abort', leave, { once: true })
    try {
      await this.#done
      signal.throwIfAborted()
    } finally {
      signal.removeEventListener('abort', leave)
    }
  }

  abort(): void {
    this.#controller.abort()
  }

  /** Resolves when the work has ended, however it did. */
  async ended(): Promise<void> {
    await this.#done.catch(() => {})
  }
}
