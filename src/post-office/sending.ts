/** Sending: what goes out is checked first, composed once, and queued in one step with its deliveries and its place in the quota. */

import { createHash } from 'node:crypto'
import { parseSubAddress } from '../addresses.ts'
import type { Arrivals } from '../arrivals.ts'
import type { Composer, DkimKey, Draft } from '../composer.ts'
import { MailError } from '../errors.ts'
import { MAX_COMPOSED_BYTES, MAX_SEND_RECIPIENTS, MAX_SEND_SUBJECT_BYTES, MAX_SEND_TEXT_BYTES } from '../limits.ts'
import type { Inbox, SentMessage } from '../model.ts'
import { checkRecipient } from '../out-addresses.ts'
import type { Outbox } from '../outbox.ts'
import type { ReplyInput, SendInput, SendResult } from '../post-office.ts'
import { checkListed, type SendPolicy } from '../send-policy.ts'
import type { DeliveryCarrier, OutgoingMail } from '../sending-store.ts'
import type { InboxRef, Store } from '../store.ts'
import type { World } from '../world.ts'
import { readIdempotency } from './idempotency.ts'
import { type AttachmentInput, gatherAttachments, type ReadAttachment } from './outgoing-files.ts'
import { addressReply, checkAutomatic, replyReferences, replySubject } from './replying.ts'

/** What sending is made of. */
export type SendingParts = {
  store: Store
  composer: Composer
  outbox: Outbox
  arrivals: Arrivals
  world: World
  sendPolicy: SendPolicy
  /** Mail to the outside has somewhere to go. */
  hasRelay: boolean
  /** Mail to the outside is recorded and not sent. */
  dryRun: boolean
  downloadDir: string
  /** The key that signs mail from an inbox (RFC 6376); null where its domain has none. @throws MailError domain_not_verified, domain_not_found */
  findDkimKey: (agent: string, inbox: Inbox) => Promise<DkimKey | null>
  /** An attachment of a message, for forwarding it. */
  readAttachment: (agent: string, ref: InboxRef) => ReadAttachment
}

/** A message that is checked, but for what only the store can know. */
type Checked = {
  to: readonly string[]
  cc: readonly string[]
  bcc: readonly string[]
  subject: string
  text: string
  html: string | null
  attachments: readonly AttachmentInput[]
  threadId: string | null
  inReplyTo: string | null
  references: readonly string[]
  autoSubmitted: Draft['autoSubmitted']
  idempotency: OutgoingMail['idempotency']
}

/** The operations that send; see PostOffice for what each promises. */
export class Sending {
  readonly #parts: SendingParts

  constructor(parts: SendingParts) {
    this.#parts = parts
  }

  async send(agent: string, ref: InboxRef, input: SendInput): Promise<SendResult> {
    const { inbox } = await this.#parts.store.getInbox(agent, ref, this.#parts.world.now())
    return this.#queue(agent, inbox, {
      to: checkRecipients('to', input.to),
      cc: checkRecipients('cc', input.cc ?? []),
      bcc: checkRecipients('bcc', input.bcc ?? []),
      subject: checkSubject(input.subject),
      text: checkBody('text', input.text),
      html: input.html === undefined ? null : checkBody('html', input.html),
      attachments: input.attachments ?? [],
      threadId: input.threadId ?? null,
      ...(await this.#continueThread(agent, inbox, input.threadId)),
      autoSubmitted: input.automatic === true ? 'auto-generated' : null,
      idempotency: readIdempotency(input.idempotencyKey, ['send', inbox.id, withoutKey(input)]),
    })
  }

  async reply(agent: string, ref: InboxRef, input: ReplyInput): Promise<SendResult> {
    const { store, world } = this.#parts
    const { inbox } = await store.getInbox(agent, ref, world.now())
    const original = await store.getMessage(agent, inbox.id, input.messageId, { markRead: false, bodies: 'none' })
    if (input.automatic === true) checkAutomatic(original)
    const { to, cc } = addressReply(original, inbox.address, input.replyAll === true)
    const checked: Checked = {
      to,
      cc,
      bcc: [],
      subject: checkSubject(replySubject(original.subject)),
      text: checkBody('text', input.text),
      html: input.html === undefined ? null : checkBody('html', input.html),
      attachments: input.attachments ?? [],
      threadId: original.threadId,
      inReplyTo: original.messageIdHeader,
      references: replyReferences(original),
      autoSubmitted: input.automatic === true ? 'auto-replied' : null,
      idempotency: readIdempotency(input.idempotencyKey, ['reply', inbox.id, withoutKey(input)]),
    }
    return this.#queue(agent, inbox, checked).catch((error: unknown) => {
      throw original.direction === 'inbound' ? withoutRecipient(error) : error
    })
  }

  getSent(agent: string, ref: InboxRef, messageId: string): Promise<SentMessage> {
    return this.#parts.store.getSentMessage(agent, ref, messageId)
  }

  /** A message added to a thread answers its newest message, so that other programs thread it too. */
  async #continueThread(agent: string, inbox: Inbox, threadId: string | undefined) {
    if (threadId === undefined) return { inReplyTo: null, references: [] }
    const { store } = this.#parts
    const { thread } = await store.getThread(agent, inbox.id, threadId, { limit: 1, offset: 0 })
    const { data } = await store.getThread(agent, inbox.id, threadId, { limit: 1, offset: Math.max(0, thread.messageCount - 1) })
    const [newest] = data
    if (newest === undefined) return { inReplyTo: null, references: [] }
    const message = await store.getMessage(agent, inbox.id, newest.id, { markRead: false, bodies: 'none' })
    return { inReplyTo: message.messageIdHeader, references: replyReferences(message) }
  }

  async #queue(agent: string, inbox: Inbox, checked: Checked): Promise<SendResult> {
    const { store, world, outbox, arrivals, sendPolicy } = this.#parts
    const recipients = [...new Set([...checked.to, ...checked.cc, ...checked.bcc])]
    checkCount(recipients.length)
    checkListed(sendPolicy, recipients)
    const carriers = await this.#chooseCarriers(recipients)
    const now = world.now()
    const messageId = world.newId()
    const domain = inbox.address.slice(inbox.address.lastIndexOf('@') + 1)
    const messageIdHeader = `<${messageId}@${domain}>`
    const files = await gatherAttachments(
      checked.attachments,
      this.#parts.downloadDir,
      this.#parts.readAttachment(agent, inbox.id),
    )
    const raw = await this.#parts.composer.compose(
      {
        from: { address: inbox.address, name: inbox.displayName },
        toAddresses: checked.to,
        ccAddresses: checked.cc,
        subject: checked.subject,
        text: checked.text,
        html: checked.html,
        messageIdHeader,
        sentAt: now,
        inReplyTo: checked.inReplyTo,
        references: checked.references,
        autoSubmitted: checked.autoSubmitted,
        attachments: files,
      },
      await this.#parts.findDkimKey(agent, inbox),
    )
    if (raw.byteLength > MAX_COMPOSED_BYTES) {
      throw new MailError('message_too_large', `The message has ${raw.byteLength} bytes; ${MAX_COMPOSED_BYTES} is the most.`)
    }
    const queued = await store.queueMessage(agent, inbox.id, {
      messageId,
      threadId: checked.threadId,
      newThreadId: world.newId(),
      deliveries: recipients.map((recipient, index) => ({ id: world.newId(), recipient, carrier: carriers[index] ?? 'relay' })),
      fromName: inbox.displayName,
      toAddresses: checked.to,
      ccAddresses: checked.cc,
      subject: checked.subject,
      bodyText: checked.text,
      bodyHtml: checked.html,
      messageIdHeader,
      inReplyTo: checked.inReplyTo,
      references: checked.references,
      attachments: files.map(({ filename, contentType, bytes }) => ({ filename, contentType, size: bytes.byteLength })),
      raw,
      contentHash: createHash('sha256').update(raw).digest('hex'),
      now,
      correspondentsOnly: sendPolicy.kind === 'correspondents',
      idempotency: checked.idempotency,
    })
    if (!queued.repeated) {
      outbox.kick()
      arrivals.ring(inbox.id, 'change')
    }
    return queued
  }

  /** Decided before anything is counted: what cannot go anywhere is refused whole. @throws MailError relay_not_configured */
  async #chooseCarriers(recipients: readonly string[]): Promise<DeliveryCarrier[]> {
    const carriers = await Promise.all(recipients.map((recipient) => this.#chooseCarrier(recipient)))
    const stranded = recipients[carriers.indexOf(null)]
    if (stranded !== undefined) {
      throw new MailError(
        'relay_not_configured',
        `${stranded} is not an inbox of this server, and there is no relay to the outside.`,
        {
          facts: { recipient: stranded },
        },
      )
    }
    return carriers.filter((carrier) => carrier !== null)
  }

  async #chooseCarrier(recipient: string): Promise<DeliveryCarrier | null> {
    const parsed = parseSubAddress(recipient)
    const found = parsed === null ? null : await this.#parts.store.findRecipient(parsed.inboxAddress)
    // Where DNS leads mail to another server, its people read it there: what is sent from here must not end up somewhere else than what all others send.
    if (found !== null && found.status !== 'deleted' && found.mailGoesElsewhere !== true) return 'local'
    if (this.#parts.dryRun) return 'dry-run'
    return this.#parts.hasRelay ? 'relay' : null
  }
}

function withoutKey<Input extends { idempotencyKey?: string | undefined }>(input: Input): Omit<Input, 'idempotencyKey'> {
  const { idempotencyKey: _key, ...content } = input
  return content
}

/** Whom a reply goes to is text from a mail: an error about it must not repeat it. */
function withoutRecipient(error: unknown): unknown {
  const recipient = error instanceof MailError ? error.facts.recipient : undefined
  if (!(error instanceof MailError) || typeof recipient !== 'string') return error
  const { recipient: _recipient, ...facts } = error.facts
  const message = error.message.replaceAll(recipient, 'An address that this message names for replies')
  return new MailError(error.code, message, { hint: error.hint, facts })
}

/** Bare addresses exactly as they go on the wire. @throws MailError invalid_argument, naming the field and the position */
function checkRecipients(field: string, recipients: readonly string[]): string[] {
  return recipients.map((recipient, index) => {
    try {
      return checkRecipient(recipient)
    } catch (error) {
      if (!(error instanceof MailError)) throw error
      throw new MailError(error.code, `${field}[${index}]: ${error.message}`, { hint: error.hint })
    }
  })
}

function checkCount(recipients: number): void {
  if (recipients < 1) throw new MailError('invalid_argument', 'There is no recipient: give to, cc or bcc.')
  if (recipients > MAX_SEND_RECIPIENTS) {
    throw new MailError('invalid_argument', `There are ${recipients} recipients; ${MAX_SEND_RECIPIENTS} is the most.`)
  }
}

function checkSubject(subject: string): string {
  if (/\p{Cc}/u.test(subject)) throw new MailError('invalid_argument', 'subject has control characters, such as a line break.')
  if (Buffer.byteLength(subject) > MAX_SEND_SUBJECT_BYTES) {
    throw new MailError('invalid_argument', `subject has more than ${MAX_SEND_SUBJECT_BYTES} bytes.`)
  }
  return subject
}

function checkBody(field: 'text' | 'html', body: string): string {
  if (field === 'text' && body.trim() === '')
    throw new MailError('invalid_argument', 'text is empty; it is required, html is not.')
  if (body.includes('\0')) throw new MailError('invalid_argument', `${field} has a NUL character.`)
  if (Buffer.byteLength(body) > MAX_SEND_TEXT_BYTES) {
    throw new MailError('message_too_large', `${field} has more than ${MAX_SEND_TEXT_BYTES} bytes.`)
  }
  return body
}
