/** Everything in a mail that has the form of a code. Whether it is one, the words around it say. */

import type { Line, Reading } from './reading.ts'
import { findLine } from './reading.ts'

/** How a code is written. */
export type Shape =
  // 482913, also as 482 913, 482-913 or G-482913
  | 'digits'
  // K4F9ZT, AB12-CD34
  | 'mixed'
  // k4f9zt, aB3dE9: every word with a number in it looks so
  | 'mixed-case'
  // WDJB-MJHT
  | 'letter-groups'
  // QWERTZ: so does every word in capitals
  | 'letters'
  // silk-maple-otter: so does every compound
  | 'words'

/** Something of the form of a code. */
export type Candidate = {
  readonly start: number
  readonly end: number
  /** As it is typed in. */
  readonly code: string
  readonly shape: Shape
  /** Index of its first and last line. */
  readonly firstLine: number
  readonly lastLine: number
  /** Nothing else that is a letter or digit stands in its lines. */
  readonly isAlone: boolean
}

/** Most candidates of a mail; the first count. A mail with a code has some twenty numbers. */
export const MAX_CANDIDATES = 2_000
/** Longest code, dashes included; one of words is longer. */
export const MAX_CODE_CHARS = 20
const MAX_WORD_CODE_CHARS = 48
/** Longest line that holds a code and nothing but signs, in UTF-16 units: looked at once a candidate. */
const MAX_OWN_LINE_CHARS = 200

/** A number that stands for itself ends where no letter, digit or sign of a longer number follows. */
const BEFORE = '(?<![\\p{sc=Latn}\\p{sc=Cyrl}\\p{sc=Grek}\\p{N}_@#.\\/\\\\\\ufffc]|[\\p{N}][\\-,:])'
const AFTER = '(?![\\p{sc=Latn}\\p{sc=Cyrl}\\p{sc=Grek}\\p{N}_@\\/\\\\\\ufffc]|[.,:\\-][\\p{N}])'

type Form = { readonly pattern: RegExp; readonly read: (found: string) => { code: string; shape: Shape } | null }

/** In this order: what one has taken, the next does not see. */
const FORMS: readonly Form[] = [
  // One digit a cell or a space: 4 8 2 9 1 3, K | 4 | F | 9 | Z | T
  { pattern: form('[A-Z\\d](?:[ \\|·•\\-–]{1,7}[A-Z\\d]){3,9}'), read: readSpread },
  // Groups: 482 913, 482-913, 4829 1337, 48 29 13, 482 | 913
  { pattern: form('\\d{2,5}(?:(?: ?[\\-–—·•\\|] ?| {1,2})\\d{2,5}){1,4}', '\\d [\\-–]? ?', ' ?[\\-–]? ?\\d'), read: readGroups },
  // Google and Facebook print their letter in front of the field: the digits are what is typed.
  { pattern: form('(?:G|FB)[\\-–]\\d{4,8}'), read: (found) => ({ code: digitsOf(found), shape: 'digits' }) },
  { pattern: form('[A-Z\\d]{2,8}(?:[\\-–][A-Z\\d]{2,8}){1,4}', '[\\-–]', '[\\-–]'), read: readDashed },
  { pattern: form('(?:[A-Z\\d]{4} [A-Z\\d]{4}|[A-Z\\d]{3} [A-Z\\d]{3})', '[A-Z\\d] ', ' ?[A-Z\\d]'), read: readSpaced },
  {
    pattern: form('[a-z]{3,10}(?:-[a-z]{3,10}){2,4}', "[\\-–’']", "[\\-–’']"),
    read: (found) => ({ code: found, shape: 'words' }),
  },
  { pattern: form('\\d{4,10}'), read: (found) => ({ code: found, shape: 'digits' }) },
  { pattern: form('[A-Za-z\\d]{4,12}', "[\\-–’']", "[\\-–’']"), read: readToken },
]

function form(body: string, notBefore = '', notAfter = ''): RegExp {
  return new RegExp(`${BEFORE}${notBefore && `(?<!${notBefore})`}${body}${AFTER}${notAfter && `(?!${notAfter})`}`, 'gv')
}

/** Candidates in the order of the text. `blotted` is the text without what is never a code. */
export function findCandidates(reading: Reading, blotted: string): Candidate[] {
  const found: Candidate[] = findColumns(reading, blotted)
  const taken = new Uint8Array(blotted.length)
  for (const { start, end } of found) taken.fill(1, start, end)
  for (const { pattern, read } of FORMS) {
    for (const { index, 0: text } of blotted.matchAll(pattern)) {
      if (found.length >= MAX_CANDIDATES) break
      const form = taken[index] || taken[index + text.length - 1] ? null : read(text)
      if (form === null || form.code.length > (form.shape === 'words' ? MAX_WORD_CODE_CHARS : MAX_CODE_CHARS)) continue
      taken.fill(1, index, index + text.length)
      found.push(place(reading, index, index + text.length, form))
    }
  }
  return found.sort((first, second) => first.start - second.start)
}

function place(
  { lines, text, subjectEnd }: Reading,
  start: number,
  end: number,
  form: { code: string; shape: Shape },
): Candidate {
  const firstLine = findLine(lines, start)
  const lastLine = findLine(lines, end - 1)
  const [lineStart, lineEnd] = [lines[firstLine]?.start ?? start, lines[lastLine]?.end ?? end]
  const isShort = lineEnd - lineStart <= MAX_OWN_LINE_CHARS
  const isOnOwnLine = isShort && !/[\p{L}\p{N}]/v.test(text.slice(lineStart, start) + text.slice(end, lineEnd))
  const isAlone = isOnOwnLine || (firstLine === 0 && end <= subjectEnd && isSetOff(text.slice(0, subjectEnd), start, end))
  return { start, end, ...form, firstLine, lastLine, isAlone }
}

/** `Acme: 482913`, `482913 - Acme`: the subject has room for no other line. */
function isSetOff(subject: string, start: number, end: number): boolean {
  return (
    (end === subject.length && /[:|\-–—] *$/.test(subject.slice(0, start))) ||
    (start === 0 && /^ *[:|\-–—] /.test(subject.slice(end)))
  )
}

/** One digit a line, as a narrow table or a row of boxes becomes. */
function findColumns(reading: Reading, blotted: string): Candidate[] {
  const columns: Candidate[] = []
  let run: Line[] = []
  for (const line of [...reading.lines, null]) {
    if (line && /^[ >|*]*[A-Z\d][ |*]*$/.test(blotted.slice(line.start, line.end))) {
      run.push(line)
      continue
    }
    const [first, last] = [run[0], run.at(-1)]
    const form = first && last ? readSpread(blotted.slice(first.start, last.end)) : null
    if (first && last && form) columns.push({ ...place(reading, first.start, last.end, form), isAlone: true })
    run = []
  }
  return columns
}

/** Null for a scale or page numbers: 1 2 3 4 5. */
function readSpread(found: string): { code: string; shape: Shape } | null {
  const code = found.replace(/[^A-Z\d]/g, '')
  if (code.length < 4 || code.length > 10 || !/\d/.test(code) || '0123456789'.includes(code)) return null
  return { code, shape: /[A-Z]/.test(code) ? 'mixed' : 'digits' }
}

/** Null for groups that are no code: a code is parted evenly, one of five or seven digits nearly so. */
function readGroups(found: string): { code: string; shape: Shape } | null {
  const groups = found.match(/\d+/g) ?? []
  const code = groups.join('')
  const [first = '', second = ''] = groups
  const isNearlyEven = groups.length === 2 && Math.abs(first.length - second.length) === 1 && /^\d+ \d+$/.test(found)
  const isEven = groups.every(({ length }) => length === first.length)
  if (!(isEven || isNearlyEven) || code.length > 10 || (code.length === 4 && /[-–—|]/.test(found))) return null
  return { code, shape: 'digits' }
}

/** The dash of a code with letters is typed, as the services that use them print it in their field. */
function readDashed(found: string): { code: string; shape: Shape } | null {
  const code = found.replace(/–/g, '-')
  const length = code.replaceAll('-', '').length
  if (length < 5 || !/[A-Z]/.test(code)) return null
  if (/\d/.test(code)) return { code, shape: 'mixed' }
  const groups = code.split('-')
  return groups.every((group) => group.length === groups[0]?.length && group.length >= 3)
    ? { code, shape: 'letter-groups' }
    : null
}

function readSpaced(found: string): { code: string; shape: Shape } | null {
  const [first = '', second = ''] = found.split(' ')
  const isMixed = /[A-Z]/.test(found) && [first, second].every((group) => /\d/.test(group))
  return isMixed ? { code: first + second, shape: 'mixed' } : null
}

/** Ordinals, amounts with a unit and sizes are words with a number, not codes. */
const WORD_WITH_NUMBER = /^(?:\d+(?:st|nd|rd|th|am|pm|[a-z]{1,2})|[a-z]{1,3}\d{1,2}|(?:[a-z]{4,}\d{1,2}))$/

function readToken(found: string): { code: string; shape: Shape } | null {
  if (/^\d+$/.test(found)) return null
  if (!/\d/.test(found)) return /^[A-Z]{4,10}$/.test(found) ? { code: found, shape: 'letters' } : null
  if (WORD_WITH_NUMBER.test(found)) return null
  return { code: found, shape: /[a-z]/.test(found) ? 'mixed-case' : 'mixed' }
}

function digitsOf(text: string): string {
  return text.replace(/\D/g, '')
}
