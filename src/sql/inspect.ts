/** A look into the file of a store that changes nothing: neither its tables nor its mode, and makes no file where there is none. */

import { statSync } from 'node:fs'
import { platform } from 'node:os'
import Database from 'better-sqlite3'
import { MailError } from '../errors.ts'
import { STORE_BUSY_TIMEOUT_MS } from '../limits.ts'
import { describeError } from '../log.ts'
import type { StoreInspection } from '../owner/doctor.ts'
import { refuseForeignHeader } from './open.ts'
import { SCHEMA_VERSION } from './schema.ts'
import { explainSqlite } from './sqlite.ts'

/** Findings of SQLite's check that are told. */
const MAX_DAMAGE_LINES = 10

/** Never throws. Reads the whole file once, while others may write to it. */
export function inspectStore(file: string): StoreInspection {
  const stats = statSync(file, { throwIfNoEntry: false })
  if (stats === undefined || stats.size === 0) return { state: 'missing' }
  let db: Database.Database | undefined
  try {
    refuseForeignHeader(file)
    db = new Database(file, { readonly: true, fileMustExist: true, timeout: STORE_BUSY_TIMEOUT_MS })
    const meta = new Map(db.prepare<[], [string, string]>('SELECT name, value FROM meta').raw().all())
    return {
      state: 'open',
      storeId: meta.get('store_id') ?? '',
      schemaVersion: Number(meta.get('schema_version') ?? 0),
      isReadable: Number(meta.get('min_reader') ?? 0) <= SCHEMA_VERSION,
      damage: checkPages(db),
      sizeBytes: stats.size,
      mode: platform() === 'win32' ? 0 : stats.mode & 0o777,
      uid: platform() === 'win32' ? null : stats.uid,
      newestAt: db.prepare<[], number | null>('SELECT max(created_at) FROM message').pluck().get() ?? null,
    }
  } catch (error) {
    return { state: 'refused', why: explain(error, file) }
  } finally {
    db?.close()
  }
}

function checkPages(db: Database.Database): string[] {
  const lines = db.prepare<[], string>(`PRAGMA quick_check(${MAX_DAMAGE_LINES})`).pluck().all()
  return lines.filter((line) => line !== 'ok')
}

function explain(error: unknown, file: string): string {
  if (error instanceof MailError) return error.message.replace(/\.$/, '')
  return `${file} cannot be read: ${explainSqlite(error) ?? describeError(error)}`
}
