/** Which lines of a text are history: the message that is answered, with what introduces it. */

import { isBlank, type Lines, lineAt, type Region } from './lines.ts'
import { FORWARDED, HEAD_LINE, ORIGINAL, WROTE } from './phrases.ts'

/** Lines that introduce a quote, broken as they are. */
const MAX_INTRODUCTION_LINES = 3
/** Lines of the head of a quoted message, with blank ones. */
const MAX_HEAD_LINES = 10

/** What is quoted, and whether anything shows that it is an answer to it, beyond the `>`. */
export type Quotes = { readonly isQuoted: readonly boolean[]; readonly isIntroduced: boolean }

/** Finds the quoted lines; those below a head without `>` in an answer only, for other mail is made of such heads too. Linear. */
export function findQuotes(lines: Lines, isAnswer: boolean): Quotes {
  const count = lines.isCited.length
  const isQuoted = [...lines.isCited]
  let isIntroduced = false
  const mark = ({ from, to }: { from: number; to: number }) => {
    for (let row = from; row < to; row++) isQuoted[row] = true
  }
  let end = 0
  for (const region of lines.regions.toSorted((first, second) => first.from - second.from)) {
    if (region.from < end) continue
    end = region.to
    if (isForward(lines, region.from)) continue
    isIntroduced = true
    const { from, to } = narrowRegion(lines, region)
    mark({ from: skipRule(lines, from), to })
  }
  const rest = isAnswer ? findRest(lines, isQuoted) : null
  if (rest !== null) {
    isIntroduced = true
    mark(rest)
  }
  for (let row = 0; row < count; row++) {
    if (!isQuoted[row] || isQuoted[row - 1]) continue
    const introduction = findIntroduction(lines, row, isQuoted)
    if (introduction === row) continue
    isIntroduced = true
    mark({ from: introduction, to: row })
  }
  return { isQuoted, isIntroduced }
}

/** Where lines with `>` are in it, those are the quote, with what stands before the first of them: the answer may stand behind. */
function narrowRegion({ isCited }: Lines, { from, to, isRest }: Region): { from: number; to: number } {
  if (isRest) return { from, to }
  for (let row = from; row < to; row++) if (isCited[row]) return { from, to: row }
  return { from, to }
}

/** The line of dashes that is drawn above a quote is part of it. */
function skipRule(lines: Lines, from: number): number {
  const above = from > 0 && isBlank(lines, from - 1) ? from - 2 : from - 1
  return above >= 0 && /^\s*[-_*]{3,}\s*$/.test(lineAt(lines, above)) ? above : from
}

/** Whether one of the lines here says that a message is passed on. */
function isForward(lines: Lines, from: number): boolean {
  return [0, 1, 2].some((offset) => FORWARDED.test(lineAt(lines, from + offset).slice(0, 80)))
}

/** The first quoted head without `>`, with the line of dashes before it, and all that follows; or up to the lines with `>` that it introduces. */
function findRest(lines: Lines, isQuoted: readonly boolean[]): { from: number; to: number } | null {
  const count = lines.isCited.length
  for (let row = 0; row < count; row++) {
    if (isQuoted[row]) continue
    const line = lineAt(lines, row)
    const isOriginal = /^\s{0,3}[-_*\u2014]{2,}.{3,60}[-_*\u2014]{2,}\s*$/u.test(line)
    if (isOriginal && FORWARDED.test(line)) return null
    const head = isOriginal && !ORIGINAL.test(line) ? null : readHead(lines, isOriginal ? row + 1 : row)
    if (head === null && !(isOriginal && ORIGINAL.test(line))) continue
    const before = row > 0 && /^[\s_*-]{5,}$/.test(lineAt(lines, row - 1)) ? row - 1 : row
    if (isForward(lines, Math.max(0, row - 2))) return null
    const next = (head ?? row) + 1
    const cited = isBlank(lines, next) ? next + 1 : next
    return { from: before, to: lines.isCited[cited] ? cited : count }
  }
  return null
}

/** The last line of a quoted head that begins here, or behind one blank line; null when none does. It names a sender first, and two other fields. */
function readHead(lines: Lines, start: number): number | null {
  const first = isBlank(lines, start) ? start + 1 : start
  if (HEAD_LINE.exec(lineAt(lines, first))?.[1] === undefined) return null
  let last = first
  let fields = 0
  for (let row = first; row < first + MAX_HEAD_LINES; row++) {
    if (HEAD_LINE.test(lineAt(lines, row))) {
      fields++
      last = row
    } else if (isBlank(lines, row) && fields > 2) break
  }
  return fields >= 3 ? last : null
}

/** The line from which on a quote is introduced that begins at `quote`; `quote` itself where nothing introduces it. */
function findIntroduction(lines: Lines, quote: number, isQuoted: readonly boolean[]): number {
  let last = quote - 1
  if (last >= 0 && isBlank(lines, last)) last--
  let joined = ''
  for (let row = last; row >= 0 && row > last - MAX_INTRODUCTION_LINES; row--) {
    if (isQuoted[row] || isBlank(lines, row)) return quote
    const line = lineAt(lines, row)
    if (row === last && !/[:\uff1a>\u200f]\s*$/.test(line)) return quote
    joined = `${line} ${joined}`
    if (joined.length > MAX_INTRODUCTION_CHARS) return quote
    if (isIntroduction(joined)) return startOfIntroduction(lines, row, isQuoted)
  }
  return quote
}

const MAX_INTRODUCTION_CHARS = 400
/** A day, a time, an address: what a line says that introduces a quote in a language not known here. */
const DATED = /\d{1,2}[:.h]\d{2}|\d{4}|\d{1,2}[./]\d{1,2}[./]/

function isIntroduction(text: string): boolean {
  return (WROTE.test(text) && /\d|@|["'«„“]|^\s*[\p{Lu}\p{Lo}]/u.test(text)) || (DATED.test(text) && /[^\s@]@[^\s@]/.test(text))
}

/** "On Tuesday, ..." begins a line; where that is one of the two lines before, and the first of its paragraph, it belongs to it. */
function startOfIntroduction(lines: Lines, row: number, isQuoted: readonly boolean[]): number {
  let first = row
  while (first > 0 && first > row - MAX_INTRODUCTION_LINES && !isQuoted[first - 1] && !isBlank(lines, first - 1)) first--
  // A longer paragraph is not about who wrote.
  if (first === row || first === row - MAX_INTRODUCTION_LINES) return row
  const line = lineAt(lines, first)
  return DATED.test(line) && line.length < MAX_WRAPPED_CHARS && !/[!?:]\s*$/.test(line) ? first : row
}

/** Mail programs break lines before this. */
const MAX_WRAPPED_CHARS = 120
