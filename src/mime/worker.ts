/** The thread in which mail is read, so that it can be ended. One message at a time, in the order of the requests. */

import { parentPort, workerData } from 'node:worker_threads'
import { parseMail, readAttachment } from './parse.ts'
import { readReport } from './report/read-report.ts'
import { IDLE, type WorkerAnswer, type WorkerRequest, type WorkerSetup } from './worker-messages.ts'

const port = parentPort
if (!port) throw new Error('This file runs as a worker thread only.')
const { progress }: WorkerSetup = workerData

let last: Promise<void> = Promise.resolve()
port.on('message', (request: WorkerRequest) => {
  last = last.then(async () => {
    Atomics.store(progress, 0, request.number)
    const answer = await answerRequest(request)
    port.postMessage(answer)
    Atomics.store(progress, 0, IDLE)
  })
})
Atomics.store(progress, 0, IDLE)
port.postMessage({ kind: 'ready' } satisfies WorkerAnswer)

async function answerRequest(request: WorkerRequest): Promise<WorkerAnswer> {
  try {
    if (request.kind === 'parse') return { kind: 'parsed', mail: await parseMail(request.raw) }
    if (request.kind === 'report') return { kind: 'report', report: readReport(request.raw) }
    return { kind: 'attachment', bytes: await readAttachment(request.raw, request.attachmentId) }
  } catch (error) {
    // The message of an error may hold text of the mail; its name does not.
    return { kind: 'failed', fault: error instanceof Error ? error.name : typeof error }
  }
}
