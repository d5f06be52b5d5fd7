import { afterEach, describe, expect, it } from 'vitest'
import { SMTP_BOUNDS } from '../../src/smtp/bounds.ts'
import { SessionClock } from '../../src/smtp/session-clock.ts'
import { JANE, JOHN, startListener, type TestListener } from '../support/smtp-listener.ts'
import { TestWorld } from '../support/world.ts'

const SECOND_MS = 1_000
const MINUTE_MS = 60_000

describe('a session', () => {
  let server: TestListener
  afterEach(() => server.close())

  it('without a byte is closed', async () => {
    server = await startListener()
    const session = await server.open()
    server.world.advance(MINUTE_MS - 1)
    await session.run([['NOOP', '250']])
    server.world.advance(MINUTE_MS)
    expect(await session.hearRest()).toBe('421 4.4.2 Idle for too long\r\n')
  })

  it('that has not even said hello is closed', async () => {
    server = await startListener()
    const session = await server.open()
    server.world.advance(MINUTE_MS)
    expect(await session.hearRest()).toBe('421 4.4.2 Idle for too long\r\n')
  })

  it('that says something now and then is closed all the same', async () => {
    server = await startListener()
    const session = await server.open()
    for (let minutes = 0; minutes < 10; minutes += 1) {
      await session.run([['NOOP', '250']])
      server.world.advance(MINUTE_MS - 1)
    }
    await session.run([['NOOP', '250']])
    server.world.advance(10)
    expect(await session.hearRest()).toBe('421 4.4.2 This session has lasted too long\r\n')
  })

  it('in the middle of a message may finish it, and no more', async () => {
    server = await startListener({ limits: { idleMs: 60 * MINUTE_MS, dataMs: 60 * MINUTE_MS } })
    const session = await server.open()
    await session.begin(JOHN)
    server.world.advance(11 * MINUTE_MS)
    await session.run([
      ['x\r\n.', '250 2.6.0'],
      ['MAIL FROM:<>', '421 4.4.2'],
    ])
    await session.closed
    expect(server.receiver.confirmed).toEqual(['message-1'])
  })

  it('is not cut off while we are the ones who are slow', async () => {
    server = await startListener({ limits: { answerMs: 20 * MINUTE_MS, sessionMs: 60 * MINUTE_MS } })
    const { promise, resolve } = Promise.withResolvers<void>()
    server.receiver.scripts.push(promise)
    const session = await server.open()
    await session.begin(JOHN)
    session.write('x\r\n.\r\n')
    await server.receiver.until(() => server.receiver.offered === 1)
    server.world.advance(15.5 * MINUTE_MS)
    resolve()
    expect(await session.hear()).toMatch(/^250 2\.6/)
    // Silent since then, not since its message.
    server.world.advance(MINUTE_MS - 1)
    await session.run([['NOOP', '250']])
  })

  it('whose message does not come to an end is closed, and the message is lost', async () => {
    server = await startListener({ limits: { idleMs: 60 * MINUTE_MS } })
    const session = await server.open()
    await session.begin([JOHN, JANE])
    session.write('Subject: slow\r\n')
    server.world.advance(5 * MINUTE_MS - 1)
    expect(server.receiver.refusals).toEqual([])
    server.world.advance(1)
    expect(await session.hearRest()).toBe('421 4.4.2 The message took too long\r\n')
    expect(server.receiver.refusals).toEqual([
      [JOHN, 'lost_mid_data'],
      [JANE, 'lost_mid_data'],
    ])
    expect(server.receiver.offered).toBe(0)
  })

  it('leaves no timer behind', async () => {
    server = await startListener()
    for (const leave of ['QUIT', 'vanish']) {
      const session = await server.open()
      await session.begin(JOHN)
      await session.run([['x\r\n.', '250']])
      if (leave === 'QUIT') await session.run([['QUIT', '221']])
      await session.destroy()
    }
    await server.receiver.until(() => server.receiver.confirmed.length + server.receiver.released.length === 2)
    expect(server.world.timers).toBe(0)
  })
})

describe('the clock of a session', () => {
  function startClock(hooks: { isOurTurn?: boolean; isMidMessage?: boolean } = {}) {
    const world = new TestWorld()
    const ended: string[] = []
    const state = { isOurTurn: false, isMidMessage: false, ...hooks }
    const clock = new SessionClock(world, SMTP_BOUNDS, {
      isOurTurn: () => state.isOurTurn,
      isMidMessage: () => state.isMidMessage,
      end: (reply) => {
        ended.push(reply)
        clock.stop()
      },
    })
    return { world, ended, clock, state }
  }

  it('lets a byte every few seconds put off the silence but not the end', () => {
    const { world, ended, clock } = startClock()
    for (let seconds = 0; ended.length === 0; seconds += 5) {
      world.advance(5 * SECOND_MS)
      if (seconds > 601) throw new Error('never ended')
      if (ended.length === 0) clock.bytes(1)
    }
    expect(ended).toEqual([expect.stringContaining('lasted too long')])
  })

  it('counts the silence from the last byte', () => {
    const { world, ended, clock } = startClock()
    world.advance(59 * SECOND_MS)
    clock.bytes(1)
    world.advance(59 * SECOND_MS)
    expect(ended).toEqual([])
    world.advance(SECOND_MS)
    expect(ended).toHaveLength(1)
  })

  it('gives a session that lasted too long in the middle of a message one more minute at a time', () => {
    const { world, ended, clock, state } = startClock({ isMidMessage: true, isOurTurn: true })
    world.advance(11 * MINUTE_MS)
    expect(ended).toEqual([])
    expect(clock.expired).toBe(true)
    state.isMidMessage = false
    world.advance(MINUTE_MS)
    expect(ended).toEqual([expect.stringContaining('lasted too long')])
  })

  it('takes whole commands and kilobytes for progress, and bytes for none', () => {
    const { world, clock } = startClock()
    const begunAt = world.now()
    for (let seconds = 0; seconds < 30; seconds += 3) {
      world.advance(3 * SECOND_MS)
      clock.bytes(1)
    }
    expect(clock.progressAt).toBe(begunAt)
    clock.command()
    expect(clock.progressAt - begunAt).toBe(30 * SECOND_MS)
    world.advance(SECOND_MS)
    for (let index = 0; index < SMTP_BOUNDS.progressBytes - 1; index += 1) clock.bytes(1)
    expect(clock.progressAt - begunAt).toBe(30 * SECOND_MS)
    clock.bytes(1)
    expect(clock.progressAt - begunAt).toBe(31 * SECOND_MS)
    world.advance(SECOND_MS)
    clock.bytes(1)
    expect(clock.progressAt - begunAt).toBe(31 * SECOND_MS)
    clock.answered()
    expect(clock.progressAt - begunAt).toBe(32 * SECOND_MS)
  })

  it('has no timer once it is stopped', () => {
    const { world, clock } = startClock()
    clock.stop()
    expect(world.timers).toBe(0)
  })
})
