/**
 * Marks within a text that is being made: where a link begins and ends, where quoted text does. Noncharacters, which no text may hold (Unicode section
 * 23.7) and which are taken out of what a sender wrote, so that no sender can make one.
 */

import { remove } from '../invisible.ts'

/** Before the words of a link. */
export const LINK_START = '\ufdd0'
/** After them; the position of the link and LINK_CLOSE follow. */
export const LINK_END = '\ufdd1'
/** After the position of a link. */
export const LINK_CLOSE = '\ufdd2'
/** Before text that a mail program quotes, up to QUOTE_END. */
export const QUOTE_START = '\ufdd3'
/** Before the head of a quoted message that goes on to the end of the text. */
export const QUOTE_REST = '\ufdd4'
/** After quoted text. */
export const QUOTE_END = '\ufdd5'

const MARKS = /[\ufdd0-\ufdef]/g

/** The text without anything that could be taken for a mark. */
export function removeMarks(text: string): string {
  return remove(text, MARKS)
}
