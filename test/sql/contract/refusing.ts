/** What a store promises about a message that may not be sent, and about the thread of one that may. */

import { beforeEach, describe, expect, it } from 'vitest'
import { DAY_MS } from '../../../src/durations.ts'
import type { Inbox, SentMessage } from '../../../src/model.ts'
import type { Store } from '../../../src/store.ts'
import { AGENT, carryOut, claim, deliver, FIRST_PAGE, makeInbox, NOW, newId, outgoing, queue } from '../support.ts'

export function describeRefusing(open: () => Store): void {
  describe('asked to send what it may not', () => {
    let inbox: Inbox
    beforeEach(async () => {
      inbox = await makeInbox(open())
    })

    const refusal = (fields: Parameters<typeof outgoing>[0]) =>
      open()
        .queueMessage(AGENT, inbox.id, outgoing(fields))
        .catch((error) => error)
    const counters = async (now = NOW) => {
      const { inbox: shown, cursor } = await open().getInbox(AGENT, inbox.id, now)
      return { sendsToday: shown.sendsToday, totalSent: shown.totalSent, cursor }
    }

    describe('refuses a message', () => {
      it('from a suspended inbox, with the reason', async () => {
        const { deliveries } = await queue(open(), inbox, { to: Array.from({ length: 20 }, (_, index) => `${index}@x`) })
        await carryOut(open(), ['refused'])
        const reason = '3 of 20 recipients within 7 days could not be reached.'
        expect(await refusal({ to: ['x@y'], threadId: newId() })).toMatchObject({
          code: 'inbox_suspended',
          message: expect.stringContaining(reason),
          facts: { reason, since: '2026-11-24T12:00:00.000Z' },
        })
        expect((await counters()).sendsToday).toBe(1)
        expect(deliveries).toHaveLength(20)
      })

      it('to who bounced or complained, in whatever case, with reason and date, before it looks at the policy', async () => {
        await queue(open(), inbox, { to: ['Gone@Example.org'] })
        await carryOut(open(), ['refused'], { suppress: true, now: NOW + 1_000 })
        const to = ['fine@example.org', 'gONE@example.org']
        expect(await refusal({ to, correspondentsOnly: true })).toMatchObject({
          code: 'recipient_not_allowed',
          message: expect.stringContaining('gONE@example.org'),
          facts: { recipient: 'gONE@example.org', reason: 'bounced', since: '2026-11-24T12:00:01.000Z' },
        })
        const id = (await queue(open(), inbox, { to: ['cross@x'] })).deliveries[0]?.id ?? ''
        await open().recordReport({ deliveryId: id, kind: 'complained', hard: true, statusCode: null, now: NOW })
        expect(await refusal({ to: ['cross@x'] })).toMatchObject({ facts: { recipient: 'cross@x', reason: 'complained' } })
        expect((await queue(open(), await makeInbox(open()), { to })).message.status).toBe('queued')
      })

      it('to who has not written first, where the owner wants that', async () => {
        await deliver(open(), inbox, { fromAddress: 'Bob@Example.org' })
        await deliver(open(), await makeInbox(open()), { fromAddress: 'eve@example.org' })
        await queue(open(), inbox, { to: ['eve@example.org'] })
        expect(await refusal({ to: ['bob@example.org', 'eve@example.org'], correspondentsOnly: true })).toMatchObject({
          code: 'recipient_not_allowed',
          facts: { recipient: 'eve@example.org', reason: 'send_policy' },
        })
        expect((await queue(open(), inbox, { to: ['BOB@example.ORG'], correspondentsOnly: true })).message.status).toBe('queued')
        expect(await refusal({ to: [inbox.address], correspondentsOnly: true })).toMatchObject({ code: 'recipient_not_allowed' })
      })

      it('of a thread that is not there, even when the limit is reached', async () => {
        inbox = await makeInbox(open(), { dailySendLimit: 0 })
        expect(await refusal({ threadId: newId() })).toMatchObject({ code: 'thread_not_found' })
      })

      it('beyond the limit of the day, until the next one begins', async () => {
        inbox = await makeInbox(open(), { dailySendLimit: 2 })
        for (let index = 0; index < 2; index++) await queue(open(), inbox)
        const late = Date.UTC(2026, 10, 24, 23, 59, 59, 1)
        expect(await refusal({ now: late, raw: Buffer.from('refused') })).toMatchObject({
          code: 'daily_limit_reached',
          httpStatus: 429,
          facts: { resetsAt: '2026-11-25T00:00:00.000Z', retryAfterSeconds: 1 },
        })
        expect(await counters(late)).toEqual({ sendsToday: 2, totalSent: 2, cursor: 2 })
        const midnight = NOW + DAY_MS / 2
        expect((await counters(midnight)).sendsToday).toBe(0)
        await queue(open(), inbox, { now: midnight })
        expect(await counters(midnight)).toEqual({ sendsToday: 1, totalSent: 3, cursor: 3 })
      })

      it('of yesterday that comes after the first of today, without beginning yesterday again', async () => {
        inbox = await makeInbox(open(), { dailySendLimit: 2 })
        const midnight = NOW + DAY_MS / 2
        for (const now of [midnight, midnight - 1]) await queue(open(), inbox, { now })
        expect((await counters(midnight)).sendsToday).toBe(2)
        for (const now of [midnight - 1, midnight]) expect(await refusal({ now })).toMatchObject({ code: 'daily_limit_reached' })
        // A clock that was days ahead does not keep the inbox from sending until then.
        await queue(open(), inbox, { now: midnight + 9 * DAY_MS })
        await queue(open(), inbox, { now: midnight })
        expect((await counters(midnight)).sendsToday).toBe(1)
      })

      it('and keeps nothing of it', async () => {
        inbox = await makeInbox(open(), { dailySendLimit: 0 })
        const mail = outgoing()
        await expect(open().queueMessage(AGENT, inbox.id, mail)).rejects.toMatchObject({ code: 'daily_limit_reached' })
        await expect(open().getMessage(AGENT, inbox.id, mail.messageId, { markRead: false })).rejects.toMatchObject({
          code: 'message_not_found',
        })
        expect(await claim(open())).toEqual([])
        expect((await open().listThreads(AGENT, inbox.id, FIRST_PAGE)).total).toBe(0)
      })
    })

    describe('puts what is sent into a thread', () => {
      const threadOf = ({ message }: SentMessage) => message.threadId

      it('named by the caller, whatever its references say', async () => {
        const [one, other] = [await deliver(open(), inbox), await deliver(open(), inbox)]
        const reply = await queue(open(), inbox, {
          threadId: one.threadId.toUpperCase(),
          inReplyTo: other.messageIdHeader,
          references: [other.messageIdHeader ?? ''],
        })
        expect(threadOf(reply)).toBe(one.threadId)
      })

      it('named by its references, or a new one', async () => {
        const received = await deliver(open(), inbox)
        expect(threadOf(await queue(open(), inbox, { references: [received.messageIdHeader ?? ''] }))).toBe(received.threadId)
        const newThreadId = newId()
        expect(threadOf(await queue(open(), inbox, { newThreadId }))).toBe(newThreadId)
      })

      it('where the answer to it goes too', async () => {
        const sent = await queue(open(), inbox)
        const answer = await deliver(open(), inbox, { inReplyTo: sent.message.messageIdHeader })
        expect(answer.threadId).toBe(threadOf(sent))
      })
    })
  })
}
