/** General words for what went wrong, and what went wrong on the way. Looked for last. */

import type { Phrases } from './phrases.ts'

/** Last part of the table in `phrases.ts`. */
export const FAILURES: readonly Phrases[] = [
  {
    reason: 'loop',
    words: ['hop count exceeded', 'too many hops', 'routing loop', 'mail loop', 'loops back to myself', 'loop detected'],
  },
  {
    reason: 'content',
    words: [
      'virus',
      'malware',
      'content rejected',
      'illegal attachment',
      'banned',
      'header error',
      'headers too large',
      '8-bit data in message header',
    ],
  },
  {
    reason: 'policy',
    words: [
      'spam',
      'policy violation',
      'policy reasons',
      'denied by policy',
      'access denied',
      'mail rejected',
      'message rejected',
      'message refused',
      'bulk email',
      // Groups of Google say it in the reader's language, but all with this address.
      'groups.google.com/support',
    ],
  },
  {
    reason: 'expired',
    words: [
      'retry timeout exceeded',
      'in the queue too long',
      'message expired',
      'delivery time expired',
      'could not deliver for the last',
      'could not be delivered for',
      'cannot send message for',
      'could not send message for',
      'was aborted after',
      'has been delayed',
      'is delayed',
      'connection timed out',
      'operation timed out',
      'host not reachable',
    ],
  },
  {
    reason: 'network',
    words: [
      'connection refused',
      'connection reset',
      'no route to host',
      'network is unreachable',
      'network error',
      'socket error',
      'did not accept our requests to connect',
      'establish an smtp connection',
      'lost connection',
      'unable to connect',
    ],
  },
  {
    reason: 'system',
    words: [
      'system error',
      'service unavailable',
      'service currently unavailable',
      'service not available',
      'transaction failed',
      'mailer error',
      'local error',
      'internal error',
      'configuration error',
      'i/o error',
      'does not support tls',
      'duplicated message-id',
      'permission denied',
    ],
  },
]
