/** What a person types to search -> what is asked for. Whatever is not understood is an error that says what to write: a guess would hide mail. */

import { MAX_SEARCH_LABELS, MAX_SEARCH_TERMS } from './limits.ts'
import { invalid, type Piece, show, splitQuery } from './pieces.ts'
import type { SearchQuery, SearchWord } from './query.ts'
import { findTerms } from './text.ts'
import { readSize, readTime } from './values.ts'

/** The operators, as errors list them. */
const KNOWN =
  'from: to: subject: has:attachment is:unread is:read label: before:2026-01-31 after:2d larger:1mb smaller:100k, any of them with - before it, "a phrase"'

type Draft = { -readonly [K in keyof SearchQuery]: SearchQuery[K] extends readonly SearchWord[] ? SearchWord[] : SearchQuery[K] }
type Reader = (draft: Draft, piece: Piece, now: number) => void

/** What each operator adds to the query. */
const OPERATORS: Readonly<Record<string, Reader>> = {
  from: (draft, piece) => draft.from.push(readWord(piece)),
  to: (draft, piece) => draft.to.push(readWord(piece)),
  subject: (draft, piece) => draft.subject.push(readWord(piece)),
  label: (draft, piece) => draft.labels.push({ text: piece.value, isNot: piece.isNot }),
  has: (draft, piece) => {
    if (!/^attachments?$/i.test(piece.value)) throw invalid(`has:${show(piece.value)} is not known.`, 'Write has:attachment.')
    draft.hasAttachment = agree(draft.hasAttachment, !piece.isNot, 'has:attachment')
  },
  is: (draft, piece) => {
    if (!/^(un)?read$/i.test(piece.value)) throw invalid(`is:${show(piece.value)} is not known.`, 'Write is:unread or is:read.')
    const isRead = (piece.value.toLowerCase() === 'read') !== piece.isNot
    draft.isRead = agree(draft.isRead, isRead, 'is:')
  },
  before: (draft, piece, now) => narrowTime(draft, piece, now, !piece.isNot),
  after: (draft, piece, now) => narrowTime(draft, piece, now, piece.isNot),
  larger: (draft, piece) => narrowSize(draft, piece, !piece.isNot),
  smaller: (draft, piece) => narrowSize(draft, piece, piece.isNot),
}

/**
 * Operators, "quoted phrases" and words, all of which must hold; `now` is what 2d or 12h is counted from. A blank text asks for nothing.
 * @throws MailError invalid_argument
 */
export function readSearchQuery(text: string, now: number): SearchQuery {
  const draft: Draft = {
    ...{ anywhere: [], from: [], to: [], subject: [], labels: [] },
    ...{ hasAttachment: null, isRead: null, before: null, after: null, largerBytes: null, smallerBytes: null },
  }
  const pieces = splitQuery(text)
  const meant = pieces.filter((piece) => !isNoise(piece))
  if (pieces.length > 0 && meant.length === 0) throw invalid(`query ${show(text)} has no word to search for.`, `Known: ${KNOWN}.`)
  for (const piece of meant) readPiece(draft, piece, now)
  checkBounds(draft)
  return draft
}

function readPiece(draft: Draft, piece: Piece, now: number): void {
  if (piece.name === null) {
    refuseLogic(piece)
    draft.anywhere.push(readWord(piece))
    return
  }
  const read = Object.hasOwn(OPERATORS, piece.name) ? OPERATORS[piece.name] : undefined
  if (read === undefined) {
    const quoted = `To search for the words themselves, put them in quotation marks. Known operators: ${KNOWN}.`
    throw invalid(`${show(piece.name)}: is not an operator of search.`, quoted)
  }
  if (piece.value.trim() === '') throw invalid(`${piece.name}: is empty.`, EXAMPLES[piece.name])
  if (!piece.isQuoted && piece.value.startsWith('(')) {
    throw invalid(`${piece.name}: takes no group in brackets.`, `Write ${piece.name}: before each word, or "a phrase" after it.`)
  }
  read(draft, piece, now)
}

const EXAMPLES: Readonly<Record<string, string>> = {
  from: 'Write the value right after the colon: from:alice@example.com, from:example.com or from:alice.',
  to: 'Write the value right after the colon: to:bob@example.com.',
  subject: 'Write the value right after the colon: subject:invoice or subject:"your code".',
  label: 'Write the value right after the colon: label:shop.',
  has: 'Write has:attachment.',
  is: 'Write is:unread or is:read.',
  before: 'Write a day: before:2026-01-31.',
  after: 'Write a day or how long ago: after:2026-01-31 or after:2d.',
  larger: 'Write a size: larger:100k or larger:5mb.',
  smaller: 'Write a size: smaller:100k or smaller:5mb.',
}

/** A dash between words, an ampersand: nothing that anybody looks for. A picture is: it must not be passed over in silence. */
function isNoise({ name, value, isQuoted }: Piece): boolean {
  return name === null && !isQuoted && value !== '|' && value !== '||' && /^[!-/:-@[-`{-~]*$/.test(value)
}

/** What other programs take for logic; taken for words here, it would find nothing and not say why. */
function refuseLogic({ value, isQuoted }: Piece): void {
  if (isQuoted) return
  if (/^(?:OR|\|\|?)$/.test(value)) throw invalid('There is no OR in a search: all words must hold.', 'Search once for each.')
  if (value === 'NOT') throw invalid('NOT is written with a minus.', 'Write -word or -from:alice. For the word itself: "NOT".')
  if (/[\p{L}\p{N}]\*$/u.test(value)) {
    throw invalid(`${show(value)} has a wildcard; search finds whole words.`, 'Write the whole word, or leave it out.')
  }
}

function readWord({ value, isNot }: Piece): SearchWord {
  if (findTerms(value).length > 0) return { text: value, isNot }
  throw invalid(`${show(value)} has no letter or digit that could be searched for.`, 'Leave it out, or name a word beside it.')
}

/** @throws MailError invalid_argument when two conditions exclude each other: an empty answer would not say why */
function agree(before: boolean | null, now: boolean, name: string): boolean {
  if (before !== null && before !== now)
    throw invalid(`No message can be both: ${name} is asked for twice, once with the opposite.`)
  return now
}

function narrowTime(draft: Draft, { name, value }: Piece, now: number, isBefore: boolean): void {
  const ms = readTime(value, now)
  if (ms === null) {
    const hint = `Write ${name}:2026-01-31, ${name}:2026-01-31T10:30Z (both UTC), or how long ago: ${name}:12h, ${name}:2d.`
    throw invalid(`${name}:${show(value)} is not a time.`, hint)
  }
  if (isBefore) draft.before = Math.min(draft.before ?? ms, ms)
  else draft.after = Math.max(draft.after ?? ms, ms)
}

function narrowSize(draft: Draft, { name, value, isNot }: Piece, isLarger: boolean): void {
  const bytes = readSize(value)
  if (bytes === null)
    throw invalid(`${name}:${show(value)} is not a size.`, `Write bytes, or k, mb, gb: ${name}:500, ${name}:100k, ${name}:5mb.`)
  // Not larger than 5 is smaller than 6.
  if (isLarger) draft.largerBytes = Math.max(draft.largerBytes ?? -1, isNot ? bytes - 1 : bytes)
  else draft.smallerBytes = Math.min(draft.smallerBytes ?? Number.MAX_SAFE_INTEGER, isNot ? bytes + 1 : bytes)
}

function checkBounds({ anywhere, from, to, subject, labels }: Draft): void {
  if (labels.length > MAX_SEARCH_LABELS) throw invalid(`query has more than ${MAX_SEARCH_LABELS} labels.`)
  const terms = [anywhere, from, to, subject].flat().reduce((sum, { text }) => sum + findTerms(text).length, 0)
  if (terms > MAX_SEARCH_TERMS) {
    throw invalid(
      `query comes to ${terms} terms; at most ${MAX_SEARCH_TERMS} can be searched for at once.`,
      'Search for fewer or shorter phrases.',
    )
  }
}
