/** Looks into a store that something happened to: whether it is whole, and what mail is in it. */

import { createHash } from 'node:crypto'
import Database from 'better-sqlite3'
import { unpackBytes } from '../../src/raw-packing.ts'
import { INVARIANTS } from '../sql/invariants.ts'

type RawRow = { content_hash: string; bytes: Uint8Array; is_packed: number | null; more_pieces: number | null }

/** The SHA-256 of mail, as the store names it by. */
export function hashMail(raw: Uint8Array): string {
  return createHash('sha256').update(raw).digest('hex')
}

function isPiece({ content_hash }: RawRow): boolean {
  return content_hash.includes('.')
}

function readWhole(first: RawRow, byName: ReadonlyMap<string, RawRow>): Uint8Array {
  const names = Array.from({ length: first.more_pieces ?? 0 }, (_, at) => `${first.content_hash}.${at + 1}`)
  const pieces = [first, ...names.flatMap((name) => byName.get(name) ?? [])]
  return Buffer.concat(pieces.map(({ bytes, is_packed }) => (is_packed === 1 ? unpackBytes(bytes) : bytes)))
}

/** What is damaged: pages, foreign keys, rows that contradict each other, raw bytes that are not those of their name. Empty when nothing is. */
export function findDamage(file: string): string[] {
  const db = new Database(file)
  try {
    const pages = db.prepare<[], string>('PRAGMA integrity_check').pluck().all()
    const keys = db.prepare('PRAGMA foreign_key_check').all()
    const broken = Object.entries(INVARIANTS).filter(([, sql]) => db.prepare(sql).pluck().get() !== 0)
    const rows = db.prepare<[], RawRow>('SELECT content_hash, bytes, is_packed, more_pieces FROM raw').all()
    const byName = new Map(rows.map((row) => [row.content_hash, row]))
    const altered = rows.filter((row) => !isPiece(row) && hashMail(readWhole(row, byName)) !== row.content_hash)
    return [
      ...pages.filter((line) => line !== 'ok'),
      ...keys.map((row) => `foreign key: ${JSON.stringify(row)}`),
      ...broken.map(([name]) => `not so: ${name}`),
      ...altered.map(({ content_hash }) => `raw bytes differ from their hash: ${content_hash}`),
    ]
  } finally {
    db.close()
  }
}

/** How often each mail is there, by its hash: filed, or accepted and waiting to be. */
export function countMails(file: string): Map<string, number> {
  const db = new Database(file)
  try {
    const rows = db.prepare<[], string>('SELECT content_hash FROM message UNION ALL SELECT content_hash FROM spool').pluck().all()
    const counts = new Map<string, number>()
    for (const hash of rows) counts.set(hash, (counts.get(hash) ?? 0) + 1)
    return counts
  } finally {
    db.close()
  }
}

/** How long what was acknowledged may wait for its turn to be read, on a machine that does much else: senders go before reading. */
export const DRAIN_DEADLINE_MS = 180_000

/** Mail that is accepted and not filed yet. */
export function countSpooled(file: string): number {
  const db = new Database(file, { readonly: true })
  try {
    return Number(db.prepare('SELECT count(*) FROM spool').pluck().get())
  } finally {
    db.close()
  }
}
