/** What the parser and its worker say to each other. */

import type { ParsedMail } from '../parser.ts'
import type { Report } from '../report.ts'

/** One message to be read. `raw` is the worker's own copy. */
export type WorkerRequest =
  | { kind: 'parse'; raw: Uint8Array }
  | { kind: 'report'; raw: Uint8Array }
  | { kind: 'attachment'; raw: Uint8Array; attachmentId: string }

/** Answers come in the order of the requests, after one `ready`. */
export type WorkerAnswer =
  | { kind: 'ready' }
  | { kind: 'parsed'; mail: ParsedMail }
  | { kind: 'report'; report: Report | null }
  | { kind: 'attachment'; bytes: Uint8Array | null }
  /** A fault of ours; `fault` names the kind of error and nothing of the mail. */
  | { kind: 'failed'; fault: string }
