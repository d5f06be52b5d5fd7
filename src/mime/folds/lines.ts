/** A text as lines, and what its marks and `>` say of each. */

import { QUOTE_END, QUOTE_REST, QUOTE_START } from '../marks.ts'

/** Of a longer line only so much is looked at: what introduces a quote is short. */
const MAX_LOOKED_CHARS = 400

/** The lines of a text without the marks of quotes. */
export type Lines = {
  readonly text: string
  /** Where each begins, in UTF-16 units, and the end of the text plus one. */
  readonly starts: readonly number[]
  /** Whether it begins with `>`. */
  readonly isCited: readonly boolean[]
  /** Regions that a mail program has named as quoted: from a line to the one behind the last; `isRest` where it is all to the end. */
  readonly regions: readonly Region[]
}

/** Lines from `from` to before `to`. */
export type Region = { readonly from: number; readonly to: number; readonly isRest: boolean }

/** Not the "From" that mail boxes hide, nor what a mail system said to another. */
const CITED = /^ {0,3}>(?!From |>> [A-Z]{4}\b)/
const MARKS = new RegExp(`[${QUOTE_START}${QUOTE_REST}${QUOTE_END}]`, 'g')

/** Cuts a text into lines and takes the marks out. */
export function readLines(marked: string): Lines {
  const rows = marked.split('\n')
  const starts: number[] = []
  const clean: string[] = []
  const regions: Region[] = []
  const isCited: boolean[] = []
  let depth = 0
  let from = 0
  let at = 0
  for (const [row, line] of rows.entries()) {
    for (const [mark] of line.matchAll(MARKS)) {
      if (mark === QUOTE_REST) regions.push({ from: row, to: rows.length, isRest: true })
      if (mark === QUOTE_START && depth++ === 0) from = row
      if (mark === QUOTE_END && depth > 0 && --depth === 0) regions.push({ from, to: row + 1, isRest: false })
    }
    const text =
      line.includes(QUOTE_START) || line.includes(QUOTE_REST) || line.includes(QUOTE_END) ? line.replace(MARKS, '') : line
    starts.push(at)
    isCited.push(CITED.test(text))
    clean.push(text)
    at += text.length + 1
  }
  if (depth > 0) regions.push({ from, to: rows.length, isRest: false })
  starts.push(at)
  return { text: clean.join('\n'), starts, isCited, regions }
}

/** The beginning of a line. */
export function lineAt({ text, starts }: Lines, row: number): string {
  const start = starts[row] ?? text.length
  const end = Math.max(start, (starts[row + 1] ?? text.length + 1) - 1)
  return text.slice(start, Math.min(end, start + MAX_LOOKED_CHARS))
}

/** Whether a line has nothing on it. */
export function isBlank(lines: Lines, row: number): boolean {
  return lineAt(lines, row).trim() === ''
}
