import type Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import { runBatch } from '../../src/sql/batch.ts'
import type { Call } from '../../src/sql/operations.ts'
import { connect, makeFile, openEngine } from './place.ts'
import { incoming, NOW, newId, newInbox, parsed } from './support.ts'

const AGENTS = ['ada', 'bob']
const ADDRESSES = ['a', 'b', 'c', 'd'].map((name) => `${name}@agents.localhost`)
const HEADERS = ['<1@x>', '<2@x>', '<3@x>', '<4@x>', '<5@x>', null]
const CONTENTS = ['same', 'other', 'third'].map((text) => Buffer.from(text))

/** What must be 0 whatever happened: one query for each promise that columns make about each other. */
const INVARIANTS = {
  'an inbox counts its messages': `SELECT count(*) FROM inbox i
    WHERE message_count <> (SELECT count(*) FROM message m WHERE m.inbox_id = i.id)`,
  'an inbox counts its threads': `SELECT count(*) FROM inbox i
    WHERE thread_count <> (SELECT count(*) FROM thread t WHERE t.inbox_id = i.id)`,
  'no message is newer than the cursor': `SELECT count(*) FROM message m JOIN inbox i ON i.id = m.inbox_id WHERE m.seq > i.last_seq`,
  'a thread counts its messages': `SELECT count(*) FROM thread t JOIN inbox i ON i.id = t.inbox_id
    WHERE t.message_count <> (SELECT count(*) FROM message m WHERE m.inbox_id = t.inbox_id AND m.thread_id = t.id)`,
  'a thread knows its last message': `SELECT count(*) FROM thread t JOIN inbox i ON i.id = t.inbox_id
    WHERE last_message_at <> (SELECT created_at FROM message m
      WHERE m.inbox_id = t.inbox_id AND m.thread_id = t.id ORDER BY seq DESC LIMIT 1)`,
  'a message has a thread': `SELECT count(*) FROM message m JOIN inbox i ON i.id = m.inbox_id
    LEFT JOIN thread t ON t.inbox_id = m.inbox_id AND t.id = m.thread_id WHERE t.id IS NULL`,
  'a reference leads to a thread': `SELECT count(*) FROM thread_ref r JOIN inbox i ON i.id = r.inbox_id
    LEFT JOIN thread t ON t.inbox_id = r.inbox_id AND t.id = r.thread_id WHERE t.id IS NULL`,
  'a message has a body, and a body a message': `SELECT (SELECT count(*) FROM message) + (SELECT count(*) FROM message_body) - 2 * count(*) FROM message_body b
    JOIN message m ON m.inbox_id = b.inbox_id AND m.id = b.message_id`,
  'raw bytes are there for whoever shows them': `SELECT count(*) FROM (SELECT content_hash FROM message UNION SELECT content_hash FROM spool)
    WHERE content_hash NOT IN (SELECT content_hash FROM raw)`,
  'raw bytes count who shows them': `SELECT count(*) FROM raw LEFT JOIN raw_share s ON s.content_hash = raw.content_hash
    WHERE 1 + coalesce(s.more_readers, 0) <> (SELECT count(*) FROM message m WHERE m.content_hash = raw.content_hash)
      + (SELECT count(*) FROM spool p WHERE p.content_hash = raw.content_hash)`,
  'nobody shares what is not there': 'SELECT count(*) FROM raw_share WHERE content_hash NOT IN (SELECT content_hash FROM raw)',
  'what is nobody’s is going to be removed': `SELECT count(*) FROM message
    WHERE inbox_id NOT IN (SELECT id FROM inbox) AND inbox_id NOT IN (SELECT inbox_id FROM deleted_inbox)`,
}

/** Numbers that are the same in each run (Lehmer, 1951). */
class Dice {
  #state = 20_261_124

  roll(sides: number): number {
    this.#state = (this.#state * 48_271) % 2_147_483_647
    return this.#state % sides
  }

  pick<Item>(items: readonly Item[]): Item {
    const item = items[this.roll(items.length)]
    if (item === undefined) throw new Error('nothing to pick from')
    return item
  }
}

function makeCall(dice: Dice, db: Database.Database): Call {
  const agent = dice.pick(AGENTS)
  const address = dice.pick(ADDRESSES)
  const ids = (table: string) => [...db.prepare<[], string>(`SELECT id FROM ${table}`).pluck().all(), 'missing']
  const messageId = () => dice.pick(ids('message'))
  const makers: (() => Call)[] = [
    () => ({ method: 'createInbox', args: [agent, newInbox({ address })] }),
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
    () => ({ method: 'updateMessage', args: [agent, address, messageId(), { read: false, addLabels: ['a'] }] }),
    () => ({ method: 'claimSpool', args: ['me', NOW, NOW + 1, 2] }),
    () => ({ method: 'confirmMail', args: [[dice.pick(ids('acceptance'))]] }),
  ]
  // Mail comes more often than anything goes.
  const [create, , , accept, file] = makers
  return dice.pick([...makers, create, accept, accept, accept, file, file, file, file])?.() ?? makeCall(dice, db)
}

it('Whatever is done in whatever order, what the rows say about each other is true', async () => {
  const file = makeFile()
  const db = await openEngine(file)
  // The promise is about rows, not about the disk.
  db.run('PRAGMA synchronous = OFF')
  const viewer = connect(file)
  const dice = new Dice()
  const seen = { done: 0, refused: 0, mostMessages: 0 }
  for (let round = 0; round < 300; round++) {
    const calls = Array.from({ length: 1 + dice.roll(6) }, () => makeCall(dice, viewer))
    for (const { ok } of await runBatch(db, calls)) seen[ok ? 'done' : 'refused'] += 1
    seen.mostMessages = Math.max(seen.mostMessages, Number(viewer.prepare('SELECT count(*) FROM message').pluck().get()))
    const broken = Object.entries(INVARIANTS).filter(([, sql]) => viewer.prepare(sql).pluck().get() !== 0)
    expect({ round, broken: broken.map(([name]) => name), calls }).toEqual({ round, broken: [], calls })
  }
  // All of it happened often enough to mean something.
  expect(seen.done).toBeGreaterThan(400)
  expect(seen.refused).toBeGreaterThan(100)
  expect(seen.mostMessages).toBeGreaterThan(20)
})
