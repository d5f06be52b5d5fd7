/** Where the words of the lists stand in a mail. */

import { CODE_WORDS, ONE_TIME_WORDS } from './code-words.ts'
import { LABEL_WORDS } from './label-words.ts'
import { inAllLanguages } from './languages.ts'
import { compilePhrases, findPhrases } from './lexicon.ts'
import { BARGAIN_WORDS, PROMOTION_WORDS, TRAVEL_WORDS } from './other-words.ts'
import { findLine, type Reading } from './reading.ts'
import {
  ENTER_WORDS,
  EXAMPLE_WORDS,
  NEVER_ASK_WORDS,
  OWN_WORDS,
  SECRET_WORDS,
  SIGN_IN_WORDS,
  SPENT_WORDS,
  YOUR_WORDS,
} from './talk-words.ts'
import type { Span } from './word-index.ts'

/** Words for a code: for one that counts once, for any, for one that makes something cheaper. */
export type Keyword = Span & { readonly kind: 'one-time' | 'any' | 'promotion'; readonly line: number }

/** What the words say. */
export type Hits = {
  /** In order. */
  readonly keywords: readonly Keyword[]
  /** Names of other numbers, in order. */
  readonly labels: readonly Span[]
  readonly signIn: readonly Span[]
  /** That it lasts less than a day, or is for nobody else's eyes: what is said of one-time codes only. */
  readonly secrets: readonly Span[]
  readonly bargains: readonly Span[]
  readonly isTravel: boolean
  /** Some word names a one-time code. */
  readonly isOneTime: boolean
}

const ONE_TIME = compilePhrases(inAllLanguages(ONE_TIME_WORDS, 'oneTime'))
const ANY_CODE = compilePhrases(inAllLanguages(CODE_WORDS, 'code'))
const PROMOTION = compilePhrases(inAllLanguages(PROMOTION_WORDS, 'promotions'))
const LABEL = compilePhrases(inAllLanguages(LABEL_WORDS, 'labels'))
/** Talk of signing in. */
export const SIGN_IN = compilePhrases(inAllLanguages(SIGN_IN_WORDS, 'signIn'))
const SECRET = compilePhrases(SECRET_WORDS)
const BARGAIN = compilePhrases(BARGAIN_WORDS)
const TRAVEL = compilePhrases(TRAVEL_WORDS)

/** Asks to type something in. */
export const ENTER = compilePhrases(inAllLanguages(ENTER_WORDS, 'enter'))
/** Stands before the word for the code that was asked for. */
export const OWN = compilePhrases(inAllLanguages(OWN_WORDS, 'own'))
/** Makes it the reader's own. */
export const YOUR = compilePhrases(inAllLanguages(YOUR_WORDS, 'your'))
/** Says that a code counts no more. */
export const SPENT = compilePhrases(inAllLanguages(SPENT_WORDS, 'spent'))
/** Gives an example. */
export const EXAMPLE = compilePhrases(inAllLanguages(EXAMPLE_WORDS, 'example'))
/** Says that nobody asks for it. */
export const NEVER_ASK = compilePhrases(inAllLanguages(NEVER_ASK_WORDS, 'neverAsk'))

/** Finds the words in a mail whose links and addresses are blotted out: a word in a URL says nothing. */
export function findHits(reading: Reading, blottedLower: string): Hits {
  const claims = [
    ...findPhrases(ONE_TIME, blottedLower).map((span) => ({ ...span, kind: 'one-time' as const })),
    ...findPhrases(ANY_CODE, blottedLower).map((span) => ({ ...span, kind: 'any' as const })),
    ...findPhrases(PROMOTION, blottedLower).map((span) => ({ ...span, kind: 'promotion' as const })),
    ...findPhrases(LABEL, blottedLower).map((span) => ({ ...span, kind: 'label' as const })),
  ]
  const kept = keepLongest(claims)
  return {
    keywords: kept.flatMap(({ kind, start, end }) =>
      kind === 'label' ? [] : [{ kind, start, end, line: findLine(reading.lines, start) }],
    ),
    labels: kept.filter(({ kind }) => kind === 'label'),
    signIn: findPhrases(SIGN_IN, blottedLower),
    secrets: findPhrases(SECRET, blottedLower),
    bargains: findPhrases(BARGAIN, blottedLower),
    isTravel: findPhrases(TRAVEL, blottedLower).length > 0,
    isOneTime: kept.some(({ kind }) => kind === 'one-time'),
  }
}

/** Of words that overlap the longer ones: a `promo code` is no `code`. Of equally long ones those that come first in `spans`. */
function keepLongest<T extends Span>(spans: readonly T[]): T[] {
  const ordered = spans
    .map((span, rank) => ({ span, rank }))
    .sort((a, b) => a.span.start - b.span.start || b.span.end - a.span.end || a.rank - b.rank)
  const kept: T[] = []
  for (const { span } of ordered) {
    const last = kept.at(-1)
    if (!last || span.start >= last.end) kept.push(span)
    else if (span.end - span.start > last.end - last.start) kept[kept.length - 1] = span
  }
  return kept
}

/** The last of `spans` that ends at or before a position, as an index; -1 if none does. */
export function findBefore(spans: readonly Span[], position: number): number {
  let [low, high] = [-1, spans.length - 1]
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((spans[middle]?.end ?? 0) <= position) low = middle
    else high = middle - 1
  }
  return low
}
