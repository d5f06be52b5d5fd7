/** The part of the store that sends: messages queued within the quota, deliveries and what became of them, threads, what the owner decides. */

import type { Inbox, MessageSummary, Page, PageRequest, SentMessage, Suppression, Thread } from './model.ts'
import type { InboxRef } from './store.ts'

/** How one recipient's copy goes: into an inbox here, to the relay, or nowhere because the owner said so. */
export type DeliveryCarrier = 'local' | 'relay' | 'dry-run'

/** A composed message with its recipients, ready to be queued. */
export type OutgoingMail = {
  messageId: string
  /** Of the thread it belongs to; null begins one, with `newThreadId`, unless References name one. */
  threadId: string | null
  newThreadId: string
  deliveries: readonly { id: string; recipient: string; carrier: DeliveryCarrier }[]
  fromName: string | null
  toAddresses: readonly string[]
  ccAddresses: readonly string[]
  subject: string
  bodyText: string
  bodyHtml: string | null
  messageIdHeader: string
  inReplyTo: string | null
  references: readonly string[]
  attachments: readonly { filename: string; contentType: string; size: number }[]
  raw: Uint8Array
  /** SHA-256 of `raw`, hex. */
  contentHash: string
  now: number
  /** Whether recipients must have written to this inbox first. */
  correspondentsOnly: boolean
  /** Kept for IDEMPOTENCY_KEPT_MS. */
  idempotency: { key: string; fingerprint: string } | null
}

/** A delivery in the hands of one process. */
export type ClaimedDelivery = {
  id: string
  inboxId: string
  /** Of the sender. */
  address: string
  recipient: string
  carrier: DeliveryCarrier
  /** Tries so far, this one included. */
  attempts: number
  queuedAt: number
  raw: Uint8Array
}

/** What became of a try. */
export type Settlement = {
  deliveryId: string
  owner: string
  state: 'sent' | 'deferred' | 'refused' | 'expired' | 'unknown' | 'recorded'
  replyCode: number | null
  statusCode: string | null
  reason: string
  /** When to try again; null unless deferred. */
  nextAttemptAt: number | null
  /** The recipient cannot be reached at all: this inbox is not to write to it again. */
  suppress: boolean
  now: number
}

/** The mail of a delivery on its way into an inbox here. */
export type Handover = {
  deliveryId: string
  owner: string
  /** Of the spooled mail. */
  spoolId: string
  envelopeFrom: string
  now: number
}

/** A report that came back to the return path of a delivery. */
export type DeliveryReport = {
  deliveryId: string
  kind: 'bounced' | 'complained'
  /** A bounce that is for good: counted and suppressed. Complaints are always. */
  hard: boolean
  statusCode: string | null
  now: number
}

/** Something changed for a message that was sent. */
export type DeliveryNews = {
  inboxId: string
  messageId: string
  /** The inbox became suspended by it. */
  suspended: boolean
}

/** Part of Store, and held to what its head says. */
export interface SendingStore {
  // Sending

  /**
   * Queues a message: checks idempotency, status, suppressions, policy, thread and quota in this order, then writes message and deliveries and
   * counts one send, all in this step. The same idempotency key with the same fingerprint answers the first message of this inbox as it stands now
   * and queues nothing, whatever has happened since; once that is deleted it is a conflict.
   * @throws MailError inbox_not_found, thread_not_found, inbox_suspended, recipient_not_allowed, daily_limit_reached (with resetsAt,
   * retryAfterSeconds), conflict
   */
  queueMessage(agent: string, ref: InboxRef, mail: OutgoingMail): Promise<SentMessage & { repeated: boolean }>
  /** A message of ours with its recipients. @throws MailError inbox_not_found, message_not_found (also for an inbound one) */
  getSentMessage(agent: string, ref: InboxRef, messageId: string): Promise<SentMessage>
  /**
   * Deliveries that are due and on which nobody has a lease, oldest due first; leased to `owner`. A leased one counts as an attempt. Those of a
   * suspended inbox wait until it is resumed. Fewer than `limit` when the messages are large.
   * `withRelay` false leaves those for the relay to processes that have one.
   */
  claimDeliveries(owner: string, now: number, leaseUntil: number, limit: number, withRelay?: boolean): Promise<ClaimedDelivery[]>
  /** Keeps the leases that `owner` has on these alive; what it has lost stays lost. */
  renewDeliveries(owner: string, ids: readonly string[], leaseUntil: number): Promise<void>
  /**
   * When the next open delivery is due or its lease ends; null when none is open, but for those of suspended inboxes. With `now`, leases that end
   * later than 2 * DELIVERY_LEASE_MS from then (the clock was set back) are cut to one such length: a living owner renews its own.
   */
  nextDeliveryAt(withRelay?: boolean, now?: number): Promise<number | null>
  /**
   * Writes down what became of a try: state, counters, the message's status, suppression and suspension, in this step. Null, and nothing is written, when `owner`
   * has lost the lease.
   */
  settleDelivery(settlement: Settlement): Promise<DeliveryNews | null>
  /**
   * Hands a delivery to an inbox here: spools the mail and settles as delivered, in this step. A recipient that is gone or suspended settles as refused
   * (550 5.1.1 or 5.2.1), but is not suppressed: inboxes here come and go. Null when `owner` has lost the lease.
   */
  handOver(handover: Handover): Promise<DeliveryNews | null>
  /** The inbox a delivery was sent from, for its return path; null when it is gone. */
  findDelivery(
    deliveryId: string,
  ): Promise<{ inboxId: string; address: string; status: Inbox['status']; recipient: string } | null>
  /**
   * Settles a delivery by a report that came back to its return path; once a recipient, later ones change nothing, but that a complaint follows a bounce.
   * A bounce that is not for good changes nothing. Null when nothing changed.
   */
  recordReport(report: DeliveryReport): Promise<DeliveryNews | null>
  /** 32 random bytes made once, when the store was. */
  getSecret(): Promise<Uint8Array>

  // Threads

  /** Newest message first. @throws MailError inbox_not_found */
  listThreads(agent: string, ref: InboxRef, page: PageRequest): Promise<Page<Thread>>
  /** A thread with its messages, oldest first, as `listMessages` shows them. @throws MailError inbox_not_found, thread_not_found */
  getThread(agent: string, ref: InboxRef, threadId: string, page: PageRequest): Promise<Page<MessageSummary> & { thread: Thread }>

  // For the owner, who acts for no agent

  /** Newest first; of one inbox when an address is given. */
  listSuppressions(address: string | null): Promise<Suppression[]>
  /** Whether there was one. */
  removeSuppression(address: string, recipient: string): Promise<boolean>
  /** Suspended inboxes, with the reason. */
  listSuspended(): Promise<{ address: string; reason: string; since: string }[]>
  /** Makes a suspended inbox active; what it did before no longer counts against it. False when there is no such suspended inbox. */
  resumeInbox(address: string, now: number): Promise<boolean>
  /** Deliveries whose fate is unknown; newest first. */
  listUnknownDeliveries(limit: number): Promise<{ id: string; address: string; recipient: string; since: string }[]>
  /** Queues an unknown delivery once more, with all the time of a new one, because the owner says so. False when it is not unknown. */
  retryDelivery(deliveryId: string, now: number): Promise<boolean>
}
