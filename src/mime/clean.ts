/** Takes out of text what a person would not see: the sender decides every character that comes in here. */

import { remove, removeInvisible } from '../invisible.ts'
import { evenSpaces } from './ascii.ts'

/**
 * Text in which there is nothing to take out, as most is: ASCII that is seen, line feeds and tabs, and ranges of letters and signs without anything that is not
 * seen. To find that out costs less than to look for what is not seen.
 */
const PLAIN =
  /^[\n\t -~\u00a0-\u00ac\u00ae-\u034e\u0370-\u0600\u2010-\u2027\u2030-\u205e\u20a0-\u2fff\u3001-\u3130\u3400-\ua4cf\uac00-\ud7a3\ufdd0-\ufdef\uff01-\uff9f\ufffd]*$/

/** C0 and C1 except line feed and tab: a terminal obeys them. */
const CONTROLS = /[\p{Cc}--[\n\t]]/gv

const CR_OF_CRLF = /\r(?=\n)/g

/** Text of several lines: line ends become LF, tabs stay, what cannot be seen goes. Never a lone surrogate. */
export function cleanText(text: string): string {
  if (PLAIN.test(text)) return text
  // To take CR out costs a tenth of putting LF in place of both: a text may have millions of line ends.
  const lines = remove(text, CR_OF_CRLF).replace(/[\r\u2028\u2029]/g, '\n')
  return PLAIN.test(lines) ? lines : removeUnseen(lines).toWellFormed()
}

/** Text of one line: every run of white space and control characters becomes one space, none at the ends. */
export function cleanLabel(text: string): string {
  if (PLAIN.test(text)) return evenSpaces(text).trim()
  return removeUnseen(text.replace(/\p{Cc}+/gv, ' '))
    .replace(/\s+/g, ' ')
    .toWellFormed()
    .trim()
}

function removeUnseen(text: string): string {
  return removeInvisible(remove(text, CONTROLS))
}

/** The first `maxChars` UTF-16 units, one less where that would cut a character in two. */
export function clipChars(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text
  const clipped = text.slice(0, maxChars)
  return clipped.isWellFormed() ? clipped : clipped.slice(0, -1)
}
