/** A directory for one test, and ways to look into a store's file from outside. */

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { onTestFinished } from 'vitest'
import { createLog, type Log, SILENT_LOG } from '../../src/log.ts'
import { openDatabase } from '../../src/sql/open.ts'
import type { SqliteEngine } from '../../src/sql/sqlite.ts'
import { openStore } from '../../src/sql/store.ts'
import type { Store } from '../../src/store.ts'
import { TEST_WORKERS } from '../support/workers.ts'
import { RANDOMNESS } from './support.ts'

/** Calls back when something is no longer needed: `onTestFinished`, or `afterAll` for what a whole file shares. */
type WhenDone = (cleanUp: () => void | Promise<void>) => void

/** An empty directory that is removed in the end. */
export function makeDir(whenDone: WhenDone = onTestFinished): string {
  const dir = mkdtempSync(join(tmpdir(), 'inbox-mcp-sql-'))
  whenDone(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

/** The file of a store in an empty directory. */
export function makeFile(whenDone: WhenDone = onTestFinished): string {
  return join(makeDir(whenDone), 'inbox.sqlite')
}

/** A store with its thread, closed in the end. Starting a thread takes longer than most tests. */
export async function openTestStore(
  file: string,
  options: { log?: Log; workerUrl?: URL; whenDone?: WhenDone } = {},
): Promise<Store> {
  const { whenDone = onTestFinished, ...rest } = options
  const store = await openStore({ log: SILENT_LOG, file, workerUrl: TEST_WORKERS.store, ...rest })
  whenDone(() => store.close())
  return store
}

/** The engine without its thread, closed when the test ends. */
export async function openEngine(file: string): Promise<SqliteEngine> {
  const { db } = await openDatabase(file, RANDOMNESS)
  onTestFinished(() => db.close())
  return db
}

/** Another program's connection to a file, closed when the test ends. */
export function connect(file: string): Database.Database {
  const db = new Database(file)
  onTestFinished(() => {
    db.close()
  })
  return db
}

/** How many rows each of these tables has. */
export function countRows(file: string, ...tables: string[]): Record<string, number> {
  const db = new Database(file, { readonly: true })
  try {
    return Object.fromEntries(tables.map((table) => [table, Number(db.prepare(`SELECT count(*) FROM ${table}`).pluck().get())]))
  } finally {
    db.close()
  }
}

/** How many acceptances the store in this directory says are open. */
export function countOpenAcceptances(dataDir: string): number {
  const db = new Database(join(dataDir, 'inbox.sqlite'), { readonly: true })
  try {
    return Number(db.prepare(`SELECT count(*) FROM acceptance WHERE open_owner <> ''`).pluck().get())
  } finally {
    db.close()
  }
}

/** How many transactions the write-ahead log holds: the frame that ends one names the size of the database (fileformat2, 4.1). */
export function countCommits(file: string): number {
  const wal = readFileSync(`${file}-wal`)
  const frameBytes = 24 + wal.readUInt32BE(8)
  let commits = 0
  for (let at = 32; at + frameBytes <= wal.length; at += frameBytes) {
    const isCurrent = wal.subarray(at + 8, at + 16).equals(wal.subarray(16, 24))
    if (isCurrent && wal.readUInt32BE(at + 4) > 0) commits += 1
  }
  return commits
}

/** The names and bytes of everything in a directory. */
export function snapshot(dir: string): Record<string, string> {
  return Object.fromEntries(readdirSync(dir).map((name) => [name, readFileSync(join(dir, name)).toString('base64')]))
}

/** A log that keeps the names of its events. */
export function recordEvents(): { log: Log; events: string[] } {
  const events: string[] = []
  const log = createLog(
    'debug',
    () => 0,
    (line) => events.push(JSON.parse(line).event),
  )
  return { log, events }
}
