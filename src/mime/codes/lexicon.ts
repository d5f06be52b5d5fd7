/** Lists of phrases -> one pattern that finds any of them in folded lower-case text. */

import { foldText, lowerFolded } from './fold.ts'

/**
 * Phrases of one meaning. In a phrase a space stands for a space, line end or hyphen, `*` for more letters of the same word, `(a|b)` for either,
 * `(a|)` for a or nothing.
 */
export type Phrases = {
  /** Of scripts that part words by spaces: only whole words count. */
  readonly spaced: readonly string[]
  /** Of scripts that do not, or that hang particles on words: found anywhere. */
  readonly joined: readonly string[]
}

/** More letters of a word: no language needs more, and a word of a hundred thousand letters must not be walked for each. */
const MORE_LETTERS = '[\\p{L}\\p{M}]{0,24}'

/** A global pattern; longer phrases first, so that the most is matched at a place. */
export function compilePhrases({ spaced, joined }: Phrases): RegExp {
  const words = `(?<![\\p{L}\\p{M}])(?:${spaced.map(toSource).sort(byLength).join('|')})(?![\\p{L}\\p{M}])`
  const pieces = joined.map(toSource).sort(byLength)
  return new RegExp([...(spaced.length > 0 ? [words] : []), ...pieces].join('|'), 'gv')
}

/** Every place where the pattern matches, in order. */
export function findPhrases(pattern: RegExp, text: string): Span[] {
  return Array.from(text.matchAll(pattern), ({ index, 0: { length } }) => ({ start: index, end: index + length }))
}

/** A range of a text, in UTF-16 units. */
export type Span = { readonly start: number; readonly end: number }

function toSource(phrase: string): string {
  return lowerFolded(foldText(phrase))
    .replaceAll('.', '\\.')
    .replaceAll('(', '(?:')
    .replaceAll('*', MORE_LETTERS)
    .replaceAll(' ', '[\\s\\-]{1,3}')
}

function byLength(first: string, second: string): number {
  return second.length - first.length
}
