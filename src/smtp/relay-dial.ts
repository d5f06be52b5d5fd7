/** Opens the TCP connection to a relay. Ours rather than nodemailer's: host files count, and where it really leads is known before a byte is sent. */

import { connect, type Socket } from 'node:net'
import { RelayFailure } from './relay-failure.ts'
import type { RelayTarget } from './relay-target.ts'

/** How a connection to a relay is opened; a test leads it elsewhere. */
export type Dial = (target: RelayTarget, signal: AbortSignal) => Promise<Socket>

const UNREACHABLE: Readonly<Record<string, string>> = {
  ENOTFOUND: 'the name of the relay cannot be found',
  EAI_AGAIN: 'the name of the relay cannot be looked up now',
  ECONNREFUSED: 'nothing listens where the relay should be',
}

/** A connected socket that an error cannot bring the process down with. @throws RelayFailure */
export const dialRelay: Dial = ({ host, port }, signal) =>
  new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true })
    const onAbort = () => fail(new RelayFailure(String(signal.reason)))
    const fail = (failure: RelayFailure) => {
      signal.removeEventListener('abort', onAbort)
      socket.destroy()
      reject(failure)
    }
    // Stays for good: between two owners a socket without a listener would throw.
    socket.on('error', (error: NodeJS.ErrnoException) => fail(new RelayFailure(describe(error))))
    socket.once('connect', () => {
      signal.removeEventListener('abort', onAbort)
      resolve(socket)
    })
    signal.addEventListener('abort', onAbort, { once: true })
    if (signal.aborted) onAbort()
  })

function describe(error: NodeJS.ErrnoException): string {
  // With several addresses the error is an AggregateError that has the code of the first.
  return UNREACHABLE[error.code ?? ''] ?? 'the relay cannot be reached'
}
