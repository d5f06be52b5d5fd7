/** What a store promises about searching: everything that was filed is found by its words, by nobody but its owner, until it is deleted. */

import { describe, expect, it } from 'vitest'
import type { Inbox, PageRequest } from '../../../src/model.ts'
import { INDEX_STEP_ROWS, MAX_INDEXED_CHARS } from '../../../src/search/limits.ts'
import { readSearchQuery } from '../../../src/search/reader.ts'
import type { Store } from '../../../src/store.ts'
import { AGENT, deliver, FIRST_PAGE, file, incoming, makeInbox, NOW, OTHER_AGENT, queue, recipientOf } from '../support.ts'

const DAY_MS = 86_400_000

/** A query, and what of {@link MAIL} it finds, newest first. */
const SEARCHES: readonly (readonly [query: string, found: string])[] = [
  ['verification', 'code'],
  ['VERIFICATION', 'code'],
  ['verif', ''],
  ['"verification code"', 'code'],
  ['"code verification"', ''],
  ['code verification', 'code'],
  ['from:alice', 'invoice'],
  ['from:alice@shop.example.com', 'invoice'],
  ['from:shop.example.com', 'invoice'],
  ['from:example.com', 'invoice code'],
  ['from:"Alice Smith"', 'invoice'],
  ['from:"Smith Alice"', ''],
  ['to:bob', 'invoice'],
  ['to:carol@example.net', 'code'],
  ['from:bob', ''],
  ['subject:invoice', 'invoice'],
  ['subject:"invoice march"', 'invoice'],
  ['subject:total', ''],
  ['total', 'invoice'],
  ['report.pdf', 'invoice'],
  ['has:attachment', 'invoice'],
  ['-has:attachment', 'lunch code'],
  ['is:unread', 'lunch code'],
  ['is:read', 'invoice'],
  ['-is:unread', 'invoice'],
  ['label:work', 'invoice'],
  ['label:WORK label:paid', 'invoice'],
  ['label:wor', ''],
  ['-label:work', 'lunch code'],
  ['label:work -label:paid', ''],
  ['-invoice', 'lunch code'],
  ['-from:example.com', 'lunch'],
  ['-invoice -verification', 'lunch'],
  ['-"verification code"', 'lunch invoice'],
  ['from:example.com -subject:code', 'invoice'],
  ['after:1d', 'lunch invoice'],
  ['before:1d', 'code'],
  ['-before:1d', 'lunch invoice'],
  ['after:2026-11-24', 'lunch invoice'],
  ['before:2026-11-24 from:example.com', 'code'],
  ['larger:1k', ''],
  ['smaller:1k', 'lunch invoice code'],
  ['from:example.com has:attachment is:read label:work after:2026-01-01 smaller:1mb', 'invoice'],
  ['from:example.com is:unread', 'code'],
  ['café', 'lunch'],
  ['cafe', 'lunch'],
  ['会议', 'lunch'],
  ['日本語', 'lunch'],
  ['本語', 'lunch'],
  ['語本', ''],
  ['인증번호', 'lunch'],
  ['123', 'lunch'],
  ['รหัส', 'lunch'],
  ['strasse', 'lunch'],
  ['STRAẞE', 'lunch'],
  ['"weisse strasse"', 'lunch'],
  ['"strasse weisse"', ''],
  ['-strasse', 'invoice code'],
  ['encyclopaedia', 'lunch'],
  ['nothing', ''],
]

const MAIL = [
  {
    subject: 'code',
    fromName: 'Security',
    fromAddress: 'no-reply@example.com',
    toAddresses: ['carol@example.net'],
    bodyText: 'Verification code: 4711',
  },
  {
    subject: 'invoice',
    fromName: 'Alice Smith',
    fromAddress: 'alice@shop.example.com',
    ccAddresses: ['bob@example.net'],
    bodyText: 'The total is 12.50 EUR.',
    attachments: [{ filename: 'Report.pdf', contentType: 'application/pdf', size: 1 }],
  },
  {
    subject: 'lunch',
    fromName: null,
    fromAddress: 'dan@other.example',
    bodyText: 'Café: 今天的会议。日本語のメール 인증번호는 １２３ รหัสยืนยัน Weiße Straße 5, encyclopædia',
  },
]

/** What mail is made of that hopes to be taken for a query, or to break one. */
const HOSTILE = [
  '"',
  '""',
  '" OR "a" OR "',
  'NEAR("a" "b", 5)',
  '{sender subject} : a',
  'sender:a* ^b',
  "'; DROP TABLE message; --",
  'a\0b',
  '\ud800',
  '🎉🎉',
  'a'.repeat(2_000_000),
  '\u0300\u0315'.repeat(100_000),
  '\ufdfa'.repeat(20_000),
  '字'.repeat(50_000),
]

export function describeSearch(open: () => Store): void {
  const search = async (inbox: Inbox, query: string, { agent = AGENT, after = null, page = FIRST_PAGE }: Options = {}) => {
    const found = await open().searchMessages(agent, inbox.id, readSearchQuery(query, NOW), { after, page })
    if (!found.isComplete) throw new Error('searched too early')
    return found
  }
  const subjects = async (inbox: Inbox, query: string, options: Options = {}) => {
    const { data, total } = await search(inbox, query, options)
    expect(total).toBe(data.length)
    return data.map(({ subject }) => subject).join(' ')
  }
  const indexAll = async () => {
    while (await open().indexMessages());
  }

  describe('searches an inbox', () => {
    it('by words, phrases and operators, newest first', async () => {
      const inbox = await makeInbox(open())
      const [first, second, third] = MAIL
      const accepted = await open().acceptMail(incoming([recipientOf(inbox)]))
      await file(open(), accepted.id, first, NOW - 2 * DAY_MS)
      const { id } = await deliver(open(), inbox, { ...second, subject: 'invoice March' })
      await open().updateMessage(AGENT, inbox.id, id, { read: true, addLabels: ['work', 'paid'] })
      await deliver(open(), inbox, third)
      const found = await Promise.all(SEARCHES.map(async ([query]) => [query, await subjects(inbox, query)] as const))
      expect(found.map(([query, names]) => [query, names.replace(' March', '')])).toEqual(SEARCHES)
    })

    it('whether it was indexed before or is found on the way', async () => {
      const inbox = await makeInbox(open())
      await deliver(open(), inbox, { subject: 'one' })
      await indexAll()
      expect(await open().indexMessages()).toBe(false)
      await deliver(open(), inbox, { subject: 'two' })
      await queue(open(), inbox, { subject: 'sent', bodyText: 'Your code, please' })
      expect(await subjects(inbox, 'code')).toBe('sent two one')
      expect(await open().indexMessages()).toBe(false)
      expect(await subjects(inbox, 'from:agents.localhost')).toBe('sent')
    })

    it('in pages with an exact total, or only behind a cursor', async () => {
      const inbox = await makeInbox(open())
      for (let index = 1; index <= 7; index++)
        await deliver(open(), inbox, { subject: `no ${index}`, bodyText: index % 2 ? 'odd' : 'even' })
      expect(await search(inbox, 'odd', { page: { limit: 2, offset: 1 } })).toMatchObject({
        data: [{ seq: 5 }, { seq: 3 }],
        total: 4,
        cursor: 7,
        isComplete: true,
      })
      for (const query of ['odd', 'odd is:unread', 'is:unread -even']) {
        expect(await search(inbox, query, { after: 3 })).toMatchObject({ data: [{ seq: 7 }, { seq: 5 }], total: 2 })
        expect(await search(inbox, query, { page: { limit: 2, offset: 9 } })).toMatchObject({ data: [], total: 4 })
      }
      expect(await search(inbox, 'is:unread', { page: { limit: 1, offset: 0 } })).toMatchObject({ data: [{ seq: 7 }], total: 7 })
    })

    it('step by step, where much of it is not indexed yet, and says when it is done', async () => {
      const inbox = await makeInbox(open())
      await Promise.all(Array.from({ length: INDEX_STEP_ROWS + 1 }, () => deliver(open(), inbox)))
      const step = () => open().searchMessages(AGENT, inbox.id, readSearchQuery('code', NOW), { after: null, page: FIRST_PAGE })
      expect(await step()).toMatchObject({ isComplete: false, data: [], total: 0 })
      expect(await step()).toMatchObject({ isComplete: true, total: INDEX_STEP_ROWS + 1 })
    })

    it('that has no mail', async () => {
      expect(await search(await makeInbox(open()), 'code')).toMatchObject({ data: [], total: 0, cursor: 0 })
    })

    it('and no other', async () => {
      const [mine, alsoMine] = [await makeInbox(open()), await makeInbox(open())]
      const theirs = await makeInbox(open(), {}, OTHER_AGENT)
      await deliver(open(), mine, { subject: 'mine' })
      await deliver(open(), alsoMine, { subject: 'also' })
      await deliver(open(), theirs, { subject: 'theirs', bodyText: 'code i1 i2 i3' }, OTHER_AGENT)
      await deliver(open(), mine, { subject: 'mine', bodyText: 'code i1 i2 i3' })
      await indexAll()
      for (const query of ['code', '-nothing', '-from:nobody', 'code -nothing', 'is:unread']) {
        expect(await subjects(mine, query)).toBe('mine mine')
        expect(await subjects(alsoMine, query)).toBe('also')
        expect(await subjects(theirs, query, { agent: OTHER_AGENT })).toBe('theirs')
      }
      for (const id of ['i1', 'i2', 'i3', '"i2 i3"']) expect(await subjects(mine, id)).toBe('mine')
    })

    it('for every recipient, also one that no header names', async () => {
      const [one, other] = [await makeInbox(open()), await makeInbox(open())]
      const mail = incoming([recipientOf(one, 'shop'), recipientOf(other)])
      await open().acceptMail(mail)
      await file(open(), mail.id, { subject: 'both', toAddresses: ['list@example.org'] })
      expect(await subjects(one, 'to:shop label:shop')).toBe('both')
      expect(await subjects(other, `to:${other.address}`)).toBe('both')
      expect(await subjects(other, 'to:shop')).toBe('')
    })

    it('for no message that was deleted, before it was indexed or after', async () => {
      const inbox = await makeInbox(open())
      const [first, second, third] = [await deliver(open(), inbox), await deliver(open(), inbox), await deliver(open(), inbox)]
      await open().deleteMessage(AGENT, inbox.id, third.id)
      expect((await search(inbox, 'code')).data.map(({ id }) => id)).toEqual([second.id, first.id])
      await open().deleteMessage(AGENT, inbox.id, first.id)
      expect((await search(inbox, 'code')).data.map(({ id }) => id)).toEqual([second.id])
      await deliver(open(), inbox, { subject: 'fourth', bodyText: 'code' })
      expect((await search(inbox, 'code')).data.map(({ seq }) => seq)).toEqual([4, 2])
    })

    it('for nothing of an inbox that was deleted, whoever has its address now, swept or not', async () => {
      const inbox = await makeInbox(open())
      for (let index = 0; index < 80; index++) await deliver(open(), inbox, { subject: 'old' })
      await indexAll()
      await open().deleteInbox(AGENT, inbox.id)
      const next = await makeInbox(open(), { address: inbox.address }, OTHER_AGENT)
      expect(await subjects(next, 'code', { agent: OTHER_AGENT })).toBe('')
      await open().sweepDeleted()
      await deliver(open(), next, { subject: 'new' }, OTHER_AGENT)
      expect(await subjects(next, 'code', { agent: OTHER_AGENT })).toBe('new')
      while (await open().sweepDeleted());
      const third = await makeInbox(open())
      await deliver(open(), third, { subject: 'third' })
      expect(await subjects(third, 'code')).toBe('third')
      expect(await subjects(next, 'old', { agent: OTHER_AGENT })).toBe('')
    })

    it('as far as the bound of its text, and not beyond', async () => {
      const inbox = await makeInbox(open())
      await deliver(open(), inbox, {
        subject: 'long',
        bodyText: `first${' x'.repeat(MAX_INDEXED_CHARS / 2 - 10)} near ${' y'.repeat(20)} beyond`,
      })
      expect(await subjects(inbox, 'first near')).toBe('long')
      expect(await subjects(inbox, 'beyond')).toBe('')
    })
  })

  describe('searches whatever is written', () => {
    it('in mail', async () => {
      const inbox = await makeInbox(open())
      for (const text of HOSTILE)
        await deliver(open(), inbox, {
          subject: text.slice(0, 100),
          fromName: text.slice(0, 255),
          toAddresses: [text.slice(0, 254)],
          bodyText: `${text} end`,
        })
      for (let done = false; !done; ) {
        const words = readSearchQuery('from:shop', NOW)
        done = (await open().searchMessages(AGENT, inbox.id, words, { after: null, page: FIRST_PAGE })).isComplete
      }
      expect((await search(inbox, 'from:shop')).total).toBeGreaterThan(HOSTILE.length - 5)
      expect(await search(inbox, 'DROP "TABLE message"')).toMatchObject({ total: 1 })
    })

    it.each(HOSTILE.filter(({ length }) => length < 100))('in a query: %j', async (text) => {
      const inbox = await makeInbox(open())
      await deliver(open(), inbox)
      for (const query of [text, `"${text}"`, `from:${text}`, `subject:"${text}"`, `-${text}`, `label:${text}`, `code ${text}`]) {
        const found = await search(inbox, query).catch((error) => error)
        if (found instanceof Error) expect(found).toMatchObject({ code: 'invalid_argument' })
        else expect(found.total).toBeLessThan(2)
      }
    })
  })
}

type Options = { agent?: string; after?: number | null; page?: PageRequest }
