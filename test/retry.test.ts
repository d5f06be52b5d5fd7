import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AGENT, bootApp, sendData, type TestApp, writeMail } from './support/app.ts'
import { openSession } from './support/smtp-session.ts'
import { TestWorld } from './support/world.ts'

const MAIL = Buffer.from(writeMail({ subject: 'once' }))

describe('the same bytes again', () => {
  let app: TestApp
  let world: TestWorld
  beforeAll(async () => {
    world = new TestWorld()
    app = await bootApp({ world })
  })
  afterAll(() => app.close())

  /** `end` is what the sender does once it has heard our 250. */
  async function send(to: string, end: 'quit' | 'vanish', from?: string): Promise<void> {
    const session = await openSession(app.smtpUrl)
    await session.begin(to, from)
    expect(await sendData(session, MAIL)).toMatch(/^250 /)
    if (end === 'quit') await session.command('QUIT')
    await session.destroy()
    await app.app.post.idle()
  }

  const count = async (to: string) =>
    (await app.post.listMessages(AGENT, to, { after: null, page: { limit: 20, offset: 0 } })).total

  it('from a sender that went on are as many messages as were sent', async () => {
    const { address } = await app.createInbox()
    for (const _ of [1, 2, 3]) await send(address, 'quit')
    expect(await count(address)).toBe(3)
  })

  it('from a sender that vanished after our 250 are filed once', async () => {
    const { address } = await app.createInbox()
    await send(address, 'vanish')
    await send(address, 'vanish')
    await send(address, 'quit')
    expect(await count(address)).toBe(1)
  })

  it('after a retry that was seen to arrive are a new message', async () => {
    const { address } = await app.createInbox()
    for (const end of ['vanish', 'quit', 'quit'] as const) await send(address, end)
    expect(await count(address)).toBe(2)
  })

  it('with another return path or to another recipient are another message', async () => {
    const { address } = await app.createInbox('one')
    await app.createInbox('two')
    await send(address, 'vanish')
    await send(address, 'vanish', 'b@example.org')
    await send('one+tag@agents.localhost', 'vanish')
    await send('two@agents.localhost', 'vanish')
    expect(await count(address)).toBe(3)
    expect(await count('two@agents.localhost')).toBe(1)
  })

  it('24 hours later are a new message', async () => {
    const { address } = await app.createInbox()
    await send(address, 'vanish')
    world.advance(24 * 3_600_000 + 1)
    await send(address, 'quit')
    expect(await count(address)).toBe(2)
  })

  it('to an address that was deleted and created anew reach the new inbox', async () => {
    const { address } = await app.createInbox('again')
    await send(address, 'vanish')
    await app.post.deleteInbox(AGENT, address)
    await app.createInbox('again')
    await send(address, 'quit')
    expect(await count(address)).toBe(1)
  })

  it('from two sessions at once are two messages', async () => {
    const { address } = await app.createInbox()
    const sessions = await Promise.all([openSession(app.smtpUrl), openSession(app.smtpUrl)])
    for (const session of sessions) await session.begin(address)
    await Promise.all(sessions.map((session) => sendData(session, MAIL)))
    await Promise.all(sessions.map((session) => session.command('QUIT')))
    await app.app.post.idle()
    expect(await count(address)).toBe(2)
  })

  it('from twenty polite senders at once, again and again, are as many messages as were sent', async () => {
    const { address } = await app.createInbox()
    const sendThrice = async () => {
      for (const _ of [1, 2, 3]) await send(address, 'quit')
    }
    await Promise.all(Array.from({ length: 20 }, sendThrice))
    expect(await count(address)).toBe(60)
  })

  it('from a process killed after its commit are filed once', async () => {
    const { address } = await app.createInbox()
    await send(address, 'vanish')
    await app.app.close()
    const { dataDir } = app
    app = await bootApp({ world, dataDir })
    await send(address, 'quit')
    expect(await count(address)).toBe(1)
  })
})
