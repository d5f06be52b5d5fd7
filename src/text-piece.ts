/** Pieces of a long text, by bytes of UTF-8 and never through a character. */

import { BYTES_PER_TOKEN } from './limits.ts'

/** A piece of a text, and where the next one begins. */
export type TextPiece = {
  readonly text: string
  /** Bytes of the whole before the piece. */
  readonly offset: number
  /** Bytes of the whole before the next piece; null when this was the last. */
  readonly nextOffset: number | null
  readonly totalBytes: number
}

/** The piece that begins at `offset` and has at most `maxBytes`, but one character at least; null for an offset past the end. */
export function cutPiece(whole: string, offset: number, maxBytes: number): TextPiece | null {
  const bytes = Buffer.from(whole)
  if (offset > 0 && offset >= bytes.length) return null
  // An offset nobody gave out may point into a character.
  const start = skipToCharacter(bytes, offset)
  const end = cutAtCharacter(bytes, start, maxBytes)
  return {
    text: bytes.toString('utf8', start, end),
    offset: start,
    nextOffset: end < bytes.length ? end : null,
    totalBytes: bytes.length,
  }
}

/** Where a piece ends that begins at `start`, itself the begin of a character, and has at most `maxBytes`, but one character at least. */
export function cutAtCharacter(bytes: Uint8Array, start: number, maxBytes: number): number {
  if (start + maxBytes >= bytes.length) return bytes.length
  let end = start + maxBytes
  while (end > start && isContinuation(bytes[end])) end -= 1
  // A budget smaller than one character would otherwise never get on.
  return end > start ? end : skipToCharacter(bytes, start + 1)
}

/** The first byte from `offset` on that begins a character. */
export function skipToCharacter(bytes: Uint8Array, offset: number): number {
  let start = offset
  while (isContinuation(bytes[start])) start += 1
  return start
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80
}

/** So many bytes of text in tokens, rounded up. */
export function toTokens(sizeBytes: number): number {
  return Math.ceil(sizeBytes / BYTES_PER_TOKEN)
}
