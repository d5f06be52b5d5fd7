/** Suspension: an inbox that too many recipients cannot be reached by, or do not want, neither sends nor receives until its owner resumes it. */

import { DAY_MS } from '../durations.ts'
import {
  BOUNCE_LEAST_SENDS,
  BOUNCE_SUSPEND_RATIO,
  BOUNCE_WINDOW_MS,
  COMPLAINT_LEAST,
  COMPLAINT_SUSPEND_RATIO,
} from '../limits.ts'
import type { Engine } from './engine.ts'
import { type InboxRow, toIso } from './rows.ts'

/** What never left this server proves nothing, and an inbox could write to itself as often as it likes. */
const THAT_LEFT = `AND state NOT IN ('delivered', 'recorded')`

type Weighed = Pick<InboxRow, 'id' | 'status' | 'resumed_at'>

/** Weighs what came back to an active inbox; answers whether that suspended it. */
export async function suspendIfDue(db: Engine, inboxId: string, now: number): Promise<boolean> {
  const inbox = await db.get<Weighed>('SELECT id, status, resumed_at FROM inbox WHERE id = ?', inboxId)
  if (inbox?.status !== 'active') return false
  const reason = (await weighBounces(db, inbox, now)) ?? (await weighComplaints(db, inbox))
  if (reason === null) return false
  await db.run(`UPDATE inbox SET status = 'suspended', suspended_reason = ?, suspended_at = ? WHERE id = ?`, reason, now, inboxId)
  return true
}

/** In one sentence why the bounces are too many; null when they are not. Counts the few bounces first and the many sends only then. */
async function weighBounces(db: Engine, { id, resumed_at }: Weighed, now: number): Promise<string | null> {
  const since = Math.max(now - BOUNCE_WINDOW_MS, resumed_at)
  const bounces = await count(db, 'AND bounced_at IS NOT NULL', id, since)
  if (bounces <= BOUNCE_LEAST_SENDS * BOUNCE_SUSPEND_RATIO) return null
  const sends = await count(db, THAT_LEFT, id, since)
  if (sends < BOUNCE_LEAST_SENDS || bounces / sends <= BOUNCE_SUSPEND_RATIO) return null
  return `${bounces} of ${sends} recipients within ${BOUNCE_WINDOW_MS / DAY_MS} days could not be reached.`
}

/** The same for complaints, however long ago. */
async function weighComplaints(db: Engine, { id, resumed_at }: Weighed): Promise<string | null> {
  const complaints = await count(db, 'AND complained_at IS NOT NULL', id, resumed_at)
  if (complaints < COMPLAINT_LEAST) return null
  const sends = await count(db, THAT_LEFT, id, resumed_at)
  if (complaints / sends < COMPLAINT_SUSPEND_RATIO) return null
  return `${complaints} of ${sends} recipients called its mail spam.`
}

/** Deliveries of a kind, queued since then. */
async function count(db: Engine, kind: string, inboxId: string, since: number): Promise<number> {
  const sql = `SELECT count(*) AS total FROM delivery WHERE inbox_id = ? AND queued_at > ? ${kind}`
  return (await db.get<{ total: number }>(sql, inboxId, since))?.total ?? 0
}

/** Store.listSuspended: the longest suspended first. */
export async function listSuspended(db: Engine): Promise<{ address: string; reason: string; since: string }[]> {
  const rows = await db.all<Pick<InboxRow, 'address' | 'suspended_reason' | 'suspended_at'>>(
    `SELECT address, suspended_reason, suspended_at FROM inbox WHERE status = 'suspended' ORDER BY suspended_at`,
  )
  return rows.map((row) => ({ address: row.address, reason: row.suspended_reason, since: toIso(row.suspended_at) }))
}

/** Store.resumeInbox: what it queued goes on from here. */
export async function resumeInbox(db: Engine, address: string, now: number): Promise<boolean> {
  const resumed = await db.run(
    `UPDATE inbox SET status = 'active', suspended_reason = '', suspended_at = 0, resumed_at = ?
     WHERE address = ? AND status = 'suspended'`,
    now,
    address.toLowerCase(),
  )
  return resumed > 0
}
