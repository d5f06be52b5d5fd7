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
const CITED = / {0,3}>(?!From |>> [A-Z]{4}\b)/y
const MARKS = new RegExp(`[${QUOTE_START}${QUOTE_REST}${QUOTE_END}]`, 'g')

/** Finds the lines of a text and takes the marks out. A text may have a million lines: for most of them nothing is made. */
export function readLines(marked: string): Lines {
  const { text, regions } = takeMarks(marked)
  const starts: number[] = []
  const isCited: boolean[] = []
  for (let at = 0; at <= text.length; ) {
    starts.push(at)
    CITED.lastIndex = at
    isCited.push(CITED.test(text))
    const end = text.indexOf('\n', at)
    at = (end < 0 ? text.length : end) + 1
  }
  starts.push(text.length + 1)
  return { text, starts, isCited, regions }
}

/** The text without its marks, and what they say. */
function takeMarks(marked: string): Pick<Lines, 'text' | 'regions'> {
  if (marked.search(MARKS) < 0) return { text: marked, regions: [] }
  const rows = marked.split('\n').length
  const regions: Region[] = []
  let [depth, from, row] = [0, 0, 0]
  let lineEnd = marked.indexOf('\n')
  for (const { 0: mark, index } of marked.matchAll(MARKS)) {
    while (lineEnd >= 0 && lineEnd < index) {
      row++
      lineEnd = marked.indexOf('\n', lineEnd + 1)
    }
    if (mark === QUOTE_REST) regions.push({ from: row, to: rows, isRest: true })
    if (mark === QUOTE_START && depth++ === 0) from = row
    if (mark === QUOTE_END && depth > 0 && --depth === 0) regions.push({ from, to: row + 1, isRest: false })
  }
  if (depth > 0) regions.push({ from, to: rows, isRest: false })
  return { text: marked.replace(MARKS, ''), regions }
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
