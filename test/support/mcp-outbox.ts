/**
 * The sending side of the post office in memory: it checks as the real one does, queues, and carries only when a test says so. What a
 * test wants to happen to a delivery it settles by hand.
 */

import { DAY_MS } from '../../src/durations.ts'
import { MailError } from '../../src/errors.ts'
import { MAX_SEND_RECIPIENTS } from '../../src/limits.ts'
import type { DeliveryState, Message, RecipientDelivery } from '../../src/model.ts'
import { checkRecipient } from '../../src/out-addresses.ts'
import { readIdempotency } from '../../src/post-office/idempotency.ts'
import { type AttachmentInput, gatherAttachments } from '../../src/post-office/outgoing-files.ts'
import { addressReply, checkAutomatic, replyReferences, replySubject } from '../../src/post-office/replying.ts'
import type { ReplyInput, SendInput, SendResult, ServerStatus } from '../../src/post-office.ts'
import { makeSnippet } from '../../src/sql/text.ts'
import type { World } from '../../src/world.ts'
import { blankMessage, type KeptInbox, type KeptMessage } from './mcp-mail.ts'
import { checkFields, refuseSuspended } from './mcp-send-checks.ts'
import { readAttachment, showSent, sumUp } from './mcp-sent.ts'

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
    checkFields(input)
    const inThread = home.kept.filter(({ message }) => message.threadId === threadId)
    if (threadId !== undefined && inThread.length === 0) {
      throw new MailError('thread_not_found', 'There is no such thread in this inbox.')
    }
    const draft = { ...input, threadId, original: inThread.at(-1)?.message ?? null, automatic }
    return this.#queue(home, draft, ['send', home.inbox.id, { ...input, idempotencyKey: null }])
  }

  async reply(home: KeptInbox, input: ReplyInput, original: Message): Promise<SendResult> {
    if (input.automatic === true) checkAutomatic(original)
    const { to, cc } = addressReply(original, home.inbox.address, input.replyAll === true)
    checkFields({ to, cc, text: input.text })
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
          const envelope = { envelopeFrom: home.inbox.address, envelopeTo: recipient }
          this.#around.fileInbound(local, { ...mail, ...envelope, delivery: 'local' }, kept.files)
        }
        this.settle(home, kept.message.id, recipient, { attempts: 1, ...this.#carryOne(local !== undefined) })
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
    const recipients = this.#chooseRecipients(draft)
    const files = await this.#gather(home, draft.attachments ?? [])
    const idempotency = readIdempotency(draft.idempotencyKey, asked)
    const known = idempotency === null ? undefined : this.#keys.get(`${home.inbox.id} ${idempotency.key}`)
    if (known !== undefined) {
      if (known.fingerprint !== idempotency?.fingerprint)
        throw new MailError('conflict', 'This idempotencyKey was used for a message with other content.')
      return { ...showSent(known.kept), repeated: true }
    }
    refuseSuspended(home)
    for (const recipient of recipients) this.#checkSuppressed(home, recipient)
    for (const recipient of recipients) this.#checkCorrespondent(home, recipient)
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

  #write({ inbox }: KeptInbox, { to, cc, subject, text, html, original }: Draft): Partial<Message> {
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
      snippet: makeSnippet(text),
      envelopeFrom: inbox.address,
      envelopeTo: '',
      sentAt: this.#time(),
      inReplyTo: original?.messageIdHeader ?? null,
      references: original === null ? [] : replyReferences(original),
    }
  }

  #carryOne(isLocal: boolean): Change {
    if (isLocal) return { state: 'delivered', reason: 'handed to an inbox of this server' }
    if (this.relay === 'dry-run') return { state: 'recorded', reason: 'dry run: recorded, not sent' }
    return { state: 'sent', replyCode: 250, reason: 'the relay took it' }
  }

  /** What cannot go anywhere is refused whole. */
  #chooseRecipients({ to, cc, bcc }: Draft): string[] {
    const recipients = [...new Set([...to, ...(cc ?? []), ...(bcc ?? [])].map(checkRecipient))]
    if (recipients.length < 1) throw new MailError('invalid_argument', 'There is no recipient: give to, cc or bcc.')
    if (recipients.length > MAX_SEND_RECIPIENTS) {
      throw new MailError('invalid_argument', `There are ${recipients.length} recipients; ${MAX_SEND_RECIPIENTS} is the most.`)
    }
    const stranded = recipients.find((one) => this.relay === 'none' && this.#around.findLocal(one) === undefined)
    if (stranded === undefined) return recipients
    const message = `${stranded} is not an inbox of this server, and there is no relay to the outside.`
    throw new MailError('relay_not_configured', message, { facts: { recipient: stranded } })
  }

  #checkSuppressed({ inbox }: KeptInbox, recipient: string): void {
    const suppressed = this.#suppressed.get(`${inbox.id} ${recipient}`)
    if (suppressed === undefined) return
    const { reason, since } = suppressed
    const what = reason === 'bounced' ? 'cannot be reached' : 'called mail of this inbox spam'
    throw new MailError('recipient_not_allowed', `${recipient} ${what}, since ${since}.`, {
      hint: 'Leave this recipient out; only the owner of this server can lift this.',
      facts: { recipient, reason, since },
    })
  }

  #checkCorrespondent({ kept }: KeptInbox, recipient: string): void {
    const wrote = kept.some(({ message }) => message.direction === 'inbound' && message.fromAddress === recipient)
    if (this.sendTo !== 'correspondents' || wrote) return
    const message = `${recipient} has not written to this inbox, and it may only answer who has.`
    throw new MailError('recipient_not_allowed', message, { facts: { recipient, reason: 'send_policy' } })
  }

  #count({ inbox }: KeptInbox): void {
    if (inbox.sendsToday >= inbox.dailySendLimit) {
      const now = this.#around.world.now()
      const resetsAt = (Math.floor(now / DAY_MS) + 1) * DAY_MS
      const message = `${inbox.address} has sent ${inbox.sendsToday} messages today, which is its limit.`
      throw new MailError('daily_limit_reached', message, {
        facts: { resetsAt: new Date(resetsAt).toISOString(), retryAfterSeconds: Math.ceil((resetsAt - now) / 1_000) },
      })
    }
    inbox.sendsToday += 1
    inbox.totalSent += 1
  }

  #gather({ kept }: KeptInbox, attachments: readonly AttachmentInput[]) {
    return gatherAttachments(attachments, this.downloadDir, async (messageId, attachmentId) => {
      const from = kept.find(({ message }) => message.id === messageId)
      if (from === undefined) throw new MailError('message_not_found', 'There is no such message in this inbox.')
      return readAttachment(from.message, from.files, attachmentId)
    })
  }

  #describeWay(recipients: readonly string[]): Message['delivery'] {
    if (recipients.every((recipient) => this.#around.findLocal(recipient) !== undefined)) return 'local'
    // A dry run holds back only what would leave.
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
