/** A whole server on a temporary directory, with real SMTP on a free port: what most tests talk to. */

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type App, REAL_WORLD, startApp } from '../../src/app.ts'
import type { Config } from '../../src/config.ts'
import { sendMail } from '../../src/demo/send-mail.ts'
import { createLog } from '../../src/log.ts'
import type { CreatedInbox, PostOffice, SendInput } from '../../src/post-office.ts'
import type { World } from '../../src/world.ts'
import type { SmtpSession } from './smtp-session.ts'
import { TEST_WORKERS } from './workers.ts'

/** The agent that tests act for unless they say otherwise. */
export const AGENT = 'default'

export type TestApp = {
  app: App
  post: PostOffice
  dataDir: string
  /** What was logged at warn and error. */
  complaints: string[]
  smtpUrl: string
  createInbox(localPart?: string, agent?: string): Promise<CreatedInbox>
  /** Delivers over SMTP and answers once the message is filed. */
  deliver(to: string, data: string, from?: string): Promise<void>
  close(): Promise<void>
}

export type TestAppOptions = { dataDir?: string; world?: World; config?: Partial<Config>; dnsServers?: readonly string[] }

/** A message of ours that is to be sent; a test changes what it is about. */
export function draft(change: Partial<SendInput> = {}): SendInput {
  return { to: ['somebody@example.org'], subject: 'Hello', text: 'Hello from an agent.', ...change }
}

/** Boots, listens, and answers how to talk to it. Close it; that also removes a directory it made. */
export async function bootApp(options: TestAppOptions = {}): Promise<TestApp> {
  const made = options.dataDir === undefined
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'inbox-mcp-test-')))
  const complaints: string[] = []
  const log = createLog('warn', Date.now, (line) => complaints.push(line))
  const app = startApp(
    { ...TEST_CONFIG, downloadDir: join(dataDir, 'downloads'), ...options.config, dataDir },
    options.world ?? REAL_WORLD,
    log,
    // A busy machine must not turn a verdict into unknown.
    { dns: options.dnsServers ? { servers: options.dnsServers, deadlineMs: 60_000 } : null, workers: TEST_WORKERS },
  )
  await app.open()
  const status = await app.listen()
  const smtpUrl = status.state === 'listening' ? status.smtpUrl : ''
  const post = app.post.postOffice
  return {
    app,
    post,
    dataDir,
    complaints,
    smtpUrl,
    createInbox: (localPart, agent = AGENT) => post.createInbox(agent, { localPart }),
    deliver: async (to, data, from = 'sender@example.org') => {
      await sendMail(smtpUrl, { from, to, data })
      await app.post.idle()
    },
    close: async () => {
      await app.close()
      if (made) await rm(dataDir, { recursive: true, force: true })
    },
  }
}

/** Settings that a test need not think about. */
export const TEST_CONFIG: Config = {
  dataDir: '',
  domain: 'agents.localhost',
  mxHost: 'mx.inbox.example',
  dnsServers: null,
  agent: AGENT,
  smtpHost: '127.0.0.1',
  smtpPort: 0,
  tls: null,
  dailySendLimit: 500,
  maxMessageBytes: 26_214_400,
  keepDays: 0,
  keepMb: 0,
  relayUrl: null,
  trustRelay: null,
  dryRun: false,
  sendPolicy: { kind: 'anyone' },
  readOnly: false,
  downloadDir: '',
  toolsets: ['inboxes', 'messages', 'sending'],
  logLevel: 'warn',
}

/** A small message; `body` ends without a line end. */
export function writeMail(fields: { subject?: string; from?: string; body?: string; headers?: readonly string[] } = {}): string {
  return [
    `From: ${fields.from ?? 'Sender <sender@example.org>'}`,
    `Subject: ${fields.subject ?? 'Hello'}`,
    ...(fields.headers ?? []),
    '',
    fields.body ?? 'Hello, agent.',
  ].join('\r\n')
}

const DOT = 0x2e
const LINE_END = Buffer.from('\r\n')

/** Sends a message after DATA, dots stuffed (RFC 5321 section 4.5.2), and answers the reply to its end. */
export function sendData(session: SmtpSession, raw: Buffer): Promise<string> {
  const hasDots = raw.includes('\r\n.') || raw[0] === DOT
  const stuffed = hasDots ? Buffer.from(raw.toString('latin1').replaceAll(/(^|\r\n)\./g, '$1..'), 'latin1') : raw
  session.write(stuffed)
  session.write(stuffed.subarray(-2).equals(LINE_END) ? '.\r\n' : '\r\n.\r\n')
  return session.hear()
}
