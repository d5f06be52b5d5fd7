import { join } from 'node:path'
import { expect, it } from 'vitest'
import { INDEX_STEP_ROWS } from '../../src/search/limits.ts'
import { readSearchQuery } from '../../src/search/reader.ts'
import { findHits, HIT_SEQ } from '../../src/sql/search.ts'
import { connect, makeDir, makeFile, openEngine, openTestStore } from './place.ts'
import { AGENT, deliver, FIRST_PAGE, makeInbox, NOW } from './support.ts'

const CODE = readSearchQuery('code', NOW)
const FIRST = { after: null, page: FIRST_PAGE }

it('Mail is found in a copy of the store that VACUUM made, in which rows may have new numbers', async () => {
  const dir = makeDir()
  const store = await openTestStore(join(dir, 'inbox.sqlite'))
  const [inbox, other] = [await makeInbox(store), await makeInbox(store)]
  const gone = await deliver(store, inbox)
  const kept = await deliver(store, inbox)
  await deliver(store, other)
  await store.deleteMessage(AGENT, inbox.id, gone.id)
  while (await store.indexMessages());
  const db = connect(join(dir, 'inbox.sqlite'))
  db.prepare('VACUUM INTO ?').run(join(dir, 'copy.sqlite'))
  const copy = await openTestStore(join(dir, 'copy.sqlite'))
  expect((await copy.searchMessages(AGENT, inbox.id, CODE, FIRST)).data.map(({ id }) => id)).toEqual([kept.id])
})

it('A step of indexing is bounded, goes on in the next, and looks without a lock once nothing is left', async () => {
  const file = makeFile()
  const store = await openTestStore(file)
  const inboxes = [await makeInbox(store), await makeInbox(store)]
  await Promise.all(
    Array.from({ length: INDEX_STEP_ROWS }, (_, index) => deliver(store, inboxes[index % 2] ?? inboxes[0] ?? expect.fail())),
  )
  const [first] = inboxes
  if (first) await deliver(store, first, { subject: 'Long', bodyText: 'long '.repeat(100_000) })
  expect(await store.indexMessages()).toBe(true)
  while (await store.indexMessages());
  const db = connect(file)
  db.exec('BEGIN IMMEDIATE')
  expect(await store.indexMessages()).toBe(false)
  expect(await store.searchMessages(AGENT, first?.id ?? '', CODE, FIRST)).toMatchObject({
    total: INDEX_STEP_ROWS / 2,
    isComplete: true,
  })
})

it('What a step of indexing wrote is gone with a batch that fails', async () => {
  const db = await openEngine(makeFile())
  const hits = findHits(1, 0, CODE, { sql: '', params: [] })
  const find = () => db.all(`SELECT ${HIT_SEQ} AS seq FROM ${hits.sql}`, ...hits.params)
  db.begin('write')
  db.savepoint()
  const columns = 'rowid, inbox, sender, recipients, subject, body, attachments'
  db.run(`INSERT INTO message_search (${columns}) VALUES (2147483653, 'i1', '', '', '', 'code', '')`)
  expect(find()).toEqual([{ seq: 5 }])
  db.rollbackToSavepoint()
  expect(find()).toEqual([])
  db.rollback()
  expect(find()).toEqual([])
})
