/** The store's worker, but it dies when it is told to: in the middle of a transaction, or after a commit and before the answer. */

import { parentPort } from 'node:worker_threads'
import { OPERATIONS } from '../../src/sql/operations.ts'

if (parentPort === null) throw new Error('started by a test')
const port = parentPort

/** A thread goes on for a moment after process.exit; this one does not. */
function die(): never {
  process.exit(7)
  for (;;);
}

// Completing this prefix is death.
const complete = OPERATIONS.completeAddresses
Object.assign(OPERATIONS, {
  completeAddresses: {
    ...complete,
    run: (...args: Parameters<typeof complete.run>) => (args[2] === 'die' ? die() : complete.run(...args)),
  },
})

// An inbox called so is committed, but nobody hears of it.
const post = port.postMessage.bind(port)
port.postMessage = (message, transfer) => {
  if (JSON.stringify(message).includes('unheard@')) die()
  post(message, transfer)
}

await import('../../src/sql/worker.ts')
