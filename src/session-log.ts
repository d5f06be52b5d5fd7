/**
 * What the SMTP listener turned away, kept for who asks why there is no mail. Accepted mail is not in it: its message is. Small and bounded, in the
 * store, so that every process that shares it can tell.
 */

import type { RefusalReason } from './receiver.ts'
import type { InboxRef } from './store.ts'

/** One or more deliveries turned away alike, ready to be kept. */
export type SessionEntry = {
  /** UUIDv7, for the row if there is to be a new one. */
  id: string
  /** As the last of them named it, lower case, domain as A-labels, with its tag. */
  address: string
  /** The same without the tag. */
  inboxAddress: string
  reason: RefusalReason
  remoteAddress: string
  /** Whom the remote address belongs to, as far as bounds go: the address, or its /64 (IPv6). */
  client: string
  /** What the last of them called itself, and its return path; cleaned and cut. */
  helo: string
  mailFrom: string
  /** Bytes that had arrived, or were announced, of the message; null where there was none yet. */
  sizeBytes: number | null
  /** How many. */
  count: number
  /** Of the first and the last, milliseconds. */
  firstAt: number
  lastAt: number
}

/** A row of the log as its reader sees it. */
export type Session = Pick<SessionEntry, 'address' | 'reason' | 'remoteAddress' | 'helo' | 'mailFrom' | 'sizeBytes' | 'count'> & {
  /** ISO 8601, of the first and the last. */
  firstAt: string
  at: string
}

/** A message that came in, in short. */
export type Arrival = { id: string; seq: number; read: boolean; size: number; createdAt: string; remoteAddress: string | null }

/** What to look for in the log. */
export type SessionQuery = {
  /** Canonical, without a tag. */
  address: string
  /** Only from then on, milliseconds. */
  since: number
  /** At most so many rows, and so many addresses that look like it. */
  limit: number
  lookalikes: number
}

/** Sessions that an agent may see, newest first. */
export type FoundSessions = {
  /** At the address itself. */
  sessions: Session[]
  /** At addresses that were nobody's and look like it. `address` is without its tag, `count` of all clients together. */
  lookalikes: Session[]
}

/** Part of Store, and held to what its head says. */
export interface SessionLog {
  /**
   * Keeps what was turned away, within the bounds of this file; what is older than SESSION_LOG_KEPT_MS at `now` goes. An entry belongs to the
   * inbox that had its address at `lastAt`, unless its domain is lost; without one it is nobody's, and is kept only if it is `unknown`: of what else there was, no agent
   * could be told. `unknown` of an inbox that is suspended by now is kept as `suspended`: it became so in the middle of the session.
   */
  recordSessions(entries: readonly SessionEntry[], now: number): Promise<void>
  /**
   * What of it the agent may see: what belongs to its own inbox of this address, and what was refused as nobody's, but for what was written to a
   * domain of another agent. What belongs to an inbox of another agent changes nothing in the answer.
   */
  listSessions(agent: string, query: SessionQuery): Promise<FoundSessions>
  /** Addresses of inboxes of every agent, newest first, at most so many: to tell what a mistyped one was meant to be. Shown to nobody. */
  listNewestAddresses(limit: number): Promise<string[]>
  /** The newest inbound messages, newest first; of them those among the newest MAX_ARRIVALS_SCANNED of the inbox. @throws MailError inbox_not_found */
  listArrivals(agent: string, ref: InboxRef, limit: number): Promise<Arrival[]>
}

/** The key under which a client's refusals are counted together: an IPv4 address, mapped or not, or the /64 of IPv6 that one customer has. */
export function clientOf(remoteAddress: string): string {
  const address = remoteAddress.toLowerCase().replace(/%.*$/, '')
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(address)?.[1]
  if (mapped !== undefined) return mapped
  if (!address.includes(':')) return address
  const [head = '', tail] = address.split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length)
  const groups = [...left, ...Array.from({ length: zeros }, () => '0'), ...right]
  return `${groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`
}
