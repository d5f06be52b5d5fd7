/** Why there is no mail, from real SMTP sessions to the answer, in the process that listens and in another one. */

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { DeliveryExplanation } from '../src/explanation.ts'
import { MAX_RECIPIENTS, MAX_SMTP_REFUSED_RECIPIENTS, SESSION_WRITE_INTERVAL_MS } from '../src/limits.ts'
import { SILENT_LOG } from '../src/log.ts'
import type { RefusalReason } from '../src/receiver.ts'
import { createListener, type Listener } from '../src/smtp/listener.ts'
import { openOffice, suspend, type TestOffice } from './post-office/office.ts'
import { AGENT, draft, writeMail } from './support/app.ts'
import { openSession, type SmtpSession } from './support/smtp-session.ts'

const MAX_MESSAGE_BYTES = 10_000
const OTHER_AGENT = 'bob'

/** Receives, and another process on the same store. */
let t: TestOffice
let other: TestOffice
let listener: Listener
let smtpUrl: string
/** Thrown at the next message instead of storing it. */
let storeFailure: Error | null = null

beforeAll(async () => {
  t = await openOffice({
    changeStore: (real) => ({
      acceptMail: (mail) => {
        const failure = storeFailure
        storeFailure = null
        return failure === null ? real.acceptMail(mail) : Promise.reject(failure)
      },
    }),
  })
  const elsewhere = { state: 'elsewhere', smtpUrl: 'smtp://127.0.0.1:2525' } as const
  other = await openOffice({
    dataDir: t.dataDir,
    world: t.world,
    parts: { listening: { status: () => elsewhere, settled: async () => {} } },
  })
  listener = createListener({
    host: '127.0.0.1',
    port: 0,
    domain: 'agents.localhost',
    storeTag: 'store',
    maxMessageBytes: MAX_MESSAGE_BYTES,
    tls: null,
    receiver: t.office.receiver,
    log: SILENT_LOG,
    world: t.world,
  })
  const status = await listener.start()
  smtpUrl = status.state === 'listening' ? status.smtpUrl : ''
})
afterAll(async () => {
  await listener.close()
  await other.close()
  await t.close()
})

const explain = (address: string, office = t, agent = AGENT) => office.post.explainDelivery(agent, { inbox: address })

/** Once a session that ended by itself is told of. */
async function explainUntil(address: string, reason: RefusalReason): Promise<DeliveryExplanation> {
  return vi.waitFor(
    async () => {
      const explanation = await explain(address)
      expect(explanation.sessions[0]?.reason).toBe(reason)
      return explanation
    },
    { timeout: 20_000, interval: 1 },
  )
}

async function session(...rows: [send: string, expected: string][]): Promise<SmtpSession> {
  const client = await openSession(smtpUrl)
  await client.run([['EHLO client.example', '250'], ['MAIL FROM:<shop@example.org>', '250'], ...rows])
  return client
}

/** Asks of a recipient and goes. */
async function tryAddress(address: string, expected: string): Promise<void> {
  const client = await session([`RCPT TO:<${address}>`, expected])
  await client.run([['QUIT', '221']])
}

const CLIENT = { remoteAddress: '127.0.0.1', helo: 'client.example', mailFrom: 'shop@example.org' }

describe('of a delivery that was turned away it says, with the session,', () => {
  it('that the address was mistyped, to whoever has the one that was meant', async () => {
    const { address } = await t.createInbox('typo-catcher')
    await tryAddress('typo-cather@agents.localhost', '550 5.1.1')
    await tryAddress('TYPO-CATCHER+news@agents.local', '550 5.1.1')
    await tryAddress('entirely-different@agents.localhost', '550 5.1.1')
    const explanation = await explain(address)
    expect(explanation).toMatchObject({
      address,
      inbox: { status: 'active', cursor: 0 },
      listener: { state: 'listening' },
      sessions: [],
      arrivals: [],
      sent: null,
      advice: expect.stringContaining(`give the sender exactly ${address}`),
    })
    expect(explanation.lookalikes).toHaveLength(2)
    expect(explanation.lookalikes).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ address: 'typo-catcher@agents.local', reason: 'unknown', ...CLIENT }),
        expect.objectContaining({ address: 'typo-cather@agents.localhost', reason: 'unknown', sizeBytes: null, count: 1 }),
      ]),
    )
  })

  it('that the message was too large', async () => {
    const { id, address } = await t.createInbox()
    const client = await session([`RCPT TO:<${address}>`, '250'], ['DATA', '354'])
    client.write(`${'x'.repeat(70)}\r\n`.repeat(200))
    await client.run([
      ['.', '552 5.3.4'],
      ['QUIT', '221'],
    ])
    const explanation = await explain(id)
    expect(explanation.sessions).toMatchObject([{ address, reason: 'too_large', sizeBytes: 72 * 200, count: 1, ...CLIENT }])
    expect(explanation.advice).toContain('too large')
  })

  it('that the message was announced to be too large', async () => {
    const { address } = await t.createInbox()
    const client = await openSession(smtpUrl)
    await client.run([
      ['EHLO client.example', '250'],
      ['MAIL FROM:<shop@example.org> SIZE=99999999999999999999', '250'],
      [`RCPT TO:<${address}>`, '552 5.3.4'],
      ['QUIT', '221'],
    ])
    const { sessions, advice } = await explain(address)
    expect(sessions).toMatchObject([{ address, reason: 'too_large', sizeBytes: Number.MAX_SAFE_INTEGER, count: 1, ...CLIENT }])
    expect(advice).toContain('too large')
  })

  it('that the connection broke in the middle, and how far it had come', async () => {
    const { address } = await t.createInbox()
    const client = await session([`RCPT TO:<${address.replace('@', '+tag@')}>`, '250'], ['DATA', '354'])
    client.write('Subject: half\r\n')
    await client.destroy()
    const { sessions, advice } = await explainUntil(address, 'lost_mid_data')
    expect(sessions).toMatchObject([{ address: address.replace('@', '+tag@'), reason: 'lost_mid_data' }])
    expect(sessions[0]?.sizeBytes).toBeLessThanOrEqual(15)
    expect(advice).toContain('wait_for_message')
  })

  it('that the inbox is suspended', async () => {
    const { address } = await t.createInbox()
    await suspend(t, address)
    await tryAddress(address, '550 5.2.1')
    const explanation = await explain(address)
    expect(explanation).toMatchObject({
      inbox: { status: 'suspended', suspendedReason: expect.stringContaining('spam') },
      sessions: [{ reason: 'suspended' }],
      advice: expect.stringContaining('ask the owner'),
    })
  })

  it('that it had too many recipients', async () => {
    const { address } = await t.createInbox()
    const tagged = (index: number) => address.replace('@', `+${index}@`)
    const client = await session()
    const commands = Array.from({ length: MAX_RECIPIENTS }, (_, index) => `RCPT TO:<${tagged(index)}>\r\n`)
    client.write(commands.join(''))
    for (const _ of commands) expect(await client.hear()).toMatch(/^250/)
    await client.run([
      [`RCPT TO:<${tagged(999)}>`, '452 4.5.3'],
      ['QUIT', '221'],
    ])
    expect((await explain(address)).sessions).toMatchObject([{ reason: 'too_many_recipients', address: tagged(999) }])
  })

  it('that this server could not store it, though the log is in the same store', async () => {
    const { address } = await t.createInbox()
    const client = await session([`RCPT TO:<${address}>`, '250'], ['DATA', '354'])
    storeFailure = new Error('disk full')
    await client.run([
      ['Subject: x\r\n\r\nx\r\n.', '451 4.3.0'],
      ['QUIT', '221'],
    ])
    expect(await explain(address)).toMatchObject({
      sessions: [{ reason: 'store_error', sizeBytes: 17 }],
      advice: expect.stringContaining('tell the owner'),
    })
  })

  it('that it went in circles', async () => {
    const { address } = await t.createInbox()
    const client = await session([`RCPT TO:<${address}>`, '250'], ['DATA', '354'])
    await client.run([
      [`${'Received: x\r\n'.repeat(60)}\r\n.`, '554 5.4.6'],
      ['QUIT', '221'],
    ])
    expect((await explain(address)).sessions).toMatchObject([{ reason: 'mail_loop' }])
  })

  it('that it came before the inbox was there, and that mail has come since', async () => {
    const address = 'too-early@agents.localhost'
    await tryAddress(address, '550 5.1.1')
    expect(await explain(address)).toMatchObject({
      inbox: null,
      sessions: [{ reason: 'unknown' }],
      advice: expect.stringContaining('create_inbox with localPart too-early'),
    })
    t.world.advance(1)
    await t.createInbox('too-early')
    expect((await explain(address)).advice).toContain('have the sender send again')
    t.world.advance(1)
    await t.arrive(address, writeMail())
    const { sessions, arrivals, advice } = await explain(address)
    expect(sessions).toMatchObject([{ reason: 'unknown' }])
    expect(arrivals).toMatchObject([{ seq: 1, read: false, remoteAddress: '127.0.0.1' }])
    expect(advice).toContain('Mail is there, unread')
  })
})

describe('to whoever asks', () => {
  it('in another process it tells the same', async () => {
    const { address } = await t.createInbox('seen-from-afar')
    await tryAddress('seen-from-far@agents.localhost', '550')
    const client = await session([`RCPT TO:<${address}>`, '250'], ['DATA', '354'])
    await client.destroy()
    const here = await explainUntil(address, 'lost_mid_data')
    expect(await explain(address, other)).toEqual({ ...here, listener: { state: 'elsewhere', smtpUrl: 'smtp://127.0.0.1:2525' } })
    const waited = await other.wait(address, { timeoutSeconds: 0 })
    expect(waited).toMatchObject({
      refusals: [{ reason: 'lost_mid_data', at: here.sessions[0]?.at }],
      lookalikes: [{ address: 'seen-from-far@agents.localhost', count: 1 }],
    })
  })

  it('of a near miss of its own it names the inbox that was probably meant', async () => {
    await t.createInbox('precise-name')
    const { advice, nearInboxes } = await explain('precise.name@agents.localhost')
    expect(nearInboxes).toEqual(['precise-name@agents.localhost'])
    expect(advice).toContain('you have precise-name@agents.localhost')
    expect((await explain('precise.name@agents.localhost', t, OTHER_AGENT)).nearInboxes).toEqual([])
    expect((await explain('somebody@example.org')).advice).toContain('end in @agents.localhost')
  })

  it('of mail that it sent it tells what became of it, and of nobody else’s', async () => {
    const { address } = await t.createInbox('writes-letters')
    const { message } = await t.post.sendMessage(AGENT, address, draft())
    const ask = (agent: string, ref: string, messageId: string) => t.post.explainDelivery(agent, { inbox: ref, messageId })
    expect(await ask(AGENT, address, message.id)).toMatchObject({ sent: { deliveries: [{ recipient: 'somebody@example.org' }] } })
    expect(await ask(AGENT, address, message.id)).toMatchObject({ sessions: [], lookalikes: [], arrivals: [] })
    await t.office.idle()
    expect((await ask(AGENT, address, message.id)).advice).toContain('taken for every recipient')
    await expect(ask(AGENT, address, 'nope')).rejects.toMatchObject({ code: 'message_not_found' })
    await expect(ask(OTHER_AGENT, address, message.id)).rejects.toMatchObject({ code: 'inbox_not_found' })
  })

  it('refuses what is no address, and an id that is not there', async () => {
    for (const address of ['a@b@c', '@', '"a b"@example.org', 'x@[127.0.0.1]', 'Ada <ada@agents.localhost>']) {
      await expect(explain(address)).rejects.toMatchObject({ code: 'invalid_argument', facts: { argument: 'inbox' } })
    }
    await expect(explain('nope')).rejects.toMatchObject({ code: 'inbox_not_found' })
  })
})

describe('in a flood', () => {
  it('of refused recipients no write is made for each, and the rest is still told', async () => {
    const { address } = await t.createInbox('high-water')
    await tryAddress('high-wate@agents.localhost', '550')
    await explain(address)
    const written = vi.spyOn(t.store, 'recordSessions')
    const clients = await Promise.all(Array.from({ length: 20 }, () => session()))
    await Promise.all(
      clients.map(async (client, index) => {
        const names = Array.from({ length: MAX_SMTP_REFUSED_RECIPIENTS }, (_, at) => `${index * 1_000 + at}-harvest`)
        client.write(names.map((name) => `RCPT TO:<${name}@agents.localhost>\r\n`).join(''))
        for (const _ of names) expect(await client.hear()).toMatch(/^550 5\.1\.1/)
        await client.destroy()
      }),
    )
    // The clock stands still, so all that came within the interval waits.
    expect(written.mock.calls.length).toBeLessThanOrEqual(1)
    t.world.advance(SESSION_WRITE_INTERVAL_MS)
    await t.office.idle()
    expect(written.mock.calls.length).toBeGreaterThan(0)
    expect(written.mock.calls.length).toBeLessThanOrEqual(2)
    written.mockRestore()
    expect((await explain(address)).lookalikes).toMatchObject([{ address: 'high-wate@agents.localhost' }])
  })

  it('of words none deceives', async () => {
    const client = await openSession(smtpUrl)
    await client.run([
      ['EHLO client.example', '250'],
      ['MAIL FROM:<"a\u202eb"@example.org>', '250'],
      ['RCPT TO:<deceiver@agents.localhost>', '550'],
      ['QUIT', '221'],
    ])
    const { sessions } = await explain('deceiver@agents.localhost')
    expect(sessions).toMatchObject([{ mailFrom: '"ab"@example.org' }])
  })
})
