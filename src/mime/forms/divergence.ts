/**
 * Whether two forms of a message say different things, and how much stands in only one of them. A person is shown the HTML, so what only the text part says must not
 * be what an agent reads; where the HTML says nothing in words, the text part is all there is to read.
 */

import type { Divergence, OnlyThere } from '../../mail-facts.ts'
import type { HtmlText } from '../html/text.ts'
import { foldText } from '../links/link-words.ts'
import { type ComparedText, readComparedText } from './compared-text.ts'
import { findContradictions } from './contradictions.ts'
import { type HtmlWords, readHtmlWords } from './html-words.ts'
import { findOneSided, type OneSided } from './one-sided.ts'
import { listWords } from './segment.ts'

/** A form of a message; `source` is empty for plain text. */
export type Form = { readonly made: HtmlText; readonly kind: 'plain' | 'html'; readonly source: string }

/** What each form may say of what stands outside of them. */
export type Surroundings = {
  /** Empty when unknown. */
  readonly fromAddress: string
  readonly subject: string
  /** Of who wrote and who is written to: see addressKey. */
  readonly domains: ReadonlySet<string>
}

/** What became of a comparison; `divergence` is null where nothing is to be told. */
export type Comparison = { readonly divergence: Divergence | null; readonly shown: 'first' | 'second' }

/** Pictures speak for HTML whose words are fewer than this share of those of the text part. */
const PICTURES_SHARE = 0.35
/** A text part of fewer words than this may say no more than what the mail is about. */
const MAX_STUB_WORDS = 30
/** And the HTML has this many times as many. */
const STUB_RATIO = 3
/** Of the words of a stub, those that the HTML has too. */
const LEAST_STUB_SHARE = 0.5
/** Fewer are a title. */
const MIN_STUB_WORDS = 3
/** Up to so many words each, two texts are compared to the word. */
const MAX_SHORT_WORDS = 25
/** Of the words of the HTML, those that the text part has too; with fewer it is a short form of the HTML. */
const LEAST_COVERED_SHARE = 0.4

/** Compares a form with the one that stands behind it, which is shown unless it is pictures. Linear in both. */
export function compareForms(first: Form, second: Form, { subject, domains }: Surroundings): Comparison {
  const said = readComparedText(first.made, first.kind)
  const whole = readComparedText(second.made, second.kind)
  if (whole.words.length === 0 && whole.domains.size === 0) return { divergence: null, shown: 'first' }
  const isPictures = second.made.speechlessPictures > 0 && whole.wordSet.size < said.wordSet.size * PICTURES_SHARE
  const allowance = { subjectWords: listWords(foldText(subject)), domains, readHtml: readOnce(second.source) }
  const inFirst = findOneSided(said, whole, { ...allowance, role: 'other' })
  const inSecond = findOneSided(whole, said, { ...allowance, role: 'shown' })
  const contradictions = findContradictions(said, whole)
  const isStub = said.words.length <= MAX_STUB_WORDS && whole.words.length >= said.words.length * STUB_RATIO
  const isShort = Math.max(said.words.length, whole.words.length) <= MAX_SHORT_WORDS
  const isTold =
    contradictions.first > 0 ||
    // What was cut off is in neither: nobody writes so much more text than HTML.
    (said.isCut && !whole.isCut) ||
    (isShort && inFirst.isTelling && (inFirst.words > 0 || inSecond.words > 0)) ||
    leadsElsewhere(inFirst, whole) ||
    (!isPictures && addsSentence(inFirst, isStub ? countStrange(said, whole) : null)) ||
    (inFirst.isTelling && addsMuch(inSecond, isPictures))
  const shown = isPictures ? 'first' : 'second'
  if (!isTold) return { divergence: null, shown }
  const [onlyFirst, onlySecond] = [countOnly(inFirst, contradictions.first), countOnly(inSecond, contradictions.second)]
  return {
    divergence: isPictures
      ? { shown: 'text', onlyShown: onlyFirst, onlyOther: onlySecond }
      : { shown: 'html', onlyShown: onlySecond, onlyOther: onlyFirst },
    shown,
  }
}

function readOnce(source: string): () => HtmlWords {
  let read: HtmlWords | null = null
  return () => {
    read ??= readHtmlWords(source)
    return read
  }
}

function leadsElsewhere(only: OneSided, shown: ComparedText): boolean {
  return only.addresses > 0 || (only.links > 0 && hasDirectLinks(shown))
}

/** `strangeShare` is that of a stub's words that the HTML has nowhere; null for a text that is no stub. */
function addsSentence(only: OneSided, strangeShare: number | null): boolean {
  return strangeShare === null ? only.hasAddition : only.words >= MIN_STUB_WORDS && strangeShare > 1 - LEAST_STUB_SHARE
}

function countStrange({ words }: ComparedText, { wordSet }: ComparedText): number {
  return words.filter((word) => !wordSet.has(word)).length / Math.max(1, words.length)
}

/** The shown text has more than this one; where it has much more, this one is a short form, as many are. */
function addsMuch(only: OneSided, isPictures: boolean): boolean {
  if (only.addresses > 0 && only.words > 0) return true
  return only.hasAddition && (isPictures || only.coveredShare >= LEAST_COVERED_SHARE)
}

/** A sender who counts clicks leads everything through one host, with a long token each; where to cannot be seen. */
const MIN_TRACKED_URL_CHARS = 60
const TRACKED_SHARE = 0.8

function hasDirectLinks({ urls, domains }: ComparedText): boolean {
  const web = urls.filter((url) => /^https?:/i.test(url))
  const tracked = web.filter((url) => url.length >= MIN_TRACKED_URL_CHARS)
  return domains.size > 2 || tracked.length === 0 || tracked.length < web.length * TRACKED_SHARE
}

function countOnly({ words, links, addresses }: OneSided, numbers: number): OnlyThere {
  return { words, links, addresses, numbers }
}
