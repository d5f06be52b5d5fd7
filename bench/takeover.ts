/**
 * How long nobody receives mail after the process that has the port is killed with -9: from the kill to the next greeting, as a sender sees it. Several processes
 * wait for the port, and one of them takes over.
 *
 *     node bench/takeover.ts [--json FILE] [rounds] [processes]
 */

import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Fleet, findFreePort } from '../test/support/fleet.ts'
import { conclude, judge, median } from './figures.ts'

const { values: options, positionals } = parseArgs({ options: { json: { type: 'string' } }, allowPositionals: true })
const [rounds = 30, processes = 3] = positionals.map(Number)
/** What is promised. */
const MOST_MEDIAN_MS = 250
const MOST_MS = 1_000
/** How often a sender looks; the figures are no finer than this. */
const LOOK_EVERY_MS = 2
/** How long the processes are left alone, so that each of them waits for the port and none is only starting. */
const REST_MS = 2_500

const dataDir = mkdtempSync(join(tmpdir(), 'inbox-mcp-takeover-'))
const port = await findFreePort()
const fleet = new Fleet({ dataDir, port, processes, args: ['--log-level', 'info'] })
try {
  const gapsMs: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    await hearGreeting()
    await rest(REST_MS)
    const start = performance.now()
    fleet.kill(fleet.owner)
    await hearGreeting()
    gapsMs.push(performance.now() - start)
  }
  report(gapsMs)
} finally {
  await fleet.close()
  rmSync(dataDir, { recursive: true, force: true })
}

/** Until somebody greets. */
async function hearGreeting(): Promise<void> {
  while (!(await isGreeted())) await rest(LOOK_EVERY_MS)
}

function isGreeted(): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port })
    socket.on('error', () => {})
    socket.once('close', () => resolve(false))
    socket.once('data', () => {
      resolve(true)
      socket.destroy()
    })
  })
}

function rest(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

function report(gapsMs: readonly number[]): void {
  process.stdout.write(`port take-over after kill -9, ${rounds} rounds, ${processes} processes\n`)
  conclude(
    [
      judge('port take-over after kill -9, median', ['under', MOST_MEDIAN_MS], median(gapsMs), 'ms'),
      judge('port take-over after kill -9, longest', ['at most', MOST_MS], Math.max(...gapsMs), 'ms'),
    ],
    options.json,
  )
}
