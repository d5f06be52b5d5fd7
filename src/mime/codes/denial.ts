/** Whether a mail says of a number that it is none to type in: `never enter 482913`, `your code is not 123456`, `call 55019`. */

import type { Candidate } from './candidates.ts'
import { CALL_WORDS, IS_NOT_BEHIND_WORDS, IS_NOT_WORDS, NEVER_ENTER_BEHIND_WORDS, NEVER_ENTER_WORDS } from './denial-words.ts'
import { compilePhrases, findPhrases, type PhraseFinder } from './lexicon.ts'

const NEVER_ENTER = compilePhrases(NEVER_ENTER_WORDS)
const NEVER_ENTER_BEHIND = compilePhrases(NEVER_ENTER_BEHIND_WORDS)
const IS_NOT = compilePhrases(IS_NOT_WORDS)
const IS_NOT_BEHIND = compilePhrases(IS_NOT_BEHIND_WORDS)
const CALL = compilePhrases(CALL_WORDS)

/** How far before and behind a number it is said, in UTF-16 units. */
const MAX_CHARS_BEFORE = 64
const MAX_CHARS_BEHIND = 28
/** A clause ends here: "never use it elsewhere: 482913" means another thing. */
const CLAUSE_END = /[,;:.!?。،؛—\n]/v
/** What may stand between a word and its number. */
const ONLY_SIGNS = /^[\s"'“„«‹「『【\(\[*_]*$/v
/** Two numbers of one telephone, or two that are offered. */
const NUMBER_OR = /\d{3,12} (?:or|oder|ou|o|of|eller|tai|lub|nebo|или|або|veya|ή) $/v

/** True where words right beside the number take it back. `lower` is the folded text. */
export function isDenied({ start, end }: Candidate, lower: string): boolean {
  const before = (
    lower
      .slice(Math.max(0, start - MAX_CHARS_BEFORE), start)
      .split(CLAUSE_END)
      .at(-1) ?? ''
  ).replace(NUMBER_OR, '')
  const behind = lower.slice(end, end + MAX_CHARS_BEHIND).split(CLAUSE_END)[0] ?? ''
  return (
    findPhrases(NEVER_ENTER, before).length > 0 ||
    findPhrases(NEVER_ENTER_BEHIND, behind).length > 0 ||
    endsWith(IS_NOT, before) ||
    endsWith(CALL, before) ||
    beginsWith(IS_NOT_BEHIND, behind)
  )
}

function endsWith(find: PhraseFinder, text: string): boolean {
  return findPhrases(find, text).some(({ end }) => ONLY_SIGNS.test(text.slice(end)))
}

function beginsWith(find: PhraseFinder, text: string): boolean {
  return findPhrases(find, text).some(({ start }) => /^[\s"'”»」』】\)\]*_]*$/v.test(text.slice(0, start)))
}
