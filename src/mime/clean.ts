/** Takes out of text what a person would not see: the sender decides every character that comes in here. */

import { remove, removeInvisible } from '../invisible.ts'

/** C0 and C1 except line feed and tab: a terminal obeys them. */
const CONTROLS = /[\p{Cc}--[\n\t]]/gv

const CR_OF_CRLF = /\r(?=\n)/g

/** Text of several lines: line ends become LF, tabs stay, what cannot be seen goes. Never a lone surrogate. */
export function cleanText(text: string): string {
  // To take CR out costs a tenth of putting LF in place of both: a text may have millions of line ends.
  return removeUnseen(remove(text, CR_OF_CRLF).replace(/[\r\u2028\u2029]/g, '\n')).toWellFormed()
}

/** Text of one line: every run of white space and control characters becomes one space, none at the ends. */
export function cleanLabel(text: string): string {
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
