/** What has the form of a code, and the words around it -> how sure it is one, and why. */

import { CODE_CONFIDENCE_FLOOR } from '../../mail-facts.ts'
import type { Candidate } from './candidates.ts'
import { isDenied } from './denial.ts'
import { findBefore, type Hits, type Keyword, NEVER_ASK, SPENT, YOUR } from './hits.ts'
import { isOfAKind, isOfTheThing } from './kinds.ts'
import { findPhrases } from './lexicon.ts'
import type { Reading } from './reading.ts'
import { isAskedFor, type Place, type Relation, relate } from './relation.ts'
import type { Span } from './word-index.ts'

/** Why something is thought to be a code: all that is ever said. */
export const CODE_REASONS = {
  'after one-time': 'after words for a one-time code',
  'before one-time': 'before words for a one-time code',
  'own line after one-time': 'on its own line, after words for a one-time code',
  'own line before one-time': 'on its own line, before words for a one-time code',
  'near one-time': 'near words for a one-time code',
  'after any': 'after a word for code, in a mail about signing in or confirming',
  'before any': 'before a word for code, in a mail about signing in or confirming',
  'own line after any': 'on its own line, after a word for code, in a mail about signing in or confirming',
  'own line before any': 'on its own line, before a word for code, in a mail about signing in or confirming',
  'near any': 'near a word for code',
  yours: 'by words for a code of yours, in a mail that does not say what it is for',
  'no purpose': 'by a word for code, in a mail that does not say what it is for',
  'of a kind': 'after a word for a code of another kind',
  'no word': 'asked to be typed in, without a word for code',
  promotion: 'a code for a discount or an invitation, not a one-time code',
  travel: 'names a booking rather than being a one-time code',
  quoted: 'in quoted history',
  spent: 'by words for a code that counts no more',
  'never asked': 'in a sentence about never asking for codes',
  'better one': 'another number by the same words as a surer one',
} as const

/** A judged candidate. */
export type Verdict = {
  readonly candidate: Candidate
  readonly confidence: number
  readonly reason: keyof typeof CODE_REASONS
  readonly keyword: Keyword | null
}

/** Words for code looked at on either side of a candidate. */
const MAX_KEYWORDS_BESIDE = 4
/** Least sureness worth telling. */
const LEAST = 0.3

/** Judges one candidate; null when nothing speaks for it. `candidates` are all of the mail that are not said to be another number. */
export function judge(
  candidate: Candidate,
  at: number,
  candidates: readonly Candidate[],
  hits: Hits,
  reading: Reading,
): Verdict | null {
  if (isDenied(candidate, reading.lower)) return null
  const verdicts = listKeywords(candidate, hits.keywords).flatMap((keyword) => {
    const relation = relate(candidate, keyword, reading, isOtherBetween(candidate, at, candidates, keyword))
    if (relation === null) return []
    const confidence = weigh(candidate, keyword, relation, hits, reading)
    return confidence.sureness < LEAST ? [] : [{ candidate, confidence: confidence.sureness, reason: confidence.reason, keyword }]
  })
  const best =
    verdicts.toSorted((first, second) => second.confidence - first.confidence)[0] ?? judgeWithoutWord(candidate, hits, reading)
  return best && lower(best, reading)
}

/** The nearest words on either side. */
function listKeywords(candidate: Candidate, keywords: readonly Keyword[]): Keyword[] {
  const last = findBefore(keywords, candidate.start)
  const beside = keywords.slice(Math.max(0, last + 1 - MAX_KEYWORDS_BESIDE), last + 1 + MAX_KEYWORDS_BESIDE)
  const inSubject = keywords[0]
  return inSubject && inSubject.line === 0 && !beside.includes(inSubject) ? [inSubject, ...beside] : beside
}

function isOtherBetween(candidate: Candidate, at: number, candidates: readonly Candidate[], keyword: Keyword): boolean {
  const other = keyword.end <= candidate.start ? candidates[at - 1] : candidates[at + 1]
  if (!other || (other.shape !== 'digits' && other.shape !== 'mixed')) return false
  return other.start >= keyword.end ? other.end <= candidate.start : other.start >= candidate.end && other.end <= keyword.start
}

/** Years and dates have the form of a code: only words that leave no doubt make them one. */
function isLikeDate({ code, shape }: Candidate): boolean {
  return shape === 'digits' && /^(?:19|20)\d\d(?:(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))?$/.test(code)
}

const SHAPE_COSTS: Readonly<Record<Candidate['shape'], number>> = {
  digits: 0,
  mixed: 0.03,
  'mixed-case': 0.12,
  'letter-groups': 0.12,
  letters: 0.3,
  words: 0.3,
}

function weigh(
  candidate: Candidate,
  keyword: Keyword,
  relation: Relation,
  hits: Hits,
  reading: Reading,
): { sureness: number; reason: Verdict['reason'] } {
  const { place, isExplicit } = relation
  const isOfLetters = ['letters', 'letter-groups', 'words'].includes(candidate.shape)
  const isUnclear = isLikeDate(candidate) || candidate.shape === 'mixed-case' || isOfLetters
  if (isUnclear && !isExplicit) return { sureness: 0, reason: 'near any' }
  if (candidate.shape === 'words' && keyword.kind !== 'one-time') return { sureness: 0, reason: 'near any' }
  if (isOfLetters && !isPresented(candidate, keyword, place, reading)) return { sureness: 0, reason: 'near any' }
  const cost =
    SHAPE_COSTS[candidate.shape] +
    (isLikeDate(candidate) ? 0.2 : 0) +
    (candidate.code.length === 6 ? 0 : candidate.code.length > 8 ? 0.06 : 0.01)
  const sureness = relation.sureness - cost
  const isBareYear = isLikeDate(candidate) && /^ *\p{L}/v.test(reading.lower.slice(candidate.end, candidate.end + 4))
  const cap = (reason: Verdict['reason'], most = CODE_CONFIDENCE_FLOOR) => ({ sureness: Math.min(sureness, most), reason })
  if (isBareYear && place === 'after' && /^ *$/.test(reading.lower.slice(keyword.end, candidate.start))) return cap('near any')
  if (keyword.kind === 'promotion') return cap('promotion', 0.4)
  if (hits.isTravel && candidate.shape !== 'digits' && !isSignIn(keyword, hits)) return cap('travel', 0.4)
  if (isOfTheThing(keyword, reading)) return cap('of a kind')
  if (keyword.kind === 'one-time') return { sureness, reason: `${place} one-time` }
  if (isBargain(candidate, keyword, hits, reading)) return cap('promotion', 0.4)
  if (!isSignIn(keyword, hits))
    return isExplicit && (isYours(keyword, reading) || isAskedFor(keyword, reading.lower))
      ? { sureness: sureness - 0.25, reason: 'yours' }
      : cap('no purpose')
  if (isOfAKind(keyword, reading) && !hasWithin(hits.secrets, keyword, SECRET_DISTANCE)) return cap('of a kind')
  return { sureness: sureness - 0.1, reason: `${place} any` }
}

/** A word in capitals, or a compound, is a code only where a colon or a word says so, or a line of its own follows one. */
function isPresented(candidate: Candidate, keyword: Keyword, place: Place, { text, lines }: Reading): boolean {
  const between = text.slice(keyword.end, candidate.start)
  const line = lines[candidate.lastLine]
  const endsLine = !/[\p{L}\p{N}]/v.test(text.slice(candidate.end, Math.min(line?.end ?? candidate.end, candidate.end + 200)))
  if (place === 'after') return endsLine && /^[^\p{L}\p{N}]*[:=][^\p{L}\p{N}]*$|^[ ]*(?:is|ist|est|es|e)[: ]*$/v.test(between)
  return place === 'own line after' && /[:：]\s*$/.test(between)
}

/** How near a code is said to be secret or short-lived, in UTF-16 units. */
const SECRET_DISTANCE = 300
/** "Your code is 482913" may be all that a mail says. */
function isYours({ start, end }: Keyword, { lower }: Reading): boolean {
  return findPhrases(YOUR, lower.slice(Math.max(0, start - 12), Math.min(lower.length, end + 10))).length > 0
}

/** Far enough for a mail to say what its code is for, in UTF-16 units. */
const PURPOSE_DISTANCE = 1_500

function isSignIn(keyword: Keyword, { signIn }: Hits): boolean {
  return hasWithin(signIn, keyword, PURPOSE_DISTANCE) || (signIn[0]?.start ?? Number.POSITIVE_INFINITY) < 120
}

function isBargain(candidate: Candidate, keyword: Keyword, { bargains, isOneTime }: Hits, { lower }: Reading): boolean {
  const isNear = hasWithin(bargains, keyword, 120) || hasWithin(bargains, candidate, 60)
  const percent = lower.slice(Math.max(0, keyword.start - 100), keyword.end + 100).search(/\d ?%/)
  return (isNear || percent >= 0) && !isOneTime
}

function hasWithin(spans: readonly Span[], { start, end }: Span, distance: number): boolean {
  const at = findBefore(spans, start)
  return (
    start - (spans[at]?.end ?? Number.NEGATIVE_INFINITY) <= distance ||
    (spans[at + 1]?.start ?? Number.POSITIVE_INFINITY) - end <= distance
  )
}

/** "Enter 482913 to confirm your address." */
function judgeWithoutWord(candidate: Candidate, hits: Hits, { lower, lines }: Reading): Verdict | null {
  const { shape, code, isAlone, firstLine, start } = candidate
  if (shape !== 'digits' || code.length < 5 || code.length > 8 || isLikeDate(candidate)) return null
  if (!hasWithin(hits.signIn, candidate, 200) || hasWithin(hits.bargains, candidate, 200)) return null
  const above = lines[firstLine - 1]
  const isAnnounced =
    isAlone && above !== undefined && /:[ *_]*$/.test(lower.slice(Math.max(above.start, above.end - 8), above.end))
  const isAsked = isAskedFor(candidate, lower) && start > 0
  if (!isAsked && !(isAnnounced && isAskedFor({ start: above.end, end: above.end }, lower.slice(0, above.end)))) return null
  return { candidate, confidence: 0.6, reason: 'no word', keyword: null }
}

/** What stands between the name of a number and the number. */
const LABEL_GAP =
  /^[\s#:.=\|№º°*_\(\)\[\-–>]*(?:(?:number|no|nr|num|id|code|is|are|was|ist|lautet|est|es|e|ar|er|on|ειναι|это|הוא|adalah|là)[\s#:.=]*){0,2}$/v

/** "The code for your account is 482913". */
const IS = /^ (?:is|ist|lautet|er|är|on|is de|est|es|é|è|to|je|это|є|είναι)(?![\p{L}])/v
const NUMBER_NAME = /(?:nummer|number|numero|номер|nr|no|id|号|號)$/

/** Whether it is said to be another number: of an order, a telephone, a ticket. */
export function isLabelled({ start, firstLine }: Candidate, { labels, keywords }: Hits, { lower, lines }: Reading): boolean {
  const label = labels[findBefore(labels, start)]
  if (!label || start - label.end > 40) return false
  const gap = lower.slice(label.end, start)
  if (!LABEL_GAP.test(gap) && !/^(?:[は為为是:이는은가] ?|ของคุณ(?:คือ)? ?)$/v.test(gap)) return false
  // "Your code to get back into your account: 482913".
  const keyword = keywords[findBefore(keywords, label.start)]
  const isOfKeyword =
    keyword !== undefined && keyword.kind !== 'promotion' && /^[\p{L} ]{1,80}$/v.test(lower.slice(keyword.end, label.start))
  const isLed = /^ ?(?:\p{L}{1,8} ?)?:/v.test(gap) || (keyword?.kind === 'one-time' && IS.test(gap))
  if (isOfKeyword && isLed && !NUMBER_NAME.test(lower.slice(label.start, label.end))) return false
  if (!gap.includes('\n')) return true
  // On the line above: only where that line is nothing but the name.
  const above = lines[firstLine - 1]
  return above !== undefined && label.end <= above.end && label.start - above.start < 24 && !gap.includes('\n\n\n')
}

/** Things said around it that take away from it. */
function lower(verdict: Verdict, reading: Reading): Verdict {
  const { candidate, confidence } = verdict
  const cap = (reason: Verdict['reason'], most: number) =>
    confidence > most ? { ...verdict, confidence: most, reason } : verdict
  if (reading.lines[candidate.firstLine]?.isQuoted) return cap('quoted', 0.45)
  const before = sentenceBefore(reading.lower, candidate.start)
  if (findPhrases(NEVER_ASK, before).length > 0) return cap('never asked', 0.35)
  const after = reading.lower.slice(candidate.end, candidate.end + 50).split(/[.!?。;,\n]/v)[0] ?? ''
  if (findPhrases(SPENT, after).length > 0 || findPhrases(SPENT, before.slice(-48)).length > 0) return cap('spent', 0.35)
  return verdict
}

function sentenceBefore(text: string, end: number): string {
  return (
    text
      .slice(Math.max(0, end - 160), end)
      .split(/[.!?।](?=\s)|\n\n/v)
      .at(-1) ?? ''
  )
}
