/** A query -> its pieces: words, phrases, operators with their values. */

import { MailError } from '../errors.ts'
import { MAX_QUERY_CHARS } from '../limits.ts'
import { MAX_SEARCH_WORDS } from './limits.ts'

/** One of what stands between spaces. */
export type Piece = {
  /** Of the operator, lower case; null for a word or phrase. */
  readonly name: string | null
  readonly value: string
  readonly isQuoted: boolean
  /** With a minus before it. */
  readonly isNot: boolean
}

const SHOWN_CHARS = 40
/** Quotation marks that an editor or a model makes of plain ones. */
const FANCY_QUOTES = /[\u201c-\u201f\u00ab\u00bb\uff02]/g
const BLANK = /[\s\0]*/y
const MINUS = /-?/y
const NAME = /[A-Za-z][A-Za-z_]*(?=:)/y
const WORD = /[^\s\0]*/y

/** @throws MailError invalid_argument: too long, too many pieces, a quotation mark that nothing closes */
export function splitQuery(text: string): Piece[] {
  if (text.length > MAX_QUERY_CHARS) throw invalid(`query is longer than ${MAX_QUERY_CHARS} characters.`)
  const query = text.replaceAll(FANCY_QUOTES, '"')
  const pieces: Piece[] = []
  for (let at = skip(BLANK, query, 0); at < query.length; at = skip(BLANK, query, at)) {
    if (pieces.length === MAX_SEARCH_WORDS) throw invalid(`query has more than ${MAX_SEARCH_WORDS} words and operators.`)
    const { piece, end } = readPiece(query, at)
    pieces.push(piece)
    at = end
  }
  return pieces
}

function readPiece(query: string, from: number): { piece: Piece; end: number } {
  const start = skip(MINUS, query, from)
  const isNot = start > from
  const colon = skip(NAME, query, start)
  const isNamed = colon > start && !isPlainWord(query, start, colon)
  const name = isNamed ? query.slice(start, colon).toLowerCase() : null
  const valueAt = isNamed ? colon + 1 : start
  if (query[valueAt] === '"') {
    const close = query.indexOf('"', valueAt + 1)
    if (close < 0)
      throw invalid(
        `Nothing closes the quotation mark in ${show(query.slice(from))}.`,
        'Write "two words", with a mark at each end.',
      )
    return { piece: { name, value: query.slice(valueAt + 1, close), isQuoted: true, isNot }, end: close + 1 }
  }
  const end = skip(WORD, query, valueAt)
  return { piece: { name, value: query.slice(valueAt, end), isQuoted: false, isNot }, end }
}

/** What has a colon and is no operator: https://..., mailto:somebody, and the Re: that subjects begin with. */
function isPlainWord(query: string, start: number, colon: number): boolean {
  const name = query.slice(start, colon).toLowerCase()
  return query.startsWith('//', colon + 1) || name === 'mailto' || ['re', 'fw', 'fwd', 'aw', 'sv'].includes(name)
}

/** Where a sticky pattern, which always matches or stands still, ends. */
function skip(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from
  return pattern.test(text) ? pattern.lastIndex : from
}

/** An error that names what was typed, cut. */
export function show(text: string): string {
  return text.length <= SHOWN_CHARS ? text : `${text.slice(0, SHOWN_CHARS).replace(/[\ud800-\udbff]$/, '')}...`
}

/** The error for a query that cannot be understood; `hint` says what to write. */
export function invalid(message: string, hint?: string): MailError {
  return new MailError('invalid_argument', message, hint === undefined ? {} : { hint })
}
