/** Who may be connected. At the cap the longest idle makes room, so that idle connections never shut a good client out. */

import type { SmtpBounds } from './bounds.ts'

/** A connection as admission sees it. */
export interface Guest {
  readonly remoteAddress: string
  /** `open` between messages; `transaction` from MAIL on, while the client is due; `answering` while we are. */
  readonly phase: 'open' | 'transaction' | 'answering'
  /** When it last got somewhere: a command or, within a message, a byte. Milliseconds. */
  readonly activeAt: number
  /** Ends it at once, with a word to the client. */
  evict(): void
}

/** The connections of one listener. */
export class Admission {
  readonly #bounds: SmtpBounds
  readonly #now: () => number
  readonly #guests = new Set<Guest>()

  constructor(bounds: SmtpBounds, now: () => number) {
    this.#bounds = bounds
    this.#now = now
  }

  /** Lets a connection in, for the longest idle one if need be, or says why not. */
  admit(guest: Guest): 'admitted' | 'full' | 'address_full' {
    if (!isLoopback(guest.remoteAddress) && this.#countFrom(guest.remoteAddress) >= this.#bounds.maxConnectionsPerAddress) {
      return 'address_full'
    }
    if (this.#guests.size >= this.#bounds.maxConnections) {
      const longestIdle = this.#longestIdle()
      if (longestIdle === null) return 'full'
      this.leave(longestIdle)
      longestIdle.evict()
    }
    this.#guests.add(guest)
    return 'admitted'
  }

  /** Its place is free. */
  leave(guest: Guest): void {
    this.#guests.delete(guest)
  }

  #countFrom(remoteAddress: string): number {
    let count = 0
    for (const guest of this.#guests) if (guest.remoteAddress === remoteAddress) count += 1
    return count
  }

  /** Between messages before within one; within one only after a while without a byte. */
  #longestIdle(): Guest | null {
    const staleBefore = this.#now() - this.#bounds.evictAfterMs
    let open: Guest | null = null
    let stale: Guest | null = null
    // In the order in which they came: of two equally idle ones the older goes.
    for (const guest of this.#guests) {
      if (guest.phase === 'open') {
        if (open === null || guest.activeAt < open.activeAt) open = guest
      } else if (guest.phase === 'transaction' && guest.activeAt <= staleBefore) {
        if (stale === null || guest.activeAt < stale.activeAt) stale = guest
      }
    }
    return open ?? stale
  }
}

/** Whether this is an address of this machine itself (RFC 1122 section 3.2.1.3, RFC 4291 section 2.5.3). */
export function isLoopback(address: string): boolean {
  return /^(?:::ffff:)?127\./i.test(address) || address === '::1' || address.toLowerCase() === 'localhost'
}
