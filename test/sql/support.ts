/** Makers of what a store takes, and short ways to fill one. Times and ids are fixed: a failure reads the same every time. */

import { createHash } from 'node:crypto'
import { SPOOL_LEASE_MS } from '../../src/limits.ts'
import { NO_FACTS } from '../../src/mail-facts.ts'
import type { Packed } from '../../src/mail-text.ts'
import type { Inbox, Message, Recipient, SentMessage } from '../../src/model.ts'
import type { ParsedMail } from '../../src/parser.ts'
import type { ClaimedDelivery, DeliveryCarrier, DeliveryNews, OutgoingMail, Settlement } from '../../src/sending-store.ts'
import type { Filed, IncomingMail, MessageFilter, NewInbox, Store } from '../../src/store.ts'

/** The clock of every test: 24 November 2026, noon UTC. */
export const NOW = Date.UTC(2026, 10, 24, 12)
export const AGENT = 'ada'
export const OTHER_AGENT = 'bob'

let lastId = 0

/** Ids in order, in the form of a UUIDv7. */
export function newId(): string {
  lastId += 1
  return `01930000-0000-7000-8000-${lastId.toString(16).padStart(12, '0')}`
}

/** What a new store is given: other bytes each time, the same in each run. */
export const RANDOMNESS = {
  newId,
  randomBytes: (sizeBytes: number) =>
    new Uint8Array(createHash('shake256', { outputLength: sizeBytes }).update(newId()).digest()),
}

/** An inbox of its own address, unless told otherwise. */
export function newInbox(fields: Partial<NewInbox> = {}): NewInbox {
  const id = newId()
  return {
    id,
    address: `inbox-${lastId}@agents.localhost`,
    displayName: null,
    domainId: null,
    dailySendLimit: 500,
    createdAt: NOW,
    idempotency: null,
    ...fields,
  }
}

/** Makes an inbox and answers it. */
export async function makeInbox(store: Store, fields: Partial<NewInbox> = {}, agent = AGENT): Promise<Inbox> {
  return (await store.createInbox(agent, newInbox(fields))).inbox
}

/** An inbox as RCPT names it, with a tag or without. */
export function recipientOf(inbox: Inbox, tag: string | null = null): Recipient {
  const address = tag === null ? inbox.address : inbox.address.replace('@', `+${tag}@`)
  return { inboxId: inbox.id, address, tag }
}

/** Mail as the listener hands it over: other bytes each time, unless told otherwise. */
export function incoming(
  recipients: readonly Recipient[],
  fields: Partial<IncomingMail> & { receivedAt?: number } = {},
): IncomingMail {
  const id = newId()
  const raw = fields.raw ?? Buffer.from(`Subject: ${id}\r\n\r\nHello\r\n`)
  const contentHash = createHash('sha256').update(raw).digest('hex')
  return {
    id,
    envelope: {
      from: 'shop@example.org',
      recipients,
      helo: 'mail.example.org',
      remoteAddress: '127.0.0.1',
      receivedAt: fields.receivedAt ?? NOW,
    },
    raw,
    contentHash,
    fingerprint: createHash('sha256').update(contentHash).update(JSON.stringify(recipients)).digest('hex'),
    openIds: [],
    leaseOwner: 'this process',
    leaseUntil: NOW + SPOOL_LEASE_MS,
    ...fields,
  }
}

/** What a parser might read of a mail. */
export function parsed(fields: Partial<ParsedMail> = {}): ParsedMail {
  return {
    fromAddress: 'shop@example.org',
    fromName: 'The Shop',
    replyToAddresses: [],
    toAddresses: ['somebody@agents.localhost'],
    ccAddresses: [],
    subject: 'Your code',
    messageIdHeader: `<${newId()}@example.org>`,
    inReplyTo: null,
    references: [],
    sentAt: NOW - 5_000,
    bodyText: 'Your code is 123456.',
    bodyHtml: null,
    attachments: [],
    automatic: null,
    problems: [],
    facts: NO_FACTS,
    ...fields,
  }
}

/** Files spooled mail with ids enough for three recipients. */
export function file(store: Store, spoolId: string, fields: Partial<ParsedMail> = {}, now = NOW): Promise<Filed[]> {
  const ids = Array.from({ length: 3 }, () => ({ messageId: newId(), threadId: newId() }))
  return store.fileMail(spoolId, parsed(fields), ids, now)
}

/** Accepts and files one mail into one inbox, and answers the message as it lies there, unread. */
export async function deliver(
  store: Store,
  inbox: Inbox,
  fields: Partial<ParsedMail> = {},
  agent = AGENT,
): Promise<Packed<Message>> {
  const { id } = await store.acceptMail(incoming([recipientOf(inbox)]))
  const [filed] = await file(store, id, fields)
  if (filed === undefined) throw new Error('nothing was filed')
  return await store.getMessage(agent, inbox.id, filed.messageId, { markRead: false })
}

/** The subject of the message that a wait takes; null when it takes none. */
export async function takeSubject(store: Store, inbox: Inbox, filter: MessageFilter = {}, after = 0): Promise<string | null> {
  return (await store.takeMessage(AGENT, inbox.id, filter, after)).message?.subject ?? null
}

/** The first page of a list. */
export const FIRST_PAGE = { limit: 20, offset: 0 }

/** The process that carries, unless a test needs another. */
export const OWNER = 'this process'

/** A message as the post office composes it: to one recipient outside, in other bytes each time, unless told otherwise. */
export function outgoing({
  to = ['somebody@example.org'],
  carrier = 'relay',
  ...fields
}: Partial<OutgoingMail> & { to?: readonly string[]; carrier?: DeliveryCarrier } = {}): OutgoingMail {
  const messageId = newId()
  const raw = fields.raw ?? Buffer.from(`Message-ID: <${messageId}@agents.localhost>\r\n\r\nHello\r\n`)
  return {
    messageId,
    threadId: null,
    newThreadId: newId(),
    deliveries: to.map((recipient) => ({ id: newId(), recipient, carrier })),
    fromName: null,
    toAddresses: to,
    ccAddresses: [],
    subject: 'A question',
    bodyText: 'When is it?',
    bodyHtml: null,
    messageIdHeader: `<${messageId}@agents.localhost>`,
    inReplyTo: null,
    references: [],
    attachments: [],
    raw,
    contentHash: createHash('sha256').update(raw).digest('hex'),
    now: NOW,
    correspondentsOnly: false,
    idempotency: null,
    ...fields,
  }
}

/** Queues a message and answers it. */
export async function queue(store: Store, inbox: Inbox, fields: Parameters<typeof outgoing>[0] = {}): Promise<SentMessage> {
  const { repeated, ...sent } = await store.queueMessage(AGENT, inbox.id, outgoing(fields))
  if (repeated) throw new Error('nothing was queued')
  return sent
}

/** Claims everything that is due. */
export function claim(store: Store, now = NOW, owner = OWNER): Promise<ClaimedDelivery[]> {
  return store.claimDeliveries(owner, now, now + 60_000, 1_000)
}

/** What became of a try, with the words and numbers that belong to it. */
export function settlement(deliveryId: string, state: Settlement['state'], fields: Partial<Settlement> = {}): Settlement {
  const isRefused = state === 'refused'
  return {
    deliveryId,
    owner: OWNER,
    state,
    replyCode: isRefused ? 550 : null,
    statusCode: isRefused ? '5.1.1' : null,
    reason: `in a test: ${state}`,
    nextAttemptAt: state === 'deferred' ? NOW + 300_000 : null,
    suppress: false,
    now: NOW,
    ...fields,
  }
}

/** Claims everything that is due and settles it, each as the next of `states`, the last of which repeats. */
export async function carryOut(
  store: Store,
  states: readonly Settlement['state'][],
  fields: Partial<Settlement> = {},
): Promise<(DeliveryNews | null)[]> {
  const claimed = await claim(store, fields.now)
  return await Promise.all(
    claimed.map(({ id }, index) => store.settleDelivery(settlement(id, states[index] ?? states.at(-1) ?? 'sent', fields))),
  )
}

/** Queues a message to one recipient, carries it out, and answers its delivery. */
export async function send(store: Store, inbox: Inbox, fields: Parameters<typeof outgoing>[0] = {}): Promise<string> {
  const { deliveries } = await queue(store, inbox, fields)
  await carryOut(store, ['sent'], { now: fields.now ?? NOW })
  return deliveries[0]?.id ?? ''
}
