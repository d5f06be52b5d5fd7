/** Domains of the post office in memory: agents are apart, and DNS says what a test makes it say. */

import type { DnsAnswer, DnsQuestion } from '../../src/domain-dns.ts'
import { judgeAnswers } from '../../src/domain-findings.ts'
import { checkDomainName, domainNotFound } from '../../src/domain-names.ts'
import type { DomainOperations } from '../../src/domain-operations.ts'
import { advanceDomain, NEW_STANDING } from '../../src/domain-standing.ts'
import type { StoredDomain } from '../../src/domain-store.ts'
import type { DeletedDomain, Domain } from '../../src/domains.ts'
import { MailError } from '../../src/errors.ts'
import type { Page, PageRequest } from '../../src/model.ts'
import { describeDomain, listWanted } from '../../src/post-office/describe-domain.ts'
import { MemoryInboxes } from './mcp-inboxes.ts'
import { cut } from './mcp-mail.ts'

const SECRET = Buffer.from('secret')
const MX_HOST = 'mx.inbox.example'

export class MemoryDomains extends MemoryInboxes implements DomainOperations {
  /** What DNS answers. */
  dns: (question: DnsQuestion) => DnsAnswer = () => ({ kind: 'absent' })
  readonly #domains: StoredDomain[] = []

  async addDomain(agent: string, input: { domain: string }): Promise<Domain> {
    this.change()
    const domain = await checkDomainName(input.domain, 'agents.localhost', async (name) => name === 'co.uk')
    const known = this.#domains.find((each) => each.agent === agent && each.domain === domain)
    if (known !== undefined) return describeDomain(known, MX_HOST, SECRET)
    const times = { createdAt: this.world.now(), checkedAt: null }
    const keys = { selector: 'inbox-mcp-0a0b0c0d', publicKey: 'MIIB'.repeat(98) }
    const made = { id: this.world.newId(), agent, domain, ...keys, standing: NEW_STANDING, findings: null, ...times }
    this.#domains.push(made)
    return describeDomain(made, MX_HOST, SECRET)
  }

  async listDomains(agent: string, page: PageRequest): Promise<Page<Domain>> {
    this.fail()
    const own = this.#domains.filter((each) => each.agent === agent).map((each) => describeDomain(each, MX_HOST, SECRET))
    return cut(own.reverse(), page)
  }

  async getDomain(agent: string, ref: string): Promise<Domain> {
    this.fail()
    return describeDomain(this.#findDomain(agent, ref), MX_HOST, SECRET)
  }

  async verifyDomain(agent: string, ref: string): Promise<Domain> {
    this.change()
    const found = this.#findDomain(agent, ref)
    const wanted = listWanted(found, MX_HOST, SECRET)
    const now = this.world.now()
    const findings = judgeAnswers(wanted, [wanted.map(this.dns)])
    Object.assign(found, { findings, checkedAt: now, standing: advanceDomain(found.standing, findings, false, now) })
    return describeDomain(found, MX_HOST, SECRET)
  }

  async deleteDomain(agent: string, ref: string): Promise<DeletedDomain> {
    this.change()
    const found = this.#findDomain(agent, ref)
    const { data } = await this.listInboxes(agent, { limit: 100, offset: 0 })
    if (data.some(({ domainId }) => domainId === found.id)) throw new MailError('conflict', `Inboxes are on ${found.domain}.`)
    this.#domains.splice(this.#domains.indexOf(found), 1)
    return { id: found.id, domain: found.domain }
  }

  protected override domainOf(agent: string, domainId: string | undefined): { name: string; id: string | null } {
    if (domainId === undefined) return super.domainOf(agent, domainId)
    const { id, domain, standing } = this.#findDomain(agent, domainId)
    if (standing.receiving.state === 'verified') return { id, name: domain }
    throw new MailError('domain_not_verified', `${domain} is not verified.`)
  }

  #findDomain(agent: string, ref: string): StoredDomain {
    const found = this.#domains.find((each) => each.agent === agent && (each.id === ref || each.domain === ref))
    if (found === undefined) throw domainNotFound()
    return found
  }
}
