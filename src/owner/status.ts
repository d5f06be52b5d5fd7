/** How a server stands: who receives, what there is, what waits. For people, or as JSON for programs. */

import type { StoreSummary } from '../operating-store.ts'
import type { PortInspection } from './doctor.ts'
import { formatAge, formatBytes, formatCount } from './shown.ts'

/** What `status` tells. Field names are part of its JSON and stay as they are. */
export type Status = {
  version: string
  dataDir: string
  /** `none`: nobody receives. `other`: another program, or another store, has the port. `unknown`: a free port was asked for, whichever. */
  listener: { state: 'ours' | 'none' | 'other' | 'unknown'; smtpUrl: string | null }
  /** Ids of processes that have the store open, this one left out; null where that cannot be told. */
  processes: readonly number[] | null
  /** Null where there is no store yet. Times are ISO 8601. */
  store:
    | (Omit<StoreSummary, 'newestAt' | 'spooledSince'> & {
        file: string
        /** Of the file and its log. */
        sizeBytes: number
        newestAt: string | null
        spooledSince: string | null
      })
    | null
}

/** What a status is made from. */
export type StatusParts = {
  version: string
  dataDir: string
  /** Null for any free port. */
  smtpUrl: string | null
  port: PortInspection | null
  processes: readonly number[] | null
  store: { file: string; sizeBytes: number; summary: StoreSummary } | null
}

/** Puts it together. */
export function composeStatus({ version, dataDir, smtpUrl, port, processes, store }: StatusParts): Status {
  return {
    version,
    dataDir,
    listener: describeListener(port, smtpUrl),
    processes,
    store: store && {
      file: store.file,
      sizeBytes: store.sizeBytes,
      ...store.summary,
      newestAt: toIso(store.summary.newestAt),
      spooledSince: toIso(store.summary.spooledSince),
    },
  }
}

function describeListener(port: PortInspection | null, smtpUrl: string | null): Status['listener'] {
  if (port === null) return { state: 'unknown', smtpUrl: null }
  if (port.state === 'ours') return { state: 'ours', smtpUrl }
  return { state: port.state === 'free' || port.state === 'unusable' ? 'none' : 'other', smtpUrl: null }
}

function toIso(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString()
}

const LISTENERS = {
  ours: 'received by a server on this store',
  none: 'not received: no server has the port',
  other: 'not received: something else has the port; inbox-mcp doctor says what',
  unknown: 'received at any free port; create_inbox tells which',
} as const

/** In lines for people, each with its line end. */
export function renderStatus({ version, dataDir, listener, processes, store }: Status, now: number): string {
  const rows: [string, string][] = [
    ['version', version],
    ['mail', listener.smtpUrl === null ? LISTENERS[listener.state] : `${LISTENERS[listener.state]}, at ${listener.smtpUrl}`],
    ['servers', processes === null ? 'cannot be told here' : describeProcesses(processes)],
    ...(store === null ? [['store', `none yet in ${dataDir}`] as [string, string]] : describeStore(store, now)),
  ]
  const width = Math.max(...rows.map(([name]) => name.length))
  return rows.map(([name, text]) => `${name.padEnd(width)}  ${text.replaceAll(/\p{Cc}/gu, '?')}\n`).join('')
}

function describeProcesses(processes: readonly number[]): string {
  if (processes.length === 0) return 'none runs'
  return `${processes.length} (${processes.map((pid) => `pid ${pid}`).join(', ')})`
}

function describeStore(store: NonNullable<Status['store']>, now: number): [string, string][] {
  const { newestAt, spooledSince, spooled, openDeliveries, unknownDeliveries, suspendedInboxes } = store
  const since = spooledSince === null ? '' : `, the oldest ${describeAge(spooledSince, now)}`
  const suspended = suspendedInboxes === 0 ? '' : `, ${suspendedInboxes.toLocaleString('en-US')} of them suspended`
  const unknown =
    unknownDeliveries === 0
      ? ''
      : `; ${formatCount(unknownDeliveries, 'delivery', 'deliveries')} in doubt (inbox-mcp outbox unknown)`
  return [
    ['inboxes', `${store.inboxes.toLocaleString('en-US')}${suspended}`],
    ['messages', store.messages.toLocaleString('en-US')],
    ['newest', newestAt === null ? 'none' : `${newestAt}, ${describeAge(newestAt, now)}`],
    ['spool', spooled === 0 ? 'empty' : `${formatCount(spooled, 'message')} to be filed${since}`],
    ['outbox', `${openDeliveries === 0 ? 'empty' : formatCount(openDeliveries, 'delivery', 'deliveries')}${unknown}`],
    [
      'store',
      `${store.file}, ${formatBytes(store.sizeBytes)}, ${formatBytes(store.usedBytes)} in use, schema ${store.schemaVersion}`,
    ],
  ]
}

function describeAge(iso: string, now: number): string {
  const ageMs = now - Date.parse(iso)
  return ageMs < 0 ? 'ahead of the clock' : `${formatAge(ageMs)} ago`
}
