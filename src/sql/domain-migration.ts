/** The change of the tables that brings domains; see migrations.ts. */

import type { Migration } from './migration.ts'

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
    'CREATE INDEX inbox_by_domain ON inbox (domain_id) WHERE domain_id IS NOT NULL',
  ],
}
