import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { countOpenAcceptances } from './sql/place.ts'
import { AGENT, bootApp, sendData, type TestApp, writeMail } from './support/app.ts'
import { rounds } from './support/rounds.ts'
import { openSession, type SmtpSession } from './support/smtp-session.ts'
import { TestWorld } from './support/world.ts'

/** Of two senders at once, for each way in which they end. */
const ROUNDS = rounds({ short: 2, full: 5 })
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

describe('the same bytes at two processes on one store', () => {
  let apps: readonly [TestApp, TestApp]
  beforeAll(async () => {
    const first = await bootApp()
    apps = [first, await bootApp({ dataDir: first.dataDir })]
  })
  afterAll(async () => {
    for (const app of apps.toReversed()) await app.close()
  })

  /** Up to the 354. */
  async function begin({ smtpUrl }: TestApp, to: string): Promise<SmtpSession> {
    const session = await openSession(smtpUrl)
    await session.begin(to)
    return session
  }

  /** Ends a session after our 250; resolves once the store knows how each has ended. */
  async function end(sessions: readonly SmtpSession[], ends: readonly ('quit' | 'vanish')[]): Promise<void> {
    for (const [index, session] of sessions.entries()) {
      if (ends[index] === 'quit') await session.command('QUIT')
      await session.destroy()
    }
    await expect.poll(() => countOpenAcceptances(apps[0].dataDir), { interval: 1 }).toBe(0)
    for (const { app } of apps) await app.post.idle()
  }

  const count = async (to: string) =>
    (await apps[0].post.listMessages(AGENT, to, { after: null, page: { limit: 100, offset: 0 } })).total

  it.each([
    ['quit', 'quit'],
    ['quit', 'vanish'],
    ['vanish', 'quit'],
    ['vanish', 'vanish'],
  ] as const)(
    'at the same moment are two messages, where their senders %s and %s; those that vanished try again in vain',
    async (...ends) => {
      const { address } = await apps[0].createInbox()
      for (let round = 1; round <= ROUNDS; round += 1) {
        const data = Buffer.from(writeMail({ subject: `round ${round}` }))
        const sessions = await Promise.all(apps.map((app) => begin(app, address)))
        for (const reply of await Promise.all(sessions.map((session) => sendData(session, data)))) expect(reply).toMatch(/^250 /)
        await end(sessions, ends)
        expect(await count(address)).toBe(2 * round)
        for (const [index, how] of ends.entries()) {
          if (how === 'quit') continue
          const retry = await begin(apps[1 - index] ?? apps[0], address)
          expect(await sendData(retry, data)).toMatch(/^250 /)
          await end([retry], ['quit'])
        }
        expect(await count(address)).toBe(2 * round)
      }
    },
  )

  it('are one message where the second session retries the first, and another one comes meanwhile', async () => {
    const { address } = await apps[0].createInbox()
    const first = await begin(apps[0], address)
    await sendData(first, MAIL)
    await end([first], ['vanish'])
    const [retry, other] = [await begin(apps[1], address), await begin(apps[0], address)]
    await sendData(retry, MAIL)
    await sendData(other, MAIL)
    await end([retry, other], ['quit', 'quit'])
    expect(await count(address)).toBe(2)
  })
})
