/** A mail laid out for the search: folded, cut at the bound, without its list of links, in lines. */

import { foldText, lowerFolded } from './fold.ts'

/** A line; the blank ones are left out. */
export type Line = {
  readonly start: number
  readonly end: number
  /** Begins with `>`: somebody said it before. */
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

/** Lays out a mail. */
export function layOut(subject: string, text: string): Reading {
  const { kept, linkCount } = dropLinkList(text.slice(0, MAX_SEARCHED_CHARS))
  const head = foldText(subject.replaceAll('\n', ' '))
  const folded = `${head}\n\n${foldText(kept)}`
  const lower = lowerFolded(folded)
  // Were a letter to grow in lower case, positions would no longer fit: then case is given up.
  const isAligned = lower.length === folded.length
  return { text: isAligned ? folded : lower, lower, lines: readLines(folded), subjectEnd: head.length, linkCount }
}

/** The list at the end names the targets of links: digits there are no code. */
function dropLinkList(text: string): { kept: string; linkCount: number } {
  const at = `\n${text}`.lastIndexOf('\nLinks:\n[1] ')
  if (at < 0) return { kept: text, linkCount: 0 }
  const lastMark = /\[(\d{1,5})\] [^\n]*$/.exec(text.slice(text.lastIndexOf('\n[') + 1))
  return { kept: text.slice(0, at), linkCount: Number(lastMark?.[1] ?? 1) }
}

function readLines(text: string): Line[] {
  const lines: Line[] = []
  let start = 0
  let isAfterBlank = false
  while (start <= text.length) {
    const found = text.indexOf('\n', start)
    const end = found < 0 ? text.length : found
    const line = text.slice(start, end)
    if (/^[\s>]*$/.test(line)) isAfterBlank = true
    else {
      lines.push({ start, end, isQuoted: /^ ?>/.test(line), isAfterBlank })
      isAfterBlank = false
    }
    start = end + 1
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
