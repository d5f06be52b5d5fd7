/** What a store promises about threads: listed by their newest message, read from their oldest. */

import { describe, expect, it } from 'vitest'
import type { Store } from '../../../src/store.ts'
import { AGENT, deliver, FIRST_PAGE, file, incoming, makeInbox, NOW, newId, queue, recipientOf } from '../support.ts'

export function describeThreads(open: () => Store): void {
  describe('lists threads', () => {
    it('newest message first, a page at a time, with the number of all', async () => {
      const inbox = await makeInbox(open())
      const first = await deliver(open(), inbox, { subject: 'first' })
      const others = [await deliver(open(), inbox, { subject: '2' }), await deliver(open(), inbox, { subject: '3' })]
      await queue(open(), inbox, { threadId: first.threadId, subject: 'Re: first', now: NOW + 1_000 })
      const ids = [first, ...others.toReversed()].map(({ threadId }) => threadId)
      const list = async (limit: number, offset: number) => {
        const { data, total } = await open().listThreads(AGENT, inbox.id, { limit, offset })
        return { ids: data.map(({ id }) => id), total }
      }
      expect(await list(20, 0)).toEqual({ ids, total: 3 })
      expect(await list(1, 1)).toEqual({ ids: ids.slice(1, 2), total: 3 })
      expect(await list(5, 3)).toEqual({ ids: [], total: 3 })
    })

    it('by the subject that began them, with what they hold', async () => {
      const inbox = await makeInbox(open())
      const { threadId } = (await queue(open(), inbox, { subject: 'A question' })).message
      const { id } = await open().acceptMail(incoming([recipientOf(inbox)]))
      const shown = await open().getThread(AGENT, inbox.id, threadId, FIRST_PAGE)
      const inReplyTo = shown.data[0]?.messageIdHeader ?? ''
      await file(open(), id, { subject: 'Re: A question', inReplyTo }, NOW + 5_000)
      expect(await open().listThreads(AGENT, inbox.address, FIRST_PAGE)).toEqual({
        data: [
          {
            id: threadId,
            inboxId: inbox.id,
            subject: 'A question',
            messageCount: 2,
            lastMessageAt: '2026-11-24T12:00:05.000Z',
            createdAt: '2026-11-24T12:00:00.000Z',
          },
        ],
        total: 1,
      })
    })
  })

  describe('shows a thread', () => {
    it('oldest first, what was received and what was sent together', async () => {
      const inbox = await makeInbox(open())
      const received = await deliver(open(), inbox)
      const { message: reply } = await queue(open(), inbox, { threadId: received.threadId })
      const answer = await deliver(open(), inbox, { inReplyTo: reply.messageIdHeader })
      await deliver(open(), inbox)
      const read = async (limit: number, offset: number) => {
        const { thread, data, total } = await open().getThread(AGENT, inbox.id, received.threadId.toUpperCase(), {
          limit,
          offset,
        })
        return { count: thread.messageCount, ids: data.map(({ id }) => id), total }
      }
      expect(await read(20, 0)).toEqual({ count: 3, ids: [received.id, reply.id, answer.id], total: 3 })
      expect(await read(1, 2)).toEqual({ count: 3, ids: [answer.id], total: 3 })
      const { data } = await open().getThread(AGENT, inbox.id, received.threadId, FIRST_PAGE)
      expect(data[1]).toEqual(reply)
      expect(data[0]).not.toHaveProperty('bodyText')
    })

    it('only if it is in this inbox', async () => {
      const [one, other] = [await makeInbox(open()), await makeInbox(open())]
      const { threadId } = await deliver(open(), other)
      for (const id of [threadId, newId(), '']) {
        await expect(open().getThread(AGENT, one.id, id, FIRST_PAGE)).rejects.toMatchObject({ code: 'thread_not_found' })
      }
    })
  })
}
