/** Wires every part into a server without a transport. Sees every layer, and nothing of the process. */

import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { Carriage, Carrier, Outcome } from './carrier.ts'
import { ConfigError } from './command-line.ts'
import type { Composer, DkimKey, Draft } from './composer.ts'
import type { Config } from './config.ts'
import type { DkimKeyPair } from './dkim-keys.ts'
import type { DnsAnswer, DnsQuestion, DomainDns } from './domain-dns.ts'
import { MAX_SMTP_INFLIGHT_BYTES } from './limits.ts'
import type { Log } from './log.ts'
import { createParser } from './mime/parser.ts'
import { composePostOffice, type RunningPostOffice } from './post-office/compose.ts'
import type { Listening } from './post-office/listening.ts'
import type { ListenerStatus } from './receiver.ts'
import { type CheckedMail, type SenderCheck, type SenderVerdict, UNKNOWN_SENDER } from './sender-check.ts'
import type { Listener } from './smtp/listener.ts'
import { parseRelayUrl } from './smtp/relay-target.ts'
import { checkDataDir } from './sql/data-dir.ts'
import { type ClosedStore, prepareStore } from './sql/store.ts'
import type { Store } from './store.ts'
import { tagStore } from './store-tag.ts'
import { createIdSource } from './uuid.ts'
import { VERSION } from './version.ts'
import type { World } from './world.ts'

/** Where the code of each thread is. */
export type WorkerScripts = { store: URL; parser: URL; senderCheck: URL }

/** Bundled, the workers lie beside this file under other names. */
const BUILT = import.meta.url.endsWith('.js')
const WORKERS: WorkerScripts = {
  store: new URL(BUILT ? './store-worker.js' : './sql/worker.ts', import.meta.url),
  parser: new URL(BUILT ? './parse-worker.js' : './mime/worker.ts', import.meta.url),
  senderCheck: new URL(BUILT ? './auth-worker.js' : './auth/worker.ts', import.meta.url),
}

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

/** What a test puts in place: DNS servers of its own, as `address:port`, and all the time to ask them; bundled threads, which start sooner. */
export type AppOptions = { dns?: { servers: readonly string[]; deadlineMs: number } | null; workers?: WorkerScripts }

/** Clock, timers, ids and randomness of this process. */
export const REAL_WORLD: World = {
  now: Date.now,
  elapsedMs: () => performance.now(),
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs)
    return () => clearTimeout(timer)
  },
  newId: createIdSource(Date.now),
  randomBytes: (sizeBytes) => randomBytes(sizeBytes),
}

/**
 * Wires every part. Opens and binds nothing yet: a client that only asks what this is gets its answer sooner. Its threads run the
 * scripts beside this file; tests, which start many, name bundled ones.
 * @throws MailError invalid_argument (data directory)
 */
export function startApp(config: Config, world: World, log: Log, { dns = null, workers = WORKERS }: AppOptions = {}): App {
  const { store, open } = prepareConfigured(config, log, workers)
  const parser = createParser({ log, workerUrl: workers.parser })
  const listener: LazyListener = new LazyListener(async () => {
    // Its greeting names the store.
    await open()
    return makeListener(config, world, log, store, post)
  })
  const relay = config.relayUrl === null || config.dryRun ? null : new LazyRelay(config, config.relayUrl, world, log)
  const senderCheck = new LazySenderCheck(config, world, log, workers.senderCheck, dns)
  const domainDns = new LazyDomainDns(config, world, dns)
  const composer = new LazyComposer()
  const ofDomains = { domainDns, isPublicSuffix, makeDkimKeyPair }
  const parts = { store, parser, world, log, listening: listener, version: VERSION, composer, relay, senderCheck, ...ofDomains }
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
      await Promise.all([parser.close(), relay?.close(), senderCheck.close()])
      await store.close()
    },
  }
}

/** The store of a configuration, not opened yet. @throws MailError invalid_argument (data directory), ConfigError */
export function prepareConfigured({ dataDir }: Config, log: Log, workers: WorkerScripts = WORKERS): ClosedStore {
  if (dataDir === '') throw new ConfigError('--data-dir must be given: this user has no home directory')
  checkDataDir(dataDir)
  return prepareStore({ file: findStoreFile(dataDir), log, workerUrl: workers.store })
}

/** The file of the store in a data directory. */
export function findStoreFile(dataDir: string): string {
  return join(dataDir, 'inbox.sqlite')
}

async function makeListener(config: Config, world: World, log: Log, store: Store, post: RunningPostOffice): Promise<Listener> {
  const { createListener } = await import('./smtp/listener.ts')
  return createListener({
    host: config.smtpHost,
    port: config.smtpPort,
    domain: config.domain,
    storeTag: tagStore(store.storeId),
    maxMessageBytes: config.maxMessageBytes,
    tls: config.tls === null ? null : { cert: Buffer.from(config.tls.cert), key: Buffer.from(config.tls.key) },
    receiver: post.receiver,
    limits: { maxInflightBytes: Math.max(MAX_SMTP_INFLIGHT_BYTES, config.maxMessageBytes) },
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
    const { createComposer } = await import('./mime/compose/compose.ts')
    return createComposer().compose(draft, dkimKey)
  }
}

/** What checks senders is loaded with the first mail that is read. */
class LazySenderCheck implements SenderCheck {
  readonly #make: () => Promise<SenderCheck>
  #making: Promise<SenderCheck> | null = null
  #isClosed = false

  constructor({ trustRelay, dnsServers }: Config, world: World, log: Log, workerUrl: URL, dns: AppOptions['dns']) {
    this.#make = async () => {
      const { createSenderCheck } = await import('./auth/sender-check.ts')
      const testing = dns && { deadlineMs: dns.deadlineMs }
      return createSenderCheck({
        log,
        world,
        trustRelay,
        dnsServers: dns?.servers ?? dnsServers,
        workerUrl,
        ...testing,
      })
    }
  }

  async check(mail: CheckedMail): Promise<SenderVerdict> {
    if (this.#isClosed) return UNKNOWN_SENDER
    this.#making ??= this.#make()
    return (await this.#making).check(mail)
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await (await this.#making)?.close()
  }
}

/** What asks DNS about domains is loaded with the first one that is looked up. */
class LazyDomainDns implements DomainDns {
  readonly #make: () => Promise<DomainDns>
  #making: Promise<DomainDns> | null = null

  constructor({ dnsServers }: Config, world: World, dns: AppOptions['dns']) {
    this.#make = async () => {
      const { createDomainDns } = await import('./dns/servers.ts')
      return createDomainDns({ servers: dns?.servers ?? dnsServers, world, ...(dns && { deadlineMs: dns.deadlineMs }) })
    }
  }

  async ask(questions: readonly DnsQuestion[], signal: AbortSignal): Promise<readonly (readonly DnsAnswer[])[]> {
    this.#making ??= this.#make()
    return (await this.#making).ask(questions, signal)
  }
}

/** What makes keys is loaded with the first domain that is added. */
async function makeDkimKeyPair(): Promise<DkimKeyPair> {
  const keys = await import('./dkim-keys.ts')
  return await keys.makeDkimKeyPair()
}

/** The list of public suffixes is loaded with the first domain that is added. */
async function isPublicSuffix(domain: string): Promise<boolean> {
  const suffixes = await import('./mime/public-suffix.ts')
  return suffixes.isPublicSuffix(domain)
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
