/**
 * How fast tools answer over stdio, asked by the real client of the MCP SDK: beside a bare server of that SDK with one tool that does nothing, in turn, and while
 * mail arrives as fast as two senders bring it. Needs Linux.
 *
 *     node bench/tools.ts [--short] [--json FILE]
 */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { openSession } from '../test/support/smtp-session.ts'
import { conclude, judge, median, percentile, renderTable } from './figures.ts'
import type { Job } from './ingest/client.ts'
import { readCpuMs } from './processes.ts'

const { values: options } = parseArgs({ options: { short: { type: 'boolean', default: false }, json: { type: 'string' } } })
const ROUNDS = options.short ? 3 : 7
const ROUND_MS = options.short ? 300 : 1_000
const MAILS = 50
const SENDERS = 2
/** What a good client is promised under a flood, and so under mail that only comes fast. */
const MOST_MS_WITH_MAIL = 250
/** By the time of a bare server: the same way there and back, and in between a thread, a store, and an answer in two forms. */
const MOST_TIMES_BARE = 10
const BARE = 'a bare server, a tool that does nothing'
const READS = ['list_inboxes', 'check_quota', 'list_messages', 'read_message']

/** A call as an agent makes it, answered without an error. */
type Call = (name: string, args?: Record<string, unknown>) => Promise<Record<string, unknown>>
/** Something that an agent does, and the process that answers. */
type Deed = { name: string; run: () => Promise<unknown>; pid: number | null }

/** Of the calls of one deed. Rates are a second. */
class Times {
  readonly ms: number[] = []
  readonly rates: number[] = []
  readonly together: number[] = []
  /** Processor time that the server used for those one after the other. */
  cpuMs = 0
}

const dataDir = mkdtempSync(join(tmpdir(), 'inbox-mcp-tools-'))
const clients: Client[] = []
try {
  const bare = await connect(fileURLToPath(new URL('./bare-mcp-server.ts', import.meta.url)))
  const args = ['--data-dir', dataDir, '--smtp-port', '0', '--log-level', 'warn']
  const { call, pid } = await connect(fileURLToPath(new URL('../dist/cli.js', import.meta.url)), args)
  const { smtpUrl } = await call('create_inbox', { localPart: 'full' })
  await call('create_inbox', { localPart: 'busy' })
  await fill(String(smtpUrl))
  const deeds = (await listDeeds(call)).map((deed) => ({ ...deed, pid }))
  const all = [{ name: BARE, run: () => bare.call('say'), pid: bare.pid }, ...deeds]
  for (const { run } of all) await repeat(run, ROUND_MS, 1)

  const quiet = new Map(all.map(({ name }) => [name, new Times()]))
  for (let round = 0; round < ROUNDS; round += 1) for (const deed of all) await measure(deed, quiet)
  const busy = new Map(deeds.map(({ name }) => [name, new Times()]))
  const received = await whileMailArrives(call, String(smtpUrl), async () => {
    for (let round = 0; round < ROUNDS; round += 1) for (const deed of deeds) await measure(deed, busy)
  })
  report(quiet, busy, received)
} finally {
  await Promise.all(clients.map((client) => client.close()))
  rmSync(dataDir, { recursive: true, force: true })
}

/** Starts a server as a client does. */
async function connect(script: string, args: readonly string[] = []): Promise<{ call: Call; pid: number | null }> {
  const client = new Client({ name: 'bench', version: '1' })
  clients.push(client)
  const transport = new StdioClientTransport({ command: process.execPath, args: [script, ...args], stderr: 'inherit' })
  await client.connect(transport)
  const call: Call = async (name, given = {}) => {
    const result = await client.callTool({ name, arguments: given })
    if (result.isError === true) throw new Error(JSON.stringify(result.structuredContent))
    return Object(result.structuredContent)
  }
  return { call, pid: transport.pid }
}

async function fill(smtpUrl: string): Promise<void> {
  const session = await openSession(smtpUrl)
  await session.command('EHLO bench.example')
  for (let index = 0; index < MAILS; index += 1) {
    await session.beginNext('full@agents.localhost')
    const head = `From: Shop <shop@shop.example.org>\r\nSubject: Order ${index}\r\nMessage-ID: <${index}@shop.example.org>\r\n`
    session.write(
      `${head}\r\nYour order ${index} is on its way.\r\n${'It should reach you within three days.\r\n'.repeat(45)}.\r\n`,
    )
    const reply = await session.hear()
    if (!reply.startsWith('250')) throw new Error(reply)
  }
  await session.command('QUIT')
}

/** What an agent does all the time. */
async function listDeeds(call: Call): Promise<Omit<Deed, 'pid'>[]> {
  const inbox = 'full@agents.localhost'
  // The last of what was sent is filed when a wait has taken everything.
  let messageId = ''
  for (let taken = 0; taken < MAILS; taken += 1) messageId = Object((await call('wait_for_message', { inbox })).message).id
  let made = 0
  return [
    { name: 'list_inboxes', run: () => call('list_inboxes') },
    { name: 'check_quota', run: () => call('check_quota', { inbox }) },
    { name: 'list_messages', run: () => call('list_messages', { inbox, limit: 20 }) },
    { name: 'read_message', run: () => call('read_message', { inbox, messageId }) },
    {
      name: 'create_inbox and delete_inbox',
      run: async () => {
        made += 1
        const { address } = await call('create_inbox', { localPart: `made-${made}` })
        await call('delete_inbox', { inbox: address, confirm: address })
      },
    },
  ]
}

async function measure({ name, run, pid }: Deed, into: ReadonlyMap<string, Times>): Promise<void> {
  const times = into.get(name)
  if (times === undefined) throw new Error(name)
  const cpuMs = readCpuMs(pid)
  const alone = await repeat(run, ROUND_MS, 1)
  times.cpuMs += readCpuMs(pid) - cpuMs
  times.ms.push(...alone)
  times.rates.push((alone.length / ROUND_MS) * 1_000)
  times.together.push(((await repeat(run, ROUND_MS, 10)).length / ROUND_MS) * 1_000)
}

/** How long each call took, of those made one after the other by so many at once. */
async function repeat(run: () => Promise<unknown>, forMs: number, atOnce: number): Promise<number[]> {
  const ms: number[] = []
  const until = performance.now() + forMs
  const one = async () => {
    for (let startedAt = performance.now(); startedAt < until; startedAt = performance.now()) {
      await run()
      ms.push(performance.now() - startedAt)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, one))
  return ms
}

/** Answers how many messages a second came meanwhile. */
async function whileMailArrives(call: Call, smtpUrl: string, deed: () => Promise<void>): Promise<number> {
  const job: Job = {
    port: Number(new URL(smtpUrl).port),
    to: ['busy@agents.localhost'],
    kind: '2 KB',
    sessions: SENDERS,
    reconnects: false,
    pipelines: false,
    seconds: 3_600,
    firstNumber: 1,
  }
  const script = fileURLToPath(new URL('./ingest/client.ts', import.meta.url))
  const sender = spawn(process.execPath, [script, JSON.stringify(job)], { stdio: ['ignore', 'ignore', 'inherit'] })
  const count = async () => Number((await call('list_messages', { inbox: 'busy@agents.localhost', limit: 1 })).total)
  try {
    while ((await count()) === 0) await new Promise(setImmediate)
    const [before, startedAt] = [await count(), performance.now()]
    await deed()
    if (sender.exitCode !== null) throw new Error('the sender gave up')
    return ((await count()) - before) / ((performance.now() - startedAt) / 1_000)
  } finally {
    sender.kill('SIGKILL')
    if (sender.exitCode === null) await once(sender, 'exit')
  }
}

function report(quiet: ReadonlyMap<string, Times>, busy: ReadonlyMap<string, Times>, received: number): void {
  const tell = (times: Times | undefined) => [0.5, 0.99].map((part) => (times ? percentile(times.ms, part).toFixed(2) : ''))
  const rows = [...quiet].map(([name, times]) => {
    const rates = [times.rates, times.together].map((values) => median(values).toFixed(0))
    const cpuUs = ((times.cpuMs / times.ms.length) * 1_000).toFixed(0)
    return [name, ...rates, cpuUs, ...tell(times), ...tell(busy.get(name))]
  })
  const header = ['calls', 'a second', '10 at once', 'processor us each', 'p50 ms', 'p99 ms', 'p50, mail', 'p99, mail']
  process.stdout.write(renderTable([header, ...rows]))
  process.stdout.write(`mail meanwhile: ${received.toFixed(0)} filed a second\n`)
  const middle = (name: string) => median(quiet.get(name)?.ms ?? [])
  const slowest = Math.max(...READS.map(middle)) / middle(BARE)
  const lateMs = Math.max(...[...busy.values()].map(({ ms }) => percentile(ms, 0.99)))
  conclude(
    [
      judge('tools, the slowest that reads: median, by that of a bare server', ['at most', MOST_TIMES_BARE], slowest, 'times'),
      judge('tools, the slowest while mail arrives, p99', ['under', MOST_MS_WITH_MAIL], lateMs, 'ms'),
    ],
    options.json,
  )
}
