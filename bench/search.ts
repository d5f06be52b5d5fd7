/**
 * How long a list and a search take in a full store: `node bench/search.ts [--json FILE] [--store FILE] [messages] [inboxes] [rounds]`. Mail arrives in all inboxes, in no
 * order, and is indexed in the steps in which a server does it. Processor time is a mean: it says what a busy machine hides. Needs no network; writes below the system's temporary directory, 3.5 KB a message, or into `--store`, which is kept: where it is
 * there already it is measured as it is, since a million messages take a quarter of an hour to file.
 */

import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { v7 as uuidv7 } from 'uuid'
import { SILENT_LOG } from '../src/log.ts'
import { NO_FACTS } from '../src/mail-facts.ts'
import { readSearchQuery } from '../src/search/reader.ts'
import { runBatch } from '../src/sql/batch.ts'
import { indexMessages } from '../src/sql/indexing.ts'
import { openDatabase } from '../src/sql/open.ts'
import type { Call } from '../src/sql/operations.ts'
import { type NewMessage, placeMessage } from '../src/sql/placing.ts'
import type { SqliteEngine } from '../src/sql/sqlite.ts'
import { openStore } from '../src/sql/store.ts'
import { conclude, judge, percentile } from './figures.ts'
import { AGENT, makeInbox, pick } from './inboxes.ts'

const WORDS = 50_000
const WORDS_PER_MAIL = 100
/** Not counted: a server has been asked before, and has its code compiled and its file in memory. */
const WARM_UP_ROUNDS = 500
/** Mail between two steps of indexing. */
const FILED_AT_ONCE = 200
const NO_LINKS = { inReplyTo: null, references: [] }
/** What is asked of an inbox; null lists it. */
const QUERIES: readonly (readonly [name: string, query: string | null])[] = [
  ['newest 20', null],
  ['a word in 3/4 of all mail', 'update'],
  ['a word in 1/1000', 'rarely'],
  ['two common words', 'update w0'],
  ['an address', 'from:shop7@example.org'],
  ['a phrase that is there', '"shop7 example org"'],
  ['a phrase of common words, nowhere', '"w0 update w0 update w0 update"'],
  ['not a word', '-update'],
  ['a word, unread, of a label', 'update is:unread label:shop'],
  ['unread', 'is:unread'],
]

/** What is promised of a million messages in a thousand inboxes, in 99 of 100. */
const MOST_LIST_MS = 1
const MOST_SEARCH_MS = 10

const { values: options, positionals } = parseArgs({
  options: { json: { type: 'string' }, store: { type: 'string' } },
  allowPositionals: true,
})
const [messages = 1_000_000, inboxes = 1_000, rounds = 2_000] = positionals.map(Number)
const dir = mkdtempSync(join(tmpdir(), 'inbox-mcp-bench-'))
const file = options.store ?? join(dir, 'inbox.sqlite')
const isThere = existsSync(file)
const { db } = await openDatabase(file, { newId: uuidv7, randomBytes })
try {
  const ids = isThere ? listInboxes(db) : await makeInboxes(db)
  if (!isThere) await fill(db, ids)
  const p99 = await measureAll('in the engine', ids, async (call) => {
    const [outcome] = await runBatch(db, [call])
    if (!outcome?.ok) throw outcome?.error
  })
  db.close()
  const store = await openStore({ file, log: SILENT_LOG })
  await measureAll('through the worker', ids, async ({ method, args }) => {
    if (method === 'listMessages') await store.listMessages(...args)
    else if (method === 'searchMessages') await store.searchMessages(...args)
  })
  await store.close()
  const [listMs = Number.NaN, ...searchMs] = p99
  const where = isThere ? `the messages of ${ids.length} inboxes` : `${messages} messages in ${inboxes} inboxes`
  conclude(
    [
      judge(`${where}: newest 20 of one in the engine, p99`, ['under', MOST_LIST_MS], listMs, 'ms'),
      judge(`${where}: slowest search of one in the engine, p99`, ['under', MOST_SEARCH_MS], Math.max(...searchMs), 'ms'),
    ],
    options.json,
  )
} finally {
  rmSync(dir, { recursive: true })
}

function listInboxes(from: SqliteEngine): string[] {
  return from.all<{ id: string }>('SELECT id FROM inbox WHERE agent = ?', AGENT).map(({ id }) => id)
}

async function makeInboxes(into: SqliteEngine): Promise<string[]> {
  const made = Array.from({ length: inboxes }, (_, index) => makeInbox(index))
  for (let at = 0; at < made.length; at += 500) {
    await runBatch(
      into,
      made.slice(at, at + 500).map((inbox): Call => ({ method: 'createInbox', args: [AGENT, inbox] })),
    )
  }
  return made.map(({ id }) => id)
}

async function fill(into: SqliteEngine, ids: readonly string[]): Promise<void> {
  // Only how it is filled: what is measured only reads.
  into.run('PRAGMA synchronous = OFF')
  let [filingMs, indexingMs] = [0, 0]
  for (let count = 0; count < messages; count += FILED_AT_ONCE) {
    const mail = Array.from({ length: FILED_AT_ONCE }, () => makeMessage(pick(ids)))
    let startedAt = performance.now()
    into.begin('write')
    for (const message of mail)
      await placeMessage(into, message, { ...NO_LINKS, messageIdHeader: message.message_id_header }, newThread())
    into.commit()
    filingMs += performance.now() - startedAt
    startedAt = performance.now()
    for (let more = true; more; ) {
      into.begin('write')
      more = await indexMessages(into)
      into.commit()
    }
    indexingMs += performance.now() - startedAt
    if ((count / FILED_AT_ONCE) % 500 === 499) process.stderr.write(`${count + FILED_AT_ONCE} messages\n`)
  }
  into.run('PRAGMA wal_checkpoint(TRUNCATE)')
  const perMessage = (ms: number) => `${Math.round((ms / messages) * 1_000)} us`
  const pages = (like: string) =>
    Number(into.get<{ bytes: number }>('SELECT sum(pgsize) AS bytes FROM dbstat WHERE name LIKE ?', like)?.bytes ?? 0)
  const size = (bytes: number) => `${Math.round(bytes / 1e6)} MB`
  process.stdout.write(
    `${messages} messages in ${inboxes} inboxes: file ${size(statSync(file).size)}, the index ${describeIndex(() => size(pages('message_search%')))}\n`,
  )
  process.stdout.write(`a message: filed in ${perMessage(filingMs)}, indexed in ${perMessage(indexingMs)}\n`)
}

/** Not every build of SQLite can say what a table takes. */
function describeIndex(measure: () => string): string {
  try {
    return measure()
  } catch {
    return 'of unknown size'
  }
}

function newThread() {
  return { known: undefined, newId: uuidv7() }
}

function makeMessage(inboxId: string): NewMessage {
  const id = uuidv7()
  const words = Array.from({ length: WORDS_PER_MAIL }, () => `w${Math.floor(Math.random() ** 4 * WORDS)}`)
  if (Math.random() < 0.75) words[Math.floor(Math.random() * WORDS_PER_MAIL)] = 'update'
  if (Math.random() < 0.001) words.push('rarely')
  const text = words.join(' ')
  const shop = `shop${Math.floor(Math.random() * 50)}`
  return {
    inbox_id: inboxId,
    id,
    direction: 'inbound',
    delivery: 'email',
    status: 'received',
    from_address: `${shop}@example.org`,
    from_name: 'The Shop',
    to_addresses: '["somebody@agents.localhost"]',
    cc_addresses: '[]',
    reply_to_addresses: '[]',
    subject: `Order ${words.slice(0, 4).join(' ')}`,
    snippet: text.slice(0, 160),
    attachments: '[]',
    message_id_header: `<${id}@example.org>`,
    is_read: Math.random() < 0.5 ? 1 : 0,
    labels: Math.random() < 0.5 ? '["shop"]' : '[]',
    size: 2_048,
    content_hash: 'bench',
    created_at: Date.now(),
    problem: null,
    body_text: text,
    body_html: null,
    in_reply_to: null,
    refs: '[]',
    sent_at: null,
    envelope_from: `${shop}@example.org`,
    envelope_to: 'somebody@agents.localhost',
    automatic: null,
    facts: JSON.stringify(NO_FACTS),
    sender_verdict: null,
    remote_address: '192.0.2.1',
    helo: 'shop.example.org',
  }
}

/** Answers the p99 of each query, in their order, in milliseconds. */
async function measureAll(where: string, ids: readonly string[], run: (call: Call) => Promise<void>): Promise<number[]> {
  const p99: number[] = []
  process.stdout.write(
    `\n${where.padEnd(36)}${['p50', 'p90', 'p99', 'most', 'mean cpu'].map((name) => name.padStart(9)).join('')}  ms\n`,
  )
  for (const [name, query] of QUERIES) {
    for (let round = 0; round < WARM_UP_ROUNDS; round++) await run(makeCall(pick(ids), query))
    const times: number[] = []
    const cpu = process.cpuUsage()
    for (let round = 0; round < rounds; round++) {
      const call = makeCall(pick(ids), query)
      const startedAt = performance.now()
      await run(call)
      times.push(performance.now() - startedAt)
    }
    const { user, system } = process.cpuUsage(cpu)
    const row = [...[0.5, 0.9, 0.99, 1].map((part) => percentile(times, part)), (user + system) / 1_000 / rounds]
    process.stdout.write(`${name.padEnd(36)}${row.map((ms) => ms.toFixed(2).padStart(9)).join('')}\n`)
    p99.push(percentile(times, 0.99))
  }
  return p99
}

function makeCall(inboxId: string, query: string | null): Call {
  const rows = { after: null, page: { limit: 20, offset: 0 } }
  if (query === null) return { method: 'listMessages', args: [AGENT, inboxId, rows] }
  return { method: 'searchMessages', args: [AGENT, inboxId, readSearchQuery(query, Date.now()), rows] }
}
