/** The doctor: looks at everything that a server needs, changes nothing, and says of each how it is and what to do. */

import { MailError } from '../errors.ts'
import { describeError } from '../log.ts'
import { checkDirectory, checkFsync, checkSpace } from './disk.ts'
import { type Finding, ok, problem, renderFinding, renderSum, warning } from './findings.ts'
import { CLOCK_TOLERANCE_MS, LEAST_CLOCK_MS, LEAST_HEAP_MIB, MAX_SHOWN_GREETING_CHARS } from './limits.ts'
import { formatAge, formatBytes } from './shown.ts'
import type { Terminal } from './terminal.ts'

/** What was found in the file of a store, which was not changed. */
export type StoreInspection =
  | { state: 'missing' }
  /** `why`: in half a sentence of ours. */
  | { state: 'refused'; why: string }
  | {
      state: 'open'
      storeId: string
      schemaVersion: number
      /** Whether this program may work on it. */
      isReadable: boolean
      /** What SQLite's check says, a line each; empty when it finds nothing. */
      damage: readonly string[]
      sizeBytes: number
      /** Permission bits. */
      mode: number
      /** The user it belongs to; null where files belong to nobody. */
      uid: number | null
      /** When its newest message was filed, by the clock of then; null without one. */
      newestAt: number | null
    }

/** Who is found at the SMTP port. `greeting`: their first line, as it came. */
export type PortInspection =
  | { state: 'free' | 'ours' | 'silent' }
  | { state: 'other_store' | 'other_program'; greeting: string }
  /** It cannot be bound; `why` ends a sentence that begins with the port. */
  | { state: 'unusable'; why: string }

/** What was found out about the relay, to which nothing was sent. */
export type RelayInspection = { isReady: true; isSignedIn: boolean; isEncrypted: boolean } | { isReady: false; why: string }

/** What the doctor needs to know of the process and its settings. */
export type DoctorFacts = {
  nodeVersion: string
  /** Flags of Node, those of NODE_OPTIONS included. */
  nodeFlags: readonly string[]
  /** Null on systems without such numbers. */
  uid: number | null
  dataDir: string
  /** As people write it; null for any free port. */
  smtpPort: string | null
  /** `none`: no relay is set. */
  relay: 'configured' | 'none' | 'dry-run'
  now: number
  elapsedMs: () => number
}

/** Looks that other layers take. None changes anything; none rejects but for a mistake of ours. */
export type DoctorProbes = {
  inspectStore(): StoreInspection
  /** The kind of network file system that the data directory is on; null for a local one. */
  findNetworkFileSystem(): string | null
  /** `storeId` is null where there is no store yet. */
  inspectPort(storeId: string | null): Promise<PortInspection>
  inspectRelay(): Promise<RelayInspection>
  /** Whether DNS answers, in time. */
  asksDns(): Promise<boolean>
}

/** Shows each finding as it is made. Resolves with whether there was no problem. */
export async function diagnose(facts: DoctorFacts, probes: DoctorProbes, terminal: Terminal): Promise<boolean> {
  const findings: Finding[] = []
  const add = async (finding: Finding | null) => {
    if (finding === null) return
    findings.push(finding)
    await terminal.write(renderFinding(finding, terminal.colours))
  }
  await add(checkNode(facts.nodeVersion))
  await add(checkFlags(facts.nodeFlags))
  await add(checkDirectory(facts.dataDir, facts.uid, probes.findNetworkFileSystem))
  await add(checkSpace(facts.dataDir))
  await add(checkFsync(facts.dataDir, facts.elapsedMs))
  terminal.progress('looking through the store…')
  const store = probes.inspectStore()
  await add(checkStore(store, facts.uid))
  await add(checkClock(facts.now, store.state === 'open' ? store.newestAt : null))
  terminal.progress('asking at the port…')
  await add(await checkPort(facts.smtpPort, store.state === 'open' ? store.storeId : null, probes))
  terminal.progress('asking DNS…')
  await add(await checkDns(probes))
  terminal.progress('asking the relay…')
  await add(await checkRelay(facts.relay, probes))
  await terminal.write(renderSum(findings))
  return findings.every(({ level }) => level !== 'problem')
}

/** Node itself: on one that is too old no command gets this far (cli.ts). */
export function checkNode(version: string): Finding {
  return ok('Node', version)
}

/** Flags that take something away which a server needs, or open something that nobody should reach. */
export function checkFlags(flags: readonly string[]): Finding {
  const name = 'Node flags'
  const shown = flags.join(' ')
  const has = (...names: string[]) => flags.find((flag) => names.includes(flag.split('=')[0] ?? ''))
  const blocked = has('--no-addons', '--permission', '--experimental-permission')
  if (blocked !== undefined) {
    return problem(name, `${blocked} keeps the store from loading`, `start without ${blocked}; look into NODE_OPTIONS too`)
  }
  const heap = /--max[-_]old[-_]space[-_]size=([0-9]{1,9})(?:\s|$)/.exec(shown)
  if (heap !== null && Number(heap[1]) < LEAST_HEAP_MIB) {
    return warning(name, `${heap[0].trim()} is little for large messages`, `give it ${LEAST_HEAP_MIB} or leave it out`)
  }
  const inspected = has('--inspect', '--inspect-brk', '--inspect-wait')
  if (inspected !== undefined) {
    return warning(name, `${inspected} lets whoever reaches its port read all mail`, 'start without it')
  }
  return ok(name, flags.length === 0 ? 'none' : shown)
}

/** The file of the store. */
export function checkStore(store: StoreInspection, uid: number | null): Finding {
  const name = 'store'
  if (store.state === 'missing') return ok(name, 'none yet; the first server makes it')
  if (store.state === 'refused') return problem(name, store.why, 'restore a backup into an empty --data-dir, or choose another')
  if (!store.isReadable) {
    return problem(name, 'a newer version of inbox-mcp has upgraded it', 'update inbox-mcp, and restart the servers that run')
  }
  const [damage] = store.damage
  if (damage !== undefined) {
    const more = store.damage.length > 1 ? ` and ${store.damage.length - 1} more` : ''
    return problem(name, `damaged: ${damage}${more}`, 'stop all servers, keep a copy of the file, and restore a backup')
  }
  if (store.uid !== null && uid !== null && store.uid !== uid) {
    return problem(name, 'its file belongs to another user', 'run as that user, or give the file to this one with chown')
  }
  if ((store.mode & 0o077) !== 0) {
    return warning(
      name,
      `others may read it (mode ${store.mode.toString(8)})`,
      'the next server that starts sets its mode to 600',
    )
  }
  return ok(name, `whole, ${formatBytes(store.sizeBytes)}, schema ${store.schemaVersion}`)
}

/** The clock, which can only be compared with itself. */
export function checkClock(now: number, newestAt: number | null): Finding {
  const shown = new Date(now).toISOString()
  const fix = 'set the clock, and let it be kept right (NTP)'
  if (now < LEAST_CLOCK_MS) return problem('clock', `${shown} is in the past: it was never set`, fix)
  const behindMs = (newestAt ?? 0) - now
  if (behindMs > CLOCK_TOLERANCE_MS) {
    return warning('clock', `${shown} is ${formatAge(behindMs)} before the newest mail: it was set back, or was wrong then`, fix)
  }
  return ok('clock', shown)
}

/** The SMTP port. */
export async function checkPort(
  port: string | null,
  storeId: string | null,
  { inspectPort }: Pick<DoctorProbes, 'inspectPort'>,
): Promise<Finding> {
  const name = 'SMTP port'
  if (port === null) return ok(name, 'any free one is taken')
  const found = await inspectPort(storeId)
  const fix = 'end that program, or set --smtp-port to a free port, or 0 for any'
  switch (found.state) {
    case 'ours':
      return ok(name, `${port} is received at by a server on this store`)
    case 'free':
      return ok(name, `${port} is free; no server receives now`)
    case 'unusable':
      return problem(name, `${port} ${found.why}`, 'no server receives there')
    case 'silent':
      return problem(name, `whoever has ${port} does not greet`, fix)
    case 'other_store':
      return problem(name, `${port} belongs to an inbox-mcp with another data directory, ${quote(found.greeting)}`, fix)
    case 'other_program':
      return problem(name, `${port} belongs to another program, ${quote(found.greeting)}`, fix)
  }
}

function quote(greeting: string): string {
  return greeting === '' ? 'which says nothing' : JSON.stringify(greeting.trim().slice(0, MAX_SHOWN_GREETING_CHARS))
}

/** Name servers. */
export async function checkDns({ asksDns }: Pick<DoctorProbes, 'asksDns'>): Promise<Finding> {
  if (await asksDns()) return ok('DNS', 'answers')
  const text = 'does not answer; who mail is from (SPF, DKIM, DMARC) will read unknown'
  return warning('DNS', text, 'nothing else needs it; look at the resolver of this machine')
}

/** The way out. */
export async function checkRelay(
  relay: DoctorFacts['relay'],
  { inspectRelay }: Pick<DoctorProbes, 'inspectRelay'>,
): Promise<Finding> {
  if (relay === 'none') return ok('relay', 'none; mail reaches inboxes here only (--relay-url)')
  const found = await inspectRelay().catch(explainRelay)
  const dry = relay === 'dry-run' ? '; --dry-run is on: nothing is sent to it' : ''
  if (!found.isReady) return problem('relay', `${found.why}${dry}`, 'look at --relay-url: host, port, user and password')
  const how = [
    found.isEncrypted ? 'encrypted' : 'in clear, on this machine',
    found.isSignedIn ? 'signed in' : 'without signing in',
  ]
  return ok('relay', `ready: ${how.join(', ')}${dry}`)
}

/** A URL that is none is refused before anybody connects. */
function explainRelay(error: unknown): RelayInspection {
  if (error instanceof MailError) return { isReady: false, why: error.message.replace(/\.$/, '') }
  return { isReady: false, why: describeError(error) }
}
