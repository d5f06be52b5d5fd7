/** A world whose clock a test moves: timers fire when time is advanced past them, and never by themselves. */

import { createHash } from 'node:crypto'
import type { World } from '../../src/world.ts'

/** Noon of a UTC day, so that a test may move hours without crossing midnight by accident. */
export const TEST_START_MS = Date.UTC(2026, 10, 24, 12)

export class TestWorld implements World {
  #nowMs: number
  #elapsedMs = 0
  #ids = 0
  #randoms = 0
  #timers = new Map<number, { dueMs: number; callback: () => void }>()
  #timerIds = 0

  constructor(startMs: number = TEST_START_MS) {
    this.#nowMs = startMs
  }

  readonly now = (): number => this.#nowMs

  readonly elapsedMs = (): number => this.#elapsedMs

  readonly after = (delayMs: number, callback: () => void): (() => void) => {
    this.#timerIds += 1
    const id = this.#timerIds
    this.#timers.set(id, { dueMs: this.#nowMs + delayMs, callback })
    return () => this.#timers.delete(id)
  }

  /** UUIDv7 in form and in order. */
  readonly newId = (): string => {
    this.#ids += 1
    const time = this.#nowMs.toString(16).padStart(12, '0')
    return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${this.#ids.toString(16).padStart(12, '0')}`
  }

  /** Different at each call, the same in each run. */
  readonly randomBytes = (sizeBytes: number): Uint8Array => {
    this.#randoms += 1
    const blocks = Array.from({ length: Math.ceil(sizeBytes / 32) }, (_, block) =>
      createHash('sha256').update(`${this.#randoms} ${block}`).digest(),
    )
    return Buffer.concat(blocks).subarray(0, sizeBytes)
  }

  /** How many timers are set. */
  get timers(): number {
    return this.#timers.size
  }

  /** Sets the clock, as people and time servers do: nothing falls due by it, and durations know nothing of it. */
  setClock(nowMs: number): void {
    const stepMs = nowMs - this.#nowMs
    for (const timer of this.#timers.values()) timer.dueMs += stepMs
    this.#nowMs = nowMs
  }

  /** Moves the clock, firing what falls due on the way, in order. */
  advance(byMs: number): void {
    const until = this.#nowMs + byMs
    for (;;) {
      const next = [...this.#timers].filter(([, { dueMs }]) => dueMs <= until).sort((a, b) => a[1].dueMs - b[1].dueMs)[0]
      if (next === undefined) break
      const [id, { dueMs, callback }] = next
      this.#timers.delete(id)
      this.#elapsedMs += Math.max(0, dueMs - this.#nowMs)
      this.#nowMs = Math.max(this.#nowMs, dueMs)
      callback()
    }
    this.#elapsedMs += until - this.#nowMs
    this.#nowMs = until
  }
}
