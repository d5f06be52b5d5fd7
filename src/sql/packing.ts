/** Which raw bytes may be kept packed, and keeping them so. What packs them is elsewhere: it takes time, and here everybody waits. */

import { PACK_STEP_BYTES, PACK_STEP_ROWS } from '../limits.ts'
import type { PackedMail, UnpackedMail } from '../operating-store.ts'
import type { Engine } from './engine.ts'
import { listUnpackedPieces } from './raw.ts'

/** In `meta`: messages filed up to this time have been tried. */
const PACKED_UNTIL = 'packed_until'

type Candidate = { content_hash: string; created_at: number; size: number }

/** Store.listUnpacked. */
export async function listUnpacked(db: Engine, before: number): Promise<{ mail: UnpackedMail[]; until: number | null }> {
  const from = await readUntil(db)
  const newest = await db.get<{ at: number | null }>('SELECT max(created_at) AS at FROM message WHERE created_at < ?', before)
  if (newest === undefined || newest.at === null || newest.at <= from) return { mail: [], until: null }
  const candidates = await db.all<Candidate>(
    'SELECT content_hash, created_at, size FROM message WHERE created_at > ? AND created_at <= ? ORDER BY created_at LIMIT ?',
    from,
    newest.at,
    PACK_STEP_ROWS,
  )
  const taken = takeStep(candidates)
  const mail: UnpackedMail[] = []
  for (const contentHash of new Set(taken.map(({ content_hash }) => content_hash))) {
    mail.push(...(await listUnpackedPieces(db, contentHash)))
  }
  // Those of the same millisecond that a step cuts off stay as they are: that happens seldom, and costs room only.
  return { mail, until: taken.at(-1)?.created_at ?? newest.at }
}

function takeStep(candidates: readonly Candidate[]): Candidate[] {
  let bytes = 0
  const end = candidates.findIndex(({ size }, index) => {
    bytes += size
    return index > 0 && bytes > PACK_STEP_BYTES
  })
  return candidates.slice(0, end === -1 ? candidates.length : end)
}

/** Store.keepPacked: another process may have packed, or somebody deleted, what this one did. */
export async function keepPacked(db: Engine, mail: readonly PackedMail[], until: number): Promise<void> {
  for (const { contentHash, packed } of mail) {
    if (packed === null) continue
    const sql = 'UPDATE raw SET bytes = ?, is_packed = 1 WHERE content_hash = ? AND is_packed IS NULL'
    await db.run(sql, packed, contentHash)
  }
  if (until <= (await readUntil(db))) return
  await db.run(
    'INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
    PACKED_UNTIL,
    String(until),
  )
}

async function readUntil(db: Engine): Promise<number> {
  const row = await db.get<{ value: string }>('SELECT value FROM meta WHERE name = ?', PACKED_UNTIL)
  return Number(row?.value ?? -1)
}
