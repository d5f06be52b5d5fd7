/** The tables, change by change. Changes only add: what an older program may still work on, it goes on reading. */

import { DOMAIN_MIGRATION } from './domain-migration.ts'
import type { Migration } from './migration.ts'
import { CREATE_SEARCH_TABLE } from './search.ts'

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
  {
    version: 2,
    // A program of version 1 would file reports as ordinary mail and count nothing, and leave the deliveries of what it deletes behind.
    minReader: 2,
    statements: [
      // What a suspended inbox did, and from when on its deliveries are weighed.
      "ALTER TABLE inbox ADD COLUMN suspended_reason TEXT NOT NULL DEFAULT ''",
      'ALTER TABLE inbox ADD COLUMN suspended_at BIGINT NOT NULL DEFAULT 0',
      'ALTER TABLE inbox ADD COLUMN resumed_at BIGINT NOT NULL DEFAULT 0',
      `CREATE INDEX inbox_suspended ON inbox (suspended_at) WHERE status = 'suspended'`,

      'ALTER TABLE message ADD COLUMN delivery_cursor BIGINT NOT NULL DEFAULT 0',
      'ALTER TABLE message_body ADD COLUMN automatic TEXT',
      'ALTER TABLE spool ADD COLUMN is_local INTEGER NOT NULL DEFAULT 0',
      // Who wrote to an inbox, for the policy that lets it write to nobody else.
      `CREATE INDEX message_by_sender ON message (inbox_id, lower(from_address)) WHERE direction = 'inbound'`,
      'CREATE INDEX thread_by_age ON thread (inbox_id, last_message_at, id)',

      // due_at: when it may be claimed, or when the lease of who has claimed it ends; null once it has ended.
      // bounced_at, complained_at: set once, so that one recipient counts once whatever comes back.
      `CREATE TABLE delivery (
         inbox_id TEXT NOT NULL,
         message_id TEXT NOT NULL,
         id TEXT NOT NULL,
         recipient TEXT NOT NULL,
         carrier TEXT NOT NULL,
         state TEXT NOT NULL,
         attempts BIGINT NOT NULL,
         queued_at BIGINT NOT NULL,
         due_at BIGINT,
         lease_owner TEXT,
         reply_code INTEGER,
         status_code TEXT,
         reason TEXT,
         bounced_at BIGINT,
         complained_at BIGINT,
         updated_at BIGINT NOT NULL,
         PRIMARY KEY (inbox_id, message_id, id),
         FOREIGN KEY (inbox_id, message_id) REFERENCES message (inbox_id, id)
       )`,
      'CREATE UNIQUE INDEX delivery_by_id ON delivery (id)',
      'CREATE INDEX delivery_due ON delivery (due_at, id) WHERE due_at IS NOT NULL',
      'CREATE INDEX delivery_leased ON delivery (lease_owner) WHERE lease_owner IS NOT NULL',
      `CREATE INDEX delivery_unknown ON delivery (updated_at, id) WHERE state = 'unknown'`,
      'CREATE INDEX delivery_by_age ON delivery (inbox_id, queued_at, state)',
      'CREATE INDEX delivery_bounced ON delivery (inbox_id, queued_at) WHERE bounced_at IS NOT NULL',
      'CREATE INDEX delivery_complained ON delivery (inbox_id, queued_at) WHERE complained_at IS NOT NULL',

      // Recipients in lower case: whom an inbox may not write to is not a question of letters.
      `CREATE TABLE suppression (
         inbox_id TEXT NOT NULL,
         recipient TEXT NOT NULL,
         reason TEXT NOT NULL,
         status_code TEXT,
         created_at BIGINT NOT NULL,
         PRIMARY KEY (inbox_id, recipient)
       )`,
      'CREATE INDEX suppression_by_age ON suppression (created_at, recipient)',
      'CREATE INDEX suppression_of_inbox ON suppression (inbox_id, created_at, recipient)',
    ],
  },
  {
    version: 3,
    // A program of version 2 says of no acceptance that it is open, and does not ask: with one of those it is as it was before.
    minReader: 2,
    statements: [
      // Whose session could still show that it heard our 250, and in which try; empty once that session has ended.
      "ALTER TABLE acceptance ADD COLUMN open_owner TEXT NOT NULL DEFAULT ''",
      "ALTER TABLE acceptance ADD COLUMN open_try TEXT NOT NULL DEFAULT ''",
    ],
  },
  {
    version: 4,
    // An older program would file mail that no search finds, and leave the search rows of what it deletes behind.
    minReader: 4,
    statements: [
      // JSON of ours: what was found in the mail, what was found out about its sender.
      'ALTER TABLE message_body ADD COLUMN facts TEXT',
      'ALTER TABLE message_body ADD COLUMN sender_verdict TEXT',
      // Of the SMTP session, for the check of the sender.
      'ALTER TABLE message_body ADD COLUMN remote_address TEXT',
      'ALTER TABLE message_body ADD COLUMN helo TEXT',

      // Deliveries turned away. inbox_id is empty where the address was nobody's; client is what they are bounded by.
      `CREATE TABLE smtp_session (
         id TEXT NOT NULL PRIMARY KEY,
         inbox_id TEXT NOT NULL,
         inbox_address TEXT NOT NULL,
         address TEXT NOT NULL,
         reason TEXT NOT NULL,
         client TEXT NOT NULL,
         remote_address TEXT NOT NULL,
         helo TEXT NOT NULL,
         mail_from TEXT NOT NULL,
         size BIGINT,
         tries BIGINT NOT NULL,
         first_at BIGINT NOT NULL,
         last_at BIGINT NOT NULL
       )`,
      'CREATE INDEX smtp_session_of_inbox ON smtp_session (inbox_id, last_at)',
      'CREATE INDEX smtp_session_by_address ON smtp_session (inbox_address, inbox_id, last_at)',
      'CREATE INDEX smtp_session_by_age ON smtp_session (last_at)',

      // search_number names an inbox in the index, 0 before anything of it is there. What an earlier program filed is not indexed yet either.
      'ALTER TABLE inbox ADD COLUMN search_number BIGINT NOT NULL DEFAULT 0',
      'ALTER TABLE inbox ADD COLUMN indexed_seq BIGINT NOT NULL DEFAULT 0',
      'ALTER TABLE deleted_inbox ADD COLUMN search_number BIGINT NOT NULL DEFAULT 0',
      'CREATE INDEX inbox_unindexed ON inbox (search_number) WHERE last_seq > indexed_seq',
      CREATE_SEARCH_TABLE,
      // What a search asks of messages beside their words: the rows themselves lie far apart, a thousand of one inbox on a thousand pages.
      `CREATE INDEX message_facts ON message
         (inbox_id, seq, created_at, size, is_read, labels, CASE WHEN attachments = '[]' THEN 0 ELSE 1 END)`,
    ],
  },
  {
    version: 5,
    // A program of version 4 would hand out packed bytes as if they were the mail.
    minReader: 5,
    statements: [
      // For what is oldest of all inboxes; grows at its end only.
      'CREATE INDEX message_by_age ON message (created_at)',
      // 1: bytes are packed (raw-packing.ts). Null or 1, so that the head of a row tells, however long its bytes are.
      'ALTER TABLE raw ADD COLUMN is_packed INTEGER',
    ],
  },
  {
    version: 6,
    // A program of version 5 would hand out the first piece as if it were the mail.
    minReader: 6,
    // Of large mail: how many more rows its bytes go on in, content_hash.1 and so on (raw.ts). Null where they do not.
    statements: ['ALTER TABLE raw ADD COLUMN more_pieces INTEGER'],
  },
  DOMAIN_MIGRATION,
]
