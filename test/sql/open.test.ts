import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it, onTestFinished } from 'vitest'
import { runBatch } from '../../src/sql/batch.ts'
import { MIGRATIONS } from '../../src/sql/migrations.ts'
import { openDatabase } from '../../src/sql/open.ts'
import type { Call } from '../../src/sql/operations.ts'
import { SCHEMA_VERSION } from '../../src/sql/schema.ts'
import { connect, makeDir, makeFile, openEngine, openTestStore, snapshot } from './place.ts'
import { AGENT, FIRST_PAGE, makeInbox, NOW, newInbox, RANDOMNESS } from './support.ts'

describe('Opening a store', () => {
  it('asks for full durability every time', async () => {
    const file = makeFile()
    for (const time of ['first', 'second']) {
      const { db } = await openDatabase(file, RANDOMNESS)
      const pragma = (name: string) => Object.values(db.get<Record<string, unknown>>(`PRAGMA ${name}`) ?? {})[0]
      expect([time, pragma('synchronous'), pragma('journal_mode'), pragma('foreign_keys')]).toEqual([time, 2, 'wal', 1])
      expect([time, pragma('busy_timeout'), pragma('fullfsync'), pragma('trusted_schema')]).toEqual([time, 100, 1, 0])
      db.close()
    }
  })

  it('makes files that only their owner may read', async () => {
    const file = makeFile()
    await openEngine(file)
    for (const suffix of ['', '-wal', '-shm']) expect(statSync(file + suffix).mode & 0o777).toBe(0o600)
  })

  it('takes from others what they may not read', async () => {
    const file = makeFile()
    await openEngine(file)
    chmodSync(file, 0o644)
    await openEngine(file)
    expect(statSync(file).mode & 0o777).toBe(0o600)
  })

  it('works when many processes make the same store at once', async () => {
    const file = makeFile()
    const stores = await Promise.all(Array.from({ length: 3 }, () => openTestStore(file)))
    expect(new Set(stores.map(({ storeId }) => storeId)).size).toBe(1)
    const made = await Promise.all(stores.map((store) => makeInbox(store)))
    const seen = await Promise.all(stores.map((store) => store.listInboxes(AGENT, FIRST_PAGE, NOW)))
    expect(seen.map(({ total }) => total)).toEqual(stores.map(() => made.length))
  })

  it('fails with a reason when the file cannot be there', async () => {
    const dir = makeDir()
    const message = expect.stringContaining('cannot be opened')
    for (const file of [join(dir, 'no such directory', 'inbox.sqlite'), dir]) {
      await expect(openDatabase(file, RANDOMNESS)).rejects.toMatchObject({ code: 'store_unavailable', message })
    }
  })
})

describe('A file of somebody else is refused and left as it is', () => {
  const refuse = async (file: string) => {
    const before = snapshot(dirname(file))
    const message = expect.stringContaining('not a mail store')
    await expect(openDatabase(file, RANDOMNESS)).rejects.toMatchObject({ code: 'store_unavailable', message })
    expect(snapshot(dirname(file))).toEqual(before)
  }

  it('when it is no database', async () => {
    const file = makeFile()
    writeFileSync(file, 'My diary. '.repeat(1_000))
    await refuse(file)
  })

  it('when it is shorter than any header', async () => {
    const file = makeFile()
    writeFileSync(file, 'SQLite format 3\0')
    await refuse(file)
  })

  it('when it is a database of another program, closed', async () => {
    const file = makeFile()
    const other = new Database(file)
    other.exec('CREATE TABLE diary (day TEXT)')
    other.close()
    await refuse(file)
  })

  it('when it is a database of another program, with a write-ahead log that waits for recovery', async () => {
    const dir = makeDir()
    const other = connect(join(dir, 'open.sqlite'))
    other.pragma('application_id = 42')
    other.pragma('journal_mode = WAL')
    other.exec('CREATE TABLE diary (day TEXT)')
    const file = makeFile()
    for (const suffix of ['', '-wal']) writeFileSync(file + suffix, readFileSync(join(dir, `open.sqlite${suffix}`)))
    await refuse(file)
  })
})

describe('A store of another version', () => {
  const make = (): Call => ({ method: 'createInbox', args: [AGENT, newInbox()] })
  const list: Call = { method: 'listInboxes', args: [AGENT, FIRST_PAGE, NOW] }
  const setMeta = (file: string, name: string, value: number) => {
    connect(file).prepare('UPDATE meta SET value = ? WHERE name = ?').run(String(value), name)
  }

  it('is refused, unchanged, when only a newer program may work on it', async () => {
    const file = makeFile()
    const { db } = await openDatabase(file, RANDOMNESS)
    setMeta(file, 'min_reader', SCHEMA_VERSION + 1)
    setMeta(file, 'schema_version', SCHEMA_VERSION + 1)
    db.close()
    const before = readFileSync(file)
    await expect(openDatabase(file, RANDOMNESS)).rejects.toMatchObject({
      code: 'store_unavailable',
      hint: 'Restart the server with the newer version.',
      facts: { storeNeeds: SCHEMA_VERSION + 1, programHas: SCHEMA_VERSION },
    })
    expect(readFileSync(file).equals(before)).toBe(true)
  })

  it('is served on when a newer program only added to it', async () => {
    const file = makeFile()
    await openEngine(file)
    setMeta(file, 'schema_version', SCHEMA_VERSION + 1)
    expect(await runBatch(await openEngine(file), [make()])).toMatchObject([{ ok: true }])
    expect(connect(file).prepare("SELECT value FROM meta WHERE name = 'schema_version'").pluck().get()).toBe(
      String(SCHEMA_VERSION + 1),
    )
  })

  it('is no longer touched, nor read, when it is upgraded while this program runs', async () => {
    const file = makeFile()
    const db = await openEngine(file)
    await runBatch(db, [make()])
    setMeta(file, 'min_reader', SCHEMA_VERSION + 1)
    const message = 'A newer version of inbox-mcp has upgraded the mail store.'
    const refused = { ok: false, error: { code: 'store_unavailable', message } }
    expect(await runBatch(db, [make(), list])).toMatchObject([refused, refused])
    expect(await runBatch(db, [list])).toMatchObject([refused])
    setMeta(file, 'min_reader', SCHEMA_VERSION)
    expect(await runBatch(db, [list])).toMatchObject([{ ok: true, value: { total: 1 } }])
  })

  it('is named by migrations without gaps', () => {
    expect(MIGRATIONS.map(({ version }) => version)).toEqual(MIGRATIONS.map((_, index) => index + 1))
    for (const { version, minReader } of MIGRATIONS) expect(minReader).toBeLessThanOrEqual(version)
  })

  it('is not half upgraded when a migration fails', async () => {
    const file = makeFile()
    const other = connect(file)
    other.pragma(`application_id = ${0x49_4e_42_58}`)
    other.exec('CREATE TABLE thread_ref (something TEXT)')
    await expect(openDatabase(file, RANDOMNESS)).rejects.toMatchObject({ code: 'store_unavailable' })
    expect(other.prepare('SELECT name FROM sqlite_master').pluck().all()).toEqual(['thread_ref'])
    other.exec('DROP TABLE thread_ref')
    const { db } = await openDatabase(file, RANDOMNESS)
    onTestFinished(() => db.close())
  })
})
