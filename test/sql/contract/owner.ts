/** What a store promises to its owner, who acts for no agent. */

import { beforeEach, describe, expect, it } from 'vitest'
import type { Inbox } from '../../../src/model.ts'
import type { Store } from '../../../src/store.ts'
import { AGENT, carryOut, claim, makeInbox, NOW, newId, OTHER_AGENT, outgoing, queue } from '../support.ts'

export function describeOwner(open: () => Store): void {
  describe('asked by its owner', () => {
    let inbox: Inbox
    let theirs: Inbox
    beforeEach(async () => {
      ;[inbox, theirs] = [await makeInbox(open()), await makeInbox(open(), {}, OTHER_AGENT)]
    })

    const refuse = async (agent: string, ref: string, to: readonly string[], now = NOW) => {
      await open().queueMessage(agent, ref, outgoing({ to, now }))
      await carryOut(open(), ['refused'], { suppress: true, now })
    }
    const many = Array.from({ length: 20 }, (_, index) => `${index}@example.org`)

    describe('lists suppressions', () => {
      it('newest first, of all agents or of one inbox', async () => {
        await refuse(AGENT, inbox.id, ['old@x'])
        await refuse(OTHER_AGENT, theirs.id, ['new@x'], NOW + 1)
        await refuse(AGENT, inbox.id, ['newest@x'], NOW + 2)
        const list = async (address: string | null) => (await open().listSuppressions(address)).map(({ recipient }) => recipient)
        expect(await list(null)).toEqual(['newest@x', 'new@x', 'old@x'])
        expect(await list(inbox.address.toUpperCase())).toEqual(['newest@x', 'old@x'])
        expect(await list('nobody@agents.localhost')).toEqual([])
        await open().deleteInbox(AGENT, inbox.id)
        expect(await list(null)).toEqual(['new@x'])
        await makeInbox(open(), { address: inbox.address })
        expect(await list(inbox.address)).toEqual([])
      })

      it('and removes one, in whatever case, so that the recipient may be written to again', async () => {
        await refuse(AGENT, inbox.id, ['Gone@example.org'])
        await refuse(OTHER_AGENT, theirs.id, ['gone@example.org'])
        const remove = (address: string) => open().removeSuppression(address, 'GONE@example.org')
        expect([await remove(inbox.address), await remove(inbox.address), await remove('nobody@x')]).toEqual([true, false, false])
        expect((await queue(open(), inbox, { to: ['gone@example.org'] })).message.status).toBe('queued')
        expect(await open().listSuppressions(null)).toHaveLength(1)
      })
    })

    describe('lists suspended inboxes', () => {
      it('with the reason, and resumes one with nothing held against it', async () => {
        expect(await open().listSuspended()).toEqual([])
        await refuse(AGENT, inbox.id, many, NOW + 1)
        expect(await open().listSuspended()).toEqual([
          {
            address: inbox.address,
            reason: expect.stringMatching(/^\d+ of 20 recipients within 7 days could not be reached\.$/),
            since: '2026-11-24T12:00:00.001Z',
          },
        ])
        const resume = (address: string) => open().resumeInbox(address, NOW + 2)
        expect([await resume(theirs.address), await resume('nobody@x')]).toEqual([false, false])
        expect([await resume(inbox.address.toUpperCase()), await resume(inbox.address)]).toEqual([true, false])
        expect(await open().listSuspended()).toEqual([])
        expect(await open().getInbox(AGENT, inbox.id, NOW)).toMatchObject({
          inbox: { status: 'active', bounceCount: 20 },
          suspendedReason: null,
        })
      })

      it('and weighs after that only what is sent after it', async () => {
        const sent = await queue(open(), inbox, { to: many })
        await carryOut(open(), ['sent'])
        const report = (index: number) => {
          const deliveryId = sent.deliveries[index]?.id ?? ''
          return open().recordReport({ deliveryId, kind: 'complained', hard: true, statusCode: null, now: NOW + 3 })
        }
        for (const index of [0, 1, 2]) await report(index)
        expect(await open().listSuspended()).toHaveLength(1)
        await open().resumeInbox(inbox.address, NOW + 2)
        for (const index of [3, 4, 5, 6]) expect(await report(index)).toMatchObject({ suspended: false })
        await refuse(AGENT, inbox.id, ['a@x', 'b@x', 'c@x'], NOW + 3)
        expect(await open().listSuspended()).toEqual([])
        await refuse(AGENT, inbox.id, many.slice(7), NOW + 4)
        expect(await open().listSuspended()).toEqual([])
        await refuse(AGENT, inbox.id, ['d@x', 'e@x', 'f@x', 'g@x'], NOW + 5)
        expect(await open().listSuspended()).toHaveLength(1)
      })
    })

    describe('lists deliveries whose fate is unknown', () => {
      it('newest first, as many as asked for, and queues one again when told so', async () => {
        const first = await queue(open(), inbox, { to: ['a@x'] })
        await carryOut(open(), ['unknown'], { now: NOW + 1 })
        await open().queueMessage(OTHER_AGENT, theirs.id, outgoing({ to: ['b@x'], now: NOW + 2 }))
        await carryOut(open(), ['unknown'], { now: NOW + 2 })
        await queue(open(), inbox, { to: ['c@x'] })
        const list = async (limit: number) =>
          (await open().listUnknownDeliveries(limit)).map(({ address, recipient, since }) => [address, recipient, since])
        expect(await list(9)).toEqual([
          [theirs.address, 'b@x', '2026-11-24T12:00:00.002Z'],
          [inbox.address, 'a@x', '2026-11-24T12:00:00.001Z'],
        ])
        expect(await list(1)).toHaveLength(1)
        const [id] = first.deliveries.map((each) => each.id)
        const later = NOW + 100_000_000
        const retry = () => open().retryDelivery(id?.toUpperCase() ?? '', later)
        expect([await retry(), await retry(), await open().retryDelivery(newId(), later)]).toEqual([true, false, false])
        expect(await open().getSentMessage(AGENT, inbox.id, first.message.id)).toMatchObject({
          message: { status: 'sending' },
          deliveries: [{ state: 'queued', attempts: 1, nextAttemptAt: new Date(later).toISOString() }],
          deliveryCursor: 2,
        })
        const claimed = await claim(open(), later)
        expect(claimed.find((each) => each.id === id)).toMatchObject({ attempts: 2, queuedAt: later })
        const [their] = await open().listUnknownDeliveries(9)
        await open().deleteInbox(OTHER_AGENT, theirs.id)
        expect(await list(9)).toEqual([])
        expect(await open().retryDelivery(their?.id ?? '', later)).toBe(false)
      })
    })
  })
}
