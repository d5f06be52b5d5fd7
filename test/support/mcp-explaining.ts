/** Explanations of the post office in memory. */

import { looksAlike } from '../../src/address-likeness.ts'
import type { DeliveryExplanation } from '../../src/explanation.ts'
import { MAX_LOOKALIKES, MAX_SHOWN_ARRIVALS, MAX_SHOWN_SESSIONS } from '../../src/limits.ts'
import type { SentMessage } from '../../src/model.ts'
import { advise } from '../../src/post-office/advice.ts'
import type { ListenerStatus } from '../../src/receiver.ts'
import type { FoundSessions } from '../../src/session-log.ts'
import type { KeptInbox } from './mcp-mail.ts'

export type Known = {
  /** Null when the agent has none of this address. */
  home: KeptInbox | null
  /** Of all inboxes of the agent. */
  addresses: readonly string[]
  found: FoundSessions
  listener: ListenerStatus
  sent: SentMessage | null
}

/** What the real one would say of the same. */
export function explain(address: string, { home, addresses, found, listener, sent }: Known): DeliveryExplanation {
  const kept = home?.kept.filter(({ message }) => message.direction === 'inbound').reverse() ?? []
  const facts = {
    address,
    inbox: home === null ? null : describeHome(home),
    nearInboxes: home === null ? addresses.filter((own) => looksAlike(own, address)) : [],
    listener,
    sessions: found.sessions.slice(0, MAX_SHOWN_SESSIONS),
    lookalikes: found.lookalikes.slice(0, MAX_LOOKALIKES),
    arrivals: kept.slice(0, MAX_SHOWN_ARRIVALS).map(({ message }) => {
      const { id, seq, read, size, createdAt, remoteAddress } = message
      return { id, seq, read, size, createdAt, remoteAddress }
    }),
    sent,
  }
  return { ...facts, advice: advise(facts, { domain: 'agents.localhost', own: null, isLost: false }) }
}

function describeHome({ inbox, seq, suspended }: KeptInbox): DeliveryExplanation['inbox'] {
  const { id, status, createdAt } = inbox
  return { id, status, createdAt, suspendedReason: suspended?.reason ?? null, cursor: seq }
}
