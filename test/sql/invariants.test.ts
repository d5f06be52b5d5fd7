import type Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import { readSearchQuery } from '../../src/search/reader.ts'
import { runBatch } from '../../src/sql/batch.ts'
import type { Call } from '../../src/sql/operations.ts'
import { Dice } from '../support/dice.ts'
import { INVARIANTS } from './invariants.ts'
import { connect, makeFile, openEngine } from './place.ts'
import { FIRST_PAGE, incoming, NOW, newId, newInbox, outgoing, parsed, settlement } from './support.ts'

const AGENTS = ['ada', 'bob']
const ADDRESSES = ['a', 'b', 'c', 'd'].map((name) => `${name}@agents.localhost`)
const HEADERS = ['<1@x>', '<2@x>', '<3@x>', '<4@x>', '<5@x>', null]
const CONTENTS = ['same', 'other', 'third'].map((text) => Buffer.from(text))

const CODE = readSearchQuery('code', NOW)

/** The same for what sends. */
const SENDING_INVARIANTS = {
  'what is open will be tried, what has ended will not': `SELECT count(*) FROM delivery
    WHERE (state IN ('queued', 'deferred')) <> (due_at IS NOT NULL)`,
  'only what is open is leased': 'SELECT count(*) FROM delivery WHERE lease_owner IS NOT NULL AND due_at IS NULL',
  'a message has the status of its deliveries': `SELECT count(*) FROM message m JOIN inbox i ON i.id = m.inbox_id
    WHERE direction = 'outbound' AND m.status <> (SELECT CASE
      WHEN sum(state IN ('queued', 'deferred') AND attempts = 0) > 0 THEN 'queued'
      WHEN sum(state IN ('queued', 'deferred')) > 0 THEN 'sending'
      WHEN sum(state = 'complained') > 0 THEN 'complained'
      WHEN sum(state IN ('bounced', 'refused')) > 0 THEN 'bounced'
      WHEN sum(state = 'expired') > 0 THEN 'failed'
      WHEN sum(state = 'unknown') > 0 THEN 'unknown'
      WHEN sum(state = 'recorded') > 0 THEN 'recorded'
      WHEN sum(state = 'delivered') = count(*) THEN 'delivered'
      ELSE 'sent' END FROM delivery d WHERE d.inbox_id = m.inbox_id AND d.message_id = m.id)`,
  'a message that was received has the status of one': `SELECT count(*) FROM message
    WHERE (direction = 'inbound') <> (status = 'received')`,
  'only what was sent has deliveries': `SELECT count(*) FROM delivery d
    JOIN message m ON m.inbox_id = d.inbox_id AND m.id = d.message_id WHERE m.direction <> 'outbound'`,
  'each bounce and complaint was counted once at least': `SELECT count(*) FROM inbox i
    WHERE bounce_count < (SELECT count(bounced_at) FROM delivery d WHERE d.inbox_id = i.id)
      OR complaint_count < (SELECT count(complained_at) FROM delivery d WHERE d.inbox_id = i.id)`,
  'what came back is known when it did': `SELECT count(*) FROM delivery
    WHERE (state IN ('bounced', 'refused') AND bounced_at IS NULL) OR (state = 'complained' AND complained_at IS NULL)`,
  'every message that was sent was counted': `SELECT count(*) FROM inbox i WHERE sends_count > total_sent
      OR total_sent < (SELECT count(*) FROM message m WHERE m.inbox_id = i.id AND direction = 'outbound')`,
  'no inbox sent more than it may': 'SELECT count(*) FROM inbox WHERE sends_count > daily_send_limit',
  'who is suspended is so for a reason': `SELECT count(*) FROM inbox
    WHERE (status = 'suspended') <> (suspended_reason <> '') OR (status = 'suspended') <> (suspended_at > 0)`,
}

function makeCall(dice: Dice, db: Database.Database): Call {
  const agent = dice.pick(AGENTS)
  const address = dice.pick(ADDRESSES)
  const ids = (table: string) => [...db.prepare<[], string>(`SELECT id FROM ${table}`).pluck().all(), 'missing']
  const messageId = () => dice.pick(ids('message'))
  const makers: (() => Call)[] = [
    () => ({ method: 'createInbox', args: [agent, newInbox({ address, dailySendLimit: 12 })] }),
    () => ({ method: 'deleteInbox', args: [agent, address] }),
    () => ({ method: 'sweepDeleted', args: [] }),
    () => {
      const to = Array.from({ length: 1 + dice.roll(3) }, () => ({ inboxId: dice.pick(ids('inbox')), address, tag: null }))
      return { method: 'acceptMail', args: [incoming(to, { raw: dice.pick(CONTENTS), fingerprint: dice.pick(['f', newId()]) })] }
    },
    () => {
      const links = {
        messageIdHeader: dice.pick(HEADERS),
        inReplyTo: dice.pick(HEADERS),
        references: ['<6@x>', '<7@x>'].slice(dice.roll(3)),
      }
      // Two pairs of ids are too few for three recipients: that call has to fail as a whole.
      const own = [0, 1].map(() => ({ messageId: newId(), threadId: newId() }))
      return { method: 'fileMail', args: [dice.pick(ids('spool')), parsed(links), own, NOW + dice.roll(1_000_000)] }
    },
    () => ({ method: 'deleteMessage', args: [agent, address, messageId()] }),
    () => ({ method: 'takeMessage', args: [agent, address, {}, 0] }),
    () => ({ method: 'searchMessages', args: [agent, address, CODE, { after: null, page: FIRST_PAGE }] }),
    () => ({ method: 'indexMessages', args: [] }),
    () => ({ method: 'updateMessage', args: [agent, address, messageId(), { read: false, addLabels: ['a'] }] }),
    () => ({ method: 'claimSpool', args: ['me', NOW, NOW + 1, 2] }),
    () => {
      const id = dice.pick(ids('acceptance'))
      const isHeard = dice.pick([true, false])
      return isHeard ? { method: 'confirmMail', args: [[id]] } : { method: 'releaseMail', args: [[{ id, tryId: id }]] }
    },
  ]
  // Mail comes more often than anything goes.
  const [create, , , accept, file] = makers
  if (dice.roll(5) < 2) return makeSendingCall(dice, db)
  return dice.pick([...makers, create, accept, accept, accept, file, file, file, file])?.() ?? makeCall(dice, db)
}

function makeSendingCall(dice: Dice, db: Database.Database): Call {
  const [agent, address, owner] = [dice.pick(AGENTS), dice.pick(ADDRESSES), dice.pick(['me', 'you'])]
  const now = NOW + dice.roll(1_000_000)
  const pickId = (sql: string) => dice.pick([...db.prepare<[], string>(sql).pluck().all(), 'missing'])
  const deliveryId = () => pickId('SELECT id FROM delivery')
  const leasedId = () => pickId('SELECT id FROM delivery WHERE lease_owner IS NOT NULL')
  const makers: (() => Call)[] = [
    () => {
      const to = Array.from({ length: 1 + dice.roll(8) }, () => dice.pick([...ADDRESSES, `${dice.roll(30)}@example.org`]))
      const threadId = dice.pick([null, null, null, pickId('SELECT id FROM thread')])
      const idempotency = dice.pick([null, { key: 'k', fingerprint: dice.pick(['f', 'g']) }])
      const carrier = dice.pick(['local', 'relay', 'dry-run'] as const)
      const fields = { to, threadId, idempotency, carrier, now, raw: dice.pick(CONTENTS), inReplyTo: dice.pick(HEADERS) }
      return { method: 'queueMessage', args: [agent, address, outgoing(fields)] }
    },
    () => ({ method: 'claimDeliveries', args: [owner, now, now + dice.roll(90_000), 1 + dice.roll(9)] }),
    () => {
      const state = dice.pick(['sent', 'sent', 'deferred', 'refused', 'expired', 'unknown', 'recorded'] as const)
      return { method: 'settleDelivery', args: [settlement(leasedId(), state, { owner, now, suppress: dice.roll(9) === 0 })] }
    },
    () => ({ method: 'handOver', args: [{ deliveryId: leasedId(), owner, spoolId: newId(), envelopeFrom: '', now }] }),
    () => {
      const kind = dice.pick(['bounced', 'bounced', 'complained'] as const)
      const report = { deliveryId: deliveryId(), kind, hard: dice.roll(3) > 0, statusCode: null, now }
      return { method: 'recordReport', args: [report] }
    },
    () => ({ method: 'retryDelivery', args: [pickId(`SELECT id FROM delivery WHERE state = 'unknown'`), now] }),
    () => ({ method: 'renewDeliveries', args: [owner, [deliveryId()], now + 60_000] }),
    () => ({ method: 'resumeInbox', args: [address, now] }),
    () => ({ method: 'removeSuppression', args: [address, `${dice.roll(30)}@example.org`] }),
  ]
  const [queue, claim, settle, hand] = makers
  return dice.pick([...makers, queue, queue, claim, settle, settle, settle, settle, hand])?.() ?? makeSendingCall(dice, db)
}

it('Whatever is done in whatever order, what the rows say about each other is true', async () => {
  const file = makeFile()
  const db = await openEngine(file)
  // The promise is about rows, not about the disk.
  db.run('PRAGMA synchronous = OFF')
  const viewer = connect(file)
  const dice = new Dice()
  const seen = { done: 0, refused: 0, mostMessages: 0, suspended: 0, states: new Set<string>() }
  // Whatever is added above shifts the dice: goes on until what is rare has come too.
  const isEnough = () => seen.suspended > 0 && seen.states.size === 10
  for (let round = 0; round < 500 || (!isEnough() && round < 5_000); round++) {
    const calls = Array.from({ length: 1 + dice.roll(6) }, () => makeCall(dice, viewer))
    for (const { ok } of await runBatch(db, calls)) seen[ok ? 'done' : 'refused'] += 1
    seen.mostMessages = Math.max(seen.mostMessages, Number(viewer.prepare('SELECT count(*) FROM message').pluck().get()))
    for (const state of viewer.prepare<[], string>('SELECT DISTINCT state FROM delivery').pluck().all()) seen.states.add(state)
    seen.suspended += Number(viewer.prepare(`SELECT count(*) FROM inbox WHERE status = 'suspended'`).pluck().get())
    const broken = Object.entries({ ...INVARIANTS, ...SENDING_INVARIANTS }).filter(
      ([, sql]) => viewer.prepare(sql).pluck().get() !== 0,
    )
    expect({ round, broken: broken.map(([name]) => name), calls }).toEqual({ round, broken: [], calls })
  }
  // All of it happened often enough to mean something.
  expect(seen.done).toBeGreaterThan(400)
  expect(seen.refused).toBeGreaterThan(100)
  expect(seen.mostMessages).toBeGreaterThan(20)
  expect(seen.states.size).toBe(10)
  expect(seen.suspended).toBeGreaterThan(0)
})
