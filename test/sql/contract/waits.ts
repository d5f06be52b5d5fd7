/** What a store promises to who waits for mail: the oldest that matches, once; and why the others did not match. */

import { describe, expect, it } from 'vitest'
import { MAX_TEXT_CHARS, SCAN_STEP_CHARS, SCAN_STEP_ROWS } from '../../../src/limits.ts'
import type { MessageFilter, Store } from '../../../src/store.ts'
import { AGENT, deliver, makeInbox, takeSubject } from '../support.ts'

export function describeWaits(open: () => Store): void {
  describe('takes a message', () => {
    it('the oldest unread one, as a whole, and marks it read', async () => {
      const inbox = await makeInbox(open())
      const [first, second] = [await deliver(open(), inbox), await deliver(open(), inbox)]
      const take = () => open().takeMessage(AGENT, inbox.address, {}, 0)
      expect(await take()).toEqual({ message: { ...first, read: true }, cursor: 1, isComplete: true })
      expect(await take()).toEqual({ message: { ...second, read: true }, cursor: 2, isComplete: true })
      expect(await take()).toEqual({ message: null, cursor: 2, isComplete: true })
      expect((await open().getMessage(AGENT, inbox.id, first.id, { markRead: false })).read).toBe(true)
    })

    it('for one of those who wait for it', async () => {
      const inbox = await makeInbox(open())
      const ids = [(await deliver(open(), inbox)).id, (await deliver(open(), inbox)).id]
      const takes = await Promise.all([1, 2, 3, 4].map(() => open().takeMessage(AGENT, inbox.id, {}, 0)))
      expect(takes.flatMap(({ message }) => message?.id ?? [])).toEqual(ids)
    })

    it('only what came after the cursor', async () => {
      const inbox = await makeInbox(open())
      for (const subject of ['1', '2', '3']) await deliver(open(), inbox, { subject })
      expect(await takeSubject(open(), inbox, {}, 1)).toBe('2')
      expect(await takeSubject(open(), inbox, {}, 3)).toBeNull()
      expect(await takeSubject(open(), inbox, {}, 0)).toBe('1')
    })

    it('again after somebody marked it unread', async () => {
      const inbox = await makeInbox(open())
      const { id } = await deliver(open(), inbox, { subject: 'again' })
      expect(await takeSubject(open(), inbox)).toBe('again')
      await open().updateMessage(AGENT, inbox.id, id, { read: false })
      expect(await takeSubject(open(), inbox)).toBe('again')
    })

    it.each<[MessageFilter, string | null]>([
      [{ from: 'SHOP@' }, 'Ihr Änderungscode'],
      [{ from: 'größe' }, 'Ihr Änderungscode'],
      [{ from: 'nobody' }, null],
      [{ subject: 'änderungsCODE' }, 'Ihr Änderungscode'],
      [{ subject: '%' }, null],
      [{ subject: '' }, 'Ihr Änderungscode'],
      [{ contains: 'ÄNDERUNG' }, 'Ihr Änderungscode'],
      [{ contains: 'ΚΏΔΙΚΑ: 123' }, 'Ihr Änderungscode'],
      [{ contains: '<b>' }, null],
      [{ from: 'shop', subject: 'ihr', contains: 'κώδικα' }, 'Ihr Änderungscode'],
      [{ from: 'shop', subject: 'ihr', contains: 'other' }, null],
      [{ from: 'other', contains: 'κώδικα' }, null],
    ])('that meets every condition of %j', async (filter, subject) => {
      const inbox = await makeInbox(open())
      await deliver(open(), inbox, {
        fromName: 'Große Größe',
        subject: 'Ihr Änderungscode',
        bodyText: 'κώδικα: 123',
        bodyHtml: '<b>κώδικα</b>',
      })
      expect(await takeSubject(open(), inbox, filter)).toBe(subject)
    })

    it('behind many that do not match, and leaves those unread', async () => {
      const inbox = await makeInbox(open())
      const others = Array.from({ length: SCAN_STEP_ROWS + 5 }, () => deliver(open(), inbox, { subject: 'other' }))
      await Promise.all(others)
      await deliver(open(), inbox, { subject: 'mine' })
      const take = (after: number) => open().takeMessage(AGENT, inbox.id, { subject: 'mine' }, after)
      // So many and no more in one step, which everybody else has to wait for.
      expect(await take(0)).toEqual({ message: null, cursor: SCAN_STEP_ROWS, isComplete: false })
      expect(await take(SCAN_STEP_ROWS)).toMatchObject({ message: { subject: 'mine' }, cursor: SCAN_STEP_ROWS + 6 })
      expect(await take(SCAN_STEP_ROWS)).toEqual({ message: null, cursor: SCAN_STEP_ROWS + 6, isComplete: true })
      expect(await takeSubject(open(), inbox)).toBe('other')
    })

    it('behind much text, a part of which is searched in each step', async () => {
      const inbox = await makeInbox(open())
      const bodyText = 'x'.repeat(MAX_TEXT_CHARS)
      const steps = SCAN_STEP_CHARS / MAX_TEXT_CHARS
      for (let index = 0; index < 2 * steps; index++) await deliver(open(), inbox, { bodyText })
      await deliver(open(), inbox, { bodyText: 'Here' })
      const take = (after: number) => open().takeMessage(AGENT, inbox.id, { contains: 'here' }, after)
      expect(await take(0)).toEqual({ message: null, cursor: steps, isComplete: false })
      expect(await take(steps)).toEqual({ message: null, cursor: 2 * steps, isComplete: false })
      expect(await take(2 * steps)).toMatchObject({ message: { bodyText: 'Here' }, isComplete: true })
      // Newest first: behind the small one, the text of the large ones is searched no further than in a step.
      const misses = await open().listNearMisses(AGENT, inbox.id, { contains: 'nothing' }, 0, 10)
      expect(misses.map(({ seq }) => seq)).toEqual([2 * steps + 1, 2 * steps, 2 * steps - 1])
    })
  })

  describe('says why a wait did not take what came', () => {
    it('newest first, with each condition that failed', async () => {
      const inbox = await makeInbox(open())
      const taken = await deliver(open(), inbox, { subject: 'Code', bodyText: '123' })
      await deliver(open(), inbox, { subject: 'News', bodyText: '456' })
      await deliver(open(), inbox, { subject: 'Code', bodyText: '456', fromAddress: 'x@y', fromName: null })
      const filter = { from: 'shop', subject: 'code', contains: '123' }
      await open().takeMessage(AGENT, inbox.id, filter, 0)
      expect(await open().listNearMisses(AGENT, inbox.id, filter, 0, 5)).toMatchObject([
        { seq: 3, failed: ['from', 'contains'], fromAddress: 'x@y', fromName: null, subject: 'Code' },
        { seq: 2, failed: ['subject', 'contains'], subject: 'News' },
        { seq: 1, messageId: taken.id, failed: ['read'] },
      ])
    })

    it('for no more messages than asked for, and none before the cursor', async () => {
      const inbox = await makeInbox(open())
      for (let index = 0; index < 4; index++) await deliver(open(), inbox)
      const misses = async (after: number, limit: number) => {
        const found = await open().listNearMisses(AGENT, inbox.id, { subject: 'other' }, after, limit)
        return found.map(({ seq }) => seq)
      }
      expect(await misses(0, 2)).toEqual([4, 3])
      expect(await misses(3, 5)).toEqual([4])
      expect(await misses(4, 5)).toEqual([])
    })

    it('but not for one that the next wait will take', async () => {
      const inbox = await makeInbox(open())
      await deliver(open(), inbox)
      expect(await open().listNearMisses(AGENT, inbox.id, {}, 0, 5)).toEqual([])
    })
  })
}
