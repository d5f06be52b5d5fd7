import { createServer, type Server, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import type { ListenerStatus } from '../../src/receiver.ts'
import { formatHostPort, formatSmtpUrl } from '../../src/smtp/host-port.ts'
import { describeBindError } from '../../src/smtp/takeover.ts'
import { JOHN, startListener, type TestListener, turnUntil } from '../support/smtp-listener.ts'
import { openSession } from '../support/smtp-session.ts'

const servers: TestListener[] = []
const strangers: { server: Server; sockets: Set<Socket> }[] = []
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()))
  for (const { server, sockets } of strangers.splice(0)) {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  }
})

async function start(options: Parameters<typeof startListener>[0] = {}): Promise<TestListener> {
  const server = await startListener(options)
  servers.push(server)
  return server
}

/** Another program on a free port, which does so with each connection. */
async function startStranger(greet: (socket: Socket) => void): Promise<{ port: number; visits: () => number }> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    greet(socket)
  })
  strangers.push({ server, sockets })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return { port: typeof address === 'object' && address !== null ? address.port : 0, visits: () => sockets.size }
}

const portOf = ({ smtpUrl }: TestListener) => Number(new URL(smtpUrl).port)
const problemOf = (status: ListenerStatus) => (status.state === 'blocked' ? status.problem : status.state)
const events = ({ logged }: TestListener, ...levels: string[]) =>
  logged.filter(({ level }) => levels.includes(String(level))).map(({ event }) => event)

describe('a free port', () => {
  it('is bound, and the status says where', async () => {
    const server = await start()
    expect(server.listener.status()).toEqual({ state: 'listening', smtpUrl: `smtp://127.0.0.1:${portOf(server)}` })
    expect(events(server, 'info', 'warn', 'error')).toEqual(['smtp_listening'])
  })

  it('on more than loopback without a certificate is allowed, with a warning', async () => {
    const server = await start({ host: '0.0.0.0' })
    expect(server.smtpUrl).toMatch(/^smtp:\/\/127\.0\.0\.1:\d+$/)
    expect(events(server, 'warn')).toEqual(['smtp_exposed'])
    const session = await openSession(server.smtpUrl)
    await session.run([['QUIT', '221']])
  })
})

describe('a port that another process on the same store has', () => {
  it('is left to it', async () => {
    const owner = await start()
    const other = await start({ port: portOf(owner) })
    expect(other.listener.status()).toEqual({ state: 'elsewhere', smtpUrl: owner.smtpUrl })
    expect(events(other, 'info', 'warn', 'error')).toEqual(['smtp_elsewhere'])
  })

  it('is taken over once that process is gone, and mail goes on', async () => {
    const owner = await start()
    const other = await start({ port: portOf(owner) })
    await owner.close()
    other.world.advance(625)
    await turnUntil(() => other.listener.status().state === 'listening')
    expect(events(other, 'info', 'warn', 'error')).toEqual(['smtp_elsewhere', 'smtp_listening'])
    const session = await openSession(owner.smtpUrl)
    await session.begin(JOHN)
    await session.run([
      ['x\r\n.', '250'],
      ['QUIT', '221'],
    ])
    expect(other.receiver.taken).toHaveLength(1)
    expect(other.world.timers).toBe(0)
  })

  it('is taken over the moment that process ends, without waiting for the next try', async () => {
    const owner = await start()
    const others = await Promise.all([start({ port: portOf(owner) }), start({ port: portOf(owner) })])
    await owner.close()
    const taken = () => others.filter(({ listener }) => listener.status().state === 'listening')
    await turnUntil(() => taken().length === 1)
    const [first] = taken()
    const [second] = others.filter((other) => other !== first)
    if (first === undefined || second === undefined) throw new Error('both have the port')
    // Whoever comes second tries some times more, and then asks who has it now.
    const tries = () => events(second, 'debug').filter((event) => event === 'smtp_bind_failed').length
    for (const [index, delayMs] of [5, 20, 75, 400, 0].entries()) {
      await turnUntil(() => tries() === index + 2 && second.world.timers === 1)
      second.world.advance(delayMs)
    }
    await first.close()
    await turnUntil(() => second.listener.status().state === 'listening')
    expect(events(second, 'info', 'warn', 'error')).toEqual(['smtp_elsewhere', 'smtp_listening'])
  })

  it('is not asked over and over when it ends each connection', async () => {
    const owner = await startStranger((socket) => socket.end('220 agents.localhost ESMTP inbox-mcp store-a\r\n'))
    const other = await start({ port: owner.port })
    let waitedMs = 0
    while (owner.visits() < 4) {
      await turnUntil(() => other.world.timers === 1 || owner.visits() >= 4)
      other.world.advance(1)
      waitedMs += 1
    }
    expect(waitedMs).toBeGreaterThan(3 * 400)
    expect(other.listener.status().state).toBe('elsewhere')
  })

  it('is tried every 5 s only, and its owner not asked again, while the end of a connection to it would tell', async () => {
    const owner = await startStranger((socket) => socket.write('220 agents.localhost ESMTP inbox-mcp store-a\r\n'))
    const other = await start({ port: owner.port })
    for (let tries = 0; tries < 3; tries += 1) {
      const before = other.logged.length
      other.world.advance(4_999)
      expect(other.logged.length).toBe(before)
      other.world.advance(1)
      await turnUntil(() => other.logged.length > before && other.world.timers === 1)
    }
    expect(owner.visits()).toBe(1)
  })

  it('stays with it while it does not answer for a moment', async () => {
    let greets = true
    let visited = () => {}
    const owner = await startStranger((socket) => {
      if (greets) socket.end('220 agents.localhost ESMTP inbox-mcp store-a\r\n')
      else visited()
    })
    const other = await start({ port: owner.port })
    expect(other.listener.status().state).toBe('elsewhere')
    greets = false
    let isAsked = false
    visited = () => {
      isAsked = true
    }
    // The connection has ended: after some tries the owner is asked again.
    while (!isAsked) {
      await turnUntil(() => other.world.timers === 1 || isAsked)
      other.world.advance(1)
    }
    other.world.advance(1_000)
    await turnUntil(() => other.world.timers === 1)
    expect(other.listener.status().state).toBe('elsewhere')
  })

  it('is waited for without end and without a word to anybody', async () => {
    const warnings: Error[] = []
    const listen = (warning: Error) => warnings.push(warning)
    process.on('warning', listen)
    const owner = await start()
    const other = await start({ port: portOf(owner) })
    for (let tries = 0; tries < 40; tries += 1) {
      const before = other.logged.length
      other.world.advance(5_000)
      await turnUntil(() => other.logged.length > before && other.world.timers === 1)
    }
    process.off('warning', listen)
    expect(warnings).toEqual([])
    expect(events(other, 'info', 'warn', 'error')).toEqual(['smtp_elsewhere'])
  })
})

describe('a port that somebody else has', () => {
  it('is tried about twice a second, with jitter', async () => {
    const stranger = await startStranger((socket) => socket.write('220 mail.example ESMTP Postfix\r\n'))
    const other = await start({ port: stranger.port })
    const delays: number[] = []
    for (let tries = 0; tries < 10; tries += 1) {
      const before = other.logged.length
      let waitedMs = 0
      while (other.world.timers === 1) {
        other.world.advance(1)
        waitedMs += 1
      }
      delays.push(waitedMs)
      await turnUntil(() => other.logged.length > before)
      await turnUntil(() => other.world.timers === 1)
    }
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(375)
    expect(Math.max(...delays)).toBeLessThanOrEqual(626)
    expect(new Set(delays).size).toBeGreaterThan(3)
  })

  it.each([
    ['another store', '220 agents.localhost ESMTP inbox-mcp store-b\r\n', 'belongs to an inbox-mcp with another data directory'],
    ['another mail server', '220 mail.example ESMTP Postfix\r\n', 'is taken by another program'],
    ['a store of a longer name', '220 agents.localhost ESMTP inbox-mcp store-ab\r\n', 'another data directory'],
    ['one that greets in pieces without an end', `220 ${'x'.repeat(5_000)}`, 'is taken by another program'],
    ['one that speaks another protocol', '\0\x01\x02\r\n', 'is taken by another program'],
    ['one that hangs up', null, 'is taken by another program'],
  ])('(%s) is said in one line, with what to set', async (_, greeting, why) => {
    const stranger = await startStranger((socket) => (greeting === null ? socket.destroy() : socket.write(greeting)))
    const server = await start({ port: stranger.port })
    const problem = problemOf(server.listener.status())
    expect(problem).toMatch(new RegExp(`^Mail is not received: 127\\.0\\.0\\.1:${stranger.port} .*${why}`))
    expect(problem).toContain('--smtp-port (INBOX_MCP_SMTP_PORT)')
    expect(problem).not.toContain('\n')
    expect(events(server, 'info', 'warn', 'error')).toEqual(['smtp_blocked'])
  })

  it('(one that never speaks) is said after a second', async () => {
    let visited = () => {}
    const stranger = await startStranger(() => visited())
    const server = await start({
      port: stranger.port,
      onMade: (_, world) => {
        visited = () => world.advance(1_000)
      },
    })
    expect(problemOf(server.listener.status())).toContain('is taken by another program')
  })

  it('is taken over once it is free', async () => {
    const stranger = await startStranger((socket) => socket.end('220 mail.example ESMTP\r\n'))
    const server = await start({ port: stranger.port })
    expect(server.listener.status().state).toBe('blocked')
    const [{ server: socketServer, sockets } = { server: null, sockets: new Set<Socket>() }] = strangers.splice(0)
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => socketServer?.close(resolve))
    server.world.advance(625)
    await turnUntil(() => server.listener.status().state === 'listening')
  })
})

describe('an address that cannot be bound', () => {
  it('(none of this machine) is said in one line, with what to set', async () => {
    const server = await start({ host: '192.0.2.1' })
    expect(problemOf(server.listener.status())).toMatch(
      /^Mail is not received: 192\.0\.2\.1:0 is no address of this machine; set --smtp-host \(INBOX_MCP_SMTP_HOST\)[^\n]*$/,
    )
  })

  it.each([
    ['EACCES', /may not be used by this user; set --smtp-port \(INBOX_MCP_SMTP_PORT\) to 1024 or above, or 0 for any/],
    ['ENOTFOUND', /names no host.*--smtp-host/],
    ['EWHATEVER', /cannot be used \(EWHATEVER\).*--smtp-port/],
  ])('(%s) says what to set', (code, expected) => {
    expect(describeBindError(Object.assign(new Error('bind'), { code }))).toMatch(expected)
  })
})

it.each([
  ['127.0.0.1', '127.0.0.1:25', 'smtp://127.0.0.1:25'],
  ['0.0.0.0', '0.0.0.0:25', 'smtp://127.0.0.1:25'],
  ['::', '[::]:25', 'smtp://[::1]:25'],
  ['::1', '[::1]:25', 'smtp://[::1]:25'],
  ['localhost', 'localhost:25', 'smtp://localhost:25'],
])('%s is written %s and %s', (host, hostPort, smtpUrl) => {
  expect([formatHostPort(host, 25), formatSmtpUrl(host, 25)]).toEqual([hostPort, smtpUrl])
})
