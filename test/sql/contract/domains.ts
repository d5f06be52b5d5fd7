/** What a store promises about domains. */

import { describe, expect, it } from 'vitest'
import type { Finding } from '../../../src/domain-findings.ts'
import { MAX_DOMAINS_PER_AGENT } from '../../../src/limits.ts'
import type { Store } from '../../../src/store.ts'
import { makeFindings } from '../../support/domain-findings.ts'
import { DAY_MS, makeDomain, newDomain } from '../domain-support.ts'
import {
  AGENT,
  claim,
  FIRST_PAGE,
  incoming,
  makeInbox,
  NOW,
  newId,
  newInbox,
  OTHER_AGENT,
  queue,
  recipientOf,
} from '../support.ts'

const LOST = makeFindings({ ownership: 'missing' })

export function describeDomains(open: () => Store): void {
  const look = (agent: string, id: string, findings = makeFindings(), now = NOW) =>
    open().recordDomainCheck(agent, id, { findings, now, nextCheckAt: now + DAY_MS })
  /** Three days on which DNS says that the domain is not the agent's. */
  const lose = async (agent: string, id: string) => {
    for (const day of [1, 2, 3]) await look(agent, id, LOST, NOW + day * DAY_MS)
  }
  /** Somebody writes to an address and is turned away. */
  const refuse = (address: string) => {
    const times = { count: 1, firstAt: NOW, lastAt: NOW }
    const client = { remoteAddress: '192.0.2.7', client: '192.0.2.7', helo: '', mailFrom: 'shop@example.net', sizeBytes: null }
    return open().recordSessions([{ id: newId(), address, inboxAddress: address, reason: 'unknown', ...client, ...times }], NOW)
  }
  /** The addresses of which an agent is told that mail was turned away, when it asks for one. */
  const hear = async (agent: string, address: string) => {
    const { sessions, lookalikes } = await open().listSessions(agent, { address, since: 0, limit: 9, lookalikes: 9 })
    return [...sessions, ...lookalikes].map((session) => session.address)
  }

  describe('keeps a domain', () => {
    it('as it was made, not verified, and finds it by id and by name', async () => {
      const wanted = newDomain()
      const made = await open().createDomain(AGENT, wanted)
      const { privateKeyPem: _key, ...shown } = wanted
      expect(made).toMatchObject({ ...shown, agent: AGENT, findings: null, checkedAt: null })
      for (const ref of [made.id, made.domain, made.domain.toUpperCase()])
        expect(await open().getDomain(AGENT, ref)).toEqual(made)
      expect(await open().listDomains(AGENT, FIRST_PAGE)).toMatchObject({ total: 1, data: [made] })
    })

    it('once a name: again, it answers the one that is there, with its key', async () => {
      const made = await makeDomain(open())
      expect(await open().createDomain(AGENT, newDomain({ domain: made.domain }))).toEqual(made)
      expect(await open().getDkimKey(AGENT, made.id)).toMatchObject({ privateKeyPem: `private ${made.id}` })
    })

    it('up to as many as an agent may have', async () => {
      await Promise.all(Array.from({ length: MAX_DOMAINS_PER_AGENT }, () => open().createDomain(AGENT, newDomain())))
      await expect(open().createDomain(AGENT, newDomain())).rejects.toMatchObject({ code: 'conflict' })
      await open().createDomain(OTHER_AGENT, newDomain())
    })

    it('and answers its private key in no other way than for signing', async () => {
      const { id, domain } = await makeDomain(open())
      const told = [
        await open().createDomain(AGENT, newDomain({ domain })),
        await open().getDomain(AGENT, id),
        await open().listDomains(AGENT, FIRST_PAGE),
        await look(AGENT, id),
        await open().claimDomains(NOW + 2 * DAY_MS, NOW + 3 * DAY_MS, 9),
        await open().deleteDomain(AGENT, id),
      ]
      expect(JSON.stringify(told)).toContain(domain)
      expect(JSON.stringify(told)).not.toContain('private')
    })
  })

  describe('gives a domain to one agent', () => {
    it('the first whose DNS says so, when both ask at the same moment', async () => {
      const agents = [AGENT, OTHER_AGENT]
      const claims = await Promise.all(agents.map((agent) => open().createDomain(agent, newDomain({ domain: 'both.example' }))))
      const looks = await Promise.all(claims.map(({ agent, id }) => look(agent, id)))
      expect(looks.map(({ isTaken }) => isTaken)).toEqual([false, true])
      expect(looks.map(({ domain }) => domain.standing.ownership.state)).toEqual(['verified', 'pending'])
      expect(looks.map(({ domain }) => domain.standing.receiving.state)).toEqual(['verified', 'pending'])
    })

    it('and tells another, who claims it beside, nothing of that', async () => {
      const { domain } = await makeDomain(open())
      const [had, free] = [newDomain({ domain }), newDomain()]
      const shapes = await Promise.all(
        [had, free].map(async (wish) => ({ wish, made: await open().createDomain(OTHER_AGENT, wish) })),
      )
      for (const { wish, made } of shapes) {
        const { privateKeyPem: _key, ...shown } = wish
        expect(made).toEqual({
          ...shown,
          agent: OTHER_AGENT,
          standing: shapes[1]?.made.standing,
          findings: null,
          checkedAt: null,
        })
      }
      expect((await look(OTHER_AGENT, had.id)).isTaken).toBe(true)
    })

    it('and to the next once it is lost, or deleted', async () => {
      const { id, domain } = await makeDomain(open())
      await lose(AGENT, id)
      const second = await makeDomain(open(), { domain }, { agent: OTHER_AGENT })
      expect(second.standing.ownership.state).toBe('verified')
      expect(await look(AGENT, id)).toMatchObject({ isTaken: true, domain: { standing: { ownership: { state: 'failed' } } } })
      await open().deleteDomain(OTHER_AGENT, domain)
      expect(await look(AGENT, id)).toMatchObject({ isTaken: false, domain: { standing: { ownership: { state: 'verified' } } } })
    })
  })

  describe('lets inboxes stand on a domain', () => {
    it('of their agent alone, that receives', async () => {
      const { id: domainId, domain } = await makeDomain(open(), {}, { findings: makeFindings({ mx: 'missing' }) })
      const address = `ada@${domain}`
      await expect(makeInbox(open(), { domainId, address })).rejects.toMatchObject({ code: 'domain_not_verified' })
      await look(AGENT, domainId)
      expect(await makeInbox(open(), { domainId, address })).toMatchObject({ domainId })
      await expect(makeInbox(open(), { domainId, address }, OTHER_AGENT)).rejects.toMatchObject({ code: 'domain_not_found' })
      await expect(makeInbox(open(), { domainId: newInbox().id })).rejects.toMatchObject({ code: 'domain_not_found' })
    })

    it('which cannot be deleted under them', async () => {
      const { id: domainId, domain } = await makeDomain(open())
      const inbox = await makeInbox(open(), { domainId, address: `ada@${domain}` })
      await expect(open().deleteDomain(AGENT, domain)).rejects.toMatchObject({ code: 'conflict', facts: { inboxes: 1 } })
      await open().deleteInbox(AGENT, inbox.id)
      expect(await open().deleteDomain(AGENT, domain)).toEqual({ id: domainId, domain })
      await expect(open().getDomain(AGENT, domainId)).rejects.toMatchObject({ code: 'domain_not_found' })
    })

    it('which receive when its MX has gone, and not when it is somebody else’s', async () => {
      const { id: domainId, domain } = await makeDomain(open())
      const { address, id: inboxId } = await makeInbox(open(), { domainId, address: `ada@${domain}` })
      for (const day of [1, 2, 3]) await look(AGENT, domainId, makeFindings({ mx: 'wrong' }), NOW + day * DAY_MS)
      expect((await open().getDomain(AGENT, domainId)).standing.receiving.state).toBe('failed')
      expect(await open().findRecipient(address)).toMatchObject({ inboxId })
      await lose(AGENT, domainId)
      expect(await open().findRecipient(address)).toBeNull()
    })
  })

  describe('once it is lost, takes from its agent', () => {
    it('the mail that waits in the outbox, until it is the agent’s again', async () => {
      const { id: domainId, domain } = await makeDomain(open())
      const inbox = await makeInbox(open(), { domainId, address: `ada@${domain}` })
      await queue(open(), inbox)
      await lose(AGENT, domainId)
      expect(await open().nextDeliveryAt()).toBeNull()
      expect(await claim(open())).toEqual([])
      await look(AGENT, domainId)
      expect(await open().nextDeliveryAt()).toBe(NOW)
      expect(await claim(open())).toMatchObject([{ inboxId: inbox.id, address: inbox.address }])
    })

    it('word of who writes to addresses in it, as soon as another agent has it', async () => {
      const { id: domainId, domain } = await makeDomain(open())
      const { address } = await makeInbox(open(), { domainId, address: `support-team@${domain}` })
      await lose(AGENT, domainId)
      await refuse(address)
      await makeDomain(open(), { domain }, { agent: OTHER_AGENT })
      expect(await hear(AGENT, address)).toEqual([])
      expect(await hear(OTHER_AGENT, address)).toEqual([address])
    })
  })

  describe('that changes hands', () => {
    /** A look of the second agent, which finds its text, and what it finds of that of the first. */
    const replace = (id: string, theirs: Partial<Finding>, agent = AGENT) => {
      const finding: Finding = { status: 'missing', found: [], note: null, isCertain: true, ...theirs }
      return open().recordDomainCheck(OTHER_AGENT, id, {
        findings: makeFindings(),
        holder: { agent, finding },
        now: NOW,
        nextCheckAt: NOW + DAY_MS,
      })
    }
    const claimBoth = async () => {
      const second = await open().createDomain(OTHER_AGENT, newDomain())
      const { domain } = second
      const first = await makeDomain(open(), { domain })
      return { first, second, domain, address: `ada@${domain}` }
    }

    it('is at once the agent’s whose text stands in the place of the former’s, and its addresses with it', async () => {
      const { first, second, address } = await claimBoth()
      const former = await makeInbox(open(), { domainId: first.id, address })
      await queue(open(), former)
      expect(await replace(second.id, {})).toMatchObject({
        isTaken: false,
        replaced: { agent: AGENT, standing: { ownership: { state: 'failed' }, receiving: { state: 'failed' } } },
        domain: { agent: OTHER_AGENT, standing: { ownership: { state: 'verified' } } },
      })
      expect(await open().findRecipient(address)).toBeNull()
      const next = await makeInbox(open(), { domainId: second.id, address }, OTHER_AGENT)
      expect(await open().findRecipient(address)).toEqual({ inboxId: next.id, status: 'active' })
      expect((await open().getInbox(OTHER_AGENT, address, NOW)).inbox.id).toBe(next.id)
      // The former agent keeps what it had, finds it by its address, and does nothing with it.
      expect((await open().getInbox(AGENT, address, NOW)).inbox.id).toBe(former.id)
      expect(await claim(open())).toEqual([])
      await expect(queue(open(), former)).rejects.toMatchObject({ code: 'domain_not_verified' })
      await expect(makeInbox(open(), { domainId: first.id, address: `b${address}` })).rejects.toMatchObject({
        code: 'domain_not_verified',
      })
      expect(await open().findAnyInbox(address)).toMatchObject({ agent: OTHER_AGENT })
    })

    it('stays with the first while its text stands too, may stand, or is no longer the one that was looked for', async () => {
      const { first, second } = await claimBoth()
      const tries = [
        replace(second.id, { status: 'ok' }),
        replace(second.id, { status: 'unknown', isCertain: false }),
        replace(second.id, { isCertain: false }),
        replace(second.id, {}, 'somebody else'),
      ]
      for (const attempt of tries) expect(await attempt).toMatchObject({ isTaken: true, replaced: null })
      expect((await open().getDomain(AGENT, first.id)).standing.ownership.state).toBe('verified')
    })

    it('has no mail for the former agent’s inbox, not even of a session that began before', async () => {
      const { first, second, address } = await claimBoth()
      const former = await makeInbox(open(), { domainId: first.id, address })
      await replace(second.id, {})
      await expect(open().acceptMail(incoming([recipientOf(former)]))).rejects.toThrow('None of the recipients')
    })

    it('is free for all again when the owner of the server takes it from its agent', async () => {
      const { first, second, domain } = await claimBoth()
      expect(await open().listDomainHolders()).toContainEqual({ domain, agent: AGENT, since: new Date(NOW).toISOString() })
      expect(await open().findDomainHolder(domain)).toBe(AGENT)
      expect(await open().releaseDomain(domain)).toBe(AGENT)
      expect(await open().releaseDomain(domain)).toBeNull()
      expect(await open().findDomainHolder(domain)).toBeNull()
      expect((await open().getDomain(AGENT, first.id)).standing.sending.state).toBe('failed')
      expect((await look(OTHER_AGENT, second.id)).domain.standing.ownership.state).toBe('verified')
    })
  })

  describe('an inbox that was made in the domain of the server', () => {
    it('does not stand where another agent brought that domain since, and stands again when nobody has it', async () => {
      const { domain } = newDomain()
      const address = `ada@${domain}`
      const former = await makeInbox(open(), { address })
      await queue(open(), former)
      const { id: domainId } = await makeDomain(open(), { domain }, { agent: OTHER_AGENT })
      expect(await open().findRecipient(address)).toBeNull()
      expect(await claim(open())).toEqual([])
      await expect(queue(open(), former)).rejects.toMatchObject({ code: 'domain_not_verified' })
      const next = await makeInbox(open(), { address, domainId }, OTHER_AGENT)
      expect((await open().findRecipient(address))?.inboxId).toBe(next.id)
      await open().deleteInbox(OTHER_AGENT, next.id)
      await open().deleteDomain(OTHER_AGENT, domain)
      expect((await open().findRecipient(address))?.inboxId).toBe(former.id)
      expect(await claim(open())).toMatchObject([{ inboxId: former.id }])
    })

    it('stands where its own agent brought it', async () => {
      const { domain } = newDomain()
      const inbox = await makeInbox(open(), { address: `ada@${domain}` })
      await makeDomain(open(), { domain })
      expect((await open().findRecipient(inbox.address))?.inboxId).toBe(inbox.id)
    })

    it('is made by nobody else there, and by nobody twice', async () => {
      const { domain } = await makeDomain(open(), {}, { agent: OTHER_AGENT })
      await expect(makeInbox(open(), { address: `eve@${domain}` })).rejects.toMatchObject({
        code: 'conflict',
        hint: expect.stringContaining(`inbox-mcp domains release ${domain}`),
      })
      const { address } = await makeInbox(open())
      for (const agent of [AGENT, OTHER_AGENT])
        await expect(makeInbox(open(), { address }, agent)).rejects.toMatchObject({ code: 'address_taken' })
    })
  })

  describe('whose mail DNS leads elsewhere', () => {
    it('says so of its inboxes', async () => {
      const { id: domainId, domain } = await makeDomain(open())
      const { address } = await makeInbox(open(), { domainId, address: `ada@${domain}` })
      for (const day of [1, 2, 3]) await look(AGENT, domainId, makeFindings({ mx: 'wrong' }), NOW + day * DAY_MS)
      expect(await open().findRecipient(address)).toMatchObject({ mailGoesElsewhere: true })
    })
  })

  describe('tells who wrote to an address on a domain that is no inbox', () => {
    it('nobody, once it was deleted, was lost or changed hands', async () => {
      const other = await makeDomain(open())
      const deleted = await makeDomain(open())
      const lost = await makeDomain(open())
      for (const { domain } of [other, deleted, lost]) await refuse(`billing-desk@${domain}`)
      await open().deleteDomain(AGENT, deleted.id)
      await lose(AGENT, lost.id)
      for (const agent of [AGENT, OTHER_AGENT])
        for (const { domain } of [deleted, lost])
          expect(await hear(agent, `billing-desk@${domain}`)).not.toContain(`billing-desk@${domain}`)
      expect(await hear(AGENT, `billing-desk@${other.domain}`)).toContain(`billing-desk@${other.domain}`)
    })

    it('its agent alone, at that address and at those that look like it', async () => {
      const { domain } = await makeDomain(open())
      await refuse(`billing-desk@${domain}`)
      for (const asked of [`billing-desk@${domain}`, `biling-desk@${domain}`]) {
        expect(await hear(AGENT, asked)).toEqual([`billing-desk@${domain}`])
        expect(await hear(OTHER_AGENT, asked)).toEqual([])
      }
    })
  })

  describe('answers the key that signs', () => {
    it('while sending is verified, and says when the domain is lost', async () => {
      const { id, domain } = await makeDomain(open(), {}, { findings: makeFindings({ dkim: 'missing' }) })
      expect(await open().getDkimKey(AGENT, id)).toBeNull()
      await look(AGENT, id)
      expect(await open().getDkimKey(AGENT, id)).toEqual({ domain, selector: 's', privateKeyPem: `private ${id}` })
      await lose(AGENT, id)
      await expect(open().getDkimKey(AGENT, id)).rejects.toMatchObject({ code: 'domain_not_verified' })
    })
  })

  describe('hands out domains to be looked up again', () => {
    it('to one process, once they are due, and again when that one has not come back', async () => {
      const { id } = await makeDomain(open())
      const claim = async (now: number) => (await open().claimDomains(now, now + 600_000, 9)).map((domain) => domain.id)
      expect(await claim(NOW + DAY_MS - 1)).toEqual([])
      const due = NOW + DAY_MS
      expect((await Promise.all([claim(due), claim(due)])).flat()).toEqual([id])
      expect(await claim(due + 600_000)).toEqual([id])
    })

    it('also after the clock was set back by years', async () => {
      const { id } = await makeDomain(open(), {}, { now: NOW + 3_650 * DAY_MS })
      expect((await open().claimDomains(NOW, NOW + 600_000, 9)).map((domain) => domain.id)).toEqual([id])
    })
  })

  describe('shows an agent nothing of another’s domains', () => {
    it('by id, by name, in lists, and lets it change nothing of them', async () => {
      const { id, domain } = await makeDomain(open())
      const page = await open().listDomains(OTHER_AGENT, FIRST_PAGE)
      expect(page).toEqual({ data: [], total: 0 })
      for (const ref of [id, domain]) {
        const tries = [
          open().getDomain(OTHER_AGENT, ref),
          open().deleteDomain(OTHER_AGENT, ref),
          open().getDkimKey(OTHER_AGENT, ref),
          look(OTHER_AGENT, ref, LOST),
        ]
        for (const attempt of tries) await expect(attempt).rejects.toMatchObject({ code: 'domain_not_found' })
      }
      expect((await open().getDomain(AGENT, id)).standing.ownership.state).toBe('verified')
    })
  })
}
