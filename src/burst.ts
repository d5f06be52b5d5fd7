/** Whether somebody sends one mail after the other as fast as it goes. */

import { BURST_MAILS, LEAST_BURST_MS, SENDERS_ACTIVE_MS } from './receiving-limits.ts'

/** Told of each mail as it comes, by the clock that nobody sets. */
export class Burst {
  /** Of the last few, the oldest first. */
  readonly #times: number[] = []

  add(elapsedMs: number): void {
    if (this.#times.push(elapsedMs) > BURST_MAILS) this.#times.shift()
  }

  /** BURST_MAILS came within SENDERS_ACTIVE_MS, but not at once: those of many senders need no such care. */
  isUnderWay(elapsedMs: number): boolean {
    const [first] = this.#times
    const last = this.#times.at(-1)
    if (this.#times.length < BURST_MAILS || first === undefined || last === undefined) return false
    return last - first >= LEAST_BURST_MS && elapsedMs - first <= SENDERS_ACTIVE_MS
  }
}
