/** Deliveries that were turned away, as the listener tells of them. */

import type { Refusal, RefusalReason } from '../../src/receiver.ts'

/** One of a client in the outside world, unless told otherwise. */
export function refusal(address: string, reason: RefusalReason, fields: Partial<Refusal> = {}): Refusal {
  return {
    address,
    reason,
    remoteAddress: '192.0.2.7',
    helo: 'mail.example.org',
    mailFrom: 'shop@example.org',
    sizeBytes: null,
    ...fields,
  }
}
