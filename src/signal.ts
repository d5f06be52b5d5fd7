/**
 * Wakes the other processes on the same store after a commit: a line appended to a small file that they watch. A hint like every ring: a lost line costs a wait
 * its next slow poll, no mail. (Watching the store's own log would wake them before the commit can be seen.)
 */

import { constants, type FSWatcher, fstatSync, readSync, watch } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import type { Ring } from './arrivals.ts'
import { describeError, type Log } from './log.ts'

/** The signal file begins again from empty beyond this. */
export const MAX_SIGNAL_BYTES = 65_536

/** Called for a ring of another process. `key` as in Arrivals. */
export type SignalListener = (key: string, ring: Ring) => void

/** One process's end of the signal file. */
export class Signal {
  readonly #file: string
  /** Of this process: its own lines are passed over. */
  readonly #instanceId: string
  readonly #log: Log
  #handle: FileHandle | null = null
  #watcher: FSWatcher | null = null
  #readTo = 0
  #unsent = ''
  #working: Promise<void> = Promise.resolve()
  #isQueued = false
  #isClosed = false

  constructor(file: string, instanceId: string, log: Log) {
    this.#file = file
    this.#instanceId = instanceId
    this.#log = log
  }

  /** Begins to watch; what was appended before is old. Without a file to watch, every process still has its slow poll. */
  async start(listener: SignalListener): Promise<void> {
    await this.#guard(async () => {
      if (this.#isClosed) return
      this.#handle = await open(this.#file, constants.O_RDWR | constants.O_CREAT | constants.O_APPEND, 0o600)
      this.#readTo = (await this.#handle.stat()).size
      this.#watcher = watch(this.#file, { persistent: false }, (event) => this.#hear(event, listener))
      this.#watcher.on('error', (error) => this.#lose(error))
    })
  }

  /** Tells the others. Lines of one turn, and of the time that a write takes, go together. */
  send(key: string, ring: Ring): void {
    this.#unsent += `${JSON.stringify([this.#instanceId, key, ring])}\n`
    if (this.#isQueued) return
    this.#isQueued = true
    this.#enqueue(() => this.#write())
  }

  /** Whether the others can be heard; without that only the store itself tells of their mail. */
  get isWatching(): boolean {
    return this.#watcher !== null
  }

  async close(): Promise<void> {
    this.#watcher?.close()
    this.#watcher = null
    await this.#working
    this.#isClosed = true
    await this.#handle?.close()
    this.#handle = null
  }

  #enqueue(step: () => Promise<void>): void {
    this.#working = this.#working.then(() => this.#guard(step))
  }

  /** A signal that fails must not fail what it was to tell of. */
  async #guard(step: () => Promise<void>): Promise<void> {
    try {
      await step()
    } catch (error) {
      this.#log.debug('signal_failed', { error: describeError(error) })
    }
  }

  async #write(): Promise<void> {
    this.#isQueued = false
    const lines = this.#unsent
    this.#unsent = ''
    if (this.#handle === null) return
    // Short again before it grows: whoever has not read yet sees that it shrank, and reads everything there is.
    if (fstatSync(this.#handle.fd).size > MAX_SIGNAL_BYTES) await this.#handle.truncate(0)
    await this.#handle.write(lines)
  }

  /** A file that was moved or removed is not the one that others will write to. */
  #hear(event: string, listener: SignalListener): void {
    if (event === 'rename') this.#lose(new Error('it was moved or removed'))
    try {
      this.#read(listener)
    } catch (error) {
      this.#log.debug('signal_failed', { error: describeError(error) })
    }
  }

  #lose(error: Error): void {
    this.#watcher?.close()
    this.#watcher = null
    this.#log.debug('signal_lost', { error: describeError(error) })
  }

  /** At once: what was just written lies in memory, and each way round through another thread costs a wait half a millisecond. */
  #read(listener: SignalListener): void {
    if (this.#handle === null) return
    const { fd } = this.#handle
    const { size } = fstatSync(fd)
    if (size < this.#readTo) this.#readTo = 0
    if (size === this.#readTo) return
    const buffer = Buffer.alloc(size - this.#readTo)
    const bytesRead = readSync(fd, buffer, 0, buffer.length, this.#readTo)
    const text = buffer.toString('utf8', 0, bytesRead)
    const whole = text.slice(0, text.lastIndexOf('\n') + 1)
    this.#readTo += Buffer.byteLength(whole)
    const seen = new Set(whole.split('\n').filter((line) => line !== ''))
    for (const line of seen) this.#tell(line, listener)
  }

  #tell(line: string, listener: SignalListener): void {
    const [instanceId, key, ring] = parseLine(line)
    if (instanceId === this.#instanceId || typeof key !== 'string') return
    if (ring === 'arrival' || ring === 'change') listener(key, ring)
  }
}

/** A line that is none of ours says nothing: two that shortened the file at once may have left one. */
function parseLine(line: string): unknown[] {
  try {
    const parsed: unknown = JSON.parse(line)
    return Array.isArray(parsed) ? parsed : []
  } catch {
    return []
  }
}
