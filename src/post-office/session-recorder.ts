/** Gathers what was turned away and writes it to the session log now and then: no sender waits for that, and no flood makes it expensive. */

import { parseSubAddress } from '../addresses.ts'
import { removeInvisible } from '../invisible.ts'
import { MAX_SESSION_FIELD_CHARS, MAX_SESSIONS_PENDING, SESSION_FLUSH_DEADLINE_MS, SESSION_WRITE_INTERVAL_MS } from '../limits.ts'
import { describeError, type Log } from '../log.ts'
import type { Refusal, RefusalReason } from '../receiver.ts'
import { isReturnPath } from '../return-path.ts'
import { clientOf, type SessionEntry } from '../session-log.ts'
import type { Store } from '../store.ts'
import type { World } from '../world.ts'

/** What it is made of. */
export type SessionRecorderParts = { store: Pick<Store, 'recordSessions'>; world: World; log: Log }

/** Reasons that somebody who named any address at all can cause. */
const UNPROVEN: ReadonlySet<RefusalReason> = new Set(['unknown', 'too_many_recipients', 'store_error'])

/** One write at a time, SESSION_WRITE_INTERVAL_MS apart: whoever looks a recipient up in between waits for no disk because of us. */
export class SessionRecorder {
  readonly #parts: SessionRecorderParts
  /** By whom it counts against, then by what is counted as the same; both in the order in which they came. */
  readonly #pending = new Map<string, Map<string, SessionEntry>>()
  #size = 0
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
    return this.#size
  }

  /** What cannot be an inbox of ours is not kept, nor what came to a return path, which nobody asks about and which is a secret of its sender. */
  add({ address, reason, remoteAddress, helo, mailFrom, sizeBytes }: Refusal): void {
    const parsed = parseSubAddress(address)
    if (parsed === null || isReturnPath(parsed.address)) return
    const { world } = this.#parts
    this.#keep({
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
    this.#schedule()
  }

  /** Resolves when everything so far is in the store, or could not be written. Never rejects. */
  async flush(): Promise<void> {
    const failed = (await this.#writing) === false
    if (this.#size > 0 && !failed) await this.#write()
  }

  /** The same for who is going to read the log, and is not to wait for a store that others keep locked. */
  async flushSoon(): Promise<void> {
    if (this.#size === 0 && this.#writing === null) return
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

  #keep(entry: SessionEntry): void {
    const holder = UNPROVEN.has(entry.reason) ? entry.client : entry.inboxAddress
    const key = `${entry.reason} ${entry.client} ${entry.inboxAddress}`
    const held = this.#pending.get(holder) ?? new Map<string, SessionEntry>()
    const known = held.get(key)
    // Behind the others again: what came last is forgotten last.
    held.delete(key)
    held.set(key, known === undefined ? entry : merge(known, entry))
    this.#pending.set(holder, held)
    if (known === undefined) this.#size += 1
    if (this.#size > MAX_SESSIONS_PENDING) this.#forgetOne()
  }

  #forgetOne(): void {
    let largest: [holder: string, held: Map<string, SessionEntry>] | null = null
    for (const each of this.#pending) if (largest === null || each[1].size > largest[1].size) largest = each
    const [holder = '', held] = largest ?? []
    const oldest = held?.keys().next()
    if (held === undefined || oldest === undefined || oldest.done) return
    held.delete(oldest.value)
    if (held.size === 0) this.#pending.delete(holder)
    this.#size -= 1
  }

  #schedule(): void {
    if (this.#closed || this.#size === 0 || this.#writing !== null || this.#cancelTimer !== null) return
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
    const entries = [...this.#pending.values()].flatMap((held) => [...held.values()])
    this.#pending.clear()
    this.#size = 0
    try {
      await store.recordSessions(entries, world.now())
      return true
    } catch (error) {
      log.warn('session_log_failed', { count: entries.length, error: describeError(error) })
      for (const entry of entries) this.#keep(entry)
      return false
    }
  }
}

/** `entry` may be older than what it meets: written back after a failure. */
function merge(known: SessionEntry, entry: SessionEntry): SessionEntry {
  const last = entry.lastAt >= known.lastAt ? entry : known
  return {
    ...last,
    count: known.count + entry.count,
    firstAt: Math.min(known.firstAt, entry.firstAt),
  }
}

/** What a stranger said on one line, without what deceives a reader; the length is a bound for the work as well. */
function cleanField(text: string): string {
  const line = removeInvisible(text.slice(0, 4 * MAX_SESSION_FIELD_CHARS)).replaceAll(/[\s\p{Cc}\ufffd]+/gu, ' ')
  return line.slice(0, MAX_SESSION_FIELD_CHARS).toWellFormed().trim()
}
