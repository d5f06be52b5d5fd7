/** SQLite as an engine: one connection, statements prepared once. */

import Database from 'better-sqlite3'
import { MailError } from '../errors.ts'
import { type Engine, type SqlValue, type TransactionMode, WriteNeeded } from './engine.ts'
import { Presence } from './presence.ts'
import { StoreFiles } from './store-files.ts'

const REASONS: Readonly<Record<string, string>> = {
  SQLITE_FULL: 'the disk is full',
  SQLITE_BUSY: 'another process keeps it locked',
  SQLITE_LOCKED: 'another process keeps it locked',
  SQLITE_IOERR: 'the disk failed',
  SQLITE_READONLY: 'its file cannot be written',
  SQLITE_CANTOPEN: 'its file cannot be opened',
  SQLITE_PERM: 'its file cannot be opened',
  SQLITE_CORRUPT: 'its file is damaged',
  SQLITE_NOTADB: 'its file is damaged',
  SQLITE_NOMEM: 'memory ran out',
  SQLITE_PROTOCOL: 'its file cannot be locked',
}

/** In one line why SQLite cannot serve; null for any other error. */
export function explainSqlite(error: unknown): string | null {
  if (!(error instanceof Database.SqliteError)) return null
  const [family = ''] = /^SQLITE_[A-Z]+/.exec(error.code) ?? []
  return REASONS[family] ?? null
}

/** One connection to a file of ours. Its statements are prepared once. */
export class SqliteEngine implements Engine {
  readonly #db: Database.Database
  readonly #file: string
  readonly #files: StoreFiles
  readonly #presence: Presence
  readonly #statements = new Map<string, Database.Statement<SqlValue[]>>()
  #mode: TransactionMode | null = null
  #isLost = false
  /** As it was opened. */
  #isSynced = true
  #writes = 0

  constructor(db: Database.Database, file: string) {
    this.#db = db
    this.#file = file
    this.#files = new StoreFiles(file)
    this.#presence = new Presence(file)
  }

  get<Row>(sql: string, ...params: SqlValue[]): Row | undefined {
    return this.#prepare<Row>(sql).get(...params)
  }

  all<Row>(sql: string, ...params: SqlValue[]): Row[] {
    return this.#prepare<Row>(sql).all(...params)
  }

  run(sql: string, ...params: SqlValue[]): number {
    return this.#prepare(sql).run(...params).changes
  }

  begin(mode: TransactionMode): void {
    // Before anything is written too: it could be copied into a file that another process has begun to use otherwise.
    this.#assertInPlace()
    if (mode !== 'read') this.#setSynced(mode === 'write')
    // A deferred transaction that turns to writing fails at once when somebody wrote meanwhile: writers say so first.
    this.#prepare(mode === 'read' ? 'BEGIN' : 'BEGIN IMMEDIATE').run()
    this.#mode = mode
  }

  commit(): void {
    const mode = this.#mode
    this.#mode = null
    this.#prepare('COMMIT').run()
    if (mode !== 'read') this.#assertInPlace()
  }

  /** In the write-ahead log, what comes before something that is on the disk is there too. */
  #setSynced(isSynced: boolean): void {
    if (this.#isSynced === isSynced) return
    this.#db.exec(isSynced ? 'PRAGMA synchronous = FULL' : 'PRAGMA synchronous = NORMAL')
    this.#isSynced = isSynced
  }

  /** A file that was deleted or replaced goes on accepting writes that nobody will ever read. */
  #assertInPlace(): void {
    this.#isLost ||= !this.#files.areInPlace()
    if (this.#isLost)
      throw new MailError('store_unavailable', `The mail store ${this.#file} was removed or replaced while in use.`)
  }

  rollback(): void {
    this.#mode = null
    if (this.inTransaction) this.#prepare('ROLLBACK').run()
  }

  get inTransaction(): boolean {
    return this.#db.inTransaction
  }

  get writes(): number {
    return this.#writes
  }

  savepoint(): void {
    this.#prepare('SAVEPOINT step').run()
  }

  release(): void {
    this.#prepare('RELEASE step').run()
  }

  rollbackToSavepoint(): void {
    this.#prepare('ROLLBACK TO step').run()
    this.release()
  }

  announce(owner: string): void {
    this.#presence.announce(owner)
  }

  isAlive(owner: string): boolean {
    return this.#presence.isAlive(owner)
  }

  usedBytes(): number {
    const row = this.#prepare<{ used: number }>(
      `SELECT (c.page_count - f.freelist_count) * s.page_size AS used
       FROM pragma_page_count c, pragma_freelist_count f, pragma_page_size s`,
    ).get()
    return row?.used ?? 0
  }

  explain(error: unknown): string | null {
    return explainSqlite(error)
  }

  isBusy(error: unknown): boolean {
    return error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')
  }

  /** Whether the files under its name were found to be no longer those that were opened. */
  get isLost(): boolean {
    return this.#isLost
  }

  /** Gives back the memory of pages that are not being used. */
  shrink(): void {
    if (!this.#isLost && this.#db.open) this.#db.pragma('shrink_memory')
  }

  close(): void {
    if (this.#isLost && this.#db.open) this.#files.leave(this.#db)
    this.#presence.close()
    this.#db.close()
  }

  #prepare<Row>(sql: string): Database.Statement<SqlValue[], Row> {
    let statement = this.#statements.get(sql)
    if (!statement) {
      statement = this.#db.prepare<SqlValue[]>(sql)
      this.#statements.set(sql, statement)
    }
    if (!statement.readonly) {
      if (this.#mode === 'read') throw new WriteNeeded()
      this.#writes += 1
    }
    // The text of a statement and the type of its rows are written side by side at every call.
    return statement as Database.Statement<SqlValue[], Row>
  }
}
