import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { sendMail } from '../../src/demo/send-mail.ts'
import { type ServerProcess, startServer } from '../support/server-process.ts'
import { openSession } from '../support/smtp-session.ts'

describe('the program over stdio', () => {
  let root: string
  let dirs = 0
  const running: ServerProcess[] = []
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'inbox-mcp-stdio-'))
  })
  afterAll(() => rm(root, { recursive: true, force: true }))
  afterEach(async () => {
    for (const server of running.splice(0)) {
      server.child.kill('SIGKILL')
      await server.exited
    }
  })

  function start(args: readonly string[] = ['--smtp-port', '0'], env: Record<string, string> = {}): ServerProcess {
    dirs += 1
    const server = startServer(['--data-dir', join(root, String(dirs)), ...args], env)
    running.push(server)
    return server
  }

  describe('writes nothing but protocol to stdout', () => {
    const isProtocol = (line: string) => JSON.parse(line).jsonrpc === '2.0'

    it('when the log is at debug and a mail is malformed', async () => {
      const server = start(['--smtp-port', '0', '--log-level', 'debug'])
      await server.initialize()
      const inbox = await server.call('create_inbox', {})
      const data = 'Content-Type: multipart/mixed; boundary="\r\nFrom: <<>>\r\nDate: no\r\n\r\n\u0000--x\r\n'
      await sendMail(String(inbox.smtpUrl), { from: '', to: String(inbox.address), data })
      expect(await server.call('wait_for_message', { inbox: inbox.address })).toMatchObject({ status: 'received' })
      expect(server.stdout.filter((line) => !isProtocol(line))).toEqual([])
      expect(server.stderr()).toContain('"level":"debug"')
      expect(server.stderr()).not.toContain(String(inbox.address))
    })

    it('when another program has the SMTP port, which create_inbox and the status say in one line', async () => {
      const other: Server = createServer((socket) =>
        socket
          .on('error', () => {})
          .resume()
          .end('220 other.example ESMTP\r\n'),
      )
      await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
      const address = other.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      const server = start(['--smtp-port', String(port)])
      await server.initialize()
      const inbox = await server.call('create_inbox', {})
      expect(inbox.smtpUrl).toBeNull()
      expect(inbox.notice).toMatch(new RegExp(`^[^\\n]*${port}[^\\n]*--smtp-port[^\\n]*$`))
      const { contents } = await server.request('resources/read', { uri: 'inbox:///status' })
      expect(JSON.stringify(contents)).toContain('--smtp-port')
      expect(server.stdout.filter((line) => !isProtocol(line))).toEqual([])
      await new Promise((resolve) => other.close(resolve))
    })

    it('when what comes in is no protocol at all', async () => {
      const server = start()
      await server.initialize()
      server.child.stdin?.write('not json\n{"jsonrpc":"2.0"}\n[]\n\u0000\n')
      expect(await server.call('list_inboxes', {})).toMatchObject({ total: 0 })
      expect(server.stdout.filter((line) => !isProtocol(line))).toEqual([])
    })
  })

  describe('ends with an open SMTP session and a pending wait', () => {
    async function busy(): Promise<ServerProcess> {
      const server = start()
      await server.initialize()
      const inbox = await server.call('create_inbox', {})
      const session = await openSession(String(inbox.smtpUrl))
      await session.command('EHLO x')
      void server.call('wait_for_message', { inbox: inbox.address, timeoutSeconds: 50 }).catch(() => {})
      // Answered behind the wait, so the wait is on.
      await server.call('list_inboxes', {})
      return server
    }

    it('at the end of stdin', async () => {
      const server = await busy()
      server.child.stdin?.end()
      expect(await server.exited).toEqual({ code: 0, signal: null })
    })

    it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('at %s', async (signal) => {
      const server = await busy()
      server.child.kill(signal)
      expect(await server.exited).toEqual({ code: 0, signal: null })
    })
  })

  it('ends when the client sends a line that no request can have', async () => {
    const server = start()
    await server.initialize()
    const mebibyte = 'x'.repeat(1_048_576)
    for (let sent = 0; sent < 42; sent += 1) server.child.stdin?.write(mebibyte)
    expect(await server.exited).toEqual({ code: 0, signal: null })
  })

  it('goes on when nobody reads its log any more', async () => {
    const server = start(['--smtp-port', '0', '--log-level', 'debug'])
    await server.initialize()
    server.child.stderr?.destroy()
    expect(await server.call('create_inbox', {})).toMatchObject({ status: 'active' })
    expect(await server.call('list_inboxes', {})).toMatchObject({ total: 1 })
  })

  it('ends at the end of stdin before any handshake', async () => {
    const server = start()
    server.child.stdin?.end()
    expect(await server.exited).toEqual({ code: 0, signal: null })
  })

  it('does not take the port for a client that only probes', async () => {
    const server = start(['--smtp-port', '0', '--log-level', 'debug'])
    await server
      .request('server/discover', { _meta: { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' } })
      .catch(() => {})
    server.child.stdin?.end()
    await server.exited
    expect(server.stderr()).not.toContain('smtp_listening')
  })

  describe('refuses to start in one line with exit code 2', () => {
    it.each([
      // One that reading the settings refuses, one that the store does; test/main.test.ts has the others.
      [['--smtp-port', 'http']],
      [['--data-dir', '/dev/null']],
    ])('%j', async (args) => {
      const server = startServer(args)
      running.push(server)
      expect(await server.exited).toEqual({ code: 2, signal: null })
      expect(server.stderr()).toMatch(/^inbox-mcp: [^\n]+\n$/)
      expect(server.stdout).toEqual([])
    })
  })
})
