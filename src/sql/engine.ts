/**
 * The little that our statements ask of an SQL engine. SQLite answers at once and a server later; operations await both, so that
 * one source of SQL serves either.
 */

/** What a `?` may stand for. */
export type SqlValue = string | number | null | Uint8Array

/** An answer of the engine, at once or later. */
export type Answer<T> = T | Promise<T>

/**
 * A `read` transaction sees one state of the store and takes no lock that others wait for; a `write` transaction is alone. An `unsynced` one is a `write` that does
 * not wait for the disk: a power cut may undo it, as long as no `write` was committed after it, but never a part of it.
 */
export type TransactionMode = 'read' | 'write' | 'unsynced'

/** One connection. Statements are portable SQL with `?`; `Row` says what the statement's columns hold. */
export interface Engine {
  /** The first row. @throws WriteNeeded when a writing statement meets a `read` transaction; the same for the next two */
  get<Row>(sql: string, ...params: SqlValue[]): Answer<Row | undefined>
  all<Row>(sql: string, ...params: SqlValue[]): Answer<Row[]>
  /** Answers how many rows it changed. */
  run(sql: string, ...params: SqlValue[]): Answer<number>

  begin(mode: TransactionMode): Answer<void>
  /** Resolves when everything is on disk, of an `unsynced` transaction when everybody sees it. @throws when it is not; then nothing of the transaction happened */
  commit(): Answer<void>
  /** Ends the transaction without a trace; does nothing when there is none. */
  rollback(): Answer<void>
  /** Whether a transaction is open: a failing engine may have ended it by itself. */
  readonly inTransaction: boolean
  /** How many writing statements were begun on this connection: whether there is anything to undo. */
  readonly writes: number

  /** Marks a point inside a transaction; one at a time. */
  savepoint(): Answer<void>
  release(): Answer<void>
  /** Undoes what came after the savepoint and forgets it. */
  rollbackToSavepoint(): Answer<void>

  /** This owner lives for as long as the connection does; others see it even when the transaction is rolled back. In `write` transactions only. */
  announce(owner: string): Answer<void>
  /** Whether some connection to the store that is still open, of whatever process, has announced this owner. In `write` transactions only. */
  isAlive(owner: string): Answer<boolean>

  /** Bytes that everything in the store takes, without what was freed and waits to be used again. */
  usedBytes(): Answer<number>

  /**
   * In one line why the engine cannot serve (disk full, locked, damaged); null for any other error, such as a faulty statement.
   */
  explain(error: unknown): string | null
  /** Whether the error says that another process has the lock: the same may succeed a moment later. */
  isBusy(error: unknown): boolean
}

/** A statement wanted to write in a `read` transaction; the work has to be done again in a `write` transaction. */
export class WriteNeeded extends Error {
  override readonly name = 'WriteNeeded'
}
