/**
 * How much mail a second is taken in and safe on the disk, beside a bare smtp-server that keeps nothing, maildev, and Postfix: the same sender, in turn, each server
 * in processes of its own. Ours is `dist/cli.js` as a client starts it, with its store in the system's temporary directory.
 *
 *     node bench/ingest.ts [--short] [--rounds 3] [--seconds 2] [--json FILE] [--cli FILE] [--only NAME,NAME]
 */

import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { Job, Result } from './ingest/client.ts'
import { appendFigures, type Measured, Measurements, type Promised, renderTable } from './ingest/figures.ts'
import { startPostfix } from './ingest/postfix.ts'
import { readLine, Skipped, type Subject, type SubjectName, startNode } from './ingest/subject.ts'
import { startBare, startInboxMcp, startMaildev } from './ingest/subjects.ts'

type Scenario = Pick<Job, 'kind' | 'sessions' | 'reconnects' | 'pipelines'> & { name: string }

const SCENARIOS: readonly Scenario[] = [
  ...(['2 KB', '20 KB'] as const).flatMap((kind) =>
    [1, 10, 50].map((sessions) => ({
      name: `${kind}, ${sessions} sessions`,
      kind,
      sessions,
      reconnects: false,
      pipelines: true,
    })),
  ),
  { name: '2 KB, 50 sessions, a command at a time', kind: '2 KB', sessions: 50, reconnects: false, pipelines: false },
  { name: '2 KB, a connection each', kind: '2 KB', sessions: 1, reconnects: true, pipelines: true },
]

/** What the issue asks. */
const PROMISED: readonly Promised[] = [
  { scenario: '2 KB, 50 sessions', quantity: 'acknowledged', against: 'bare smtp-server', bound: 'at least', asked: 0.75 },
  { scenario: '2 KB, 50 sessions', quantity: 'acknowledged', against: 'maildev', bound: 'at least', asked: 6 },
  { scenario: '2 KB, 50 sessions', quantity: 'acknowledged', against: 'Postfix', bound: 'at least', asked: 10 },
  { scenario: '20 KB, 50 sessions', quantity: 'acknowledged', against: 'bare smtp-server', bound: 'at least', asked: 0.6 },
  { scenario: '2 KB, a connection each', quantity: 'medianMs', against: 'Postfix', bound: 'at most', asked: 1.5 },
  { scenario: '2 KB, a connection each', quantity: 'medianMs', against: 'maildev', bound: 'at most', asked: 0.02 },
  { scenario: '2 KB, 50 sessions', quantity: 'drained', against: 'maildev', bound: 'at least', asked: 3 },
  { scenario: '20 KB, 50 sessions', quantity: 'drained', against: 'maildev', bound: 'at least', asked: 3 },
]

/** Above this the sender has hardly any processor left to send more with. */
const BUSY_SENDER_LOAD = 0.9
const MIN_LOOK_MS = 20
const MAX_LOOK_MS = 2_000

const { values: options } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    seconds: { type: 'string' },
    json: { type: 'string' },
    cli: { type: 'string', default: fileURLToPath(new URL('../dist/cli.js', import.meta.url)) },
    only: { type: 'string' },
  },
})
const rounds = Number(options.rounds ?? (options.short ? 1 : 3))
const seconds = Number(options.seconds ?? (options.short ? 1 : 2))

const STARTS: Readonly<Record<SubjectName, () => Promise<Subject>>> = {
  'inbox-mcp': () => startInboxMcp(options.cli),
  'bare smtp-server': startBare,
  maildev: startMaildev,
  Postfix: startPostfix,
}
const NAMES: readonly SubjectName[] = ['inbox-mcp', 'bare smtp-server', 'maildev', 'Postfix']

const subjects: Subject[] = []
const measurements = new Measurements()
let lastNumber = 0
try {
  for (const name of NAMES) await start(name)
  const scenarios = SCENARIOS.filter(({ name }) => !options.short || PROMISED.some(({ scenario }) => scenario === name))
  for (const scenario of scenarios) await measureScenario(scenario)
  report(scenarios)
} finally {
  for (const subject of subjects) await subject.close()
}

/** Also warms it up, which no round counts. */
async function start(name: SubjectName): Promise<void> {
  if (options.only !== undefined && !options.only.split(',').includes(name)) return
  try {
    const subject = await STARTS[name]()
    subjects.push(subject)
    for (const kind of ['2 KB', '20 KB'] as const) {
      await measure(subject, { name: 'warm-up', kind, sessions: 10, reconnects: false, pipelines: true }, Math.min(seconds, 1))
    }
  } catch (error) {
    if (!(error instanceof Skipped)) throw error
    process.stdout.write(`${name} is left out: ${error.message}.\n`)
  }
}

async function measureScenario(scenario: Scenario): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    // Another first in each round, so that none always follows the same.
    const order = [...subjects.slice(round % subjects.length), ...subjects.slice(0, round % subjects.length)]
    for (const subject of order) measurements.add(scenario.name, subject.name, await measure(subject, scenario, seconds))
  }
}

async function measure(
  subject: Subject,
  { kind, sessions, reconnects, pipelines }: Scenario,
  forSeconds: number,
): Promise<Measured> {
  const { port, to, count } = subject
  const before = (await count?.()) ?? 0
  const cpuMs = subject.cpuMs()
  const result = await send({ port, to, kind, sessions, reconnects, pipelines, seconds: forSeconds, firstNumber: lastNumber })
  lastNumber += result.sent
  const usedMs = cpuMs === null ? null : (subject.cpuMs() ?? 0) - cpuMs
  let drained: number | null = null
  if (count !== null) {
    await waitUntilListed(count, before, result)
    drained = (result.sent * 1_000) / (Date.now() - result.begunAt)
  }
  await subject.settle()
  const { medianMs, load } = result
  return {
    acknowledged: result.counted / forSeconds,
    drained,
    medianMs,
    cpuUs: usedMs === null ? null : (usedMs * 1_000) / result.sent,
    load,
  }
}

/** Looks seldom, because looking keeps the server from its work: when half of what is left should be done, by the pace so far. */
async function waitUntilListed(count: () => Promise<number>, before: number, { sent, begunAt }: Result): Promise<void> {
  for (;;) {
    const listed = (await count()) - before
    if (listed >= sent) return
    const leftMs = ((Date.now() - begunAt) * (sent - listed)) / Math.max(listed, 1)
    await delay(Math.min(MAX_LOOK_MS, Math.max(MIN_LOOK_MS, leftMs / 2)))
  }
}

async function send(job: Job): Promise<Result> {
  const sender = startNode([fileURLToPath(new URL('./ingest/client.ts', import.meta.url)), JSON.stringify(job)])
  const exit = once(sender, 'exit')
  const result: Result = JSON.parse(await readLine(sender))
  await exit
  return result
}

function report(scenarios: readonly Scenario[]): void {
  const show = (value: number | null, digits = 0) => (value === null ? '-' : value.toFixed(digits))
  const rows = scenarios.flatMap(({ name: scenario }) =>
    subjects.map(({ name }) => [
      scenario,
      name,
      show(measurements.median(scenario, name, 'acknowledged')),
      show(measurements.median(scenario, name, 'drained')),
      show(measurements.median(scenario, name, 'medianMs'), 2),
      show(measurements.median(scenario, name, 'cpuUs')),
      show(measurements.median(scenario, name, 'load'), 2),
    ]),
  )
  const head = [
    'scenario',
    'server',
    'answered 250 a second',
    'listed a second',
    'median ms',
    'processor us each',
    "sender's load",
  ]
  process.stdout.write(`\n${renderTable([head, ...rows])}\n`)
  for (const row of rows.filter((row) => Number(row[6]) > BUSY_SENDER_LOAD))
    process.stdout.write(`The sender was at its limit: ${row[0]}, ${row[1]}.\n`)
  const figures = PROMISED.map((promised) => measurements.judge(promised)).filter((figure) => figure !== null)
  const lines = figures.map(({ name, asked, measured, unit, ok }) => [name, asked, `${measured} ${unit}`, ok ? '' : 'missed'])
  process.stdout.write(renderTable([['figure', 'asked', 'measured', ''], ...lines]))
  process.stdout.write(`Medians of ${rounds} rounds of ${seconds} s.\n`)
  if (options.json !== undefined) appendFigures(options.json, figures)
  if (figures.some(({ ok }) => !ok)) process.exitCode = 1
}
