/** Finds what is to be typed in somewhere. */

import type { MailCode } from '../mail-facts.ts'

/** What codes are looked for in. */
export type CodeSource = {
  readonly subject: string
  /** Readable text: with marks [n] of links, and their list at the end. */
  readonly text: string
}

/** Surest first, at most MAX_FOUND_CODES. */
export function findCodes(_source: CodeSource): MailCode[] {
  return []
}
