/** What a store promises about what comes back: each recipient counts once, is not written to again, and too many of them suspend the inbox. */

import { beforeEach, describe, expect, it } from 'vitest'
import { DAY_MS } from '../../../src/durations.ts'
import { BOUNCE_WINDOW_MS } from '../../../src/limits.ts'
import type { Inbox } from '../../../src/model.ts'
import type { DeliveryReport, Settlement } from '../../../src/sending-store.ts'
import type { Store } from '../../../src/store.ts'
import {
  AGENT,
  carryOut,
  claim,
  file,
  incoming,
  makeInbox,
  NOW,
  newId,
  OWNER,
  outgoing,
  queue,
  recipientOf,
  send,
} from '../support.ts'

export function describeReturns(open: () => Store): void {
  describe('told of what came back', () => {
    let inbox: Inbox
    beforeEach(async () => {
      inbox = await makeInbox(open())
    })

    const report = (deliveryId: string, kind: DeliveryReport['kind'] = 'bounced', fields: Partial<DeliveryReport> = {}) =>
      open().recordReport({ deliveryId, kind, hard: true, statusCode: kind === 'bounced' ? '5.1.1' : null, now: NOW, ...fields })
    const shown = async (now = NOW) => (await open().getInbox(AGENT, inbox.id, now)).inbox
    const counts = async () => {
      const { bounceCount, complaintCount } = await shown()
      return { bounceCount, complaintCount }
    }
    const stateOf = async (deliveryId: string) => {
      const { data } = await open().listMessages(AGENT, inbox.id, { after: null, page: { limit: 100, offset: 0 } })
      for (const { id } of data) {
        const sent = await open().getSentMessage(AGENT, inbox.id, id)
        const delivery = sent.deliveries.find((each) => each.id === deliveryId)
        if (delivery) return { state: delivery.state, status: sent.message.status, cursor: sent.deliveryCursor }
      }
      throw new Error('there is no such delivery')
    }

    describe('records a report', () => {
      it('of a bounce: settles, counts and suppresses once, whatever comes after it', async () => {
        const id = await send(open(), inbox, { to: ['Gone@example.org'] })
        const { messageId } = (await report(id)) ?? {}
        expect(await open().getSentMessage(AGENT, inbox.id, messageId ?? '')).toMatchObject({
          message: { status: 'bounced' },
          deliveries: [{ state: 'bounced', replyCode: null, statusCode: '5.1.1', reason: expect.any(String) }],
          deliveryCursor: 2,
        })
        expect(await report(id, 'bounced', { statusCode: '5.9.9', now: NOW + 1 })).toBeNull()
        expect(await stateOf(id)).toEqual({ state: 'bounced', status: 'bounced', cursor: 2 })
        expect(await counts()).toEqual({ bounceCount: 1, complaintCount: 0 })
        expect(await open().listSuppressions(null)).toMatchObject([{ recipient: 'gone@example.org', reason: 'bounced' }])
      })

      it('of a bounce that is not for good: nothing', async () => {
        const id = await send(open(), inbox)
        expect(await report(id, 'bounced', { hard: false, statusCode: '4.2.2' })).toBeNull()
        expect(await stateOf(id)).toEqual({ state: 'sent', status: 'sent', cursor: 1 })
        expect(await counts()).toEqual({ bounceCount: 0, complaintCount: 0 })
        expect(await open().listSuppressions(null)).toEqual([])
      })

      it.each<Settlement['state']>(['sent', 'deferred', 'expired', 'unknown'])('of a bounce after it was %s', async (state) => {
        const { deliveries } = await queue(open(), inbox)
        await carryOut(open(), [state])
        expect(await report(deliveries[0]?.id ?? '')).not.toBeNull()
        expect((await stateOf(deliveries[0]?.id ?? '')).state).toBe('bounced')
        expect(await open().nextDeliveryAt()).toBeNull()
      })

      it('of a bounce after it was refused: not once more', async () => {
        const { deliveries } = await queue(open(), inbox)
        await carryOut(open(), ['refused'])
        expect(await report(deliveries[0]?.id ?? '')).toBeNull()
        expect(await counts()).toEqual({ bounceCount: 1, complaintCount: 0 })
      })

      it('while it is being tried again, and the try then settles nothing', async () => {
        const { deliveries } = await queue(open(), inbox)
        await carryOut(open(), ['deferred'])
        await claim(open(), NOW + 300_000)
        expect(await report(deliveries[0]?.id ?? '')).not.toBeNull()
        const answers = await carryOut(open(), ['sent'], { now: NOW + 900_000 })
        expect(answers).toEqual([])
        expect((await stateOf(deliveries[0]?.id ?? '')).state).toBe('bounced')
      })

      it('of a complaint: settles, counts and suppresses once, also after a bounce', async () => {
        const id = await send(open(), inbox, { to: ['cross@example.org'] })
        await report(id)
        expect(await report(id, 'complained', { now: NOW + 1_000 })).toMatchObject({ inboxId: inbox.id, suspended: false })
        expect(await stateOf(id)).toEqual({ state: 'complained', status: 'complained', cursor: 3 })
        for (const kind of ['complained', 'bounced'] as const) expect(await report(id, kind)).toBeNull()
        expect(await counts()).toEqual({ bounceCount: 1, complaintCount: 1 })
        expect(await open().listSuppressions(null)).toMatchObject([
          { reason: 'complained', statusCode: null, createdAt: '2026-11-24T12:00:01.000Z' },
        ])
      })

      it('of a recipient that is suppressed already: the first reason stays, but for a complaint', async () => {
        const ids = []
        for (let index = 0; index < 4; index++) ids.push((await queue(open(), inbox, { to: ['a@x'] })).deliveries[0]?.id ?? '')
        const reasons = []
        for (const [index, kind] of (['bounced', 'bounced', 'complained', 'bounced'] as const).entries()) {
          await report(ids[index] ?? '', kind, { statusCode: `5.0.${index}`, now: NOW + index })
          const [found] = await open().listSuppressions(inbox.address)
          reasons.push([found?.reason, found?.statusCode, found?.createdAt.slice(-4)])
        }
        expect(reasons).toEqual([
          ['bounced', '5.0.0', '000Z'],
          ['bounced', '5.0.0', '000Z'],
          ['complained', '5.0.2', '002Z'],
          ['complained', '5.0.2', '002Z'],
        ])
      })

      it('for the one recipient it is about', async () => {
        const { message, deliveries } = await queue(open(), inbox, { to: ['a@x', 'b@x', 'c@x'] })
        await carryOut(open(), ['sent'])
        await report(deliveries[1]?.id ?? '')
        const sent = await open().getSentMessage(AGENT, inbox.id, message.id)
        expect(sent.deliveries.map(({ state }) => state)).toEqual(['sent', 'bounced', 'sent'])
        expect(sent.message.status).toBe('bounced')
      })

      it('of nothing that was sent: nothing', async () => {
        for (const id of [newId(), '', '%', inbox.id]) expect(await report(id)).toBeNull()
        expect(await counts()).toEqual({ bounceCount: 0, complaintCount: 0 })
      })
    })

    describe('finds the delivery of a return path', () => {
      it('with its inbox, suspended or not, and its recipient as it was written to', async () => {
        const id = await send(open(), inbox, { to: ['Bob@example.org'] })
        const found = { inboxId: inbox.id, address: inbox.address, status: 'active', recipient: 'Bob@example.org' }
        expect(await open().findDelivery(id)).toEqual(found)
        await suspend()
        expect(await open().findDelivery(id)).toEqual({ ...found, status: 'suspended' })
        expect(await open().findDelivery(newId())).toBeNull()
      })
    })

    describe('files a report that came back', () => {
      const cameBack = async (deliveryId: string) => {
        const recipient = { inboxId: inbox.id, address: 'bounce+x@agents.localhost', tag: null, deliveryId }
        return await open().acceptMail(incoming([recipient, recipientOf(inbox, 'delivery-report')]))
      }

      it('as read and labelled, which no sender can do by a tag', async () => {
        const deliveryId = await send(open(), inbox)
        const { id } = await cameBack(deliveryId)
        const [spooled] = await open().claimSpool('other', NOW + 60_000, NOW + 90_000, 9)
        expect(spooled?.envelope.recipients[0]?.deliveryId).toBe(deliveryId)
        const [back, ordinary] = await file(open(), id)
        const { data } = await open().listMessages(AGENT, inbox.id, { after: 1, page: { limit: 9, offset: 0 } })
        expect(data).toMatchObject([
          { id: ordinary?.messageId, read: false, labels: [] },
          { id: back?.messageId, read: true, labels: ['delivery-report'], delivery: 'email' },
        ])
        expect((await open().takeMessage(AGENT, inbox.id, {}, 0)).message?.id).toBe(ordinary?.messageId)
      })

      it('also for a suspended inbox, which takes nothing else', async () => {
        const deliveryId = await send(open(), inbox)
        await suspend()
        const { id } = await cameBack(deliveryId)
        expect(await file(open(), id)).toHaveLength(1)
        await open().deleteInbox(AGENT, inbox.id)
        await expect(cameBack(deliveryId)).rejects.toMatchObject({ code: 'inbox_not_found' })
      })
    })

    /** Twenty recipients, all of whom refuse; the third is one too many. */
    async function suspend(): Promise<void> {
      await queue(open(), inbox, { to: recipients(20) })
      const news = await carryOut(open(), ['refused'])
      expect(news.flatMap((each, index) => (each?.suspended ? index : []))).toContain(2)
    }

    const recipients = (count: number) => Array.from({ length: count }, () => `${newId()}@example.org`)
    const settleSome = async (sends: number, refused: number, now = NOW) => {
      await queue(open(), inbox, { to: recipients(sends), now })
      const states = Array.from({ length: sends }, (_, index) => (index < refused ? 'refused' : 'sent') as Settlement['state'])
      return (await carryOut(open(), states, { now })).filter((news) => news?.suspended).length
    }

    describe('suspends an inbox', () => {
      it('that more than a tenth of at least twenty recipients refused, in the step that is one too many', async () => {
        expect(await settleSome(19, 19)).toBe(0)
        expect((await shown()).status).toBe('active')
        expect(await settleSome(1, 0)).toBe(1)
        expect(await open().getInbox(AGENT, inbox.id, NOW)).toMatchObject({
          inbox: { status: 'suspended', bounceCount: 19 },
          suspendedReason: '19 of 20 recipients within 7 days could not be reached.',
        })
      })

      it('not when it is just a tenth', async () => {
        expect(await settleSome(20, 2)).toBe(0)
        expect(await settleSome(10, 1)).toBe(0)
        expect((await shown()).status).toBe('active')
        expect(await settleSome(9, 1)).toBe(1)
      })

      it('for reports as for refusals', async () => {
        const { deliveries } = await queue(open(), inbox, { to: recipients(20) })
        await carryOut(open(), ['sent'])
        const news = []
        for (const { id } of deliveries.slice(0, 3)) news.push((await report(id))?.suspended)
        expect(news).toEqual([false, false, true])
        expect((await report(deliveries[3]?.id ?? ''))?.suspended).toBe(false)
        expect((await shown()).bounceCount).toBe(4)
      })

      it('though it writes to itself, or to nobody, to make the part seem small', async () => {
        await queue(open(), inbox, { to: recipients(50), carrier: 'dry-run' })
        await carryOut(open(), ['recorded'])
        const tags = Array.from({ length: 50 }, (_, index) => inbox.address.replace('@', `+${index}@`))
        await queue(open(), inbox, { to: tags, carrier: 'local' })
        const held = await claim(open())
        const handed = held.map(({ id: deliveryId }) =>
          open().handOver({ deliveryId, owner: OWNER, spoolId: newId(), envelopeFrom: '', now: NOW }),
        )
        expect((await Promise.all(handed)).every((news) => news !== null)).toBe(true)
        expect(await settleSome(20, 3)).toBe(1)
      })

      it('for nothing that was sent before the window', async () => {
        expect(await settleSome(20, 2)).toBe(0)
        const later = NOW + BOUNCE_WINDOW_MS
        expect(await settleSome(20, 2, later)).toBe(0)
        expect(await settleSome(1, 1, later + 1)).toBe(1)
      })

      it('for a late bounce of what was sent within the window only', async () => {
        const { deliveries } = await queue(open(), inbox, { to: recipients(20) })
        await carryOut(open(), ['sent'])
        const late = NOW + BOUNCE_WINDOW_MS
        for (const { id } of deliveries) expect((await report(id, 'bounced', { now: late }))?.suspended).toBe(false)
        expect((await shown()).bounceCount).toBe(20)
      })

      it('after three complaints', async () => {
        const { deliveries } = await queue(open(), inbox, { to: recipients(5) })
        await carryOut(open(), ['sent'])
        const news = []
        for (const { id } of deliveries) news.push((await report(id, 'complained', { now: NOW + 30 * DAY_MS }))?.suspended)
        expect(news).toEqual([false, false, true, false, false])
        expect((await open().getInbox(AGENT, inbox.id, NOW)).suspendedReason).toBe('3 of 5 recipients called its mail spam.')
      })

      it('after three complaints only if they are many for what it sent', async () => {
        inbox = await makeInbox(open())
        const batches = Array.from({ length: 20 }, () => queue(open(), inbox, { to: recipients(50) }))
        const [first] = await Promise.all(batches)
        await queue(open(), inbox, { to: ['one@too.many'] })
        const [one, two, three] = first?.deliveries ?? []
        for (const each of [one, two, three]) expect((await report(each?.id ?? '', 'complained'))?.suspended).toBe(false)
        expect((await report(first?.deliveries[3]?.id ?? '', 'complained'))?.suspended).toBe(true)
      })

      it('that then neither sends nor receives, keeps what it queued, and goes on when it is resumed', async () => {
        await suspend()
        const held = outgoing()
        await expect(open().queueMessage(AGENT, inbox.id, held)).rejects.toMatchObject({ code: 'inbox_suspended' })
        await expect(open().acceptMail(incoming([recipientOf(inbox)]))).rejects.toMatchObject({ code: 'inbox_not_found' })
        expect(await open().findRecipient(inbox.address)).toEqual({ inboxId: inbox.id, status: 'suspended' })
        expect(await open().resumeInbox(inbox.address, NOW)).toBe(true)
        await open().queueMessage(AGENT, inbox.id, held)
      })

      it('whose deliveries wait meanwhile', async () => {
        const waiting = await queue(open(), inbox, { now: NOW + 1 })
        await queue(open(), inbox, { to: recipients(20) })
        await carryOut(open(), ['refused'])
        expect(await open().nextDeliveryAt()).toBeNull()
        expect(await claim(open(), NOW + 1)).toEqual([])
        await open().resumeInbox(inbox.address, NOW + 5)
        expect(await open().nextDeliveryAt()).toBe(NOW + 1)
        expect(await claim(open(), NOW + 5)).toMatchObject([{ id: waiting.deliveries[0]?.id }])
      })
    })
  })
}
