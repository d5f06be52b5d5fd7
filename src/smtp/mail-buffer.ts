/** One message on its way into memory, never more of it than is allowed, and never more than all sessions may hold together. */

import type { DataSink } from './dot-decoder.ts'
import type { Holder, Inflight } from './inflight.ts'

/** Most mail is smaller than this; the block is kept from message to message. */
const FIRST_BLOCK_BYTES = 16_384
const LARGEST_BLOCK_BYTES = 1_048_576

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
 * Copies what arrives into blocks of its own: holding on to the chunks would let a sender of one-byte segments take a hundred times the
 * memory of its message. Once a message is over a bound nothing of it is kept.
 */
export class MailBuffer implements DataSink {
  readonly #options: MailBufferOptions
  readonly #first = Buffer.allocUnsafeSlow(FIRST_BLOCK_BYTES)
  /** Full blocks after the first. */
  #blocks: Buffer[] = []
  #block = this.#first
  #used = 0
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
    const raw = Buffer.allocUnsafeSlow(this.#size)
    let offset = 0
    for (const block of [...this.#blocks, this.#block.subarray(0, this.#used)]) offset += block.copy(raw, offset)
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
    this.#blocks = []
    this.#block = this.#first
    this.#used = 0
  }

  #copy(chunk: Buffer, start: number, end: number): void {
    let from = start
    while (from < end) {
      if (this.#used === this.#block.length) this.#addBlock()
      const copied = chunk.copy(this.#block, this.#used, from, end)
      this.#used += copied
      from += copied
    }
    this.#size += end - start
  }

  #addBlock(): void {
    this.#blocks.push(this.#block)
    this.#block = Buffer.allocUnsafeSlow(Math.min(this.#block.length * 2, LARGEST_BLOCK_BYTES))
    this.#used = 0
  }
}
