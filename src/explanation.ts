/** Why there is no mail: what an agent asks, and all that is known about an address. */

import type { Inbox, SentMessage } from './model.ts'
import type { ListenerStatus } from './receiver.ts'
import type { Arrival, FoundSessions } from './session-log.ts'

/** What to explain. */
export type ExplainInput = {
  /** An inbox of the agent, by id or address, or any other address. */
  inbox: string
  /** A message that this inbox sent: then it is asked about that, and not about what comes in. */
  messageId?: string | undefined
}

/** What is known about an address for which no mail comes. */
export type DeliveryExplanation = FoundSessions & {
  /** Canonical, without a tag. */
  address: string
  /** Null when the agent has none of this address. */
  inbox: (Pick<Inbox, 'id' | 'status' | 'createdAt'> & { suspendedReason: string | null; cursor: number }) | null
  /** Addresses of inboxes of the agent that look like it, when it has none of this one. */
  nearInboxes: string[]
  listener: ListenerStatus
  /** What came in last, newest first. */
  arrivals: Arrival[]
  /** The message asked about; then nothing is looked up of what comes in. */
  sent: SentMessage | null
  /** The next step, in our words. */
  advice: string
}
