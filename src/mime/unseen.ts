/** Characters that nobody sees, counted before they are taken out. What mailers and keyboards put everywhere is not counted: see ORDINARY. */

import type { HiddenTally } from './hidden.ts'

/** Most texts have none, and to find that out costs less than to look for what is unseen. */
const BEYOND_ASCII = /[^\n\t\r -~]/
const UNSEEN = /[\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]|[\p{Cc}--[\n\t\r]]/v
const RUN = /[\p{Default_Ignorable_Code_Point}\ufff9-\ufffb][\s\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]*/gv
const CONTROLS = /[\p{Cc}--[\n\t\r]]+/gv
/** Embeddings, overrides and isolates (Unicode annex 9); the marks of direction that stand alone are typed by who writes from right to left. */
const BIDI = /[\u202a-\u202e\u2066-\u2069]+/g
/** What pads a preview text, by the hundred, breaks long words, and begins files. */
const FILLER = /^(?:\u034f|[\u00ad\u061c\u180e\u200b-\u200f\u2060\ufeff])+$/
/** How an emoji is drawn (Unicode technical standard 51): variation selectors, and the flags of parts of countries. */
const EMOJI = /[\ufe00-\ufe0f]|(?<=\u{1f3f4})[\u{e0030}-\u{e007a}]{1,6}\u{e007f}/gu
/** Padding repeats so many characters; what does not repeat spells something. */
const MAX_PERIOD = 8
/** Characters that stand alone are padding or hints where to break a word, unless there are more of them in one text than anybody needs. */
const MAX_ALONE = 100

/**
 * Adds what is unseen in the text. Not counted: variation selectors behind emoji, a single joiner, soft hyphen or zero-width space, the repeated padding
 * behind a preview text. Linear.
 */
export function countUnseen(text: string, tally: HiddenTally): void {
  if (!BEYOND_ASCII.test(text) || text.search(UNSEEN) < 0) return
  for (const [run] of text.matchAll(CONTROLS)) tally.add('control-characters', 1, run.length)
  for (const [run] of text.matchAll(BIDI)) tally.add('bidi-characters', 1, run.length)
  let alone = 0
  for (const [run] of text.replace(BIDI, '').replace(EMOJI, '').matchAll(RUN)) {
    const unseen = run.replace(/\s+/g, '')
    // A file mark counts as white space.
    if (unseen === '') continue
    if (FILLER.test(unseen) && unseen.length === 1) alone += unseen === '\u00ad' ? 0 : 1
    else if (!FILLER.test(unseen) || !isRepeated(unseen)) tally.add('invisible-characters', 1, unseen.length)
  }
  if (alone > MAX_ALONE) tally.add('invisible-characters', alone, alone)
}

function isRepeated(run: string): boolean {
  for (let period = 1; period <= Math.min(MAX_PERIOD, run.length); period++) {
    if (
      run.length <= 2 * period
        ? period <= 2
        : run.endsWith(run.slice(0, run.length - period)) && run.startsWith(run.slice(period))
    )
      return true
  }
  return false
}
