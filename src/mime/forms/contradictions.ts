/** Numbers that two texts give for the same thing: codes, amounts, and what stands behind the same words. */

import { CODE_CONFIDENCE_FLOOR } from '../../mail-facts.ts'
import { findCodes } from '../codes.ts'
import type { ComparedText } from './compared-text.ts'

const AMOUNT =
  /(?:[$\u20ac\u00a3\u00a5\u20b9\u20bd]|\b(?:usd|eur|gbp|chf|jpy|cad|aud)\b)[\t \u00a0]{0,2}(\d[\d.,'\u00a0]{0,18})|(\d[\d.,'\u00a0]{0,18})[\t \u00a0]{0,2}(?:[$\u20ac\u00a3\u00a5\u20b9\u20bd]|\b(?:usd|eur|gbp|chf|jpy|cad|aud)\b)/gi
/** Codes are looked for in so much of a text, in UTF-16 units. */
const MAX_CODE_CHARS = 20_000

/** How many numbers each has that the other has not; where one of the two has none, they only differ in what they leave out. */
export type Contradictions = { readonly first: number; readonly second: number }

/** Finds them in two texts. */
export function findContradictions(first: ComparedText, second: ComparedText): Contradictions {
  const found = [
    compareCodes(first, second),
    countBoth(listAmounts(first), listAmounts(second), listNumbers(first), listNumbers(second)),
    compareBehindWords(first, second),
  ]
  const told = found.filter((one) => one.first > 0 && one.second > 0)
  return { first: Math.max(0, ...told.map((one) => one.first)), second: Math.max(0, ...told.map((one) => one.second)) }
}

/** The second is looked through only where it matters: codes are the dearest to find. */
function compareCodes(first: ComparedText, second: ComparedText): Contradictions {
  const missing = countMissing(listCodes(first), closeUp(second))
  return { first: missing, second: missing === 0 ? 0 : countMissing(listCodes(second), closeUp(first)) }
}

/** What a number may be found in. */
type Haystack = { readonly has: (number: string) => boolean }

function countBoth(
  inFirst: ReadonlySet<string>,
  inSecond: ReadonlySet<string>,
  first: Haystack,
  second: Haystack,
): Contradictions {
  return { first: countMissing(inFirst, second), second: countMissing(inSecond, first) }
}

function countMissing(numbers: ReadonlySet<string>, there: Haystack): number {
  return [...numbers].filter((number) => !there.has(number)).length
}

/** The digits of a code may stand apart. */
function closeUp({ bare }: ComparedText): Haystack {
  const closed = bare.replace(/[^\p{L}\p{N}]/gu, '')
  return { has: (number) => closed.includes(number) }
}

/** A mail has few, and each is looked for in the whole of the other text. */
const MAX_CODES = 20

function listCodes({ bare }: ComparedText): Set<string> {
  const codes = findCodes({ subject: '', text: bare.slice(0, MAX_CODE_CHARS) }).filter(
    ({ confidence }) => confidence > CODE_CONFIDENCE_FLOOR,
  )
  return new Set(codes.slice(0, MAX_CODES).map(({ code }) => code))
}

const NUMBER = /\d[\d.,'\u00a0]{0,18}/g

function listAmounts({ bare }: ComparedText): Set<string> {
  return new Set([...bare.matchAll(AMOUNT)].map((match) => readAmount(match[1] ?? match[2] ?? '')))
}

/** What is an amount here may stand there without its currency. */
function listNumbers({ bare }: ComparedText): Set<string> {
  return new Set([...bare.matchAll(NUMBER)].map(([number]) => readAmount(number)))
}

/** 1.234,50 and 1,234.50 are the same; so are 20 and 20.00. */
function readAmount(written: string): string {
  const digits = written.replace(/[.,'\u00a0]+$/, '').replace(/[.,](?:00)$/, '')
  return digits.replace(/[.,'\u00a0]/g, '')
}

/** Behind the same two words, each text has a number that the other has nowhere. */
function compareBehindWords(first: ComparedText, second: ComparedText): Contradictions {
  const behind = listBehindWords(second)
  let count = 0
  for (const [words, number] of listBehindWords(first)) {
    const other = behind.get(words)
    if (other !== undefined && !second.wordSet.has(number) && !first.wordSet.has(other)) count++
  }
  return { first: count, second: count }
}

const LONG_NUMBER = /\d\D*\d\D*\d\D*\d/

function listBehindWords({ words }: ComparedText): Map<string, string> {
  const found = new Map<string, string>()
  words.forEach((word, at) => {
    const [before, earlier] = [words[at - 1], words[at - 2]]
    if (before === undefined || earlier === undefined || !LONG_NUMBER.test(word)) return
    const key = `${earlier} ${before}`
    if (!found.has(key)) found.set(key, word)
  })
  return found
}
