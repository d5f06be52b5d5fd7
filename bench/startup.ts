/**
 * How long an MCP client waits for the first answer: from the spawn of `dist/cli.js` to its answer to `initialize`, against a bare
 * `node -e 0` on the same machine in the same minute. A ratio, because a time would say more about the machine than about us.
 *
 *     node bench/startup.ts [--short] [--json FILE]
 */

import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { conclude, judge, median } from './figures.ts'

const { values: options } = parseArgs({ options: { short: { type: 'boolean', default: false }, json: { type: 'string' } } })
/** What the README promises. */
const MOST_RATIO = 3
const ROUNDS = options.short ? 11 : 31
/** Starts that do not count: they fill the compile cache and the file cache, as the first start after an installation does. */
const WARM_UP_ROUNDS = 3

const CLI = fileURLToPath(new URL('../dist/cli.js', import.meta.url))
const INITIALIZE = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'bench', version: '1' } },
}

const dataDir = mkdtempSync(join(tmpdir(), 'inbox-mcp-bench-'))
try {
  for (let round = 0; round < WARM_UP_ROUNDS; round += 1) await measureAnswerMs()
  const bareMs: number[] = []
  const answerMs: number[] = []
  // In turn, so that whatever else the machine does weighs on both.
  for (let round = 0; round < ROUNDS; round += 1) {
    bareMs.push(await measureBareMs())
    answerMs.push(await measureAnswerMs())
  }
  report(median(bareMs), median(answerMs))
} finally {
  rmSync(dataDir, { recursive: true, force: true })
}

function report(bareMs: number, answerMs: number): void {
  process.stdout.write(
    `node -e 0                    ${bareMs.toFixed(0)} ms\n` +
      `inbox-mcp, first answer      ${answerMs.toFixed(0)} ms; medians of ${ROUNDS} rounds\n`,
  )
  conclude(
    [judge('start, to the first answer, by a bare node -e 0', ['at most', MOST_RATIO], answerMs / bareMs, 'times')],
    options.json,
  )
}

async function measureBareMs(): Promise<number> {
  const start = performance.now()
  const bare = spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' })
  await ended(bare)
  return performance.now() - start
}

async function measureAnswerMs(): Promise<number> {
  const start = performance.now()
  const server = spawn(process.execPath, [CLI, '--data-dir', dataDir, '--smtp-port', '0', '--log-level', 'error'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const exit = ended(server)
  server.stdin.write(`${JSON.stringify(INITIALIZE)}\n`)
  const line = await Promise.race([readLine(server.stdout), exit.then(() => 'nothing: it ended')])
  const elapsedMs = performance.now() - start
  if (!line.includes('"serverInfo"')) throw new Error(`expected the answer to initialize, got ${line.slice(0, 300)}`)
  server.stdin.end()
  await exit
  return elapsedMs
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', () => resolve())
  })
}

function readLine(stream: NodeJS.ReadableStream): Promise<string> {
  return new Promise((resolve) => {
    let text = ''
    stream.on('data', (piece) => {
      text += String(piece)
      if (text.includes('\n')) resolve(text)
    })
  })
}
