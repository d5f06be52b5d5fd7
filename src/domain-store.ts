/** The part of the store that keeps domains; held to what the head of store.ts says. */

import type { DkimKey } from './composer.ts'
import type { Finding, Findings } from './domain-findings.ts'
import type { DomainStanding } from './domain-standing.ts'
import type { DeletedDomain } from './domains.ts'
import type { Page, PageRequest } from './model.ts'

/** A domain by its `id` or its name. */
export type DomainRef = string

/** A domain to be kept, every rule already applied. */
export type NewDomain = {
  id: string
  /** Canonical: lower case, A-labels. */
  domain: string
  selector: string
  /** SubjectPublicKeyInfo, DER in base64. */
  publicKey: string
  /** PKCS#8 in PEM. Nothing but `getDkimKey` ever answers it. */
  privateKeyPem: string
  createdAt: number
}

/** A domain as it is kept, without its private key. Times in milliseconds. */
export type StoredDomain = Omit<NewDomain, 'privateKeyPem'> & {
  agent: string
  standing: DomainStanding
  /** Of the last look at DNS; null before the first. */
  findings: Findings | null
  checkedAt: number | null
}

/** What a look at DNS found. */
export type DomainCheck = {
  findings: Findings
  /** The agent that had the domain when DNS was asked, where that is another one, and what was found of its text. */
  holder?: { agent: string; finding: Finding } | null
  now: number
  nextCheckAt: number
}

/** What became of a domain by a look. */
export type CheckedDomain = {
  domain: StoredDomain
  before: DomainStanding
  /** DNS says that it is the agent's, and another agent has it. */
  isTaken: boolean
  /** The domain of the agent that lost it by this look, as it is now; null when none did. */
  replaced: StoredDomain | null
}

/** A domain that an agent has; `since` when, without a break (ISO 8601). */
export type DomainHolder = { domain: string; agent: string; since: string }

/** Every method that names an agent finds nothing of any other. */
export interface DomainStore {
  /**
   * Keeps a domain, not verified; or answers the one of this name that the agent has already, as it is. Whether another agent has it makes no difference: whose
   * it is DNS says, and nobody is told. @throws MailError conflict when the agent has MAX_DOMAINS_PER_AGENT
   */
  createDomain(agent: string, domain: NewDomain): Promise<StoredDomain>
  /** @throws MailError domain_not_found */
  getDomain(agent: string, ref: DomainRef): Promise<StoredDomain>
  /** Newest first. */
  listDomains(agent: string, page: PageRequest): Promise<Page<StoredDomain>>
  /** Its key goes with it. @throws MailError domain_not_found, conflict while inboxes stand on it (with how many) */
  deleteDomain(agent: string, ref: DomainRef): Promise<DeletedDomain>
  /** The agent that has a domain, whichever that is; null when none has. Acts for no agent. */
  findDomainHolder(domain: string): Promise<string | null>
  /**
   * Writes down what a look found and moves the standing by it. Of two agents only one can have a domain: the first whose look says so, until a look surely
   * finds the text of the other one alone. @throws MailError domain_not_found
   */
  recordDomainCheck(agent: string, domainId: string, check: DomainCheck): Promise<CheckedDomain>
  /**
   * The key that signs mail of an inbox on a domain; null while sending is not verified. @throws MailError domain_not_verified when the domain is no longer
   * the agent's, domain_not_found
   */
  getDkimKey(agent: string, domainId: string): Promise<DkimKey | null>
  /** For the owner: every domain that an agent has, in order of the alphabet. */
  listDomainHolders(): Promise<DomainHolder[]>
  /** For the owner: takes a domain from the agent that has it, which is answered; null when none has. The next look that finds a text there gives it anew. */
  releaseDomain(domain: string): Promise<string | null>
  /** Domains of whatever agent that are to be looked up again, longest due first; nobody else gets them until `leaseUntil`. Acts for no agent. */
  claimDomains(now: number, leaseUntil: number, limit: number): Promise<StoredDomain[]>
}
