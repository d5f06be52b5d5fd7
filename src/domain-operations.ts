/** The part of the post office that is about domains; held to what the head of post-office.ts says. */

import type { DomainRef } from './domain-store.ts'
import type { DeletedDomain, Domain } from './domains.ts'
import type { Page, PageRequest } from './model.ts'

/** Domains that an agent brings. */
export interface DomainOperations {
  /**
   * Makes a key pair and answers the records to publish; for a domain that the agent has already, the same again. @throws MailError invalid_argument,
   * conflict (too many), read_only
   */
  addDomain(agent: string, input: { domain: string }): Promise<Domain>
  /** Newest first. */
  listDomains(agent: string, page: PageRequest): Promise<Page<Domain>>
  /** @throws MailError domain_not_found; the same for both below */
  getDomain(agent: string, ref: DomainRef): Promise<Domain>
  /** Looks the records up and moves the statuses by what was found. @throws MailError conflict (another agent was first, and
   * its text stands in DNS too), busy, read_only */
  verifyDomain(agent: string, ref: DomainRef): Promise<Domain>
  /** @throws MailError conflict while inboxes stand on it, read_only */
  deleteDomain(agent: string, ref: DomainRef): Promise<DeletedDomain>
}
