/** Reads an mbox of any size, a piece at a time, without ever holding more than one message of the largest size. */

import { MailError } from '../errors.ts'
import { endLines, isFromLine, readMboxMail, readSender } from './mbox.ts'

/** A message that was found, or one that was too large to be held. */
export type ReadMail = { raw: Buffer; envelopeFrom: string } | { tooLargeBytes: number }

const BOUNDARY = Buffer.from('\nFrom ')
const LF = 0x0a
const CR = 0x0d
/** Longest line that may be a `From ` line; a longer one is text. */
const MAX_FROM_LINE_BYTES = 1_024
/** Held back at the end of a piece: a blank line, and what may be the beginning of a boundary. */
const HELD_BYTES = 16

/** Give it pieces, and then the end. */
export class MboxReader {
  readonly #maxBytes: number
  /** Not looked through yet, but for what was held back; its first byte follows what is in `#parts`. */
  #held: Buffer = Buffer.alloc(0)
  /** Of the message that is being read; null before the first. */
  #fromLine: Buffer | null = null
  #parts: Buffer[] = []
  #sizeBytes = 0

  /** `maxBytes`: of one message. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** Messages that are complete with this piece. @throws MailError invalid_argument when this is no mbox */
  *push(piece: Uint8Array): Generator<ReadMail> {
    this.#held = Buffer.concat([this.#held, piece])
    yield* this.#read(false)
  }

  /** What is left. @throws MailError invalid_argument as `push` */
  *end(): Generator<ReadMail> {
    yield* this.#read(true)
    if (this.#fromLine === null) {
      if (this.#held.some((byte) => byte !== LF && byte !== CR)) throw refuse()
      return
    }
    this.#keep(this.#held.length)
    const { content, blankLine } = cutBlankLine(Buffer.concat(this.#parts))
    yield* this.#finish(content, blankLine)
  }

  *#read(isEnd: boolean): Generator<ReadMail> {
    if (this.#fromLine === null && !this.#begin(isEnd)) return
    let from = 0
    for (;;) {
      const at = this.#held.indexOf(BOUNDARY, from)
      if (at === -1) break
      const line = this.#findLine(at + 1, isEnd)
      // The rest of the line is still to come.
      if (line === null) return this.#keep(Math.max(0, at - HELD_BYTES))
      if (!this.#isBlankLine(at) || !isFromLine(line)) {
        from = at + 1
        continue
      }
      this.#keep(at + 1)
      const { content, blankLine } = cutBlankLine(Buffer.concat(this.#parts))
      yield* this.#finish(content, blankLine)
      this.#fromLine = line
      this.#held = this.#held.subarray(line.length)
      from = 0
    }
    this.#keep(Math.max(0, this.#held.length - HELD_BYTES))
  }

  /** The first message; blank lines before it are passed over. */
  #begin(isEnd: boolean): boolean {
    const start = this.#held.findIndex((byte) => byte !== LF && byte !== CR)
    this.#held = start === -1 ? Buffer.alloc(0) : this.#held.subarray(start)
    const beginning = this.#held.toString('latin1', 0, 5)
    if (!'From '.startsWith(beginning)) throw refuse()
    const line = beginning.length < 5 ? null : this.#findLine(0, isEnd)
    if (line === null) return false
    this.#fromLine = line
    this.#held = this.#held.subarray(line.length)
    return true
  }

  /** The line that begins here, with its end; null when that has not come yet. Of one that is too long the beginning, without an end. */
  #findLine(from: number, isEnd: boolean): Buffer | null {
    const end = this.#held.subarray(from, from + MAX_FROM_LINE_BYTES).indexOf(LF)
    if (end !== -1) return this.#held.subarray(from, from + end + 1)
    const isWhole = isEnd || this.#held.length - from >= MAX_FROM_LINE_BYTES
    return isWhole ? this.#held.subarray(from, from + MAX_FROM_LINE_BYTES) : null
  }

  /** Whether the line that ends here is blank: it follows the end of another, or begins the message. */
  #isBlankLine(at: number): boolean {
    const start = this.#held[at - 1] === CR ? at - 1 : at
    if (start === 0) return this.#sizeBytes === 0
    return this.#held[start - 1] === LF
  }

  /** Moves so many bytes to the message; not those of one that is too large. */
  #keep(count: number): void {
    if (count === 0) return
    this.#sizeBytes += count
    if (this.#sizeBytes > this.#maxBytes + HELD_BYTES) this.#parts = []
    // A copy, so that the piece it is in can be freed.
    else this.#parts.push(Buffer.from(this.#held.subarray(0, count)))
    this.#held = this.#held.subarray(count)
  }

  *#finish(content: Buffer, blankLine: Buffer | null): Generator<ReadMail> {
    const fromLine = this.#fromLine ?? Buffer.alloc(0)
    const sizeBytes = this.#sizeBytes
    this.#parts = []
    this.#sizeBytes = 0
    if (sizeBytes > this.#maxBytes + HELD_BYTES) {
      yield { tooLargeBytes: sizeBytes }
      return
    }
    const raw = endLines(readMboxMail(content, fromLine, blankLine))
    yield raw.length > this.#maxBytes ? { tooLargeBytes: raw.length } : { raw, envelopeFrom: readSender(fromLine) }
  }
}

/** Takes the blank line from the end of a message, where there is one. */
function cutBlankLine(bytes: Buffer): { content: Buffer; blankLine: Buffer | null } {
  if (bytes.at(-1) !== LF) return { content: bytes, blankLine: null }
  const start = bytes.at(-2) === CR ? bytes.length - 2 : bytes.length - 1
  if (start > 0 && bytes[start - 1] !== LF) return { content: bytes, blankLine: null }
  return { content: bytes.subarray(0, start), blankLine: bytes.subarray(start) }
}

function refuse(): MailError {
  return new MailError('invalid_argument', 'This is no mbox: it does not begin with a line "From ".')
}
