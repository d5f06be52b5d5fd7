import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MAX_BATCH_OPS, MAX_HANDED_OVER_BYTES } from '../../src/limits.ts'
import type { Store } from '../../src/store.ts'
import { connect, countCommits, countRows, makeFile, openTestStore } from './place.ts'
import { AGENT, carryOut, deliver, file as fileMail, incoming, makeInbox, NOW, newInbox, queue, recipientOf } from './support.ts'

let file: string
let store: Store

beforeAll(async () => {
  file = makeFile(afterAll)
  store = await openTestStore(file, { whenDone: afterAll })
})

describe('Rows', () => {
  it('of raw bytes are one for each content, and go with the last that shows it', async () => {
    const [one, other] = [await makeInbox(store), await makeInbox(store)]
    const raw = Buffer.from('the same bytes')
    const first = await store.acceptMail(incoming([recipientOf(one), recipientOf(other)], { raw }))
    const second = await store.acceptMail(incoming([recipientOf(one)], { raw }))
    expect(countRows(file, 'raw', 'spool')).toEqual({ raw: 1, spool: 2 })
    const filed = [...(await fileMail(store, first.id)), ...(await fileMail(store, second.id))]
    expect(filed).toHaveLength(3)
    expect(countRows(file, 'raw', 'raw_share', 'spool')).toEqual({ raw: 1, raw_share: 1, spool: 0 })
    const again = incoming([recipientOf(one)], { raw, receivedAt: NOW + 1 })
    expect((await store.acceptMail(again)).duplicate).toBe(true)
    expect(countRows(file, 'spool')).toEqual({ spool: 0 })
    for (const { inboxId, messageId } of filed.slice(0, 2)) await store.deleteMessage(AGENT, inboxId, messageId)
    expect(countRows(file, 'raw', 'raw_share')).toEqual({ raw: 1, raw_share: 0 })
    await store.deleteInbox(AGENT, one.id)
    while (await store.sweepDeleted());
    expect(countRows(file, 'raw', 'raw_share', 'message')).toEqual({ raw: 0, raw_share: 0, message: 0 })
  })

  it('of a deleted inbox are removed to the last, a bounded number at a step', async () => {
    const inbox = await makeInbox(store)
    await Promise.all(Array.from({ length: 120 }, () => deliver(store, inbox, { references: ['<a@x>', '<b@x>'] })))
    await Promise.all(Array.from({ length: 90 }, (_, index) => deliver(store, inbox, { inReplyTo: `<${index}@y>` })))
    const waiting = await store.acceptMail(incoming([recipientOf(inbox)]))
    await store.deleteInbox(AGENT, inbox.id)
    const tables = ['message', 'message_body', 'raw', 'raw_share', 'thread', 'thread_ref']
    const total = () => Object.values(countRows(file, ...tables)).reduce((sum, rows) => sum + rows, 0)
    for (let before = total(), more = true; more; ) {
      more = await store.sweepDeleted()
      const after = total()
      expect(before - after).toBeLessThanOrEqual(200)
      before = after
    }
    await fileMail(store, waiting.id)
    expect(countRows(file, ...tables, 'spool', 'deleted_inbox')).toEqual(
      Object.fromEntries([...tables, 'spool', 'deleted_inbox'].map((table) => [table, 0])),
    )
  })

  it('of deliveries and suppressions go with their inbox too, however many recipients a message has', async () => {
    const inbox = await makeInbox(store)
    const to = Array.from({ length: 50 }, (_, index) => `${index}@example.org`)
    await Promise.all(Array.from({ length: 8 }, () => queue(store, inbox, { to })))
    await queue(store, inbox, { to: [inbox.address], carrier: 'local' })
    await carryOut(store, ['sent'])
    const { deliveries } = await queue(store, inbox, { to })
    for (const { id: deliveryId } of deliveries) {
      await store.recordReport({ deliveryId, kind: 'complained', hard: true, statusCode: null, now: NOW })
    }
    const tables = ['delivery', 'suppression', 'message', 'message_body', 'raw', 'raw_share', 'thread', 'thread_ref']
    expect(countRows(file, ...tables)).toMatchObject({ delivery: 451, suppression: 50, message: 10 })
    await store.deleteInbox(AGENT, inbox.id)
    const total = () => Object.values(countRows(file, ...tables)).reduce((sum, rows) => sum + rows, 0)
    for (let before = total(), more = true; more; ) {
      more = await store.sweepDeleted()
      const after = total()
      expect(before - after).toBeLessThanOrEqual(200)
      before = after
    }
    expect(countRows(file, ...tables)).toEqual(Object.fromEntries(tables.map((table) => [table, 0])))
  })

  it('of an inbox that is suspended receive nothing more, and are shown as they are', async () => {
    const inbox = await makeInbox(store)
    const mail = incoming([recipientOf(inbox)])
    await store.acceptMail(mail)
    connect(file).prepare("UPDATE inbox SET status = 'suspended', sends_count = 3, total_sent = 9 WHERE id = ?").run(inbox.id)
    expect(await store.findRecipient(inbox.address)).toMatchObject({ status: 'suspended' })
    await expect(store.acceptMail(incoming([recipientOf(inbox)]))).rejects.toMatchObject({ code: 'inbox_not_found' })
    // What was acknowledged before is filed all the same.
    expect(await fileMail(store, mail.id)).toHaveLength(1)
    const at = async (now: number) => (await store.getInbox(AGENT, inbox.id, now)).inbox
    expect(await at(NOW)).toMatchObject({ status: 'suspended', sendsToday: 3, totalSent: 9 })
    expect(await at(Date.UTC(2026, 10, 25) - 1)).toMatchObject({ sendsToday: 3 })
    expect(await at(Date.UTC(2026, 10, 25))).toMatchObject({ sendsToday: 0, totalSent: 9 })
  })
})

describe('Group commit', () => {
  it('puts everything that waits into one commit', async () => {
    const inbox = await makeInbox(store)
    const before = countCommits(file)
    const mails = Array.from({ length: 100 }, () => incoming([recipientOf(inbox)]))
    const answers = await Promise.all(mails.map((mail) => store.acceptMail(mail)))
    expect(answers).toEqual(mails.map(({ id }) => ({ id, duplicate: false })))
    expect(countCommits(file)).toBe(before + 1)
    expect(countRows(file, 'spool')).toEqual({ spool: 100 })
  })

  it('is bounded in calls', async () => {
    const before = countCommits(file)
    await Promise.all(Array.from({ length: MAX_BATCH_OPS + 1 }, () => store.createInbox(AGENT, newInbox())))
    expect(countCommits(file)).toBe(before + 2)
  })

  it('takes each large mail alone, and first what is small and waits', async () => {
    const inbox = await makeInbox(store)
    // A reader of an old state keeps the write-ahead log from being begun anew.
    const reader = connect(file)
    reader.exec('BEGIN; SELECT * FROM inbox')
    const before = countCommits(file)
    const large = MAX_HANDED_OVER_BYTES + 1
    const sizes = [10, large, 10, large]
    const mails = sizes.map((size, index) => incoming([recipientOf(inbox)], { raw: Buffer.alloc(size, index) }))
    await Promise.all(mails.map((mail) => store.acceptMail(mail)))
    expect(countCommits(file)).toBe(before + 3)
  })

  it('answers a call that fails without taking the others with it', async () => {
    const inbox = await makeInbox(store)
    const gone = { inboxId: 'gone', address: 'gone@agents.localhost', tag: null }
    const answers = await Promise.allSettled([
      store.acceptMail(incoming([recipientOf(inbox)])),
      store.acceptMail(incoming([gone])),
      store.createInbox(AGENT, newInbox({ address: inbox.address })),
      store.acceptMail(incoming([recipientOf(inbox), gone])),
    ])
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled'])
    expect(answers[2]).toMatchObject({
      reason: { name: 'MailError', code: 'address_taken', hint: expect.stringContaining('localPart'), httpStatus: 409 },
    })
  })

  it('keeps the order in which calls were made', async () => {
    const made = newInbox()
    const answers = await Promise.allSettled([
      store.getInbox(AGENT, made.id, NOW),
      store.createInbox(AGENT, made),
      store.getInbox(AGENT, made.id, NOW),
      store.deleteInbox(AGENT, made.id),
      store.getInbox(AGENT, made.id, NOW),
    ])
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled', 'fulfilled', 'rejected'])
  })
})
