/** What a store promises about what is deleted: gone at once for everybody, removed in small steps, counters kept. */

import { describe, expect, it } from 'vitest'
import type { Inbox } from '../../../src/model.ts'
import type { Store } from '../../../src/store.ts'
import {
  AGENT,
  carryOut,
  claim,
  deliver,
  FIRST_PAGE,
  file,
  incoming,
  makeInbox,
  NOW,
  newId,
  OTHER_AGENT,
  OWNER,
  outgoing,
  queue,
  recipientOf,
  settlement,
} from '../support.ts'

export function describeDeleting(open: () => Store): void {
  const total = async (inbox: Inbox) => (await open().listMessages(AGENT, inbox.id, { after: null, page: FIRST_PAGE })).total

  describe('deletes a message', () => {
    it('from the list and the count, and never gives its seq away', async () => {
      const inbox = await makeInbox(open())
      const [first, second] = [await deliver(open(), inbox), await deliver(open(), inbox)]
      await open().deleteMessage(AGENT, inbox.id, second.id)
      expect(await total(inbox)).toBe(1)
      await expect(open().getMessage(AGENT, inbox.id, second.id, { markRead: false })).rejects.toMatchObject({
        code: 'message_not_found',
      })
      expect((await deliver(open(), inbox)).seq).toBe(3)
      expect((await open().getMessage(AGENT, inbox.id, first.id, { markRead: false })).seq).toBe(1)
    })

    it('once', async () => {
      const inbox = await makeInbox(open())
      const { id } = await deliver(open(), inbox)
      const deletions = await Promise.allSettled([1, 2].map(() => open().deleteMessage(AGENT, inbox.id, id)))
      expect(deletions.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
      expect(await total(inbox)).toBe(0)
    })

    it('but not the same bytes elsewhere', async () => {
      const [one, other] = [await makeInbox(open()), await makeInbox(open())]
      const mail = incoming([recipientOf(one), recipientOf(other)])
      await open().acceptMail(mail)
      const [mine, theirs] = await file(open(), mail.id)
      await open().deleteMessage(AGENT, one.id, mine?.messageId ?? '')
      expect([...(await open().getRaw(AGENT, other.id, theirs?.messageId ?? ''))]).toEqual([...mail.raw])
    })

    it('with what was to be delivered of it, and leaves what the inbox may not write to', async () => {
      const inbox = await makeInbox(open())
      const { message } = await queue(open(), inbox, { to: ['gone@x', 'b@x'] })
      const [held] = await open().claimDeliveries(OWNER, NOW, NOW + 60_000, 1)
      await open().settleDelivery(settlement(held?.id ?? '', 'refused', { suppress: true }))
      await open().deleteMessage(AGENT, inbox.id, message.id)
      expect(await claim(open())).toEqual([])
      await expect(open().getSentMessage(AGENT, inbox.id, message.id)).rejects.toMatchObject({ code: 'message_not_found' })
      expect(await open().listSuppressions(inbox.address)).toHaveLength(1)
      expect((await open().getInbox(AGENT, inbox.id, NOW)).inbox).toMatchObject({ sendsToday: 1, totalSent: 1, bounceCount: 1 })
    })

    it('and begins its thread anew when that was the last of it', async () => {
      const inbox = await makeInbox(open())
      const first = await deliver(open(), inbox, { messageIdHeader: '<a@x>', references: ['<0@x>'] })
      const second = await deliver(open(), inbox, { messageIdHeader: '<b@x>', inReplyTo: '<a@x>' })
      await open().deleteMessage(AGENT, inbox.id, second.id)
      expect((await deliver(open(), inbox, { inReplyTo: '<b@x>' })).threadId).toBe(first.threadId)
      const rest = await open().listMessages(AGENT, inbox.id, { after: null, page: FIRST_PAGE })
      for (const { id } of rest.data) await open().deleteMessage(AGENT, inbox.id, id)
      const anew = await deliver(open(), inbox, { references: ['<0@x>', '<a@x>', '<b@x>'] })
      expect(anew.threadId).not.toBe(first.threadId)
      expect((await open().deleteInbox(AGENT, inbox.id)).deleted).toMatchObject({ messages: 1, threads: 1 })
    })
  })

  describe('deletes an inbox', () => {
    it('at once for everybody, saying what went with it', async () => {
      const inbox = await makeInbox(open())
      const first = await deliver(open(), inbox)
      await deliver(open(), inbox, { inReplyTo: first.messageIdHeader })
      await deliver(open(), inbox)
      expect(await open().deleteInbox(AGENT, inbox.address)).toEqual({
        id: inbox.id,
        address: inbox.address,
        deleted: { messages: 3, threads: 2, webhooks: 0 },
      })
      expect(await open().findRecipient(inbox.address)).toBeNull()
      expect(await open().listInboxes(AGENT, FIRST_PAGE, NOW)).toEqual({ data: [], total: 0 })
      for (const ref of [inbox.id, inbox.address]) {
        await expect(open().getMessage(AGENT, ref, first.id, { markRead: false })).rejects.toMatchObject({
          code: 'inbox_not_found',
        })
        await expect(open().deleteInbox(AGENT, ref)).rejects.toMatchObject({ code: 'inbox_not_found' })
      }
    })

    it('and gives its address away, with nothing of what was in it', async () => {
      const inbox = await makeInbox(open())
      await deliver(open(), inbox, { messageIdHeader: '<a@x>' })
      await queue(open(), inbox, { to: ['gone@x'] })
      await carryOut(open(), ['refused'], { suppress: true })
      await open().deleteInbox(AGENT, inbox.id)
      const next = await makeInbox(open(), { address: inbox.address }, OTHER_AGENT)
      expect(await open().listMessages(OTHER_AGENT, next.id, { after: null, page: FIRST_PAGE })).toEqual({
        data: [],
        total: 0,
        cursor: 0,
      })
      const toGone = outgoing({ to: ['gone@x'], now: NOW + 1 })
      expect((await open().queueMessage(OTHER_AGENT, next.id, toGone)).message.seq).toBe(1)
      expect((await deliver(open(), next, { inReplyTo: '<a@x>' }, OTHER_AGENT)).seq).toBe(2)
    })

    it('row by row, in as many small steps as it takes', async () => {
      const [doomed, kept] = [await makeInbox(open()), await makeInbox(open())]
      const shared = await open().acceptMail(incoming([recipientOf(doomed), recipientOf(kept)]))
      const [, copy] = await file(open(), shared.id)
      await Promise.all(Array.from({ length: 150 }, () => deliver(open(), doomed)))
      expect(await open().sweepDeleted()).toBe(false)
      await open().deleteInbox(AGENT, doomed.id)
      let steps = 1
      while (await open().sweepDeleted()) steps += 1
      expect(steps).toBeGreaterThan(3)
      expect(await open().sweepDeleted()).toBe(false)
      expect((await open().getRaw(AGENT, kept.id, copy?.messageId ?? '')).byteLength).toBeGreaterThan(0)
      expect(await total(kept)).toBe(1)
    })

    it('only if it is there', async () => {
      await expect(open().deleteInbox(AGENT, newId())).rejects.toMatchObject({ code: 'inbox_not_found' })
    })
  })
}
