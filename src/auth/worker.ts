/** The thread in which senders are checked, so that it can be ended: its libraries read what hostile mail and hostile DNS made for them. */

import { parentPort, workerData } from 'node:worker_threads'
import { checkSender } from './check-sender.ts'
import { Dns } from './dns.ts'
import type { WorkerAnswer, WorkerRequest, WorkerSetup } from './worker-messages.ts'

const port = parentPort
if (!port) throw new Error('This file runs as a worker thread only.')
const { dnsServers, trustRelay }: WorkerSetup = workerData
const dns = new Dns(dnsServers)

const answer = (message: WorkerAnswer) => port.postMessage(message)

port.on('message', async (request: WorkerRequest) => {
  const { number } = request
  try {
    answer({ kind: 'verdict', number, verdict: await checkSender(request, dns, trustRelay) })
  } catch (error) {
    // The message of an error may hold text of the mail; its name does not.
    answer({ kind: 'failed', number, fault: error instanceof Error ? error.name : typeof error })
  }
})
answer({ kind: 'ready' })
