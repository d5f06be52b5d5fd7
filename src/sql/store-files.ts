/**
 * The files of a store that is open, and whether they are still those under its name. Somebody may delete, move or replace them meanwhile; what is written then
 * goes where nobody will ever look, without an error.
 */

import { rmSync, statSync } from 'node:fs'
import type Database from 'better-sqlite3'

/** Of the write-ahead log and of what the processes share about it: useless, and dangerous, beside any other file than their own. */
const COMPANIONS = ['-wal', '-shm']
/** Tries to copy the log into its file, each as long as SQLite waits for whoever reads. */
const CHECKPOINT_TRIES = 10

type CheckpointRow = { busy: number; log: number; checkpointed: number }

/** Those that one connection has open. */
export class StoreFiles {
  readonly #file: string
  readonly #identities = new Map<string, string>()

  /** The connection is open. Its companions may be made later. */
  constructor(file: string) {
    this.#file = file
    this.areInPlace()
  }

  /** Whether each name still leads to the file that is open. */
  areInPlace(): boolean {
    return ['', ...COMPANIONS].every((suffix) => {
      const found = identify(this.#file + suffix)
      const known = this.#identities.get(suffix)
      if (known === undefined && found !== null) this.#identities.set(suffix, found)
      return known === undefined || found === known
    })
  }

  /**
   * Before a connection to files that are out of place is closed: what was committed goes into the store's own file, wherever that is now, and its companions
   * go. Beside another file they would be taken for that one's; and two processes of which one has old ones would write over each other.
   */
  leave(db: Database.Database): void {
    if (!copyLog(db)) return
    for (const suffix of COMPANIONS) {
      const name = this.#file + suffix
      if (identify(name) === this.#identities.get(suffix)) rmSync(name, { force: true })
    }
  }
}

/** Whether the log holds nothing that its file has not. */
function copyLog(db: Database.Database): boolean {
  for (let tries = 0; tries < CHECKPOINT_TRIES; tries += 1) {
    try {
      const [row] = db.prepare<[], CheckpointRow>('PRAGMA wal_checkpoint(FULL)').all()
      if (row?.busy === 0) return true
    } catch {
      // A disk that fails keeps the log as it is; whoever opens the store next hears of it.
      return false
    }
  }
  return false
}

/** Null when there is none. */
function identify(file: string): string | null {
  const stats = statSync(file, { bigint: true, throwIfNoEntry: false })
  return stats ? `${stats.dev}:${stats.ino}` : null
}
