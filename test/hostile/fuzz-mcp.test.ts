import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sendMail } from '../../src/demo/send-mail.ts'
import { writeMail } from '../support/app.ts'
import { record } from '../support/mcp-clients.ts'
import { CLI } from '../support/server-process.ts'
import { Campaign, report, type Turn } from './fuzz/campaign.ts'
import { Peer } from './fuzz/peer.ts'
import { type Names, writeRequest } from './fuzz/requests.ts'

/** Behind so many requests come good ones, whose answers are waited for. */
const BATCH = 50
/** In the mail of another agent, and in a file that no message may have. */
const SECRET = 'xylophone-of-another-agent'
const FILE_SECRET = 'marimba-of-the-owner'
/** Deleted ever and again. */
const SPARE = 'spare@agents.localhost'

/** The built program: requests on its stdin; beside it another process on the same store, with a client that does nothing wrong. */
describe('the program over stdio', () => {
  const campaign = new Campaign('mcp', 40_000)
  const latenciesMs: number[] = []
  let root: string
  let stderr = ''
  let exited: Promise<{ code: unknown; signal: unknown }>
  let endInput: () => void
  let kill: () => void
  let witness: Client
  let peer: Peer
  let names: Names
  let theirs: { inbox: string; messageId: string }

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'inbox-mcp-fuzz-'))
    const dataDir = join(root, 'data')
    await writeFile(join(root, 'secret.txt'), FILE_SECRET)
    const args = ['--data-dir', dataDir, '--smtp-port', '0', '--dry-run']
    witness = new Client({ name: 'witness', version: '1' })
    await witness.connect(
      new StdioClientTransport({ command: process.execPath, args: [CLI, ...args, '--agent', 'another'], stderr: 'ignore' }),
    )
    const other = await call('create_inbox', { localPart: 'eve' })
    await sendMail(String(other.smtpUrl), {
      from: 'a@x.test',
      to: String(other.address),
      data: writeMail({ subject: SECRET, body: SECRET }),
    })
    const got = record((await call('wait_for_message', { inbox: other.address })).message)
    theirs = { inbox: String(other.id), messageId: String(got.id) }

    await start([...args, '--download-dir', join(root, 'downloads')])
    const mine = await ask('create_inbox', { localPart: 'ada' })
    const mail = {
      from: 'b@x.test',
      to: String(mine.address),
      data: writeMail({ subject: 'Your code', body: 'Your code is 482913.' }),
    }
    await sendMail(String(other.smtpUrl), mail)
    const own = record((await ask('wait_for_message', { inbox: mine.address })).message)
    await ask('create_inbox', { localPart: 'spare' })
    names = {
      inboxes: [
        ...Array(6).fill(mine.id),
        ...Array(6).fill(mine.address),
        theirs.inbox,
        String(other.address),
        'x@agents.localhost',
      ],
      messages: [...Array(6).fill(own.id), theirs.messageId, '01930000-0000-7000-8000-000000000000'],
      threads: [...Array(4).fill(own.threadId), String(got.threadId)],
      spare: SPARE,
      paths: [
        join(root, 'secret.txt'),
        '../secret.txt',
        '../../secret.txt',
        join(root, 'downloads', '..', 'secret.txt'),
        'inbox.sqlite',
      ],
    }
  })
  afterAll(async () => {
    await witness.close()
    kill()
    await exited
    await rm(root, { recursive: true, force: true })
    campaign.count('answers', peer.answers)
    campaign.count('of them errors', peer.errors)
    const sorted = latenciesMs.sort((a, b) => a - b)
    const at = (share: number) => Math.round(sorted[Math.floor((sorted.length - 1) * share)] ?? 0)
    report(campaign.summary(), `  a good client beside it: median ${at(0.5)} ms, p99 ${at(0.99)} ms, most ${at(1)} ms`)
  })

  async function start(args: readonly string[]): Promise<void> {
    const child = spawn(process.execPath, [CLI, ...args], { stdio: 'pipe' })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
    })
    // Of a program that ended, its exit tells.
    child.stdin.on('error', () => {})
    exited = once(child, 'exit').then(([code, signal]) => ({ code, signal }))
    endInput = () => child.stdin.end()
    kill = () => child.kill('SIGKILL')
    peer = new Peer(child.stdin, child.stdout, [SECRET, FILE_SECRET])
    await peer.send('initialize', { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'fuzz', version: '1' } })
    await peer.notify('notifications/initialized')
  }

  /** A good call of the program that is attacked. */
  async function ask(name: string, args: Record<string, unknown>): Promise<Record<string, unknown>> {
    return record((await peer.send('tools/call', { name, arguments: args })).result?.structuredContent)
  }

  /** One of the program beside it. */
  async function call(name: string, args: Record<string, unknown>): Promise<Record<string, unknown>> {
    return record((await witness.callTool({ name, arguments: args })).structuredContent)
  }

  /** Whether the program goes on. */
  async function attack(batch: readonly Turn[]): Promise<boolean> {
    const inputs = batch.map(({ dice }) => writeRequest(dice, names, null))
    const end = exited.then((exit) => [`the program ended: ${JSON.stringify(exit)} ${stderr.slice(-2_000)}`])
    const faults = await Promise.race([findFaults(inputs).then((found) => [...found, ...peer.takeFaults()]), end])
    campaign.fault(batch, Buffer.concat(inputs), faults)
    return !faults.some((fault) => fault.startsWith('the program ended'))
  }

  async function findFaults(inputs: readonly Buffer[]): Promise<string[]> {
    for (const input of inputs) await peer.write(input)
    const started = performance.now()
    const seen = call('read_message', theirs).finally(() => latenciesMs.push(performance.now() - started))
    const [{ total }, { content }] = await Promise.all([ask('list_inboxes', { limit: 1 }), seen])
    return [
      ...(typeof total === 'number' ? [] : ['a good request is not answered']),
      ...(record(content).subject === SECRET ? [] : ['the other client gets no answer']),
    ]
  }

  it('answers, refuses or passes over every line, ends by none, and shows nothing of another agent', {
    timeout: 1_800_000,
  }, async () => {
    for (const batch of campaign.batches(BATCH)) if (!(await attack(batch))) break
    expect(campaign.faults).toEqual([])
    await expect.poll(() => peer.unanswered, { timeout: 60_000 }).toEqual([])
    expect(stderr.split('\n').filter((line) => /"level":"error"|Unhandled|^\s+at /.test(line))).toEqual([])
    expect(await findInStore([FILE_SECRET, Buffer.from(FILE_SECRET).toString('base64').slice(0, -2)])).toEqual([])
  })

  it('ends as it should when its client goes', async () => {
    endInput()
    expect(await exited).toEqual({ code: 0, signal: null })
  })

  /** Which of these the store has anywhere. */
  async function findInStore(texts: readonly string[]): Promise<string[]> {
    const files = await readdir(join(root, 'data'))
    const contents = await Promise.all(files.map((file) => readFile(join(root, 'data', file)).catch(() => Buffer.alloc(0))))
    return texts.filter((text) => contents.some((content) => content.includes(text)))
  }
})
