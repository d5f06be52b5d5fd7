/** How rows become nouns. A list inside a row is JSON that we wrote ourselves. */

import { DAY_MS } from '../durations.ts'
import { MAX_LISTED_ITEMS } from '../limits.ts'
import type {
  Attachment,
  Delivery,
  DeliveryState,
  Direction,
  Inbox,
  InboxStatus,
  Message,
  MessageStatus,
  MessageSummary,
  RecipientDelivery,
  Thread,
} from '../model.ts'
import type { DeliveryCarrier } from '../sending-store.ts'

/** All columns of `inbox`. */
export type InboxRow = {
  id: string
  agent: string
  address: string
  display_name: string | null
  domain_id: string | null
  status: InboxStatus
  daily_send_limit: number
  /** Days since the epoch, UTC, that `sends_count` is about. */
  sends_day: number
  sends_count: number
  total_sent: number
  bounce_count: number
  complaint_count: number
  last_seq: number
  message_count: number
  thread_count: number
  created_at: number
  /** Empty, and `suspended_at` 0, while it is not suspended. */
  suspended_reason: string
  suspended_at: number
  /** What was queued up to then no longer counts against it. */
  resumed_at: number
  /** Names it in the index of what can be searched; 0 before anything of it is there. */
  search_number: number
  /** Of its messages, those up to this seq can be searched. */
  indexed_seq: number
}

/** All columns of `message`. */
export type MessageRow = {
  inbox_id: string
  id: string
  seq: number
  thread_id: string
  direction: Direction
  delivery: Delivery
  status: MessageStatus
  from_address: string
  from_name: string | null
  to_addresses: string
  cc_addresses: string
  reply_to_addresses: string
  subject: string
  snippet: string
  attachments: string
  message_id_header: string | null
  is_read: number
  labels: string
  size: number
  content_hash: string
  created_at: number
  problem: string | null
  delivery_cursor: number
}

/** What `message_body` adds to a message. */
export type BodyRow = {
  body_text: string
  body_html: string | null
  in_reply_to: string | null
  refs: string
  sent_at: number | null
  envelope_from: string
  envelope_to: string
  automatic: Message['automatic']
  /** JSON of MailFacts and of SenderVerdict. */
  facts: string | null
  sender_verdict: string | null
  remote_address: string | null
  helo: string | null
}

/** All columns of `delivery`. */
export type DeliveryRow = {
  inbox_id: string
  message_id: string
  id: string
  recipient: string
  carrier: DeliveryCarrier
  state: DeliveryState
  attempts: number
  queued_at: number
  /** When it may be claimed, or when the lease of who has claimed it ends; null once it has ended. */
  due_at: number | null
  lease_owner: string | null
  reply_code: number | null
  status_code: string | null
  reason: string | null
  bounced_at: number | null
  complained_at: number | null
  updated_at: number
}

/** All columns of `thread`. */
export type ThreadRow = {
  inbox_id: string
  id: string
  subject: string
  message_count: number
  last_message_at: number
  created_at: number
}

/** The UTC day of a time, counted from the epoch. */
export function dayOf(ms: number): number {
  return Math.floor(ms / DAY_MS)
}

/**
 * The UTC day that a send at `now` counts in, and the sends of that day so far. What was composed before midnight may come after the first send of the
 * new day: it counts in the new one, and must not begin the old one again.
 */
export function sendsAt({ sends_day, sends_count }: InboxRow, now: number): { day: number; sends: number } {
  const today = dayOf(now)
  const day = sends_day === today + 1 ? sends_day : today
  return { day, sends: sends_day === day ? sends_count : 0 }
}

/** The inbox as it is at `now`: yesterday's sends no longer count. */
export function toInbox(row: InboxRow, now: number): Inbox {
  return {
    id: row.id,
    address: row.address,
    displayName: row.display_name,
    domainId: row.domain_id,
    status: row.status,
    dailySendLimit: row.daily_send_limit,
    sendsToday: sendsAt(row, now).sends,
    totalSent: row.total_sent,
    bounceCount: row.bounce_count,
    complaintCount: row.complaint_count,
    createdAt: toIso(row.created_at),
  }
}

/** A message in a list: of its own lists the first MAX_LISTED_ITEMS, so that no sender decides how much crosses the threads. */
export function toListed(row: MessageRow): MessageSummary {
  const summary = toSummary(row)
  return {
    ...summary,
    toAddresses: summary.toAddresses.slice(0, MAX_LISTED_ITEMS),
    ccAddresses: summary.ccAddresses.slice(0, MAX_LISTED_ITEMS),
    replyToAddresses: summary.replyToAddresses.slice(0, MAX_LISTED_ITEMS),
    attachments: summary.attachments.slice(0, MAX_LISTED_ITEMS),
  }
}

/** A message by itself, without its text. */
export function toSummary(row: MessageRow): MessageSummary {
  return {
    id: row.id,
    inboxId: row.inbox_id,
    threadId: row.thread_id,
    seq: row.seq,
    direction: row.direction,
    fromAddress: row.from_address,
    fromName: row.from_name,
    toAddresses: parseTexts(row.to_addresses),
    ccAddresses: parseTexts(row.cc_addresses),
    replyToAddresses: parseTexts(row.reply_to_addresses),
    subject: row.subject,
    snippet: row.snippet,
    delivery: row.delivery,
    status: row.status,
    attachments: parseAttachments(row.attachments),
    messageIdHeader: row.message_id_header,
    read: row.is_read === 1,
    labels: parseTexts(row.labels),
    size: row.size,
    createdAt: toIso(row.created_at),
    problem: row.problem,
  }
}

/** A whole message, of a row that joins both tables. */
export function toMessage(row: MessageRow & BodyRow): Message {
  return {
    ...toSummary(row),
    bodyText: row.body_text,
    bodyHtml: row.body_html,
    envelopeFrom: row.envelope_from,
    envelopeTo: row.envelope_to,
    sentAt: row.sent_at === null ? null : toIso(row.sent_at),
    inReplyTo: row.in_reply_to,
    references: parseTexts(row.refs),
    automatic: row.automatic,
    facts: row.facts === null ? null : JSON.parse(row.facts),
    remoteAddress: row.remote_address,
    helo: row.helo,
    senderVerdict: row.sender_verdict === null ? null : JSON.parse(row.sender_verdict),
  }
}

/** A recipient of a message that we sent. */
export function toRecipientDelivery(row: DeliveryRow): RecipientDelivery {
  return {
    id: row.id,
    recipient: row.recipient,
    state: row.state,
    attempts: row.attempts,
    // While somebody has it in hands, it is being tried now.
    nextAttemptAt: row.due_at === null || row.lease_owner !== null ? null : toIso(row.due_at),
    replyCode: row.reply_code,
    statusCode: row.status_code,
    reason: row.reason,
    updatedAt: toIso(row.updated_at),
  }
}

/** A thread without its messages. */
export function toThread(row: ThreadRow): Thread {
  return {
    id: row.id,
    inboxId: row.inbox_id,
    subject: row.subject,
    messageCount: row.message_count,
    lastMessageAt: toIso(row.last_message_at),
    createdAt: toIso(row.created_at),
  }
}

/** A list of texts as a column keeps it. */
export function parseTexts(json: string): string[] {
  return json === '[]' ? [] : JSON.parse(json)
}

function parseAttachments(json: string): Attachment[] {
  return json === '[]' ? [] : JSON.parse(json)
}

/** ISO 8601, UTC. */
export function toIso(ms: number): string {
  return new Date(ms).toISOString()
}
