/**
 * Whether the text part and the HTML part of a message say different things. A person is shown the HTML, so what only the text part says must not be what an
 * agent reads; where the HTML says nothing in words, the text part is all there is to read. Judged by facts and amounts of words, not by phrases, which
 * come in every language.
 */

import { getDomain } from 'tldts'
import { CODE_CONFIDENCE_FLOOR } from '../mail-facts.ts'
import { findCodes } from './codes.ts'
import type { HtmlText } from './html-text.ts'
import { LINK_CLOSE, LINK_END, removeMarks } from './marks.ts'

/** What became of a comparison. */
export type Comparison = {
  readonly isDivergent: boolean
  /** Which of the two a reader gets. */
  readonly shown: 'text' | 'html'
}

/** Compared of each text, in UTF-16 units. */
const MAX_COMPARED_CHARS = 50_000
/** A text part of fewer words than this says that there is HTML, or where, or nothing. */
const MAX_STUB_WORDS = 30
/** And the HTML has this many times as many. */
const STUB_RATIO = 3
/** Pictures speak for HTML whose words are fewer than this share of those of the text part. */
const PICTURES_SHARE = 0.35
/** Of the words of the text part, those that the HTML has too; with fewer the two say different things. */
const LEAST_COMMON_SHARE = 0.5
/** Fewer words are no text to judge. */
const MIN_JUDGED_WORDS = 4

/** Compares the text part of a message with the text made from its HTML part. */
export function compareTexts(plain: HtmlText, html: HtmlText): Comparison {
  const [said, whole] = [readFacts(plain), readFacts(html)]
  if (whole.words.size === 0 && whole.domains.size === 0) return { isDivergent: false, shown: 'text' }
  const isPictures = html.speechlessPictures > 0 && whole.words.size < said.words.size * PICTURES_SHARE
  const isDivergent =
    hasOtherCodes(said, whole) || hasOthers(said.domains, whole.domains, 0) || hasOthers(said.amounts, whole.amounts, 1)
  if (isPictures) return { isDivergent, shown: 'text' }
  return { isDivergent: isDivergent || hasOtherWords(said, whole), shown: 'html' }
}

type Facts = {
  readonly text: string
  readonly words: ReadonlySet<string>
  readonly domains: ReadonlySet<string>
  readonly amounts: ReadonlySet<string>
}

const URL_IN_TEXT = /\bhttps?:\/\/[^\s<>"\])]+/gi
const POSITION = new RegExp(`${LINK_END}\\d{1,9}${LINK_CLOSE}`, 'g')
/** Scripts that put no spaces between words: two characters each are compared. */
const UNSPACED = /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u
const AMOUNT =
  /(?:[$\u20ac\u00a3\u00a5\u20b9\u20bd]|\b(?:usd|eur|gbp|chf|jpy|cad|aud)\b)[\t \u00a0]{0,2}(\d[\d.,'\u00a0]{0,18})|(\d[\d.,'\u00a0]{0,18})[\t \u00a0]{0,2}(?:[$\u20ac\u00a3\u00a5\u20b9\u20bd]|\b(?:usd|eur|gbp|chf|jpy|cad|aud)\b)/gi

function readFacts({ text: marked, urls }: HtmlText): Facts {
  const text = removeMarks(marked.slice(0, MAX_COMPARED_CHARS).replace(POSITION, ' '))
  const links = [...urls, ...(text.match(URL_IN_TEXT) ?? [])].slice(0, MAX_COMPARED_LINKS)
  const bare = text.replace(URL_IN_TEXT, ' ')
  const amounts = [...bare.matchAll(AMOUNT)].map((match) => readAmount(match[1] ?? match[2] ?? ''))
  return {
    text: bare,
    words: new Set((bare.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? []).flatMap(cutWord)),
    domains: new Set(links.flatMap((url) => readDomain(url) ?? [])),
    amounts: new Set(amounts),
  }
}

const MAX_COMPARED_LINKS = 2_000

function cutWord(word: string): string[] {
  if (!UNSPACED.test(word)) return [word]
  const chars = [...word]
  return chars.length < 2 ? chars : chars.slice(1).map((char, at) => `${chars[at] ?? ''}${char}`)
}

function readDomain(url: string): string | null {
  return /^https?:/i.test(url) ? getDomain(url) : null
}

/** 1.234,50 and 1,234.50 are the same; so are 20 and 20.00. */
function readAmount(written: string): string {
  const digits = written.replace(/[.,'\u00a0]+$/, '').replace(/[.,](?:00)$/, '')
  return digits.replace(/[.,'\u00a0]/g, '')
}

/** Whether each has what the other has not, and they have no more than `mostCommon` in common. */
function hasOthers(first: ReadonlySet<string>, second: ReadonlySet<string>, mostCommon: number): boolean {
  const common = countCommon(first, second)
  return common <= mostCommon && common < first.size && common < second.size
}

function countCommon(first: ReadonlySet<string>, second: ReadonlySet<string>): number {
  return [...first].filter((item) => second.has(item)).length
}

/** Whether each asks for a code that the other does not have anywhere. */
function hasOtherCodes(said: Facts, whole: Facts): boolean {
  const [first, second] = [listCodes(said), listCodes(whole)]
  return first.some((code) => !hasCode(whole, code)) && second.some((code) => !hasCode(said, code))
}

function listCodes({ text }: Facts): string[] {
  return findCodes({ subject: '', text })
    .filter(({ confidence }) => confidence > CODE_CONFIDENCE_FLOOR)
    .map(({ code }) => code)
}

function hasCode({ text }: Facts, code: string): boolean {
  return text.replace(/[^\p{L}\p{N}]/gu, '').includes(code)
}

function hasOtherWords(said: Facts, whole: Facts): boolean {
  if (said.words.size < MIN_JUDGED_WORDS || whole.words.size === 0) return false
  const common = countCommon(said.words, whole.words)
  const isStub = said.words.size <= MAX_STUB_WORDS && whole.words.size >= said.words.size * STUB_RATIO
  if (isStub) return common === 0 && said.words.size >= MAX_STUB_WORDS / 2
  return common < said.words.size * LEAST_COMMON_SHARE && common < whole.words.size * LEAST_COMMON_SHARE
}
