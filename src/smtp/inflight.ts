/**
 * The bytes of all messages that are being received or stored. Under pressure a message that no longer comes in makes room: half messages held
 * open would else keep all mail out for as long as DATA may last.
 */

import { SMALL_SMTP_MESSAGE_BYTES } from '../receiving-limits.ts'
import { isLoopback } from './admission.ts'

/** A session as the memory for messages sees it. */
export interface Holder {
  readonly remoteAddress: string
  /** In the middle of a message that does not come in, or hardly. */
  readonly isStalled: boolean
  /** Gives up its message at once, and with it all bytes of that. */
  giveUp(): void
}

/** What all may hold together, those of one address that is not loopback, and what small messages may hold beyond `maxBytes`. */
export type InflightBounds = { readonly maxBytes: number; readonly maxBytesPerAddress: number; readonly reservedBytes: number }

/** Counts the bytes of one listener, by who holds them. */
export class Inflight {
  readonly #bounds: InflightBounds
  readonly #held = new Map<Holder, number>()
  #bytes = 0

  constructor(bounds: InflightBounds) {
    this.#bounds = bounds
  }

  /** Bytes held now. */
  get bytes(): number {
    return this.#bytes
  }

  /** Whether one more message may begin; stalled ones make room for it. */
  hasRoomFor(holder: Holder): boolean {
    return this.#makeRoom(1, holder)
  }

  /** Takes so many bytes, or none and answers false; stalled messages make room for them. */
  take(bytes: number, holder: Holder): boolean {
    if (!this.#makeRoom(bytes, holder)) return false
    this.#bytes += bytes
    this.#held.set(holder, this.#heldBy(holder) + bytes)
    return true
  }

  /** Gives back what the same holder took. */
  give(bytes: number, holder: Holder): void {
    this.#bytes -= bytes
    const left = this.#heldBy(holder) - bytes
    if (left === 0) this.#held.delete(holder)
    else this.#held.set(holder, left)
  }

  #heldBy(holder: Holder): number {
    return this.#held.get(holder) ?? 0
  }

  /** The share of the address first: for what goes beyond it nobody is given up, but the address's own stalled ones. */
  #makeRoom(bytes: number, holder: Holder): boolean {
    const { remoteAddress } = holder
    const { maxBytesPerAddress } = this.#bounds
    const maxBytes = this.#maxBytesFor(this.#heldBy(holder) + bytes)
    const isOwn = (other: Holder) => other.remoteAddress === remoteAddress
    const fitsShare = () => isLoopback(remoteAddress) || this.#heldFrom(remoteAddress) + bytes <= maxBytesPerAddress
    const fitsAll = () => this.#bytes + bytes <= maxBytes
    return this.#giveUpUntil(fitsShare, isOwn, holder) && this.#giveUpUntil(fitsAll, () => true, holder)
  }

  #maxBytesFor(messageBytes: number): number {
    const { maxBytes, reservedBytes } = this.#bounds
    return messageBytes > SMALL_SMTP_MESSAGE_BYTES ? maxBytes : maxBytes + reservedBytes
  }

  /** Gives up stalled messages, the largest first, so that as few as possible are lost. */
  #giveUpUntil(fits: () => boolean, isEligible: (other: Holder) => boolean, newcomer: Holder): boolean {
    if (fits()) return true
    const stalled = [...this.#held].filter(([other]) => other !== newcomer && other.isStalled && isEligible(other))
    for (const [other] of stalled.sort((a, b) => b[1] - a[1])) {
      other.giveUp()
      if (fits()) return true
    }
    return false
  }

  #heldFrom(remoteAddress: string): number {
    let bytes = 0
    for (const [holder, held] of this.#held) if (holder.remoteAddress === remoteAddress) bytes += held
    return bytes
  }
}
