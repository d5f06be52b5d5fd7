/** What a store promises about inboxes. */

import { beforeEach, describe, expect, it } from 'vitest'
import { DAY_MS } from '../../../src/durations.ts'
import { IDEMPOTENCY_KEPT_MS } from '../../../src/limits.ts'
import type { Store } from '../../../src/store.ts'
import { makeDomain } from '../domain-support.ts'
import { AGENT, deliver, FIRST_PAGE, makeInbox, NOW, newId, newInbox, OTHER_AGENT } from '../support.ts'

export function describeInboxes(open: () => Store): void {
  let key: { key: string; fingerprint: string }
  beforeEach(() => {
    key = { key: newId(), fingerprint: 'a' }
  })

  describe('makes an inbox', () => {
    it('as it was asked for, active, with nothing sent and nothing received', async () => {
      const { id: domainId } = await makeDomain(open())
      const wanted = newInbox({ displayName: 'Ada', domainId, dailySendLimit: 7 })
      expect(await open().createInbox(AGENT, wanted)).toEqual({
        inbox: {
          id: wanted.id,
          address: wanted.address,
          displayName: 'Ada',
          domainId,
          status: 'active',
          dailySendLimit: 7,
          sendsToday: 0,
          totalSent: 0,
          bounceCount: 0,
          complaintCount: 0,
          createdAt: '2026-11-24T12:00:00.000Z',
        },
        cursor: 0,
        suspendedReason: null,
      })
    })

    it('unless the address is taken, by whomever', async () => {
      const { address } = await makeInbox(open(), {}, OTHER_AGENT)
      const attempt = newInbox({ address })
      await expect(open().createInbox(AGENT, attempt)).rejects.toMatchObject({ code: 'address_taken' })
      await expect(open().createInbox(OTHER_AGENT, newInbox({ address }))).rejects.toMatchObject({ code: 'address_taken' })
      await expect(open().getInbox(AGENT, attempt.id, NOW)).rejects.toMatchObject({ code: 'inbox_not_found' })
    })

    it('once for one idempotency key, and answers it as it is now', async () => {
      const inbox = await makeInbox(open(), { idempotency: key })
      await deliver(open(), inbox)
      const again = await open().createInbox(AGENT, newInbox({ idempotency: key }))
      expect(again).toEqual({ inbox, cursor: 1, suspendedReason: null })
      expect((await open().listInboxes(AGENT, FIRST_PAGE, NOW)).total).toBe(1)
    })

    it('once for one idempotency key when two ask at the same moment', async () => {
      const answers = await Promise.all([1, 2].map(() => open().createInbox(AGENT, newInbox({ idempotency: key }))))
      expect(answers[1]).toEqual(answers[0])
    })

    it('not when the key was used with other arguments', async () => {
      await makeInbox(open(), { idempotency: key })
      const other = newInbox({ idempotency: { ...key, fingerprint: 'b' } })
      await expect(open().createInbox(AGENT, other)).rejects.toMatchObject({ code: 'conflict' })
    })

    it('anew when the one that the key made is gone', async () => {
      const first = await makeInbox(open(), { idempotency: key })
      await open().deleteInbox(AGENT, first.id)
      const second = await makeInbox(open(), { idempotency: key, address: first.address })
      expect(second.id).not.toBe(first.id)
      expect(await makeInbox(open(), { idempotency: key })).toEqual(second)
    })

    it('anew when the key has been forgotten', async () => {
      const first = await makeInbox(open(), { idempotency: key })
      const later = NOW + IDEMPOTENCY_KEPT_MS
      const remembered = await makeInbox(open(), { idempotency: key, createdAt: later - 1 })
      expect(remembered.id).toBe(first.id)
      const second = await makeInbox(open(), { idempotency: { ...key, fingerprint: 'b' }, createdAt: later })
      expect(second.id).not.toBe(first.id)
    })

    it('for each agent that uses the same key', async () => {
      const mine = await makeInbox(open(), { idempotency: key })
      const theirs = await makeInbox(open(), { idempotency: { ...key, fingerprint: 'b' } }, OTHER_AGENT)
      expect(theirs.id).not.toBe(mine.id)
    })
  })

  describe('finds an inbox', () => {
    it('by id and by address, in any case', async () => {
      const inbox = await makeInbox(open())
      for (const ref of [inbox.id, inbox.address, inbox.id.toUpperCase(), inbox.address.toUpperCase()]) {
        expect((await open().getInbox(AGENT, ref, NOW)).inbox).toEqual(inbox)
      }
    })

    it('with the seq of its newest message as cursor', async () => {
      const inbox = await makeInbox(open())
      await deliver(open(), inbox)
      const newest = await deliver(open(), inbox)
      expect((await open().getInbox(AGENT, inbox.id, NOW)).cursor).toBe(newest.seq)
      await open().deleteMessage(AGENT, inbox.id, newest.id)
      expect((await open().getInbox(AGENT, inbox.id, NOW)).cursor).toBe(newest.seq)
    })

    it('only if it is there', async () => {
      for (const ref of ['', 'nobody@agents.localhost', '%', "' OR 1=1 --"]) {
        await expect(open().getInbox(AGENT, ref, NOW)).rejects.toMatchObject({ code: 'inbox_not_found' })
      }
    })

    it('as a recipient, whoever owns it', async () => {
      const inbox = await makeInbox(open(), {}, OTHER_AGENT)
      expect(await open().findRecipient(inbox.address)).toEqual({ inboxId: inbox.id, status: 'active' })
      expect(await open().findRecipient(`x${inbox.address}`)).toBeNull()
    })
  })

  describe('lists inboxes', () => {
    it('newest first, a page at a time, with the number of all', async () => {
      const made = []
      for (let index = 0; index < 5; index++) made.push(await makeInbox(open(), { createdAt: NOW + (index % 3) * DAY_MS }))
      const newestFirst = [made[2], made[4], made[1], made[3], made[0]]
      expect(await open().listInboxes(AGENT, { limit: 2, offset: 0 }, NOW)).toEqual({ data: newestFirst.slice(0, 2), total: 5 })
      expect(await open().listInboxes(AGENT, { limit: 2, offset: 4 }, NOW)).toEqual({ data: newestFirst.slice(4), total: 5 })
      expect(await open().listInboxes(AGENT, { limit: 2, offset: 9 }, NOW)).toEqual({ data: [], total: 5 })
    })

    it('whose address begins so, in order, as many as asked for', async () => {
      for (const name of ['cat', 'car', 'dog', 'ca_t', 'ca%']) await makeInbox(open(), { address: `${name}@x.localhost` })
      const complete = (prefix: string, limit = 9) => open().completeAddresses(AGENT, prefix, limit)
      expect(await complete('CA', 2)).toEqual({ data: ['ca%@x.localhost', 'ca_t@x.localhost'], total: 4 })
      expect(await complete('ca_')).toEqual({ data: ['ca_t@x.localhost'], total: 1 })
      expect((await complete('')).total).toBe(5)
      expect(await complete('x')).toEqual({ data: [], total: 0 })
    })
  })
}
