/** Large answers in turn: an agent that asks for eighty of them at once must not have them all in memory at once. */

import { MAX_BLOB_BYTES } from '../limits.ts'

/** Bytes of blobs, counted before base64, that are being read, encoded and written at once on one connection. */
export const MAX_HELD_BLOB_BYTES = 32_000_000

/** Tells that an answer was written, or never will be. May be called twice. */
export type Release = () => void

/** Content of a resource as base64. */
export type Blob = { mimeType: string; blob: string }

/** Lets one request after the other read its blob, and holds the bytes until the answer with it was written. */
export class BlobGate {
  #heldBytes = 0
  /** Those whose turn it is not yet, first come first. */
  readonly #queue = new Set<() => void>()
  /** Blobs that were read and whose answers are not being written yet, by request. */
  readonly #unanswered = new Map<string, Release>()

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
      shrinkTo(Math.min((content.blob.length / 4) * 3, heldBytes))
      this.#keep(request, signal, () => shrinkTo(0))
      return content
    } catch (error) {
      shrinkTo(0)
      throw error
    }
  }

  /** What to call once the answer to this request was written. */
  takeRelease(request: string): Release {
    const release = this.#unanswered.get(request)
    this.#unanswered.delete(request)
    return release ?? (() => {})
  }

  #keep(request: string, signal: AbortSignal, release: Release): void {
    // A client that uses one id twice at a time: nobody can tell the two answers apart.
    this.takeRelease(request)()
    this.#unanswered.set(request, release)
    // A request that was given up is never answered, unless its answer is being written.
    const forget = () => {
      if (this.#unanswered.get(request) === release) this.takeRelease(request)()
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
