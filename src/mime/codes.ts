/**
 * Finds what is to be typed in somewhere. A number alone says nothing, so words lead: what has the form of a code counts by how it stands to a word for
 * code, and not at all where another word says that it is the number of an order or a telephone.
 */

import { CODE_CONFIDENCE_FLOOR, type Fold, type MailCode } from '../mail-facts.ts'
import { type Candidate, findCandidates } from './codes/candidates.ts'
import { findHits, type Hits } from './codes/hits.ts'
import { CODE_REASONS, isLabelled, judge, type Verdict } from './codes/judge.ts'
import { chooseLifetime, findLifetimes } from './codes/lifetime.ts'
import { blotOut } from './codes/mask.ts'
import { layOut, type Reading } from './codes/reading.ts'

/** Most codes of a mail that are told: one is usual, a list to recover an account by has ten and is no use in part. */
export const MAX_FOUND_CODES = 5

/** What codes are looked for in. */
export type CodeSource = {
  readonly subject: string
  /** Readable text: with marks [n] of links, and their list at the end. */
  readonly text: string
  /** Folds of the text: what was quoted is a code of then. */
  readonly folds?: readonly Fold[]
}

/** Surest first, at most MAX_FOUND_CODES. Time is linear in the text, of which MAX_SEARCHED_CHARS are read. */
export function findCodes({ subject, text, folds = [] }: CodeSource): MailCode[] {
  const reading = layOut(subject, text, folds)
  const blotted = blotOut(reading)
  const hits = findHits(reading, blotted.toLowerCase())
  if (hits.keywords.length === 0 && hits.signIn.length === 0) return []
  const candidates = findCandidates(reading, blotted)
  const lifetimes = findLifetimes(reading)
  return rank(judgeAll(candidates, hits, reading)).map(({ candidate, confidence, reason }) => ({
    code: candidate.code,
    confidence: Math.round(confidence * 100) / 100,
    reason: CODE_REASONS[reason],
    expiresInSeconds: chooseLifetime(lifetimes, candidate.start),
  }))
}

function judgeAll(candidates: readonly Candidate[], hits: Hits, reading: Reading): Verdict[] {
  const possible = candidates.filter((candidate) => !isLabelled(candidate, hits, reading))
  return possible.flatMap((candidate, at) => judge(candidate, at, possible, hits, reading) ?? [])
}

/** One verdict a code, surest first; of several that the same words speak for, one is meant. */
function rank(verdicts: readonly Verdict[]): Verdict[] {
  const ranked: Verdict[] = []
  const codes = new Set<string>()
  for (const verdict of verdicts.toSorted((first, second) => second.confidence - first.confidence)) {
    const { code } = verdict.candidate
    if (codes.has(code)) continue
    codes.add(code)
    const isSurpassed = verdict.keyword !== null && ranked.some(({ keyword }) => keyword?.start === verdict.keyword?.start)
    ranked.push(
      isSurpassed && verdict.confidence > CODE_CONFIDENCE_FLOOR ? { ...verdict, confidence: 0.4, reason: 'better one' } : verdict,
    )
  }
  return ranked.toSorted((first, second) => second.confidence - first.confidence).slice(0, MAX_FOUND_CODES)
}
