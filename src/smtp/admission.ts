/** Who may be connected. At the cap whoever got somewhere last the longest ago makes room: idle or trickling, none shuts a good client out. */

import type { SmtpBounds } from './bounds.ts'

/** A connection as admission sees it. */
export interface Guest {
  readonly remoteAddress: string
  /** `open` between messages; `envelope` from MAIL on and `data` from DATA on, while the client is due; `answering` while we are. */
  readonly phase: 'open' | 'envelope' | 'data' | 'answering'
  /** When it last got somewhere: a whole command or, within a message, some kilobytes; never a mere byte. Milliseconds. */
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

  /** Lets a connection in, for one that gets nowhere if need be, or says why not. */
  admit(guest: Guest): 'admitted' | 'full' | 'address_full' {
    if (!isLoopback(guest.remoteAddress) && this.#countFrom(guest.remoteAddress) >= this.#bounds.maxConnectionsPerAddress) {
      return 'address_full'
    }
    if (this.#guests.size >= this.#bounds.maxConnections) {
      const slowest = this.#findSlowest()
      if (slowest === null) return 'full'
      this.leave(slowest)
      slowest.evict()
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

  /**
   * Between messages before within one, and there a stalled one first. Then the envelope that waits longest: an honest client needs a
   * moment for it, whoever is oldest among so many is not one. A message that comes in is given up only when it is stalled.
   */
  #findSlowest(): Guest | null {
    const stalledBefore = this.#now() - this.#bounds.evictAfterMs
    let open: Guest | null = null
    let stalled: Guest | null = null
    let envelope: Guest | null = null
    // In the order in which they came: of two equally slow ones the older goes.
    for (const guest of this.#guests) {
      if (guest.phase === 'answering') continue
      if (guest.phase === 'open') open = slower(open, guest)
      else if (guest.activeAt <= stalledBefore) stalled = slower(stalled, guest)
      else if (guest.phase === 'envelope') envelope = slower(envelope, guest)
    }
    return open ?? stalled ?? envelope
  }
}

function slower(slowest: Guest | null, guest: Guest): Guest {
  return slowest === null || guest.activeAt < slowest.activeAt ? guest : slowest
}

/** Whether this is an address of this machine itself (RFC 1122 section 3.2.1.3, RFC 4291 section 2.5.3). */
export function isLoopback(address: string): boolean {
  return /^(?:::ffff:)?127\./i.test(address) || address === '::1' || address.toLowerCase() === 'localhost'
}
