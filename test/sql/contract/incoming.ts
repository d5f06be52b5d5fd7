/** What a store promises about mail coming in: durable, recognised when it comes again, claimed by one, filed once. */

import { describe, expect, it } from 'vitest'
import { MAX_LABELS, RETRY_WINDOW_MS, SPOOL_CLAIM_BYTES, SPOOL_LEASE_MS } from '../../../src/limits.ts'
import type { Store } from '../../../src/store.ts'
import { AGENT, file, incoming, makeInbox, NOW, newId, parsed, recipientOf } from '../support.ts'

const RAW = Buffer.from('Subject: same\r\n\r\nSame bytes\r\n')

/** `openAnother` opens the same store as another process would. */
export function describeIncoming(open: () => Store, openAnother: () => Promise<Store>): void {
  const claimAll = (now = NOW + 60_000) => open().claimSpool('other', now, now + SPOOL_LEASE_MS, 100)

  describe('accepts mail', () => {
    it('with its envelope and bytes as they came', async () => {
      const [first, second] = [await makeInbox(open()), await makeInbox(open())]
      const raw = Uint8Array.from({ length: 256 }, (_, byte) => byte)
      const mail = incoming([recipientOf(first, 'shop'), recipientOf(second)], { raw })
      expect(await open().acceptMail(mail)).toEqual({ id: mail.id, duplicate: false })
      expect(await claimAll()).toEqual([{ id: mail.id, envelope: mail.envelope, raw }])
    })

    it('and leaves the bytes to the caller, who may go on reading them', async () => {
      const pool = Buffer.from('a neighbour | the mail | a neighbour')
      const raw = pool.subarray(14, 22)
      const mail = incoming([recipientOf(await makeInbox(open()))], { raw })
      await open().acceptMail(mail)
      expect(raw.toString()).toBe('the mail')
      expect(Buffer.from((await claimAll())[0]?.raw ?? []).toString()).toBe('the mail')
    })

    it('of no bytes and of 25 MB', async () => {
      const inbox = await makeInbox(open())
      const large = Buffer.alloc(26_214_400, 'x')
      large.write('end', large.length - 3)
      for (const raw of [Buffer.alloc(0), large]) {
        const { id } = await open().acceptMail(incoming([recipientOf(inbox)], { raw }))
        const [filed] = await file(open(), id)
        const kept = await open().getRaw(AGENT, inbox.id, filed?.messageId ?? '')
        expect(Buffer.compare(kept, raw)).toBe(0)
      }
    })

    it('for the recipients that still are there', async () => {
      const [gone, here] = [await makeInbox(open()), await makeInbox(open())]
      await open().deleteInbox(AGENT, gone.id)
      const { id } = await open().acceptMail(incoming([recipientOf(gone), recipientOf(here)]))
      expect((await claimAll())[0]?.envelope.recipients).toEqual([recipientOf(here)])
      expect(await file(open(), id)).toMatchObject([{ inboxId: here.id, seq: 1 }])
    })

    it('not when no recipient is left', async () => {
      const gone = await makeInbox(open())
      await open().deleteInbox(AGENT, gone.id)
      await expect(open().acceptMail(incoming([recipientOf(gone)]))).rejects.toMatchObject({ code: 'inbox_not_found' })
      expect(await claimAll()).toEqual([])
    })
  })

  describe('recognises a second try', () => {
    it('of a sender that did not hear our answer to the first', async () => {
      const to = [recipientOf(await makeInbox(open()))]
      const first = incoming(to, { raw: RAW })
      await open().acceptMail(first)
      expect(await open().acceptMail(incoming(to, { raw: RAW }))).toEqual({ id: first.id, duplicate: true })
      expect(await claimAll()).toHaveLength(1)
    })

    it('also when the first has been filed meanwhile', async () => {
      const to = [recipientOf(await makeInbox(open()))]
      const first = incoming(to, { raw: RAW })
      await open().acceptMail(first)
      await file(open(), first.id)
      expect(await open().acceptMail(incoming(to, { raw: RAW }))).toEqual({ id: first.id, duplicate: true })
    })

    it('when both come in the same moment', async () => {
      const to = [recipientOf(await makeInbox(open()))]
      const [first, second] = [incoming(to, { raw: RAW }), incoming(to, { raw: RAW })]
      const answers = await Promise.all([open().acceptMail(first), open().acceptMail(second)])
      expect(answers).toEqual([
        { id: first.id, duplicate: false },
        { id: first.id, duplicate: true },
      ])
    })

    it('not when the first was confirmed', async () => {
      const to = [recipientOf(await makeInbox(open()))]
      const { id } = await open().acceptMail(incoming(to, { raw: RAW }))
      await open().confirmMail([id, 'unknown'])
      expect(await open().acceptMail(incoming(to, { raw: RAW }))).toMatchObject({ duplicate: false })
    })

    it('not while the session of the first is open', async () => {
      const to = [recipientOf(await makeInbox(open()))]
      const first = await open().acceptMail(incoming(to, { raw: RAW }))
      const second = await open().acceptMail(incoming(to, { raw: RAW, openIds: [first.id], receivedAt: NOW + 1 }))
      expect(second.duplicate).toBe(false)
      // Released, the oldest one is the first.
      expect(await open().acceptMail(incoming(to, { raw: RAW, openIds: [second.id] }))).toEqual({ id: first.id, duplicate: true })
    })

    it('not while the session of the first is open in another process, but once it has ended or the process is dead', async () => {
      const to = [recipientOf(await makeInbox(open()))]
      const other = await openAnother()
      const theirs = () => incoming(to, { raw: RAW, leaseOwner: 'another process' })
      const released = await other.acceptMail(theirs())
      const ours = await open().acceptMail(incoming(to, { raw: RAW, receivedAt: NOW + 1 }))
      expect(ours.duplicate).toBe(false)
      await other.releaseMail([
        { id: released.id, tryId: released.id },
        { id: 'unknown', tryId: 'unknown' },
      ])
      const isOpen = { openIds: [ours.id] }
      expect(await open().acceptMail(incoming(to, { raw: RAW, ...isOpen }))).toEqual({ id: released.id, duplicate: true })
      // The dead one shows nobody that it heard us.
      await open().confirmMail([released.id])
      const orphan = await other.acceptMail({ ...theirs(), openIds: [] })
      expect((await open().acceptMail(incoming(to, { raw: RAW, ...isOpen }))).duplicate).toBe(false)
      await other.close()
      const later = incoming(to, { raw: RAW, receivedAt: NOW + 2, ...isOpen })
      expect(await open().acceptMail(later)).toEqual({ id: orphan.id, duplicate: true })
    })

    it('not while the session of a second try is open in another process, though that of the first has ended since', async () => {
      const to = [recipientOf(await makeInbox(open()))]
      const other = await openAnother()
      const first = await open().acceptMail(incoming(to, { raw: RAW }))
      const second = incoming(to, { raw: RAW })
      expect(await open().acceptMail(second)).toEqual({ id: first.id, duplicate: true })
      await open().releaseMail([{ id: first.id, tryId: first.id }])
      const theirs = incoming(to, { raw: RAW, leaseOwner: 'another process', receivedAt: NOW + 1 })
      expect((await other.acceptMail(theirs)).duplicate).toBe(false)
      await open().releaseMail([{ id: first.id, tryId: second.id }])
      const last = incoming(to, { raw: RAW, leaseOwner: 'another process', openIds: [theirs.id] })
      expect(await other.acceptMail(last)).toEqual({ id: first.id, duplicate: true })
      await other.close()
    })

    it('not when the first is older than the window', async () => {
      const to = [recipientOf(await makeInbox(open()))]
      const first = await open().acceptMail(incoming(to, { raw: RAW }))
      const inTime = incoming(to, { raw: RAW, receivedAt: NOW + RETRY_WINDOW_MS })
      expect(await open().acceptMail(inTime)).toEqual({ id: first.id, duplicate: true })
      const late = incoming(to, { raw: RAW, receivedAt: NOW + RETRY_WINDOW_MS + 1 })
      expect(await open().acceptMail(late)).toEqual({ id: late.id, duplicate: false })
    })

    it('not when it was forgotten', async () => {
      const to = [recipientOf(await makeInbox(open()))]
      await open().acceptMail(incoming(to, { raw: RAW }))
      await open().forgetAcceptances(NOW)
      expect((await open().acceptMail(incoming(to, { raw: RAW }))).duplicate).toBe(true)
      await open().forgetAcceptances(NOW + 1)
      expect((await open().acceptMail(incoming(to, { raw: RAW }))).duplicate).toBe(false)
    })

    it('not in mail to others or from others', async () => {
      const [one, other] = [await makeInbox(open()), await makeInbox(open())]
      await open().acceptMail(incoming([recipientOf(one)], { raw: RAW }))
      expect((await open().acceptMail(incoming([recipientOf(other)], { raw: RAW }))).duplicate).toBe(false)
    })
  })

  describe('leases spooled mail', () => {
    it('to nobody else until the lease has run out', async () => {
      const mail = incoming([recipientOf(await makeInbox(open()))])
      await open().acceptMail(mail)
      expect(await claimAll(mail.leaseUntil - 1)).toEqual([])
      expect(await claimAll(mail.leaseUntil)).toHaveLength(1)
      expect(await claimAll(mail.leaseUntil + SPOOL_LEASE_MS - 1)).toEqual([])
      expect(await claimAll(mail.leaseUntil + SPOOL_LEASE_MS)).toHaveLength(1)
    })

    it('for no longer than a lease can be, though the clock is set back', async () => {
      const mail = incoming([recipientOf(await makeInbox(open()))])
      await open().acceptMail(mail)
      expect(await claimAll(mail.leaseUntil - 2 * SPOOL_LEASE_MS)).toEqual([])
      expect(await claimAll(mail.leaseUntil - 2 * SPOOL_LEASE_MS - 1)).toHaveLength(1)
    })

    it('at once when it was accepted without one', async () => {
      await open().acceptMail(incoming([recipientOf(await makeInbox(open()))], { leaseUntil: 0 }))
      expect(await claimAll(NOW)).toHaveLength(1)
    })

    it('oldest first, as many as asked for, none twice', async () => {
      const inbox = await makeInbox(open())
      const ids = []
      for (let index = 0; index < 5; index++) ids.push((await open().acceptMail(incoming([recipientOf(inbox)]))).id)
      const claims = await Promise.all(
        ['a', 'b'].map((owner) => open().claimSpool(owner, NOW + 60_000, NOW + 60_000 + SPOOL_LEASE_MS, 3)),
      )
      expect(claims.flat().map(({ id }) => id)).toEqual(ids)
      expect(claims.map((claim) => claim.length)).toEqual([3, 2])
    })

    it('no more at once than memory holds', async () => {
      const inbox = await makeInbox(open())
      const sizeBytes = Math.ceil(SPOOL_CLAIM_BYTES / 2) + 1
      for (let index = 0; index < 2; index++) {
        await open().acceptMail(incoming([recipientOf(inbox)], { raw: Buffer.alloc(sizeBytes, String(index)) }))
      }
      expect(await claimAll()).toHaveLength(1)
      expect(await claimAll()).toHaveLength(1)
      expect(await claimAll()).toHaveLength(0)
    })
  })

  describe('files mail', () => {
    it('once, whoever tries again', async () => {
      const inbox = await makeInbox(open())
      const { id } = await open().acceptMail(incoming([recipientOf(inbox)]))
      const answers = await Promise.all([file(open(), id), file(open(), id)])
      expect(answers.map((filed) => filed.length)).toEqual([1, 0])
      expect(await claimAll()).toEqual([])
      expect(await file(open(), newId())).toEqual([])
    })

    it('into every recipient inbox that still is there, each with its own seq', async () => {
      const [full, gone, empty] = [await makeInbox(open()), await makeInbox(open()), await makeInbox(open())]
      const before = await open().acceptMail(incoming([recipientOf(full)]))
      await file(open(), before.id)
      const { id } = await open().acceptMail(incoming([full, gone, empty].map((inbox) => recipientOf(inbox))))
      await open().deleteInbox(AGENT, gone.id)
      expect(await file(open(), id)).toMatchObject([
        { inboxId: full.id, seq: 2 },
        { inboxId: empty.id, seq: 1 },
      ])
    })

    it('once into an inbox that many recipients share, with the tags of all as its labels', async () => {
      const [inbox, other] = [await makeInbox(open()), await makeInbox(open())]
      const report = { ...recipientOf(inbox), address: 'bounces@agents.localhost', deliveryId: newId() }
      const tags = Array.from({ length: MAX_LABELS + 5 }, (_, index) => `tag${index}`)
      const tagged = [...tags, 'tag0'].map((tag) => recipientOf(inbox, tag))
      const to = [...tagged, recipientOf(other), recipientOf(inbox), report]
      const ids = to.map(() => ({ messageId: newId(), threadId: newId() }))
      const { id } = await open().acceptMail(incoming(to))
      const filed = await open().fileMail(id, parsed(), ids, NOW)
      const at = (index: number) => ids[index]?.messageId ?? ''
      expect(filed).toEqual([
        { inboxId: inbox.id, messageId: at(0), seq: 1 },
        { inboxId: other.id, messageId: at(tagged.length), seq: 1 },
        { inboxId: inbox.id, messageId: at(to.length - 1), seq: 2 },
      ])
      const read = (messageId: string) => open().getMessage(AGENT, inbox.id, messageId, { markRead: false })
      expect(await read(at(0))).toMatchObject({ envelopeTo: tagged[0]?.address, labels: tags.slice(0, MAX_LABELS) })
      expect(await read(at(to.length - 1))).toMatchObject({ envelopeTo: report.address, labels: ['delivery-report'] })
      // The bytes stay as long as one of the three is there.
      for (const { inboxId, messageId } of filed.slice(0, 2)) await open().deleteMessage(AGENT, inboxId, messageId)
      expect(await open().getRaw(AGENT, inbox.id, at(to.length - 1))).toHaveProperty('byteLength')
    })

    it('nowhere when every inbox is gone, and forgets it', async () => {
      const inbox = await makeInbox(open())
      const { id } = await open().acceptMail(incoming([recipientOf(inbox)]))
      await open().deleteInbox(AGENT, inbox.id)
      expect(await file(open(), id)).toEqual([])
      expect(await claimAll()).toEqual([])
    })

    it('not at all, and leaves it in the spool, when an id is missing', async () => {
      const [one, other] = [await makeInbox(open()), await makeInbox(open())]
      const { id } = await open().acceptMail(incoming([recipientOf(one), recipientOf(other)]))
      const ids = [{ messageId: newId(), threadId: newId() }]
      await expect(open().fileMail(id, parsed(), ids, NOW)).rejects.toThrow()
      expect((await open().getInbox(AGENT, one.id, NOW)).cursor).toBe(0)
      expect(await file(open(), id)).toHaveLength(2)
    })
  })
}
