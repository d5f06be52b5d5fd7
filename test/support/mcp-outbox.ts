/**
 * The sending side of the post office in memory: it checks as the real one does, queues, and carries only when a test says so. What a
 * test wants to happen to a delivery it settles by hand.
 */

import { MailError } from '../../src/errors.ts'
import { DAY_MS, MAX_SEND_RECIPIENTS } from '../../src/limits.ts'
import type { DeliveryState, Message, MessageStatus, RecipientDelivery, SentMessage } from '../../src/model.ts'
import { checkRecipient } from '../../src/out-addresses.ts'
import { readIdempotency } from '../../src/post-office/idempotency.ts'
import { type AttachmentInput, gatherAttachments } from '../../src/post-office/outgoing-files.ts'
import { addressReply, checkAutomatic, replyReferences, replySubject } from '../../src/post-office/replying.ts'
import type { ReplyInput, SendInput, SendResult, ServerStatus } from '../../src/post-office.ts'
import type { World } from '../../src/world.ts'
import { blankMessage, type KeptInbox, type KeptMessage, summarise } from './mcp-mail.ts'

/** What the outbox asks of the office around it. */
export type Surroundings = {
  world: World
  /** The inbox of this server that has the address, whoever owns it. */
  findLocal: (address: string) => KeptInbox | undefined
  fileInbound: (home: KeptInbox, mail: Partial<Message>, files: KeptMessage['files']) => void
  ring: (inboxId: string) => void
}

/** What a test says of a delivery. */
export type Change = Partial<Pick<RecipientDelivery, 'attempts' | 'nextAttemptAt' | 'replyCode' | 'statusCode' | 'reason'>> & {
  state: DeliveryState
}

type Draft = Pick<SendInput, 'to' | 'cc' | 'bcc' | 'subject' | 'text' | 'html' | 'attachments' | 'idempotencyKey'> & {
  threadId: string | undefined
  original: Message | null
  automatic: boolean
}

export class MemoryOutbox {
  relay: ServerStatus['relay'] = 'configured'
  sendTo: ServerStatus['sendTo'] = 'anyone'
  /** Where `path` attachments may lie. */
  downloadDir = '/nonexistent'
  readonly #around: Surroundings
  readonly #keys = new Map<string, { fingerprint: string; kept: KeptMessage }>()
  readonly #suppressed = new Map<string, { reason: string; since: string }>()

  constructor(around: Surroundings) {
    this.#around = around
  }

  async send(home: KeptInbox, input: SendInput): Promise<SendResult> {
    const { automatic = false, threadId } = input
    const inThread = home.kept.filter(({ message }) => message.threadId === threadId)
    if (threadId !== undefined && inThread.length === 0) {
      throw new MailError('thread_not_found', 'This inbox has no thread with this id.')
    }
    const draft = { ...input, threadId, original: inThread.at(-1)?.message ?? null, automatic }
    return this.#queue(home, draft, ['send', home.inbox.id, { ...input, idempotencyKey: null }])
  }

  async reply(home: KeptInbox, input: ReplyInput, original: Message): Promise<SendResult> {
    if (input.automatic === true) checkAutomatic(original)
    const { to, cc } = addressReply(original, home.inbox.address, input.replyAll === true)
    const { messageId: _id, replyAll: _all, automatic = false, ...written } = input
    const addressed = { to, cc, bcc: [], subject: replySubject(original.subject) }
    const draft = { ...written, ...addressed, threadId: original.threadId, original, automatic }
    return this.#queue(home, draft, ['reply', home.inbox.id, { ...input, idempotencyKey: null }])
  }

  /** Everything that is queued goes out: into inboxes here, to the relay, or into the record of a dry run. */
  carry(home: KeptInbox): void {
    for (const kept of home.kept) {
      for (const { recipient } of kept.sent?.deliveries.filter(({ state }) => state === 'queued') ?? []) {
        const local = this.#around.findLocal(recipient)
        if (local !== undefined) {
          const { id, inboxId, threadId, seq, read, labels, direction, status, ...mail } = kept.message
          const envelope = { envelopeFrom: `bounce+${id}@agents.localhost`, envelopeTo: recipient }
          this.#around.fileInbound(local, { ...mail, ...envelope, delivery: 'local' }, kept.files)
        }
        const state = local !== undefined ? 'delivered' : this.relay === 'dry-run' ? 'recorded' : 'sent'
        this.settle(home, kept.message.id, recipient, { state, attempts: 1, reason: 'carried by a test' })
      }
    }
  }

  /** Something happened to a delivery; bounces and complaints are counted and suppress the recipient. */
  settle(home: KeptInbox, messageId: string, recipient: string, change: Change): void {
    const kept = home.kept.find(({ message }) => message.id === messageId)
    const delivery = kept?.sent?.deliveries.find((one) => one.recipient === recipient)
    if (kept?.sent == null || delivery === undefined) throw new Error(`no delivery to ${recipient}`)
    Object.assign(delivery, { nextAttemptAt: null }, change, { updatedAt: this.#time() })
    kept.sent.deliveryCursor += 1
    kept.message = { ...kept.message, status: sumUp(kept.sent.deliveries) }
    if (change.state === 'bounced') home.inbox.bounceCount += 1
    if (change.state === 'complained') home.inbox.complaintCount += 1
    if (change.state === 'bounced' || change.state === 'complained') {
      this.#suppressed.set(`${home.inbox.id} ${recipient}`, { reason: change.state, since: this.#time() })
    }
    this.#around.ring(home.inbox.id)
  }

  async #queue(home: KeptInbox, draft: Draft, asked: unknown[]): Promise<SendResult> {
    const { world } = this.#around
    const recipients = this.#checkRecipients(home, draft)
    const files = await this.#gather(home, draft.attachments ?? [])
    const idempotency = readIdempotency(draft.idempotencyKey, asked)
    const known = idempotency === null ? undefined : this.#keys.get(`${home.inbox.id} ${idempotency.key}`)
    if (known !== undefined) {
      if (known.fingerprint !== idempotency?.fingerprint) throw new MailError('conflict', 'The key was used for something else.')
      return { ...showSent(known.kept), repeated: true }
    }
    this.#count(home)
    home.seq += 1
    const blank = blankMessage(world, home.inbox, home.seq)
    const kept: KeptMessage = {
      message: {
        ...blank,
        ...this.#write(home, draft),
        ...(draft.threadId !== undefined && { threadId: draft.threadId }),
        messageIdHeader: `<${blank.id}@agents.localhost>`,
        delivery: this.#describeWay(recipients),
        attachments: files.map(({ filename, contentType, bytes }, index) => {
          return { id: String(index + 1), filename, contentType, size: bytes.byteLength }
        }),
        size: Buffer.byteLength(draft.text),
      },
      raw: Buffer.from(draft.text),
      files: Object.fromEntries(files.map(({ bytes }, index) => [String(index + 1), bytes])),
      sent: { deliveries: recipients.map((recipient) => this.#queueOne(recipient)), deliveryCursor: 0 },
    }
    home.kept.push(kept)
    if (idempotency !== null) this.#keys.set(`${home.inbox.id} ${idempotency.key}`, { ...idempotency, kept })
    this.#around.ring(home.inbox.id)
    return { ...showSent(kept), repeated: false }
  }

  #write({ inbox }: KeptInbox, { to, cc, subject, text, html, original, automatic }: Draft): Partial<Message> {
    return {
      direction: 'outbound',
      status: 'queued',
      read: true,
      fromAddress: inbox.address,
      fromName: inbox.displayName,
      toAddresses: [...to],
      ccAddresses: [...(cc ?? [])],
      subject,
      bodyText: text,
      bodyHtml: html ?? null,
      snippet: text.slice(0, 160),
      envelopeFrom: '',
      envelopeTo: '',
      inReplyTo: original?.messageIdHeader ?? null,
      references: original === null ? [] : replyReferences(original),
      automatic: automatic ? 'auto-submitted' : null,
    }
  }

  #checkRecipients(home: KeptInbox, { to, cc, bcc, text }: Draft): string[] {
    if (text.trim() === '') throw new MailError('invalid_argument', 'text is empty; it is required, html is not.')
    const recipients = [...new Set([...to, ...(cc ?? []), ...(bcc ?? [])].map(checkRecipient))]
    if (recipients.length < 1 || recipients.length > MAX_SEND_RECIPIENTS) {
      throw new MailError('invalid_argument', `There are ${recipients.length} recipients; ${MAX_SEND_RECIPIENTS} is the most.`)
    }
    for (const recipient of recipients) this.#checkRecipient(home, recipient)
    return recipients
  }

  #checkRecipient({ inbox, kept }: KeptInbox, recipient: string): void {
    if (this.#around.findLocal(recipient) === undefined && this.relay === 'none') {
      throw new MailError('relay_not_configured', `${recipient} is not an inbox of this server, and there is no relay.`, {
        facts: { recipient },
      })
    }
    const wrote = kept.some(({ message }) => message.direction === 'inbound' && message.fromAddress === recipient)
    if (this.sendTo === 'correspondents' && !wrote) {
      throw new MailError('recipient_not_allowed', `${recipient} has not written to this inbox.`, {
        facts: { recipient, reason: 'send_policy' },
      })
    }
    const suppressed = this.#suppressed.get(`${inbox.id} ${recipient}`)
    if (suppressed !== undefined) {
      throw new MailError('recipient_not_allowed', `${recipient} is not to be written to any more.`, {
        facts: { recipient, ...suppressed },
      })
    }
  }

  #count({ inbox }: KeptInbox): void {
    if (inbox.status === 'suspended') {
      throw new MailError('inbox_suspended', `${inbox.address} is suspended.`, { facts: { reason: 'too_many_bounces' } })
    }
    if (inbox.sendsToday >= inbox.dailySendLimit) {
      const now = this.#around.world.now()
      const resetsAt = (Math.floor(now / DAY_MS) + 1) * DAY_MS
      throw new MailError('daily_limit_reached', `${inbox.address} has sent its ${inbox.dailySendLimit} for today.`, {
        facts: { resetsAt: new Date(resetsAt).toISOString(), retryAfterSeconds: Math.ceil((resetsAt - now) / 1_000) },
      })
    }
    inbox.sendsToday += 1
    inbox.totalSent += 1
  }

  #gather({ kept }: KeptInbox, attachments: readonly AttachmentInput[]) {
    return gatherAttachments(attachments, this.downloadDir, async (messageId, attachmentId) => {
      const from = kept.find(({ message }) => message.id === messageId)
      if (from === undefined) throw new MailError('message_not_found', 'This inbox has no message with this id.')
      const listed = from.message.attachments.find(({ id }) => id === attachmentId)
      const bytes = from.files[attachmentId]
      if (listed === undefined || bytes === undefined) throw new MailError('attachment_not_found', 'No such attachment.')
      return { filename: listed.filename, contentType: listed.contentType, bytes }
    })
  }

  #describeWay(recipients: readonly string[]): Message['delivery'] {
    if (recipients.every((recipient) => this.#around.findLocal(recipient) !== undefined)) return 'local'
    return this.relay === 'dry-run' ? 'dry-run' : 'email'
  }

  #queueOne(recipient: string): RecipientDelivery {
    const nothingYet = { attempts: 0, nextAttemptAt: this.#time(), replyCode: null, statusCode: null, reason: null }
    return { id: this.#around.world.newId(), recipient, state: 'queued', ...nothingYet, updatedAt: this.#time() }
  }

  #time(): string {
    return new Date(this.#around.world.now()).toISOString()
  }
}

/** A message of ours, apart from what is kept. @throws MailError message_not_found for one that came in */
export function showSent({ message, sent }: KeptMessage): SentMessage {
  if (sent === null) throw new MailError('message_not_found', 'This message was not sent from here.')
  const { deliveries, deliveryCursor } = sent
  return { message: summarise(message), deliveries: deliveries.map((delivery) => ({ ...delivery })), deliveryCursor }
}

/** The worst that happened, once nothing is open. */
function sumUp(deliveries: readonly RecipientDelivery[]): MessageStatus {
  const has = (...states: DeliveryState[]) => deliveries.some(({ state }) => states.includes(state))
  if (has('complained')) return 'complained'
  if (has('bounced')) return 'bounced'
  if (has('queued', 'deferred')) return deliveries.every(({ state }) => state === 'queued') ? 'queued' : 'sending'
  if (has('refused', 'expired')) return 'failed'
  return deliveries.every(({ state }) => state === 'delivered') ? 'delivered' : 'sent'
}
