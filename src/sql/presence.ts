/**
 * Which owners live: each holds a lock of the operating system for as long as its connection is open. The lock goes with the process, however that ends, and
 * knows nothing of pids and containers. SQLite takes it, on an empty file beside the store: where it means nothing, the store's own locks do not either.
 */

import { chmodSync, existsSync, readdirSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import Database from 'better-sqlite3'

/**
 * The owners that one connection to a store announced. Announcing and asking belong in a `write` transaction of the store: one at a time, so that nobody asks
 * for, or tidies away, a lock that is only being taken. Files are opened by SQLite alone: closing one in any other way drops this process's lock on it.
 */
export class Presence {
  readonly #prefix: string
  readonly #held = new Map<string, Database.Database>()

  /** `storeFile` is the database of the store. */
  constructor(storeFile: string) {
    this.#prefix = `${storeFile}-alive-`
  }

  /**
   * The owner lives until `close`. Where another connection has announced it, it lives by that one, until a mail after its end announces it here.
   * @throws SqliteError when the lock cannot be had
   */
  announce(owner: string): void {
    if (this.#held.has(owner)) return
    this.#tidy()
    const lock = takeLock(this.#fileOf(owner))
    if (lock !== null) this.#held.set(owner, lock)
  }

  /** Whether the owner was announced by a connection that is still open, here or in any process. */
  isAlive(owner: string): boolean {
    return this.#held.has(owner) || isLocked(this.#fileOf(owner))
  }

  /** Every owner that was announced here is gone. */
  close(): void {
    for (const [owner, lock] of this.#held) {
      lock.close()
      removeFile(this.#fileOf(owner))
    }
    this.#held.clear()
  }

  /** Removes what killed processes left: there is one file of each at most, and one look in the life of each process. */
  #tidy(): void {
    const prefix = basename(this.#prefix)
    const owners = readdirSync(dirname(this.#prefix)).flatMap((name) =>
      name.startsWith(prefix) ? name.slice(prefix.length) : [],
    )
    for (const owner of owners) {
      if (!this.isAlive(owner)) removeFile(this.#fileOf(owner))
    }
  }

  #fileOf(owner: string): string {
    return join(dirname(this.#prefix), `${basename(this.#prefix)}${owner}`)
  }
}

/** Null when the owner has it already, through a thread that is just ending: the next mail asks again. */
function takeLock(file: string): Database.Database | null {
  const db = new Database(file, { timeout: 0 })
  try {
    chmodSync(file, 0o600)
    // Nothing is ever written, not even a journal.
    db.pragma('journal_mode = MEMORY')
    db.exec('BEGIN EXCLUSIVE')
    return db
  } catch (error) {
    db.close()
    if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')) return null
    throw error
  }
}

/**
 * Asks with a lock that others may share, so that two who ask do not take each other for the owner. Where it cannot be told, the owner lives: mail filed twice is
 * better than mail that is taken and filed never.
 */
function isLocked(file: string): boolean {
  let db: Database.Database | undefined
  try {
    db = new Database(file, { readonly: true, fileMustExist: true, timeout: 0 })
    db.prepare('SELECT 1 FROM sqlite_master').get()
    return false
  } catch {
    return existsSync(file)
  } finally {
    db?.close()
  }
}

function removeFile(file: string): void {
  try {
    rmSync(file, { force: true })
  } catch {
    // Windows removes none that somebody, such as a virus scanner, has open. It is empty, and the next process tidies up.
  }
}
