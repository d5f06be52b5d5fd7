/** What a store promises to whoever looks after it: sums, what is kept no longer, what is kept in less room. */

import { randomBytes } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Inbox } from '../../../src/model.ts'
import { packBytes } from '../../../src/raw-packing.ts'
import { RAW_PIECE_BYTES } from '../../../src/receiving-limits.ts'
import { readSearchQuery } from '../../../src/search/reader.ts'
import type { Store } from '../../../src/store.ts'
import {
  AGENT,
  carryOut,
  deliver,
  FIRST_PAGE,
  file,
  incoming,
  makeInbox,
  NOW,
  newId,
  OTHER_AGENT,
  queue,
  recipientOf,
} from '../support.ts'

export function describeOperating(open: () => Store): void {
  describe('looked after', () => {
    let inbox: Inbox
    let theirs: Inbox
    beforeEach(async () => {
      ;[inbox, theirs] = [await makeInbox(open()), await makeInbox(open(), {}, OTHER_AGENT)]
    })

    /** Files a mail of these bytes, or others each time, at this time. */
    const fileAt = async (at: number, { raw = Buffer.from(`Subject: ${newId()}\r\n\r\nHello\r\n`), to = inbox } = {}) => {
      const { id } = await open().acceptMail(incoming([recipientOf(to)], { raw, fingerprint: newId() }))
      const [filed] = await file(open(), id, {}, at)
      return filed?.messageId ?? ''
    }
    const list = async (of = inbox, agent = AGENT) =>
      (await open().listMessages(agent, of.id, { after: null, page: FIRST_PAGE })).data.map(({ id }) => id)

    it('sums up what it holds, of all agents', async () => {
      await fileAt(NOW)
      await fileAt(NOW + 5, { to: theirs })
      await open().acceptMail(incoming([recipientOf(inbox)], { receivedAt: NOW - 7 }))
      await queue(open(), inbox, { to: ['a@x', 'b@x'] })
      await carryOut(open(), ['unknown', 'deferred'])
      expect(await open().summarize()).toEqual({
        schemaVersion: expect.any(Number),
        inboxes: 2,
        suspendedInboxes: 0,
        messages: 3,
        newestAt: NOW + 5,
        spooled: 1,
        spooledSince: NOW - 7,
        openDeliveries: 1,
        unknownDeliveries: 1,
        usedBytes: expect.any(Number),
      })
    })

    it('finds an inbox of any agent by address and id, and lists its messages in order', async () => {
      const ids = [
        await fileAt(NOW, { to: theirs }),
        await fileAt(NOW + 1, { to: theirs }),
        await fileAt(NOW + 2, { to: theirs }),
      ]
      const found = { id: theirs.id, address: theirs.address, agent: OTHER_AGENT, status: 'active', cursor: 3, messages: 3 }
      expect(await open().findAnyInbox(theirs.address.toUpperCase())).toEqual(found)
      expect(await open().findAnyInbox(theirs.id)).toEqual(found)
      expect(await open().findAnyInbox('nobody@agents.localhost')).toBe(null)
      const stored = await open().listStored(theirs.id, 1, 9)
      expect(stored.map(({ id, seq }) => [id, seq])).toEqual([
        [ids[1], 2],
        [ids[2], 3],
      ])
      expect(stored[0]).toMatchObject({ contentHash: expect.stringMatching(/^[0-9a-f]{64}$/), createdAt: NOW + 1 })
      const whole = await open().getStored(theirs.id, ids[0] ?? '')
      expect(whole).toMatchObject({ envelopeFrom: 'shop@example.org' })
      expect(whole?.raw).toEqual(await open().getRaw(OTHER_AGENT, theirs.id, ids[0] ?? ''))
      expect(await open().getStored(inbox.id, ids[0] ?? '')).toBe(null)
      expect(await open().listStored(theirs.id, 0, 1)).toHaveLength(1)
    })

    it('lists the hashes of what waits for an inbox, and for no other', async () => {
      const [mine, other] = [incoming([recipientOf(inbox)]), incoming([recipientOf(theirs)])]
      await open().acceptMail(mine)
      await open().acceptMail(other)
      expect(await open().listSpooledHashes(inbox.id)).toEqual([mine.contentHash])
    })

    describe('removes what is kept no longer', () => {
      const removeAll = async (rules: Parameters<Store['removeExpired']>[0]) => {
        let total = 0
        for (;;) {
          const { removed, isDone } = await open().removeExpired(rules)
          total += removed
          if (isDone) return total
        }
      }

      it('by age: counters, threads, bytes and what a search finds follow', async () => {
        const raw = Buffer.from('Subject: twice\r\n\r\nsame bytes\r\n')
        const old = await fileAt(NOW - 2, { raw })
        const kept = await fileAt(NOW, { raw })
        await fileAt(NOW - 1, { to: theirs })
        expect(await removeAll({ before: NOW, mostBytes: null })).toBe(2)
        expect(await list()).toEqual([kept])
        expect(await list(theirs, OTHER_AGENT)).toEqual([])
        expect((await open().listThreads(AGENT, inbox.id, FIRST_PAGE)).total).toBe(1)
        expect((await open().listThreads(OTHER_AGENT, theirs.id, FIRST_PAGE)).total).toBe(0)
        await expect(open().getRaw(AGENT, inbox.id, old)).rejects.toMatchObject({ code: 'message_not_found' })
        expect(Buffer.from(await open().getRaw(AGENT, inbox.id, kept))).toEqual(raw)
        const search = readSearchQuery('code', NOW)
        const found = await open().searchMessages(AGENT, inbox.id, search, { after: null, page: FIRST_PAGE })
        expect(found.data.map(({ id }) => id)).toEqual([kept])
        expect(await removeAll({ before: NOW, mostBytes: null })).toBe(0)
        expect((await open().summarize()).messages).toBe(1)
      })

      it('but nothing that is not filed, and nothing that is still on its way', async () => {
        const { id } = await open().acceptMail(incoming([recipientOf(inbox)], { receivedAt: NOW - 100 }))
        const waiting = await queue(open(), inbox, { to: ['a@x'], now: NOW - 100 })
        await fileAt(NOW - 50)
        expect(await removeAll({ before: NOW, mostBytes: 0 })).toBe(1)
        expect(await list()).toEqual([waiting.message.id])
        expect(await file(open(), id)).toHaveLength(1)
        await carryOut(open(), ['sent'])
        expect(await removeAll({ before: NOW, mostBytes: null })).toBe(1)
        expect(await list()).toHaveLength(1)
      })

      it('by size: the oldest of all inboxes, until what is used is no more than allowed', async () => {
        const big = () => Buffer.from(`Subject: ${newId()}\r\n\r\n${newId().repeat(5_000)}\r\n`)
        const ids = [
          await fileAt(NOW, { raw: big() }),
          await fileAt(NOW + 2, { raw: big() }),
          await fileAt(NOW + 3, { raw: big() }),
        ]
        await fileAt(NOW + 1, { raw: big(), to: theirs })
        const { usedBytes } = await open().summarize()
        expect(await removeAll({ before: null, mostBytes: usedBytes })).toBe(0)
        expect(await removeAll({ before: null, mostBytes: usedBytes - 200_000 })).toBe(2)
        expect(await list()).toEqual([ids[2], ids[1]])
        expect(await list(theirs, OTHER_AGENT)).toEqual([])
        expect((await open().summarize()).usedBytes).toBeLessThanOrEqual(usedBytes - 200_000)
      })

      it('in steps of bounded length', async () => {
        await Promise.all(Array.from({ length: 70 }, (_, index) => fileAt(NOW + index)))
        const first = await open().removeExpired({ before: NOW + 1_000, mostBytes: null })
        expect([first.removed <= 66, first.removed > 0, first.isDone]).toEqual([true, true, false])
        expect(first.removed + (await removeAll({ before: NOW + 1_000, mostBytes: null }))).toBe(70)
      })
    })

    describe('keeps raw mail in less room', () => {
      const LATER = NOW + 1_000_000
      const packAll = async (before: number) => {
        const sizes: number[] = []
        for (;;) {
          const { mail, until } = await open().listUnpacked(before)
          if (until === null) return sizes
          const packed = await Promise.all(
            mail.map(async ({ contentHash, raw }) => ({ contentHash, packed: await packBytes(raw) })),
          )
          sizes.push(...packed.map((each) => each.packed?.byteLength ?? 0))
          await open().keepPacked(packed, until)
        }
      }
      const text = (size: number) => Buffer.from(`Subject: ${newId()}\r\n\r\n${'All work and no play.\r\n'.repeat(size / 23)}`)

      it('and answers the same bytes, also to who has not read them yet, and to a second mail of the same', async () => {
        await packAll(LATER)
        const raw = text(20_000)
        const id = await fileAt(LATER, { raw })
        const sizes = await packAll(LATER + 1)
        expect(sizes).toHaveLength(1)
        expect(sizes[0]).toBeGreaterThan(0)
        expect(sizes[0]).toBeLessThan(1_000)
        expect(Buffer.from(await open().getRaw(AGENT, inbox.id, id))).toEqual(raw)
        const again = await open().acceptMail(incoming([recipientOf(theirs)], { raw }))
        const claimed = await open().claimSpool('me', LATER, LATER + 1, 9)
        expect(claimed.map((each) => Buffer.compare(each.raw, raw))).toEqual([0])
        const [filed] = await file(open(), again.id, {}, LATER + 2)
        await open().deleteMessage(AGENT, inbox.id, id)
        expect(Buffer.from(await open().getRaw(OTHER_AGENT, theirs.id, filed?.messageId ?? ''))).toEqual(raw)
        await open().deleteMessage(OTHER_AGENT, theirs.id, filed?.messageId ?? '')
      })

      it('but not what is younger than asked for, and nothing twice', async () => {
        await packAll(LATER + 10)
        await fileAt(LATER + 20, { raw: text(5_000) })
        expect(await packAll(LATER + 20)).toEqual([])
        expect(await packAll(LATER + 21)).toHaveLength(1)
        expect(await packAll(LATER + 21)).toEqual([])
      })

      it('and takes no second packing for the first', async () => {
        await packAll(LATER + 30)
        const raw = text(5_000)
        const id = await fileAt(LATER + 40, { raw })
        const { mail, until } = await open().listUnpacked(LATER + 41)
        const packed = await Promise.all(mail.map(async (each) => ({ ...each, packed: await packBytes(each.raw) })))
        for (let round = 0; round < 2; round += 1) await open().keepPacked(packed, until ?? 0)
        await open().keepPacked([{ contentHash: mail[0]?.contentHash ?? '', packed: Buffer.from('nonsense') }], 0)
        expect(Buffer.from(await open().getRaw(AGENT, inbox.id, id))).toEqual(raw)
        await open().keepPacked([{ contentHash: 'gone', packed: Buffer.from('x') }], 0)
      })

      it('in steps of so many bytes', async () => {
        await packAll(LATER + 50)
        const raw = () => Buffer.concat([text(1_000), Buffer.alloc(5_000_000, newId())])
        for (let index = 0; index < 2; index += 1) await fileAt(LATER + 60 + index, { raw: raw() })
        const first = await open().listUnpacked(LATER + 70)
        // A mail of 5 MB, in its pieces.
        expect(first.mail).toHaveLength(5)
        expect(first.until).toBe(LATER + 60)
        expect(await packAll(LATER + 70)).toHaveLength(10)
      })

      it('and so the pieces of large mail, whose bytes stay those that came until the last reader is gone', async () => {
        await packAll(LATER + 80)
        let at = LATER + 90
        for (const sizeBytes of [RAW_PIECE_BYTES, RAW_PIECE_BYTES + 1, 2 * RAW_PIECE_BYTES, 2 * RAW_PIECE_BYTES + 9]) {
          const raw = Buffer.concat([text(1_000), randomBytes(sizeBytes / 2), Buffer.alloc(sizeBytes, newId())]).subarray(
            0,
            sizeBytes,
          )
          const id = await fileAt(at, { raw })
          const again = await open().acceptMail(incoming([recipientOf(theirs)], { raw }))
          const [claimed] = await open().claimSpool('me', at, at + 1, 9)
          expect(claimed?.raw.buffer instanceof SharedArrayBuffer).toBe(sizeBytes > RAW_PIECE_BYTES)
          expect(Buffer.compare(claimed?.raw ?? Buffer.alloc(0), raw)).toBe(0)
          const [filed] = await file(open(), again.id, {}, at + 1)
          expect(Buffer.compare(await open().getRaw(AGENT, inbox.id, id), raw)).toBe(0)
          expect(await packAll(at + 2)).toHaveLength(Math.ceil(sizeBytes / RAW_PIECE_BYTES))
          await open().deleteMessage(AGENT, inbox.id, id)
          expect(Buffer.compare(await open().getRaw(OTHER_AGENT, theirs.id, filed?.messageId ?? ''), raw)).toBe(0)
          await open().deleteMessage(OTHER_AGENT, theirs.id, filed?.messageId ?? '')
          at += 10
        }
      })
    })

    it('has no message in two minds about its size', async () => {
      const message = await deliver(open(), inbox)
      const { mail, until } = await open().listUnpacked(Number.MAX_SAFE_INTEGER)
      await open().keepPacked(
        mail.map(({ contentHash }) => ({ contentHash, packed: null })),
        until ?? 0,
      )
      expect((await open().getRaw(AGENT, inbox.id, message.id)).byteLength).toBe(message.size)
    })
  })
}
