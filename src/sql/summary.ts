/** What a store holds, for its owner, and its inboxes whoever owns them. */

import type { FoundInbox, StoredMail, StoreSummary } from '../operating-store.ts'
import { STANDS } from './domain-rights.ts'
import type { Engine } from './engine.ts'
import { readRaw } from './raw.ts'
import { SCHEMA_VERSION } from './schema.ts'
import { parseRecipients } from './spool.ts'

type Inboxes = Pick<StoreSummary, 'inboxes' | 'suspendedInboxes' | 'messages'>
type Spool = Pick<StoreSummary, 'spooled' | 'spooledSince'>

/** Store.summarize. */
export async function summarize(db: Engine): Promise<StoreSummary> {
  const inboxes = await db.get<Inboxes>(
    `SELECT count(*) AS inboxes, coalesce(sum(message_count), 0) AS messages,
       coalesce(sum(CASE WHEN status = 'suspended' THEN 1 ELSE 0 END), 0) AS "suspendedInboxes" FROM inbox`,
  )
  const spool = await db.get<Spool>('SELECT count(*) AS spooled, min(received_at) AS "spooledSince" FROM spool')
  if (!inboxes || !spool) throw new Error('a sum has no row')
  const newest = await db.get<{ at: number | null }>('SELECT max(created_at) AS at FROM message')
  return {
    schemaVersion: SCHEMA_VERSION,
    ...inboxes,
    ...spool,
    newestAt: newest?.at ?? null,
    openDeliveries: await count(db, 'SELECT count(*) AS total FROM delivery WHERE due_at IS NOT NULL'),
    unknownDeliveries: await count(db, "SELECT count(*) AS total FROM delivery WHERE state = 'unknown'"),
    usedBytes: await db.usedBytes(),
  }
}

async function count(db: Engine, sql: string): Promise<number> {
  return (await db.get<{ total: number }>(sql))?.total ?? 0
}

/** Store.findAnyInbox: of several with one address, the one that stands, or else the newest. */
export async function findAnyInbox(db: Engine, ref: string): Promise<FoundInbox | null> {
  const wanted = ref.toLowerCase()
  const select = 'SELECT i.id, i.address, i.agent, i.status, i.last_seq AS cursor, i.message_count AS messages FROM inbox i'
  if (!wanted.includes('@')) return (await db.get<FoundInbox>(`${select} WHERE i.id = ?`, wanted)) ?? null
  const standing = await db.get<FoundInbox>(`${select} WHERE i.address = ? AND ${STANDS}`, wanted)
  return standing ?? (await db.all<FoundInbox>(`${select} WHERE i.address = ?`, wanted)).at(-1) ?? null
}

/** Store.listStored. */
export async function listStored(db: Engine, inboxId: string, after: number, limit: number): Promise<StoredMail[]> {
  return await db.all<StoredMail>(
    `SELECT id, seq, content_hash AS "contentHash", created_at AS "createdAt"
     FROM message WHERE inbox_id = ? AND seq > ? ORDER BY seq LIMIT ?`,
    inboxId,
    after,
    limit,
  )
}

/** Store.getStored: apart from the list, which would have to read every body to get at what stands behind it in its row. */
export async function getStored(
  db: Engine,
  inboxId: string,
  messageId: string,
): Promise<{ raw: Uint8Array; envelopeFrom: string } | null> {
  const row = await db.get<{ content_hash: string; envelope_from: string }>(
    `SELECT m.content_hash, b.envelope_from
     FROM message m JOIN message_body b ON b.inbox_id = m.inbox_id AND b.message_id = m.id
     WHERE m.inbox_id = ? AND m.id = ?`,
    inboxId,
    messageId,
  )
  return row === undefined ? null : { raw: await readRaw(db, row.content_hash), envelopeFrom: row.envelope_from }
}

/** Store.listSpooledHashes. */
export async function listSpooledHashes(db: Engine, inboxId: string): Promise<string[]> {
  const rows = await db.all<{ content_hash: string; recipients: string }>('SELECT content_hash, recipients FROM spool')
  const isFor = ({ recipients }: { recipients: string }) => parseRecipients(recipients).some((each) => each.inboxId === inboxId)
  return rows.filter(isFor).map(({ content_hash }) => content_hash)
}
