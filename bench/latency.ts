/**
 * How long after the 250 to the sender an agent that waits for mail has it: the answer to its `wait_for_message`, mail parsed and all, where the same process
 * receives and where another one on the same store does. And what two processes with a wait each use of the processor while nothing happens. Needs Linux.
 *
 *     node bench/latency.ts [--short] [--json FILE]
 */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as rest } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { findFreePort } from '../test/support/fleet.ts'
import { type ServerProcess, startServer } from '../test/support/server-process.ts'
import { openSession, type SmtpSession } from '../test/support/smtp-session.ts'
import { conclude, judge, percentile, renderTable } from './figures.ts'
import { readCpuMs } from './processes.ts'

const { values: options } = parseArgs({ options: { short: { type: 'boolean', default: false }, json: { type: 'string' } } })
const ROUNDS = options.short ? 300 : 2_000
const IDLE_MS = options.short ? 10_000 : 25_000
/** Not counted: code is compiled by them. */
const WARM_UP_ROUNDS = 20
/** Between the call and the mail, so that the call waits indeed. */
const CALM_MS = 15
/** A process gives memory back after its last work and again when its parse worker has ended, half a minute later: that is no idling. */
const SETTLE_MS = 45_000
/** For the calls themselves. */
const CALLED_MS = 2_000
/** What is promised of another process. */
const MOST_P99_MS = 10
/** What shows as 0 %. */
const MOST_IDLE_PERCENT = 0.5

const dataDir = mkdtempSync(join(tmpdir(), 'inbox-mcp-latency-'))
const port = await findFreePort()
const servers: ServerProcess[] = []
try {
  const receiver = await start()
  const { smtpUrl } = await receiver.call('create_inbox', { localPart: 'same' })
  // The port is taken before there is another process.
  const other = await start()
  await other.call('create_inbox', { localPart: 'other' })
  const session = await openSession(String(smtpUrl))
  await session.command('EHLO bench.example')
  const sides = [
    { name: 'the process that receives', server: receiver, to: 'same@agents.localhost', ms: [] as number[] },
    { name: 'another process', server: other, to: 'other@agents.localhost', ms: [] as number[] },
  ]
  for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round += 1) {
    for (const { server, to, ms } of sides) {
      const elapsedMs = await measure(server, session, to, round)
      if (round >= 0) ms.push(elapsedMs)
    }
  }
  const shares = [0.5, 0.9, 0.99, 1]
  process.stdout.write(
    renderTable([
      ['from the 250 to the answer, ms', 'p50', 'p90', 'p99', 'most'],
      ...sides.map(({ name, ms }) => [`in ${name}`, ...shares.map((share) => percentile(ms, share).toFixed(1))]),
    ]),
  )
  const idle = await measureIdle(sides)
  const at = (side: number) => percentile(sides[side]?.ms ?? [], 0.99)
  conclude(
    [
      judge('latency, p99 in the process that receives', ['under', MOST_P99_MS], at(0), 'ms'),
      judge('latency, p99 in another process', ['under', MOST_P99_MS], at(1), 'ms'),
      judge('processor of two idle processes with a wait each', ['at most', MOST_IDLE_PERCENT], idle, '%'),
    ],
    options.json,
  )
} finally {
  for (const { child } of servers) child.kill('SIGKILL')
  await Promise.all(servers.map(({ exited }) => exited))
  rmSync(dataDir, { recursive: true, force: true })
}

async function start(): Promise<ServerProcess> {
  const server = startServer(['--data-dir', dataDir, '--smtp-port', String(port), '--log-level', 'warn'])
  servers.push(server)
  await server.initialize()
  return server
}

async function measure(server: ServerProcess, session: SmtpSession, to: string, round: number): Promise<number> {
  const answer = server.call('wait_for_message', { inbox: to, timeoutSeconds: 30 }).then((result) => {
    if (result.message === null || result.message === undefined) throw new Error(`no mail: ${JSON.stringify(result)}`)
    return performance.now()
  })
  await rest(CALM_MS)
  await session.beginNext(to)
  session.write(`${writeMail(to, round)}\r\n.\r\n`)
  const reply = await session.hear()
  const acceptedAt = performance.now()
  if (!reply.startsWith('250')) throw new Error(reply)
  return (await answer) - acceptedAt
}

/** 2 KB, as a login code comes. */
function writeMail(to: string, round: number): string {
  const head = [
    'From: Shop <no-reply@shop.example.org>',
    `To: ${to}`,
    `Subject: Your code ${round}`,
    `Message-ID: <${round}.${to}>`,
  ]
  const body = `Your code is ${String(100_000 + round)}. It is good for ten minutes.\r\n`
  return `${head.join('\r\n')}\r\n\r\n${body}${'All work and no play makes Jack a dull boy.\r\n'.repeat(40)}`
}

/** In percent of one processor, of both together. */
async function measureIdle(sides: readonly { server: ServerProcess; to: string }[]): Promise<number> {
  await rest(SETTLE_MS)
  for (const { server, to } of sides) {
    // Nobody ends it but the end of the process.
    server.call('wait_for_message', { inbox: to, timeoutSeconds: 50 }).catch(() => {})
  }
  await rest(CALLED_MS)
  const read = () => sides.reduce((sum, { server }) => sum + readCpuMs(server.child.pid), 0)
  const [cpuMs, startedAt] = [read(), performance.now()]
  await rest(IDLE_MS)
  const percent = ((read() - cpuMs) / (performance.now() - startedAt)) * 100
  process.stdout.write(`\ntwo idle processes, a wait each  ${percent.toFixed(2)} % of a processor over ${IDLE_MS / 1_000} s\n`)
  return percent
}
