/** Raw mail, kept once for each content: written by the first row of spool or message that shows it, removed with the last. */

import { unpackBytes } from '../raw-packing.ts'
import type { Engine } from './engine.ts'

/** Keeps the bytes for one more reader. */
export async function keepRaw(db: Engine, contentHash: string, bytes: Uint8Array): Promise<void> {
  const sql = 'INSERT INTO raw (content_hash, bytes) VALUES (?, ?) ON CONFLICT DO NOTHING'
  const isNew = (await db.run(sql, contentHash, bytes)) === 1
  if (!isNew) await addReaders(db, contentHash, 1)
}

/** Counts readers beyond those that are counted already. */
export async function addReaders(db: Engine, contentHash: string, count: number): Promise<void> {
  await db.run(
    `INSERT INTO raw_share (content_hash, more_readers) VALUES (?, ?)
     ON CONFLICT (content_hash) DO UPDATE SET more_readers = raw_share.more_readers + excluded.more_readers`,
    contentHash,
    count,
  )
}

/** Counts one reader less; with the last the bytes go. Answers how many rows that removed. */
export async function dropReader(db: Engine, contentHash: string): Promise<number> {
  const shared = await db.run('UPDATE raw_share SET more_readers = more_readers - 1 WHERE content_hash = ?', contentHash)
  if (shared === 0) return await db.run('DELETE FROM raw WHERE content_hash = ?', contentHash)
  return await db.run('DELETE FROM raw_share WHERE content_hash = ? AND more_readers = 0', contentHash)
}

/** @throws Error when nobody keeps these bytes, which would be a mistake of ours */
export async function readRaw(db: Engine, contentHash: string): Promise<Uint8Array> {
  const sql = 'SELECT bytes, is_packed FROM raw WHERE content_hash = ?'
  const row = await db.get<{ bytes: Uint8Array; is_packed: number | null }>(sql, contentHash)
  if (!row) throw new Error('the raw bytes of a message are gone')
  return row.is_packed === 1 ? unpackBytes(row.bytes) : row.bytes
}
