/** The tables, and how a store of an earlier version becomes one of today. Changes only add: an older program goes on reading. */

import { MailError } from '../errors.ts'
import type { Engine } from './engine.ts'

type Migration = {
  /** Versions count from 1 without gaps. */
  readonly version: number
  /** The oldest program, by its newest migration, that may still work on a store after this one. */
  readonly minReader: number
  readonly statements: readonly string[]
}

/** Every change of the schema, oldest first; a published one is never edited. */
export const MIGRATIONS: readonly Migration[] = [
  {
    version: 1,
    minReader: 1,
    statements: [
      `CREATE TABLE inbox (
         id TEXT NOT NULL PRIMARY KEY,
         agent TEXT NOT NULL,
         address TEXT NOT NULL UNIQUE,
         display_name TEXT,
         domain_id TEXT,
         status TEXT NOT NULL,
         daily_send_limit BIGINT NOT NULL,
         sends_day BIGINT NOT NULL,
         sends_count BIGINT NOT NULL,
         total_sent BIGINT NOT NULL,
         bounce_count BIGINT NOT NULL,
         complaint_count BIGINT NOT NULL,
         last_seq BIGINT NOT NULL,
         message_count BIGINT NOT NULL,
         thread_count BIGINT NOT NULL,
         created_at BIGINT NOT NULL
       )`,
      'CREATE INDEX inbox_by_age ON inbox (agent, created_at, id)',
      'CREATE INDEX inbox_by_address ON inbox (agent, address)',

      // Whose rows are still to be removed. A deleted inbox has no row in inbox, so no query can forget to leave it out.
      'CREATE TABLE deleted_inbox (inbox_id TEXT NOT NULL PRIMARY KEY)',

      `CREATE TABLE idempotency (
         agent TEXT NOT NULL,
         operation TEXT NOT NULL,
         idempotency_key TEXT NOT NULL,
         fingerprint TEXT NOT NULL,
         result_id TEXT NOT NULL,
         created_at BIGINT NOT NULL,
         PRIMARY KEY (agent, operation, idempotency_key)
       )`,
      'CREATE INDEX idempotency_by_age ON idempotency (created_at)',

      `CREATE TABLE raw (
         content_hash TEXT NOT NULL PRIMARY KEY,
         bytes BYTEA NOT NULL
       )`,
      // How many more rows of spool and message show the same bytes, where it is not just one. Apart, because changing a row
      // writes its bytes anew.
      'CREATE TABLE raw_share (content_hash TEXT NOT NULL PRIMARY KEY, more_readers BIGINT NOT NULL)',

      // Mail whose sender may not have heard our 250. Outlives the row in spool.
      `CREATE TABLE acceptance (
         id TEXT NOT NULL PRIMARY KEY,
         fingerprint TEXT NOT NULL,
         accepted_at BIGINT NOT NULL
       )`,
      'CREATE INDEX acceptance_by_fingerprint ON acceptance (fingerprint, accepted_at)',
      'CREATE INDEX acceptance_by_age ON acceptance (accepted_at)',

      `CREATE TABLE spool (
         id TEXT NOT NULL PRIMARY KEY,
         content_hash TEXT NOT NULL,
         size BIGINT NOT NULL,
         mail_from TEXT NOT NULL,
         recipients TEXT NOT NULL,
         helo TEXT NOT NULL,
         remote_address TEXT NOT NULL,
         received_at BIGINT NOT NULL,
         lease_owner TEXT NOT NULL,
         lease_until BIGINT NOT NULL
       )`,

      `CREATE TABLE thread (
         inbox_id TEXT NOT NULL,
         id TEXT NOT NULL,
         subject TEXT NOT NULL,
         message_count BIGINT NOT NULL,
         last_message_at BIGINT NOT NULL,
         created_at BIGINT NOT NULL,
         PRIMARY KEY (inbox_id, id)
       )`,

      // Which thread a Message-ID belongs to, also of messages that are only referred to: replies come in any order.
      `CREATE TABLE thread_ref (
         inbox_id TEXT NOT NULL,
         message_id_header TEXT NOT NULL,
         thread_id TEXT NOT NULL,
         PRIMARY KEY (inbox_id, message_id_header)
       )`,
      'CREATE INDEX thread_ref_by_thread ON thread_ref (inbox_id, thread_id)',

      // What lists read; bodies and raw bytes are elsewhere.
      `CREATE TABLE message (
         inbox_id TEXT NOT NULL,
         id TEXT NOT NULL,
         seq BIGINT NOT NULL,
         thread_id TEXT NOT NULL,
         direction TEXT NOT NULL,
         delivery TEXT NOT NULL,
         status TEXT NOT NULL,
         from_address TEXT NOT NULL,
         from_name TEXT,
         to_addresses TEXT NOT NULL,
         cc_addresses TEXT NOT NULL,
         reply_to_addresses TEXT NOT NULL,
         subject TEXT NOT NULL,
         snippet TEXT NOT NULL,
         attachments TEXT NOT NULL,
         message_id_header TEXT,
         is_read INTEGER NOT NULL,
         labels TEXT NOT NULL,
         size BIGINT NOT NULL,
         content_hash TEXT NOT NULL,
         created_at BIGINT NOT NULL,
         problem TEXT,
         PRIMARY KEY (inbox_id, id)
       )`,
      'CREATE UNIQUE INDEX message_by_seq ON message (inbox_id, seq)',
      'CREATE INDEX message_by_thread ON message (inbox_id, thread_id, seq)',
      `CREATE INDEX message_unread ON message (inbox_id, seq) WHERE is_read = 0 AND direction = 'inbound'`,

      `CREATE TABLE message_body (
         inbox_id TEXT NOT NULL,
         message_id TEXT NOT NULL,
         body_text TEXT NOT NULL,
         body_html TEXT,
         in_reply_to TEXT,
         refs TEXT NOT NULL,
         sent_at BIGINT,
         envelope_from TEXT NOT NULL,
         envelope_to TEXT NOT NULL,
         PRIMARY KEY (inbox_id, message_id),
         FOREIGN KEY (inbox_id, message_id) REFERENCES message (inbox_id, id)
       )`,
    ],
  },
]

/** The version of the schema that this program writes. */
export const SCHEMA_VERSION = MIGRATIONS.length

/**
 * Brings the store up to date and answers its id; `newId` is used when the store is new.
 * @throws MailError store_unavailable when only a newer program may work on it
 */
export async function migrate(db: Engine, newId: () => string): Promise<string> {
  return (await findCurrent(db)) ?? (await upgrade(db, newId))
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

async function upgrade(db: Engine, newId: () => string): Promise<string> {
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
