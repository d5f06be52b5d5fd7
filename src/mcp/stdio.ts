/** MCP over two pipes, with room for a message whose attachments come inline. */

import { once } from 'node:events'
import { pipeline, type Readable, Transform, type TransformCallback, type Writable } from 'node:stream'
import type { Transport } from '@modelcontextprotocol/server'
import { StdioServerTransport } from '@modelcontextprotocol/server/stdio'
import { MAX_REQUEST_BYTES } from '../limits.ts'
import type { PieceTransport } from './blobs.ts'

const LINE_FEED = 0x0a
/** Requests handed on in one turn of the event loop. */
const MAX_LINES_PER_TURN = 8

/** Requests are lines on `input`, answers are lines on `output`. A line of more than MAX_REQUEST_BYTES ends the connection. */
export function openStdio(input: Readable, output: Writable): Transport {
  const lines = new LineAssembler()
  // What breaks one of them destroys both, and the transport hears of it from the second: there is nothing left to do here.
  pipeline(input, lines, () => {})
  return new PiecewiseStdio(lines, output)
}

/** Can write an answer that is too large to be made at once. */
class PiecewiseStdio extends StdioServerTransport implements PieceTransport {
  readonly #output: Writable
  readonly #closing = new AbortController()

  constructor(input: Readable, output: Writable) {
    super(input, output, { maxBufferSize: MAX_REQUEST_BYTES })
    this.#output = output
  }

  async sendPieces(pieces: AsyncIterable<string>): Promise<void> {
    for await (const piece of pieces) await this.#write(piece)
    await this.#write('\n')
  }

  override async close(): Promise<void> {
    this.#closing.abort(new Error('The connection is closed.'))
    await super.close()
  }

  /** Resolves once there is room for more. Of a pipe that broke, the transport hears by itself. */
  async #write(text: string): Promise<void> {
    const { signal } = this.#closing
    signal.throwIfAborted()
    if (!this.#output.write(text)) await once(this.#output, 'drain', { signal })
  }
}

/**
 * Passes on whole lines only. The SDK copies and searches all it has so far at every chunk: a request of 26 MB, which comes in 400 chunks, would
 * stop the process for half a minute.
 */
class LineAssembler extends Transform {
  #held: Buffer[] = []
  #heldBytes = 0

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    const end = chunk.lastIndexOf(LINE_FEED) + 1
    this.#hold(end === 0 ? chunk : chunk.subarray(0, end))
    if (this.#heldBytes > MAX_REQUEST_BYTES) {
      done(new Error(`A request has more than ${MAX_REQUEST_BYTES} bytes`))
      return
    }
    if (end === 0) {
      done()
      return
    }
    const lines = Buffer.concat(this.#held)
    this.#held = []
    this.#heldBytes = 0
    this.#hold(chunk.subarray(end))
    this.#pushLines(lines, 0, done)
  }

  /** A few lines a turn of the event loop: thousands of requests at once would else keep everybody waiting who brings mail. */
  #pushLines(lines: Buffer, start: number, done: TransformCallback): void {
    let end = start
    for (let count = 0; count < MAX_LINES_PER_TURN && end < lines.length; count += 1) end = lines.indexOf(LINE_FEED, end) + 1
    this.push(lines.subarray(start, end))
    if (end === lines.length) done()
    else setImmediate(() => this.#pushLines(lines, end, done))
  }

  #hold(piece: Buffer): void {
    this.#held.push(piece)
    this.#heldBytes += piece.length
  }
}
