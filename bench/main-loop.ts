/**
 * How long mail of the largest size keeps the main loop from everything else: received from another process, filed, waited for, listed, read, fetched raw, saved.
 * Measured is the processor time of the main thread between two turns of its loop, because time on a wall says more about the other programs of the machine; the
 * idle loop is measured in the same run.
 *
 *     node bench/main-loop.ts [rounds] [shape]
 */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { type App, REAL_WORLD, startApp } from '../src/app.ts'
import { readConfig } from '../src/config.ts'
import { SILENT_LOG } from '../src/log.ts'
import { openStdio, serveMcp } from '../src/mcp/server.ts'
import { AGENT, SHAPES, type Shape, stuff } from './large-mail.ts'

/** What the issue promises. */
const MOST_MS = 20

const [rounds = 3, only = ''] = [Number(process.argv[2] ?? 3), process.argv[3]]
const longest = new Map<string, number[]>()

async function measureShape(shape: Shape): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'inbox-mcp-bench-'))
  const invocation = readConfig(['--data-dir', dataDir, '--smtp-port', '0'], {}, { dataDir, homeDir: dataDir })
  if (invocation.command !== 'stdio') throw new Error('no configuration')
  const app = startApp(invocation.config, REAL_WORLD, SILENT_LOG)
  try {
    await app.open()
    const status = await app.listen()
    if (status.state !== 'listening') throw new Error('not listening')
    await measureSteps(shape, app, new URL(status.smtpUrl).port, dataDir)
  } finally {
    await app.close()
    rmSync(dataDir, { recursive: true, force: true })
  }
}

async function measureSteps(shape: Shape, app: App, port: string, dataDir: string): Promise<void> {
  const { address } = await app.post.postOffice.createInbox(AGENT, { localPart: 'large' })
  const ask = connect(app)
  await ask('initialize', { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'bench', version: '1' } })
  // Libraries are loaded, and code is compiled, by mail that nobody measures.
  const sendFirst = await prepare(port, address, Buffer.from('Subject: first\r\n\r\nfirst\r\n'), dataDir)
  await sendFirst()
  await app.post.idle()
  const first = Object(await ask('tools/call', { name: 'wait_for_message', arguments: { inbox: address } })).structuredContent
    .message.id
  await ask('tools/call', { name: 'save_attachment', arguments: { inbox: address, messageId: first, attachmentId: '1' } })

  const raw = shape.write()
  const wire = join(dataDir, 'wire')
  writeFileSync(wire, stuff(raw))
  const measure = async <Result>(step: string, deed: () => Promise<Result>): Promise<Result> => {
    globalThis.gc?.()
    const ticker = new Ticker()
    const result = await deed()
    note(`${shape.name}\t${step}`, ticker.stop())
    return result
  }
  await measure('idle', () => delay(500))
  // To start a process takes this one longer than all that is measured.
  const send = await prepare(port, address, wire, dataDir)
  await measure('receive, file', async () => {
    await send()
    await app.post.idle()
  })
  const call = (name: string, args: object = {}) => ask('tools/call', { name, arguments: { inbox: address, ...args } })
  const waited = await measure('wait', () => call('wait_for_message'))
  const messageId = Object(waited).structuredContent?.message?.id
  await measure('list', () => call('list_messages'))
  for (const part of ['text', 'full', 'html'])
    await measure(`read ${part}`, () => call('read_message', { messageId, part, offset: 40_000 }))
  await measure('read attachment', () => call('read_message', { messageId, attachmentId: '1' }))
  await measure('save', () => call('save_attachment', { messageId, attachmentId: '1' }))
  await measure('save again', () => call('save_attachment', { messageId, attachmentId: '1' }))
  for (const part of ['raw', 'attachments/1']) {
    await measure(`resource ${part}`, () => ask('resources/read', { uri: `inbox:///${address}/messages/${messageId}/${part}` }))
  }
}

/** Longest stretches of the loop, in milliseconds of processor time of this thread. */
class Ticker {
  #longestMs = 0
  #isOver = false
  #last = cpuMs()

  constructor() {
    const tick = () => {
      const now = cpuMs()
      this.#longestMs = Math.max(this.#longestMs, now - this.#last)
      this.#last = now
      if (!this.#isOver) setImmediate(tick)
    }
    setImmediate(tick)
  }

  stop(): number {
    this.#isOver = true
    return Math.max(this.#longestMs, cpuMs() - this.#last)
  }
}

function cpuMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1_000
}

/** A hand on the pipes of a server; answers the results one after the other. What a client would do with them is not measured. */
function connect(app: App) {
  const [toServer, fromServer] = [new PassThrough(), new PassThrough()]
  serveMcp({
    postOffice: app.post.postOffice,
    agent: AGENT,
    toolsets: ['inboxes', 'messages', 'sending'],
    version: '1',
    log: SILENT_LOG,
    world: REAL_WORLD,
    transport: openStdio(toServer, fromServer),
  })
  let id = 0
  return async (method: string, params: object): Promise<unknown> => {
    id += 1
    toServer.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`)
    const chunks: Buffer[] = []
    for (;;) {
      const [chunk]: Buffer[] = await once(fromServer, 'data')
      if (chunk === undefined) continue
      chunks.push(chunk)
      if (chunk.at(-1) === 0x0a) break
    }
    const sizeBytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0)
    return sizeBytes > 200_000 ? null : JSON.parse(Buffer.concat(chunks).toString()).result
  }
}

/** Another process that will send what is in the file as it is, when it is told to. */
async function prepare(port: string, to: string, wire: string | Buffer, dataDir: string): Promise<() => Promise<void>> {
  const file = typeof wire === 'string' ? wire : join(dataDir, 'small')
  if (typeof wire !== 'string') writeFileSync(file, stuff(wire))
  const sender = spawn(process.execPath, ['-e', SENDER, port, to, file], { stdio: ['pipe', 'pipe', 'inherit'] })
  await once(sender.stdout, 'data')
  return async () => {
    sender.stdin.end('go')
    const [exitCode] = await once(sender, 'exit')
    if (exitCode !== 0) throw new Error('the mail was not taken')
  }
}

const SENDER = `
const [port, to, file] = process.argv.slice(1)
const lines = ['EHLO bench', 'MAIL FROM:<sender@example.org>', 'RCPT TO:<' + to + '>', 'DATA', require('node:fs').readFileSync(file), 'QUIT']
let got = ''
process.stdout.write('ready')
process.stdin.once('data', () => {
const socket = require('node:net').connect(Number(port), '127.0.0.1')
socket.on('data', (chunk) => {
  got += chunk
  if (!/^\\d{3} .*\\r\\n$/m.test(got)) return
  if (/^[45]/.test(got)) { console.error(got); process.exit(1) }
  got = ''
  const line = lines.shift()
  if (line === undefined) process.exit(0)
  socket.write(typeof line === 'string' ? line + '\\r\\n' : line)
})
})
`

function note(what: string, ms: number): void {
  longest.set(what, [...(longest.get(what) ?? []), ms])
}

function report(): void {
  const rows = [...longest].map(([what, all]) => ({
    what: what.split('\t'),
    ms: all.sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0,
  }))
  for (const { what, ms } of rows) {
    process.stdout.write(
      `${(what[0] ?? '').padEnd(14)} ${(what[1] ?? '').padEnd(24)} ${ms.toFixed(1).padStart(7)} ms${ms > MOST_MS ? '  over' : ''}\n`,
    )
  }
  process.stdout.write(`Longest stretches of the main thread, medians of ${rounds} rounds; promised: at most ${MOST_MS} ms.\n`)
}

for (const shape of SHAPES.filter(({ name }) => name.includes(only)))
  for (let round = 0; round < rounds; round += 1) await measureShape(shape)
report()
