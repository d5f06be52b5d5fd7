import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { EXIT_DEADLINE_MS, SMTP_CLOSE_GRACE_MS } from '../../src/limits.ts'
import { writeMail } from '../support/app.ts'
import { type ServerProcess, startServer } from '../support/server-process.ts'
import { openSession } from '../support/smtp-session.ts'

/** Code that runs in the process before the program. */
const preload = (code: string) => ({ NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(code)}` })
/** A bug that shows when SIGUSR2 comes. */
const THROWS = `process.on('SIGUSR2', () => { throw new Error('a bug') })`
/** A store that hears nothing any more once the end is near, so that closing it takes for ever. */
const NEVER_CLOSES = `
  import { Worker } from 'node:worker_threads'
  for (const signal of ['SIGTERM', 'SIGUSR2']) process.on(signal, () => { Worker.prototype.postMessage = () => {} })
  ${THROWS}`

describe('the end of the process', () => {
  let root: string
  let dirs = 0
  const running: ServerProcess[] = []
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'inbox-mcp-exit-'))
  })
  afterAll(() => rm(root, { recursive: true, force: true }))
  afterEach(async () => {
    for (const server of running.splice(0)) {
      server.child.kill('SIGKILL')
      await server.exited
    }
  })

  /** A process with an inbox, so that everything of it is at work. */
  async function start(env: Record<string, string> = {}, dataDir?: string) {
    dirs += 1
    const dir = dataDir ?? join(root, String(dirs))
    const server = startServer(['--data-dir', dir, '--smtp-port', '0'], env)
    running.push(server)
    await server.initialize()
    const inbox = await server.call('create_inbox', { localPart: 'ada', idempotencyKey: 'ada' })
    return { server, dir, address: String(inbox.address), smtpUrl: String(inbox.smtpUrl) }
  }

  it('has a deadline of half a second at most, with time for a session to be told', () => {
    expect(EXIT_DEADLINE_MS).toBeLessThanOrEqual(500)
    expect(SMTP_CLOSE_GRACE_MS).toBeLessThan(EXIT_DEADLINE_MS)
  })

  it('comes with code 0 at SIGTERM with half a DATA open, of which nothing is kept', async () => {
    const { server, dir, address, smtpUrl } = await start()
    const session = await openSession(smtpUrl)
    await session.begin(address)
    session.write(`${writeMail({ subject: 'half' })}\r\n`)
    server.child.kill('SIGTERM')
    expect(await server.exited).toEqual({ code: 0, signal: null })
    await session.closed
    expect(session.transcript).not.toContain('250 2.6.0')
    const next = await start({}, dir)
    expect(await next.server.call('list_messages', { inbox: next.address })).toMatchObject({ total: 0 })
  })

  it('comes with code 1 after a bug, which is logged', async () => {
    const { server } = await start(preload(THROWS))
    server.child.kill('SIGUSR2')
    expect(await server.exited).toEqual({ code: 1, signal: null })
    expect(server.stderr()).toContain('"event":"uncaught"')
    expect(server.stderr()).toContain('a bug')
  })

  it.each([
    ['SIGUSR2', 1],
    ['SIGTERM', 0],
  ] as const)('does not wait at %s for what never closes', async (signal, code) => {
    const { server } = await start(preload(NEVER_CLOSES))
    server.child.kill(signal)
    expect(await server.exited).toEqual({ code, signal: null })
  })
})
