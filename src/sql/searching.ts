/** Searching the messages of one inbox. */

import type { MessageSummary, Page, PageRequest } from '../model.ts'
import type { SearchQuery, SearchWord } from '../search/query.ts'
import type { InboxRef } from '../store.ts'
import type { Engine, SqlValue } from './engine.ts'
import { findInbox } from './inboxes.ts'
import { indexInbox } from './indexing.ts'
import { type MessageRow, toListed } from './rows.ts'
import { type Fragment, findHits, HIT_SEQ, hasWords } from './search.ts'
import { lowerAscii } from './text.ts'

type Found = Page<MessageSummary> & { cursor: number; isComplete: boolean }
/** FROM and WHERE of what matches, and the column of its seq. */
type Matching = Fragment & { readonly seq: string }

/** Store.searchMessages: newest first. @throws MailError inbox_not_found */
export async function searchMessages(
  db: Engine,
  agent: string,
  ref: InboxRef,
  search: SearchQuery,
  { after, page }: { after: number | null; page: PageRequest },
): Promise<Found> {
  const inbox = await findInbox(db, agent, ref)
  const cursor = inbox.last_seq
  if (!hasWords(search)) {
    return { ...(await findPage(db, inbox.id, matchRows(inbox.id, after ?? 0, search), page)), cursor, isComplete: true }
  }
  const { searchNumber, isComplete } = await indexInbox(db, inbox)
  if (!isComplete) return { data: [], total: 0, cursor, isComplete }
  const hits = findHits(searchNumber, after ?? 0, search, joinFacts(inbox.id, search))
  return { ...(await findPage(db, inbox.id, { ...hits, seq: HIT_SEQ }, page)), cursor, isComplete }
}

/** Counts and cuts the numbers alone, in one pass; then reads the rows of the page. */
async function findPage(db: Engine, inboxId: string, matching: Matching, page: PageRequest): Promise<Page<MessageSummary>> {
  const { sql, seq, params } = matching
  const found = await db.all<{ seq: number; total: number }>(
    `SELECT ${seq} AS seq, count(*) OVER () AS total FROM ${sql} ORDER BY 1 DESC LIMIT ? OFFSET ?`,
    ...params,
    page.limit,
    page.offset,
  )
  const data: MessageSummary[] = []
  for (const hit of found) {
    const row = await db.get<MessageRow>('SELECT * FROM message WHERE inbox_id = ? AND seq = ?', inboxId, hit.seq)
    if (row) data.push(toListed(row))
  }
  return { data, total: found[0]?.total ?? (await countBehind(db, matching, page)) }
}

/** A page behind the last one has no row to carry the total. */
async function countBehind(db: Engine, { sql, params }: Matching, { offset }: PageRequest): Promise<number> {
  if (offset === 0) return 0
  return (await db.get<{ total: number }>(`SELECT count(*) AS total FROM ${sql}`, ...params))?.total ?? 0
}

/** Without words: what the rows of `message` say is enough. */
function matchRows(inboxId: string, after: number, search: SearchQuery): Matching {
  const facts = matchFacts(search)
  return {
    sql: `message m WHERE m.inbox_id = ? AND m.seq > ? AND ${facts.sql}`,
    seq: 'm.seq',
    params: [inboxId, after, ...facts.params],
  }
}

/** Nothing to join where only words are asked for: a row of `message` for each hit costs many times the hit. CROSS: the words come first. */
function joinFacts(inboxId: string, search: SearchQuery): Fragment {
  if (!hasFacts(search)) return { sql: '', params: [] }
  const facts = matchFacts(search)
  const sql = `CROSS JOIN message m ON m.inbox_id = ? AND m.seq = ${HIT_SEQ} AND ${facts.sql}`
  return { sql, params: [inboxId, ...facts.params] }
}

function hasFacts({ anywhere, from, to, subject, labels, ...facts }: SearchQuery): boolean {
  return labels.length > 0 || Object.values(facts).some((fact) => fact !== null)
}

/** One text for every combination but the number of labels: statements are kept prepared. All of it stands in the index message_facts. */
function matchFacts(search: SearchQuery): Fragment {
  const wanted = search.labels.filter(({ isNot }) => !isNot)
  const unwanted = search.labels.filter(({ isNot }) => isNot)
  const conditions = [
    'm.created_at >= ? AND m.created_at < ? AND m.size > ? AND m.size < ? AND m.is_read BETWEEN ? AND ?',
    `CASE WHEN m.attachments = '[]' THEN 0 ELSE 1 END BETWEEN ? AND ?`,
    ...wanted.map(() => `replace(${LABELS}, ?, '') <> ${LABELS}`),
    ...unwanted.map(() => `replace(${LABELS}, ?, '') = ${LABELS}`),
  ]
  const most = Number.MAX_SAFE_INTEGER
  const bounds = [search.after ?? -most, search.before ?? most, search.largerBytes ?? -1, search.smallerBytes ?? most]
  const flags = [...toRange(search.isRead), ...toRange(search.hasAttachment)]
  return { sql: conditions.join(' AND '), params: [...bounds, ...flags, ...[...wanted, ...unwanted].map(toLabelPart)] }
}

/** The JSON list with a comma at each end; in JSON a quotation mark inside a label has a backslash before it. */
const LABELS = `lower(',' || substr(m.labels, 2, length(m.labels) - 2) || ',')`

function toLabelPart({ text }: SearchWord): SqlValue {
  return lowerAscii(`,${JSON.stringify(text)},`)
}

/** What 0 or 1 must lie between. */
function toRange(wish: boolean | null): [number, number] {
  if (wish === null) return [0, 1]
  return wish ? [1, 1] : [0, 0]
}
