/** A text as it is compared with another one that should say the same, and which of its words that one has too. */

import type { HtmlText } from '../html/text.ts'
import { readSegment, type Segment } from './segment.ts'

/** A text to be compared. */
export type ComparedText = {
  /** Without URLs and addresses, as written. */
  readonly bare: string
  readonly segments: readonly Segment[]
  readonly words: readonly string[]
  readonly wordSet: ReadonlySet<string>
  /** All links, also those behind words. */
  readonly urls: readonly string[]
  readonly domains: ReadonlySet<string>
  readonly addresses: ReadonlySet<string>
  /** It is longer than what is compared. */
  readonly isCut: boolean
}

/** Compared of each text, in UTF-16 units. */
const MAX_COMPARED_CHARS = 100_000
const MAX_COMPARED_LINKS = 2_000

/** What programs put for a picture, and numbers of footnotes that are links. */
const PLACEHOLDER = /\[cid:[^\s\]]{0,200}\]|\[(?:inline )?image:?|\[\d{1,3}\]|\(picture\)/gi

const PARAGRAPH_END = /\n[\t >]*\n/
const SENTENCE_END = /(?<=[.!?\u2026\u061f\u0964][)"'\u201d\u2019]?)\s+|(?<=[\u3002\uff01\uff1f\uff61])/u

/** Most lines have none, and to find that out costs less than to split. */
const ENDS_SENTENCE = /[.!?\u2026\u061f\u0964\u3002\uff01\uff1f\uff61]/

/** Reads a text that was plain, or made from HTML: there each line is a block, here lines are wrapped anywhere. */
export function readComparedText({ text: marked, urls }: HtmlText, kind: 'plain' | 'html'): ComparedText {
  const isCut = marked.length > MAX_COMPARED_CHARS
  const kept = marked.slice(0, MAX_COMPARED_CHARS)
  const text = /[[(]/.test(kept) ? kept.replace(PLACEHOLDER, ' ') : kept
  const blocks = kind === 'html' ? text.split('\n') : text.split(PARAGRAPH_END)
  const segments: Segment[] = []
  const bare: string[] = []
  const found = new Set<string>()
  let start = 0
  const sentences = blocks.flatMap((text, block) => {
    const cells = text.split(' | ').length
    return (ENDS_SENTENCE.test(text) ? text.split(SENTENCE_END) : [text]).map((sentence) => ({ sentence, block, cells }))
  })
  for (const { sentence, block, cells } of sentences) {
    const { segment, bare: words, links } = readSegment(sentence, urls, { start, block, cells })
    for (const url of links) if (found.size < MAX_COMPARED_LINKS) found.add(url)
    if (segment.words.length === 0 && segment.domains.length === 0 && segment.addresses.length === 0) continue
    segments.push(segment)
    bare.push(words)
    start += segment.words.length
  }
  const words = segments.flatMap((segment) => segment.words)
  return {
    bare: bare.join('\n'),
    segments,
    words,
    wordSet: new Set(words),
    urls: [...found],
    domains: new Set(segments.flatMap(({ domains }) => domains)),
    addresses: new Set(segments.flatMap(({ addresses }) => addresses)),
    isCut,
  }
}

/** Words in a row that must stand in the other text too. */
const ROW = 3

/** For each word whether it stands in one of the others, in the company that it has here. */
export function findCovered(
  { words, segments }: Pick<ComparedText, 'words' | 'segments'>,
  others: readonly (readonly string[])[],
): boolean[] {
  const { numbers, rows } = numberRows(others)
  const known = words.map((word) => numbers.get(word) ?? 0)
  const covered = words.map(() => false)
  for (let at = 0; at + ROW <= words.length; at++) {
    const row = rowOf(known, at, numbers.size)
    if (row > 0 && rows.has(row)) covered.fill(true, at, at + ROW)
  }
  // Too few to be in company: a cell, a button.
  for (const { start, words: few } of segments) {
    if (few.length >= ROW && words.length >= ROW) continue
    few.forEach((word, at) => {
      covered[start + at] ||= numbers.has(word)
    })
  }
  return covered
}

/** Every word by a number from 1, and of every row of them one: to join words costs more. */
function numberRows(texts: readonly (readonly string[])[]): { numbers: ReadonlyMap<string, number>; rows: ReadonlySet<number> } {
  const numbers = new Map<string, number>()
  const numbered = texts.map((words) =>
    words.map((word) => {
      const number = numbers.get(word) ?? numbers.size + 1
      numbers.set(word, number)
      return number
    }),
  )
  const rows = new Set<number>()
  for (const known of numbered) {
    for (let at = 0; at + ROW <= known.length; at++) rows.add(rowOf(known, at, numbers.size))
  }
  return { numbers, rows }
}

/**
 * The three words from there on, of as many as there are in all; 0 where one of them has no number. Of 200,000 words, which two compared texts cannot have, it would still
 * be a whole number.
 */
function rowOf(known: readonly number[], at: number, count: number): number {
  const [first = 0, second = 0, third = 0] = [known[at], known[at + 1], known[at + 2]]
  return first === 0 || second === 0 || third === 0 ? 0 : (first * (count + 1) + second) * (count + 1) + third
}
