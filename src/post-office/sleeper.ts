/** How a wait sleeps. */

import type { Ring } from '../arrivals.ts'
import type { World } from '../world.ts'

/** Sleeps until a ring, an abort or so many milliseconds; a ring between two sleeps ends the next one at once. */
export class Sleeper {
  readonly #world: World
  readonly #signal: AbortSignal
  #rung = false
  #changed = false
  #wake: (() => void) | null = null
  readonly #onAbort = () => this.#wake?.()

  constructor(world: World, signal: AbortSignal) {
    this.#world = world
    this.#signal = signal
    signal.addEventListener('abort', this.#onAbort)
  }

  ring(ring: Ring): void {
    this.#rung = true
    if (ring === 'change') this.#changed = true
    this.#wake?.()
  }

  /** Whether mail that was there has changed since the last call. */
  takeChanged(): boolean {
    const changed = this.#changed
    this.#changed = false
    return changed
  }

  async sleep(delayMs: number): Promise<void> {
    if (!this.#rung && !this.#signal.aborted) {
      await new Promise<void>((resolve) => {
        const cancel = this.#world.after(delayMs, resolve)
        this.#wake = () => {
          cancel()
          resolve()
        }
      })
      this.#wake = null
    }
    this.#rung = false
  }

  end(): void {
    this.#signal.removeEventListener('abort', this.#onAbort)
  }
}
