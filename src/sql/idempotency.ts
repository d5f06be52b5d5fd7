/** Keys by which a second try is recognised, for as long as they are remembered. */

import { IDEMPOTENCY_KEPT_MS } from '../limits.ts'
import type { Engine } from './engine.ts'

/** Whose key it is, and what for: the same key means another thing to another agent, and in another operation. */
export type KeyScope = { agent: string; operation: string; key: string }

/** What a key was used for. */
export type KeyUse = { fingerprint: string; resultId: string }

/** What the key was used for within the time that it is remembered. */
export async function findUse(db: Engine, { agent, operation, key }: KeyScope, now: number): Promise<KeyUse | undefined> {
  const row = await db.get<{ fingerprint: string; result_id: string }>(
    `SELECT fingerprint, result_id FROM idempotency
     WHERE agent = ? AND operation = ? AND idempotency_key = ? AND created_at > ?`,
    agent,
    operation,
    key,
    now - IDEMPOTENCY_KEPT_MS,
  )
  return row && { fingerprint: row.fingerprint, resultId: row.result_id }
}

/** Remembers what the key was used for, and forgets what is too old. */
export async function rememberUse(db: Engine, scope: KeyScope, use: KeyUse, now: number): Promise<void> {
  await db.run('DELETE FROM idempotency WHERE created_at <= ?', now - IDEMPOTENCY_KEPT_MS)
  await db.run(
    `INSERT INTO idempotency (agent, operation, idempotency_key, fingerprint, result_id, created_at)
     VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (agent, operation, idempotency_key)
     DO UPDATE SET fingerprint = excluded.fingerprint, result_id = excluded.result_id, created_at = excluded.created_at`,
    scope.agent,
    scope.operation,
    scope.key,
    use.fingerprint,
    use.resultId,
    now,
  )
}
