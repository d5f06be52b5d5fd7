import { spawnSync } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, it, onTestFinished } from 'vitest'
import { openDatabase } from '../../src/sql/open.ts'
import { writeMail } from '../support/app.ts'
import { Dice } from '../support/dice.ts'
import { type Operation, PowerCutDisk, parseRecording } from '../support/power-cut.ts'
import { deliver } from '../support/retrying-sender.ts'
import { IS_FULL, rounds } from '../support/rounds.ts'
import { type ServerProcess, startServer } from '../support/server-process.ts'
import { countMails, findDamage, hashMail } from '../support/store-check.ts'

/** Moments at which power fails. */
const CUTS = rounds({ short: 20, full: 200 })
/** Those at which the disk is one that lies about what it has synced. */
const LYING_CUTS = 20
const SENDERS = 4
/** Large mail fills the write-ahead log, so that it is copied into the store's file and begun again. */
const LARGE_MAIL_BYTES = 600_000
const LARGE_MAILS = IS_FULL ? 12 : 0

const RECORDER = fileURLToPath(new URL('../support/fault-recorder.c', import.meta.url))
/** Memory, where there is such a directory: what is tried out here need not survive anything. */
const SCRATCH = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()

const recorder = compileRecorder()

/** Null, and the reason in the name of the test, where what the server does to its files cannot be watched. */
function compileRecorder(): { library: string } | { reason: string } {
  if (process.platform !== 'linux') return { reason: 'not on Linux' }
  const dir = mkdtempSync(join(tmpdir(), 'inbox-mcp-recorder-'))
  afterAll(() => rmSync(dir, { recursive: true, force: true }))
  const library = join(dir, 'recorder.so')
  const { status, error } = spawnSync('cc', ['-shared', '-fPIC', '-O1', '-o', library, RECORDER, '-ldl', '-lpthread'])
  if (error) return { reason: 'no C compiler' }
  return status === 0 ? { library } : { reason: 'the C compiler refused the recorder' }
}

/** What was sent, by the id of its 250. */
type Sent = Map<string, string>

it.skipIf('reason' in recorder)(
  `Whatever a power cut leaves of what was not synced, the store opens and has each acknowledged mail once; cuts: ${CUTS}${
    'reason' in recorder ? ` (skipped: ${recorder.reason})` : ''
  }`,
  async () => {
    const { operations, sent } = await record()
    const found = await judge(operations, sent, new PowerCutDisk(), CUTS)
    expect(found).toEqual([])
    // A disk that syncs nothing loses mail in this model, so the model would tell.
    expect(await judge(operations, sent, new PowerCutDisk({ syncs: false }), LYING_CUTS)).not.toEqual([])
  },
  300_000,
)

/** Mail comes in, through a checkpoint and a clean end; in full also through a kill, and at two processes at once. */
async function record(): Promise<{ operations: Operation[]; sent: Sent }> {
  const dir = mkdtempSync(join(tmpdir(), 'inbox-mcp-power-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  const [dataDir, recording] = [join(dir, 'data'), join(dir, 'recording')]
  const env = { LD_PRELOAD: 'library' in recorder ? recorder.library : '', FAULT_DIR: dataDir, FAULT_LOG: recording }
  const sent: Sent = new Map()
  const start = async () => {
    const server = startServer(['--data-dir', dataDir, '--smtp-port', '0'], env)
    onTestFinished(() => void server.child.kill('SIGKILL'))
    await server.initialize()
    const { smtpUrl, address } = await server.call('create_inbox', { localPart: 'target', idempotencyKey: 'target' })
    return { server, target: { smtpUrl: String(smtpUrl), to: String(address) } }
  }
  const sendAll = async ({ target }: Awaited<ReturnType<typeof start>>, mails: Buffer[]) => {
    const send = async () => {
      for (let raw = mails.pop(); raw !== undefined; raw = mails.pop()) {
        const { id } = await deliver(raw, { smtpUrl: () => target.smtpUrl, to: target.to })
        sent.set(id, hashMail(raw))
      }
    }
    await Promise.all(Array.from({ length: SENDERS }, send))
  }
  const end = async (server: ServerProcess, signal: 'SIGTERM' | 'SIGKILL') => {
    server.child.kill(signal)
    await server.exited
  }
  const first = await start()
  await sendAll(first, [...makeMails(20), ...makeMails(LARGE_MAILS, LARGE_MAIL_BYTES)])
  await end(first.server, 'SIGTERM')
  if (!IS_FULL) return { operations: parseRecording(readFileSync(recording)), sent }
  const second = await start()
  await sendAll(second, makeMails(20))
  await end(second.server, 'SIGKILL')
  const [third, fourth] = [await start(), await start()]
  await Promise.all([sendAll(third, makeMails(20)), sendAll(fourth, makeMails(20))])
  await Promise.all([end(third.server, 'SIGKILL'), end(fourth.server, 'SIGTERM')])
  return { operations: parseRecording(readFileSync(recording)), sent }
}

function makeMails(count: number, sizeBytes = 2_000): Buffer[] {
  return Array.from({ length: count }, () => {
    const subject = randomUUID()
    const line = `${randomBytes(30).toString('base64')}\r\n`
    return Buffer.from(`${writeMail({ subject, body: line.repeat(Math.ceil(sizeBytes / line.length)) })}\r\n`)
  })
}

/** Cuts the power at moments all along the recording; answers what is wrong with what is left. */
async function judge(operations: readonly Operation[], sent: Sent, disk: PowerCutDisk, cuts: number): Promise<string[]> {
  const dice = new Dice()
  const moments = pickMoments(operations, dice, cuts)
  const acknowledged = new Set<string>()
  const found: string[] = []
  for (const [index, operation] of operations.entries()) {
    while (moments[0] === index) {
      moments.shift()
      const cut = { dice, survivingPercent: dice.pick([0, 10, 50, 90, 100]), unitBytes: dice.pick([512, 4_096]) }
      const wrong = await inspect(disk.cut(cut), acknowledged, sent)
      found.push(
        ...wrong.map(
          (what) => `cut before ${index} (${operation.kind}), ${cut.survivingPercent} %, ${cut.unitBytes} bytes: ${what}`,
        ),
      )
    }
    disk.apply(operation)
    if (operation.kind === 'accepted') acknowledged.add(operation.id)
  }
  return found
}

/** In order: anywhere; before a sync, when most is at stake; behind a 250, when nothing may be; and while the store is being made. */
function pickMoments(operations: readonly Operation[], dice: Dice, count: number): number[] {
  const find = (kind: Operation['kind']) => operations.flatMap((operation, index) => (operation.kind === kind ? [index] : []))
  const [syncs, answers] = [find('sync'), find('accepted')]
  const pickers = [
    () => dice.roll(operations.length),
    () => dice.pick(syncs),
    () => 1 + dice.pick(answers),
    () => dice.roll(answers[0] ?? 1),
  ]
  return Array.from({ length: count }, (_, index) => pickers[index % pickers.length]?.() ?? 0).sort((a, b) => a - b)
}

async function inspect(files: ReadonlyMap<string, Buffer>, acknowledged: ReadonlySet<string>, sent: Sent): Promise<string[]> {
  const dir = mkdtempSync(join(SCRATCH, 'inbox-mcp-cut-'))
  try {
    for (const [name, contents] of files) writeFileSync(join(dir, name), contents)
    const file = join(dir, 'inbox.sqlite')
    const { db } = await openDatabase(file, { newId: randomUUID, randomBytes })
    db.close()
    const counts = countMails(file)
    const known = new Set(sent.values())
    return [
      ...findDamage(file),
      ...[...acknowledged]
        .filter((id) => counts.get(sent.get(id) ?? '') !== 1)
        .map((id) => `acknowledged and not there once: ${id}`),
      ...[...counts]
        .filter(([hash, count]) => count !== 1 || !known.has(hash))
        .map(([hash]) => `there, and not as it was sent: ${hash}`),
    ]
  } catch (error) {
    return [`does not open: ${error instanceof Error ? error.message : String(error)}`]
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}
