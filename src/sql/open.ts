/** Opens the file so that what is committed survives a power cut, and refuses files that are not ours. */

import { chmodSync, closeSync, openSync, readSync, statSync } from 'node:fs'
import Database from 'better-sqlite3'
import { MailError } from '../errors.ts'
import { STORE_BUSY_TIMEOUT_MS, STORE_BUSY_TRY_MS, STORE_CACHE_KIB, WAL_CHECKPOINT_PAGES, WAL_KEPT_BYTES } from '../limits.ts'
import { describeError } from '../log.ts'
import { migrate, type Randomness } from './schema.ts'
import { explainSqlite, SqliteEngine } from './sqlite.ts'

/** "INBX", at offset 68 of the file: whose database it is (https://www.sqlite.org/fileformat2.html#application_id). */
export const APPLICATION_ID = 0x49_4e_42_58

const SYNCHRONOUS_FULL = 2
const HEADER_BYTES = 100
const HEADER_MAGIC = 'SQLite format 3\0'
const WAL_TRIES = 200
const WAL_TRY_INTERVAL_MS = 10

/**
 * Opens or makes the store in this file and brings its tables up to date; a new store is named by `randomness`.
 * @throws MailError store_unavailable when the file belongs to another program (it is then left untouched), was upgraded by a
 * newer one, or cannot be opened with full durability
 */
export async function openDatabase(file: string, randomness: Randomness): Promise<{ db: SqliteEngine; storeId: string }> {
  let db: Database.Database | undefined
  try {
    refuseForeignHeader(file)
    db = new Database(file, { timeout: STORE_BUSY_TIMEOUT_MS })
    claimFile(db, file)
    chmodSync(file, 0o600)
    configure(db)
    const engine = new SqliteEngine(db, file)
    const storeId = await migrate(engine, randomness)
    // From here on whoever begins a transaction tries again, and may stop trying.
    db.pragma(`busy_timeout = ${STORE_BUSY_TRY_MS}`)
    return { db: engine, storeId }
  } catch (error) {
    db?.close()
    if (error instanceof MailError) throw error
    throw new MailError(
      'store_unavailable',
      `The mail store ${file} cannot be opened: ${explainSqlite(error) ?? describeError(error)}.`,
    )
  }
}

/**
 * Refuses a file that is not a store of ours; a missing or empty one is nobody's. Looks at the header without SQLite, which would recover, checkpoint or create files beside a database of somebody else.
 * Before our own connection is open: closing a file drops this process's POSIX locks on it. @throws MailError store_unavailable
 */
export function refuseForeignHeader(file: string): void {
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) === 0) return
  const header = Buffer.alloc(HEADER_BYTES)
  const fd = openSync(file, 'r')
  try {
    readSync(fd, header, 0, HEADER_BYTES, 0)
  } finally {
    closeSync(fd)
  }
  // What a power cut leaves of a store that was being made: SQLite takes it back by its journal.
  if (header.every((byte) => byte === 0)) return
  const isSqlite = header.toString('latin1', 0, HEADER_MAGIC.length) === HEADER_MAGIC
  if (!isSqlite || header.readInt32BE(68) !== APPLICATION_ID) throw foreign(file)
}

/** Marks a new file as ours; two processes may do it at once, so it is looked at again under the lock. */
function claimFile(db: Database.Database, file: string): void {
  if (db.pragma('application_id', { simple: true }) === APPLICATION_ID) return
  db.transaction(() => {
    if (db.pragma('application_id', { simple: true }) === APPLICATION_ID) return
    if (db.prepare('SELECT 1 FROM sqlite_master LIMIT 1').get()) throw foreign(file)
    db.pragma(`application_id = ${APPLICATION_ID}`)
  }).immediate()
}

function configure(db: Database.Database): void {
  useWal(db)
  // The build re-opens WAL files with synchronous=NORMAL, which loses acknowledged mail at a power cut.
  db.pragma('synchronous = FULL')
  if (db.pragma('synchronous', { simple: true }) !== SYNCHRONOUS_FULL) {
    throw new MailError('store_unavailable', 'The mail store cannot be opened: it refuses synchronous=FULL.')
  }
  // On macOS a plain fsync leaves data in the drive's cache.
  db.pragma('fullfsync = ON')
  db.pragma('checkpoint_fullfsync = ON')
  db.pragma('foreign_keys = ON')
  db.pragma('trusted_schema = OFF')
  db.pragma('temp_store = MEMORY')
  db.pragma(`cache_size = -${STORE_CACHE_KIB}`)
  db.pragma(`wal_autocheckpoint = ${WAL_CHECKPOINT_PAGES}`)
  db.pragma(`journal_size_limit = ${WAL_KEPT_BYTES}`)
}

/** SQLite does not wait for the lock when two processes turn a new file to WAL at once, so we do. */
function useWal(db: Database.Database): void {
  const pause = new Int32Array(new SharedArrayBuffer(4))
  for (let tries = 1; ; tries++) {
    try {
      if (db.pragma('journal_mode = WAL', { simple: true }) === 'wal') return
      throw new MailError('store_unavailable', 'The mail store cannot be opened: its file system does not support WAL.')
    } catch (error) {
      const isBusy = error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')
      if (!isBusy || tries === WAL_TRIES) throw error
      Atomics.wait(pause, 0, 0, WAL_TRY_INTERVAL_MS)
    }
  }
}

function foreign(file: string): MailError {
  return new MailError('store_unavailable', `${file} is not a mail store of inbox-mcp; it was left untouched.`, {
    hint: 'Choose another --data-dir.',
  })
}
