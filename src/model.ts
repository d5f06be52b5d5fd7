/**
 * The nouns. Field names are AgentSend's, so that its users feel at home; times are ISO 8601 in UTC, sizes are bytes.
 * What is null or empty is left out of the text an agent reads, and of the structure only in rows of lists.
 */

import { z } from 'zod'
import { DEFAULT_PAGE_ROWS, MAX_PAGE_ROWS } from './limits.ts'
import { MailFacts } from './mail-facts.ts'
import { SenderVerdict } from './sender-check.ts'

/** Only an active inbox sends and receives; a deleted one is gone for every caller. */
export const InboxStatus = z.enum(['active', 'suspended', 'deleted'])
export type InboxStatus = z.infer<typeof InboxStatus>

/** An address that an agent owns. */
export const Inbox = z.object({
  /** UUIDv7. */
  id: z.string(),
  /** Lower case, domain as A-labels (RFC 5890). */
  address: z.string(),
  displayName: z.string().nullable(),
  domainId: z.string().nullable(),
  status: InboxStatus,
  /** Messages this inbox may send in one UTC calendar day. */
  dailySendLimit: z.number(),
  /** Sent in the current UTC calendar day; 0 again at midnight. */
  sendsToday: z.number(),
  totalSent: z.number(),
  /** Recipients whose server refused for good. */
  bounceCount: z.number(),
  /** Recipients who called a message spam. */
  complaintCount: z.number(),
  createdAt: z.string(),
})
export type Inbox = z.infer<typeof Inbox>

/** A part of a message that is not its text. `id` is unique within the message only. */
export const Attachment = z.object({
  id: z.string(),
  /** A label from the mail, cleaned of control characters; never a path. Null where the mail names none. */
  filename: z.string().nullable(),
  contentType: z.string(),
  /** Bytes after decoding. */
  size: z.number(),
})
export type Attachment = z.infer<typeof Attachment>

/** Which way a message went, seen from its inbox. */
export const Direction = z.enum(['inbound', 'outbound'])
export type Direction = z.infer<typeof Direction>

/** How a message travels: over SMTP, between two inboxes of this server, or not at all because the owner said so. */
export const Delivery = z.enum(['email', 'local', 'dry-run'])
export type Delivery = z.infer<typeof Delivery>

/** How far a message has come: `received` is the only one of inbound mail; `unknown` may or may not have arrived. */
export const MessageStatus = z.enum([
  'received',
  'queued',
  'sending',
  'sent',
  'delivered',
  // A dry run: written down and counted, not sent.
  'recorded',
  'failed',
  'unknown',
  'bounced',
  'complained',
])
export type MessageStatus = z.infer<typeof MessageStatus>

/** A message as lists show it: everything but its body. */
export const MessageSummary = z.object({
  id: z.string(),
  inboxId: z.string(),
  threadId: z.string(),
  /** Position in the inbox, from 1, without repeats; a cursor is one of these. */
  seq: z.number(),
  direction: Direction,
  /** Bare address of the From header; empty when there is none to read. */
  fromAddress: z.string(),
  fromName: z.string().nullable(),
  toAddresses: z.array(z.string()),
  ccAddresses: z.array(z.string()),
  replyToAddresses: z.array(z.string()),
  subject: z.string(),
  /** The first words of the readable text. */
  snippet: z.string(),
  delivery: Delivery,
  status: MessageStatus,
  attachments: z.array(Attachment),
  /** Message-ID with its angle brackets; null when the mail has none. */
  messageIdHeader: z.string().nullable(),
  read: z.boolean(),
  labels: z.array(z.string()),
  /** Bytes of the raw message. */
  size: z.number(),
  /** When it was filed here; never what the mail claims. */
  createdAt: z.string(),
  /** What could not be read of the mail, in our words; null when all of it could. */
  problem: z.string().nullable(),
})
export type MessageSummary = z.infer<typeof MessageSummary>

/** A whole message. */
export const Message = MessageSummary.extend({
  /** Readable text: the text part, or the HTML part turned into text with its links kept. */
  bodyText: z.string(),
  /** The HTML part as it came, unsanitised; null when there is none. */
  bodyHtml: z.string().nullable(),
  /** Return path of the SMTP envelope; empty for a bounce. */
  envelopeFrom: z.string(),
  /** The address of the inbox that the envelope named, with its tag. */
  envelopeTo: z.string(),
  /** What the Date header claims; null when unreadable or absent. */
  sentAt: z.string().nullable(),
  inReplyTo: z.string().nullable(),
  references: z.array(z.string()),
  /** Sent by a machine, as its headers say (RFC 3834): marked Auto-Submitted or like it, or through a list. */
  automatic: z.enum(['auto-submitted', 'list']).nullable(),
  /** What was found in it; null for mail of ours, and for what an earlier version filed. */
  facts: MailFacts.nullable(),
  /** IP address of the SMTP client, and what it called itself; null for mail that came no such way, and as `facts`. */
  remoteAddress: z.string().nullable(),
  helo: z.string().nullable(),
  /** Once it was checked. */
  senderVerdict: SenderVerdict.nullable(),
})
export type Message = z.infer<typeof Message>

/** Messages that answer each other, within one inbox. */
export const Thread = z.object({
  id: z.string(),
  inboxId: z.string(),
  subject: z.string(),
  messageCount: z.number(),
  lastMessageAt: z.string(),
  createdAt: z.string(),
})
export type Thread = z.infer<typeof Thread>

/**
 * Where the copy of one recipient stands. Open: `queued`, `deferred`. Ended: `sent` (the next server has it), `delivered` (an inbox here has it),
 * `recorded` (dry run), `refused` (5xx), `expired` (48 h of trying), `unknown`; and what came back later: `bounced`, `complained`.
 */
export const DeliveryState = z.enum([
  'queued',
  'deferred',
  'sent',
  'delivered',
  'recorded',
  'refused',
  'expired',
  'unknown',
  'bounced',
  'complained',
])
export type DeliveryState = z.infer<typeof DeliveryState>

/** One recipient of a message that we sent. */
export const RecipientDelivery = z.object({
  /** UUIDv7. */
  id: z.string(),
  recipient: z.string(),
  state: DeliveryState,
  attempts: z.number(),
  /** When it is tried next; null when it is not. */
  nextAttemptAt: z.string().nullable(),
  /** Of the reply or report that decided, such as 550 and `5.1.1`. */
  replyCode: z.number().nullable(),
  statusCode: z.string().nullable(),
  /** In our words. */
  reason: z.string().nullable(),
  updatedAt: z.string(),
})
export type RecipientDelivery = z.infer<typeof RecipientDelivery>

/** A message that we sent, with its recipients. */
export type SentMessage = {
  message: MessageSummary
  deliveries: RecipientDelivery[]
  /** Grows with every change of a delivery: news after this number is news. */
  deliveryCursor: number
}

/** An address an inbox may not write to any more. */
export type Suppression = {
  inboxId: string
  address: string
  recipient: string
  reason: 'bounced' | 'complained'
  statusCode: string | null
  createdAt: string
}

/** What an inbox may still send. */
export type Quota = {
  inboxId: string
  address: string
  status: InboxStatus
  dailySendLimit: number
  sendsToday: number
  remaining: number
  /** The next midnight UTC. */
  resetsAt: string
  secondsUntilReset: number
  totalSent: number
  bounceCount: number
  complaintCount: number
  canSend: boolean
}

/** What went with a deleted inbox. */
export type DeletedInbox = {
  id: string
  address: string
  deleted: { messages: number; threads: number; webhooks: number }
}

/** Which rows of a list; as every list takes them. */
export const PageRequest = z.object({
  limit: z.number().int().min(1).max(MAX_PAGE_ROWS).default(DEFAULT_PAGE_ROWS),
  offset: z.number().int().min(0).max(1_000_000_000).default(0),
})
export type PageRequest = z.infer<typeof PageRequest>

/** Rows of a list, and how many there are in all. */
export type Page<Row> = { data: Row[]; total: number }

// SMTP ---------------------------------------------------------------------------------------------------------------

/** A recipient that exists here, as RCPT named it. */
export type Recipient = {
  inboxId: string
  /** As the envelope named it, with its tag, lower case, domain as A-labels. */
  address: string
  /** `x` of `name+x@domain`; becomes a label. Null without one. */
  tag: string | null
  /** The delivery whose return path this is; its report is believed, and filed as read. Absent for an ordinary recipient. */
  deliveryId?: string
}

/** The SMTP envelope of one message that we took (RFC 5321 section 2.3.1). */
export type Envelope = {
  /** Return path without brackets; empty for the null sender. */
  from: string
  /** One entry an address, none twice, at least one. */
  recipients: readonly Recipient[]
  /** What the client called itself in EHLO or HELO; empty when it did not. */
  helo: string
  /** IP address of the client. */
  remoteAddress: string
  /** Milliseconds, UTC: when the last byte arrived. */
  receivedAt: number
  /** Handed over between two inboxes of this server, without SMTP. Absent otherwise. */
  local?: true
}
