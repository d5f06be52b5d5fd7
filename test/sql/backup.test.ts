import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { makeNewFile } from '../../src/owner/new-file.ts'
import { copyStore } from '../../src/sql/backup.ts'
import { connect, countRows, makeDir, makeFile, openTestStore } from './place.ts'
import { AGENT, deliver, incoming, makeInbox, recipientOf } from './support.ts'

const { signal } = new AbortController()
const silent = () => {}

/** A store of several thousand pages, with its inbox. */
async function makeFullStore() {
  const file = makeFile()
  const store = await openTestStore(file)
  const inbox = await makeInbox(store)
  const accept = (sizeBytes: number) =>
    store.acceptMail(incoming([recipientOf(inbox)], { raw: Buffer.alloc(sizeBytes, `${Math.random()}`) }))
  await Promise.all(Array.from({ length: 6 }, () => accept(2_000_000)))
  return { file, store, inbox, accept }
}

it('A backup is the store of the moment in which it began, however much is written meanwhile', async () => {
  const { file, store } = await makeFullStore()
  const writer = connect(file)
  const write = writer.prepare("INSERT INTO acceptance (id, fingerprint, accepted_at) VALUES (?, 'meanwhile', 0)")
  const part = join(makeDir(), 'copy')
  const steps: number[] = []
  const onProgress = (done: number) => {
    write.run(`w${steps.length}`)
    steps.push(done)
  }
  const sizeBytes = await copyStore({ file, part, signal, onProgress })
  expect(steps.length).toBeGreaterThan(2)
  expect(steps).toEqual(steps.toSorted((a, b) => a - b))
  expect(statSync(part).size).toBe(sizeBytes)
  expect(existsSync(`${part}-wal`)).toBe(false)
  const count = (of: string) =>
    connect(of).prepare("SELECT count(*) FROM acceptance WHERE fingerprint = 'meanwhile'").pluck().get()
  expect([count(part), count(file)]).toEqual([0, steps.length])
  // Each of the six is large, and kept in two pieces.
  expect(countRows(part, 'spool', 'raw')).toEqual({ spool: 6, raw: 12 })
  await store.close()
})

it('A backup that is made while mail comes in has all that was acknowledged before, and opens as a store', async () => {
  const { file, store, inbox, accept } = await makeFullStore()
  const message = await deliver(store, inbox)
  const acknowledged: string[] = []
  let isDone = false
  const flood = async () => {
    while (!isDone) acknowledged.push((await accept(2_000)).id)
  }
  const flooding = [flood(), flood(), flood()]
  await expect.poll(() => acknowledged.length).toBeGreaterThan(5)
  const before = [...acknowledged]
  const part = join(makeDir(), 'inbox.sqlite')
  await copyStore({ file, part, signal, onProgress: silent })
  isDone = true
  await Promise.all(flooding)
  const copy = await openTestStore(part)
  expect(await copy.getMessage(AGENT, inbox.id, message.id, { markRead: false })).toEqual(message)
  const spooled: unknown[] = connect(part).prepare('SELECT id FROM spool').pluck().all()
  expect(before.filter((id) => !spooled.includes(id))).toEqual([])
})

it('A backup that is interrupted leaves nothing behind', async () => {
  const { file } = await makeFullStore()
  const dir = makeDir()
  const stopping = new AbortController()
  const target = join(dir, 'copy')
  const making = makeNewFile(target, (part) =>
    copyStore({ file, part, signal: stopping.signal, onProgress: () => stopping.abort() }),
  )
  await expect(making).rejects.toMatchObject({ name: 'AbortError' })
  expect(readdirSync(dir)).toEqual([])
})

it('A store that is not there, or is none of ours, is not copied', async () => {
  const part = join(makeDir(), 'copy')
  await expect(copyStore({ file: makeFile(), part, signal, onProgress: silent })).rejects.toMatchObject({
    code: 'store_unavailable',
    message: expect.stringMatching(/^There is no mail store /),
  })
  const foreign = makeFile()
  writeFileSync(foreign, 'x'.repeat(5_000))
  await expect(copyStore({ file: foreign, part, signal, onProgress: silent })).rejects.toMatchObject({
    code: 'store_unavailable',
  })
})
