/** What the sender check and its worker say to each other. */

import type { SenderVerdict } from '../sender-check.ts'

/** What the worker is given as its `workerData`. */
export type WorkerSetup = {
  /** Whose Authentication-Results count; null for nobody's. */
  trustRelay: string | null
  /** `address:port` of each server to ask; null for those of the system. */
  dnsServers: readonly string[] | null
}

/** One mail to look at, under a number of its own. `raw` is the worker's own. */
export type WorkerRequest = {
  number: number
  raw: Uint8Array
  envelopeFrom: string
  helo: string
  remoteAddress: string
  fromAddress: string
  /** Milliseconds since the epoch. */
  receivedAt: number
  /** How long DNS may take for it. */
  dnsBudgetMs: number
}

/** Answers come in any order, after one `ready`; those of a worker that dies are lost. */
export type WorkerAnswer =
  | { kind: 'ready' }
  /** Null where nobody could look. */
  | { kind: 'verdict'; number: number; verdict: SenderVerdict | null }
  /** A fault of ours; `fault` names the kind of error and nothing of the mail. */
  | { kind: 'failed'; number: number; fault: string }
