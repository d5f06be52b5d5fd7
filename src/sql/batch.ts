/** Group commit: everything that waits when the store becomes free is one transaction, and is answered when that is on disk. */

import { MailError } from '../errors.ts'
import { STORE_BUSY_TIMEOUT_MS, STORE_BUSY_TRY_MS } from '../limits.ts'
import { type Engine, type TransactionMode, WriteNeeded } from './engine.ts'
import { type Call, OPERATIONS, runCall } from './operations.ts'
import { assertReadable } from './schema.ts'

/** Tries to begin, each as long as SQLite waits for the lock. */
const BEGIN_TRIES = STORE_BUSY_TIMEOUT_MS / STORE_BUSY_TRY_MS

/** Whether a lock that another process has is worth waiting for. Asked between two tries, outside of a transaction: meanwhile others may be served. */
type KeepTrying = () => boolean | Promise<boolean>

/** What became of a call. */
export type Outcome = { ok: true; value: unknown } | { ok: false; error: unknown }

/**
 * Runs the calls in order and answers what became of each, in the same order. Reads see the writes before them. A call that fails
 * undoes only itself; a commit that fails undoes every write. Without a write no lock is taken. Where another process has the lock,
 * waits for STORE_BUSY_TIMEOUT_MS, and no longer than `keepTrying` says. Rejects only when a transaction cannot even be rolled back.
 */
export async function runBatch(db: Engine, calls: readonly Call[], keepTrying: KeepTrying = () => true): Promise<Outcome[]> {
  if (calls.some(({ method }) => OPERATIONS[method].mode === 'write')) return await runWrites(db, calls, keepTrying)
  return (await runReads(db, calls, keepTrying)) ?? (await runWrites(db, calls, keepTrying))
}

/** Tries again from the start: what came before the error is rolled back. */
async function begin(db: Engine, mode: TransactionMode, keepTrying: KeepTrying): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await db.begin(mode)
      // The first look at the file, for which a read may have to wait as well.
      return await assertReadable(db)
    } catch (error) {
      await db.rollback()
      if (!db.isBusy(error) || tries >= BEGIN_TRIES || !(await keepTrying())) throw error
    }
  }
}

/** Answers nothing when one of the calls found something to write: the transaction left no trace then. */
async function runReads(db: Engine, calls: readonly Call[], keepTrying: KeepTrying): Promise<Outcome[] | undefined> {
  try {
    await begin(db, 'read', keepTrying)
    const outcomes: Outcome[] = []
    for (const call of calls) outcomes.push(await tryCall(db, call))
    await db.commit()
    return outcomes
  } catch (error) {
    await db.rollback()
    return error instanceof WriteNeeded ? undefined : calls.map(() => fail(db, error))
  }
}

/**
 * A savepoint around each call would cost every call a sixth of its time, for the sake of the very rare one that fails after it has
 * written. So the first attempt goes without, and when a call does that, the batch is begun again with savepoints.
 */
async function runWrites(db: Engine, calls: readonly Call[], keepTrying: KeepTrying, tryOne = tryUnguarded): Promise<Outcome[]> {
  try {
    await begin(db, calls.some(isSynced) ? 'write' : 'unsynced', keepTrying)
    const outcomes: Outcome[] = []
    for (const call of calls) outcomes.push(await tryOne(db, call))
    await db.commit()
    return outcomes
  } catch (error) {
    await db.rollback()
    if (error instanceof GuardNeeded) return await runWrites(db, calls, keepTrying, tryGuarded)
    return await answerReadsOnly(db, calls, fail(db, error), keepTrying)
  }
}

/** Whether whoever called is to be told of what is on the disk only. */
function isSynced({ method }: Call): boolean {
  const { mode, isUnsynced } = OPERATIONS[method]
  return mode !== 'read' && isUnsynced !== true
}

/** A call failed and has left writes behind. */
class GuardNeeded extends Error {
  override readonly name = 'GuardNeeded'
}

async function tryUnguarded(db: Engine, call: Call): Promise<Outcome> {
  const writes = db.writes
  const outcome = await tryCall(db, call)
  if (!outcome.ok && db.writes > writes) throw new GuardNeeded()
  return outcome
}

/** In a savepoint, so that nothing stays of a call that fails. @throws when the whole transaction is lost */
async function tryGuarded(db: Engine, call: Call): Promise<Outcome> {
  await db.savepoint()
  const outcome = await tryCall(db, call)
  if (outcome.ok) await db.release()
  // A disk that is full may end the transaction, and with it the writes of everybody.
  else if (!db.inTransaction) throw outcome.error
  else await db.rollbackToSavepoint()
  return outcome
}

/** What the reads of a lost transaction saw never was, so they look again. */
async function answerReadsOnly(db: Engine, calls: readonly Call[], lost: Outcome, keepTrying: KeepTrying): Promise<Outcome[]> {
  const isRead = ({ method }: Call) => OPERATIONS[method].mode === 'read'
  const answers = (await runReads(db, calls.filter(isRead), keepTrying)) ?? []
  return calls.map((call) => (isRead(call) ? (answers.shift() ?? lost) : lost))
}

async function tryCall(db: Engine, call: Call): Promise<Outcome> {
  try {
    return { ok: true, value: await runCall(db, call) }
  } catch (error) {
    if (error instanceof WriteNeeded) throw error
    return fail(db, error)
  }
}

/** What is the engine's fault is told apart from a mistake of ours, which stays as it is and ends in the log. */
function fail(db: Engine, error: unknown): Outcome {
  const reason = db.explain(error)
  if (reason === null) return { ok: false, error }
  return { ok: false, error: new MailError('store_unavailable', `The mail store cannot be used now: ${reason}.`) }
}
