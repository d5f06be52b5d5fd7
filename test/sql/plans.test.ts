import type Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import { MAX_SESSION_LOG_ROWS } from '../../src/limits.ts'
import { readSearchQuery } from '../../src/search/reader.ts'
import { UNKNOWN_SENDER } from '../../src/sender-check.ts'
import { runBatch } from '../../src/sql/batch.ts'
import type { Engine, SqlValue } from '../../src/sql/engine.ts'
import { type Call, OPERATIONS } from '../../src/sql/operations.ts'
import type { NewInbox } from '../../src/store.ts'
import { makeFindings } from '../support/domain-findings.ts'
import { newDomain } from './domain-support.ts'
import { connect, makeFile, openEngine } from './place.ts'
import { AGENT, FIRST_PAGE, incoming, NOW, newId, newInbox, OWNER, outgoing, parsed, settlement } from './support.ts'

/** Tables that are read as a whole: what waits to be done, and is short. */
const SHORT_TABLES = ['spool', 'deleted_inbox']
/** Read as a whole for a sum that only the owner asks for. */
const SUMS = ['inbox', 'delivery']
/** Indexes that are read as a whole, for their owner or by what works behind the scenes: they hold nothing but what was asked for, in its order. */
const WHOLE_INDEXES = ['suppression_by_age', 'delivery_unknown', 'inbox_suspended', 'inbox_unindexed', 'domain_owned']

/** One for each form of statement: words, facts, both; labels are conditions of their own. */
const SEARCHES = ['code', 'is:unread', 'code is:unread', 'code label:a -label:b']

/** Every statement that the operations run, however often. */
async function collectStatements(file: string): Promise<Set<string>> {
  const statements = new Set<string>()
  const db = record(await openEngine(file), statements)
  const inbox = newInbox({ idempotency: { key: 'k', fingerprint: 'f' } })
  const other = newInbox()
  const to = [inbox, other].map(({ id, address }) => ({ inboxId: id, address, tag: null }))
  const [mail, again] = [incoming(to), incoming(to)]
  const held = { raw: Buffer.from('held open') }
  const ids = () => to.map(() => ({ messageId: newId(), threadId: newId() }))
  const [first, second] = [ids(), ids()]
  const [one, two] = [first[0]?.messageId ?? '', second[0]?.messageId ?? '']
  const links = parsed({ messageIdHeader: '<a@x>', inReplyTo: '<b@x>', references: ['<c@x>'] })
  const calls: Call[] = [
    { method: 'createInbox', args: [AGENT, inbox] },
    { method: 'createInbox', args: [AGENT, inbox] },
    { method: 'createInbox', args: [AGENT, other] },
    { method: 'listInboxes', args: [AGENT, FIRST_PAGE, NOW] },
    { method: 'completeAddresses', args: [AGENT, 'in', 9] },
    { method: 'getInbox', args: [AGENT, inbox.id, NOW] },
    { method: 'getInbox', args: [AGENT, inbox.address, NOW] },
    { method: 'findRecipient', args: [inbox.address] },
    { method: 'acceptMail', args: [mail] },
    { method: 'acceptMail', args: [{ ...again, contentHash: mail.contentHash }] },
    { method: 'claimSpool', args: ['me', NOW + 1_000_000, NOW + 2_000_000, 16] },
    { method: 'confirmMail', args: [[mail.id]] },
    { method: 'acceptMail', args: [incoming(to, { ...held, leaseOwner: 'one' })] },
    { method: 'acceptMail', args: [incoming(to, { ...held, leaseOwner: 'other' })] },
    { method: 'acceptMail', args: [incoming(to, { ...held, leaseOwner: 'other' })] },
    { method: 'releaseMail', args: [[{ id: mail.id, tryId: mail.id }]] },
    { method: 'forgetAcceptances', args: [NOW + 1] },
    { method: 'fileMail', args: [mail.id, links, first, NOW] },
    { method: 'fileMail', args: [again.id, links, second, NOW] },
    { method: 'listMessages', args: [AGENT, inbox.id, { after: null, page: FIRST_PAGE }] },
    { method: 'listMessages', args: [AGENT, inbox.id, { after: 1, page: FIRST_PAGE }] },
    { method: 'getRaw', args: [AGENT, inbox.id, one] },
    ...SEARCHES.map((query): Call => {
      return { method: 'searchMessages', args: [AGENT, inbox.id, readSearchQuery(query, NOW), { after: null, page: FIRST_PAGE }] }
    }),
    { method: 'indexMessages', args: [] },
    { method: 'saveSenderVerdict', args: [AGENT, inbox.id, one, UNKNOWN_SENDER] },
    { method: 'listNearMisses', args: [AGENT, inbox.id, { contains: 'nothing' }, 0, 5] },
    { method: 'countNewMail', args: [AGENT, [{ inboxId: inbox.id, after: 1 }], NOW] },
    { method: 'takeMessage', args: [AGENT, inbox.id, { contains: 'code is' }, 0] },
    { method: 'getMessage', args: [AGENT, inbox.id, two, { markRead: true }] },
    { method: 'updateMessage', args: [AGENT, inbox.id, one, { addLabels: ['a'] }] },
    { method: 'completeMessageIds', args: [AGENT, inbox.id, '01', 9] },
    ...makeSendingCalls(inbox, other),
    ...makeSessionCalls(inbox),
    ...makeDomainCalls(),
    { method: 'summarize', args: [] },
    { method: 'findAnyInbox', args: [inbox.id] },
    { method: 'findAnyInbox', args: [inbox.address] },
    { method: 'listStored', args: [inbox.id, 0, 9] },
    { method: 'getStored', args: [inbox.id, newId()] },
    { method: 'listSpooledHashes', args: [inbox.id] },
    { method: 'listUnpacked', args: [NOW + 1] },
    { method: 'keepPacked', args: [[{ contentHash: mail.contentHash, packed: Buffer.from('x') }], NOW] },
    { method: 'removeExpired', args: [{ before: 0, mostBytes: null }] },
    { method: 'deleteMessage', args: [AGENT, inbox.id, one] },
    { method: 'deleteMessage', args: [AGENT, inbox.id, two] },
    { method: 'deleteInbox', args: [AGENT, other.id] },
    { method: 'sweepDeleted', args: [] },
  ]
  expect(new Set(calls.map(({ method }) => method))).toEqual(new Set(Object.keys(OPERATIONS)))
  expect((await runBatch(db, calls)).filter(({ ok }) => !ok)).toEqual([])
  return statements
}

/** Everything about sending, in an order in which nothing fails. */
function makeSendingCalls({ id, address }: NewInbox, other: NewInbox): Call[] {
  const idempotency = { key: 'k', fingerprint: 'f' }
  // From whom mail has come already, in these tests.
  const to = ['shop@example.org', ...Array.from({ length: 19 }, (_, index) => `${index}@example.org`)]
  const first = outgoing({ to: to.slice(0, 1), idempotency, correspondentsOnly: true })
  const [many, local] = [outgoing({ to }), outgoing({ to: [other.address], carrier: 'local', threadId: first.newThreadId })]
  const [deliveryId = ''] = first.deliveries.map((each) => each.id)
  const [localId = ''] = local.deliveries.map((each) => each.id)
  const reported = { deliveryId, hard: true, statusCode: null, now: NOW }
  return [
    { method: 'getSecret', args: [] },
    { method: 'queueMessage', args: [AGENT, id, first] },
    { method: 'queueMessage', args: [AGENT, id, first] },
    { method: 'queueMessage', args: [AGENT, id, many] },
    { method: 'queueMessage', args: [AGENT, id, local] },
    { method: 'getSentMessage', args: [AGENT, id, first.messageId] },
    { method: 'nextDeliveryAt', args: [] },
    { method: 'claimDeliveries', args: [OWNER, NOW, NOW + 60_000, 100] },
    { method: 'nextDeliveryAt', args: [true, NOW - 1_000_000] },
    { method: 'renewDeliveries', args: [OWNER, ['x'], NOW + 90_000] },
    { method: 'handOver', args: [{ deliveryId: localId, owner: OWNER, spoolId: newId(), envelopeFrom: '', now: NOW }] },
    { method: 'settleDelivery', args: [settlement(deliveryId, 'unknown')] },
    { method: 'listUnknownDeliveries', args: [9] },
    { method: 'retryDelivery', args: [deliveryId, NOW] },
    { method: 'findDelivery', args: [deliveryId] },
    { method: 'recordReport', args: [{ ...reported, kind: 'bounced' }] },
    ...many.deliveries.map((each): Call => ({ method: 'settleDelivery', args: [settlement(each.id, 'refused')] })),
    { method: 'recordReport', args: [{ ...reported, kind: 'complained' }] },
    { method: 'listSuspended', args: [] },
    { method: 'resumeInbox', args: [address, NOW] },
    { method: 'listSuppressions', args: [null] },
    { method: 'listSuppressions', args: [address] },
    { method: 'removeSuppression', args: [address, 'shop@example.org'] },
    { method: 'listThreads', args: [AGENT, id, FIRST_PAGE] },
    { method: 'getThread', args: [AGENT, id, first.newThreadId, FIRST_PAGE] },
  ]
}

/** A domain with an inbox on it, and another that goes. */
function makeDomainCalls(): Call[] {
  const [kept, gone] = [newDomain(), newDomain()]
  const check = { findings: makeFindings(), now: NOW, nextCheckAt: NOW }
  const onDomain = newInbox({ domainId: kept.id, address: `a@${kept.domain}` })
  return [
    { method: 'createDomain', args: [AGENT, kept] },
    { method: 'createDomain', args: [AGENT, gone] },
    { method: 'recordDomainCheck', args: [AGENT, kept.id, check] },
    { method: 'createInbox', args: [AGENT, onDomain] },
    { method: 'findRecipient', args: [onDomain.address] },
    { method: 'getDkimKey', args: [AGENT, kept.id] },
    { method: 'findDomainHolder', args: [kept.domain] },
    { method: 'listDomainHolders', args: [] },
    { method: 'releaseDomain', args: [gone.domain] },
    { method: 'getDomain', args: [AGENT, kept.domain] },
    { method: 'listDomains', args: [AGENT, FIRST_PAGE] },
    { method: 'claimDomains', args: [NOW, NOW + 1_000, 9] },
    { method: 'recordDomainCheck', args: [AGENT, kept.id, { ...check, nextCheckAt: NOW + 1_000_000_000 }] },
    { method: 'claimDomains', args: [NOW, NOW + 1_000, 9] },
    { method: 'deleteDomain', args: [AGENT, gone.domain] },
  ]
}

/** More of both kinds than are kept. */
function makeSessionCalls({ address }: NewInbox): Call[] {
  const session = { remoteAddress: '192.0.2.7', helo: '', mailFrom: '', sizeBytes: null, count: 1, firstAt: NOW, lastAt: NOW }
  const makeEntry = (inboxAddress: string, client: string) => ({
    id: newId(),
    address: inboxAddress,
    inboxAddress,
    client,
    ...session,
  })
  const many = Array.from({ length: MAX_SESSION_LOG_ROWS + 1 }, (_, index) => makeEntry(`${index}@example.org`, `${index}`))
  return [
    { method: 'recordSessions', args: [many.map((entry) => ({ ...entry, reason: 'unknown' })), NOW] },
    { method: 'recordSessions', args: [[{ ...makeEntry(address, ''), reason: 'too_large' }], NOW] },
    { method: 'recordSessions', args: [[{ ...makeEntry(address, ''), reason: 'too_large' }], NOW] },
    { method: 'listSessions', args: [AGENT, { address, since: 0, limit: 9, lookalikes: 9 }] },
    { method: 'listArrivals', args: [AGENT, address, 9] },
    { method: 'listNewestAddresses', args: [9] },
  ]
}

/** The engine, with its statements written down. */
function record(db: Engine, statements: Set<string>): Engine {
  const note = (sql: string) => statements.add(sql)
  return {
    get: <Row>(sql: string, ...params: SqlValue[]) => note(sql) && db.get<Row>(sql, ...params),
    all: <Row>(sql: string, ...params: SqlValue[]) => note(sql) && db.all<Row>(sql, ...params),
    run: (sql, ...params) => note(sql) && db.run(sql, ...params),
    begin: (mode) => db.begin(mode),
    commit: () => db.commit(),
    rollback: () => db.rollback(),
    savepoint: () => db.savepoint(),
    release: () => db.release(),
    rollbackToSavepoint: () => db.rollbackToSavepoint(),
    announce: (owner) => db.announce(owner),
    isAlive: (owner) => db.isAlive(owner),
    usedBytes: () => db.usedBytes(),
    explain: (error) => db.explain(error),
    isBusy: (error) => db.isBusy(error),
    get writes() {
      return db.writes
    },
    get inTransaction() {
      return db.inTransaction
    },
  }
}

/** Searching reads the full text by its terms (M) within a range of rows (><), and sorts the numbers of what it found. */
function isSearchStep(sql: string, step: string): boolean {
  if (step.startsWith('SCAN message_search')) return /^SCAN message_search VIRTUAL TABLE INDEX \d+:(M6><|=)$/.test(step)
  return sql.includes('count(*) OVER ()') && (step === 'USE TEMP B-TREE FOR ORDER BY' || /^SCAN \(subquery-\d+\)$/.test(step))
}

function explain(db: Database.Database, sql: string): string[] {
  const params = Array.from(sql.matchAll(/\?/g), () => null)
  return db
    .prepare(`EXPLAIN QUERY PLAN ${sql}`)
    .all(...params)
    .map((step) => (step as { detail: string }).detail)
}

it('Every statement finds its rows by an index and needs no sorting, however full the store is', async () => {
  const file = makeFile()
  const statements = await collectStatements(file)
  const db = connect(file)
  const slow = [...statements].flatMap((sql) =>
    explain(db, sql)
      .filter((step) => step.startsWith('SCAN') || step.includes('TEMP B-TREE'))
      .filter((step) => !isSearchStep(sql, step))
      .filter((step) => !(SUMS.includes(step.split(' ')[1] ?? '') && /^SELECT (?:coalesce|count)\(/.test(sql)))
      .filter((step) => !SHORT_TABLES.includes(step.split(' ')[1] ?? ''))
      .filter((step) => !WHOLE_INDEXES.includes(step.split(' USING INDEX ')[1] ?? ''))
      .map((step) => `${step}: ${sql.replaceAll(/\s+/g, ' ')}`),
  )
  expect(slow).toEqual([])
  expect(statements.size).toBeGreaterThan(70)
})

it('What is asked most often uses the index that was made for it', async () => {
  const file = makeFile()
  const statements = [...(await collectStatements(file))]
  const db = connect(file)
  const planOf = (...parts: string[]) => explain(db, statements.find((sql) => parts.every((part) => sql.includes(part))) ?? '')
  expect(planOf('is_read = 0', 'ORDER BY seq LIMIT')).toEqual([
    'SEARCH message USING INDEX message_unread (inbox_id=? AND seq>?)',
  ])
  expect(planOf('SELECT * FROM message', 'ORDER BY seq DESC LIMIT')).toEqual([
    'SEARCH message USING INDEX message_by_seq (inbox_id=? AND seq>?)',
  ])
  const ownedDomain = (nth: number) => [`CORRELATED SCALAR SUBQUERY ${nth}`, 'SEARCH o USING INDEX domain_owned (domain=?)']
  expect(planOf('SELECT i.id, i.status', 'AS standing')).toEqual([
    'SEARCH i USING INDEX inbox_at_address (address=?)',
    ...ownedDomain(2),
    ...ownedDomain(1),
  ])
  expect(planOf('FROM acceptance WHERE fingerprint')).toEqual([
    'SEARCH acceptance USING INDEX acceptance_by_fingerprint (fingerprint=? AND accepted_at>?)',
  ])
  const inboxById = (columns: string) => `SEARCH i USING ${columns}INDEX sqlite_autoindex_inbox_1 (id=?)`
  expect(planOf('d.due_at <= ?')).toEqual([
    'SEARCH d USING INDEX delivery_due (due_at<?)',
    inboxById(''),
    ...ownedDomain(1),
    'SEARCH m USING INDEX sqlite_autoindex_message_1 (inbox_id=? AND id=?)',
  ])
  expect(planOf('d.due_at IS NOT NULL')).toEqual([
    'SEARCH d USING INDEX delivery_due (due_at>?)',
    inboxById(''),
    ...ownedDomain(1),
  ])
  expect(planOf('SELECT d.inbox_id', 'd.id = ?')).toEqual(['SEARCH d USING INDEX delivery_by_id (id=?)', inboxById('')])
  expect(planOf('FROM thread', 'ORDER BY last_message_at DESC')).toEqual(['SEARCH thread USING INDEX thread_by_age (inbox_id=?)'])
  expect(planOf('MATCH', 'CROSS JOIN')).toEqual([
    'CO-ROUTINE (subquery-2)',
    'SCAN message_search VIRTUAL TABLE INDEX 0:M6><',
    'SEARCH m USING COVERING INDEX message_facts (inbox_id=? AND seq=? AND created_at>? AND created_at<?)',
    'SCAN (subquery-2)',
    'USE TEMP B-TREE FOR ORDER BY',
  ])
  expect(planOf('message m WHERE m.inbox_id = ? AND m.seq > ?', 'OVER ()')).toContain(
    'SEARCH m USING COVERING INDEX message_facts (inbox_id=? AND seq>?)',
  )
  expect(planOf('lower(from_address)')).toEqual(['SEARCH message USING INDEX message_by_sender (inbox_id=? AND <expr>=?)'])
  expect(planOf('bounced_at IS NOT NULL')).toEqual(['SEARCH delivery USING INDEX delivery_bounced (inbox_id=? AND queued_at>?)'])
})
