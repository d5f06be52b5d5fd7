/** Which lines of a text are a signature. */

import { isBlank, type Lines, lineAt } from './lines.ts'
import { MOBILE_SIGNATURE } from './phrases.ts'

/** What follows the two hyphens and is longer is no signature, but the rest of a text that has a line of them. */
const MAX_SIGNATURE_LINES = 20
const MAX_MOBILE_CHARS = 80

/** Marks the lines of signatures: from a line of two hyphens (RFC 3676 section 4.3) to the quote behind it or the end; that of a telephone. Linear. */
export function findSignatures(lines: Lines, isQuoted: readonly boolean[]): boolean[] {
  const count = lines.isCited.length
  const isSigned = new Array<boolean>(count).fill(false)
  // The end of the sender's own words that are being walked: from the last line to the first.
  let end = count
  let lastOwn = -1
  for (let row = count - 1; row >= 0; row--) {
    if (isQuoted[row]) {
      end = row
      lastOwn = -1
      continue
    }
    if (/^--\s?$/.test(lineAt(lines, row))) {
      if (end - row <= MAX_SIGNATURE_LINES) isSigned.fill(true, row, end)
      end = row
      lastOwn = -1
    } else if (lastOwn < 0 && !isBlank(lines, row)) {
      lastOwn = row
      if (isMobile(lineAt(lines, row))) isSigned.fill(true, row, end)
    }
  }
  return isSigned
}

function isMobile(line: string): boolean {
  const text = line.trim()
  return text.length <= MAX_MOBILE_CHARS && MOBILE_SIGNATURE.test(text)
}
