/** The bounds of the session log: no flood, of one client, to one address or to one inbox, pushes the rest out. */

import {
  MAX_NEAR_INBOXES_SCANNED,
  MAX_SESSION_LOG_ROWS,
  MAX_SESSION_ROWS_PER_ADDRESS,
  MAX_SESSION_ROWS_PER_INBOX,
} from '../limits.ts'
import { NearAddresses } from '../near-addresses.ts'
import type { Engine } from './engine.ts'

/** In the place of an inbox's id: the address was nobody's. Never null, so that indexes and comparisons see it. */
export const NOBODY = ''
/** Statements without an upper bound of their own take this. */
const ALL_ROWS = 1_000_000

/** Cuts the log back to its bounds after rows were added, for addresses that are nobody's and for inboxes. */
export async function cutLog(db: Engine, addresses: ReadonlySet<string>, inboxIds: ReadonlySet<string>): Promise<void> {
  for (const address of addresses) await cutAddress(db, address)
  for (const inboxId of inboxIds) await cutInbox(db, inboxId)
  if (addresses.size > 0) await cutNobodys(db)
  if (inboxIds.size > 0) await cutInboxes(db)
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

/** A row of an address that is nobody's. */
type NobodysRow = { id: string; client: string; inbox_address: string }

/**
 * A client that tries many addresses makes room for its own. First goes what looks like no inbox: all that comes over loopback, or by one relay, is one
 * client, and only what looks like an inbox is ever shown to whoever did not ask for it by name.
 */
async function cutNobodys(db: Engine): Promise<void> {
  const kept = await db.get<{ total: number }>('SELECT count(*) AS total FROM smtp_session WHERE inbox_id = ?', NOBODY)
  if ((kept?.total ?? 0) <= MAX_SESSION_LOG_ROWS) return
  const sql = 'SELECT id, client, inbox_address FROM smtp_session WHERE inbox_id = ? ORDER BY last_at'
  const rows = await db.all<NobodysRow>(sql, NOBODY)
  const inboxes = new NearAddresses(await listNewestAddresses(db, MAX_NEAR_INBOXES_SCANNED))
  await removeRows(db, chooseNobodys(rows, inboxes, MAX_SESSION_LOG_ROWS))
}

/** Store.listNewestAddresses. */
export async function listNewestAddresses(db: Engine, limit: number): Promise<string[]> {
  const rows = await db.all<{ address: string }>('SELECT address FROM inbox WHERE id > ? ORDER BY id DESC LIMIT ?', NOBODY, limit)
  return rows.map(({ address }) => address)
}

/** The same as chooseExcess; of what looks like inboxes, a client's look-alikes of each one count by themselves. */
export function chooseNobodys(rows: readonly NobodysRow[], inboxes: NearAddresses, most: number): string[] {
  const unlike: Held[] = []
  const alike: Held[] = []
  for (const { id, client, inbox_address } of rows) {
    const near = inboxes.find(inbox_address)
    if (near === null) unlike.push({ id, holder: client })
    else alike.push({ id, holder: `${client} ${near}` })
  }
  return [...chooseExcess(unlike, Math.max(0, most - alike.length)), ...chooseExcess(alike, most)]
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
    if (count > share) return share
    left -= count
  }
  return most
}
