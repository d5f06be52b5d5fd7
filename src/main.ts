/** Reads argv and the environment, wires everything, ends it on stdin's end or a signal. Alone touches process.*. */

import { createHash, randomBytes } from 'node:crypto'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import envPaths from 'env-paths'
import { v7 as uuidv7 } from 'uuid'
import type { Carriage, Carrier, Outcome } from './carrier.ts'
import type { Composer, DkimKey, Draft } from './composer.ts'
import { type Config, ConfigError, readConfig } from './config.ts'
import { MailError } from './errors.ts'
import { EXIT_DEADLINE_MS } from './limits.ts'
import { createLog, describeError, type Log } from './log.ts'
import { createParser } from './mime/parser.ts'
import { serveOwner } from './owner.ts'
import type { OwnerRequest } from './owner-request.ts'
import { composePostOffice, type RunningPostOffice } from './post-office/compose.ts'
import type { Listening } from './post-office/listening.ts'
import type { ListenerStatus } from './receiver.ts'
import type { Listener } from './smtp/listener.ts'
import { parseRelayUrl } from './smtp/relay-target.ts'
import { checkDataDir } from './sql/data-dir.ts'
import { type ClosedStore, prepareStore } from './sql/store.ts'
import type { Store } from './store.ts'
import { renderHelp } from './usage.ts'
import { VERSION } from './version.ts'
import type { World } from './world.ts'

/** Bundled, the workers lie beside this file under other names. */
const BUILT = import.meta.url.endsWith('.js')
const STORE_WORKER_URL = new URL(BUILT ? './store-worker.js' : './sql/worker.ts', import.meta.url)
const PARSE_WORKER_URL = new URL(BUILT ? './parse-worker.js' : './mime/worker.ts', import.meta.url)

/** A whole server without its transport: what a test boots, and what `main` puts stdio in front of. */
export type App = {
  post: RunningPostOffice
  store: Store
  /** Opens the store and takes up what a process before left; until then nothing runs. @throws MailError store_unavailable */
  open(): Promise<void>
  /** Binds the SMTP port; called when a client has really come. Resolves after the first attempt. */
  listen(): Promise<ListenerStatus>
  /** Ends everything in order: no more mail is taken, what was taken is safe, the store is closed. */
  close(): Promise<void>
}

/** Clock, timers, ids and randomness of this process. */
export const REAL_WORLD: World = {
  now: Date.now,
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs)
    return () => clearTimeout(timer)
  },
  newId: () => uuidv7(),
  randomBytes: (sizeBytes) => randomBytes(sizeBytes),
}

/**
 * Wires every part. Opens and binds nothing yet: a client that only asks what this is gets its answer sooner.
 * @throws MailError invalid_argument (data directory)
 */
export function startApp(config: Config, world: World, log: Log): App {
  const { store, open } = prepareConfigured(config, log)
  const parser = createParser({ log, workerUrl: PARSE_WORKER_URL })
  const listener: LazyListener = new LazyListener(async () => {
    // Its greeting names the store.
    await open()
    return makeListener(config, world, log, store, post)
  })
  const relay = config.relayUrl === null || config.dryRun ? null : new LazyRelay(config, config.relayUrl, world, log)
  const parts = { store, parser, world, log, listening: listener, version: VERSION, composer: new LazyComposer(), relay }
  const post = composePostOffice({ ...config, ...parts, signalFile: join(config.dataDir, 'signal') })
  let isClosing = false
  return {
    post,
    store,
    open: async () => {
      await open()
      if (!isClosing) post.start()
    },
    listen: () => listener.start(),
    close: async () => {
      isClosing = true
      await listener.close()
      await post.close()
      await Promise.all([parser.close(), relay?.close()])
      await store.close()
    },
  }
}

/** @throws MailError invalid_argument (data directory) */
function prepareConfigured({ dataDir }: Config, log: Log): ClosedStore {
  checkDataDir(dataDir)
  return prepareStore({ file: join(dataDir, 'inbox.sqlite'), log, workerUrl: STORE_WORKER_URL })
}

async function makeListener(config: Config, world: World, log: Log, store: Store, post: RunningPostOffice): Promise<Listener> {
  const { createListener } = await import('./smtp/listener.ts')
  return createListener({
    host: config.smtpHost,
    port: config.smtpPort,
    domain: config.domain,
    storeTag: createHash('sha256').update(store.storeId).digest('hex').slice(0, 12),
    maxMessageBytes: config.maxMessageBytes,
    tls: config.tls === null ? null : { cert: Buffer.from(config.tls.cert), key: Buffer.from(config.tls.key) },
    receiver: post.receiver,
    log,
    world,
  })
}

/** What sends is loaded with the first message for the outside; the URL is checked at the start. */
class LazyRelay implements Carrier {
  readonly #make: () => Promise<Carrier>
  #making: Promise<Carrier> | null = null

  /** @throws MailError invalid_argument for a URL that is none */
  constructor(config: Config, url: string, world: World, log: Log) {
    parseRelayUrl(url)
    this.#make = async () => {
      const { createRelay } = await import('./smtp/relay.ts')
      return createRelay({ url, log, world, clientName: config.domain })
    }
  }

  async carry(carriage: Carriage, signal: AbortSignal): Promise<Outcome> {
    this.#making ??= this.#make()
    return (await this.#making).carry(carriage, signal)
  }

  async close(): Promise<void> {
    await (await this.#making)?.close()
  }
}

/** What writes mail is loaded with the first message that is sent. */
class LazyComposer implements Composer {
  async compose(draft: Draft, dkimKey: DkimKey | null): Promise<Uint8Array> {
    const { createComposer } = await import('./mime/compose.ts')
    return createComposer().compose(draft, dkimKey)
  }
}

/** The listener before and after somebody needs it: a start that only probes must not own the port, nor load what listens. */
class LazyListener implements Listening {
  readonly #make: () => Promise<Listener>
  #starting: Promise<ListenerStatus> | null = null
  #listener: Listener | null = null
  #closed = false

  constructor(make: () => Promise<Listener>) {
    this.#make = make
  }

  /** Binds, unless that was begun already. */
  start(): Promise<ListenerStatus> {
    this.#starting ??= this.#start()
    return this.#starting
  }

  status(): ListenerStatus {
    return this.#listener?.status() ?? { state: 'starting' }
  }

  async settled(): Promise<void> {
    await this.start()
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#listener?.close()
  }

  async #start(): Promise<ListenerStatus> {
    if (this.#closed) return this.status()
    this.#listener = await this.#make()
    // Closed while it was being loaded.
    return this.#closed ? this.status() : this.#listener.start()
  }
}

/** The program. Ends the process itself. */
export async function main(process: NodeJS.Process): Promise<void> {
  const defaults = { dataDir: envPaths('inbox-mcp', { suffix: '' }).data, homeDir: homedir() }
  const invocation = refuseBadSettings(process, () => readConfig(process.argv.slice(2), process.env, defaults))
  if (invocation.command === 'help') process.stdout.write(renderHelp(VERSION, defaults.dataDir))
  else if (invocation.command === 'version') process.stdout.write(`${VERSION}\n`)
  else if (invocation.command === 'owner') process.exitCode = await answerOwner(process, invocation.config, invocation.request)
  else if (invocation.command === 'demo') process.exitCode = await showDemo(process)
  else await serve(process, invocation.config, invocation.unknownEnvironment)
}

function refuseBadSettings<Result>(process: NodeJS.Process, read: () => Result): Result {
  try {
    return read()
  } catch (error) {
    if (error instanceof ConfigError || error instanceof MailError) refuseToStart(process, error.message)
    throw error
  }
}

/** One line, exit code 2: what a client shows of a server that does not come up. */
function refuseToStart(process: NodeJS.Process, message: string): never {
  process.stderr.write(`inbox-mcp: ${message}\n`)
  process.exit(2)
}

async function serve(process: NodeJS.Process, config: Config, unknownEnvironment: readonly string[]): Promise<void> {
  const log = createLog(config.logLevel, Date.now, (line) => process.stderr.write(line))
  for (const name of unknownEnvironment) log.warn('unknown_setting', { name })
  const app = refuseBadSettings(process, () => startApp(config, REAL_WORLD, log))
  endWith(process, app, log)
  const { openStdio, serveMcp } = await import('./mcp/server.ts')
  serveMcp({
    postOffice: app.post.postOffice,
    agent: config.agent,
    toolsets: config.toolsets,
    version: VERSION,
    log,
    world: REAL_WORLD,
    transport: openStdio(process.stdin, process.stdout),
    onOpen: () => {
      app.listen().catch((error: unknown) => log.error('listen_failed', { error: describeError(error) }))
    },
  })
  // Behind the first answer, so that the store's thread does not take the processor from it.
  process.stdin.once('data', () => setImmediate(() => open(process, app)))
}

function open(process: NodeJS.Process, app: App): void {
  app.open().catch((error: unknown) => refuseToStart(process, error instanceof MailError ? error.message : describeError(error)))
}

/** Whatever ends the client's interest ends the process, in time, with nothing half done. */
function endWith(process: NodeJS.Process, app: App, log: Log): void {
  let ending = false
  const end = (why: string, exitCode: number): void => {
    if (ending) return
    ending = true
    log.debug('end', { why })
    setTimeout(() => process.exit(exitCode), EXIT_DEADLINE_MS)
    app
      .close()
      .catch((error: unknown) => log.error('close_failed', { error: describeError(error) }))
      .finally(() => process.exit(exitCode))
  }
  process.stdin.on('end', () => end('stdin', 0))
  process.stdin.on('close', () => end('stdin', 0))
  process.stdout.on('error', () => end('stdout', 0))
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => end(signal, 0))
  process.on('uncaughtException', (error) => {
    log.error('uncaught', { error: describeError(error) })
    end('uncaught', 1)
  })
}

/** One request of the owner, on the store itself: whether or not a server runs. Exit code 1 when there was nothing to do it to. */
async function answerOwner(process: NodeJS.Process, config: Config, request: OwnerRequest): Promise<number> {
  const log = createLog(config.logLevel, Date.now, (line) => process.stderr.write(line))
  const store = await openConfigured(config, log).catch((error: unknown) => {
    if (error instanceof MailError) return refuseToStart(process, error.message)
    throw error
  })
  const { text, done } = await serveOwner(request, store, REAL_WORLD.now()).finally(() => store.close())
  process.stdout.write(`${text}\n`)
  return done ? 0 : 1
}

async function openConfigured(config: Config, log: Log): Promise<Store> {
  const { store, open } = prepareConfigured(config, log)
  await open()
  return store
}

async function showDemo(process: NodeJS.Process): Promise<number> {
  const { runDemo } = await import('./demo/demo.ts')
  return runDemo({
    command: process.execPath,
    args: [fileURLToPath(new URL(BUILT ? './cli.js' : './cli.ts', import.meta.url))],
    version: VERSION,
    write: (text) => process.stdout.write(text),
    colours: process.stdout.isTTY && process.env.NO_COLOR === undefined,
    now: Date.now,
  })
}
