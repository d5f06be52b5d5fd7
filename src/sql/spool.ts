/** Mail coming in: made durable before it is acknowledged, recognised when a sender tries again, leased to whoever files it. */

import { MailError } from '../errors.ts'
import { FORGET_CHUNK_ROWS, RETRY_WINDOW_MS, SPOOL_CLAIM_BYTES, SPOOL_LEASE_MS } from '../limits.ts'
import type { Recipient } from '../model.ts'
import type { Acceptance, IncomingMail, OpenTry, SpooledMail } from '../store.ts'
import { STANDS } from './domain-rights.ts'
import type { Engine } from './engine.ts'
import { keepRaw, readRaw } from './raw.ts'

type SpoolRow = {
  id: string
  content_hash: string
  size: number
  mail_from: string
  recipients: string
  helo: string
  remote_address: string
  received_at: number
  is_local: number
}

/** Store.acceptMail: recipients first, so that nobody is told 250 for an inbox that is gone. @throws MailError inbox_not_found */
export async function acceptMail(db: Engine, mail: IncomingMail): Promise<Acceptance> {
  const recipients = await keepReceiving(db, mail.envelope.recipients)
  if (recipients.length === 0) throw new MailError('inbox_not_found', 'None of the recipients receives mail.')
  const { id, envelope, contentHash, raw, leaseOwner, leaseUntil } = mail
  await db.announce(leaseOwner)
  const firstId = await findFirstTry(db, mail)
  if (firstId !== undefined) {
    await db.run('UPDATE acceptance SET open_owner = ?, open_try = ? WHERE id = ?', leaseOwner, id, firstId)
    return { id: firstId, duplicate: true }
  }
  await keepRaw(db, contentHash, raw)
  await db.run(
    'INSERT INTO acceptance (id, fingerprint, accepted_at, open_owner, open_try) VALUES (?, ?, ?, ?, ?)',
    id,
    mail.fingerprint,
    envelope.receivedAt,
    leaseOwner,
    id,
  )
  const sizeBytes = raw.byteLength
  await spoolMail(db, { id, envelope: { ...envelope, recipients }, contentHash, sizeBytes, leaseOwner, leaseUntil })
  return { id, duplicate: false }
}

/** Mail whose raw bytes are kept already, for one reader more. */
export type Spooling = Pick<IncomingMail, 'id' | 'envelope' | 'contentHash' | 'leaseOwner' | 'leaseUntil'> & { sizeBytes: number }

/** Puts mail into the spool. */
export async function spoolMail(db: Engine, { id, envelope, contentHash, sizeBytes, ...lease }: Spooling): Promise<void> {
  await db.run(
    `INSERT INTO spool (id, content_hash, size, mail_from, recipients, helo, remote_address, received_at, lease_owner,
       lease_until, is_local)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    id,
    contentHash,
    sizeBytes,
    envelope.from,
    JSON.stringify(envelope.recipients),
    envelope.helo,
    envelope.remoteAddress,
    envelope.receivedAt,
    lease.leaseOwner,
    lease.leaseUntil,
    envelope.local === true ? 1 : 0,
  )
}

/** Reports come back to a suspended inbox too, and to one whose domain is lost: they count on. */
async function keepReceiving(db: Engine, recipients: readonly Recipient[]): Promise<Recipient[]> {
  const kept: Recipient[] = []
  for (const recipient of recipients) {
    const sql = `SELECT i.status, ${STANDS} AS stands FROM inbox i WHERE i.id = ?`
    const row = await db.get<{ status: string; stands: number }>(sql, recipient.inboxId)
    const receives = row?.status === 'active' && row.stands === 1
    if (receives || (row && recipient.deliveryId !== undefined)) kept.push(recipient)
  }
  return kept
}

/** The oldest acceptance of the same mail whose sender may not have heard of it. */
async function findFirstTry(
  db: Engine,
  { fingerprint, openIds, leaseOwner, envelope }: IncomingMail,
): Promise<string | undefined> {
  const rows = await db.all<{ id: string; open_owner: string }>(
    'SELECT id, open_owner FROM acceptance WHERE fingerprint = ? AND accepted_at >= ? ORDER BY accepted_at',
    fingerprint,
    envelope.receivedAt - RETRY_WINDOW_MS,
  )
  // Of its own sessions a process knows best; what the store says of them is written later.
  const dead = new Set(['', leaseOwner])
  const alive = new Set<string>()
  for (const { id, open_owner: owner } of rows) {
    if (openIds.includes(id)) continue
    // A sender may hold many sessions open: each owner is asked for once.
    if (!dead.has(owner) && !alive.has(owner)) ((await db.isAlive(owner)) ? alive : dead).add(owner)
    if (dead.has(owner)) return id
  }
  return undefined
}

/** Store.confirmMail: what is confirmed is recognised no more. */
export async function confirmMail(db: Engine, ids: readonly string[]): Promise<void> {
  for (const id of ids) await db.run('DELETE FROM acceptance WHERE id = ?', id)
}

/** Store.releaseMail: one that another try has opened since stays open. */
export async function releaseMail(db: Engine, tries: readonly OpenTry[]): Promise<void> {
  for (const { id, tryId } of tries) {
    await db.run("UPDATE acceptance SET open_owner = '' WHERE id = ? AND open_try = ?", id, tryId)
  }
}

/**
 * Store.forgetAcceptances: the oldest ones, so many that nobody has to wait; the rest at the next call, and `acceptMail` does not
 * go by them either way.
 */
export async function forgetAcceptances(db: Engine, before: number): Promise<void> {
  const rows = await db.all<{ id: string }>(
    'SELECT id FROM acceptance WHERE accepted_at < ? ORDER BY accepted_at LIMIT ?',
    before,
    FORGET_CHUNK_ROWS,
  )
  for (const { id } of rows) await db.run('DELETE FROM acceptance WHERE id = ?', id)
}

/**
 * Store.claimSpool: a lease longer than any taken now was given by a clock that has been set back since. Twice the length, because `now` was read before
 * the call had to wait; that two take the same does no harm. Oldest first; fewer than `limit` when the messages are large: at most SPOOL_CLAIM_BYTES, or
 * one.
 */
export async function claimSpool(
  db: Engine,
  owner: string,
  now: number,
  leaseUntil: number,
  limit: number,
): Promise<SpooledMail[]> {
  const rows = await db.all<SpoolRow>(
    `SELECT id, content_hash, size, mail_from, recipients, helo, remote_address, received_at, is_local
     FROM spool
     WHERE lease_until <= ? OR lease_until > ? ORDER BY id LIMIT ?`,
    now,
    now + 2 * SPOOL_LEASE_MS,
    limit,
  )
  const claimed: SpooledMail[] = []
  let bytes = 0
  for (const row of rows) {
    bytes += row.size
    if (claimed.length > 0 && bytes > SPOOL_CLAIM_BYTES) break
    await db.run('UPDATE spool SET lease_owner = ?, lease_until = ? WHERE id = ?', owner, leaseUntil, row.id)
    claimed.push({ id: row.id, envelope: toEnvelope(row), raw: await readRaw(db, row.content_hash, 'share') })
  }
  return claimed
}

function toEnvelope(row: SpoolRow): SpooledMail['envelope'] {
  return {
    from: row.mail_from,
    recipients: parseRecipients(row.recipients),
    helo: row.helo,
    remoteAddress: row.remote_address,
    receivedAt: row.received_at,
    ...(row.is_local === 1 ? { local: true } : {}),
  }
}

/** The recipients of a row in the spool. */
export function parseRecipients(json: string): Recipient[] {
  return JSON.parse(json)
}
