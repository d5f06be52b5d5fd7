/** How a store of an earlier version becomes one of today, and what it knows about itself. */

import { MailError } from '../errors.ts'
import type { Engine } from './engine.ts'
import { MIGRATIONS } from './migrations.ts'

/** What a new store is given, that no two may have in common and nobody may guess. */
export type Randomness = {
  /** A UUID. */
  readonly newId: () => string
  readonly randomBytes: (sizeBytes: number) => Uint8Array
}

/** As long as a SHA-256 (RFC 2104 section 3). */
const SECRET_BYTES = 32

/** The version of the schema that this program writes. */
export const SCHEMA_VERSION = MIGRATIONS.length

/**
 * Brings the store up to date and answers its id; a new one gets an id and a secret.
 * @throws MailError store_unavailable when only a newer program may work on it
 */
export async function migrate(db: Engine, randomness: Randomness): Promise<string> {
  return (await findCurrent(db)) ?? (await upgrade(db, randomness))
}

/** The id of a store that needs no change: a start then waits for no writer. Answers nothing when it does, or cannot be read. */
async function findCurrent(db: Engine): Promise<string | undefined> {
  await db.begin('read')
  try {
    await assertReadable(db)
    const version = Number((await getMeta(db, 'schema_version')) ?? 0)
    return version >= SCHEMA_VERSION ? await getMeta(db, 'store_id') : undefined
  } catch (error) {
    // A new store has no tables yet; what else is wrong shows again when it is upgraded.
    if (error instanceof MailError) throw error
    return undefined
  } finally {
    await db.rollback()
  }
}

async function upgrade(db: Engine, { newId, randomBytes }: Randomness): Promise<string> {
  await db.begin('write')
  try {
    await db.run('CREATE TABLE IF NOT EXISTS meta (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL)')
    await assertReadable(db)
    const version = Number((await getMeta(db, 'schema_version')) ?? 0)
    for (const migration of MIGRATIONS) {
      if (migration.version <= version) continue
      for (const statement of migration.statements) await db.run(statement)
      await setMeta(db, 'schema_version', String(migration.version))
      await setMeta(db, 'min_reader', String(migration.minReader))
    }
    const storeId = (await getMeta(db, 'store_id')) ?? newId()
    if (version === 0) await setMeta(db, 'store_id', storeId)
    const secret = (await getMeta(db, 'secret')) ?? Buffer.from(randomBytes(SECRET_BYTES)).toString('hex')
    await setMeta(db, 'secret', secret)
    await db.commit()
    return storeId
  } catch (error) {
    await db.rollback()
    throw error
  }
}

/**
 * Cheap enough to ask in every transaction: another process may upgrade the store while this one runs. @throws MailError
 * store_unavailable
 */
export async function assertReadable(db: Engine): Promise<void> {
  const minReader = Number((await getMeta(db, 'min_reader')) ?? 0)
  if (minReader <= SCHEMA_VERSION) return
  throw new MailError('store_unavailable', 'A newer version of inbox-mcp has upgraded the mail store.', {
    hint: 'Restart the server with the newer version.',
    facts: { storeNeeds: minReader, programHas: SCHEMA_VERSION },
  })
}

/** Store.getSecret. */
export async function getSecret(db: Engine): Promise<Uint8Array> {
  const secret = await getMeta(db, 'secret')
  if (secret === undefined) throw new Error('the store has no secret')
  return new Uint8Array(Buffer.from(secret, 'hex'))
}

async function getMeta(db: Engine, name: string): Promise<string | undefined> {
  return (await db.get<{ value: string }>('SELECT value FROM meta WHERE name = ?', name))?.value
}

async function setMeta(db: Engine, name: string, value: string): Promise<void> {
  await db.run(
    'INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
    name,
    value,
  )
}
