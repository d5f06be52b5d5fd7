/** The memory of another process, as the kernel counts it (proc(5)). */

import { readFileSync, writeFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'

const KB_PER_MB = 1_024
const LOOK_EVERY_MS = 250
/** Resets the peak of resident memory, see proc_pid_clear_refs(5). */
const FORGET_PEAK = '5'

export class Memory {
  readonly #pid: number

  constructor(pid: number) {
    this.#pid = pid
  }

  /** Resident now, in MB. */
  get nowMb(): number {
    return this.#read('VmRSS')
  }

  /** The most since `forgetPeak`. */
  get peakMb(): number {
    return this.#read('VmHWM')
  }

  forgetPeak(): void {
    writeFileSync(`/proc/${this.#pid}/clear_refs`, FORGET_PEAK)
  }

  /** The least within a while in which nothing is asked of the process: what was only waiting to be freed may be freed. */
  async calm(forMs: number): Promise<number> {
    let leastMb = this.nowMb
    for (let waitedMs = 0; waitedMs < forMs; waitedMs += LOOK_EVERY_MS) {
      await pause(LOOK_EVERY_MS)
      leastMb = Math.min(leastMb, this.nowMb)
    }
    return leastMb
  }

  #read(field: string): number {
    const status = readFileSync(`/proc/${this.#pid}/status`, 'utf8')
    return Math.round(Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / KB_PER_MB)
  }
}
