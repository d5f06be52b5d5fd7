/** Work on many bytes in slices, with a turn of the event loop between them: whatever else is due never waits for all of them. */

import { createHash, hash as hashAtOnce } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'

/** Bytes worked on at a time: to hash them, or to copy them into fresh memory, takes a few milliseconds on a slow machine. */
export const SLICE_BYTES = 524_288

/** The SHA-256 of the bytes, lower-case hex. */
export async function hashInSlices(bytes: Uint8Array): Promise<string> {
  if (bytes.byteLength <= SLICE_BYTES) return hashAtOnce('sha256', bytes, 'hex')
  const hash = createHash('sha256')
  for (let at = 0; at < bytes.byteLength; at += SLICE_BYTES) {
    if (at > 0) await nextTurn()
    hash.update(bytes.subarray(at, at + SLICE_BYTES))
  }
  return hash.digest('hex')
}

/** The bytes in memory of their own, which may be handed to another thread. */
export async function copyInSlices(bytes: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  // Not touched before it is written: that is what takes time.
  const copy = new Uint8Array(Buffer.allocUnsafeSlow(bytes.byteLength).buffer)
  for (let at = 0; at < bytes.byteLength; at += SLICE_BYTES) {
    if (at > 0) await nextTurn()
    copy.set(bytes.subarray(at, at + SLICE_BYTES), at)
  }
  return copy
}
