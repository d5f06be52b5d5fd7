/** What a store promises about deliveries: due ones go to one process at a time, and what became of a try is written in one step. */

import { beforeEach, describe, expect, it } from 'vitest'
import { DELIVERY_CLAIM_BYTES, DELIVERY_LEASE_MS } from '../../../src/limits.ts'
import type { Inbox } from '../../../src/model.ts'
import type { Settlement } from '../../../src/sending-store.ts'
import type { Store } from '../../../src/store.ts'
import { AGENT, carryOut, claim, makeInbox, NOW, newId, OWNER, outgoing, queue, settlement } from '../support.ts'

export function describeOutbox(open: () => Store): void {
  describe('asked to carry', () => {
    let inbox: Inbox
    beforeEach(async () => {
      inbox = await makeInbox(open())
    })

    const sentOf = (messageId: string) => open().getSentMessage(AGENT, inbox.id, messageId)
    const ids = (deliveries: readonly { id: string }[]) => deliveries.map(({ id }) => id)

    describe('claims deliveries', () => {
      it('with all that carrying one needs, as one more attempt', async () => {
        const mail = outgoing({ to: ['bob@example.org'], raw: Buffer.from([0, 255, 13, 10, 46]) })
        await open().queueMessage(AGENT, inbox.id, mail)
        expect(await claim(open())).toEqual([
          {
            id: mail.deliveries[0]?.id,
            inboxId: inbox.id,
            address: inbox.address,
            recipient: 'bob@example.org',
            carrier: 'relay',
            attempts: 1,
            queuedAt: NOW,
            raw: new Uint8Array(mail.raw),
          },
        ])
        const { message, deliveries, deliveryCursor } = await sentOf(mail.messageId)
        expect({ status: message.status, deliveryCursor }).toEqual({ status: 'sending', deliveryCursor: 0 })
        expect(deliveries).toMatchObject([{ state: 'queued', attempts: 1, nextAttemptAt: null }])
      })

      it('for nobody else until the lease has run out', async () => {
        const { deliveries } = await queue(open(), inbox)
        expect(await claim(open())).toHaveLength(1)
        expect(await claim(open(), NOW + 59_999, 'other')).toEqual([])
        expect(await claim(open(), NOW + 60_000, 'other')).toMatchObject([{ id: deliveries[0]?.id, attempts: 2 }])
        expect(await claim(open(), NOW + 60_000)).toEqual([])
      })

      it('for no longer than a lease can be, though the clock is set back, and not from an owner who lives', async () => {
        const { deliveries } = await queue(open(), inbox)
        const dead = await queue(open(), inbox)
        expect(await claim(open())).toHaveLength(2)
        const cut = (now: number) => open().nextDeliveryAt(true, now)
        expect(await cut(NOW + 60_000 - 2 * DELIVERY_LEASE_MS)).toBe(NOW + 60_000)
        const earlier = NOW - 1_000_000
        expect(await cut(earlier)).toBe(earlier + DELIVERY_LEASE_MS)
        expect(await claim(open(), earlier, 'other')).toEqual([])
        await open().renewDeliveries(OWNER, [deliveries[0]?.id ?? ''], earlier + 2 * DELIVERY_LEASE_MS)
        expect(ids(await claim(open(), earlier + DELIVERY_LEASE_MS, 'other'))).toEqual(ids(dead.deliveries))
      })

      it('not one that was put off, whatever the clock says', async () => {
        await queue(open(), inbox)
        await carryOut(open(), ['deferred'], { nextAttemptAt: NOW + 1_000_000 })
        expect(await open().nextDeliveryAt(true, NOW - 1_000_000)).toBe(NOW + 1_000_000)
      })

      it('that their owner keeps alive, and no others', async () => {
        await queue(open(), inbox)
        const [mine] = await claim(open())
        await queue(open(), inbox)
        const [others] = await claim(open(), NOW, 'other')
        await open().renewDeliveries(OWNER, [mine?.id ?? '', others?.id ?? '', 'none'], NOW + 100_000)
        expect(await claim(open(), NOW + 99_999, 'third')).toHaveLength(1)
        expect(await claim(open(), NOW + 100_000, 'fourth')).toHaveLength(1)
      })

      it('oldest due first, as many as asked for, none twice', async () => {
        const later = await queue(open(), inbox, { now: NOW + 2 })
        const [first, second] = [await queue(open(), inbox), await queue(open(), inbox)]
        const claims = await Promise.all(['a', 'b'].map((owner) => open().claimDeliveries(owner, NOW + 2, NOW + 9, 2)))
        expect(claims.map(ids)).toEqual([[...ids(first.deliveries), ...ids(second.deliveries)], ids(later.deliveries)])
        expect(await claim(open(), NOW + 2)).toEqual([])
      })

      it('not before they are due', async () => {
        await queue(open(), inbox)
        await carryOut(open(), ['deferred'], { nextAttemptAt: NOW + 10 })
        expect(await claim(open(), NOW + 9)).toEqual([])
        expect(await claim(open(), NOW + 10)).toMatchObject([{ attempts: 2 }])
      })

      it('no more at once than memory holds', async () => {
        const raw = Buffer.alloc(Math.ceil(DELIVERY_CLAIM_BYTES / 2) + 1)
        await queue(open(), inbox, { to: ['a@x', 'b@x', 'c@x'], raw })
        for (const left of [1, 1, 1, 0]) expect(await claim(open())).toHaveLength(left)
      })

      it('of the same bytes for two recipients at once', async () => {
        await queue(open(), inbox, { to: ['a@x', 'b@x'], raw: Buffer.alloc(100_000, 'x') })
        expect((await claim(open())).map(({ raw }) => raw.byteLength)).toEqual([100_000, 100_000])
      })

      it.each(['message', 'inbox'])('no more once their %s is deleted, nor settles them', async (what) => {
        const { message, deliveries } = await queue(open(), inbox, { to: ['a@x', 'b@x'] })
        const [held] = await open().claimDeliveries(OWNER, NOW, NOW + 60_000, 1)
        if (what === 'message') await open().deleteMessage(AGENT, inbox.id, message.id)
        else await open().deleteInbox(AGENT, inbox.id)
        expect(await open().nextDeliveryAt()).toBeNull()
        expect(await claim(open(), NOW + 60_000, 'other')).toEqual([])
        expect(await open().settleDelivery(settlement(held?.id ?? '', 'refused'))).toBeNull()
        for (const { id } of deliveries) expect(await open().findDelivery(id)).toBeNull()
        const report = { deliveryId: held?.id ?? '', kind: 'bounced', hard: true, statusCode: null, now: NOW } as const
        expect(await open().recordReport(report)).toBeNull()
        expect(await open().retryDelivery(held?.id ?? '', NOW)).toBe(false)
      })
    })

    describe('says when the next delivery is due', () => {
      it('or its lease ends, or that none is open', async () => {
        expect(await open().nextDeliveryAt()).toBeNull()
        await queue(open(), inbox, { now: NOW + 5 })
        await queue(open(), inbox)
        expect(await open().nextDeliveryAt()).toBe(NOW)
        const [held] = await claim(open())
        expect(await open().nextDeliveryAt()).toBe(NOW + 5)
        await carryOut(open(), ['sent'], { now: NOW + 5 })
        expect(await open().nextDeliveryAt()).toBe(NOW + 60_000)
        await open().settleDelivery(settlement(held?.id ?? '', 'deferred', { nextAttemptAt: NOW + 7 }))
        expect(await open().nextDeliveryAt()).toBe(NOW + 7)
        await carryOut(open(), ['sent'], { now: NOW + 7 })
        expect(await open().nextDeliveryAt()).toBeNull()
      })
    })

    describe('settles a delivery', () => {
      it.each<[Settlement['state'], string, number]>([
        ['sent', 'sent', 0],
        ['deferred', 'sending', 0],
        ['refused', 'bounced', 1],
        ['expired', 'failed', 0],
        ['unknown', 'unknown', 0],
        ['recorded', 'recorded', 0],
      ])('as %s, and its message as %s', async (state, status, bounceCount) => {
        const { message, deliveries } = await queue(open(), inbox)
        const now = NOW + 1_000
        const answer = { replyCode: 451, statusCode: '4.7.1', reason: 'for a reason', now, nextAttemptAt: NOW + 60_000 }
        const news = { inboxId: inbox.id, messageId: message.id, suspended: false }
        await claim(open())
        expect(await open().settleDelivery(settlement(deliveries[0]?.id ?? '', state, answer))).toEqual(news)
        expect(await sentOf(message.id)).toEqual({
          message: { ...message, status },
          deliveries: [
            {
              id: deliveries[0]?.id,
              recipient: 'somebody@example.org',
              state,
              attempts: 1,
              nextAttemptAt: state === 'deferred' ? '2026-11-24T12:01:00.000Z' : null,
              replyCode: 451,
              statusCode: '4.7.1',
              reason: 'for a reason',
              updatedAt: '2026-11-24T12:00:01.000Z',
            },
          ],
          deliveryCursor: 1,
        })
        expect((await open().getInbox(AGENT, inbox.id, NOW)).inbox).toMatchObject({ bounceCount, complaintCount: 0 })
      })

      it.each<[Settlement['state'][], string]>([
        [['sent', 'sent', 'recorded'], 'recorded'],
        [['sent', 'unknown', 'sent'], 'unknown'],
        [['unknown', 'expired', 'sent'], 'failed'],
        [['refused', 'expired', 'unknown'], 'bounced'],
        [['sent', 'refused', 'deferred'], 'sending'],
      ])('so that %j together are %s', async (states, status) => {
        const { message } = await queue(open(), inbox, { to: states.map((_, index) => `${index}@x`) })
        await carryOut(open(), states)
        const sent = await sentOf(message.id)
        expect({ status: sent.message.status, cursor: sent.deliveryCursor }).toEqual({ status, cursor: states.length })
      })

      it('while others of its message have not been tried', async () => {
        const { message } = await queue(open(), inbox, { to: ['a@x', 'b@x'] })
        const [held] = await open().claimDeliveries(OWNER, NOW, NOW + 60_000, 1)
        await open().settleDelivery(settlement(held?.id ?? '', 'sent'))
        expect((await sentOf(message.id)).message.status).toBe('queued')
      })

      it('only for who holds the lease, and only once', async () => {
        const { message, deliveries } = await queue(open(), inbox)
        const id = deliveries[0]?.id ?? ''
        const settle = (owner: string) => open().settleDelivery(settlement(id, 'refused', { owner, suppress: true }))
        expect(await settle(OWNER)).toBeNull()
        await claim(open())
        await claim(open(), NOW + 60_000, 'other')
        const before = await sentOf(message.id)
        expect(await settle(OWNER)).toBeNull()
        expect(await sentOf(message.id)).toEqual(before)
        expect(await open().listSuppressions(inbox.address)).toEqual([])
        expect((await open().getInbox(AGENT, inbox.id, NOW)).inbox.bounceCount).toBe(0)
        expect(await Promise.all([settle('other'), settle('other')])).toEqual([
          expect.objectContaining({ messageId: message.id }),
          null,
        ])
        expect(await settle(newId())).toBeNull()
      })

      it('for who held it past its time, as long as nobody else took it', async () => {
        const { deliveries } = await queue(open(), inbox)
        await claim(open())
        const late = settlement(deliveries[0]?.id ?? '', 'sent', { now: NOW + 90_000 })
        expect(await open().settleDelivery(late)).toMatchObject({ inboxId: inbox.id })
        expect(await claim(open(), NOW + 90_000)).toEqual([])
      })

      it('and keeps the recipient from being written to again, when that is asked for', async () => {
        await queue(open(), inbox, { to: ['Gone@Example.org', 'full@example.org'] })
        const claimed = await claim(open())
        for (const { id, recipient } of claimed) {
          await open().settleDelivery(settlement(id, 'refused', { suppress: recipient.startsWith('Gone') }))
        }
        expect(await open().listSuppressions(inbox.address)).toEqual([
          {
            inboxId: inbox.id,
            address: inbox.address,
            recipient: 'gone@example.org',
            reason: 'bounced',
            statusCode: '5.1.1',
            createdAt: '2026-11-24T12:00:00.000Z',
          },
        ])
        expect((await open().getInbox(AGENT, inbox.id, NOW)).inbox.bounceCount).toBe(2)
      })
    })

    describe('keeps a secret', () => {
      it('of 32 bytes that stays the same', async () => {
        const secret = await open().getSecret()
        expect(secret.byteLength).toBe(32)
        expect(new Set(secret).size).toBeGreaterThan(8)
        expect(await open().getSecret()).toEqual(secret)
      })
    })
  })
}
