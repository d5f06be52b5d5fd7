/** Wires what the owner asks on the command line. Sees every layer, and nothing of the process. */

import { Resolver } from 'node:dns/promises'
import { existsSync, statSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { parseSubAddress } from './addresses.ts'
import { findStoreFile, prepareConfigured, REAL_WORLD, startApp } from './app.ts'
import { ConfigError, show } from './command-line.ts'
import type { Config } from './config.ts'
import { MailError } from './errors.ts'
import { describeError, type Log } from './log.ts'
import type { FoundInbox } from './operating-store.ts'
import { type DoctorProbes, diagnose } from './owner/doctor.ts'
import { exportMail } from './owner/export-mail.ts'
import { importMail, renderImport } from './owner/import-mail.ts'
import { DOCTOR_DNS_DEADLINE_MS, DOCTOR_PORT_DEADLINE_MS } from './owner/limits.ts'
import { readSource } from './owner/mail-source.ts'
import { makeNewFile } from './owner/new-file.ts'
import { findProcesses } from './owner/processes.ts'
import { formatBytes, formatCount } from './owner/shown.ts'
import { composeStatus, renderStatus } from './owner/status.ts'
import type { Terminal } from './owner/terminal.ts'
import { serveOwner } from './owner.ts'
import type { OwnerRequest } from './owner-request.ts'
import { formatHostPort, formatSmtpUrl } from './smtp/host-port.ts'
import { inspectPort } from './smtp/port-check.ts'
import { findNetworkFileSystem } from './sql/data-dir.ts'
import { inspectStore } from './sql/inspect.ts'
import type { Store } from './store.ts'
import { tagStore } from './store-tag.ts'
import { VERSION } from './version.ts'

/** What `main` knows of the process. */
export type OwnerSurroundings = {
  terminal: Terminal
  log: Log
  nodeVersion: string
  /** Flags of Node, those of NODE_OPTIONS included. */
  nodeFlags: readonly string[]
  /** Null on systems without such numbers. */
  uid: number | null
}

/** Carries out one request, whether or not servers run on the store. Answers the exit code: 1 when it failed, 2 for settings that are no good. */
export async function runOwner(request: OwnerRequest, config: Config, around: OwnerSurroundings): Promise<number> {
  const { terminal } = around
  try {
    return (await carryOut(request, config, around)) ? 0 : 1
  } catch (error) {
    if (terminal.signal.aborted) {
      terminal.complain('inbox-mcp: interrupted')
      return 1
    }
    // Whoever reads has had enough.
    if (error instanceof Error && 'code' in error && error.code === 'EPIPE') return 1
    const isOurs = error instanceof MailError || error instanceof ConfigError
    terminal.complain(`inbox-mcp: ${isOurs ? error.message : describeError(error)}`)
    return error instanceof ConfigError ? 2 : 1
  } finally {
    terminal.clear()
  }
}

/** Answers whether it was what the owner wanted. */
async function carryOut(request: OwnerRequest, config: Config, around: OwnerSurroundings): Promise<boolean> {
  if (config.dataDir === '') throw new ConfigError('--data-dir must be given: this user has no home directory')
  switch (request.kind) {
    case 'diagnose':
      return await runDoctor(config, around)
    case 'show-status':
      return await showStatus(config, around, request.json)
    case 'back-up':
      return await backUp(config, around, request.file)
    case 'export-mail':
      return await exportInbox(config, around, request)
    case 'import-mail':
      return await importInbox(config, around, request)
    default:
      return await withStore(config, around.log, async (store) => {
        const { text, done } = await serveOwner(request, store, REAL_WORLD.now())
        await around.terminal.write(`${text}\n`)
        return done
      })
  }
}

/** Makes no store where there is none. */
async function showStatus(config: Config, { terminal, log }: OwnerSurroundings, asJson: boolean): Promise<boolean> {
  const { dataDir, smtpHost: host, smtpPort } = config
  const file = findStoreFile(dataDir)
  const hasStore = existsSync(file)
  const processes = hasStore ? findProcesses(file) : []
  const { summary, storeId } = hasStore
    ? await withStore(config, log, async (store) => ({ summary: await store.summarize(), storeId: store.storeId }))
    : { summary: null, storeId: null }
  const status = composeStatus({
    version: VERSION,
    dataDir,
    smtpUrl: smtpPort === 0 ? null : formatSmtpUrl(host, smtpPort),
    port: smtpPort === 0 ? null : await makeProbes(config).inspectPort(storeId),
    processes,
    store: summary && { file, sizeBytes: sizeOf(file) + sizeOf(`${file}-wal`), summary },
  })
  await terminal.write(asJson ? `${JSON.stringify(status, null, 2)}\n` : renderStatus(status, REAL_WORLD.now()))
  return true
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}

async function backUp({ dataDir }: Config, { terminal }: OwnerSurroundings, target: string): Promise<boolean> {
  const { copyStore } = await import('./sql/backup.ts')
  const sizeBytes = await makeNewFile(target, (part) =>
    copyStore({
      file: findStoreFile(dataDir),
      part,
      signal: terminal.signal,
      onProgress: (done) => terminal.progress(`copying… ${Math.floor(done * 100)} %`),
    }),
  )
  await terminal.write(`All mail is in ${plain(target)}, ${formatBytes(sizeBytes)}.\n`)
  return true
}

async function exportInbox(
  config: Config,
  { terminal, log }: OwnerSurroundings,
  { inbox: ref, file }: Extract<OwnerRequest, { kind: 'export-mail' }>,
): Promise<boolean> {
  if (file === null && terminal.isScreen)
    throw new ConfigError('mail is not shown on a terminal: name a FILE, or pipe it somewhere')
  const { signal } = terminal
  return await withStore(config, log, async (store) => {
    const inbox = await findInbox(store, ref)
    const run = (write: (chunk: Uint8Array) => Promise<void>) =>
      exportMail({
        store,
        inbox,
        write,
        signal,
        onProgress: (count) => terminal.progress(`${count} of ${inbox.messages} messages`),
      })
    if (file === null) {
      await run(terminal.write)
      return true
    }
    const count = await makeNewFile(file, async (part) => {
      const handle = await open(part, 'a')
      return await run((chunk) => handle.appendFile(chunk)).finally(() => handle.close())
    })
    await terminal.write(
      `${formatCount(count, 'message')} of ${inbox.address} ${count === 1 ? 'is' : 'are'} in ${plain(file)}.\n`,
    )
    return true
  })
}

/** As a server works, but for the port and the relay: what other servers left in the spool is filed on the way. */
async function importInbox(
  config: Config,
  { terminal, log }: OwnerSurroundings,
  { source, inbox: ref }: Extract<OwnerRequest, { kind: 'import-mail' }>,
): Promise<boolean> {
  const { signal } = terminal
  const { maxMessageBytes } = config
  const app = startApp({ ...config, relayUrl: null }, REAL_WORLD, log)
  try {
    await app.open()
    const inbox = await findInbox(app.store, ref)
    const counts = await importMail({
      source: readSource(source, maxMessageBytes),
      inbox,
      store: app.store,
      receiver: app.post.receiver,
      idle: () => app.post.idle(),
      now: REAL_WORLD.now,
      signal,
      onProgress: ({ imported, known }, done) =>
        terminal.progress(`${Math.floor(done * 100)} %, ${imported} imported, ${known} there already`),
    })
    await terminal.write(renderImport(counts, inbox.address, maxMessageBytes))
    return true
  } finally {
    await app.close()
  }
}

/** A path of the owner's, without what could move the cursor. */
function plain(path: string): string {
  return path.replaceAll(/[\p{Cc}\p{Cf}]/gu, '?')
}

/** @throws MailError inbox_not_found */
async function findInbox(store: Store, ref: string): Promise<FoundInbox> {
  const found = await store.findAnyInbox(parseSubAddress(ref)?.inboxAddress ?? ref)
  if (found === null)
    throw new MailError('inbox_not_found', `There is no inbox ${show(ref)}; an agent makes one with create_inbox.`)
  return found
}

async function withStore<Result>(config: Config, log: Log, use: (store: Store) => Promise<Result>): Promise<Result> {
  const { store, open } = prepareConfigured(config, log)
  await open()
  return await use(store).finally(() => store.close())
}

async function runDoctor(config: Config, { terminal, nodeVersion, nodeFlags, uid }: OwnerSurroundings): Promise<boolean> {
  const { dataDir, smtpHost: host, smtpPort: port, relayUrl, dryRun } = config
  const facts = {
    nodeVersion,
    nodeFlags,
    uid,
    dataDir,
    smtpPort: port === 0 ? null : formatHostPort(host, port),
    relay: relayUrl === null ? ('none' as const) : dryRun ? ('dry-run' as const) : ('configured' as const),
    now: REAL_WORLD.now(),
    elapsedMs: REAL_WORLD.elapsedMs,
  }
  return await diagnose(facts, makeProbes(config), terminal)
}

function makeProbes({ dataDir, smtpHost: host, smtpPort: port, relayUrl, domain }: Config): DoctorProbes {
  return {
    inspectStore: () => inspectStore(findStoreFile(dataDir)),
    findNetworkFileSystem: () => findNetworkFileSystem(dataDir),
    inspectPort: (storeId) => {
      const storeTag = storeId === null ? null : tagStore(storeId)
      return inspectPort({ host, port, storeTag, deadlineMs: DOCTOR_PORT_DEADLINE_MS }, REAL_WORLD)
    },
    inspectRelay: async () => {
      const { inspectRelay } = await import('./smtp/relay-check.ts')
      return await inspectRelay({ url: relayUrl ?? '', clientName: domain, world: REAL_WORLD })
    },
    asksDns: async () => {
      const resolver = new Resolver({ timeout: DOCTOR_DNS_DEADLINE_MS, tries: 1 })
      // The root is there for every resolver that resolves anything.
      return await resolver.resolveNs('.').then(
        () => true,
        () => false,
      )
    },
  }
}
