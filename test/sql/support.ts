/** Makers of what a store takes, and short ways to fill one. Times and ids are fixed: a failure reads the same every time. */

import { createHash } from 'node:crypto'
import type { Inbox, Message, Recipient } from '../../src/model.ts'
import type { ParsedMail } from '../../src/parser.ts'
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
    leaseUntil: NOW + 60_000,
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
    problems: [],
    ...fields,
  }
}

/** Files spooled mail with ids enough for three recipients. */
export function file(store: Store, spoolId: string, fields: Partial<ParsedMail> = {}, now = NOW): Promise<Filed[]> {
  const ids = Array.from({ length: 3 }, () => ({ messageId: newId(), threadId: newId() }))
  return store.fileMail(spoolId, parsed(fields), ids, now)
}

/** Accepts and files one mail into one inbox, and answers the message as it lies there, unread. */
export async function deliver(store: Store, inbox: Inbox, fields: Partial<ParsedMail> = {}, agent = AGENT): Promise<Message> {
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
