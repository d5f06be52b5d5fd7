/** What a store promises about messages that are filed: as they came, listed, changed, deleted. */

import { describe, expect, it } from 'vitest'
import {
  MAX_HTML_CHARS,
  MAX_LABEL_CHARS,
  MAX_LABELS,
  MAX_LISTED_ITEMS,
  MAX_TEXT_CHARS,
  SNIPPET_CHARS,
} from '../../../src/limits.ts'
import { NO_FACTS } from '../../../src/mail-facts.ts'
import { packTexts, readText, viewText } from '../../../src/mail-text.ts'
import type { Inbox, Message } from '../../../src/model.ts'
import type { Store, WantedBodies } from '../../../src/store.ts'
import { AGENT, deliver, FIRST_PAGE, file, incoming, makeInbox, NOW, newId, parsed, recipientOf } from '../support.ts'

export function describeMessages(open: () => Store): void {
  const list = (inbox: Inbox, after: number | null = null, page = FIRST_PAGE) =>
    open().listMessages(AGENT, inbox.id, { after, page })

  describe('shows a message', () => {
    it('in a list, or a thread, with the first of many addresses and attachments; by itself with all', async () => {
      const inbox = await makeInbox(open())
      const many = Array.from({ length: MAX_LISTED_ITEMS + 1 }, (_, index) => `${index}@example.org`)
      const lists = {
        toAddresses: many,
        ccAddresses: many,
        replyToAddresses: many,
        attachments: many.map((filename) => ({ filename, contentType: 'text/plain', size: 1 })),
      }
      const message = await deliver(open(), inbox, lists)
      expect(message).toMatchObject(lists)
      const firstOf = <Item>(items: readonly Item[]) => items.slice(0, MAX_LISTED_ITEMS)
      const { toAddresses, ccAddresses, replyToAddresses, attachments } = lists
      const cut = {
        toAddresses: firstOf(toAddresses),
        ccAddresses: firstOf(ccAddresses),
        replyToAddresses: firstOf(replyToAddresses),
        attachments: firstOf(attachments),
      }
      expect((await list(inbox)).data).toMatchObject([cut])
      expect((await open().getThread(AGENT, inbox.id, message.threadId, FIRST_PAGE)).data).toMatchObject([cut])
    })

    it('with every field of what was received', async () => {
      const inbox = await makeInbox(open())
      const mail = incoming([recipientOf(inbox, 'shop')])
      await open().acceptMail(mail)
      const ids = { messageId: newId(), threadId: newId() }
      const read = parsed({
        replyToAddresses: ['help@example.org'],
        ccAddresses: ['c@example.org', 'd@example.org'],
        inReplyTo: '<before@example.org>',
        references: ['<first@example.org>', '<before@example.org>'],
        bodyText: '  Your\ncode\t is 1.\n',
        bodyHtml: '<p>Your code</p>',
        attachments: [
          { filename: 'a.pdf', contentType: 'application/pdf', size: 7 },
          { filename: null, contentType: 'image/png', size: 0 },
        ],
        automatic: 'list',
        problems: ['The date could not be read.', 'Two From headers.'],
        sentAt: null,
      })
      await open().fileMail(mail.id, read, [ids], NOW + 1_000)
      const shown = await open().getMessage(AGENT, inbox.id, ids.messageId, { markRead: false })
      expect(shown).toEqual({
        id: ids.messageId,
        inboxId: inbox.id,
        threadId: ids.threadId,
        seq: 1,
        direction: 'inbound',
        fromAddress: 'shop@example.org',
        fromName: 'The Shop',
        toAddresses: ['somebody@agents.localhost'],
        ccAddresses: ['c@example.org', 'd@example.org'],
        replyToAddresses: ['help@example.org'],
        subject: 'Your code',
        snippet: 'Your code is 1.',
        delivery: 'email',
        status: 'received',
        attachments: [
          { id: '1', filename: 'a.pdf', contentType: 'application/pdf', size: 7 },
          { id: '2', filename: null, contentType: 'image/png', size: 0 },
        ],
        messageIdHeader: read.messageIdHeader,
        read: false,
        labels: ['shop'],
        size: mail.raw.byteLength,
        createdAt: '2026-11-24T12:00:01.000Z',
        problem: 'The date could not be read. Two From headers.',
        bodyText: read.bodyText,
        bodyHtml: '<p>Your code</p>',
        envelopeFrom: 'shop@example.org',
        envelopeTo: recipientOf(inbox, 'shop').address,
        sentAt: null,
        inReplyTo: '<before@example.org>',
        references: ['<first@example.org>', '<before@example.org>'],
        automatic: 'list',
        facts: NO_FACTS,
        remoteAddress: '127.0.0.1',
        helo: 'mail.example.org',
        senderVerdict: null,
      } satisfies Message)
    })

    it('without what the mail does not have', async () => {
      const inbox = await makeInbox(open())
      const bare = { fromName: null, messageIdHeader: null, sentAt: NOW - 1_000, bodyText: '', toAddresses: [] }
      expect(await deliver(open(), inbox, bare)).toMatchObject({
        fromName: null,
        messageIdHeader: null,
        sentAt: '2026-11-24T11:59:59.000Z',
        snippet: '',
        toAddresses: [],
        labels: [],
        attachments: [],
        problem: null,
        bodyHtml: null,
        inReplyTo: null,
        references: [],
        automatic: null,
      })
    })

    it.each([Number.NaN, Number.POSITIVE_INFINITY, 8.64e15 + 1, -1e300])('though its Date header claims %d', async (sentAt) => {
      const inbox = await makeInbox(open())
      expect(await deliver(open(), inbox, { sentAt })).toMatchObject({ sentAt: null })
    })

    it('with texts as long as may be, which leave who files them and come as bytes', async () => {
      const inbox = await makeInbox(open())
      const [bodyText, bodyHtml] = ['今'.repeat(MAX_TEXT_CHARS), '会é'.repeat(MAX_HTML_CHARS / 2)]
      const mail = incoming([recipientOf(inbox)])
      await open().acceptMail(mail)
      const packed = packTexts(parsed({ bodyText, bodyHtml }))
      const [filed] = await open().fileMail(mail.id, packed, [{ messageId: newId(), threadId: newId() }], NOW)
      expect([packed.bodyText, packed.bodyHtml].map((text) => text?.length)).toEqual([0, 0])
      const shown = await open().getMessage(AGENT, inbox.id, filed?.messageId ?? '', { markRead: false })
      expect(shown.snippet).toBe('今'.repeat(SNIPPET_CHARS))
      expect([shown.bodyText, shown.bodyHtml]).toEqual([expect.any(Uint8Array), expect.any(Uint8Array)])
      expect([readText(shown.bodyText), readText(shown.bodyHtml ?? '')]).toEqual([bodyText, bodyHtml])
      const taken = await open().takeMessage(AGENT, inbox.id, { contains: '今' }, 0)
      expect(Buffer.compare(viewText(taken.message?.bodyText ?? ''), viewText(bodyText))).toBe(0)
    })

    it('with those of its bodies that are asked for, and always with whether there is HTML', async () => {
      const inbox = await makeInbox(open())
      const [plain, both] = [await deliver(open(), inbox), await deliver(open(), inbox, { bodyText: 'text', bodyHtml: '<p>' })]
      const get = async ({ id }: { id: string }, bodies: WantedBodies) => {
        const { bodyText, bodyHtml } = await open().getMessage(AGENT, inbox.id, id, { markRead: false, bodies })
        return [bodyText, bodyHtml]
      }
      expect(await get(both, 'both')).toEqual(['text', '<p>'])
      expect(await get(both, 'text')).toEqual(['text', ''])
      expect(await get(both, 'html')).toEqual(['', '<p>'])
      expect(await get(both, 'none')).toEqual(['', ''])
      expect(await get(plain, 'none')).toEqual(['', null])
      expect(await get(plain, 'html')).toEqual(['', null])
      const { message } = await open().takeMessage(AGENT, inbox.id, {}, plain.seq)
      expect(message).toMatchObject({ bodyText: 'text', bodyHtml: '' })
    })

    it('with its raw bytes', async () => {
      const inbox = await makeInbox(open())
      const mail = incoming([recipientOf(inbox)], { raw: Buffer.from([0, 255, 13, 10, 128, 46]) })
      await open().acceptMail(mail)
      const [filed] = await file(open(), mail.id)
      expect([...(await open().getRaw(AGENT, inbox.address, filed?.messageId ?? ''))]).toEqual([...mail.raw])
    })

    it('marked as read only when that is asked for', async () => {
      const inbox = await makeInbox(open())
      const { id } = await deliver(open(), inbox)
      const get = async (markRead: boolean) => (await open().getMessage(AGENT, inbox.id, id, { markRead })).read
      expect([await get(false), await get(true), await get(false)]).toEqual([false, true, true])
    })

    it('by an id in any case, and only if it is there', async () => {
      const inbox = await makeInbox(open())
      const message = await deliver(open(), inbox)
      expect(await open().getMessage(AGENT, inbox.id, message.id.toUpperCase(), { markRead: false })).toEqual(message)
      await expect(open().getMessage(AGENT, inbox.id, newId(), { markRead: true })).rejects.toMatchObject({
        code: 'message_not_found',
      })
      await expect(open().getRaw(AGENT, inbox.id, '%')).rejects.toMatchObject({ code: 'message_not_found' })
    })
  })

  describe('bounds what a sender writes', () => {
    it('by a snippet of the first words, white space folded, no character cut in half', async () => {
      const inbox = await makeInbox(open())
      const long = await deliver(open(), inbox, { bodyText: `${' \n'.repeat(10_000)}ab ${'🙂'.repeat(500)}` })
      expect(long.snippet).toBe(`ab ${'🙂'.repeat(78)}`)
      expect(long.snippet.length).toBeLessThanOrEqual(SNIPPET_CHARS)
      expect(long.snippet.isWellFormed()).toBe(true)
      const words = await deliver(open(), inbox, { bodyText: 'four '.repeat(100) })
      expect(words.snippet).toBe('four '.repeat(32).trim())
    })

    it.each([
      ['a'.repeat(64), ['a'.repeat(MAX_LABEL_CHARS)]],
      ['\u202eevil\u0000\n tag', ['evil tag']],
      ['\u200b\u00a0', []],
      ['', []],
      [`${'a'.repeat(MAX_LABEL_CHARS - 1)}🙂`, ['a'.repeat(MAX_LABEL_CHARS - 1)]],
      ["';--", ["';--"]],
    ])('by a label made of the tag %j', async (tag, labels) => {
      const inbox = await makeInbox(open())
      const { id } = await open().acceptMail(incoming([recipientOf(inbox, tag)]))
      await file(open(), id)
      expect((await list(inbox)).data[0]?.labels).toEqual(labels)
    })
  })

  describe('lists messages', () => {
    it('newest first, without bodies, with the number of all and the cursor', async () => {
      const inbox = await makeInbox(open())
      const [first, second, third] = [await deliver(open(), inbox), await deliver(open(), inbox), await deliver(open(), inbox)]
      const page = await list(inbox, null, { limit: 2, offset: 0 })
      expect(page).toMatchObject({ data: [{ id: third.id }, { id: second.id }], total: 3, cursor: 3 })
      expect(page.data[0]).not.toHaveProperty('bodyText')
      expect(await list(inbox, null, { limit: 2, offset: 2 })).toMatchObject({ data: [{ id: first.id }], total: 3 })
    })

    it('after a cursor, with the number of those', async () => {
      const inbox = await makeInbox(open())
      for (let index = 0; index < 4; index++) await deliver(open(), inbox)
      expect(await list(inbox, 2, { limit: 1, offset: 0 })).toMatchObject({ data: [{ seq: 4 }], total: 2, cursor: 4 })
      expect(await list(inbox, 4)).toEqual({ data: [], total: 0, cursor: 4 })
      expect((await list(inbox, 0)).total).toBe(4)
    })

    it('by ids that begin so, newest first', async () => {
      const inbox = await makeInbox(open())
      const ids = [(await deliver(open(), inbox)).id, (await deliver(open(), inbox)).id]
      const complete = (prefix: string, limit = 9) => open().completeMessageIds(AGENT, inbox.id, prefix, limit)
      expect(await complete('0193')).toEqual({ data: ids.toReversed(), total: 2 })
      expect(await complete('', 1)).toEqual({ data: ids.slice(1), total: 2 })
      expect(await complete(ids[0]?.toUpperCase() ?? '')).toEqual({ data: ids.slice(0, 1), total: 1 })
      expect(await complete('%')).toEqual({ data: [], total: 0 })
    })
  })

  describe('changes a message', () => {
    it('in what is named, and answers it as it is then', async () => {
      const inbox = await makeInbox(open())
      const { id } = await deliver(open(), inbox)
      const update = async (change: Parameters<Store['updateMessage']>[3]) => {
        const { read, labels } = await open().updateMessage(AGENT, inbox.id, id, change)
        const shown = await open().getMessage(AGENT, inbox.id, id, { markRead: false })
        expect({ read: shown.read, labels: shown.labels }).toEqual({ read, labels })
        return { read, labels }
      }
      expect(await update({})).toEqual({ read: false, labels: [] })
      expect(await update({ read: true, addLabels: ['b', 'a', 'b'] })).toEqual({ read: true, labels: ['b', 'a'] })
      expect(await update({ addLabels: ['c'], removeLabels: ['b', 'none'] })).toEqual({ read: true, labels: ['a', 'c'] })
      expect(await update({ read: false, removeLabels: ['a', 'c'], addLabels: ['c'] })).toEqual({ read: false, labels: ['c'] })
    })

    it('not beyond the number of labels that one may have', async () => {
      const inbox = await makeInbox(open())
      const { id } = await deliver(open(), inbox)
      const many = Array.from({ length: MAX_LABELS }, (_, index) => `label ${index}`)
      await open().updateMessage(AGENT, inbox.id, id, { addLabels: many })
      const oneMore = open().updateMessage(AGENT, inbox.id, id, { read: true, addLabels: ['one more'] })
      await expect(oneMore).rejects.toMatchObject({ code: 'invalid_argument' })
      expect((await list(inbox)).data[0]).toMatchObject({ read: false, labels: many })
      const swap = { addLabels: ['one more'], removeLabels: ['label 0'] }
      expect((await open().updateMessage(AGENT, inbox.id, id, swap)).labels).toHaveLength(MAX_LABELS)
    })

    it('only if it is there', async () => {
      const inbox = await makeInbox(open())
      const missing = open().updateMessage(AGENT, inbox.id, newId(), { read: true })
      await expect(missing).rejects.toMatchObject({ code: 'message_not_found' })
    })
  })

  describe('puts messages that answer each other into one thread', () => {
    it.each<[string, (first: string) => Partial<Parameters<typeof deliver>[2]>]>([
      ['In-Reply-To names one of them', (first) => ({ inReplyTo: first })],
      ['References name one of them', (first) => ({ references: ['<unknown@example.org>', first] })],
      ['it is the same mail again', (first) => ({ messageIdHeader: first })],
    ])('when %s', async (_why, links) => {
      const inbox = await makeInbox(open())
      const first = await deliver(open(), inbox)
      const second = await deliver(open(), inbox, links(first.messageIdHeader ?? ''))
      expect(second.threadId).toBe(first.threadId)
    })

    it('also when the answer comes before what it answers', async () => {
      const inbox = await makeInbox(open())
      const answer = await deliver(open(), inbox, { inReplyTo: '<b@x>', references: ['<a@x>', '<b@x>'] })
      const middle = await deliver(open(), inbox, { messageIdHeader: '<b@x>', inReplyTo: '<a@x>' })
      const first = await deliver(open(), inbox, { messageIdHeader: '<a@x>' })
      expect([middle.threadId, first.threadId]).toEqual([answer.threadId, answer.threadId])
    })

    it('preferring In-Reply-To, then the newest of References', async () => {
      const inbox = await makeInbox(open())
      const [a, b, c] = [
        await deliver(open(), inbox, { messageIdHeader: '<a@x>' }),
        await deliver(open(), inbox, { messageIdHeader: '<b@x>' }),
        await deliver(open(), inbox, { messageIdHeader: '<c@x>' }),
      ]
      const toA = await deliver(open(), inbox, { inReplyTo: '<a@x>', references: ['<b@x>', '<c@x>'], messageIdHeader: '<b@x>' })
      const toC = await deliver(open(), inbox, { references: ['<b@x>', '<c@x>'], messageIdHeader: '<a@x>' })
      expect([toA.threadId, toC.threadId]).toEqual([a.threadId, c.threadId])
      // What claims the id of another thread's mail moves nothing.
      expect((await deliver(open(), inbox, { inReplyTo: '<b@x>' })).threadId).toBe(b.threadId)
    })

    it('but never across inboxes, and never for want of an id', async () => {
      const [one, other] = [await makeInbox(open()), await makeInbox(open())]
      const first = await deliver(open(), one, { messageIdHeader: '<a@x>' })
      const elsewhere = await deliver(open(), other, { inReplyTo: '<a@x>' })
      const [bare, bareAgain] = [
        await deliver(open(), one, { messageIdHeader: null }),
        await deliver(open(), one, { messageIdHeader: null }),
      ]
      expect(new Set([first, elsewhere, bare, bareAgain].map(({ threadId }) => threadId)).size).toBe(4)
    })
  })
}
