import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runBatch } from '../../src/sql/batch.ts'
import { inspectStore } from '../../src/sql/inspect.ts'
import { MIGRATIONS } from '../../src/sql/migrations.ts'
import { connect, makeDir, makeFile, openEngine } from './place.ts'
import { AGENT, incoming, NOW, newId, newInbox, parsed } from './support.ts'

/** A store with a message in it. */
async function makeStore() {
  const file = makeFile()
  const db = await openEngine(file)
  const inbox = newInbox()
  const mail = incoming([{ inboxId: inbox.id, address: inbox.address, tag: null }])
  await runBatch(db, [
    { method: 'createInbox', args: [AGENT, inbox] },
    { method: 'acceptMail', args: [mail] },
    { method: 'fileMail', args: [mail.id, parsed(), [{ messageId: newId(), threadId: newId() }], NOW] },
  ])
  return { file, db }
}

describe('a look at a store', () => {
  it('tells what it is, while somebody has it open, and changes nothing', async () => {
    const { file } = await makeStore()
    const before = readFileSync(file)
    expect(inspectStore(file)).toMatchObject({
      state: 'open',
      storeId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      schemaVersion: MIGRATIONS.length,
      isReadable: true,
      damage: [],
      newestAt: NOW,
      mode: process.platform === 'win32' ? 0 : 0o600,
    })
    expect(readFileSync(file)).toEqual(before)
  })

  it('makes none where there is none', () => {
    const file = join(makeDir(), 'inbox.sqlite')
    expect(inspectStore(file)).toEqual({ state: 'missing' })
    expect(statSync(file, { throwIfNoEntry: false })).toBe(undefined)
  })

  it('finds one that only a newer program may use', async () => {
    const { file } = await makeStore()
    connect(file).exec("UPDATE meta SET value = '9999' WHERE name = 'min_reader'")
    expect(inspectStore(file)).toMatchObject({ state: 'open', isReadable: false })
  })

  it('finds damage', async () => {
    const { file, db } = await makeStore()
    db.close()
    const bytes = readFileSync(file)
    // All but the page of the header and that of `meta`.
    const from = Math.floor(bytes.length / 2 / 4_096) * 4_096
    bytes.fill(0x5a, from, from + 8 * 4_096)
    writeFileSync(file, bytes)
    const found = inspectStore(file)
    const isDamaged = found.state === 'refused' || (found.state === 'open' && found.damage.length > 0)
    expect([found, isDamaged]).toEqual([found, true])
  })

  it('leaves what is not ours alone', () => {
    const file = makeFile()
    writeFileSync(file, 'x'.repeat(5_000))
    expect(inspectStore(file)).toMatchObject({ state: 'refused', why: expect.stringMatching(/is not a mail store of inbox-mcp/) })
  })
})
