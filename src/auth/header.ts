/** The header of a message, as far as the check needs it: where it ends, and its fields in their order. */

import { MAX_CHECKED_HEADER_BYTES, MAX_CHECKED_HEADER_LINES } from './limits.ts'

/** A field: its name in lower case, its value without the line ends of its folds. */
export type Field = { name: string; value: string }

/** The header as it is, with the empty line, its fields, and where the body begins. */
export type Header = { bytes: Uint8Array; fields: readonly Field[]; bodyStart: number }

const CR = 0x0d
const LF = 0x0a

/** Null for a header beyond the bounds: no honest one is so large, and to read it takes the square of its lines. */
export function readHeader(raw: Uint8Array): Header | null {
  let lines = 0
  let lineStart = 0
  while (lineStart < raw.length && !isBlank(raw, lineStart)) {
    const lineEnd = raw.indexOf(LF, lineStart)
    lines += 1
    lineStart = lineEnd < 0 ? raw.length : lineEnd + 1
    if (lines > MAX_CHECKED_HEADER_LINES || lineStart > MAX_CHECKED_HEADER_BYTES) return null
  }
  const blankEnd = raw.indexOf(LF, lineStart)
  const bodyStart = blankEnd < 0 ? raw.length : blankEnd + 1
  const text = Buffer.from(raw.buffer, raw.byteOffset, lineStart).toString('latin1')
  return { bytes: raw.subarray(0, bodyStart), fields: splitFields(text), bodyStart }
}

function isBlank(raw: Uint8Array, at: number): boolean {
  return raw[at] === LF || (raw[at] === CR && raw[at + 1] === LF)
}

function splitFields(text: string): Field[] {
  const fields: string[][] = []
  for (const line of text.split(/\r?\n/)) {
    // RFC 5322 section 2.2.3: what begins with white space goes on with the field before.
    if (/^[ \t]/.test(line)) fields.at(-1)?.push(line)
    else if (line !== '') fields.push([line])
  }
  return fields.map((lines) => {
    const field = lines.join('')
    const colon = field.indexOf(':')
    // RFC 5322 section 4.5.8: the obsolete form has white space before the colon.
    return { name: field.slice(0, Math.max(colon, 0)).trimEnd().toLowerCase(), value: field.slice(colon + 1) }
  })
}

/**
 * A body with every line end as CR LF, in which signatures are made (RFC 6376 section 5.3). Ours keeps what came; a lone LF is where the verifier
 * would otherwise make a piece of its own for every line.
 */
export function normaliseLineEnds(body: Uint8Array): Uint8Array {
  const lone = countLoneLineFeeds(body)
  if (lone === 0) return body
  const normalised = new Uint8Array(body.length + lone)
  let at = 0
  for (let index = 0; index < body.length; index += 1) {
    const byte = body[index] ?? 0
    if (byte === LF && body[index - 1] !== CR) {
      normalised[at] = CR
      at += 1
    }
    normalised[at] = byte
    at += 1
  }
  return normalised
}

function countLoneLineFeeds(body: Uint8Array): number {
  let count = 0
  for (let at = body.indexOf(LF); at >= 0; at = body.indexOf(LF, at + 1)) if (body[at - 1] !== CR) count += 1
  return count
}
