/** The session log: what the listener turned away, whose it is, and who may read it. */

import { looksAlike } from '../address-likeness.ts'
import { MAX_ARRIVALS_SCANNED, MAX_SESSION_LOG_ROWS, SESSION_LOG_KEPT_MS, SESSION_REPEAT_MS } from '../limits.ts'
import type { InboxStatus } from '../model.ts'
import type { RefusalReason } from '../receiver.ts'
import type { Arrival, FoundSessions, Session, SessionEntry, SessionQuery } from '../session-log.ts'
import type { InboxRef } from '../store.ts'
import { domainOf, isOfAnother, STANDS } from './domain-rights.ts'
import type { Engine } from './engine.ts'
import { findInbox } from './inboxes.ts'
import { toIso } from './rows.ts'
import { cutLog, NOBODY } from './session-bounds.ts'

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

type Holder = { id: string; status: InboxStatus }

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
  await cutLog(db, addresses, inboxIds)
}

/** Answers whose it is; null when it is not kept. */
async function record(db: Engine, entry: SessionEntry): Promise<string | null> {
  const owner = await findHolder(db, entry)
  if (!owner && entry.reason !== 'unknown') return null
  const inboxId = owner?.id ?? NOBODY
  const reason = owner?.status === 'suspended' && entry.reason === 'unknown' ? 'suspended' : entry.reason
  if (!(await countAgain(db, inboxId, reason, entry))) await insert(db, inboxId, reason, entry)
  return inboxId
}

/** None where its domain is lost: what is written to it is no longer its agent's to know. */
async function findHolder(db: Engine, { inboxAddress, lastAt }: SessionEntry): Promise<Holder | undefined> {
  const sql = `SELECT i.id, i.status FROM inbox i WHERE i.address = ? AND i.created_at <= ? AND ${STANDS}`
  return await db.get<Holder>(sql, inboxAddress, lastAt)
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

/** Store.listSessions. */
export async function listSessions(db: Engine, agent: string, query: SessionQuery): Promise<FoundSessions> {
  const { address, since, limit } = query
  const own = await db.get<{ id: string }>('SELECT id FROM inbox WHERE agent = ? AND address = ?', agent, address)
  const ours = own === undefined ? [] : await listOf(db, own.id, since, limit)
  const nobodys = (await isOfAnother(db, agent, domainOf(address))) ? [] : await listNobodys(db, query)
  const rows = [...ours, ...nobodys].toSorted((a, b) => b.last_at - a.last_at)
  return { sessions: rows.slice(0, limit).map(toSession), lookalikes: await listLookalikes(db, agent, query) }
}

async function listNobodys(db: Engine, { address, since, limit }: SessionQuery): Promise<SessionRow[]> {
  const sql = 'SELECT * FROM smtp_session WHERE inbox_address = ? AND inbox_id = ? AND last_at >= ? ORDER BY last_at DESC LIMIT ?'
  return await db.all<SessionRow>(sql, address, NOBODY, since, limit)
}

async function listOf(db: Engine, inboxId: string, since: number, limit: number): Promise<SessionRow[]> {
  const sql = 'SELECT * FROM smtp_session WHERE inbox_id = ? AND last_at >= ? ORDER BY last_at DESC LIMIT ?'
  return await db.all<SessionRow>(sql, inboxId, since, limit)
}

/** The whole of what was nobody's is looked through: at most MAX_SESSION_LOG_ROWS, of which little is read. */
async function listLookalikes(db: Engine, agent: string, { address, since, lookalikes }: SessionQuery): Promise<Session[]> {
  if (lookalikes === 0) return []
  const rows = await db.all<Pick<SessionRow, 'id' | 'inbox_address' | 'tries' | 'first_at'>>(
    'SELECT id, inbox_address, tries, first_at FROM smtp_session WHERE inbox_id = ? AND last_at >= ? ORDER BY last_at DESC LIMIT ?',
    NOBODY,
    since,
    MAX_SESSION_LOG_ROWS,
  )
  const found = new Map<string, (typeof rows)[number]>()
  const hidden = new Map<string, boolean>()
  for (const row of rows) {
    const known = found.get(row.inbox_address)
    if (known) {
      known.tries += row.tries
      known.first_at = Math.min(known.first_at, row.first_at)
    } else if (found.size < lookalikes && looksAlike(address, row.inbox_address)) {
      const domain = domainOf(row.inbox_address)
      const isHidden = hidden.get(domain) ?? (await isOfAnother(db, agent, domain))
      hidden.set(domain, isHidden)
      if (!isHidden) found.set(row.inbox_address, row)
    }
  }
  const sessions: Session[] = []
  for (const { id, inbox_address, tries, first_at } of found.values()) {
    const row = await db.get<SessionRow>('SELECT * FROM smtp_session WHERE id = ?', id)
    if (row) sessions.push(toSession({ ...row, address: inbox_address, tries, first_at }))
  }
  return sessions
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
