/** What a store promises about mail from one of its inboxes to another: handed over in one step, without SMTP. */

import { beforeEach, describe, expect, it } from 'vitest'
import type { Inbox } from '../../../src/model.ts'
import type { Store } from '../../../src/store.ts'
import { AGENT, carryOut, claim, file, makeInbox, NOW, newId, OTHER_AGENT, OWNER, outgoing, queue } from '../support.ts'

export function describeHandover(open: () => Store): void {
  describe('asked to hand over', () => {
    let from: Inbox
    let to: Inbox
    beforeEach(async () => {
      ;[from, to] = [await makeInbox(open()), await makeInbox(open(), {}, OTHER_AGENT)]
    })

    const envelopeFrom = 'bounce+x@agents.localhost'
    const hand = async (recipient: string, owner = OWNER) => {
      const { message, deliveries } = await queue(open(), from, { to: [recipient], carrier: 'local' })
      await claim(open())
      const spoolId = newId()
      const handover = { deliveryId: deliveries[0]?.id ?? '', owner, spoolId, envelopeFrom, now: NOW + 1_000 }
      return {
        handover,
        message,
        news: await open().handOver(handover),
        sent: () => open().getSentMessage(AGENT, from.id, message.id),
      }
    }

    describe('hands mail to an inbox here', () => {
      it('into the spool, with the bytes as they were sent, for whoever files it first', async () => {
        const { handover, message, news, sent } = await hand(to.address.replace('@', '+Tag@').toUpperCase())
        expect(news).toEqual({ inboxId: from.id, messageId: message.id, suspended: false })
        expect(await sent()).toMatchObject({
          message: { status: 'delivered', delivery: 'local' },
          deliveries: [{ state: 'delivered', nextAttemptAt: null, updatedAt: '2026-11-24T12:00:01.000Z' }],
          deliveryCursor: 1,
        })
        const address = to.address.replace('@', '+tag@')
        expect(await open().claimSpool('other', NOW, NOW + 60_000, 9)).toEqual([
          {
            id: handover.spoolId,
            envelope: {
              from: envelopeFrom,
              recipients: [{ inboxId: to.id, address, tag: 'tag' }],
              helo: '',
              remoteAddress: '',
              receivedAt: NOW + 1_000,
              local: true,
            },
            raw: new Uint8Array(await open().getRaw(AGENT, from.id, message.id)),
          },
        ])
      })

      it('where it is filed as local mail, and outlives what was sent', async () => {
        const { handover, message } = await hand(to.address)
        const raw = await open().getRaw(AGENT, from.id, message.id)
        await open().deleteMessage(AGENT, from.id, message.id)
        const [filed] = await file(open(), handover.spoolId, { fromAddress: from.address })
        const received = await open().getMessage(OTHER_AGENT, to.id, filed?.messageId ?? '', { markRead: false })
        expect(received).toMatchObject({ delivery: 'local', direction: 'inbound', status: 'received', envelopeFrom, read: false })
        expect(await open().getRaw(OTHER_AGENT, to.id, received.id)).toEqual(raw)
      })

      it('the same one twice without taking the second for a second try', async () => {
        const raw = Buffer.from('the same bytes')
        for (let index = 0; index < 2; index++) {
          await queue(open(), from, { to: [to.address], carrier: 'local', raw })
          const [held] = await claim(open())
          await open().handOver({ deliveryId: held?.id ?? '', owner: OWNER, spoolId: newId(), envelopeFrom, now: NOW })
        }
        expect(await open().claimSpool('other', NOW, NOW + 60_000, 9)).toHaveLength(2)
      })

      it('only for who holds the lease, and only once', async () => {
        const { handover, news } = await hand(to.address, 'other')
        expect(news).toBeNull()
        expect(await open().claimSpool('x', NOW, NOW, 9)).toEqual([])
        const once = { ...handover, owner: OWNER }
        const again = { ...once, spoolId: newId() }
        const answers = await Promise.all([open().handOver(once), open().handOver(again)])
        expect(answers.map((answer) => answer === null)).toEqual([false, true])
        expect(await open().claimSpool('x', NOW, NOW, 9)).toHaveLength(1)
      })

      it.each([
        ['is gone', '5.1.1'],
        ['is suspended', '5.2.1'],
      ])('but not when that %s', async (what, statusCode) => {
        if (what === 'is gone') await open().deleteInbox(OTHER_AGENT, to.id)
        else await suspend(to)
        const { news, sent } = await hand(to.address)
        expect(news).toMatchObject({ suspended: false })
        expect(await sent()).toMatchObject({
          message: { status: 'bounced' },
          deliveries: [{ state: 'refused', replyCode: 550, statusCode }],
        })
        expect((await open().getInbox(AGENT, from.id, NOW)).inbox.bounceCount).toBe(1)
        expect(await open().listSuppressions(from.address)).toEqual([])
        expect(await open().claimSpool('x', NOW, NOW, 9)).toEqual([])
      })

      it('not to what cannot be an address here', async () => {
        const { sent } = await hand('"quoted"@agents.localhost')
        expect(await sent()).toMatchObject({ deliveries: [{ state: 'refused', statusCode: '5.1.1' }] })
      })
    })

    async function suspend(inbox: Inbox): Promise<void> {
      const mail = outgoing({ to: Array.from({ length: 20 }, (_, index) => `${index}@x`) })
      await open().queueMessage(OTHER_AGENT, inbox.id, mail)
      await carryOut(open(), ['refused'])
      expect((await open().findRecipient(inbox.address))?.status).toBe('suspended')
    }
  })
}
