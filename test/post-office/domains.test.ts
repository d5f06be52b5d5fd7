/** Domains on a real store, with DNS that a test writes and a clock that it moves. */

import { once } from 'node:events'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { DnsAnswer, DnsQuestion, DomainDns } from '../../src/domain-dns.ts'
import type { Domain } from '../../src/domains.ts'
import { MAX_DOMAIN_LOOKUPS, MAX_WAITING_DOMAIN_LOOKUPS_PER_AGENT } from '../../src/limits.ts'
import { describeDomain } from '../../src/post-office/describe-domain.ts'
import { outgoing } from '../sql/support.ts'
import { AGENT, draft } from '../support/app.ts'
import { openOffice, type TestOffice } from './office.ts'

const OTHER_AGENT = 'bob'
const DAY_MS = 86_400_000
const PAGE = { limit: 20, offset: 0 }

/** What is published; asked of it. */
class TestDns implements DomainDns {
  records: Pick<Domain['dnsRecords'][number], 'type' | 'name' | 'value'>[] = []
  isDown = false
  /** Called with each look, which then waits for its abort. */
  onSilence: (() => void) | null = null
  /** Each look waits for it. */
  gate: Promise<void> | null = null
  questions: DnsQuestion[] = []

  async ask(questions: readonly DnsQuestion[], signal: AbortSignal): Promise<DnsAnswer[][]> {
    this.questions.push(...questions)
    await this.gate
    if (this.onSilence !== null) {
      const over = once(signal, 'abort')
      this.onSilence()
      await over
      return [questions.map(() => ({ kind: 'failed' }))]
    }
    return [questions.map((question) => this.#answer(question))]
  }

  #answer({ name, type }: DnsQuestion): DnsAnswer {
    if (this.isDown) return { kind: 'failed' }
    const found = this.records.filter((record) => record.name === name && record.type === type)
    if (found.length === 0) return { kind: 'absent' }
    const records = found.map(({ value }) => (type === 'MX' ? { exchange: value, priority: 10 } : { text: value }))
    return { kind: 'records', records }
  }
}

const dns = new TestDns()
/** One for all tests, emptied after each: opening one costs more than most tests do. */
let office: TestOffice
beforeAll(async () => {
  office = await openOffice({ parts: { domainDns: dns } })
  office.office.start()
})
afterEach(async () => {
  Object.assign(dns, { records: [], isDown: false, onSilence: null, gate: null, questions: [] })
  office.complaints.length = 0
  for (const agent of [AGENT, OTHER_AGENT]) {
    const inboxes = await office.post.listInboxes(agent, PAGE)
    await Promise.all(inboxes.data.map(({ id }) => office.post.deleteInbox(agent, id)))
    const domains = await office.post.listDomains(agent, PAGE)
    await Promise.all(domains.data.map(({ id }) => office.post.deleteDomain(agent, id)))
  }
})
afterAll(() => office.close())

async function addVerified(domain: string, agent = AGENT): Promise<Domain> {
  const added = await office.post.addDomain(agent, { domain })
  dns.records.push(...added.dnsRecords)
  return await office.post.verifyDomain(agent, added.id)
}

/** So many days pass, in which housekeeping does its rounds. */
async function passDays(days: number, stepsADay = 2): Promise<void> {
  for (let step = 0; step < days * stepsADay; step += 1) {
    office.world.advance(DAY_MS / stepsADay)
    await office.office.idle()
  }
}

describe('a domain', () => {
  test('is added with everything to publish, in AgentSend’s fields', async () => {
    const added = await office.post.addDomain(AGENT, { domain: 'Example.ORG' })
    expect(added).toMatchObject({
      domain: 'example.org',
      sendingStatus: 'pending',
      receivingStatus: 'pending',
      verificationStatus: 'pending',
      sendingVerifiedAt: null,
      receivingVerifiedAt: null,
      checkedAt: null,
    })
    expect(added.receivingDnsRecords).toMatchObject([
      { type: 'MX', name: 'example.org', value: 'mx.inbox.example', priority: 10 },
    ])
    expect(added.sendingDnsRecords.map(({ purpose }) => purpose)).toEqual(['ownership', 'dkim', 'spf', 'dmarc'])
    expect(added.dnsRecords).toHaveLength(5)
    expect(added.zone.split('\n')).toHaveLength(6)
    expect(dns.questions).toEqual([])
  })

  test('added again is the same one, with the same key', async () => {
    const added = await office.post.addDomain(AGENT, { domain: 'example.org' })
    expect(await office.post.addDomain(AGENT, { domain: 'EXAMPLE.org' })).toEqual(added)
  })

  test('added anew after it was deleted has another key, and the same token', async () => {
    const [first, second] = [await office.post.addDomain(AGENT, { domain: 'example.org' }), null]
    await office.post.deleteDomain(AGENT, first.id)
    const again = second ?? (await office.post.addDomain(AGENT, { domain: 'example.org' }))
    const nameOf = (domain: Domain, purpose: string) => domain.dnsRecords.find((record) => record.purpose === purpose)
    expect(nameOf(again, 'dkim')?.name).not.toBe(nameOf(first, 'dkim')?.name)
    expect(nameOf(again, 'ownership')).toEqual(nameOf(first, 'ownership'))
  })

  test('is verified by what DNS says, each side by its own records', async () => {
    const { id, dnsRecords } = await office.post.addDomain(AGENT, { domain: 'example.org' })
    const publish = (...purposes: string[]) => dns.records.push(...dnsRecords.filter(({ purpose }) => purposes.includes(purpose)))
    const verify = async () => {
      const { sendingStatus, receivingStatus } = await office.post.verifyDomain(AGENT, id)
      return [sendingStatus, receivingStatus]
    }
    expect(await verify()).toEqual(['pending', 'pending'])
    publish('mx', 'dkim')
    expect(await verify()).toEqual(['pending', 'pending'])
    dns.records = []
    publish('ownership')
    expect(await verify()).toEqual(['pending_dkim', 'pending'])
    publish('dkim')
    expect(await verify()).toEqual(['verified', 'pending'])
    publish('mx')
    expect(await verify()).toEqual(['verified', 'verified'])
  })

  test('has for each agent a token of its own: that of another proves nothing', async () => {
    const [ada, bob] = await Promise.all(
      [AGENT, OTHER_AGENT].map((agent) => office.post.addDomain(agent, { domain: 'example.org' })),
    )
    const tokens = [ada, bob].map((domain) => domain?.dnsRecords.find(({ purpose }) => purpose === 'ownership')?.value)
    expect(tokens[0]).not.toBe(tokens[1])
    dns.records.push(...(ada?.dnsRecords ?? []))
    const { sendingStatus, dnsRecords } = await office.post.verifyDomain(OTHER_AGENT, 'example.org')
    expect([sendingStatus, dnsRecords[0]?.status]).toEqual(['pending', 'wrong'])
  })

  test('whose DNS names two agents is of the first that asks, and of the other never', async () => {
    const claims = await Promise.all([AGENT, OTHER_AGENT].map((agent) => office.post.addDomain(agent, { domain: 'example.org' })))
    dns.records.push(...claims.flatMap(({ dnsRecords }) => dnsRecords.filter(({ purpose }) => purpose !== 'mx')))
    dns.records.push(...(claims[0]?.receivingDnsRecords ?? []))
    const looks = await Promise.allSettled([AGENT, OTHER_AGENT].map((agent) => office.post.verifyDomain(agent, 'example.org')))
    expect(looks.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    expect(looks.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'conflict' } })
  })

  test('is in no list of another agent, nor found by its id', async () => {
    const { id } = await addVerified('example.org')
    expect(await office.post.listDomains(OTHER_AGENT, PAGE)).toEqual({ data: [], total: 0 })
    for (const attempt of [
      office.post.getDomain(OTHER_AGENT, id),
      office.post.verifyDomain(OTHER_AGENT, 'example.org'),
      office.post.deleteDomain(OTHER_AGENT, id),
      office.post.createInbox(OTHER_AGENT, { domainId: id }),
    ]) {
      await expect(attempt).rejects.toMatchObject({ code: 'domain_not_found', message: 'There is no such domain.' })
    }
  })

  test('shows its private key nowhere, nor logs it', async () => {
    const { id } = await addVerified('example.org')
    const { id: inbox } = await office.post.createInbox(AGENT, { domainId: id, localPart: 'ada' })
    const told = [
      await office.post.getDomain(AGENT, id),
      await office.post.getInbox(AGENT, inbox),
      await office.post.listDomains(AGENT, PAGE),
    ]
    expect(JSON.stringify(told) + office.complaints.join()).not.toMatch(/private/)
  })

  test('is found by its name in whatever letters', async () => {
    const { id } = await addVerified('Bücher.example')
    for (const ref of [id, id.toUpperCase(), 'bücher.example', ' XN--Bcher-kva.example ']) {
      expect(await office.post.getDomain(AGENT, ref)).toMatchObject({ id, domain: 'xn--bcher-kva.example' })
    }
    expect(await office.post.createInbox(AGENT, { domainId: 'bücher.example' })).toMatchObject({ domainId: id })
  })

  test('tells whoever cannot be found by others which setting is missing', async () => {
    const { id } = await office.post.addDomain(AGENT, { domain: 'example.org' })
    const stored = await office.store.getDomain(AGENT, id)
    const noteOf = (mxHost: string) => describeDomain(stored, mxHost, Buffer.from('secret')).receivingDnsRecords[0]?.note
    expect(noteOf('agents.localhost')).toMatch(/--mx-host/)
    expect(noteOf('mx.example.net')).toBeNull()
  })
})

describe('an inbox on a domain', () => {
  test('has its address there, generated or chosen, and is told apart by it', async () => {
    const { id } = await addVerified('example.org')
    expect(await office.post.createInbox(AGENT, { domainId: id, localPart: 'ada' })).toMatchObject({
      address: 'ada@example.org',
      domainId: id,
    })
    expect((await office.post.createInbox(AGENT, { domainId: 'Example.org' })).address).toMatch(
      /^[a-z]+-[a-z]+-\d\d@example\.org$/,
    )
    expect(await office.post.createInbox(AGENT, { localPart: 'ada' })).toMatchObject({
      address: 'ada@agents.localhost',
      domainId: null,
    })
  })

  test('of one idempotency key is on the domain that was asked for', async () => {
    const { id } = await addVerified('example.org')
    const make = (domainId?: string) => office.post.createInbox(AGENT, { domainId, idempotencyKey: 'k' })
    expect((await make(id)).id).toBe((await make('example.org')).id)
    await expect(make()).rejects.toMatchObject({ code: 'conflict' })
  })

  test('receives under its whole address; postmaster there is an inbox like any other', async () => {
    const { id } = await addVerified('example.org')
    await office.post.createInbox(AGENT, { domainId: id, localPart: 'ada' })
    const accepts = async (address: string) => (await office.office.receiver.accepts(address)).accepted
    expect(await accepts('Ada+tag@Example.org')).toBe(true)
    expect(await accepts('ada@agents.localhost')).toBe(false)
    expect(await accepts('postmaster@example.org')).toBe(false)
    await office.post.createInbox(AGENT, { domainId: id, localPart: 'postmaster' })
    expect(await accepts('postmaster@example.org')).toBe(true)
    expect(await accepts('postmaster@agents.localhost')).toBe(false)
  })

  test('neither receives nor sends once the domain is surely somebody else’s, and keeps its mail', async () => {
    const { id } = await addVerified('example.org')
    const inbox = await office.post.createInbox(AGENT, { domainId: id, localPart: 'ada' })
    await office.arrive('ada@example.org', 'Subject: before\r\n\r\nHello\r\n')
    dns.records = dns.records.filter(({ name }) => !name.startsWith('_inbox-mcp'))
    await passDays(4)
    expect(await office.post.getDomain(AGENT, id)).toMatchObject({ sendingStatus: 'failed', receivingStatus: 'failed' })
    expect(await office.office.receiver.accepts('ada@example.org')).toEqual({ accepted: false, reason: 'unknown' })
    await expect(office.post.sendMessage(AGENT, inbox.id, draft())).rejects.toMatchObject({ code: 'domain_not_verified' })
    await expect(office.post.createInbox(AGENT, { domainId: id })).rejects.toMatchObject({ code: 'domain_not_verified' })
    const { advice } = await office.post.explainDelivery(AGENT, { inbox: 'ada@example.org' })
    expect(advice).toMatch(/^DNS no longer says that example\.org is yours.*verify_domain/)
    expect(await office.post.listMessages(AGENT, inbox.id, { after: null, page: PAGE })).toMatchObject({ total: 1 })
    expect(office.complaints.map((line) => JSON.parse(line))).toMatchObject(
      ['ownership', 'sending', 'receiving'].map((what) => ({ event: 'domain_lost', domain: 'example.org', what })),
    )
  })
})

describe('a domain that changes hands', () => {
  test('is the next agent’s with the first look after its text replaced the other, and mail with it', async () => {
    const { id } = await addVerified('example.org')
    const former = await office.post.createInbox(AGENT, { domainId: id, localPart: 'ada' })
    // The listener remembers whom it found.
    expect((await office.office.receiver.accepts('ada@example.org')).accepted).toBe(true)
    dns.records = []
    expect(await addVerified('example.org', OTHER_AGENT)).toMatchObject({
      sendingStatus: 'verified',
      receivingStatus: 'verified',
    })
    expect((await office.office.receiver.accepts('ada@example.org')).accepted).toBe(false)
    const next = await office.post.createInbox(OTHER_AGENT, { domainId: 'example.org', localPart: 'ada' })
    await office.arrive('ada@example.org', 'Subject: after\r\n\r\nHello\r\n')
    const list = (agent: string, id: string) => office.post.listMessages(agent, id, { after: null, page: PAGE })
    expect(await list(OTHER_AGENT, next.id)).toMatchObject({ total: 1 })
    expect(await list(AGENT, former.id)).toMatchObject({ total: 0 })
    expect(await office.post.getDomain(AGENT, id)).toMatchObject({ sendingStatus: 'failed', receivingStatus: 'failed' })
    await expect(office.post.sendMessage(AGENT, former.id, draft())).rejects.toMatchObject({ code: 'domain_not_verified' })
    expect((await office.post.explainDelivery(AGENT, { inbox: former.id })).advice).toMatch(
      /^DNS no longer says that example\.org is yours/,
    )
    expect(office.complaints.map((line) => JSON.parse(line))).toMatchObject(
      ['ownership', 'sending', 'receiving'].map((what) => ({ event: 'domain_lost', domainId: id, what })),
    )
  })

  test('stays with the first while both texts stand there, and says how the second gets it', async () => {
    const { id } = await addVerified('example.org')
    await expect(addVerified('example.org', OTHER_AGENT)).rejects.toMatchObject({
      code: 'conflict',
      hint: expect.stringMatching(/_inbox-mcp record alone.*inbox-mcp domains release example\.org/),
    })
    expect(await office.post.getDomain(AGENT, id)).toMatchObject({ sendingStatus: 'verified' })
  })

  test('looks to who adds it like any other, whoever has it', async () => {
    await addVerified('example.org')
    const [had, free] = [
      await office.post.addDomain(OTHER_AGENT, { domain: 'example.org' }),
      await office.post.addDomain(OTHER_AGENT, { domain: 'example.net' }),
    ]
    const shape = ({ id: _id, selector: _selector, ...rest }: Domain & { selector?: string }) =>
      JSON.stringify(rest, (key, value) => (key === 'value' || key === 'zone' || key === 'name' ? null : value)).replaceAll(
        /example\.(?:org|net)/g,
        'X',
      )
    expect(shape(had)).toBe(shape(free))
  })
})

describe('many looks at once', () => {
  /** Domains of an agent, without the cost of keys. */
  const addMany = (agent: string, count: number) =>
    Promise.all(
      Array.from({ length: count }, (_, index) =>
        office.store.createDomain(agent, {
          id: office.world.newId(),
          domain: `d${index}.example`,
          selector: 's',
          publicKey: 'cHVi',
          privateKeyPem: '',
          createdAt: office.world.now(),
        }),
      ),
    )

  test('wait up to a bound; one more is refused with when to come again, and keeps no other agent out', async () => {
    const open = Promise.withResolvers<void>()
    dns.gate = open.promise
    const most = MAX_DOMAIN_LOOKUPS + MAX_WAITING_DOMAIN_LOOKUPS_PER_AGENT
    const domains = await addMany(AGENT, most + 1)
    const [others] = await addMany(OTHER_AGENT, 1)
    const verify = (domain: { agent: string; id: string } | undefined) =>
      office.post.verifyDomain(domain?.agent ?? '', domain?.id ?? '')
    const asked = domains.map((domain) =>
      verify(domain).then(
        () => 'well',
        (error: unknown) => error,
      ),
    )
    const refused = await Promise.race(asked)
    expect(refused).toMatchObject({ code: 'busy', retryable: true, facts: { retryAfterSeconds: 16 } })
    const other = verify(others)
    open.resolve()
    expect((await Promise.all(asked)).filter((answer) => answer === 'well')).toHaveLength(most)
    expect(await other).toMatchObject({ receivingStatus: 'pending' })
  })

  test('at one domain are one', async () => {
    const [domain] = await addMany(AGENT, 1)
    const open = Promise.withResolvers<void>()
    dns.gate = open.promise
    const asked = Array.from({ length: 50 }, () => office.post.verifyDomain(AGENT, domain?.id ?? ''))
    await expect.poll(() => dns.questions.length).toBeGreaterThan(0)
    open.resolve()
    await Promise.all(asked)
    expect(dns.questions.filter(({ type }) => type === 'MX')).toHaveLength(1)
  })
})

describe('what was refused in a domain', () => {
  test('is told to nobody once its agent has deleted it, not even what was not written down yet', async () => {
    const { id } = await addVerified('example.org')
    const client = { remoteAddress: '192.0.2.7', helo: 'x', mailFrom: 'shop@example.net', sizeBytes: null }
    office.office.receiver.refused({ address: 'bob@example.org', reason: 'unknown', ...client })
    await office.post.deleteDomain(AGENT, id)
    for (const agent of [AGENT, OTHER_AGENT])
      expect((await office.post.explainDelivery(agent, { inbox: 'bob@example.org' })).sessions).toEqual([])
  })
})

describe('a message of an own domain', () => {
  test('that is held because the domain was lost says so', async () => {
    const { id } = await addVerified('example.org')
    const { id: inbox } = await office.post.createInbox(AGENT, { domainId: id, localPart: 'ada' })
    const { message } = await office.store.queueMessage(AGENT, inbox, outgoing({ to: ['bob@example.net'] }))
    await office.store.releaseDomain('example.org')
    const explain = async () => (await office.post.explainDelivery(AGENT, { inbox, messageId: message.id })).advice
    expect(await explain()).toMatch(/^Your message is held back\. DNS no longer says that example\.org is yours.*verify_domain/)
    await office.post.verifyDomain(AGENT, id)
    expect(await explain()).toMatch(/^Your message is still on its way/)
  })

  test('to an inbox here goes where DNS leads mail of that domain', async () => {
    const { id } = await addVerified('example.org')
    const inbox = await office.post.createInbox(AGENT, { domainId: id, localPart: 'ada' })
    const { id: sender } = await office.post.createInbox(OTHER_AGENT, {})
    const send = () => office.post.sendMessage(OTHER_AGENT, sender, draft({ to: ['ada@example.org'] }))
    expect((await send()).message.delivery).toBe('local')
    dns.records = dns.records.filter(({ type }) => type !== 'MX')
    await passDays(4)
    expect(await office.post.getDomain(AGENT, id)).toMatchObject({ receivingStatus: 'failed' })
    expect((await send()).message.delivery).toBe('email')
    // What comes all the same is taken.
    expect((await office.office.receiver.accepts(inbox.address)).accepted).toBe(true)
  })
})

describe('why there is no mail', () => {
  const advise = async (inbox: string) => (await office.post.explainDelivery(AGENT, { inbox })).advice

  test('is told of a domain whose mail goes elsewhere by now', async () => {
    const { id } = await addVerified('example.org')
    await office.post.createInbox(AGENT, { domainId: id, localPart: 'ada' })
    expect(await advise('ada@example.org')).toMatch(/^Nobody has tried/)
    dns.records = dns.records.filter(({ type }) => type !== 'MX')
    await passDays(4)
    expect(await advise('ada@example.org')).toMatch(/^DNS no longer leads mail for example\.org to this server/)
  })

  test('is told of an address on the agent’s own domain that is no inbox', async () => {
    await addVerified('example.org')
    expect(await advise('bob@example.org')).toMatch(/create_inbox with domainId example\.org and localPart bob/)
    expect(await advise('bob@example.net')).toMatch(/those made here end in @agents\.localhost/)
  })
})

describe('housekeeping', () => {
  test('looks each domain up once a day, and finds what was published meanwhile', async () => {
    const added = await office.post.addDomain(AGENT, { domain: 'example.org' })
    await passDays(1)
    dns.records.push(...added.dnsRecords)
    dns.questions = []
    await passDays(2)
    expect(await office.post.getDomain(AGENT, added.id)).toMatchObject({ sendingStatus: 'verified', receivingStatus: 'verified' })
    expect(dns.questions.filter(({ type }) => type === 'MX')).toHaveLength(2)
  })

  test('takes nothing from a domain whose DNS is silent, for however long, and asks more often then', async () => {
    const { id } = await addVerified('example.org')
    dns.isDown = true
    dns.questions = []
    await passDays(5)
    expect(await office.post.getDomain(AGENT, id)).toMatchObject({ sendingStatus: 'verified', receivingStatus: 'verified' })
    expect(dns.questions.filter(({ type }) => type === 'MX').length).toBeGreaterThan(8)
    expect(office.complaints).toEqual([])
  })
})

describe('two processes', () => {
  let second: TestOffice
  beforeAll(async () => {
    second = await openOffice({ dataDir: office.dataDir, world: office.world, parts: { domainDns: dns } })
    second.office.start()
  })
  // Again where a test has closed it: harmless.
  afterAll(() => second.close())

  test('look a domain up in one of them', async () => {
    await addVerified('example.org')
    dns.questions = []
    for (const stepMs of [DAY_MS, DAY_MS / 24]) {
      office.world.advance(stepMs)
      await Promise.all([office.office.idle(), second.office.idle()])
    }
    expect(dns.questions.filter(({ type }) => type === 'MX')).toHaveLength(1)
  })

  test('give each domain to one agent, when the tokens of two stand in DNS and both ask at once', async () => {
    const names = Array.from({ length: 8 }, (_, index) => `race-${index}.example`)
    const claims = [AGENT, OTHER_AGENT].flatMap((agent) => names.map((domain) => ({ agent, domain })))
    const added = await Promise.all(claims.map(({ agent, domain }) => office.post.addDomain(agent, { domain })))
    dns.records.push(...added.flatMap(({ dnsRecords }) => dnsRecords.filter(({ type }) => type === 'TXT')))
    const looks = await Promise.allSettled(
      claims.map(({ agent, domain }) => (agent === AGENT ? office : second).post.verifyDomain(agent, domain)),
    )
    for (const [index] of names.entries()) {
      const both = [looks[index]?.status, looks[index + names.length]?.status]
      expect(both.toSorted()).toEqual(['fulfilled', 'rejected'])
    }
  })

  test('end at once, however silent DNS is, and take nothing from a domain by it', async () => {
    await addVerified('example.org')
    const asked = Promise.withResolvers<void>()
    dns.onSilence = asked.resolve
    const outcome = expect(second.post.verifyDomain(AGENT, 'example.org')).rejects.toMatchObject({ code: 'store_unavailable' })
    await asked.promise
    await second.close()
    await outcome
    expect(await office.post.getDomain(AGENT, 'example.org')).toMatchObject({ sendingStatus: 'verified' })
  })
})
