/** Gathers what was turned away and writes it to the session log now and then: no sender waits for that, and no flood makes it expensive. */

import { parseSubAddress } from '../addresses.ts'
import { removeInvisible } from '../invisible.ts'
import {
  MAX_NEAR_INBOXES_SCANNED,
  MAX_SESSION_FIELD_CHARS,
  SESSION_FLUSH_DEADLINE_MS,
  SESSION_WRITE_INTERVAL_MS,
} from '../limits.ts'
import { describeError, type Log } from '../log.ts'
import { NearAddresses } from '../near-addresses.ts'
import type { Refusal } from '../receiver.ts'
import { isReturnPath } from '../return-path.ts'
import { clientOf } from '../session-log.ts'
import type { Store } from '../store.ts'
import type { World } from '../world.ts'
import { PendingSessions } from './pending-sessions.ts'

/** What it is made of. */
export type SessionRecorderParts = { store: Pick<Store, 'recordSessions' | 'listNewestAddresses'>; world: World; log: Log }

/** One write at a time, SESSION_WRITE_INTERVAL_MS apart: whoever looks a recipient up in between waits for no disk because of us. */
export class SessionRecorder {
  readonly #parts: SessionRecorderParts
  readonly #pending = new PendingSessions()
  #isJudging = false
  /** Answers whether it could be written. */
  #writing: Promise<boolean> | null = null
  #writtenAt = Number.NEGATIVE_INFINITY
  #cancelTimer: (() => void) | null = null
  #closed = false

  constructor(parts: SessionRecorderParts) {
    this.#parts = parts
  }

  /** How many different ones wait to be written. */
  get size(): number {
    return this.#pending.size
  }

  /** What cannot be an inbox of ours is not kept, nor what came to a return path, which nobody asks about and which is a secret of its sender. */
  add({ address, reason, remoteAddress, helo, mailFrom, sizeBytes }: Refusal): void {
    const parsed = parseSubAddress(address)
    if (parsed === null || isReturnPath(parsed.address)) return
    const { world } = this.#parts
    this.#pending.keep({
      id: world.newId(),
      address: parsed.address,
      inboxAddress: parsed.inboxAddress,
      reason,
      remoteAddress,
      client: clientOf(remoteAddress),
      helo: cleanField(helo),
      mailFrom: cleanField(mailFrom),
      sizeBytes,
      count: 1,
      firstAt: world.now(),
      lastAt: world.now(),
    })
    void this.#judge()
    this.#schedule()
  }

  /** Resolves when everything so far is in the store, or could not be written. Never rejects. */
  async flush(): Promise<void> {
    const failed = (await this.#writing) === false
    if (this.size > 0 && !failed) await this.#write()
  }

  /** The same for who is going to read the log, and is not to wait for a store that others keep locked. */
  async flushSoon(): Promise<void> {
    if (this.size === 0 && this.#writing === null) return
    const late = Promise.withResolvers<void>()
    const cancel = this.#parts.world.after(SESSION_FLUSH_DEADLINE_MS, late.resolve)
    await Promise.race([this.flush(), late.promise])
    cancel()
  }

  /** No more by itself; `flush` still writes. */
  close(): void {
    this.#closed = true
    this.#cancelTimer?.()
    this.#cancelTimer = null
  }

  /** Asks which addresses there are when more wait than are kept for good: what was meant for one of them is the last to go. */
  async #judge(): Promise<void> {
    if (this.#isJudging || !this.#pending.needsInboxes) return
    this.#isJudging = true
    const { store, log } = this.#parts
    try {
      this.#pending.judge(new NearAddresses(await store.listNewestAddresses(MAX_NEAR_INBOXES_SCANNED)))
    } catch (error) {
      log.warn('session_log_failed', { count: this.#pending.size, error: describeError(error) })
      this.#pending.judge(new NearAddresses([]))
    } finally {
      this.#isJudging = false
    }
  }

  #schedule(): void {
    if (this.#closed || this.size === 0 || this.#writing !== null || this.#cancelTimer !== null) return
    const { world } = this.#parts
    const delayMs = SESSION_WRITE_INTERVAL_MS - (world.elapsedMs() - this.#writtenAt)
    if (delayMs <= 0) void this.#write()
    else
      this.#cancelTimer = world.after(delayMs, () => {
        this.#cancelTimer = null
        void this.#write()
      })
  }

  #write(): Promise<boolean> {
    this.#cancelTimer?.()
    this.#cancelTimer = null
    this.#writing ??= this.#writeAll().finally(() => {
      this.#writing = null
      this.#writtenAt = this.#parts.world.elapsedMs()
      this.#schedule()
    })
    return this.#writing
  }

  async #writeAll(): Promise<boolean> {
    const { store, world, log } = this.#parts
    // What is said in the same turn of the event loop goes together.
    await Promise.resolve()
    const entries = this.#pending.take()
    try {
      await store.recordSessions(entries, world.now())
      return true
    } catch (error) {
      log.warn('session_log_failed', { count: entries.length, error: describeError(error) })
      for (const entry of entries) this.#pending.keep(entry)
      return false
    }
  }
}

/** What a stranger said on one line, without what deceives a reader; the length is a bound for the work as well. */
function cleanField(text: string): string {
  const line = removeInvisible(text.slice(0, 4 * MAX_SESSION_FIELD_CHARS)).replaceAll(/[\s\p{Cc}\ufffd]+/gu, ' ')
  return line.slice(0, MAX_SESSION_FIELD_CHARS).toWellFormed().trim()
}
