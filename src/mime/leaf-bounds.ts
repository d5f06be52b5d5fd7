/** How much of a part is kept. */

import { MAX_TEXT_CHARS } from '../limits.ts'

/** Of a text: UTF-8 takes at most three bytes for a UTF-16 unit, and UTF-32 four. */
export const MAX_TEXT_BYTES = 4 * MAX_TEXT_CHARS
