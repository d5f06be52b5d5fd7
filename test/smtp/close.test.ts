import { lookup } from 'node:dns/promises'
import { createServer } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { JOHN, startListener, type TestListener } from '../support/smtp-listener.ts'
import { connectSession } from '../support/smtp-session.ts'

const SHUTTING_DOWN = '421 4.3.2 Shutting down, try again later\r\n'

let server: TestListener
beforeEach(async () => {
  server = await startListener()
})
afterEach(() => server.close())

describe('closing', () => {
  it('ends at once when nobody is in the middle of a message, and tells them', async () => {
    const idle = await server.open()
    const begun = await server.open()
    await begun.run([
      ['EHLO x', '250'],
      ['MAIL FROM:<>', '250'],
    ])
    await server.listener.close()
    expect(await idle.hearRest()).toBe(SHUTTING_DOWN)
    expect(await begun.hearRest()).toBe(SHUTTING_DOWN)
    await connectSession(server.smtpUrl).closed
    expect(server.world.timers).toBe(0)
  })

  it('lets a message be finished and its 250 be seen', async () => {
    const session = await server.open()
    await session.begin(JOHN)
    session.write('Subject: x\r\n')
    const closed = server.listener.close()
    await session.run([
      ['\r\nbody\r\n.', '250 2.6.0'],
      ['MAIL FROM:<>', '421 4.3.2'],
    ])
    await closed
    expect(server.receiver.taken[0]?.raw.toString()).toBe('Subject: x\r\n\r\nbody\r\n')
    expect(server.receiver.confirmed).toEqual(['message-1'])
  })

  it('lets no message go on beyond the grace', async () => {
    const session = await server.open()
    await session.begin(JOHN)
    session.write('Subject: x\r\n')
    const closed = server.listener.close()
    server.world.advance(250)
    await closed
    await session.closed
    expect(server.receiver.refusals).toEqual([[JOHN, 'lost_mid_data']])
    expect(server.world.timers).toBe(0)
  })

  it('releases what is still being stored when the grace is over', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    server.receiver.scripts.push(promise)
    const session = await server.open()
    await session.begin(JOHN)
    session.write('x\r\n.\r\n')
    await server.receiver.until(() => server.receiver.offered === 1)
    const closed = server.listener.close()
    server.world.advance(250)
    await closed
    expect(await session.hearRest()).toBe('')
    resolve()
    await server.receiver.until(() => server.receiver.released.length === 1)
    expect(server.receiver.confirmed).toEqual([])
  })

  it('has told of every 250 by the time it ends', async () => {
    const session = await server.open()
    await session.begin(JOHN)
    await session.run([['x\r\n.', '250']])
    await server.listener.close()
    expect(server.receiver.released).toEqual(['message-1'])
  })

  it('does not wait for a client that neither listens nor leaves', async () => {
    const session = await server.open()
    session.socket.pause()
    session.write('NOOP\r\n'.repeat(50))
    await server.listener.close()
    session.socket.resume()
    await session.closed
  })

  it('may be asked for twice, and before anything began', async () => {
    expect(server.listener.close()).toBe(server.listener.close())
    const other = await startListener()
    await other.listener.close()
    await other.listener.close()
  })

  it('ends the tries for a port', async () => {
    const other = await startListener({ port: Number(new URL(server.smtpUrl).port) })
    expect(other.listener.status().state).toBe('elsewhere')
    await other.listener.close()
    expect(other.world.timers).toBe(0)
    await server.listener.close()
    other.world.advance(60_000)
    expect(other.listener.status().state).toBe('elsewhere')
  })

  it.each([['127.0.0.1'], ['localhost']])('ends a start on %s that has only just begun', async (host) => {
    let closed: Promise<void> | undefined
    const other = await startListener({
      host,
      onMade: (listener) => {
        // After `start` in the same turn.
        queueMicrotask(() => {
          closed = listener.close()
        })
      },
    })
    await closed
    // The name is looked up meanwhile, and the port bound after all.
    await lookup(host)
    for (let turns = 0; turns < 5; turns += 1) await new Promise((resolve) => setImmediate(resolve))
    expect(other.listener.status()).toEqual({ state: 'starting' })
    expect(other.logged).toEqual([])
  })

  it('ends a start that is under way', async () => {
    const silent = createServer(() => {})
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    const address = silent.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const asked = new Promise((resolve) => silent.once('connection', resolve))
    const other = await startListener({ port, onMade: (listener) => void asked.then(() => listener.close()) })
    await other.listener.close()
    expect(other.world.timers).toBe(0)
    await new Promise((resolve) => silent.close(resolve))
  })
})
