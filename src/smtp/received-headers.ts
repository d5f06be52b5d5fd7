/** Counts the hops of a message, to stop one that goes round in circles (RFC 5321 section 6.3). */

const LF = 0x0a
const CR = 0x0d
const COLON = 0x3a
const RECEIVED = Buffer.from('received')

/** Of a header: every hop adds its field at the top, and a sender may write millions of lines. */
const MAX_SEARCHED_BYTES = 262_144

/**
 * How many Received headers a message has, counted up to one more than `most`. Lines end with LF, as parsers take them, whether or not a CR
 * stands before it.
 */
export function countReceivedHeaders(raw: Uint8Array, most: number): number {
  let count = 0
  let lineStart = 0
  while (lineStart < Math.min(raw.length, MAX_SEARCHED_BYTES) && count <= most && !isBlankLine(raw, lineStart)) {
    if (isReceived(raw, lineStart)) count += 1
    const lineEnd = raw.indexOf(LF, lineStart)
    if (lineEnd < 0) break
    lineStart = lineEnd + 1
  }
  return count
}

function isBlankLine(raw: Uint8Array, at: number): boolean {
  return raw[at] === LF || (raw[at] === CR && raw[at + 1] === LF)
}

function isReceived(raw: Uint8Array, at: number): boolean {
  for (let index = 0; index < RECEIVED.length; index += 1) {
    // Upper and lower case of an ASCII letter differ in one bit.
    if (((raw[at + index] ?? 0) | 0x20) !== RECEIVED[index]) return false
  }
  let next = at + RECEIVED.length
  // RFC 5322 section 4.5.8: the obsolete form has white space before the colon.
  while (raw[next] === 0x20 || raw[next] === 0x09) next += 1
  return raw[next] === COLON
}
