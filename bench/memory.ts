/**
 * What the built program holds in memory (resident, all threads together): at rest with a wait pending, as most processes are most of the time; after a thousand
 * mails and a rest; and how much it grows while floods go on. Needs Linux.
 *
 *     node bench/memory.ts [--short] [--json FILE]
 */

import { mkdtempSync, rmSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as rest } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { type ServerProcess, startServer } from '../test/support/server-process.ts'
import { openSession, type SmtpSession } from '../test/support/smtp-session.ts'
import { conclude, judge } from './figures.ts'
import { forgetPeak, readPeakMb, readRssMb } from './processes.ts'

const { values: options } = parseArgs({ options: { short: { type: 'boolean', default: false }, json: { type: 'string' } } })
const MAILS = 1_000
const FLOOD_MS = options.short ? 5_000 : 20_000
/** Long enough for what is put off (indexing, the log of sessions) and for a collection of garbage at rest. */
const REST_MS = options.short ? 5_000 : 15_000
const LOOK_MS = 20
/** What is promised. */
const MOST_IDLE_MB = 90
const MOST_GROWTH_MB = 100

const INBOX = 'target@agents.localhost'
const SMALL = writeMail(2_000)
const REALISTIC = writeMail(20_000)
const LARGE = writeMail(25_000_000)

/** Goes on as long as it is wanted. */
type Flood = (smtpUrl: string, wants: () => boolean) => Promise<void>

/** Each in a process of its own: what one leaves behind is not the next one's. */
const FLOODS: readonly (readonly [name: string, run: Flood])[] = [
  ['50 sessions of 2 KB', (smtpUrl, wants) => sendAtOnce(50, SMALL, smtpUrl, wants)],
  ['50 sessions of 20 KB', (smtpUrl, wants) => sendAtOnce(50, REALISTIC, smtpUrl, wants)],
  ['10 sessions of 25 MB', (smtpUrl, wants) => sendAtOnce(10, LARGE, smtpUrl, wants)],
  ['500 connections that say nothing', (smtpUrl, wants) => holdOpen(500, smtpUrl, wants)],
]

const { idleMb, afterMb } = await withServer(measureRest)
const growth: (readonly [name: string, mb: number])[] = []
for (const [name, run] of FLOODS) growth.push([name, await withServer((server, smtpUrl) => measureFlood(server, smtpUrl, run))])
conclude(
  [
    judge('memory, at rest with a wait pending', ['under', MOST_IDLE_MB], idleMb, 'MB'),
    judge(`memory, at rest after ${MAILS} mails`, ['under', MOST_IDLE_MB + MOST_GROWTH_MB], afterMb, 'MB'),
    ...growth.map(([name, mb]) => judge(`memory, growth under ${name}`, ['under', MOST_GROWTH_MB], mb, 'MB')),
  ],
  options.json,
)

/** A server with an inbox and somebody who waits for another one's mail. */
async function withServer<Result>(measure: (server: ServerProcess, smtpUrl: string) => Promise<Result>): Promise<Result> {
  const dataDir = mkdtempSync(join(tmpdir(), 'inbox-mcp-memory-'))
  const server = startServer(['--data-dir', dataDir, '--smtp-port', '0', '--log-level', 'error'])
  try {
    await server.initialize()
    const { smtpUrl } = await server.call('create_inbox', { localPart: 'target' })
    await server.call('create_inbox', { localPart: 'quiet' })
    // Nobody ends it but the end of the process.
    server.call('wait_for_message', { inbox: 'quiet@agents.localhost', timeoutSeconds: 50 }).catch(() => {})
    await rest(REST_MS)
    return await measure(server, String(smtpUrl))
  } finally {
    server.child.kill('SIGKILL')
    await server.exited
    rmSync(dataDir, { recursive: true, force: true })
  }
}

async function measureRest({ child }: ServerProcess, smtpUrl: string): Promise<{ idleMb: number; afterMb: number }> {
  const idleMb = readRssMb(child.pid)
  let left = MAILS
  await sendAtOnce(5, SMALL, smtpUrl, () => left-- > 0)
  await rest(REST_MS)
  return { idleMb, afterMb: readRssMb(child.pid) }
}

/** The peak, less what a server holds that has had a mail. */
async function measureFlood({ child }: ServerProcess, smtpUrl: string, run: Flood): Promise<number> {
  let left = 1
  await sendAtOnce(1, SMALL, smtpUrl, () => left-- > 0)
  await rest(REST_MS)
  const beforeMb = readRssMb(child.pid)
  forgetPeak(child.pid)
  const until = performance.now() + FLOOD_MS
  await run(smtpUrl, () => performance.now() < until)
  return readPeakMb(child.pid) - beforeMb
}

/** Whoever is refused comes again: a flood goes on. `wants` is asked once for each mail. */
async function sendAtOnce(sessions: number, mail: Buffer, smtpUrl: string, wants: () => boolean): Promise<void> {
  const one = async () => {
    while (wants()) {
      const session = await openSession(smtpUrl)
      await session.command('EHLO bench.example').catch(() => '')
      while ((await sendOne(session, mail).catch(() => false)) && wants());
      await session.destroy()
    }
  }
  await Promise.all(Array.from({ length: sessions }, one))
}

/** Whether it was taken. */
async function sendOne(session: SmtpSession, mail: Buffer): Promise<boolean> {
  await session.command('MAIL FROM:<sender@example.org>')
  await session.command(`RCPT TO:<${INBOX}>`)
  if (!(await session.command('DATA')).startsWith('354')) return false
  session.write(mail)
  return (await session.hear()).startsWith('250')
}

/** Those that the server closes are opened again, some time later. */
async function holdOpen(count: number, smtpUrl: string, wants: () => boolean): Promise<void> {
  const sockets = new Set<Socket>()
  while (wants()) {
    while (sockets.size < count) {
      const socket = connect({ host: '127.0.0.1', port: Number(new URL(smtpUrl).port) })
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => sockets.delete(socket))
    }
    await rest(LOOK_MS)
  }
  for (const socket of sockets) socket.destroy()
}

function writeMail(sizeBytes: number): Buffer {
  const head = 'From: Shop <shop@shop.example.org>\r\nSubject: An order\r\n\r\n'
  const line = 'All work and no play makes Jack a dull boy, and more so the longer it goes on.\r\n'
  return Buffer.from(`${head}${line.repeat(Math.ceil(sizeBytes / line.length))}.\r\n`)
}
