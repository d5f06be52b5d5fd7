/** What the parser and its worker say to each other. */

import type { Packed } from '../mail-text.ts'
import type { AttachmentFile, AttachmentText, ParsedMail } from '../parser.ts'
import type { Report } from '../report.ts'

/** One message to be read, under a number from 1. `raw` is the worker's own copy. */
export type WorkerRequest = { number: number; raw: Uint8Array } & (
  | { kind: 'parse' }
  | { kind: 'report' }
  | { kind: 'attachment'; attachmentId: string }
  | { kind: 'attachment-text'; attachmentId: string; offset: number; maxBytes: number }
)

/** Answers come in the order of the requests, after one `ready`; those of a worker that dies may be lost. */
export type WorkerAnswer =
  | { kind: 'ready' }
  | { kind: 'parsed'; mail: Packed<ParsedMail> }
  | { kind: 'report'; report: Report | null }
  | { kind: 'attachment'; file: AttachmentFile | null }
  | { kind: 'attachment-text'; text: AttachmentText | null }
  /** A fault of ours; `fault` names the kind of error and nothing of the mail. */
  | { kind: 'failed'; fault: string }

/**
 * What the worker is given as its `workerData`. `progress` is shared memory of one Int32, written by the worker alone: STARTING, then the number
 * of the message it reads, or IDLE. Shared, because whatever is posted can be late or lost: the news of a worker's death is known to overtake
 * its last answers, and then another message would be blamed for it.
 */
export type WorkerSetup = { readonly progress: Int32Array }

/** Its libraries are loading; it has seen nothing of any message. */
export const STARTING = 0
/** It is ready and reads no message. */
export const IDLE = -1
