/** How a word for code and something of its form stand to each other: how sure that makes us, from 0 to 1. */

import type { Candidate } from './candidates.ts'
import { ENTER, EXAMPLE, type Keyword } from './hits.ts'
import { inAllLanguages } from './languages.ts'
import { compilePhrases, findPhrases } from './lexicon.ts'
import type { Reading } from './reading.ts'
import type { Span } from './word-index.ts'

/** How they stand. */
export type Place = 'after' | 'before' | 'own line after' | 'own line before' | 'near'

/** A candidate seen from one word. */
export type Relation = { readonly sureness: number; readonly place: Place; readonly isExplicit: boolean }

/** Farthest that a word may stand from a code in the same or the next sentence, in UTF-16 units. */
const MAX_DISTANCE = 160
/** Lines of text between a word and a code on a line of its own: sureness by how many lines on it stands. */
const OWN_LINE_AFTER = [0, 0.95, 0.9, 0.85, 0.75, 0.65]
const OWN_LINE_BEFORE = [0, 0.88, 0.8, 0.65]
/** Same for a word in the subject, however far. */
const OWN_LINE_UNDER_SUBJECT = 0.75
const MAX_LINES_UNDER_SUBJECT = 25

/** Words that lead from a word for code to the code. */
export const LEADS = compilePhrases(
  inAllLanguages(
    {
      spaced: [
        '(is|are|being|din|ditt|ist|lautet|heißt|lauten|est|es|son|est le|é|sono|è|is de|är|er|brzmi|je|zní|это|є|είναι|הוא|है|là|adalah|ialah|yaitu|below|following|here|here it is|folgende*)',
      ],
      joined: ['هو', 'هي', '是', '为', '為', '爲', 'は', 'が', '는', '은', 'คือ'],
    },
    'leads',
  ),
)
/** Is, in Finnish, Polish and Czech; in English they lead elsewhere. */
const LEADS_NOT_IN_ENGLISH = /(?<!\p{L})(?:on|to)$/v
/** Signs that do. */
const LEADING_SIGN = /[:=>\|»"'“„«‹「『【*_\-–—→\n]\s*$/v
/** Words and signs that lead from a code to the word for it. */
const LEADS_BACK = compilePhrases({
  spaced: [
    '(is|ist|lautet|est|es|é|è|är|er|on|to|je|это|є|είναι|הוא|है|là|adalah|as|als|comme|como|come|jako|som|ως|olarak|के रूप में|sebagai|làm|to|um|zum|zur|pour|para|per|voor|för|til|do|pro|k|чтобы|для|щоб|για|için|כדי|untuk|để)',
  ],
  joined: [
    'هو',
    'هي',
    '是',
    '为',
    '為',
    'は',
    'が',
    'を',
    'で',
    '는',
    '은',
    '가',
    '이',
    '을',
    '를',
    'คือ',
    'เป็น',
    'として',
    '作为',
    '作為',
    '입니다',
    '(으)로',
  ],
})
/** A sign that opens an explanation; a comma only ends what was before. */
const LEADS_BACK_SIGN = /^[^\p{L}\p{N},; ]+ ?$|^\s*["'”»」』】\)\]*_]*\s*[\-–—:=\|\(]/v
const SENTENCE_END = /[.!?](?=[\s\ufffc]|$)|[।؟።։]|\n[ >]*\n/gv
const ENDS_HERE = /^\s*["'”“»›」』】\)\]*_]*\s*(?:[.,;!?\|।،\-–—\(]|\n|$)/v

/** Null when they have nothing to do with each other. */
export function relate(candidate: Candidate, keyword: Keyword, reading: Reading, hasOther: boolean): Relation | null {
  return keyword.end <= candidate.start
    ? relateAfter(candidate, keyword, reading, hasOther)
    : relateBefore(candidate, keyword, reading, hasOther)
}

/** The word stands first. */
function relateAfter(candidate: Candidate, keyword: Keyword, reading: Reading, hasOther: boolean): Relation | null {
  const { lower, subjectEnd } = reading
  const lineSteps = candidate.firstLine - keyword.line
  if (candidate.isAlone && lineSteps > 0) {
    const isUnderSubject = keyword.end <= subjectEnd && lineSteps <= MAX_LINES_UNDER_SUBJECT
    const sureness = Math.max(OWN_LINE_AFTER[lineSteps] ?? 0, isUnderSubject ? OWN_LINE_UNDER_SUBJECT : 0)
    return sureness > 0 ? { sureness, place: 'own line after', isExplicit: lineSteps === 1 } : null
  }
  if (candidate.start - keyword.end > MAX_DISTANCE) return null
  const between = lower.slice(keyword.end, candidate.start)
  const ends = between.match(SENTENCE_END)?.length ?? 0
  const isLed = leadsTo(between, lower.slice(keyword.start, keyword.end))
  const isEntered = isAskedFor(candidate, lower)
  if (ends > 1 || hasOther) return { sureness: 0.4, place: 'near', isExplicit: false }
  if (findPhrases(EXAMPLE, between.slice(-16)).length > 0) return { sureness: 0.3, place: 'near', isExplicit: false }
  if (ends === 1) return { sureness: isEntered ? 0.8 : LEADING_SIGN.test(between) ? 0.7 : 0.35, place: 'near', isExplicit: false }
  const isClose = !/[\p{L}\p{N}]/v.test(between)
  if (isClose || isLed) return { sureness: isClose || between.length < 60 ? 0.95 : 0.85, place: 'after', isExplicit: true }
  if (isEntered) return { sureness: 0.85, place: 'after', isExplicit: false }
  const isShort = (between.match(/[\p{L}\p{N}]+/gv)?.length ?? 0) <= 3
  return {
    sureness: isShort && ENDS_HERE.test(lower.slice(candidate.end, candidate.end + 8)) ? 0.6 : 0.4,
    place: 'near',
    isExplicit: false,
  }
}

/** The code stands first. */
function relateBefore(candidate: Candidate, keyword: Keyword, { lower }: Reading, hasOther: boolean): Relation | null {
  const lineSteps = keyword.line - candidate.lastLine
  if (candidate.isAlone && lineSteps > 0) {
    const sureness = OWN_LINE_BEFORE[lineSteps] ?? 0
    return sureness > 0 ? { sureness, place: 'own line before', isExplicit: lineSteps === 1 } : null
  }
  if (keyword.start - candidate.end > MAX_DISTANCE) return null
  const between = lower.slice(candidate.end, keyword.start)
  const ends = between.match(SENTENCE_END)?.length ?? 0
  // In Turkish, Hindi and others the verb stands behind both.
  const isEntered = isAskedFor(candidate, lower) || (/^ ?$/.test(between) && isAskedFor(keyword, lower))
  if (ends > 0 || hasOther) return ends === 1 && isEntered ? { sureness: 0.66, place: 'near', isExplicit: false } : null
  const isLed = isApposed(between, candidate, lower) || LEADS_BACK_SIGN.test(between) || startsWithLead(between)
  if (isLed || isEntered)
    return { sureness: between.length < 60 ? 0.94 : 0.8, place: 'before', isExplicit: isLed && between.length < 60 }
  return { sureness: 0.35, place: 'near', isExplicit: false }
}

/** Whether the text right before a code says: here it comes. */
function leadsTo(between: string, word: string): boolean {
  if (LEADING_SIGN.test(between)) return true
  const tail = between.replace(/["'“„«「『【\(\[*_\s]+$/v, '').slice(-24)
  if (LEADS_NOT_IN_ENGLISH.test(tail) && !/code|pass|otp/.test(word)) return true
  return findPhrases(LEADS, tail).some(({ end }) => end === tail.length)
}

/** `482913 verification code` at the start of a line; elsewhere that many codes may be meant. */
function isApposed(between: string, { start }: Candidate, lower: string): boolean {
  return (
    /^ ?$/.test(between) &&
    (start === 0 || /[\n>|\u3000-\u9fff\uac00-\ud7af]\s*$/.test(lower.slice(Math.max(0, start - 4), start)))
  )
}

function startsWithLead(between: string): boolean {
  const head = between.replace(/^["'”»」』】\)\]*_\s]+/v, '').slice(0, 24)
  return findPhrases(LEADS_BACK, head).some(({ start }) => start === 0)
}

/** Whether somebody asks, right before or behind it, to type it in. */
export function isAskedFor({ start, end }: Span, lower: string): boolean {
  const before =
    lower
      .slice(Math.max(0, start - 32), start)
      .split(SENTENCE_END)
      .at(-1) ?? ''
  const after = lower.slice(end, end + 20).split(SENTENCE_END)[0] ?? ''
  return findPhrases(ENTER, before).length > 0 || findPhrases(ENTER, after).length > 0
}
