/**
 * A post office in memory that truly behaves: agents are apart, reading marks, a wait takes each message once. For tests of what
 * MCP makes of it; how the real one keeps its promises is tested with the real one.
 */

import { MailError } from '../../src/errors.ts'
import type { DeliveryExplanation, ExplainInput } from '../../src/explanation.ts'
import type { Message, MessageSummary, Page, PageRequest, SentMessage } from '../../src/model.ts'
import { FIRST_PIECE } from '../../src/post-office/reader.ts'
import { readPiece } from '../../src/post-office/reading.ts'
import type {
  DeliveryWaitResult,
  PostOffice,
  Reading,
  ReadOptions,
  ReplyInput,
  SendInput,
  SendResult,
  ServerStatus,
  WaitHooks,
  WaitInput,
  WaitResult,
} from '../../src/post-office.ts'
import type { RefusalReason } from '../../src/receiver.ts'
import { UNKNOWN_SENDER } from '../../src/sender-check.ts'
import { makeSnippet } from '../../src/sql/text.ts'
import type { MessageChange } from '../../src/store.ts'
import { type ReadRange, readAttachmentText, saveAttachment } from './mcp-attachments.ts'
import { MemoryDomains } from './mcp-domains.ts'
import { explain } from './mcp-explaining.ts'
import { blankMessage, cut, failed, summarise } from './mcp-mail.ts'
import { type Change, MemoryOutbox } from './mcp-outbox.ts'
import { readAttachment, showSent } from './mcp-sent.ts'
import { findThread, getThread, listThreads } from './mcp-threads.ts'
import { MemoryWaits } from './mcp-waits.ts'
import { TestWorld } from './world.ts'

/** What a test says of a mail; the rest is filled in. */
export type Mail = Partial<Message> & { raw?: Uint8Array; files?: Record<string, Uint8Array> }

/** What the store says of an inbox that too many recipients cannot be reached by. */
export const SUSPENDED_REASON = '3 of 20 recipients within 7 days could not be reached.'

export class MemoryPostOffice extends MemoryDomains implements PostOffice {
  readonly outbox: MemoryOutbox
  readonly #waits: MemoryWaits

  constructor(world = new TestWorld()) {
    super(world)
    this.#waits = new MemoryWaits(world, this.arrivals)
    this.outbox = new MemoryOutbox({
      world,
      findLocal: (address) => this.findLocal(address),
      fileInbound: ({ inbox }, mail, files) => this.deliver(inbox.address, { ...mail, files }),
      ring: (inboxId) => this.arrivals.ring(inboxId, 'change'),
    })
  }

  // For tests

  /** Mail comes in. */
  deliver(address: string, mail: Mail = {}): Message {
    const { raw = Buffer.from('Subject: Hello\r\n\r\nHello\r\n'), files = {}, ...fields } = mail
    const home = this.home(address)
    home.seq += 1
    const filed: Message = { ...blankMessage(this.world, home.inbox, home.seq), size: raw.length, ...fields }
    filed.threadId = fields.threadId ?? findThread(home, filed) ?? filed.threadId
    const message = { ...filed, snippet: makeSnippet(filed.bodyText) }
    home.kept.push({ message, raw, files, sent: null })
    this.arrivals.ring(home.inbox.id, 'arrival')
    return message
  }

  /** Mail for the address was turned away. */
  refuse(address: string, reason: RefusalReason): void {
    this.#waits.refuse(address, reason)
  }

  /** The owner of the server suspends an inbox. */
  suspend(address: string): void {
    const home = this.home(address)
    home.inbox.status = 'suspended'
    home.suspended = { reason: SUSPENDED_REASON, since: new Date(this.world.now()).toISOString() }
  }

  /** So many sends a day from now on. */
  limit(address: string, dailySendLimit: number): void {
    this.home(address).inbox.dailySendLimit = dailySendLimit
  }

  /** What an inbox has queued goes out. */
  carry(address: string): void {
    this.outbox.carry(this.home(address))
  }

  /** Something happens to a delivery. */
  settle(address: string, messageId: string, recipient: string, change: Change): void {
    this.outbox.settle(this.home(address), messageId, recipient, change)
  }

  // Messages

  /** Of a search it knows words only. */
  async listMessages(agent: string, ref: string, { after, page, query = '' }: Parameters<PostOffice['listMessages']>[2]) {
    this.fail()
    const { kept, seq } = this.find(agent, ref)
    const rows = kept
      .filter(({ message }) => failed(message, { contains: query }).length === 0)
      .map(({ message }) => summarise(message))
      .filter((row) => row.seq > (after ?? 0))
    return { ...cut(rows.reverse(), page), cursor: seq }
  }

  async readMessage(agent: string, ref: string, messageId: string, options: ReadOptions): Promise<Reading> {
    this.fail()
    const kept = this.findMessage(agent, ref, messageId)
    const reading = readPiece(kept.message, kept.message.senderVerdict ?? UNKNOWN_SENDER, options)
    kept.message = { ...kept.message, read: true }
    return { ...reading, message: { ...reading.message, read: true } }
  }

  async peekMessage(agent: string, ref: string, messageId: string): Promise<Reading> {
    this.fail()
    const { message } = this.findMessage(agent, ref, messageId)
    return readPiece(message, message.senderVerdict ?? UNKNOWN_SENDER, FIRST_PIECE)
  }

  async waitForMessage(agent: string, ref: string, input: WaitInput, hooks: WaitHooks): Promise<WaitResult> {
    this.fail()
    return this.#waits.waitForMail(this.find(agent, ref), input, hooks, () => this.notice())
  }

  async giveBackMessage(agent: string, ref: string, messageId: string): Promise<void> {
    const kept = this.findMessage(agent, ref, messageId)
    kept.message = { ...kept.message, read: false }
    this.arrivals.ring(kept.message.inboxId, 'change')
  }

  async explainDelivery(agent: string, { inbox: ref, messageId }: ExplainInput): Promise<DeliveryExplanation> {
    this.fail()
    const { data } = await this.listInboxes(agent, { limit: 100, offset: 0 })
    const own = data.find((inbox) => ref === inbox.id || ref === inbox.address)
    const home = own === undefined && ref.includes('@') && messageId === undefined ? null : this.find(agent, ref)
    const address = home?.inbox.address ?? ref
    const sent = messageId === undefined ? null : showSent(this.findMessage(agent, ref, messageId))
    const found = this.#waits.findSessions(address, 0)
    return explain(address, { home, addresses: data.map((inbox) => inbox.address), found, listener: this.listener, sent })
  }

  async updateMessage(agent: string, ref: string, messageId: string, change: MessageChange): Promise<MessageSummary> {
    this.change()
    const kept = this.findMessage(agent, ref, messageId)
    if (Object.keys(change).length === 0)
      throw new MailError('invalid_argument', 'Nothing to change: give read, addLabels or removeLabels.')
    const labels = kept.message.labels.filter((label) => !change.removeLabels?.includes(label))
    const added = change.addLabels?.filter((label) => !labels.includes(label)) ?? []
    kept.message = { ...kept.message, read: change.read ?? kept.message.read, labels: [...labels, ...added] }
    this.arrivals.ring(kept.message.inboxId, 'change')
    return summarise(kept.message)
  }

  async deleteMessage(agent: string, ref: string, messageId: string): Promise<void> {
    this.change()
    const home = this.find(agent, ref)
    home.kept.splice(home.kept.indexOf(this.findMessage(agent, ref, messageId)), 1)
    this.arrivals.ring(home.inbox.id, 'change')
  }

  async getRaw(agent: string, ref: string, messageId: string): Promise<Uint8Array> {
    return this.findMessage(agent, ref, messageId).raw
  }

  async getAttachment(agent: string, ref: string, messageId: string, attachmentId: string) {
    const { message, files } = this.findMessage(agent, ref, messageId)
    return readAttachment(message, files, attachmentId)
  }

  /** Text in UTF-8, unless it has a NUL. */
  async readAttachment(agent: string, ref: string, messageId: string, attachmentId: string, range: ReadRange) {
    const { message, files } = this.findMessage(agent, ref, messageId)
    return readAttachmentText(message, files, attachmentId, range)
  }

  /** Writes nothing. */
  async saveAttachment(agent: string, ref: string, messageId: string, attachmentId: string, filename?: string) {
    this.change()
    const { message, files } = this.findMessage(agent, ref, messageId)
    return saveAttachment(message, files, attachmentId, filename)
  }

  // Sending

  async sendMessage(agent: string, ref: string, input: SendInput): Promise<SendResult> {
    this.change()
    return this.outbox.send(this.find(agent, ref), input)
  }

  async replyToMessage(agent: string, ref: string, input: ReplyInput): Promise<SendResult> {
    this.change()
    return this.outbox.reply(this.find(agent, ref), input, this.findMessage(agent, ref, input.messageId).message)
  }

  async getSentMessage(agent: string, ref: string, messageId: string): Promise<SentMessage> {
    return showSent(this.findMessage(agent, ref, messageId))
  }

  async waitForDelivery(
    agent: string,
    ref: string,
    input: { messageId: string; after: number; timeoutSeconds: number },
    hooks: WaitHooks,
  ): Promise<DeliveryWaitResult> {
    this.fail()
    const find = () => this.findMessage(agent, ref, input.messageId)
    return this.#waits.waitForNews(find().message.inboxId, find, input, hooks)
  }

  async listThreads(agent: string, ref: string, page: PageRequest) {
    this.fail()
    return listThreads(this.find(agent, ref), page)
  }

  async getThread(agent: string, ref: string, threadId: string, page: PageRequest) {
    this.fail()
    return getThread(this.find(agent, ref), threadId, page)
  }

  async completeMessageIds(agent: string, ref: string, prefix: string, limit: number): Promise<Page<string>> {
    const ids = this.find(agent, ref).kept.map(({ message }) => message.id)
    return cut(ids.filter((id) => id.startsWith(prefix)).reverse(), { limit, offset: 0 })
  }

  status(agent: string): ServerStatus {
    const { listener, readOnly } = this
    const { relay, sendTo } = this.outbox
    const fixed = { version: '1.2.3', domain: 'agents.localhost', maxMessageBytes: 26_214_400 }
    return { ...fixed, agent, listener, relay, sendTo, readOnly }
  }

  /** Waits that sleep at the moment. */
  get sleepers(): number {
    return this.#waits.sleepers
  }
}
