/** The bytes of a message on their way to a relay, and how far they have come: what nodemailer's errors do not tell. */

import { Readable } from 'node:stream'
import { RELAY_CHUNK_BYTES } from '../limits.ts'
import { RelayFailure } from './relay-failure.ts'

/**
 * Read by nodemailer once the relay has asked for the message; it writes the final dot when this ends. Between chunks the event loop turns, so that
 * an early answer or a lost connection is seen before more is sent, above all the dot.
 */
export class RelayMessage extends Readable {
  readonly #raw: Uint8Array
  readonly #isAskedFor: () => boolean
  #offset = 0
  #isBegun = false
  #isHandedOver = false

  /** `isAskedFor` is called before the first byte: only `354` lets a relay read data (RFC 5321 section 4.3.2), to any other it is commands. */
  constructor(raw: Uint8Array, isAskedFor: () => boolean) {
    super({ highWaterMark: RELAY_CHUNK_BYTES })
    this.#raw = raw
    this.#isAskedFor = isAskedFor
  }

  /** A byte of it has been given to the connection. */
  get isBegun(): boolean {
    return this.#isBegun
  }

  /** The final dot may have been written: from here on the relay may have the message. Never false when it has. */
  get isHandedOver(): boolean {
    return this.#isHandedOver
  }

  override _read(): void {
    if (!this.#isBegun && !this.#isAskedFor()) {
      this.destroy(new RelayFailure('the relay did not ask for the message'))
      return
    }
    this.#isBegun = true
    setImmediate(() => this.#pushNext())
  }

  #pushNext(): void {
    if (this.destroyed) return
    if (this.#offset >= this.#raw.byteLength) {
      this.#isHandedOver = true
      this.push(null)
      return
    }
    const chunk = this.#raw.subarray(this.#offset, this.#offset + RELAY_CHUNK_BYTES)
    this.#offset += chunk.byteLength
    this.push(chunk)
  }
}
