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

/** Reads a text that was plain, or made from HTML: there each line is a block, here lines are wrapped anywhere. */
export function readComparedText({ text: marked, urls }: HtmlText, kind: 'plain' | 'html'): ComparedText {
  const isCut = marked.length > MAX_COMPARED_CHARS
  const text = marked.slice(0, MAX_COMPARED_CHARS).replace(PLACEHOLDER, ' ')
  const blocks = kind === 'html' ? text.split('\n') : text.split(PARAGRAPH_END)
  const segments: Segment[] = []
  const bare: string[] = []
  const found = new Set<string>()
  let start = 0
  const sentences = blocks.flatMap((text, block) => {
    const cells = text.split(' | ').length
    return text.split(SENTENCE_END).map((sentence) => ({ sentence, block, cells }))
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
  const rows = new Set(others.flatMap((other) => listRows(other)))
  const known = new Set(others.flat())
  const covered = words.map(() => false)
  for (let at = 0; at + ROW <= words.length; at++) {
    if (rows.has(words.slice(at, at + ROW).join(' '))) covered.fill(true, at, at + ROW)
  }
  // Too few to be in company: a cell, a button.
  for (const { start, words: few } of segments) {
    if (few.length >= ROW && words.length >= ROW) continue
    few.forEach((word, at) => {
      covered[start + at] ||= known.has(word)
    })
  }
  return covered
}

function listRows(words: readonly string[]): string[] {
  return words.slice(ROW - 1).map((_, at) => words.slice(at, at + ROW).join(' '))
}
