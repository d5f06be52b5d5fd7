/**
 * Indexing, a step behind filing: terms written in the order of their places cost a fraction of what they do in the order in which mail arrives, and nobody
 * waits for them. seq grows by steps within an inbox, so one number says how far it is indexed; what was there before there was an index is no exception.
 */

import { INDEX_STEP_CHARS, INDEX_STEP_ROWS, MAX_INDEXED_CHARS, MAX_INDEXED_LIST_CHARS } from '../search/limits.ts'
import { spaceTerms } from '../search/text.ts'
import type { Engine } from './engine.ts'
import { type BodyRow, type InboxRow, type MessageRow, toSummary } from './rows.ts'
import { addToIndex, type IndexedText } from './search.ts'

/** A term of its own between two things, so that no phrase reaches from one into the next. */
const APART = ' \ue000 '
/** Rows read at a time: each may have a long text. */
const READ_ROWS = 10

type Indexed = Pick<InboxRow, 'id' | 'search_number' | 'indexed_seq' | 'last_seq'>
type Source = MessageRow & Pick<BodyRow, 'body_text' | 'envelope_to'>
/** What is left of a step. */
type Budget = { rows: number; chars: number }

/** Store.indexMessages. */
export async function indexMessages(db: Engine): Promise<boolean> {
  const budget = makeBudget()
  const waiting = await db.all<Indexed>(
    'SELECT id, search_number, indexed_seq, last_seq FROM inbox WHERE last_seq > indexed_seq ORDER BY search_number LIMIT ?',
    INDEX_STEP_ROWS,
  )
  if (waiting.length === 0) return false
  const numbered: Indexed[] = []
  for (const inbox of waiting) numbered.push(await numberInbox(db, inbox))
  for (const inbox of numbered.toSorted((a, b) => a.search_number - b.search_number)) {
    if (!(await indexRest(db, inbox, budget))) return true
  }
  return (await db.get('SELECT id FROM inbox WHERE last_seq > indexed_seq LIMIT 1')) !== undefined
}

/** Indexes what one inbox has that is not indexed yet, as much as one step may; answers its number, and whether that was all. */
export async function indexInbox(db: Engine, inbox: Indexed): Promise<{ searchNumber: number; isComplete: boolean }> {
  if (inbox.last_seq <= inbox.indexed_seq) return { searchNumber: inbox.search_number, isComplete: true }
  const numbered = await numberInbox(db, inbox)
  return { searchNumber: numbered.search_number, isComplete: await indexRest(db, numbered, makeBudget()) }
}

function makeBudget(): Budget {
  return { rows: INDEX_STEP_ROWS, chars: INDEX_STEP_CHARS }
}

/** Numbers are never given twice: rows of a deleted inbox may be left for a while. */
async function numberInbox(db: Engine, inbox: Indexed): Promise<Indexed> {
  if (inbox.search_number > 0) return inbox
  const counter = await db.get<{ value: string }>(
    `INSERT INTO meta (name, value) VALUES ('search_numbers', '1')
     ON CONFLICT (name) DO UPDATE SET value = CAST(CAST(meta.value AS BIGINT) + 1 AS TEXT) RETURNING value`,
  )
  if (!counter) throw new Error('the store gives no search number')
  await db.run('UPDATE inbox SET search_number = ? WHERE id = ?', Number(counter.value), inbox.id)
  return { ...inbox, search_number: Number(counter.value) }
}

/** Answers whether nothing is left. */
async function indexRest(db: Engine, inbox: Indexed, budget: Budget): Promise<boolean> {
  let indexedSeq = inbox.indexed_seq
  let isComplete = false
  while (!isComplete && budget.rows > 0 && budget.chars > 0) {
    const rows = await readRows(db, inbox.id, indexedSeq, Math.min(READ_ROWS, budget.rows))
    for (const row of rows) {
      budget.chars -= await indexRow(db, inbox.search_number, row)
      budget.rows -= 1
      indexedSeq = row.seq
      if (budget.chars <= 0) break
    }
    isComplete = indexedSeq >= inbox.last_seq || rows.length === 0
  }
  // The newest messages may have been deleted before anybody indexed them.
  await db.run('UPDATE inbox SET indexed_seq = ? WHERE id = ?', isComplete ? inbox.last_seq : indexedSeq, inbox.id)
  return isComplete
}

async function readRows(db: Engine, inboxId: string, after: number, limit: number): Promise<Source[]> {
  return await db.all<Source>(
    `SELECT m.*, substr(b.body_text, 1, ?) AS body_text, b.envelope_to
     FROM message m JOIN message_body b ON b.inbox_id = m.inbox_id AND b.message_id = m.id
     WHERE m.inbox_id = ? AND m.seq > ? ORDER BY m.seq LIMIT ?`,
    MAX_INDEXED_CHARS,
    inboxId,
    after,
    limit,
  )
}

/** Answers how much text that was. */
async function indexRow(db: Engine, searchNumber: number, row: Source): Promise<number> {
  const text = gatherText(row)
  await addToIndex(db, { searchNumber, seq: row.seq }, text)
  return Object.values(text).reduce((sum, { length }) => sum + length, 0)
}

function gatherText(row: Source): IndexedText {
  const { fromAddress, fromName, toAddresses, ccAddresses, attachments, subject } = toSummary(row)
  const names = attachments.flatMap(({ filename }) => filename ?? [])
  return {
    sender: spaceTerms([fromName ?? '', fromAddress].join(APART), MAX_INDEXED_LIST_CHARS),
    // The envelope's recipient too: a mailing list, or a blind copy, names it nowhere else.
    recipients: spaceTerms([row.envelope_to, ...toAddresses, ...ccAddresses].join(APART), MAX_INDEXED_LIST_CHARS),
    subject: spaceTerms(subject, MAX_INDEXED_LIST_CHARS),
    body: spaceTerms(row.body_text, MAX_INDEXED_CHARS),
    attachments: spaceTerms(names.join(APART), MAX_INDEXED_LIST_CHARS),
  }
}
