/** Wires what the owner asks on the command line. Sees every layer, and nothing of the process. */

import { Resolver } from 'node:dns/promises'
import { findStoreFile, prepareConfigured, REAL_WORLD } from './app.ts'
import { ConfigError } from './command-line.ts'
import type { Config } from './config.ts'
import { MailError } from './errors.ts'
import { describeError, type Log } from './log.ts'
import { type DoctorProbes, diagnose } from './owner/doctor.ts'
import { DOCTOR_DNS_DEADLINE_MS, DOCTOR_PORT_DEADLINE_MS } from './owner/limits.ts'
import type { Terminal } from './owner/terminal.ts'
import { serveOwner } from './owner.ts'
import type { OwnerRequest } from './owner-request.ts'
import { formatHostPort } from './smtp/host-port.ts'
import { inspectPort } from './smtp/port-check.ts'
import { findNetworkFileSystem } from './sql/data-dir.ts'
import { inspectStore } from './sql/inspect.ts'
import type { Store } from './store.ts'
import { tagStore } from './store-tag.ts'

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
    const isOurs = error instanceof MailError || error instanceof ConfigError
    terminal.complain(`inbox-mcp: ${isOurs ? error.message : describeError(error)}`)
    return error instanceof ConfigError ? 2 : 1
  }
}

/** Answers whether it was what the owner wanted. */
async function carryOut(request: OwnerRequest, config: Config, around: OwnerSurroundings): Promise<boolean> {
  if (config.dataDir === '') throw new ConfigError('--data-dir must be given: this user has no home directory')
  switch (request.kind) {
    case 'diagnose':
      return await runDoctor(config, around)
    default:
      return await withStore(config, around.log, async (store) => {
        const { text, done } = await serveOwner(request, store, REAL_WORLD.now())
        await around.terminal.write(`${text}\n`)
        return done
      })
  }
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
