/** Whom an inbox may not write to any more, and the owner's list of it. Recipients differ in more than the case of their letters. */

import type { Suppression } from '../model.ts'
import type { Engine } from './engine.ts'
import { toIso } from './rows.ts'
import { lowerAscii } from './text.ts'

/** All columns of `suppression`. */
type SuppressionRow = {
  inbox_id: string
  recipient: string
  reason: Suppression['reason']
  status_code: string | null
  created_at: number
}

/** The suppression of a recipient, in whatever case. */
export async function findSuppression(db: Engine, inboxId: string, recipient: string): Promise<SuppressionRow | undefined> {
  const sql = 'SELECT * FROM suppression WHERE inbox_id = ? AND recipient = ?'
  return await db.get<SuppressionRow>(sql, inboxId, lowerAscii(recipient))
}

/** The first suppression of a recipient stays, but a complaint outweighs a bounce. */
export async function suppress(db: Engine, row: SuppressionRow): Promise<void> {
  await db.run(
    `INSERT INTO suppression (inbox_id, recipient, reason, status_code, created_at) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (inbox_id, recipient)
     DO UPDATE SET reason = excluded.reason, status_code = excluded.status_code, created_at = excluded.created_at
     WHERE suppression.reason = 'bounced' AND excluded.reason = 'complained'`,
    row.inbox_id,
    lowerAscii(row.recipient),
    row.reason,
    row.status_code,
    row.created_at,
  )
}

/** Store.listSuppressions: newest first. */
export async function listSuppressions(db: Engine, address: string | null): Promise<Suppression[]> {
  const rows = address === null ? await findAll(db) : await findOf(db, address)
  return rows.map((row) => ({
    inboxId: row.inbox_id,
    address: row.address,
    recipient: row.recipient,
    reason: row.reason,
    statusCode: row.status_code,
    createdAt: toIso(row.created_at),
  }))
}

/** What belongs to no inbox any more is passed over: it is going to be swept. */
async function findAll(db: Engine): Promise<(SuppressionRow & { address: string })[]> {
  return await db.all(
    `SELECT s.*, i.address FROM suppression s JOIN inbox i ON i.id = s.inbox_id
     ORDER BY s.created_at DESC, s.recipient DESC`,
  )
}

/** Of several inboxes with this address, one after the other. */
async function findOf(db: Engine, wanted: string): Promise<(SuppressionRow & { address: string })[]> {
  const address = wanted.toLowerCase()
  const rows: (SuppressionRow & { address: string })[] = []
  for (const { id } of await db.all<{ id: string }>('SELECT id FROM inbox WHERE address = ?', address)) {
    const sql = 'SELECT * FROM suppression WHERE inbox_id = ? ORDER BY created_at DESC, recipient DESC'
    rows.push(...(await db.all<SuppressionRow>(sql, id)).map((row) => ({ ...row, address })))
  }
  return rows
}

/** Store.removeSuppression. */
export async function removeSuppression(db: Engine, address: string, recipient: string): Promise<boolean> {
  const removed = await db.run(
    'DELETE FROM suppression WHERE inbox_id IN (SELECT id FROM inbox WHERE address = ?) AND recipient = ?',
    address.toLowerCase(),
    lowerAscii(recipient),
  )
  return removed > 0
}
