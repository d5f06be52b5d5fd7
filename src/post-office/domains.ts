/** Domains of agents: how they come, are looked up in DNS, and go. */

import { type Arrivals, inboxesOf } from '../arrivals.ts'
import type { DkimKeyPair } from '../dkim-keys.ts'
import type { DomainDns } from '../domain-dns.ts'
import { judgeAnswers } from '../domain-findings.ts'
import { checkDomainName, explainGivingUp, readDomainRef } from '../domain-names.ts'
import { askFor } from '../domain-records.ts'
import type { DomainStanding } from '../domain-standing.ts'
import type { CheckedDomain, DomainRef, StoredDomain } from '../domain-store.ts'
import type { DeletedDomain, Domain } from '../domains.ts'
import { MailError } from '../errors.ts'
import {
  DKIM_SELECTOR_BYTES,
  DOMAIN_LEASE_MS,
  DOMAIN_RECHECK_INTERVAL_MS,
  DOMAIN_RECHECK_ROWS,
  DOMAIN_RETRY_INTERVAL_MS,
} from '../limits.ts'
import { describeError, type Log } from '../log.ts'
import type { Page, PageRequest } from '../model.ts'
import type { Store } from '../store.ts'
import type { World } from '../world.ts'
import { describeDomain, listWanted } from './describe-domain.ts'
import { LookupQueue } from './lookup-queue.ts'
import type { SessionRecorder } from './session-recorder.ts'

/** What the operations on domains are made of. */
export type DomainsParts = {
  store: Store
  world: World
  log: Log
  /** Of the server's own addresses. */
  domain: string
  /** The public name of this server, for MX records; lower-case A-labels. */
  mxHost: string
  domainDns: DomainDns
  arrivals: Arrivals
  sessions: Pick<SessionRecorder, 'flushSoon'>
  /** Whether others have their domains directly below this one, as below `co.uk`. */
  isPublicSuffix: (domain: string) => Promise<boolean>
  makeDkimKeyPair: () => Promise<DkimKeyPair>
}

/** The operations on domains; see PostOffice for what each promises. */
export class Domains {
  readonly #parts: DomainsParts
  readonly #closing = new AbortController()
  readonly #queue = new LookupQueue()
  /** Those under way or waiting, by the id of the domain: who asks again while DNS is asked hears the same. */
  readonly #looks = new Map<string, Promise<CheckedDomain>>()

  constructor(parts: DomainsParts) {
    this.#parts = parts
  }

  async add(agent: string, input: { domain: string }): Promise<Domain> {
    const { store, world, domain: ownDomain, isPublicSuffix, makeDkimKeyPair } = this.#parts
    const domain = await checkDomainName(input.domain, ownDomain, isPublicSuffix)
    const known = await this.#find(agent, domain)
    if (known !== null) return this.#describe(known)
    const selector = `inbox-mcp-${Buffer.from(world.randomBytes(DKIM_SELECTOR_BYTES)).toString('hex')}`
    const wanted = { id: world.newId(), domain, selector, createdAt: world.now() }
    return this.#describe(await store.createDomain(agent, { ...wanted, ...(await makeDkimKeyPair()) }))
  }

  async list(agent: string, page: PageRequest): Promise<Page<Domain>> {
    const { data, total } = await this.#parts.store.listDomains(agent, page)
    return { data: await Promise.all(data.map((each) => this.#describe(each))), total }
  }

  async get(agent: string, ref: DomainRef): Promise<Domain> {
    return this.#describe(await this.#parts.store.getDomain(agent, readDomainRef(ref)))
  }

  async verify(agent: string, ref: DomainRef): Promise<Domain> {
    const { domain, isTaken } = await this.#look(await this.#parts.store.getDomain(agent, readDomainRef(ref)))
    if (!isTaken) return this.#describe(domain)
    throw new MailError('conflict', `${domain.domain} is verified by another agent of this server, which was first.`, {
      hint: explainGivingUp(domain.domain),
    })
  }

  async delete(agent: string, ref: DomainRef): Promise<DeletedDomain> {
    // What was refused until now goes with the domain; written later it would be anybody's to read.
    await this.#parts.sessions.flushSoon()
    const deleted = await this.#parts.store.deleteDomain(agent, readDomainRef(ref))
    this.#ring(agent)
    return deleted
  }

  /** Looks up again what is due, of whatever agent. Never rejects for what DNS says. */
  async recheck(): Promise<void> {
    const { store, world } = this.#parts
    if (this.#closing.signal.aborted) return
    const now = world.now()
    const due = await store.claimDomains(now, now + DOMAIN_LEASE_MS, DOMAIN_RECHECK_ROWS)
    // One after the other: who asks by name has the rest of the queue.
    for (const domain of due) if (!this.#closing.signal.aborted) await this.#recheckOne(domain)
  }

  /** Ends the look-ups that are under way; what they would have found is looked for again later. */
  close(): void {
    this.#closing.abort()
  }

  async #recheckOne(domain: StoredDomain): Promise<void> {
    try {
      await this.#look(domain)
    } catch (error) {
      const isOver = this.#closing.signal.aborted
      const isGone = error instanceof MailError && error.code === 'domain_not_found'
      if (!isOver && !isGone) this.#parts.log.warn('domain_check_failed', { domainId: domain.id, error: describeError(error) })
    }
  }

  #look(domain: StoredDomain): Promise<CheckedDomain> {
    const known = this.#looks.get(domain.id)
    if (known !== undefined) return known
    const look = this.#queue.run(domain.agent, () => this.#ask(domain)).finally(() => this.#looks.delete(domain.id))
    this.#looks.set(domain.id, look)
    return look
  }

  async #ask(domain: StoredDomain): Promise<CheckedDomain> {
    const { store, world, mxHost, domainDns } = this.#parts
    const { signal } = this.#closing
    const secret = await store.getSecret()
    const holder = await store.findDomainHolder(domain.domain)
    const wanted = listWanted(domain, mxHost, secret)
    const answers = await domainDns.ask(askFor(wanted), signal)
    if (signal.aborted) throw new MailError('store_unavailable', 'The server is ending.')
    const findings = judgeAnswers(wanted, answers)
    // Its text is looked for where that of this agent is.
    const judge = (agent: string) => judgeAnswers(listWanted({ ...domain, agent }, mxHost, secret).slice(0, 1), answers).ownership
    const rival = holder === null || holder === domain.agent ? null : { agent: holder, finding: judge(holder) }
    const now = world.now()
    const isOpen = wanted.some(({ purpose, required }) => required && !findings[purpose].isCertain)
    const nextCheckAt = now + (isOpen ? DOMAIN_RETRY_INTERVAL_MS : DOMAIN_RECHECK_INTERVAL_MS)
    const checked = await store.recordDomainCheck(domain.agent, domain.id, { findings, holder: rival, now, nextCheckAt })
    this.#tell(checked.domain, checked.before)
    if (checked.replaced !== null) this.#tell(checked.replaced, null)
    return checked
  }

  /** `before` is null for who had it all until now. */
  #tell({ id: domainId, agent, domain, standing }: StoredDomain, before: DomainStanding | null): void {
    const { log } = this.#parts
    for (const what of ['ownership', 'sending', 'receiving'] satisfies (keyof DomainStanding)[]) {
      if (before?.[what].state === standing[what].state) continue
      if (standing[what].state === 'verified') log.info('domain_verified', { domainId, domain, what })
      else if (before !== null || standing[what].state === 'failed') log.warn('domain_lost', { domainId, domain, what })
      this.#ring(agent)
    }
  }

  /** What is remembered of addresses may be wrong by now, in every process on this store. */
  #ring(agent: string): void {
    this.#parts.arrivals.ring(inboxesOf(agent), 'change')
  }

  async #find(agent: string, domain: string): Promise<StoredDomain | null> {
    try {
      return await this.#parts.store.getDomain(agent, domain)
    } catch (error) {
      if (error instanceof MailError && error.code === 'domain_not_found') return null
      throw error
    }
  }

  async #describe(domain: StoredDomain): Promise<Domain> {
    const { store, mxHost } = this.#parts
    return describeDomain(domain, mxHost, await store.getSecret())
  }
}
