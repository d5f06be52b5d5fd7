/** The thread in which mail is read, so that it can be ended. One message at a time, in the order of the requests. */

import { parentPort, workerData } from 'node:worker_threads'
import { releaseLarge, releaseWhenIdle } from '../idle-memory.ts'
import { listTextBuffers, packTexts } from '../mail-text.ts'
import type { AttachmentFile } from '../parser.ts'
import { readAttachmentText } from './attachment-text.ts'
import { findAttachment, parseMail, readAttachment } from './parse.ts'
import { readReport } from './report/read-report.ts'
import { IDLE, type WorkerAnswer, type WorkerRequest, type WorkerSetup } from './worker-messages.ts'

const port = parentPort
if (!port) throw new Error('This file runs as a worker thread only.')
const { progress }: WorkerSetup = workerData

releaseWhenIdle()
let last: Promise<void> = Promise.resolve()
port.on('message', (request: WorkerRequest) => {
  last = last.then(async () => {
    Atomics.store(progress, 0, request.number)
    const sizeBytes = request.raw.byteLength
    const answer = await answerRequest(request)
    port.postMessage(answer, listTransfer(answer))
    Atomics.store(progress, 0, IDLE)
    releaseLarge(sizeBytes)
  })
})
Atomics.store(progress, 0, IDLE)
port.postMessage({ kind: 'ready' } satisfies WorkerAnswer)

async function answerRequest(request: WorkerRequest): Promise<WorkerAnswer> {
  try {
    if (request.kind === 'parse') return { kind: 'parsed', mail: packTexts(await parseMail(request.raw)) }
    if (request.kind === 'report') return { kind: 'report', report: readReport(request.raw) }
    if (request.kind === 'attachment')
      return { kind: 'attachment', file: await readOwnAttachment(request.raw, request.attachmentId) }
    const leaf = await findAttachment(request.raw, request.attachmentId)
    const { offset, maxBytes } = request
    return { kind: 'attachment-text', text: leaf === null ? null : await readAttachmentText(leaf, offset, maxBytes) }
  } catch (error) {
    // The message of an error may hold text of the mail; its name does not.
    return { kind: 'failed', fault: error instanceof Error ? error.name : typeof error }
  }
}

/** Its bytes in a buffer of their own, so that they can be handed over: to copy 20 MB would stop the thread that gets them. */
async function readOwnAttachment(raw: Uint8Array, attachmentId: string): Promise<AttachmentFile | null> {
  const file = await readAttachment(raw, attachmentId)
  if (file === null || isAlone(file.bytes)) return file
  return { ...file, bytes: new Uint8Array(file.bytes) }
}

function isAlone({ buffer, byteLength }: Uint8Array): boolean {
  // Small ones lie in the pool of Buffer, which cannot be handed over.
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength && byteLength > Buffer.poolSize
}

function listTransfer(answer: WorkerAnswer): ArrayBuffer[] {
  if (answer.kind === 'parsed') return listTextBuffers(answer.mail)
  const bytes = answer.kind === 'attachment' ? answer.file?.bytes : undefined
  return bytes?.buffer instanceof ArrayBuffer ? [bytes.buffer] : []
}
