/** What was turned away and is not written yet: bounded, and so that no flood pushes out what somebody may ask about. */

import { MAX_SESSIONS_PENDING } from '../limits.ts'
import type { Looks, NearAddresses } from '../near-addresses.ts'
import type { RefusalReason } from '../receiver.ts'
import type { SessionEntry } from '../session-log.ts'

/** Reasons that somebody who named any address at all can cause. */
const UNPROVEN: ReadonlySet<RefusalReason> = new Set(['unknown', 'too_many_recipients', 'store_error'])
/** Of the bound, what addresses that look like inboxes may take from the rest: whoever knows an inbox can make up many that look like it. */
const MAX_ALIKE = MAX_SESSIONS_PENDING / 2
/** Letter by letter, so many addresses are compared between two writes: some ten milliseconds. */
const MAX_LOOKS = 10_000
/** Kept while it is not known yet which of them look like inboxes. */
export const MAX_SESSIONS_UNJUDGED = 2 * MAX_SESSIONS_PENDING

/** Those at addresses that are nobody's and look like no inbox are forgotten first. */
export class PendingSessions {
  readonly #unlike = new Heap()
  readonly #alike = new Heap()
  #inboxes: NearAddresses | null = null
  #looks: Looks = { left: MAX_LOOKS }

  /** How many different ones there are. */
  get size(): number {
    return this.#unlike.size + this.#alike.size
  }

  /** More than are kept for good, and nobody has said yet which addresses there are. */
  get needsInboxes(): boolean {
    return this.#inboxes === null && this.size > MAX_SESSIONS_PENDING
  }

  /** Counted with what is the same. Of too many one is forgotten. */
  keep(entry: SessionEntry): void {
    const near = entry.reason === 'unknown' ? (this.#inboxes?.find(entry.inboxAddress, this.#looks) ?? null) : null
    if (near !== null) this.#alike.keep(`${entry.client} ${near}`, entry)
    else this.#unlike.keep(UNPROVEN.has(entry.reason) ? entry.client : entry.inboxAddress, entry)
    this.#cut(this.#inboxes === null ? MAX_SESSIONS_UNJUDGED : MAX_SESSIONS_PENDING)
  }

  /** Now it is known: what looks like one of them is kept by preference, for as long as nothing is taken. */
  judge(inboxes: NearAddresses): void {
    const entries = this.take()
    this.#inboxes = inboxes
    for (const entry of entries) this.keep(entry)
  }

  /** All of them, in the order in which they came for each whom they count against; none is left. */
  take(): SessionEntry[] {
    this.#inboxes = null
    this.#looks = { left: MAX_LOOKS }
    return [...this.#unlike.take(), ...this.#alike.take()]
  }

  #cut(most: number): void {
    while (this.size > most) (this.#unlike.size === 0 || this.#alike.size > MAX_ALIKE ? this.#alike : this.#unlike).forgetOne()
  }
}

/** Entries by whom they count against, then by what is counted as the same; both in the order in which they came. */
class Heap {
  readonly #held = new Map<string, Map<string, SessionEntry>>()
  size = 0

  keep(holder: string, entry: SessionEntry): void {
    const key = `${entry.reason} ${entry.client} ${entry.inboxAddress}`
    const held = this.#held.get(holder) ?? new Map<string, SessionEntry>()
    const known = held.get(key)
    // Behind the others again: what came last is forgotten last.
    held.delete(key)
    held.set(key, known === undefined ? entry : merge(known, entry))
    this.#held.set(holder, held)
    if (known === undefined) this.size += 1
  }

  /** The oldest of whoever has the most of them. */
  forgetOne(): void {
    let largest: [holder: string, held: Map<string, SessionEntry>] | null = null
    for (const each of this.#held) if (largest === null || each[1].size > largest[1].size) largest = each
    const [holder = '', held] = largest ?? []
    const oldest = held?.keys().next()
    if (held === undefined || oldest === undefined || oldest.done) return
    held.delete(oldest.value)
    if (held.size === 0) this.#held.delete(holder)
    this.size -= 1
  }

  take(): SessionEntry[] {
    const entries = [...this.#held.values()].flatMap((held) => [...held.values()])
    this.#held.clear()
    this.size = 0
    return entries
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
