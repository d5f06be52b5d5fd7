import { afterEach, describe, expect, it } from 'vitest'
import { MailError } from '../../src/errors.ts'
import { JANE, JOHN, startListener, type TestListener, turnUntil } from '../support/smtp-listener.ts'

let server: TestListener
afterEach(() => server.close())

describe('the answer', () => {
  it.each([
    ['a rejection', new Error('disk full'), '451 4.3.0', 'store_error'],
    ['an error of ours', new MailError('store_unavailable', 'busy'), '451 4.3.0', 'store_error'],
    ['recipients that are gone', new MailError('inbox_not_found', 'gone'), '550 5.1.1', 'unknown'],
  ])('after %s is one, and the session goes on', async (_, script, expected, reason) => {
    server = await startListener()
    server.receiver.scripts.push(script)
    const session = await server.open()
    await session.begin(JOHN)
    await session.run([['x\r\n.', expected]])
    expect(server.receiver.refusals).toEqual([[JOHN, reason]])
    await session.beginNext(JOHN)
    await session.run([
      ['x\r\n.', '250 2.6.0'],
      ['NOOP', '250 2.0.0'],
    ])
  })

  it('is there even when the post office throws instead of rejecting', async () => {
    server = await startListener()
    server.receiver.accept = () => {
      throw new Error('defect')
    }
    const session = await server.open()
    await session.begin(JOHN)
    await session.run([
      ['x\r\n.', '451 4.3.0'],
      ['NOOP', '250'],
    ])
  })

  it('is 451 when the post office takes too long, and a late yes is released', async () => {
    server = await startListener()
    const { promise, resolve } = Promise.withResolvers<void>()
    server.receiver.scripts.push(promise)
    const session = await server.open()
    await session.begin(JOHN)
    session.write('x\r\n.\r\n')
    await server.receiver.until(() => server.receiver.offered === 1)
    server.world.advance(29_999)
    expect(server.receiver.refusals).toEqual([])
    server.world.advance(1)
    expect(await session.hear()).toMatch(/^451 4\.3\.0/)
    resolve()
    await server.receiver.until(() => server.receiver.released.length === 1)
    await session.run([
      ['NOOP', '250 2.0.0'],
      ['QUIT', '221'],
    ])
    await session.closed
    expect(server.receiver.released).toEqual(['message-1'])
    expect(server.receiver.confirmed).toEqual([])
  })

  it('is 451 when the post office takes too long, and a late no changes nothing', async () => {
    server = await startListener()
    const { promise, reject } = Promise.withResolvers<void>()
    server.receiver.scripts.push(promise)
    const session = await server.open()
    await session.begin(JOHN)
    session.write('x\r\n.\r\n')
    await server.receiver.until(() => server.receiver.offered === 1)
    server.world.advance(30_000)
    expect(await session.hear()).toMatch(/^451/)
    reject(new Error('too late'))
    await session.run([['NOOP', '250 2.0.0']])
    expect(server.receiver.refusals).toEqual([[JOHN, 'store_error']])
  })

  it('to a client that has gone meanwhile is released', async () => {
    server = await startListener()
    const { promise, resolve } = Promise.withResolvers<void>()
    server.receiver.scripts.push(promise)
    const session = await server.open()
    await session.begin(JOHN)
    session.write('x\r\n.\r\n')
    await server.receiver.until(() => server.receiver.offered === 1)
    session.socket.resetAndDestroy()
    await session.closed
    resolve()
    await server.receiver.until(() => server.receiver.released.length === 1)
    expect(server.receiver.released).toEqual(['message-1'])
  })
})

describe('a connection lost in the middle of DATA', () => {
  it.each([
    ['closed', (socket: { end(): void }) => socket.end()],
    ['reset', (socket: { resetAndDestroy(): void }) => socket.resetAndDestroy()],
  ])('(%s) loses the message, and says for whom', async (_, lose) => {
    for (const half of ['', 'Subject: half', 'Subject: x\r\n\r\nbody\r\n', 'body\r\n.', 'body\r\n.\r', 'body\r\n.\n']) {
      server = await startListener()
      const session = await server.open()
      await session.begin([JOHN, JANE])
      session.write(half)
      lose(session.socket)
      await server.receiver.until(() => server.receiver.refusals.length === 2)
      expect(server.receiver.refusals).toEqual([
        [JOHN, 'lost_mid_data'],
        [JANE, 'lost_mid_data'],
      ])
      expect(server.receiver.offered).toBe(0)
      await server.close()
    }
  })

  it('before DATA loses nothing', async () => {
    server = await startListener()
    const session = await server.open()
    await session.run([
      ['EHLO x', '250'],
      ['MAIL FROM:<>', '250'],
      [`RCPT TO:<${JOHN}>`, '250'],
    ])
    await session.destroy()
    const next = await server.open()
    await turnUntil(() => server.world.timers <= 2)
    await next.run([['NOOP', '250']])
    expect(server.receiver.refusals).toEqual([])
  })
})
