import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { JOHN, startListener, type TestListener } from '../support/smtp-listener.ts'

let server: TestListener
beforeEach(async () => {
  server = await startListener()
})
afterEach(() => server.close())

const heardOf = () => server.receiver.confirmed.length + server.receiver.released.length

/** A session that has heard 250 for its first message. */
async function deliver() {
  const session = await server.open()
  await session.begin(JOHN)
  await session.run([['x\r\n.', '250 2.6.0']])
  return session
}

describe('a 250 was seen to arrive', () => {
  it.each([['QUIT'], ['RSET'], ['NOOP'], ['EHLO again.example'], ['MAIL FROM:<>'], ['FOO']])(
    'when the client goes on with %s',
    async (line) => {
      const session = await deliver()
      await session.command(line)
      expect(server.receiver.confirmed).toEqual(['message-1'])
      await session.destroy()
      expect(server.receiver.released).toEqual([])
    },
  )

  it('message by message', async () => {
    const session = await deliver()
    await session.beginNext(JOHN)
    expect(server.receiver.confirmed).toEqual(['message-1'])
    await session.run([['y\r\n.', '250']])
    expect(server.receiver.confirmed).toEqual(['message-1'])
    await session.run([['QUIT', '221']])
    expect(server.receiver.confirmed).toEqual(['message-1', 'message-2'])
    await session.closed
    expect(server.receiver.released).toEqual([])
  })

  it('when the next message was begun with the end of this one, but ended by a client that had heard', async () => {
    const session = await server.open()
    await session.begin(JOHN)
    session.write(`x\r\n.\r\nMAIL FROM:<>\r\nRCPT TO:<${JOHN}>\r\nDATA\r\n`)
    for (const expected of [/^250 2\.6/, /^250/, /^250/, /^354/]) expect(await session.hear()).toMatch(expected)
    expect(server.receiver.confirmed).toEqual([])
    await session.run([
      ['y\r\n.', '250'],
      ['QUIT', '221'],
    ])
    expect(server.receiver.confirmed).toEqual(['message-1', 'message-2'])
  })
})

describe('a 250 may not have been seen', () => {
  it.each([
    ['closes', (socket: { end(): void }) => socket.end()],
    ['resets', (socket: { resetAndDestroy(): void }) => socket.resetAndDestroy()],
  ])('when the client %s the connection after it', async (_, leave) => {
    const session = await deliver()
    leave(session.socket)
    await server.receiver.until(() => heardOf() === 1)
    expect(server.receiver.released).toEqual(['message-1'])
  })

  it('when QUIT came with the end of the message (RFC 2920)', async () => {
    const session = await server.open()
    await session.begin(JOHN)
    session.write('x\r\n.\r\nQUIT\r\n')
    expect(await session.hearRest()).toMatch(/^250 .*\r\n221 /)
    await server.receiver.until(() => heardOf() === 1)
    expect(server.receiver.released).toEqual(['message-1'])
  })

  it('when the next command came before it, on its own', async () => {
    const session = await server.open()
    const { promise, resolve } = Promise.withResolvers<void>()
    server.receiver.scripts.push(promise)
    await session.begin(JOHN)
    session.write('x\r\n.\r\n')
    await server.receiver.until(() => server.receiver.offered === 1)
    session.write('NOOP\r\n')
    // Two round trips of another client: the listener has read the line above meanwhile.
    const other = await server.open()
    await other.run([['NOOP', '250']])
    resolve()
    expect(await session.hear()).toMatch(/^250 2\.6/)
    expect(await session.hear()).toMatch(/^250 2\.0/)
    await session.destroy()
    await server.receiver.until(() => heardOf() === 1)
    expect(server.receiver.released).toEqual(['message-1'])
  })

  it('when the next command was begun before it', async () => {
    const session = await server.open()
    await session.begin(JOHN)
    session.write('x\r\n.\r\nNO')
    expect(await session.hear()).toMatch(/^250 2\.6/)
    expect(await session.command('OP')).toMatch(/^250 2\.0/)
    expect(server.receiver.confirmed).toEqual([])
    await session.run([['NOOP', '250']])
    expect(server.receiver.confirmed).toEqual(['message-1'])
  })

  it('when we end the session', async () => {
    const session = await deliver()
    server.world.advance(60_000)
    expect(await session.hear()).toMatch(/^421/)
    await session.closed
    expect(server.receiver.released).toEqual(['message-1'])
  })
})

it('every message of a pipelined flood is told of exactly once', async () => {
  const session = await server.open()
  const message = `MAIL FROM:<>\r\nRCPT TO:<${JOHN}>\r\nDATA\r\nx\r\n.\r\n`
  session.write(`EHLO x\r\n${message.repeat(300)}QUIT\r\n`)
  await session.hearRest()
  await server.receiver.until(() => heardOf() === 300)
  expect(new Set([...server.receiver.confirmed, ...server.receiver.released]).size).toBe(300)
})
