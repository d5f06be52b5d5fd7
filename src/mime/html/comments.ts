/** Comments in HTML that say something to who reads its source. */

import type { HiddenTally } from '../hidden.ts'

/** Counts a comment; those that only Outlook reads, that name parts of the page and that hold no sentence are in every mail and are not counted. */
export function countComment(comment: string, hidden: HiddenTally): void {
  if (/^\s*(?:\[if\b|<!\[endif)|\[endif\]\s*$/i.test(comment.slice(0, 40)) || comment.endsWith('[endif]')) return
  const text = comment.slice(0, MAX_COMMENT_CHARS).replace(/<[^<>]*>|\{[^{}]*\}/g, ' ')
  const words = text.match(/\p{L}{2,}/gu)?.length ?? 0
  if (words >= MIN_COMMENT_WORDS) hidden.add('comment', 1, text.trim().length)
}

const MAX_COMMENT_CHARS = 10_000
/** Fewer words name a part of the page. */
const MIN_COMMENT_WORDS = 8
