/** What the post office in memory knows of mail. */

import { NO_FACTS } from '../../src/mail-facts.ts'
import type { Inbox, Message, MessageSummary, Page, PageRequest, RecipientDelivery } from '../../src/model.ts'
import type { MessageFilter, NearMiss } from '../../src/store.ts'
import type { World } from '../../src/world.ts'

/** A message as it is kept, with its deliveries where it is one of ours. */
export type KeptMessage = {
  message: Message
  raw: Uint8Array
  files: Record<string, Uint8Array>
  sent: { deliveries: RecipientDelivery[]; deliveryCursor: number } | null
}

/** An inbox with what is in it, oldest first. */
export type KeptInbox = {
  agent: string
  inbox: Inbox
  kept: KeptMessage[]
  seq: number
  /** The UTC day that `sendsToday` counts. */
  day: number
  /** Why and since when it neither sends nor receives. */
  suspended: { reason: string; since: string } | null
}

/** A new inbox. */
export function blankInbox(world: World, address: string, displayName: string | null): Inbox {
  const counts = { dailySendLimit: 500, sendsToday: 0, totalSent: 0, bounceCount: 0, complaintCount: 0 }
  const createdAt = new Date(world.now()).toISOString()
  return { id: world.newId(), address, displayName, domainId: null, status: 'active', ...counts, createdAt }
}

/** A message that says hello. */
export function blankMessage(world: World, inbox: Inbox, seq: number): Message {
  return {
    id: world.newId(),
    inboxId: inbox.id,
    threadId: world.newId(),
    seq,
    direction: 'inbound',
    fromAddress: 'shop@example.org',
    fromName: null,
    toAddresses: [inbox.address],
    ccAddresses: [],
    replyToAddresses: [],
    subject: 'Hello',
    snippet: '',
    delivery: 'email',
    status: 'received',
    attachments: [],
    messageIdHeader: null,
    read: false,
    labels: [],
    size: 0,
    createdAt: new Date(world.now()).toISOString(),
    problem: null,
    bodyText: 'Hello',
    bodyHtml: null,
    envelopeFrom: 'bounce@example.org',
    envelopeTo: inbox.address,
    sentAt: null,
    inReplyTo: null,
    references: [],
    automatic: null,
    facts: NO_FACTS,
    remoteAddress: null,
    helo: null,
    senderVerdict: null,
  }
}

/** A message as a list shows it. */
export function summarise(message: Message): MessageSummary {
  const { bodyText, bodyHtml, envelopeFrom, envelopeTo, sentAt, inReplyTo, references, automatic, ...rest } = message
  const { facts, remoteAddress, helo, senderVerdict, ...summary } = rest
  return summary
}

/** The conditions of a wait that a message does not meet. */
export function failed(message: Message, { from, subject, contains }: MessageFilter): ('from' | 'subject' | 'contains')[] {
  const has = (text: string, part: string | undefined) => part === undefined || text.toLowerCase().includes(part.toLowerCase())
  return [
    ...(has(message.fromAddress, from) || has(message.fromName ?? '', from) ? [] : (['from'] as const)),
    ...(has(message.subject, subject) ? [] : (['subject'] as const)),
    ...(has(message.subject, contains) || has(message.bodyText, contains) ? [] : (['contains'] as const)),
  ]
}

/** Why a wait did not take a message. */
export function reasons(message: Message, filter: MessageFilter): NearMiss['failed'] {
  const missed = failed(message, filter)
  return missed.length === 0 ? ['read'] : missed
}

/** The rows of one page. */
export function cut<Row>(rows: Row[], { limit, offset }: PageRequest): Page<Row> {
  return { data: rows.slice(offset, offset + limit), total: rows.length }
}
