/**
 * Cuts what a client sends into command lines and messages. Takes the place of smtp-server's own parser, whose loop goes byte by byte through
 * a message and hands it on through another stream; the promises towards the library are the same: `oncommand` gets a line and a callback
 * that asks for the next, and after `isClosed` whatever still comes is thrown away.
 */

import { SMTPStream } from 'smtp-server/lib/smtp-stream.js'
import { type DataSink, DotDecoder } from './dot-decoder.ts'

const LF = 0x0a
const CR = 0x0d
const NOTHING: Buffer = Buffer.alloc(0)
/** Lines handled without a pause; a chunk full of pipelined commands must not keep everybody else waiting. */
const MAX_LINES_PER_TURN = 100
/** Bytes likewise: from a fast sender libuv reads 2 MB in one go, and every dot in it may be a stuffed one. */
const MAX_BYTES_PER_TURN = 65_536

/** What the stream tells, and the longest line it takes. */
export type CommandStreamOptions = {
  maxLineBytes: number
  /** A message is complete; nothing more is read until `resume` is called. */
  onMessage: (resume: () => void) => void
  onLineTooLong: () => void
  /** Bytes came in. */
  onBytes: (count: number) => void
}

/** The parser of one connection; a new one begins after a TLS handshake. */
export class CommandStream extends SMTPStream {
  readonly #options: CommandStreamOptions
  #decoder: DotDecoder | null = null
  /** Beginning of a line whose end has not come. */
  #partial = NOTHING
  #chunk = NOTHING
  #at = 0
  #chunkOffset = 0
  #askForMore: (() => void) | null = null
  #waiting = false
  #running = false
  #lines = 0
  #bytesThisTurn = 0
  #arrivedBytes = 0
  #commandOffset = 0
  readonly #resume = (): void => {
    if (!this.#waiting) return
    this.#waiting = false
    if (!this.#running) this.#run()
  }

  constructor(options: CommandStreamOptions) {
    super()
    this.#options = options
  }

  /** Bytes read from the socket so far, looked at or not. */
  get arrivedBytes(): number {
    return this.#arrivedBytes
  }

  /** Position of the first byte of the command that was handed out last. */
  get commandOffset(): number {
    return this.#commandOffset
  }

  /** What follows the command that is being handled is a message, for `sink`. */
  receiveMessage(sink: DataSink): void {
    this.#decoder = new DotDecoder(sink)
  }

  /** Called by the pipe from the socket. */
  override write(chunk: Buffer): boolean {
    this.#arrivedBytes += chunk.length
    this.#options.onBytes(chunk.length)
    return super.write(chunk)
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding | 'buffer', next: (error?: Error | null) => void): void {
    this.#chunk = chunk
    this.#at = 0
    this.#askForMore = next
    this.#run()
  }

  /** A line that never ended is no command. */
  override _flushData(): void {}

  #run(): void {
    this.#running = true
    try {
      while (!this.isClosed && this.#step()) {
        if (this.#waiting) return
        if (++this.#lines % MAX_LINES_PER_TURN === 0) {
          this.#waiting = true
          setImmediate(this.#resume)
          return
        }
      }
    } finally {
      this.#running = false
    }
    const chunkBytes = this.#chunk.length
    this.#chunkOffset += chunkBytes
    this.#chunk = NOTHING
    const next = this.#askForMore
    this.#askForMore = null
    this.#bytesThisTurn += chunkBytes
    if (next === null || this.#bytesThisTurn < MAX_BYTES_PER_TURN) {
      next?.()
      return
    }
    this.#bytesThisTurn = 0
    setImmediate(next)
  }

  /** Deals with one line or message; false when there is none left in this chunk. */
  #step(): boolean {
    return this.#decoder === null ? this.#stepCommand() : this.#stepMessage(this.#decoder)
  }

  #stepMessage(decoder: DotDecoder): boolean {
    const end = decoder.feed(this.#chunk, this.#at)
    if (end < 0) return false
    this.#at = end
    this.#decoder = null
    this.#waiting = true
    this.#options.onMessage(this.#resume)
    return true
  }

  #stepCommand(): boolean {
    const start = this.#at
    const lineEnd = this.#chunk.indexOf(LF, start)
    const lineBytes = (lineEnd < 0 ? this.#chunk.length : lineEnd) - start + this.#partial.length
    if (lineBytes > this.#options.maxLineBytes) {
      this.#options.onLineTooLong()
      return false
    }
    if (this.#partial.length === 0) this.#commandOffset = this.#chunkOffset + start
    if (lineEnd < 0) {
      this.#partial = Buffer.concat([this.#partial, this.#chunk.subarray(start)])
      return false
    }
    const rest = this.#chunk.subarray(start, lineEnd)
    const line = this.#partial.length === 0 ? rest : Buffer.concat([this.#partial, rest])
    this.#partial = NOTHING
    this.#at = lineEnd + 1
    this.#waiting = true
    this.oncommand(line[line.length - 1] === CR ? line.subarray(0, -1) : line, this.#resume)
    return true
  }
}
