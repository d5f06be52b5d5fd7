/** What a store promises about a message that is to be sent: checked, counted and written in one step, or not at all. */

import { beforeEach, describe, expect, it } from 'vitest'
import { IDEMPOTENCY_KEPT_MS } from '../../../src/limits.ts'
import type { Inbox } from '../../../src/model.ts'
import type { Store } from '../../../src/store.ts'
import { AGENT, carryOut, claim, deliver, FIRST_PAGE, makeInbox, NOW, newId, outgoing, queue } from '../support.ts'

type Fields = Parameters<typeof outgoing>[0]

export function describeQueueing(open: () => Store): void {
  describe('asked to send', () => {
    let inbox: Inbox
    beforeEach(async () => {
      inbox = await makeInbox(open(), { displayName: 'Ada' })
    })

    const refusal = (fields: Fields) =>
      open()
        .queueMessage(AGENT, inbox.id, outgoing(fields))
        .catch((error) => error)
    const counters = async (now = NOW) => {
      const { inbox: shown, cursor } = await open().getInbox(AGENT, inbox.id, now)
      return { sendsToday: shown.sendsToday, totalSent: shown.totalSent, cursor }
    }

    describe('queues a message', () => {
      it('with every field of what was composed, as its inbox shows it from then on', async () => {
        const mail = outgoing({
          to: ['bob@example.org', 'Eve@Example.org'],
          fromName: 'Ada',
          ccAddresses: ['Eve@Example.org'],
          toAddresses: ['bob@example.org'],
          bodyHtml: '<p>When is it?</p>',
          inReplyTo: '<1@x>',
          references: ['<0@x>', '<1@x>'],
          attachments: [{ filename: 'a.pdf', contentType: 'application/pdf', size: 7 }],
        })
        const [first, second] = mail.deliveries
        const { message, deliveries, deliveryCursor, repeated } = await open().queueMessage(AGENT, inbox.address, mail)
        const time = '2026-11-24T12:00:00.000Z'
        const waiting = {
          state: 'queued',
          attempts: 0,
          nextAttemptAt: time,
          replyCode: null,
          statusCode: null,
          reason: null,
          updatedAt: time,
        }
        expect({ deliveries, deliveryCursor, repeated }).toEqual({
          deliveries: [
            { id: first?.id, recipient: 'bob@example.org', ...waiting },
            { id: second?.id, recipient: 'Eve@Example.org', ...waiting },
          ],
          deliveryCursor: 0,
          repeated: false,
        })
        expect(await open().getMessage(AGENT, inbox.id, mail.messageId, { markRead: false })).toEqual({
          ...message,
          bodyText: 'When is it?',
          bodyHtml: '<p>When is it?</p>',
          envelopeFrom: inbox.address,
          envelopeTo: '',
          sentAt: time,
          inReplyTo: '<1@x>',
          references: ['<0@x>', '<1@x>'],
          automatic: null,
          facts: null,
          remoteAddress: null,
          helo: null,
          senderVerdict: null,
        })
        expect(message).toEqual({
          id: mail.messageId,
          inboxId: inbox.id,
          threadId: mail.newThreadId,
          seq: 1,
          direction: 'outbound',
          fromAddress: inbox.address,
          fromName: 'Ada',
          toAddresses: ['bob@example.org'],
          ccAddresses: ['Eve@Example.org'],
          replyToAddresses: [],
          subject: 'A question',
          snippet: 'When is it?',
          delivery: 'email',
          status: 'queued',
          attachments: [{ id: '1', filename: 'a.pdf', contentType: 'application/pdf', size: 7 }],
          messageIdHeader: mail.messageIdHeader,
          read: true,
          labels: [],
          size: mail.raw.byteLength,
          createdAt: time,
          problem: null,
        })
        expect(await open().listMessages(AGENT, inbox.id, { after: null, page: FIRST_PAGE })).toEqual({
          data: [message],
          total: 1,
          cursor: 1,
        })
        expect([...(await open().getRaw(AGENT, inbox.id, mail.messageId))]).toEqual([...mail.raw])
        expect(await open().getSentMessage(AGENT, inbox.id, mail.messageId.toUpperCase())).toEqual({
          message,
          deliveries,
          deliveryCursor,
        })
      })

      it('and leaves the bytes to the caller', async () => {
        const pool = Buffer.from('a neighbour | the mail | a neighbour')
        const raw = pool.subarray(14, 22)
        const { message } = await queue(open(), inbox, { raw })
        expect(raw.toString()).toBe('the mail')
        expect(Buffer.from(await open().getRaw(AGENT, inbox.id, message.id)).toString()).toBe('the mail')
      })

      it('that no wait takes, and no near miss names', async () => {
        const { message } = await queue(open(), inbox)
        await open().updateMessage(AGENT, inbox.id, message.id, { read: false })
        expect(await open().takeMessage(AGENT, inbox.id, {}, 0)).toEqual({ message: null, cursor: 1, isComplete: true })
        expect(await open().listNearMisses(AGENT, inbox.id, { subject: 'no' }, 0, 5)).toEqual([])
      })

      it.each([
        [['local', 'local'], 'local'],
        [['local', 'relay'], 'email'],
        [['relay', 'dry-run'], 'dry-run'],
        [['local', 'dry-run'], 'dry-run'],
      ] as const)('whose recipients go by %j as one that goes by %s', async (carriers, delivery) => {
        const deliveries = carriers.map((carrier) => ({ id: newId(), recipient: `${newId()}@x`, carrier }))
        expect((await queue(open(), inbox, { deliveries })).message.delivery).toBe(delivery)
      })

      it('as one send, whatever its recipients', async () => {
        await queue(open(), inbox, { to: ['a@x', 'b@x', 'c@x'] })
        await queue(open(), inbox)
        expect(await counters()).toEqual({ sendsToday: 2, totalSent: 2, cursor: 2 })
      })

      it('not without a recipient', async () => {
        await expect(open().queueMessage(AGENT, inbox.id, outgoing({ to: [] }))).rejects.toThrow()
        expect(await counters()).toEqual({ sendsToday: 0, totalSent: 0, cursor: 0 })
      })
    })

    describe('shows what was sent', () => {
      it('only of a message that went out', async () => {
        const received = await deliver(open(), inbox)
        for (const id of [received.id, newId(), '']) {
          await expect(open().getSentMessage(AGENT, inbox.id, id)).rejects.toMatchObject({ code: 'message_not_found' })
        }
      })
    })

    describe('recognises a message queued before by its idempotency key', () => {
      let key: { key: string; fingerprint: string }
      beforeEach(() => {
        key = { key: newId(), fingerprint: 'a' }
      })

      it('and answers it as it stands now, queueing nothing', async () => {
        const first = await queue(open(), inbox, { idempotency: key })
        await carryOut(open(), ['sent'])
        const again = await open().queueMessage(AGENT, inbox.id, outgoing({ idempotency: key, to: ['other@x'] }))
        expect(again).toMatchObject({ repeated: true, message: { id: first.message.id, status: 'sent' }, deliveryCursor: 1 })
        expect(again.deliveries.map(({ recipient, state }) => [recipient, state])).toEqual([['somebody@example.org', 'sent']])
        expect(await counters()).toEqual({ sendsToday: 1, totalSent: 1, cursor: 1 })
        expect(await claim(open())).toEqual([])
      })

      it('when two ask at the same moment', async () => {
        const answers = await Promise.all([1, 2].map(() => open().queueMessage(AGENT, inbox.id, outgoing({ idempotency: key }))))
        expect(answers.map(({ repeated }) => repeated)).toEqual([false, true])
        expect(answers[1]?.message).toEqual(answers[0]?.message)
      })

      it('before anything else is asked, so that it is answered whatever has happened since', async () => {
        inbox = await makeInbox(open(), { dailySendLimit: 1 })
        const first = await queue(open(), inbox, { idempotency: key })
        const fields = { idempotency: key, threadId: newId(), correspondentsOnly: true }
        expect(await refusal(fields)).toMatchObject({ repeated: true, message: first.message })
      })

      it('but not with other content', async () => {
        await queue(open(), inbox, { idempotency: key })
        expect(await refusal({ idempotency: { ...key, fingerprint: 'b' } })).toMatchObject({ code: 'conflict' })
        expect((await counters()).sendsToday).toBe(1)
      })

      it('but not once that message is deleted', async () => {
        const { message } = await queue(open(), inbox, { idempotency: key })
        await open().deleteMessage(AGENT, inbox.id, message.id)
        const refused = { code: 'conflict', message: expect.stringContaining('deleted') }
        expect(await refusal({ idempotency: key })).toMatchObject(refused)
        expect((await counters()).sendsToday).toBe(1)
      })

      it('in this inbox only, and not as the key of another operation', async () => {
        const other = await makeInbox(open(), { idempotency: key })
        await queue(open(), inbox, { idempotency: key })
        const elsewhere = await open().queueMessage(AGENT, other.id, outgoing({ idempotency: key }))
        expect(elsewhere.repeated).toBe(false)
      })

      it('until it is forgotten', async () => {
        const first = await queue(open(), inbox, { idempotency: key })
        const at = (now: number) => open().queueMessage(AGENT, inbox.id, outgoing({ idempotency: key, now }))
        expect((await at(NOW + IDEMPOTENCY_KEPT_MS - 1)).message.id).toBe(first.message.id)
        expect((await at(NOW + IDEMPOTENCY_KEPT_MS)).repeated).toBe(false)
      })

      it('not when the first try was refused', async () => {
        expect(await refusal({ idempotency: key, threadId: newId() })).toMatchObject({ code: 'thread_not_found' })
        await queue(open(), inbox, { idempotency: key })
      })
    })
  })
}
