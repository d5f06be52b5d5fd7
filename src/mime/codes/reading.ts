/** A mail laid out for the search: folded, cut at the bound, without its list of links, in lines. */

import type { Fold } from '../../mail-facts.ts'
import { foldText, lowerFolded } from './fold.ts'

/** A line; the blank ones are left out. */
export type Line = {
  readonly start: number
  readonly end: number
  /** Begins with `>`, or is in a quote that is folded: somebody said it before. */
  readonly isQuoted: boolean
  /** A blank line stands before it. */
  readonly isAfterBlank: boolean
}

/** Subject and text as one text: the subject is the first line. */
export type Reading = {
  /** Folded, with case. */
  readonly text: string
  /** The same in lower case, as long. */
  readonly lower: string
  readonly lines: readonly Line[]
  readonly subjectEnd: number
  /** Links in the list at the end: [n] up to it is the mark of one. */
  readonly linkCount: number
}

/** How much of a text is read, in UTF-16 units: a mail that carries a code is short, and a long one is a log or a book. */
export const MAX_SEARCHED_CHARS = 200_000

/** Lays out a mail. `folds` are those of the text. */
export function layOut(subject: string, text: string, folds: readonly Fold[]): Reading {
  const { kept, linkCount } = dropLinkList(text.slice(0, MAX_SEARCHED_CHARS))
  const head = foldText(subject.replaceAll('\n', ' '))
  const folded = `${head}\n\n${foldText(kept)}`
  const lower = lowerFolded(folded)
  // Were a letter to grow in lower case, positions would no longer fit: then case is given up.
  const isAligned = lower.length === folded.length
  return {
    text: isAligned ? folded : lower,
    lower,
    lines: readLines(folded, findQuotedRows(text, folds)),
    subjectEnd: head.length,
    linkCount,
  }
}

/** The list at the end names the targets of links: digits there are no code. */
function dropLinkList(text: string): { kept: string; linkCount: number } {
  const at = `\n${text}`.lastIndexOf('\nLinks:\n[1] ')
  if (at < 0) return { kept: text, linkCount: 0 }
  const lastMark = /\[(\d{1,5})\] [^\n]*$/.exec(text.slice(text.lastIndexOf('\n[') + 1))
  return { kept: text.slice(0, at), linkCount: Number(lastMark?.[1] ?? 1) }
}

/** Rows of the laid out text, from one to before another. */
type Rows = { readonly from: number; readonly to: number }

/** Rows that the subject and the blank line below it take. */
const SUBJECT_ROWS = 2

/** The rows of quoted history. Folding of letters keeps line ends, so rows are the same where positions are not. */
function findQuotedRows(text: string, folds: readonly Fold[]): Rows[] {
  const quotes = folds.filter(({ kind }) => kind === 'quote')
  if (quotes.length === 0) return []
  const bytes = Buffer.from(text.slice(0, MAX_SEARCHED_CHARS))
  let [row, at] = [SUBJECT_ROWS, 0]
  return quotes.map(({ start, lines }) => {
    for (let end = bytes.indexOf(10, at); end >= 0 && end < start; end = bytes.indexOf(10, at)) {
      row++
      at = end + 1
    }
    return { from: row, to: row + lines }
  })
}

function readLines(text: string, quoted: readonly Rows[]): Line[] {
  const lines: Line[] = []
  let start = 0
  let [row, quote] = [0, 0]
  let isAfterBlank = false
  while (start <= text.length) {
    const found = text.indexOf('\n', start)
    const end = found < 0 ? text.length : found
    const line = text.slice(start, end)
    if (row >= (quoted[quote]?.to ?? Number.POSITIVE_INFINITY)) quote++
    const isFolded = row >= (quoted[quote]?.from ?? Number.POSITIVE_INFINITY)
    if (/^[\s>]*$/.test(line)) isAfterBlank = true
    else {
      lines.push({ start, end, isQuoted: isFolded || /^ ?>/.test(line), isAfterBlank })
      isAfterBlank = false
    }
    start = end + 1
    row++
  }
  return lines
}

/** The line that holds a position, as an index into `lines`; the last one that begins before it. */
export function findLine(lines: readonly Line[], position: number): number {
  let [low, high] = [0, lines.length - 1]
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((lines[middle]?.start ?? 0) <= position) low = middle
    else high = middle - 1
  }
  return low
}
