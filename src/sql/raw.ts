/** Raw mail, kept once for each content: written by the first row of spool or message that shows it, removed with the last. */

import { unpackBytes } from '../raw-packing.ts'
import { RAW_PIECE_BYTES } from '../receiving-limits.ts'
import type { Engine } from './engine.ts'

type RawRow = { bytes: Uint8Array; is_packed: number | null; more_pieces: number | null }

const INSERT = 'INSERT INTO raw (content_hash, bytes, more_pieces) VALUES (?, ?, ?) ON CONFLICT DO NOTHING'

/** Keeps the bytes for one more reader; those of a large mail in pieces, for the sake of memory. */
export async function keepRaw(db: Engine, contentHash: string, bytes: Uint8Array): Promise<void> {
  const morePieces = Math.max(0, Math.ceil(bytes.byteLength / RAW_PIECE_BYTES) - 1)
  const first = morePieces === 0 ? bytes : bytes.subarray(0, RAW_PIECE_BYTES)
  if ((await db.run(INSERT, contentHash, first, morePieces || null)) === 0) return addReaders(db, contentHash, 1)
  for (let number = 1; number <= morePieces; number++) {
    const piece = bytes.subarray(number * RAW_PIECE_BYTES, (number + 1) * RAW_PIECE_BYTES)
    await db.run(INSERT, namePiece(contentHash, number), piece, null)
  }
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
  if (shared > 0) return await db.run('DELETE FROM raw_share WHERE content_hash = ? AND more_readers = 0', contentHash)
  const { from, before } = rangePieces(contentHash)
  const sql = 'DELETE FROM raw WHERE content_hash = ? OR (content_hash >= ? AND content_hash < ?)'
  return await db.run(sql, contentHash, from, before)
}

/**
 * The bytes. `share` where several threads of this process are to read those of a large mail without a copy for each.
 * @throws Error when nobody keeps these bytes, which would be a mistake of ours
 */
export async function readRaw(db: Engine, contentHash: string, how: 'own' | 'share' = 'own'): Promise<Uint8Array> {
  const first = await readPiece(db, contentHash)
  if (first.morePieces === 0) return first.bytes
  // All pieces but the last are full.
  const last = await readPiece(db, namePiece(contentHash, first.morePieces))
  const sizeBytes = first.morePieces * RAW_PIECE_BYTES + last.bytes.byteLength
  const whole = how === 'share' ? allocateShared(sizeBytes) : new Uint8Array(Buffer.allocUnsafeSlow(sizeBytes).buffer)
  moveInto(whole, first.bytes, 0)
  for (let number = 1; number < first.morePieces; number++) {
    moveInto(whole, (await readPiece(db, namePiece(contentHash, number))).bytes, number * RAW_PIECE_BYTES)
  }
  moveInto(whole, last.bytes, first.morePieces * RAW_PIECE_BYTES)
  return whole
}

/** What could grow is taken from the system and given back to it page by page; anything else stays with the C library, which keeps 25 MB for later. */
function allocateShared(sizeBytes: number): Uint8Array {
  return new Uint8Array(new SharedArrayBuffer(sizeBytes, { maxByteLength: sizeBytes }), 0, sizeBytes)
}

/** Copies a piece and frees it: all pieces of a mail would else wait for a collection, as large as the mail. */
function moveInto(whole: Uint8Array, piece: Uint8Array, at: number): void {
  whole.set(piece, at)
  if (piece.buffer instanceof ArrayBuffer && piece.byteLength === piece.buffer.byteLength) piece.buffer.transfer(0)
}

async function readPiece(db: Engine, name: string): Promise<{ bytes: Uint8Array; morePieces: number }> {
  const row = await db.get<RawRow>('SELECT bytes, is_packed, more_pieces FROM raw WHERE content_hash = ?', name)
  if (!row) throw new Error('the raw bytes of a message are gone')
  return { bytes: row.is_packed === 1 ? unpackBytes(row.bytes) : row.bytes, morePieces: row.more_pieces ?? 0 }
}

/** The rows of a mail that hold its bytes as they came, by what each is kept under. */
export async function listUnpackedPieces(db: Engine, contentHash: string): Promise<{ contentHash: string; raw: Uint8Array }[]> {
  const { from, before } = rangePieces(contentHash)
  const rows = await db.all<{ content_hash: string; bytes: Uint8Array }>(
    `SELECT content_hash, bytes FROM raw
     WHERE (content_hash = ? OR (content_hash >= ? AND content_hash < ?)) AND is_packed IS NULL`,
    contentHash,
    from,
    before,
  )
  return rows.map(({ content_hash, bytes }) => ({ contentHash: content_hash, raw: bytes }))
}

function namePiece(contentHash: string, number: number): string {
  return `${contentHash}.${number}`
}

/** Names of pieces but the first. */
function rangePieces(contentHash: string): { from: string; before: string } {
  // What follows the dot in ASCII.
  return { from: `${contentHash}.`, before: `${contentHash}/` }
}
