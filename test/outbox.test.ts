import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { BACKOFF_JITTER, CARRY_DEADLINE_MS, DELIVERY_EXPIRY_MS, DELIVERY_LEASE_MS } from '../src/limits.ts'
import type { SentMessage } from '../src/model.ts'
import { pauseMs } from '../src/outbox.ts'
import { serveOwner } from '../src/owner.ts'
import { AGENT, bootApp, draft, type TestApp } from './support/app.ts'
import { type Act, ScriptedRelay, type Stage } from './support/scripted-relay.ts'
import { TestWorld } from './support/world.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

describe('the pause before the next try', () => {
  it.each([
    [1, 1],
    [2, 5],
    [3, 15],
    [4, 30],
    [5, 60],
    [6, 120],
    [7, 240],
    [8, 240],
    [50, 240],
  ])('after %i tries is %i minutes, give or take a tenth', (attempts, minutes) => {
    expect(pauseMs(attempts, 0.5)).toBe(minutes * MINUTE_MS)
    expect(pauseMs(attempts, 0)).toBe(Math.round(minutes * MINUTE_MS * (1 - BACKOFF_JITTER)))
    expect(pauseMs(attempts, 1)).toBe(Math.round(minutes * MINUTE_MS * (1 + BACKOFF_JITTER)))
  })
})

describe('a delivery', () => {
  let world: TestWorld
  let relay: ScriptedRelay
  let app: TestApp
  beforeAll(async () => {
    world = new TestWorld()
    relay = await ScriptedRelay.start()
    app = await bootApp({ world, config: { relayUrl: relay.url } })
  })
  afterAll(async () => {
    await app.close()
    await relay.close()
  })

  /** What the relay does at the first try, and where the delivery stands afterwards; then whether it goes out later. */
  const ROWS: [stage: Stage, act: Act, state: string, status: string, laterCopies: number][] = [
    ['ehlo', 'drop', 'deferred', 'sending', 1],
    ['mail', '451 4.3.0 later', 'deferred', 'sending', 1],
    ['rcpt', '450 4.2.1 busy', 'deferred', 'sending', 1],
    ['rcpt', '550 5.1.1 nobody', 'refused', 'bounced', 0],
    ['rcpt', 'drop', 'deferred', 'sending', 1],
    ['data', '554 5.6.0 no', 'refused', 'bounced', 0],
    ['dot', '250 2.0.0 taken', 'sent', 'sent', 1],
    ['dot', '452 4.2.2 full', 'deferred', 'sending', 2],
    ['dot', '554 5.7.1 spam', 'refused', 'bounced', 1],
    ['dot', 'drop', 'unknown', 'unknown', 1],
  ]
  it.each(ROWS)('at %s %j is left %s, and the message %s', async (stage, act, state, status, laterCopies) => {
    const from = (await app.createInbox()).address
    relay.messages.length = 0
    // The one of the row before has been idle for too long.
    const first = relay.connections + 1
    relay.script = (moment) => (moment.stage === stage && relay.connections === first ? act : undefined)
    const { id } = (await app.post.sendMessage(AGENT, from, draft())).message
    await app.app.post.idle()
    const look = () => app.post.getSentMessage(AGENT, from, id)
    expect(await look()).toMatchObject({ message: { status }, deliveries: [{ state, attempts: 1 }] })
    relay.script = () => undefined
    for (const timeMs of [2 * HOUR_MS, 48 * HOUR_MS]) {
      world.advance(timeMs)
      await app.app.post.idle()
    }
    expect(relay.messages).toHaveLength(laterCopies)
    const lasting = state === 'deferred' ? { state: 'sent', attempts: 2 } : { state, attempts: 1 }
    expect(await look()).toMatchObject({ deliveries: [lasting] })
  })
})

describe('the outbox', () => {
  let world: TestWorld
  let relay: ScriptedRelay
  let app: TestApp
  let from: string
  beforeEach(async () => {
    world = new TestWorld()
    relay = await ScriptedRelay.start()
    app = await bootApp({ world, config: { relayUrl: relay.url } })
    from = (await app.createInbox()).address
  })
  afterEach(async () => {
    await app.close()
    await relay.close()
  })

  const send = async (to: string[] = ['ada@example.org']) => (await app.post.sendMessage(AGENT, from, draft({ to }))).message.id
  const look = (id: string): Promise<SentMessage> => app.post.getSentMessage(AGENT, from, id)
  const copies = (recipient = 'ada@example.org') =>
    relay.messages.filter(({ recipients }) => recipients.includes(recipient)).length

  /** Moves the clock, lets the outbox wake at its poll, and waits until nothing that is due is left. */
  async function pass(timeMs: number): Promise<void> {
    world.advance(timeMs)
    await app.app.post.idle()
  }

  it('a relay that hangs is given up after the deadline of one try, and tried again', async () => {
    relay.script = ({ stage, connection }) => (stage === 'rcpt' && connection === 1 ? 'hang' : undefined)
    const id = await send()
    await relay.reached('rcpt')
    await pass(CARRY_DEADLINE_MS)
    expect(await look(id)).toMatchObject({ deliveries: [{ state: 'deferred' }] })
    await pass(2 * MINUTE_MS)
    expect(await look(id)).toMatchObject({ deliveries: [{ state: 'sent', attempts: 2 }] })
    expect(copies()).toBe(1)
  })

  it('defers only the recipient that was deferred, and sends nobody a second copy', async () => {
    relay.script = ({ stage, recipient, attempt }) =>
      stage === 'rcpt' && recipient === 'busy@example.org' && attempt === 1 ? '451 4.7.1 greylisted' : undefined
    const id = await send(['ada@example.org', 'busy@example.org'])
    await app.app.post.idle()
    expect(await look(id)).toMatchObject({
      message: { status: 'sending' },
      deliveries: [{ state: 'sent' }, { state: 'deferred' }],
    })
    await pass(2 * MINUTE_MS)
    expect(await look(id)).toMatchObject({ message: { status: 'sent' }, deliveries: [{ state: 'sent' }, { state: 'sent' }] })
    expect([copies(), copies('busy@example.org')]).toEqual([1, 1])
  })

  it('waits longer and longer, and gives up after 48 hours', async () => {
    relay.script = ({ stage }) => (stage === 'rcpt' ? '451 4.7.1 later' : undefined)
    const id = await send()
    await app.app.post.idle()
    const pauses: number[] = []
    for (;;) {
      const [delivery] = (await look(id)).deliveries
      if (delivery?.nextAttemptAt == null) break
      const pause = Date.parse(delivery.nextAttemptAt) - world.now()
      pauses.push(Math.round(pause / MINUTE_MS))
      expect(delivery.attempts).toBe(pauses.length)
      await pass(pause + MINUTE_MS / 2)
    }
    expect(await look(id)).toMatchObject({ message: { status: 'failed' }, deliveries: [{ state: 'expired', replyCode: 451 }] })
    const total = pauses.reduce((sum, pause) => sum + pause, 0)
    expect(total * MINUTE_MS).toBeLessThanOrEqual(DELIVERY_EXPIRY_MS)
    expect(pauses.length).toBeGreaterThan(15)
    expect(pauses.slice(0, 7).every((pause, index) => pause >= ([0.9, 4.5, 13, 27, 54, 108, 216][index] ?? 0))).toBe(true)
  })

  it('sends an unknown delivery again only when the owner says so, as the same message', async () => {
    relay.script = ({ stage, connection }) => (stage === 'dot' && connection === 1 ? 'drop' : undefined)
    const id = await send()
    await app.app.post.idle()
    const { deliveries } = await look(id)
    const { store } = app.app
    const listed = await serveOwner({ kind: 'list-unknown' }, store, world.now())
    expect(listed.text).toContain(deliveries[0]?.id)
    const retry = { kind: 'retry-delivery', deliveryId: deliveries[0]?.id ?? '' } as const
    expect(await serveOwner(retry, store, world.now())).toMatchObject({ done: true })
    expect(await serveOwner(retry, store, world.now())).toMatchObject({ done: false })
    await pass(MINUTE_MS)
    expect(await look(id)).toMatchObject({ deliveries: [{ state: 'sent' }] })
    const ids = relay.messages.map(({ data }) => /^Message-ID: .*$/m.exec(data.toString())?.[0])
    expect(ids).toHaveLength(2)
    expect(new Set(ids).size).toBe(1)
  })

  it('takes over what a process left that says nothing any more', async () => {
    relay.script = ({ stage }) => (stage === 'mail' ? '451 4.3.0 later' : undefined)
    const id = await send()
    await app.app.post.idle()
    relay.script = () => undefined
    // Another process is a moment ahead, takes the delivery, and is never heard of again.
    const ahead = world.now() + 2 * MINUTE_MS
    expect(await app.app.store.claimDeliveries('another process', ahead, ahead + DELIVERY_LEASE_MS, 10)).toHaveLength(1)
    await pass(DELIVERY_LEASE_MS)
    expect(copies()).toBe(0)
    await pass(3 * MINUTE_MS)
    expect(copies()).toBe(1)
    expect(await look(id)).toMatchObject({ deliveries: [{ state: 'sent' }] })
  })

  it('counts by the UTC day: what was the limit before midnight is free after it', async () => {
    await app.close()
    app = await bootApp({ world, config: { relayUrl: relay.url, dailySendLimit: 2 } })
    from = (await app.createInbox()).address
    for (const _ of [1, 2]) await send()
    await expect(send()).rejects.toMatchObject({
      code: 'daily_limit_reached',
      httpStatus: 429,
      facts: { resetsAt: '2026-11-25T00:00:00.000Z', retryAfterSeconds: 43_200 },
    })
    world.advance(12 * HOUR_MS - 1)
    await expect(send()).rejects.toMatchObject({ code: 'daily_limit_reached', facts: { retryAfterSeconds: 1 } })
    world.advance(1)
    expect(await app.post.checkQuota(AGENT, from)).toMatchObject({ sendsToday: 0, remaining: 2, totalSent: 2 })
    await expect(send()).resolves.toBeTruthy()
  })
})
