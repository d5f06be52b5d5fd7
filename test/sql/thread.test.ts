import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { STORE_BUSY_TIMEOUT_MS } from '../../src/limits.ts'
import type { Store } from '../../src/store.ts'
import { connect, makeFile, openTestStore, recordEvents } from './place.ts'
import { AGENT, deliver, FIRST_PAGE, incoming, makeInbox, NOW, newInbox, recipientOf } from './support.ts'

const DYING_WORKER = new URL('./dying-worker.ts', import.meta.url)

const countInboxes = async (store: Store) => (await store.listInboxes(AGENT, FIRST_PAGE, NOW)).total
const die = (store: Store) => store.completeAddresses(AGENT, 'die', 1)

describe('A thread that dies', () => {
  it('rejects every call that waits, and is replaced at the next', async () => {
    const { log, events } = recordEvents()
    const store = await openTestStore(makeFile(), { log, workerUrl: DYING_WORKER })
    const { storeId } = store
    await makeInbox(store)
    const waiting = await Promise.allSettled([makeInbox(store), die(store), makeInbox(store), countInboxes(store)])
    for (const answer of waiting) expect(answer).toMatchObject({ status: 'rejected', reason: { code: 'store_unavailable' } })
    expect(events).toEqual(['store_stopped'])
    expect(await countInboxes(store)).toBe(1)
    expect(events).toEqual(['store_stopped', 'store_restarted'])
    expect(store.storeId).toBe(storeId)
  })

  it('after a commit has kept it, though it could not say so', async () => {
    const store = await openTestStore(makeFile(), { workerUrl: DYING_WORKER })
    const unheard = newInbox({ address: 'unheard@agents.localhost' })
    await expect(store.createInbox(AGENT, unheard)).rejects.toMatchObject({ code: 'store_unavailable' })
    expect(await store.findRecipient(unheard.address)).toEqual({ inboxId: unheard.id, status: 'active' })
  })

  it('again and again is replaced again and again, and closes after all', async () => {
    const store = await openTestStore(makeFile(), { workerUrl: DYING_WORKER })
    for (let index = 0; index < 3; index++) {
      await expect(die(store)).rejects.toMatchObject({ code: 'store_unavailable' })
    }
    await store.close()
    await expect(countInboxes(store)).rejects.toMatchObject({ code: 'store_unavailable', message: 'The mail store is closed.' })
  })

  it('and cannot be replaced leaves each call with the reason', async () => {
    const { log, events } = recordEvents()
    const file = makeFile()
    const store = await openTestStore(file, { log, workerUrl: DYING_WORKER })
    await expect(die(store)).rejects.toMatchObject({ code: 'store_unavailable' })
    renameSync(file, `${file}.kept`)
    for (const suffix of ['-wal', '-shm']) rmSync(file + suffix, { force: true })
    writeFileSync(file, 'something else')
    const message = expect.stringContaining('is not a mail store of inbox-mcp')
    await expect(countInboxes(store)).rejects.toMatchObject({ code: 'store_unavailable', message })
    expect(events).toEqual(['store_stopped', 'store_restarted', 'store_restart_failed'])
    rmSync(file)
    expect(await countInboxes(store)).toBe(0)
  })
})

describe('A store whose lock another process keeps', () => {
  // Where each waited as long as it does while it is open, these would be over their time.
  const CLOSINGS = 4
  it('closes without waiting for it, and answers what it could not write', {
    timeout: (CLOSINGS - 1) * STORE_BUSY_TIMEOUT_MS,
  }, async () => {
    const file = makeFile()
    await makeInbox(await openTestStore(file))
    const other = connect(file)
    other.exec('BEGIN IMMEDIATE')
    for (let closing = 0; closing < CLOSINGS; closing++) {
      const store = await openTestStore(file)
      const late = Promise.allSettled([makeInbox(store), countInboxes(store)])
      await store.close()
      expect(await late).toMatchObject([{ reason: { code: 'store_unavailable' } }, { value: 1 }])
    }
    other.exec('ROLLBACK')
  })
})

describe('Who only reads', () => {
  it('does not wait for a lock that another process keeps, and who writes has it when it is free', async () => {
    const file = makeFile()
    const store = await openTestStore(file)
    await makeInbox(store)
    const other = connect(file)
    other.exec('BEGIN IMMEDIATE')
    const writing = makeInbox(store)
    // In the batch of the write, and behind it.
    for (let reads = 0; reads < 3; reads++) expect(await countInboxes(store)).toBe(1)
    other.exec('ROLLBACK')
    await writing
    expect(await countInboxes(store)).toBe(2)
  })
})

describe('A file that is deleted under an open store', () => {
  it('takes no more mail, and is made anew', async () => {
    const file = makeFile()
    const store = await openTestStore(file)
    const { storeId } = store
    const inbox = await makeInbox(store)
    for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix)
    await expect(store.acceptMail(incoming([recipientOf(inbox)]))).rejects.toMatchObject({
      code: 'store_unavailable',
      message: expect.stringContaining('removed or replaced'),
    })
    expect(await countInboxes(store)).toBe(0)
    expect(store.storeId).not.toBe(storeId)
    await deliver(store, await makeInbox(store))
  })
})
