import { createServer, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { REAL_WORLD } from '../../src/app.ts'
import { inspectPort } from '../../src/smtp/port-check.ts'
import { startListener, type TestListener } from '../support/smtp-listener.ts'

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()))
})

/** Another program on a free port, which does so with each connection. */
async function startStranger(greet: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    greet(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(
    () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy()
        server.close(() => resolve())
      }),
  )
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

async function startOurs(storeTag: string): Promise<number> {
  const server: TestListener = await startListener({ storeTag })
  closers.push(() => server.close())
  return Number(new URL(server.smtpUrl).port)
}

const ask = (port: number, { storeTag = 'ours' as string | null, host = '127.0.0.1', deadlineMs = 20_000 } = {}) =>
  inspectPort({ host, port, storeTag, deadlineMs }, REAL_WORLD)

describe('the port', () => {
  it('is ours when the greeting has the tag of our store, and somebody else\u2019s when it has another', async () => {
    const port = await startOurs('ours')
    expect(await ask(port)).toEqual({ state: 'ours' })
    expect(await ask(port, { storeTag: 'theirs' })).toMatchObject({ state: 'other_store' })
    expect(await ask(port, { storeTag: null })).toMatchObject({ state: 'other_store' })
    expect(await ask(port, { host: '0.0.0.0' })).toEqual({ state: 'ours' })
  })

  it('belongs to another program that greets otherwise, or hangs up', async () => {
    const postfix = await startStranger((socket) => socket.write('220 mail.example.org ESMTP Postfix\r\n'))
    expect(await ask(postfix)).toEqual({ state: 'other_program', greeting: '220 mail.example.org ESMTP Postfix\r\n' })
    const curt = await startStranger((socket) => socket.end())
    expect(await ask(curt)).toEqual({ state: 'other_program', greeting: '' })
    const endless = await startStranger((socket) => socket.write('x'.repeat(100_000)))
    const found = await ask(endless)
    expect(found.state === 'other_program' && found.greeting.length).toBe(1_024)
  })

  it('is silent when nobody greets in time', async () => {
    const port = await startStranger(() => {})
    expect(await ask(port, { deadlineMs: 50 })).toEqual({ state: 'silent' })
  })

  it('is free when nobody is there, and stays free', async () => {
    const port = await startStranger(() => {})
    await closers.pop()?.()
    expect([await ask(port), await ask(port)]).toEqual([{ state: 'free' }, { state: 'free' }])
  })

  it('cannot be used at an address that is not of this machine', async () => {
    expect(await ask(2525, { host: '192.0.2.1', deadlineMs: 300 })).toMatchObject({
      state: expect.stringMatching('unusable|silent'),
    })
  })
})
