import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { type Outcome, runBatch } from '../../src/sql/batch.ts'
import { getInbox } from '../../src/sql/inboxes.ts'
import type { Call } from '../../src/sql/operations.ts'
import type { SqliteEngine } from '../../src/sql/sqlite.ts'
import { connect, countCommits, countRows, makeFile, openEngine } from './place.ts'
import { AGENT, FIRST_PAGE, incoming, NOW, newId, newInbox, parsed, recipientOf } from './support.ts'

const NORMAL = 1
const FULL = 2

/** Codes of what failed, and what the rest answered. */
function read(outcomes: readonly Outcome[]): unknown[] {
  return outcomes.map((outcome) => {
    if (outcome.ok) return outcome.value
    return outcome.error instanceof Error && 'code' in outcome.error ? outcome.error.code : outcome.error
  })
}

function make(fields: Parameters<typeof newInbox>[0] = {}): Call<'createInbox'> {
  return { method: 'createInbox', args: [AGENT, newInbox(fields)] }
}

function count(): Call<'listInboxes'> {
  return { method: 'listInboxes', args: [AGENT, FIRST_PAGE, NOW] }
}

/** An inbox in the file, and a call that delivers so many bytes to it. */
async function openWithInbox(file = makeFile()) {
  const db = await openEngine(file)
  const call = make()
  expect(await runBatch(db, [call])).toMatchObject([{ ok: true }])
  const { inbox } = await getInbox(db, AGENT, call.args[1].id, NOW)
  const deliver = (sizeBytes: number): Call<'acceptMail'> => {
    const raw = Buffer.alloc(sizeBytes, newId())
    return { method: 'acceptMail', args: [incoming([recipientOf(inbox)], { raw })] }
  }
  return { db, file, inbox, deliver }
}

describe('A batch', () => {
  it('is one commit, in which reads see the writes before them', async () => {
    const file = makeFile()
    const db = await openEngine(file)
    const before = countCommits(file)
    const outcomes = await runBatch(db, [count(), make(), count(), make(), count()])
    expect(outcomes.every(({ ok }) => ok)).toBe(true)
    expect([0, 2, 4].map((index) => read(outcomes)[index])).toMatchObject([{ total: 0 }, { total: 1 }, { total: 2 }])
    expect(countCommits(file)).toBe(before + 1)
  })

  it('waits for the disk where somebody was promised something, and not for what is done again after a power cut', async () => {
    const { db, deliver } = await openWithInbox()
    const levels: unknown[] = []
    const commit = db.commit.bind(db)
    db.commit = () => {
      levels.push(db.get<{ synchronous: number }>('PRAGMA synchronous')?.synchronous)
      commit()
    }
    const mail = deliver(10)
    const [{ id }] = mail.args
    const confirm: Call<'confirmMail'> = { method: 'confirmMail', args: [[id]] }
    const file: Call<'fileMail'> = { method: 'fileMail', args: [id, parsed(), [{ messageId: newId(), threadId: newId() }], NOW] }
    for (const calls of [[mail], [confirm], [file, count()], [confirm, deliver(10)], [confirm]]) {
      expect((await runBatch(db, calls)).every(({ ok }) => ok)).toBe(true)
    }
    expect(levels).toEqual([FULL, NORMAL, NORMAL, FULL, NORMAL])
  })

  it('without a write takes no lock, though another process holds it', async () => {
    const { db, file, inbox } = await openWithInbox()
    const other = connect(file)
    other.exec('BEGIN IMMEDIATE')
    const outcomes = await runBatch(db, [
      count(),
      { method: 'takeMessage', args: [AGENT, inbox.id, {}, 0] },
      { method: 'sweepDeleted', args: [] },
      { method: 'claimSpool', args: ['me', NOW, NOW, 16] },
      { method: 'forgetAcceptances', args: [NOW] },
    ])
    expect(read(outcomes)).toEqual([
      { data: [inbox], total: 1 },
      { message: null, cursor: 0, isComplete: true },
      false,
      [],
      undefined,
    ])
    other.exec('ROLLBACK')
  })

  it('writes nothing, and answers its reads, when another process keeps the lock', async () => {
    const { db, file, inbox } = await openWithInbox()
    const other = connect(file)
    other.exec('BEGIN IMMEDIATE')
    db.get('PRAGMA busy_timeout = 1')
    const outcomes = await runBatch(db, [make(), count(), make()])
    expect(read(outcomes)).toEqual(['store_unavailable', { data: [inbox], total: 1 }, 'store_unavailable'])
    other.exec('ROLLBACK')
    expect(read(await runBatch(db, [make(), count()]))[1]).toMatchObject({ total: 2 })
  })

  it('tries for the lock as long as it is told to, and has it when it becomes free', async () => {
    const { db, file, inbox } = await openWithInbox()
    const other = connect(file)
    db.get('PRAGMA busy_timeout = 1')
    other.exec('BEGIN IMMEDIATE')
    let tries = 0
    const stopAtThird = () => {
      tries += 1
      return tries < 3
    }
    expect(read(await runBatch(db, [make(), count()], stopAtThird))).toEqual(['store_unavailable', { data: [inbox], total: 1 }])
    expect(tries).toBe(3)
    const freeIt = () => {
      other.exec('ROLLBACK')
      return true
    }
    expect(read(await runBatch(db, [make(), count()], freeIt))[1]).toMatchObject({ total: 2 })
  })

  it('undoes of a failing call everything, and of the others nothing', async () => {
    const { db, file, inbox, deliver } = await openWithInbox()
    const mail = incoming([recipientOf(inbox), recipientOf(inbox, 'second')])
    await runBatch(db, [{ method: 'acceptMail', args: [mail] }])
    const outcomes = await runBatch(db, [
      make({ address: inbox.address }),
      deliver(100),
      // Ids for one recipient of two: fails after it was taken from the spool.
      { method: 'fileMail', args: [mail.id, parsed(), [{ messageId: newId(), threadId: newId() }], NOW] },
      deliver(100),
    ])
    expect(outcomes.map(({ ok }) => ok)).toEqual([false, true, false, true])
    expect(countRows(file, 'spool', 'raw', 'message', 'thread', 'inbox')).toEqual({
      spool: 3,
      raw: 3,
      message: 0,
      thread: 0,
      inbox: 1,
    })
  })

  it('does not answer what could not be committed', async () => {
    const { db, inbox, deliver } = await openWithInbox()
    const commit = db.commit.bind(db)
    let commits = 0
    db.commit = () => {
      commits += 1
      if (commits === 1) throw new Database.SqliteError('disk I/O error', 'SQLITE_IOERR_FSYNC')
      commit()
    }
    const outcomes = await runBatch(db, [make(), count(), deliver(100)])
    expect(read(outcomes)).toEqual(['store_unavailable', { data: [inbox], total: 1 }, 'store_unavailable'])
    expect(db.inTransaction).toBe(false)
    expect(read(await runBatch(db, [count()]))).toMatchObject([{ total: 1 }])
  })

  it('rejects what a full disk has no room for, and goes on reading', async () => {
    const { db, file, inbox, deliver } = await openWithInbox()
    limitPages(db)
    const outcomes = await runBatch(db, [deliver(100), deliver(1_000_000), count()])
    // Whether SQLite gives up one statement or the whole transaction is its choice; what it answers must be true.
    expect(read(outcomes).slice(1)).toEqual(['store_unavailable', { data: [inbox], total: 1 }])
    expect(countRows(file, 'spool', 'raw')).toEqual(outcomes[0]?.ok ? { spool: 1, raw: 1 } : { spool: 0, raw: 0 })
    const [, last] = await runBatch(db, [{ method: 'findRecipient', args: [inbox.address] }, deliver(1_000_000)])
    expect(last).toMatchObject({
      ok: false,
      error: { code: 'store_unavailable', message: expect.stringContaining('the disk is full') },
    })
  })

  it('writes again when there is room again', async () => {
    const { db, file, deliver } = await openWithInbox()
    limitPages(db)
    await runBatch(db, [deliver(1_000_000)])
    db.get('PRAGMA max_page_count = 1000000')
    expect(read(await runBatch(db, [deliver(1_000_000)]))).toMatchObject([{ duplicate: false }])
    expect(countRows(file, 'spool', 'raw', 'acceptance')).toEqual({ spool: 1, raw: 1, acceptance: 1 })
  })

  it('reports a mistake of ours as what it is', async () => {
    const db = await openEngine(makeFile())
    connect(db.get<{ file: string }>('PRAGMA database_list')?.file ?? '').exec('DROP TABLE idempotency')
    const [outcome] = await runBatch(db, [make({ idempotency: { key: 'k', fingerprint: 'f' } })])
    expect(outcome).toMatchObject({ ok: false, error: { message: expect.stringContaining('no such table') } })
    expect(read(await runBatch(db, [make(), count()]))[1]).toMatchObject({ total: 1 })
  })
})

/** As on a full disk, the file grows by no page more. */
function limitPages(db: SqliteEngine): void {
  const pages = db.get<{ page_count: number }>('PRAGMA page_count')?.page_count ?? 0
  db.get(`PRAGMA max_page_count = ${pages + 8}`)
}
