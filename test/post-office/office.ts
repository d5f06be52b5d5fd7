/** A post office on a real store, with a clock that a test moves, and with whatever part a test wants to fail. */

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, vi } from 'vitest'
import type { Carrier } from '../../src/carrier.ts'
import type { Composer } from '../../src/composer.ts'
import { createLog } from '../../src/log.ts'
import type { ParsedMail, Parser } from '../../src/parser.ts'
import { composePostOffice, type PostOfficeParts, type RunningPostOffice } from '../../src/post-office/compose.ts'
import type { CreatedInbox, PostOffice, WaitInput, WaitResult } from '../../src/post-office.ts'
import { UNREADABLE_MAIL } from '../../src/spool.ts'
import { openStore } from '../../src/sql/store.ts'
import type { Store } from '../../src/store.ts'
import { AGENT, draft } from '../support/app.ts'
import { TEST_WORKERS } from '../support/workers.ts'
import { TestWorld } from '../support/world.ts'

export type TestOffice = {
  office: RunningPostOffice
  post: PostOffice
  world: TestWorld
  /** As it is, without what the test changed. */
  store: Store
  dataDir: string
  /** What was logged at warn and error. */
  complaints: string[]
  createInbox(localPart?: string, agent?: string): Promise<CreatedInbox>
  /** What the listener does up to its 250, without the socket. Answers the id to confirm. */
  accept(to: string | readonly string[], data: string | Uint8Array, from?: string): Promise<string>
  /** The same to the end: accepted, confirmed and filed. */
  arrive(to: string, data: string | Uint8Array): Promise<void>
  wait(ref: string, input?: Partial<WaitInput>, signal?: AbortSignal): Promise<WaitResult>
  close(): Promise<void>
}

export type OfficeOptions = {
  /** Shared with another office; one of its own is removed at the end. */
  dataDir?: string
  world?: TestWorld
  /** Otherwise one without a worker. */
  parser?: Parser
  /** Methods to put before those of the real store. */
  changeStore?: (real: Store) => Partial<Store>
  parts?: Partial<PostOfficeParts>
}

/** Starts nothing: no sweep, no outbox, unless the test calls `office.start`. */
export async function openOffice(options: OfficeOptions = {}): Promise<TestOffice> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'inbox-mcp-office-')))
  const world = options.world ?? new TestWorld()
  const complaints: string[] = []
  const log = createLog('warn', world.now, (line) => complaints.push(line))
  const store = await openStore({ file: join(dataDir, 'inbox.sqlite'), log, workerUrl: TEST_WORKERS.store })
  const parser = options.parser ?? new GatedParser({ isOpen: true })
  const parts = {
    ...DEFAULTS,
    store: changeStore(store, options.changeStore?.(store) ?? {}),
    parser,
    world,
    log,
    downloadDir: join(dataDir, 'downloads'),
    signalFile: join(dataDir, 'signal'),
    ...options.parts,
  }
  const office = composePostOffice(parts)
  const { postOffice: post, receiver } = office

  const accept: TestOffice['accept'] = async (to, data, from = 'sender@example.org') => {
    const recipients = []
    for (const address of typeof to === 'string' ? [to] : to) {
      const answer = await receiver.accepts(address)
      if (!answer.accepted) throw new Error(answer.reason)
      recipients.push(answer.recipient)
    }
    const envelope = { from, recipients, helo: '', remoteAddress: '127.0.0.1', receivedAt: world.now() }
    return (await receiver.accept(envelope, Buffer.from(data))).id
  }
  return {
    office,
    post,
    world,
    store,
    dataDir,
    complaints,
    createInbox: (localPart, agent = AGENT) => post.createInbox(agent, { localPart }),
    accept,
    arrive: async (to, data) => {
      receiver.confirm(await accept(to, data))
      await office.idle()
    },
    wait: (ref, input, signal = new AbortController().signal) =>
      post.waitForMessage(AGENT, ref, { filter: {}, after: 0, timeoutSeconds: 20, ...input }, { signal }),
    close: async () => {
      await office.close()
      await parser.close()
      await store.close()
      if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true })
    },
  }
}

/** Suspends an inbox as the world does: three of three recipients call its mail spam. */
export async function suspend({ post, office, store, world }: TestOffice, ref: string): Promise<void> {
  const to = ['a@example.org', 'b@example.org', 'c@example.org']
  const { deliveries } = await post.sendMessage(AGENT, ref, draft({ to }))
  await office.idle()
  for (const { id: deliveryId } of deliveries) {
    await store.recordReport({ deliveryId, kind: 'complained', hard: true, statusCode: null, now: world.now() })
  }
}

/** Resolves once it is so. */
export async function until(isSo: () => boolean): Promise<void> {
  await vi.waitFor(() => expect(isSo()).toBe(true), { timeout: 20_000, interval: 1 })
}

/** Lets everything that can run without the clock and without another thread run. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await nextTurn()
}

/** A parser in this thread that answers the first line of the body, and only when its gate lets it. */
export class GatedParser implements Parser {
  /** Raw bytes it was given, in order. */
  readonly asked: Uint8Array[] = []
  #gate = Promise.withResolvers<void>()
  #error: Error | null = null

  constructor({ isOpen }: { isOpen: boolean }) {
    if (isOpen) this.open()
  }

  open(): void {
    this.#error = null
    this.#gate.resolve()
  }

  /** What waits and what comes is rejected, until it is opened. */
  fail(error: Error): void {
    this.#error = error
    this.#gate.resolve()
  }

  async parse(raw: Uint8Array): Promise<ParsedMail> {
    this.asked.push(raw)
    await this.#gate.promise
    if (this.#error !== null) throw this.#error
    const text = Buffer.from(raw).toString()
    return { ...EMPTY_MAIL, subject: /^Subject: (.*?)\r?$/m.exec(text)?.[1] ?? '', bodyText: text.split('\r\n\r\n')[1] ?? '' }
  }

  async report(): Promise<null> {
    return null
  }

  async attachment(): Promise<null> {
    return null
  }

  async attachmentText(): Promise<null> {
    return null
  }

  async close(): Promise<void> {}
}

const EMPTY_MAIL: ParsedMail = { ...UNREADABLE_MAIL, fromAddress: 'sender@example.org', problems: [] }

/** Takes everything. */
const RELAY: Carrier = {
  carry: async () => ({ kind: 'sent', replyCode: 250, statusCode: '2.0.0', reason: 'taken' }),
  close: async () => {},
}

const COMPOSER: Composer = {
  compose: async ({ from, subject, messageIdHeader, text }) =>
    Buffer.from(`From: ${from.address}\r\nSubject: ${subject}\r\nMessage-ID: ${messageIdHeader}\r\n\r\n${text}\r\n`),
}

const DEFAULTS = {
  listening: { status: () => ({ state: 'listening', smtpUrl: 'smtp://127.0.0.1:2525' }) as const, settled: async () => {} },
  version: '1.2.3',
  domain: 'agents.localhost',
  mxHost: 'mx.inbox.example',
  // Nothing answers unless a test brings something that does.
  domainDns: { ask: async () => [] },
  isPublicSuffix: async (domain: string) => !domain.includes('.'),
  makeDkimKeyPair: async () => ({ privateKeyPem: 'the private key', publicKey: 'cHVibGlj' }),
  dailySendLimit: 500,
  maxMessageBytes: 26_214_400,
  keepDays: 0,
  keepMb: 0,
  composer: COMPOSER,
  relay: RELAY,
  dryRun: false,
  senderCheck: null,
  sendPolicy: { kind: 'anyone' } as const,
  readOnly: false,
}

function changeStore(real: Store, changes: Partial<Store>): Store {
  return new Proxy(real, {
    get: (_target, name) => {
      const method: unknown = Reflect.get(name in changes ? changes : real, name)
      return typeof method === 'function' ? method.bind(real) : method
    },
  })
}
