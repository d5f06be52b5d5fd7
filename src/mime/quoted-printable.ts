/** Quoted-printable -> bytes (RFC 2045 section 6.7), to the byte as the parser has it: an attachment is named by its bytes. */

const EQUALS = 0x3d

/** Decodes it. What is no escape stands for itself. Linear. */
export function decodeQuotedPrintable(encoded: Buffer): Buffer {
  const text = encoded
    .toString('latin1')
    // White space that a gateway put at the end of a line. What stands before it keeps this linear.
    .replace(/(^|[^ \t])[ \t]+(?=[\n\r]|$)/g, '$1')
    .replace(/[=](?:\r?\n|$)/g, '')
  const bytes = Buffer.from(text, 'latin1')
  let [from, to] = [bytes.indexOf(EQUALS), 0]
  if (from < 0) return bytes
  to = from
  while (from < bytes.length) {
    const byte = bytes[from] ?? 0
    const value = byte === EQUALS ? readHex(bytes, from + 1) : -1
    bytes[to++] = value < 0 ? byte : value
    from += value < 0 ? 1 : 3
  }
  return bytes.subarray(0, to)
}

/** The byte that two digits of either case stand for; -1 where there are none. */
function readHex(bytes: Buffer, at: number): number {
  const [high, low] = [hexValue(bytes[at] ?? 0), hexValue(bytes[at + 1] ?? 0)]
  return high < 0 || low < 0 ? -1 : high * 16 + low
}

function hexValue(char: number): number {
  if (char >= 0x30 && char <= 0x39) return char - 0x30
  const letter = char | 0x20
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1
}
