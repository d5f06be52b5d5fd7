import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { bootApp, type TestApp, writeMail } from './support/app.ts'
import { TestWorld } from './support/world.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

/** So much time in minutes, with what the server does by itself in it. */
async function pass(server: TestApp, world: TestWorld, minutes: number): Promise<void> {
  for (let minute = 0; minute < minutes; minute += 1) {
    world.advance(MINUTE_MS)
    await server.app.post.idle()
  }
}

test('A server packs mail that has been there for a while, and removes it when its days are over', async () => {
  const world = new TestWorld()
  const server = await bootApp({ world, config: { keepDays: 1 } })
  try {
    const { id } = await server.createInbox('kept')
    const body = 'All work and no play makes Jack a dull boy.\r\n'.repeat(100)
    await server.deliver('kept@agents.localhost', writeMail({ body }))
    const list = async () => (await server.post.listMessages('default', id, { after: null, page: { limit: 9, offset: 0 } })).data
    const [message] = await list()
    const raw = Buffer.from(await server.post.getRaw('default', id, message?.id ?? ''))
    const db = new Database(join(server.dataDir, 'inbox.sqlite'), { readonly: true })
    const packed = db.prepare('SELECT is_packed, length(bytes) FROM raw').raw()
    await pass(server, world, 5)
    expect(packed.get()).toEqual([null, raw.length])
    await pass(server, world, 10)
    expect(packed.get()).toEqual([1, expect.any(Number)])
    db.close()
    expect(Buffer.from(await server.post.getRaw('default', id, message?.id ?? ''))).toEqual(raw)
    world.advance(23 * HOUR_MS)
    await pass(server, world, 5)
    expect(await list()).toHaveLength(1)
    world.advance(HOUR_MS)
    await pass(server, world, 5)
    expect(await list()).toEqual([])
    expect((await server.post.getInbox('default', id)).address).toBe('kept@agents.localhost')
    expect(server.complaints).toEqual([])
  } finally {
    await server.close()
  }
})
