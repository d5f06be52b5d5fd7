import { describe, expect, it } from 'vitest'
import { readSearchQuery } from '../../src/search/reader.ts'
import { type Outcome, runBatch } from '../../src/sql/batch.ts'
import { MIGRATIONS } from '../../src/sql/migrations.ts'
import { APPLICATION_ID } from '../../src/sql/open.ts'
import type { Call } from '../../src/sql/operations.ts'
import { connect, makeFile, openEngine, openTestStore } from './place.ts'
import { AGENT, FIRST_PAGE, incoming, NOW, newId, outgoing } from './support.ts'

const ADDRESS = 'ada@agents.localhost'
/** As `meta` has it. */
const NEWEST = String(MIGRATIONS.at(-1)?.version)
const RAW = Buffer.from('Subject: Your code\r\n\r\n123\r\n')

/** A file as a program of version 1 left it, with an inbox, a message in a thread, and mail in the spool. */
function makeFirstVersion() {
  const file = makeFile()
  const db = connect(file)
  const [inboxId, messageId, threadId, spoolId, storeId] = [newId(), newId(), newId(), newId(), newId()]
  db.pragma(`application_id = ${APPLICATION_ID}`)
  db.pragma('journal_mode = WAL')
  db.exec('CREATE TABLE meta (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL)')
  for (const statement of MIGRATIONS[0]?.statements ?? []) db.exec(statement)
  const insert = (table: string, row: Record<string, string | number | Buffer | null>) => {
    const names = Object.keys(row)
    db.prepare(`INSERT INTO ${table} (${names.join()}) VALUES (${names.map(() => '?').join()})`).run(Object.values(row))
  }
  for (const [name, value] of Object.entries({ schema_version: '1', min_reader: '1', store_id: storeId })) {
    insert('meta', { name, value })
  }
  const counters = { sends_day: 0, sends_count: 0, total_sent: 0, bounce_count: 0, complaint_count: 0 }
  const held = { last_seq: 1, message_count: 1, thread_count: 1, created_at: NOW }
  const inbox = { id: inboxId, agent: AGENT, address: ADDRESS, display_name: 'Ada', status: 'active', daily_send_limit: 5 }
  insert('inbox', { ...inbox, ...counters, ...held })
  insert('raw', { content_hash: 'h', bytes: RAW })
  insert('raw_share', { content_hash: 'h', more_readers: 1 })
  insert('thread', {
    inbox_id: inboxId,
    id: threadId,
    subject: 'Your code',
    message_count: 1,
    last_message_at: NOW,
    created_at: NOW,
  })
  insert('thread_ref', { inbox_id: inboxId, message_id_header: '<1@x>', thread_id: threadId })
  const lists = { to_addresses: '[]', cc_addresses: '[]', reply_to_addresses: '[]', attachments: '[]', labels: '["shop"]' }
  const message = { inbox_id: inboxId, id: messageId, seq: 1, thread_id: threadId, direction: 'inbound', delivery: 'email' }
  const shown = { status: 'received', from_address: 'Shop@example.org', subject: 'Your code', snippet: '123', is_read: 0 }
  insert('message', { ...message, ...shown, ...lists, message_id_header: '<1@x>', size: 5, content_hash: 'h', created_at: NOW })
  const envelope = { envelope_from: 'shop@example.org', envelope_to: ADDRESS }
  insert('message_body', { inbox_id: inboxId, message_id: messageId, body_text: '123', refs: '[]', ...envelope })
  const recipients = JSON.stringify([{ inboxId, address: ADDRESS, tag: null }])
  const spooled = { id: spoolId, content_hash: 'h', size: 5, mail_from: '', recipients, helo: '', remote_address: '' }
  insert('spool', { ...spooled, received_at: NOW, lease_owner: '', lease_until: 0 })
  return { file, inboxId, messageId, threadId, spoolId, storeId }
}

/** What programs of version 1 kept of no mail. */
const UNKNOWN = { facts: null, senderVerdict: null, remoteAddress: null, helo: null }

function values(outcomes: readonly Outcome[]): unknown[] {
  return outcomes.map((outcome) => (outcome.ok ? outcome.value : outcome.error))
}

describe('A store of version 1', () => {
  it('is brought up to date with everything in it', async () => {
    const made = makeFirstVersion()
    const db = await openEngine(made.file)
    const calls: Call[] = [
      { method: 'getInbox', args: [AGENT, ADDRESS, NOW] },
      { method: 'getMessage', args: [AGENT, ADDRESS, made.messageId, { markRead: false }] },
      { method: 'listThreads', args: [AGENT, ADDRESS, FIRST_PAGE] },
      { method: 'claimSpool', args: ['me', NOW, NOW, 9] },
      { method: 'listSuspended', args: [] },
      {
        method: 'searchMessages',
        args: [AGENT, ADDRESS, readSearchQuery('"your code" 123', NOW), { after: null, page: FIRST_PAGE }],
      },
    ]
    const envelope = {
      from: '',
      recipients: [{ inboxId: made.inboxId, address: ADDRESS, tag: null }],
      helo: '',
      remoteAddress: '',
      receivedAt: NOW,
    }
    const found = values(await runBatch(db, calls))
    expect(found).toMatchObject([
      { inbox: { id: made.inboxId, status: 'active', displayName: 'Ada' }, cursor: 1, suspendedReason: null },
      {
        id: made.messageId,
        threadId: made.threadId,
        bodyText: '123',
        labels: ['shop'],
        automatic: null,
        delivery: 'email',
        ...UNKNOWN,
      },
      { data: [{ id: made.threadId, messageCount: 1 }], total: 1 },
      [{ id: made.spoolId }],
      [],
      { data: [{ id: made.messageId }], total: 1, isComplete: true },
    ])
    expect(found[3]).toEqual([{ id: made.spoolId, envelope, raw: RAW }])
  })

  it('sends from then on, to who wrote before as well', async () => {
    const { file, threadId } = makeFirstVersion()
    const db = await openEngine(file)
    const mail = outgoing({ to: ['shop@example.org'], correspondentsOnly: true, inReplyTo: '<1@x>' })
    const queued = await runBatch(db, [{ method: 'queueMessage', args: [AGENT, ADDRESS, mail] }])
    expect(values(queued)).toMatchObject([{ message: { threadId, seq: 2 }, repeated: false }])
    const claimed = await runBatch(db, [{ method: 'claimDeliveries', args: ['me', NOW, NOW + 1, 9] }])
    expect(values(claimed)).toMatchObject([[{ recipient: 'shop@example.org' }]])
  })

  it('knows its acceptances as those of sessions that have ended, and so those that an older program writes beside us', async () => {
    const { file, inboxId } = makeFirstVersion()
    const insert = 'INSERT INTO acceptance (id, fingerprint, accepted_at) VALUES (?, ?, ?)'
    connect(file).prepare(insert).run('before', 'f', NOW)
    const db = await openEngine(file)
    connect(file).prepare(insert).run('beside', 'g', NOW)
    const calls = ['f', 'g'].map((fingerprint): Call => {
      return { method: 'acceptMail', args: [incoming([{ inboxId, address: ADDRESS, tag: null }], { fingerprint })] }
    })
    expect(values(await runBatch(db, calls))).toEqual(['before', 'beside'].map((id) => ({ id, duplicate: true })))
  })

  it('keeps its id, gets one secret whoever opens it first, and is no longer for programs of version 1', async () => {
    const { file, storeId } = makeFirstVersion()
    const stores = await Promise.all([1, 2].map(() => openTestStore(file)))
    const [first, second] = await Promise.all(stores.map((store) => store.getSecret()))
    expect(first?.byteLength).toBe(32)
    expect(second).toEqual(first)
    expect(stores.map((store) => store.storeId)).toEqual([storeId, storeId])
    const meta = connect(file).prepare('SELECT name, value FROM meta ORDER BY name').raw().all()
    expect(Object.fromEntries(meta as [string, string][])).toMatchObject({ schema_version: NEWEST, min_reader: NEWEST })
    const another = await (await openTestStore(makeFile())).getSecret()
    expect(another).not.toEqual(first)
  })
})

describe('A store of version 6', () => {
  it('has the same inboxes, column by column, and the same indexes of them, once addresses are no longer unique in it', async () => {
    const file = makeFile()
    const db = connect(file)
    db.pragma(`application_id = ${APPLICATION_ID}`)
    db.pragma('journal_mode = WAL')
    db.exec('CREATE TABLE meta (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL)')
    for (const { statements } of MIGRATIONS.slice(0, 6)) for (const statement of statements) db.exec(statement)
    const columns = db.prepare<[], string>("SELECT name FROM pragma_table_info('inbox')").pluck().all()
    // Each of another value, so that none can stand in the place of another.
    const texts = ['id', 'agent', 'address', 'display_name', 'domain_id', 'status', 'suspended_reason']
    const values = columns.map((name, index) => (texts.includes(name) ? `${name}-x` : 1_000 + index))
    db.prepare(`INSERT INTO inbox (${columns.join()}) VALUES (${columns.map(() => '?').join()})`).run(values)
    for (const [name, value] of [
      ['schema_version', '6'],
      ['min_reader', '6'],
      ['store_id', newId()],
    ])
      db.prepare('INSERT INTO meta (name, value) VALUES (?, ?)').run(name, value)
    const read = () => db.prepare(`SELECT ${columns.join()} FROM inbox`).raw().all()
    const listIndexes = () =>
      db
        .prepare<[], string>("SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = 'inbox' AND sql IS NOT NULL")
        .pluck()
        .all()
    const [before, indexes] = [read(), listIndexes()]
    await openEngine(file)
    expect(read()).toEqual(before)
    expect(db.prepare<[], string>("SELECT name FROM pragma_table_info('inbox')").pluck().all()).toEqual(columns)
    expect(listIndexes()).toEqual(expect.arrayContaining(indexes))
  })
})
