/** Large answers in turn: an agent that asks for eighty of them at once must not have them all in memory at once. */

import { setImmediate as nextTurn } from 'node:timers/promises'
import type { JSONRPCMessage, Transport } from '@modelcontextprotocol/server'
import { MAX_BLOB_BYTES } from '../limits.ts'

/** Bytes of blobs, counted before base64, that are being read, encoded and written at once on one connection. */
export const MAX_HELD_BLOB_BYTES = 32_000_000

/** Tells that an answer was written, or never will be. May be called twice. */
export type Release = () => void

/** Content of a resource that goes out as base64. */
export type Blob = { mimeType: string; bytes: Uint8Array }

/** A blob whose answer is about to be written. */
export type HeldBlob = { bytes: Uint8Array; release: Release }

/** Lets one request after the other read its blob, and holds the bytes until the answer with it was written. */
export class BlobGate {
  #heldBytes = 0
  /** Those whose turn it is not yet, first come first. */
  readonly #queue = new Set<() => void>()
  /** Blobs that were read and whose answers are not being written yet, by request. */
  readonly #unanswered = new Map<string, HeldBlob>()

  /** Reads a blob when it is the turn of this request. @throws the signal's reason once the caller has given up; what `read` throws */
  async read(request: string, signal: AbortSignal, read: () => Promise<Blob>): Promise<Blob> {
    await this.#enter(signal)
    // How large it is shows only once it was read: until then it counts as the largest there may be.
    let heldBytes = MAX_BLOB_BYTES
    const shrinkTo = (bytes: number) => {
      this.#heldBytes -= heldBytes - bytes
      heldBytes = bytes
      this.#admit()
    }
    try {
      const content = await read()
      signal.throwIfAborted()
      shrinkTo(Math.min(content.bytes.byteLength, heldBytes))
      this.#keep(request, signal, { bytes: content.bytes, release: () => shrinkTo(0) })
      return content
    } catch (error) {
      shrinkTo(0)
      throw error
    }
  }

  /** The blob that the answer to this request carries, to be released once that was written; null for any other answer. */
  take(request: string): HeldBlob | null {
    const blob = this.#unanswered.get(request) ?? null
    this.#unanswered.delete(request)
    return blob
  }

  #keep(request: string, signal: AbortSignal, blob: HeldBlob): void {
    // A client that uses one id twice at a time: nobody can tell the two answers apart.
    this.take(request)?.release()
    this.#unanswered.set(request, blob)
    // A request that was given up is never answered, unless its answer is being written.
    const forget = () => {
      if (this.#unanswered.get(request) === blob) this.take(request)?.release()
    }
    signal.addEventListener('abort', forget, { once: true })
  }

  async #enter(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const enter = () => {
      signal.removeEventListener('abort', leave)
      resolve()
    }
    const leave = () => {
      this.#queue.delete(enter)
      reject(signal.reason)
    }
    signal.addEventListener('abort', leave, { once: true })
    this.#queue.add(enter)
    this.#admit()
    await promise
  }

  #admit(): void {
    for (const enter of this.#queue) {
      if (this.#heldBytes + MAX_BLOB_BYTES > MAX_HELD_BLOB_BYTES) return
      this.#heldBytes += MAX_BLOB_BYTES
      this.#queue.delete(enter)
      enter()
    }
  }
}

/** A transport that can write a message piece by piece; nothing else may be sent meanwhile. */
export interface PieceTransport extends Transport {
  /** The pieces make one line, without its end. */
  sendPieces(pieces: AsyncIterable<string>): Promise<void>
}

/** Bytes encoded at a time: a multiple of three, so that the pieces of base64 make a whole. */
const PIECE_BYTES = 196_608
/** Stands in the JSON of the answer once: within a string its quotes would be escaped. */
const ROOM = '"blob":""'

/** Sends an answer with the blob in the place of the empty one that it has. */
export async function sendBlob(transport: Transport, message: JSONRPCMessage, bytes: Uint8Array): Promise<void> {
  const json = JSON.stringify(message)
  const at = json.indexOf(ROOM) + ROOM.length - 1
  // An error came in the place of the answer.
  if (at < ROOM.length - 1) return transport.send(message)
  const pieces = writeBlob(json.slice(0, at), bytes, json.slice(at))
  if (canSendPieces(transport)) return transport.sendPieces(pieces)
  let whole = ''
  for await (const piece of pieces) whole += piece
  return transport.send(JSON.parse(whole))
}

function canSendPieces(transport: Transport): transport is PieceTransport {
  return 'sendPieces' in transport
}

async function* writeBlob(head: string, bytes: Uint8Array, tail: string): AsyncGenerator<string> {
  yield head
  const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let at = 0; at < whole.length; at += PIECE_BYTES) {
    yield whole.toString('base64', at, Math.min(at + PIECE_BYTES, whole.length))
    await nextTurn()
  }
  yield tail
}
