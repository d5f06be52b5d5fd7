/** The session log: what the listener turned away, bounded so that no flood, of one client or to one address, pushes the rest out. */

import { looksAlike } from '../address-likeness.ts'
import {
  MAX_ARRIVALS_SCANNED,
  MAX_SESSION_LOG_ROWS,
  MAX_SESSION_ROWS_PER_ADDRESS,
  MAX_SESSION_ROWS_PER_INBOX,
  SESSION_LOG_KEPT_MS,
  SESSION_REPEAT_MS,
} from '../limits.ts'
import type { InboxStatus } from '../model.ts'
import type { RefusalReason } from '../receiver.ts'
import type { Arrival, FoundSessions, Session, SessionEntry, SessionQuery } from '../session-log.ts'
import type { InboxRef } from '../store.ts'
import type { Engine } from './engine.ts'
import { findInbox } from './inboxes.ts'
import { toIso } from './rows.ts'

/** In the place of an inbox's id: the address was nobody's. Never null, so that indexes and comparisons see it. */
const NOBODY = ''
/** Statements without an upper bound of their own take this. */
const ALL_ROWS = 1_000_000

/** All columns of `smtp_session`. */
type SessionRow = {
  id: string
  inbox_id: string
  inbox_address: string
  address: string
  reason: RefusalReason
  client: string
  remote_address: string
  helo: string
  mail_from: string
  size: number | null
  tries: number
  first_at: number
  last_at: number
}

/** Store.recordSessions. */
export async function recordSessions(db: Engine, entries: readonly SessionEntry[], now: number): Promise<void> {
  const inboxIds = new Set<string>()
  const addresses = new Set<string>()
  for (const entry of entries) {
    const inboxId = await record(db, entry)
    if (inboxId === NOBODY) addresses.add(entry.inboxAddress)
    else if (inboxId !== null) inboxIds.add(inboxId)
  }
  await db.run('DELETE FROM smtp_session WHERE last_at < ?', now - SESSION_LOG_KEPT_MS)
  for (const address of addresses) await cutAddress(db, address)
  for (const inboxId of inboxIds) await cutInbox(db, inboxId)
  if (addresses.size > 0) await cutNobodys(db)
  if (inboxIds.size > 0) await cutInboxes(db)
}

/** Answers whose it is; null when it is not kept. */
async function record(db: Engine, entry: SessionEntry): Promise<string | null> {
  const owner = await db.get<{ id: string; status: InboxStatus }>(
    'SELECT id, status FROM inbox WHERE address = ? AND created_at <= ?',
    entry.inboxAddress,
    entry.lastAt,
  )
  if (!owner && entry.reason !== 'unknown') return null
  const inboxId = owner?.id ?? NOBODY
  const reason = owner?.status === 'suspended' && entry.reason === 'unknown' ? 'suspended' : entry.reason
  if (!(await countAgain(db, inboxId, reason, entry))) await insert(db, inboxId, reason, entry)
  return inboxId
}

async function countAgain(db: Engine, inboxId: string, reason: RefusalReason, entry: SessionEntry): Promise<boolean> {
  const { inboxAddress, client, firstAt, lastAt, count, address, remoteAddress, helo, mailFrom, sizeBytes } = entry
  const known = await db.get<{ id: string }>(
    `SELECT id FROM smtp_session WHERE inbox_address = ? AND last_at >= ? AND inbox_id = ? AND client = ? AND reason = ?
     ORDER BY last_at DESC LIMIT 1`,
    inboxAddress,
    firstAt - SESSION_REPEAT_MS,
    inboxId,
    client,
    reason,
  )
  if (!known) return false
  await db.run(
    `UPDATE smtp_session SET tries = tries + ?, last_at = ?, address = ?, remote_address = ?, helo = ?, mail_from = ?, size = ?
     WHERE id = ?`,
    count,
    lastAt,
    address,
    remoteAddress,
    helo,
    mailFrom,
    sizeBytes,
    known.id,
  )
  return true
}

async function insert(db: Engine, inboxId: string, reason: RefusalReason, entry: SessionEntry): Promise<void> {
  await db.run(
    `INSERT INTO smtp_session (id, inbox_id, inbox_address, address, reason, client, remote_address, helo, mail_from, size, tries,
       first_at, last_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    entry.id,
    inboxId,
    entry.inboxAddress,
    entry.address,
    reason,
    entry.client,
    entry.remoteAddress,
    entry.helo,
    entry.mailFrom,
    entry.sizeBytes,
    entry.count,
    entry.firstAt,
    entry.lastAt,
  )
}

async function cutAddress(db: Engine, address: string): Promise<void> {
  await db.run(
    `DELETE FROM smtp_session WHERE id IN (
       SELECT id FROM smtp_session WHERE inbox_address = ? AND inbox_id = ? ORDER BY last_at DESC LIMIT ? OFFSET ?
     )`,
    address,
    NOBODY,
    ALL_ROWS,
    MAX_SESSION_ROWS_PER_ADDRESS,
  )
}

async function cutInbox(db: Engine, inboxId: string): Promise<void> {
  await db.run(
    `DELETE FROM smtp_session WHERE id IN (
       SELECT id FROM smtp_session WHERE inbox_id = ? ORDER BY last_at DESC LIMIT ? OFFSET ?
     )`,
    inboxId,
    ALL_ROWS,
    MAX_SESSION_ROWS_PER_INBOX,
  )
}

/** A row and whom it counts against. */
type Held = { id: string; holder: string }

/** A client that tries many addresses makes room for its own. */
async function cutNobodys(db: Engine): Promise<void> {
  const kept = await db.get<{ total: number }>('SELECT count(*) AS total FROM smtp_session WHERE inbox_id = ?', NOBODY)
  if ((kept?.total ?? 0) <= MAX_SESSION_LOG_ROWS) return
  const rows = await db.all<Held>('SELECT id, client AS holder FROM smtp_session WHERE inbox_id = ? ORDER BY last_at', NOBODY)
  await removeRows(db, chooseExcess(rows, MAX_SESSION_LOG_ROWS))
}

/** Of inboxes, the one that holds the most makes room. */
async function cutInboxes(db: Engine): Promise<void> {
  const kept = await db.get<{ total: number }>('SELECT count(*) AS total FROM smtp_session WHERE inbox_id > ?', NOBODY)
  if ((kept?.total ?? 0) <= MAX_SESSION_LOG_ROWS) return
  const rows = await db.all<Held>(
    'SELECT id, inbox_id AS holder FROM smtp_session WHERE inbox_id > ? ORDER BY inbox_id, last_at',
    NOBODY,
  )
  await removeRows(db, chooseExcess(rows, MAX_SESSION_LOG_ROWS))
}

async function removeRows(db: Engine, ids: readonly string[]): Promise<void> {
  for (const id of ids) await db.run('DELETE FROM smtp_session WHERE id = ?', id)
}

/**
 * Which rows have to go for `most` to stay: the oldest of whoever has the most, so that nobody loses any to somebody who has more. Rows of one holder come
 * oldest first.
 */
export function chooseExcess(rows: readonly Held[], most: number): string[] {
  const idsByHolder = new Map<string, string[]>()
  for (const { id, holder } of rows) {
    const ids = idsByHolder.get(holder)
    if (ids) ids.push(id)
    else idsByHolder.set(holder, [id])
  }
  const holders = [...idsByHolder.values()]
  const level = findLevel(
    holders.map((ids) => ids.length),
    most,
  )
  return holders.flatMap((ids) => ids.slice(0, Math.max(0, ids.length - level))).slice(0, Math.max(0, rows.length - most))
}

/** The largest share for which at least the excess is above it. */
function findLevel(counts: readonly number[], most: number): number {
  const descending = counts.toSorted((a, b) => b - a)
  let left = most
  for (const [index, count] of descending.toReversed().entries()) {
    const share = Math.floor(left / (descending.length - index))
    if (count >= share) return share
    left -= count
  }
  return most
}

/** Store.listSessions. */
export async function listSessions(db: Engine, agent: string, query: SessionQuery): Promise<FoundSessions> {
  const { address, since, limit } = query
  const own = await db.get<{ id: string }>('SELECT id FROM inbox WHERE agent = ? AND address = ?', agent, address)
  const ours = own === undefined ? [] : await listOf(db, own.id, since, limit)
  const nobodys = await db.all<SessionRow>(
    'SELECT * FROM smtp_session WHERE inbox_address = ? AND inbox_id = ? AND last_at >= ? ORDER BY last_at DESC LIMIT ?',
    address,
    NOBODY,
    since,
    limit,
  )
  const rows = [...ours, ...nobodys].toSorted((a, b) => b.last_at - a.last_at)
  return { sessions: rows.slice(0, limit).map(toSession), lookalikes: await listLookalikes(db, query) }
}

async function listOf(db: Engine, inboxId: string, since: number, limit: number): Promise<SessionRow[]> {
  const sql = 'SELECT * FROM smtp_session WHERE inbox_id = ? AND last_at >= ? ORDER BY last_at DESC LIMIT ?'
  return await db.all<SessionRow>(sql, inboxId, since, limit)
}

/** The whole of what was nobody's is looked through: at most MAX_SESSION_LOG_ROWS. */
async function listLookalikes(db: Engine, { address, since, lookalikes }: SessionQuery): Promise<Session[]> {
  if (lookalikes === 0) return []
  const found = new Map<string, SessionRow>()
  for (const row of await listOf(db, NOBODY, since, MAX_SESSION_LOG_ROWS)) {
    const known = found.get(row.inbox_address)
    if (known) {
      known.tries += row.tries
      known.first_at = Math.min(known.first_at, row.first_at)
    } else if (found.size < lookalikes && looksAlike(address, row.inbox_address)) {
      found.set(row.inbox_address, row)
    }
  }
  return [...found.values()].map((row) => toSession({ ...row, address: row.inbox_address }))
}

/** Store.listArrivals. @throws MailError inbox_not_found */
export async function listArrivals(db: Engine, agent: string, ref: InboxRef, limit: number): Promise<Arrival[]> {
  const inbox = await findInbox(db, agent, ref)
  const rows = await db.all<{
    id: string
    seq: number
    is_read: number
    size: number
    created_at: number
    remote_address: string | null
  }>(
    `SELECT m.id, m.seq, m.is_read, m.size, m.created_at, b.remote_address
     FROM message m JOIN message_body b ON b.inbox_id = m.inbox_id AND b.message_id = m.id
     WHERE m.inbox_id = ? AND m.seq > ? AND m.direction = 'inbound' ORDER BY m.seq DESC LIMIT ?`,
    inbox.id,
    inbox.last_seq - MAX_ARRIVALS_SCANNED,
    limit,
  )
  return rows.map((row) => ({
    id: row.id,
    seq: row.seq,
    read: row.is_read === 1,
    size: row.size,
    createdAt: toIso(row.created_at),
    remoteAddress: row.remote_address,
  }))
}

function toSession(row: SessionRow): Session {
  return {
    address: row.address,
    reason: row.reason,
    remoteAddress: row.remote_address,
    helo: row.helo,
    mailFrom: row.mail_from,
    sizeBytes: row.size,
    count: row.tries,
    firstAt: toIso(row.first_at),
    at: toIso(row.last_at),
  }
}
