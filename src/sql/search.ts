/**
 * Full text, the one thing for which engines share no SQL: here that of SQLite (FTS5). Another engine needs its own of this file and of the statement that
 * makes the table.
 *
 * A message's row number is its inbox's search number and its seq, so the mail of one inbox is one range, in order. The number of the inbox is a term of each
 * message as well, and part of every search: FTS5 bounds by range only what it finds, not how far it looks for words that never stand together.
 */

import type { SearchQuery, SearchWord } from '../search/query.ts'
import { listSpellings } from '../search/text.ts'
import type { Engine, SqlValue } from './engine.ts'

/** Where a message stands in the index. */
export type IndexPlace = { searchNumber: number; seq: number }

/** What of a message is searched, its terms spaced. */
export type IndexedText = { sender: string; recipients: string; subject: string; body: string; attachments: string }

/** Part of a statement, and what its `?` stand for. */
export type Fragment = { readonly sql: string; readonly params: readonly SqlValue[] }

type Column = 'anywhere' | keyof IndexedText

/** seq stays below 2^31 (MAX_CURSOR); the driver binds numbers as REAL, which would lose the lower bits of a product. */
const ROW_NUMBER = '(CAST(? AS INTEGER) * 2147483648 + CAST(? AS INTEGER))'
const LAST_SEQ = 2_147_483_647

/** The table of the full text: keeps terms, not texts. Marks belong to their letter, or words of half the world's scripts would fall apart. */
export const CREATE_SEARCH_TABLE = `CREATE VIRTUAL TABLE message_search USING fts5(
  inbox, sender, recipients, subject, body, attachments,
  content='', contentless_delete=1, tokenize="unicode61 remove_diacritics 2 categories 'L* N* M* Co'"
)`

/** Fastest in ascending order of places. */
export async function addToIndex(db: Engine, { searchNumber, seq }: IndexPlace, text: IndexedText): Promise<void> {
  await db.run(
    `INSERT INTO message_search (rowid, inbox, sender, recipients, subject, body, attachments) VALUES (${ROW_NUMBER}, ?, ?, ?, ?, ?, ?)`,
    searchNumber,
    seq,
    toTerm(searchNumber),
    text.sender,
    text.recipients,
    text.subject,
    text.body,
    text.attachments,
  )
}

/** Does nothing when it is not there. */
export async function removeFromIndex(db: Engine, { searchNumber, seq }: IndexPlace): Promise<void> {
  await db.run(`DELETE FROM message_search WHERE rowid = ${ROW_NUMBER}`, searchNumber, seq)
}

/** Whether a query needs the full text. */
export function hasWords({ anywhere, from, to, subject }: SearchQuery): boolean {
  return anywhere.length + from.length + to.length + subject.length > 0
}

/**
 * The messages of an inbox later than `after` that have the words of a query: what follows FROM, up to and with WHERE, and {@link HIT_SEQ} for their seq.
 * Unsorted: FTS5 reads backwards at many times the cost.
 */
export function findHits(searchNumber: number, after: number, search: SearchQuery, join: Fragment): Fragment {
  return {
    sql: `message_search ${join.sql} WHERE message_search MATCH ? AND message_search.rowid BETWEEN ${ROW_NUMBER} AND ${ROW_NUMBER}`,
    params: [...join.params, toMatch(searchNumber, search), searchNumber, after + 1, searchNumber, LAST_SEQ],
  }
}

/** The seq of what {@link findHits} finds. */
export const HIT_SEQ = '(message_search.rowid & 2147483647)'

/** Nothing of a query but letters and digits gets into the expression, so it has no syntax of its own to go wrong. */
function toMatch(searchNumber: number, search: SearchQuery): string {
  const words: (readonly [Column, SearchWord])[] = [
    ...search.anywhere.map((word) => ['anywhere', word] as const),
    ...search.from.map((word) => ['sender', word] as const),
    ...search.to.map((word) => ['recipients', word] as const),
    ...search.subject.map((word) => ['subject', word] as const),
  ]
  const wanted = words.filter(([, { isNot }]) => !isNot).map(([column, { text }]) => toPhrase(column, text))
  const unwanted = words.filter(([, { isNot }]) => isNot).map(([column, { text }]) => toPhrase(column, text))
  const all = [`inbox : "${toTerm(searchNumber)}"`, ...wanted].join(' AND ')
  return unwanted.length === 0 ? all : `(${all}) NOT (${unwanted.join(' OR ')})`
}

function toPhrase(column: Column, text: string): string {
  const spellings = listSpellings(text).map((spelling) => `"${spelling}"`)
  const phrase = spellings.length === 1 ? spellings[0] : `(${spellings.join(' OR ')})`
  return column === 'anywhere' ? `{sender recipients subject body attachments} : ${phrase}` : `${column} : ${phrase}`
}

function toTerm(searchNumber: number): string {
  return `i${searchNumber}`
}
