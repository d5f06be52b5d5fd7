/** One message on its way into memory, never more of it than is allowed, and never more than all sessions may hold together. */

import { releaseRead } from '../idle-memory.ts'
import type { DataSink } from './dot-decoder.ts'
import type { Holder, Inflight } from './inflight.ts'

/** Most mail is smaller than this; the block is kept from message to message. */
const FIRST_BLOCK_BYTES = 16_384
/** Up to this the memory of a larger one is taken anew, twice as much each time: to set addresses aside takes longer than to copy so little. */
const MAX_COPIED_BYTES = 262_144
/** By so much grows the memory of the largest, in place: to copy 25 MB at its end would stop everybody else. */
const GROWTH_BYTES = 262_144

/** The bounds of one session's messages. */
export type MailBufferOptions = {
  /** Largest message that is kept. */
  maxBytes: number
  /** How much of a message that is not kept is read and thrown away. */
  maxOverrunBytes: number
  inflight: Inflight
  /** Whose the bytes are. */
  holder: Holder
  /** The message went on and on; called once a message, whatever else comes. */
  onOverrun: () => void
}

/**
 * Copies what arrives into memory of its own: holding on to the chunks would let a sender of one-byte segments take a hundred times the
 * memory of its message. Once a message is over a bound nothing of it is kept.
 */
export class MailBuffer implements DataSink {
  readonly #options: MailBufferOptions
  readonly #first = Buffer.allocUnsafeSlow(FIRST_BLOCK_BYTES)
  /** Null while the message is not larger than MAX_COPIED_BYTES. */
  #large: ArrayBuffer | null = null
  #block = this.#first
  #size = 0
  #arrived = 0
  #outcome: 'kept' | 'too_large' | 'no_room' = 'kept'

  constructor(options: MailBufferOptions) {
    this.#options = options
  }

  /** Whether the message is still whole, and if not, why. */
  get outcome(): 'kept' | 'too_large' | 'no_room' {
    return this.#outcome
  }

  /** Bytes of the message so far, kept or not. */
  get arrivedBytes(): number {
    return this.#arrived
  }

  take(chunk: Buffer, start: number, end: number): void {
    const length = end - start
    const { maxBytes, maxOverrunBytes, inflight, holder, onOverrun } = this.#options
    const before = this.#arrived
    this.#arrived += length
    if (this.#arrived > MAX_COPIED_BYTES) releaseRead(length)
    if (this.#outcome === 'kept') {
      if (this.#arrived > maxBytes) this.#giveUp('too_large')
      else if (!inflight.take(length, holder)) this.#giveUp('no_room')
      else this.#copy(chunk, start, end)
    }
    const most = maxBytes + maxOverrunBytes
    if (this.#arrived > most && before <= most) onOverrun()
  }

  /**
   * The message, in memory of its own that may be handed to another thread. Its bytes stay counted as in flight until whoever calls gives
   * them back. Only for a message that was kept.
   */
  finish(): Buffer {
    const raw = this.#large === null ? copyOf(this.#block.subarray(0, this.#size)) : cutTo(this.#large, this.#size)
    this.#large = null
    this.#size = 0
    this.discard()
    return raw
  }

  /** Forgets the message; ready for the next. */
  discard(): void {
    this.#empty()
    this.#arrived = 0
    this.#outcome = 'kept'
  }

  #giveUp(outcome: 'too_large' | 'no_room'): void {
    this.#outcome = outcome
    this.#empty()
  }

  #empty(): void {
    const { inflight, holder } = this.#options
    if (this.#size > 0) inflight.give(this.#size, holder)
    this.#size = 0
    // At once, not with the next collection: meanwhile others would take as much.
    this.#large?.transferToFixedLength(0)
    this.#large = null
    this.#block = this.#first
  }

  #copy(chunk: Buffer, start: number, end: number): void {
    const size = this.#size + end - start
    if (size > this.#block.length) this.#grow(size)
    chunk.copy(this.#block, this.#size, start, end)
    this.#size = size
  }

  #grow(size: number): void {
    const { maxBytes } = this.#options
    const before = this.#block
    const wasLarge = this.#large !== null
    if (size <= MAX_COPIED_BYTES && !wasLarge) {
      this.#block = Buffer.allocUnsafeSlow(Math.min(MAX_COPIED_BYTES, Math.max(size, 2 * before.length)))
    } else {
      // Only addresses are set aside for the largest message; memory is taken as it grows.
      this.#large ??= new ArrayBuffer(0, { maxByteLength: maxBytes })
      this.#large.resize(Math.min(maxBytes, size + GROWTH_BYTES))
      this.#block = Buffer.from(this.#large)
    }
    if (!wasLarge) before.copy(this.#block, 0, 0, this.#size)
  }
}

function copyOf(bytes: Buffer): Buffer {
  const copy = Buffer.allocUnsafeSlow(bytes.length)
  bytes.copy(copy)
  return copy
}

function cutTo(memory: ArrayBuffer, size: number): Buffer {
  memory.resize(size)
  return Buffer.from(memory)
}
