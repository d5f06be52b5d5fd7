/** One server process that something is done to while senders retry, and what must be true of its mail afterwards. */

import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import { writeMail } from './app.ts'
import { type Delivered, deliver, type SendingMoment } from './retrying-sender.ts'
import { type ServerProcess, startServer } from './server-process.ts'
import { countMails, countSpooled, DRAIN_DEADLINE_MS, findDamage, hashMail } from './store-check.ts'

const SENDERS = 4

/**
 * Runs in a process before the program. At SIGUSR2 a thread of its ends, by the name of its script in FAULT_THREAD; with FAULT_HANGS it hears nothing any more
 * instead.
 */
const TAMPERS_WITH_THREADS = `
  import { createRequire, syncBuiltinESMExports } from 'node:module'
  const threads = createRequire(process.cwd() + '/')('node:worker_threads')
  let latest = null
  threads.Worker = class extends threads.Worker {
    constructor(url, options) {
      super(url, options)
      if (String(url).includes(process.env.FAULT_THREAD)) latest = this
    }
  }
  syncBuiltinESMExports()
  process.on('SIGUSR2', () => {
    if (process.env.FAULT_HANGS) latest && (latest.postMessage = () => {})
    else latest?.terminate()
  })`

/** What a rig is started with. */
export type RigOptions = {
  /** Made, and removed in the end, unless it is given. */
  dataDir?: string
  /** Which thread SIGUSR2 ends, by the beginning of its script's name. */
  thread?: 'store' | 'parse'
  hangs?: boolean
}

export class FaultRig {
  readonly server: ServerProcess
  readonly file: string
  readonly address: string
  readonly smtpUrl: string
  /** Of each acknowledged mail its hash, and how that went. */
  readonly sent: { hash: string; delivered: Delivered }[] = []
  #onMoment: ((moment: SendingMoment) => void) | null = null

  private constructor(server: ServerProcess, file: string, inbox: Record<string, unknown>) {
    this.server = server
    this.file = file
    this.address = String(inbox.address)
    this.smtpUrl = String(inbox.smtpUrl)
  }

  /** Ended with the test. */
  static async start({ dataDir, thread, hangs }: RigOptions = {}): Promise<FaultRig> {
    const dir = dataDir ?? (await mkdtemp(join(tmpdir(), 'inbox-mcp-rig-')))
    if (dataDir === undefined) onTestFinished(() => rm(dir, { recursive: true, force: true }))
    const preload = `--import=data:text/javascript,${encodeURIComponent(TAMPERS_WITH_THREADS)}`
    const env = { NODE_OPTIONS: preload, FAULT_THREAD: thread ?? '-', ...(hangs ? { FAULT_HANGS: '1' } : {}) }
    const server = startServer(['--data-dir', dir, '--smtp-port', '0'], env)
    onTestFinished(async () => {
      server.child.kill('SIGKILL')
      await server.exited
    })
    await server.initialize()
    const inbox = await server.call('create_inbox', { localPart: 'target', idempotencyKey: 'target' })
    return new FaultRig(server, join(dir, 'inbox.sqlite'), inbox)
  }

  /** Senders deliver one mail after the other for as long as this takes; resolves when the last of them has been acknowledged. */
  async whileSending(during: (reached: (moment: SendingMoment) => Promise<void>) => Promise<void>): Promise<void> {
    let isOver = false
    const reached = (moment: SendingMoment) =>
      new Promise<void>((resolve) => {
        this.#onMoment = (now) => (now === moment ? resolve() : undefined)
      })
    const send = async () => {
      while (!isOver) await this.send()
    }
    const senders = Promise.all(Array.from({ length: SENDERS }, send))
    await Promise.race([during(reached), senders])
    isOver = true
    await senders
  }

  /** Delivers a mail, as a sender that tries again does. */
  async send(sizeBytes = 1_000): Promise<Delivered> {
    const raw = makeMail(sizeBytes)
    const onMoment = (moment: SendingMoment) => this.#onMoment?.(moment)
    const delivered = await deliver(raw, { smtpUrl: () => this.smtpUrl, to: this.address, onMoment })
    this.sent.push({ hash: hashMail(raw), delivered })
    return delivered
  }

  /** What senders were told on the way to their 250; nothing where their connection just ended. */
  get deferrals(): string[] {
    return this.sent.flatMap(({ delivered }) => delivered.deferrals)
  }

  /** Each acknowledged mail is filed, once, and there is nothing else; senders were told to try again and nothing worse. */
  async expectAllThere(): Promise<void> {
    await expect.poll(() => countSpooled(this.file), { timeout: DRAIN_DEADLINE_MS }).toBe(0)
    this.server.child.kill('SIGKILL')
    await this.server.exited
    expect(findDamage(this.file)).toEqual([])
    expect([...countMails(this.file)].sort()).toEqual(this.sent.map(({ hash }) => [hash, 1]).sort())
    expect(this.deferrals.filter((reply) => !/^4\d\d 4/.test(reply))).toEqual([])
  }
}

/** No two are the same. */
export function makeMail(sizeBytes = 1_000): Buffer {
  const subject = randomUUID()
  return Buffer.from(`${writeMail({ subject, body: `${'a line of a mail\r\n'.repeat(sizeBytes / 18)}${subject}` })}\r\n`)
}
