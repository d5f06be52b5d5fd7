/**
 * Copies a store while others write to it. Page by page, out of one transaction: SQLite begins a copy anew whenever somebody else has written, but for the
 * one state that its reader holds on to. So the copy is what the store was when it began, and everything acknowledged before is in it.
 */

import { existsSync, statSync } from 'node:fs'
import Database from 'better-sqlite3'
import { MailError } from '../errors.ts'
import { STORE_BUSY_TIMEOUT_MS } from '../limits.ts'
import { APPLICATION_ID, refuseForeignHeader } from './open.ts'
import { explainSqlite } from './sqlite.ts'

/** Pages (of 4 KiB) copied between two looks at whether it is to go on. */
const STEP_PAGES = 1_000

/** What to copy, and where to: `part` is an empty file, or none. */
export type BackupOptions = {
  file: string
  part: string
  signal: AbortSignal
  /** How much of the whole is copied, from 0 to 1. */
  onProgress: (done: number) => void
}

/** Answers the size of the copy, which is whole and one file. @throws MailError store_unavailable */
export async function copyStore({ file, part, signal, onProgress }: BackupOptions): Promise<number> {
  if (!existsSync(file)) throw new MailError('store_unavailable', `There is no mail store ${file}.`)
  refuseForeignHeader(file)
  try {
    await copyPages(file, part, signal, onProgress)
    checkCopy(part)
    return statSync(part).size
  } catch (error) {
    const reason = explainSqlite(error)
    throw reason === null ? error : new MailError('store_unavailable', `The backup failed: ${reason}.`)
  }
}

async function copyPages(file: string, part: string, signal: AbortSignal, onProgress: (done: number) => void): Promise<void> {
  const db = new Database(file, { readonly: true, fileMustExist: true, timeout: STORE_BUSY_TIMEOUT_MS })
  try {
    db.exec('BEGIN')
    // The transaction begins with its first look.
    db.prepare('SELECT count(*) FROM meta').get()
    await db.backup(part, {
      progress: ({ totalPages, remainingPages }) => {
        signal.throwIfAborted()
        onProgress(1 - remainingPages / totalPages)
        return STEP_PAGES
      },
    })
  } finally {
    db.close()
  }
}

/** In a backup that nobody looked at hope is kept, not mail. */
function checkCopy(part: string): void {
  const db = new Database(part, { fileMustExist: true })
  try {
    // One file, without a log beside it; whoever opens it as a store turns that on again.
    db.pragma('journal_mode = DELETE')
    const found = db.pragma('quick_check(1)', { simple: true })
    if (found !== 'ok' || db.pragma('application_id', { simple: true }) !== APPLICATION_ID) {
      throw new MailError(
        'store_unavailable',
        'The backup failed: the copy is damaged, as the store may be; inbox-mcp doctor tells.',
      )
    }
  } finally {
    db.close()
  }
}
