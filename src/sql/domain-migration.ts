/** The change of the tables that brings domains; see migrations.ts. */

import type { Migration } from './migration.ts'

const COLUMNS = `id, agent, address, display_name, domain_id, status, daily_send_limit, sends_day, sends_count, total_sent,
  bounce_count, complaint_count, last_seq, message_count, thread_count, created_at, suspended_reason, suspended_at, resumed_at,
  search_number, indexed_seq`

/**
 * An address was unique, so that whoever had a domain before kept its addresses from the next. Now it is once an agent; of several, one stands
 * (domain-rights.ts). SQLite takes a UNIQUE out of no table: it is made anew.
 */
const FREE_ADDRESSES = [
  `CREATE TABLE inbox_anew (
     id TEXT NOT NULL PRIMARY KEY,
     agent TEXT NOT NULL,
     address TEXT NOT NULL,
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
     created_at BIGINT NOT NULL,
     suspended_reason TEXT NOT NULL DEFAULT '',
     suspended_at BIGINT NOT NULL DEFAULT 0,
     resumed_at BIGINT NOT NULL DEFAULT 0,
     search_number BIGINT NOT NULL DEFAULT 0,
     indexed_seq BIGINT NOT NULL DEFAULT 0
   )`,
  `INSERT INTO inbox_anew (${COLUMNS}) SELECT ${COLUMNS} FROM inbox`,
  'DROP TABLE inbox',
  'ALTER TABLE inbox_anew RENAME TO inbox',
  'CREATE INDEX inbox_by_age ON inbox (agent, created_at, id)',
  'CREATE UNIQUE INDEX inbox_by_address ON inbox (agent, address)',
  'CREATE INDEX inbox_at_address ON inbox (address)',
  `CREATE INDEX inbox_suspended ON inbox (suspended_at) WHERE status = 'suspended'`,
  'CREATE INDEX inbox_unindexed ON inbox (search_number) WHERE last_seq > indexed_seq',
]

/** Domains of agents. */
export const DOMAIN_MIGRATION: Migration = {
  version: 7,
  // An older program would receive for a domain that was lost, and send from it unsigned.
  minReader: 7,
  statements: [
    // is_owned: DNS said that it is the agent's; of all who claim it, one. standing, findings: JSON of ours. due_at: when to look it up again, or when the
    // lease of who is doing so ends.
    `CREATE TABLE domain (
       id TEXT NOT NULL PRIMARY KEY,
       agent TEXT NOT NULL,
       domain TEXT NOT NULL,
       selector TEXT NOT NULL,
       public_key TEXT NOT NULL,
       private_key TEXT NOT NULL,
       is_owned INTEGER NOT NULL,
       standing TEXT NOT NULL,
       findings TEXT,
       checked_at BIGINT,
       due_at BIGINT NOT NULL,
       created_at BIGINT NOT NULL
     )`,
    'CREATE UNIQUE INDEX domain_of_agent ON domain (agent, domain)',
    'CREATE INDEX domain_by_age ON domain (agent, created_at, id)',
    'CREATE UNIQUE INDEX domain_owned ON domain (domain) WHERE is_owned = 1',
    'CREATE INDEX domain_due ON domain (due_at, id)',
    ...FREE_ADDRESSES,
    'CREATE INDEX inbox_by_domain ON inbox (domain_id) WHERE domain_id IS NOT NULL',
  ],
}
