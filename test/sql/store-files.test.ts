import { copyFileSync, renameSync, rmSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Inbox } from '../../src/model.ts'
import type { Store } from '../../src/store.ts'
import { findDamage } from '../support/store-check.ts'
import { connect, makeFile, openTestStore } from './place.ts'
import { AGENT, deliver, FIRST_PAGE, incoming, makeInbox, recipientOf } from './support.ts'

const listSubjects = (file: string) =>
  connect(file).prepare<[], string>('SELECT subject FROM message ORDER BY subject').pluck().all()
const accept = (store: Store, inbox: Inbox) => store.acceptMail(incoming([recipientOf(inbox)]))
const LOST = { code: 'store_unavailable', message: expect.stringContaining('removed or replaced'), hint: expect.any(String) }

/** Two processes would be the same, and slower: each thread has a connection of its own. */
async function openTwo(): Promise<{ file: string; stores: [Store, Store]; inbox: Inbox }> {
  const file = makeFile()
  const stores: [Store, Store] = [await openTestStore(file), await openTestStore(file)]
  const inbox = await makeInbox(stores[0])
  for (const [index, store] of stores.entries()) await deliver(store, inbox, { subject: `old ${index}` })
  return { file, stores, inbox }
}

describe('Under two open stores', () => {
  it.each(['-wal', '-shm'])('a deleted %s costs no mail, and both go on together', async (suffix) => {
    const { file, stores, inbox } = await openTwo()
    rmSync(file + suffix)
    for (const store of stores) await expect(accept(store, inbox)).rejects.toMatchObject(LOST)
    for (const [index, store] of stores.entries()) await deliver(store, inbox, { subject: `new ${index}` })
    expect(findDamage(file)).toEqual([])
    expect(listSubjects(file)).toEqual(['new 0', 'new 1', 'old 0', 'old 1'])
  })

  it('a store that is moved takes all its mail along, and a new one begins', async () => {
    const { file, stores, inbox } = await openTwo()
    renameSync(file, `${file}.moved`)
    for (const store of stores) await expect(accept(store, inbox)).rejects.toMatchObject(LOST)
    const anew = await makeInbox(stores[1])
    await deliver(stores[0], anew, { subject: 'new' })
    expect(listSubjects(file)).toEqual(['new'])
    for (const store of stores) await store.close()
    expect(listSubjects(`${file}.moved`)).toEqual(['old 0', 'old 1'])
  })

  it('a deleted store is made anew, though its log lies there still and the other has not noticed', async () => {
    const { file, stores, inbox } = await openTwo()
    rmSync(file)
    await expect(accept(stores[0], inbox)).rejects.toMatchObject(LOST)
    const anew = await makeInbox(stores[0])
    await deliver(stores[0], anew, { subject: 'new' })
    await expect(accept(stores[1], inbox)).rejects.toMatchObject(LOST)
    await deliver(stores[1], anew, { subject: 'newer' })
    expect(findDamage(file)).toEqual([])
    expect(listSubjects(file)).toEqual(['new', 'newer'])
  })

  it('a store that is put back from a backup has what the backup has, and nothing of the log of the other', async () => {
    const { file, stores, inbox } = await openTwo()
    connect(file).exec(`VACUUM INTO '${file}.backup'`)
    for (const store of stores) await deliver(store, inbox, { subject: 'after the backup' })
    copyFileSync(`${file}.backup`, `${file}.copy`)
    renameSync(`${file}.copy`, file)
    await expect(accept(stores[0], inbox)).rejects.toMatchObject(LOST)
    await deliver(stores[0], inbox, { subject: 'restored' })
    await expect(stores[1].listInboxes(AGENT, FIRST_PAGE, 0)).rejects.toMatchObject(LOST)
    expect(findDamage(file)).toEqual([])
    expect(listSubjects(file)).toEqual(['old 0', 'old 1', 'restored'])
  })
})
