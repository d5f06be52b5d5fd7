/**
 * A post office in memory that truly behaves: agents are apart, reading marks, a wait takes each message once. For tests of what
 * MCP makes of it; how the real one keeps its promises is tested with the real one.
 */

import { Arrivals } from '../../src/arrivals.ts'
import { MailError } from '../../src/errors.ts'
import { DEFAULT_READ_TOKENS } from '../../src/limits.ts'
import type { DeletedInbox, Inbox, Message, MessageSummary, Page, PageRequest, Quota } from '../../src/model.ts'
import type {
  CreatedInbox,
  CreateInboxInput,
  PostOffice,
  Reading,
  ReadOptions,
  ServerStatus,
  WaitHooks,
  WaitInput,
  WaitResult,
} from '../../src/post-office.ts'
import type { ListenerStatus, RefusalReason } from '../../src/receiver.ts'
import type { MessageChange, NearMiss } from '../../src/store.ts'
import { blankInbox, blankMessage, cut, failed, read, reasons, summarise } from './mcp-mail.ts'
import { TestWorld } from './world.ts'

/** What a test says of a mail; the rest is filled in. */
export type Mail = Partial<Message> & { raw?: Uint8Array; files?: Record<string, Uint8Array> }

type KeptMessage = { message: Message; raw: Uint8Array; files: Record<string, Uint8Array> }
type KeptInbox = { agent: string; inbox: Inbox; kept: KeptMessage[]; seq: number }

export class MemoryPostOffice implements PostOffice {
  listener: ListenerStatus = { state: 'listening', smtpUrl: 'smtp://127.0.0.1:2525' }
  /** Thrown by the next operation, once. */
  failure: Error | null = null
  /** Waits that sleep at the moment. */
  sleepers = 0
  /** Watchers that are hooked at the moment. */
  watchers = 0
  readonly world: TestWorld
  readonly #inboxes: KeptInbox[] = []
  readonly #arrivals = new Arrivals()
  readonly #keys = new Map<string, string>()
  readonly #listeners = new Set<{ agent: string; listener: () => void }>()
  readonly #refusals: { address: string; reason: RefusalReason; at: string }[] = []

  constructor(world = new TestWorld()) {
    this.world = world
  }

  // For tests

  /** Mail comes in. */
  deliver(address: string, mail: Mail = {}): Message {
    const { raw = Buffer.from('Subject: Hello\r\n\r\nHello\r\n'), files = {}, ...fields } = mail
    const home = this.#inboxes.find(({ inbox }) => inbox.address === address)
    if (home === undefined) throw new Error(`no inbox ${address}`)
    home.seq += 1
    const message: Message = { ...blankMessage(this.world, home.inbox, home.seq), size: raw.length, ...fields }
    home.kept.push({ message: { ...message, snippet: message.bodyText.slice(0, 160) }, raw, files })
    this.#arrivals.ring(home.inbox.id, 'arrival')
    return message
  }

  /** Mail for the address was turned away. */
  refuse(address: string, reason: RefusalReason): void {
    this.#refusals.push({ address, reason, at: this.#time() })
  }

  /** The owner of the server suspends an inbox. */
  suspend(address: string): void {
    for (const { inbox } of this.#inboxes) if (inbox.address === address) inbox.status = 'suspended'
  }

  // Inboxes

  async createInbox(agent: string, input: CreateInboxInput): Promise<CreatedInbox> {
    this.#fail()
    if (input.domainId !== undefined) throw new MailError('domain_not_found', 'There is no domain with this domainId.')
    const key = `${agent} ${input.idempotencyKey}`
    const known =
      input.idempotencyKey === undefined ? undefined : this.#inboxes.find(({ inbox }) => inbox.id === this.#keys.get(key))
    if (known !== undefined) return this.#created(known)
    const address = `${input.localPart ?? `amber-fox-${10 + this.#inboxes.length}`}@agents.localhost`
    if (this.#inboxes.some(({ inbox }) => inbox.address === address)) throw new MailError('address_taken', `${address} is taken.`)
    const inbox = blankInbox(this.world, address, input.displayName ?? null)
    const kept = { agent, inbox, kept: [], seq: 0 }
    this.#inboxes.push(kept)
    this.#keys.set(key, inbox.id)
    this.#tell(agent)
    return this.#created(kept)
  }

  async listInboxes(agent: string, page: PageRequest): Promise<Page<Inbox>> {
    this.#fail()
    return cut(
      this.#inboxes
        .filter((kept) => kept.agent === agent)
        .map(({ inbox }) => ({ ...inbox }))
        .reverse(),
      page,
    )
  }

  async getInbox(agent: string, ref: string): Promise<Inbox> {
    this.#fail()
    return { ...this.#find(agent, ref).inbox }
  }

  async deleteInbox(agent: string, ref: string): Promise<DeletedInbox> {
    const home = this.#find(agent, ref)
    this.#inboxes.splice(this.#inboxes.indexOf(home), 1)
    this.#tell(agent)
    const messages = home.kept.length
    return { id: home.inbox.id, address: home.inbox.address, deleted: { messages, threads: messages, webhooks: 0 } }
  }

  async checkQuota(agent: string, ref: string): Promise<Quota> {
    const { id, address, displayName: _name, domainId: _domain, createdAt: _at, ...counts } = this.#find(agent, ref).inbox
    const remaining = counts.dailySendLimit - counts.sendsToday
    const canSend = counts.status === 'active' && remaining > 0
    return {
      inboxId: id,
      address,
      ...counts,
      remaining,
      resetsAt: '2026-11-25T00:00:00.000Z',
      secondsUntilReset: 43_200,
      canSend,
    }
  }

  // Messages

  async listMessages(agent: string, ref: string, { after, page }: { after: number | null; page: PageRequest }) {
    this.#fail()
    const { kept, seq } = this.#find(agent, ref)
    const rows = kept.map(({ message }) => summarise(message)).filter((row) => row.seq > (after ?? 0))
    return { ...cut(rows.reverse(), page), cursor: seq }
  }

  async readMessage(agent: string, ref: string, messageId: string, options: ReadOptions): Promise<Reading> {
    this.#fail()
    const kept = this.#findMessage(agent, ref, messageId)
    const reading = read(kept.message, options)
    kept.message = { ...kept.message, read: true }
    return { ...reading, message: { ...reading.message, read: true } }
  }

  async peekMessage(agent: string, ref: string, messageId: string): Promise<Reading> {
    this.#fail()
    const { message } = this.#findMessage(agent, ref, messageId)
    return read(message, { maxTokens: DEFAULT_READ_TOKENS, offset: 0, part: 'text' })
  }

  async waitForMessage(agent: string, ref: string, input: WaitInput, hooks: WaitHooks): Promise<WaitResult> {
    this.#fail()
    const home = this.#find(agent, ref)
    if (home.inbox.status === 'suspended') throw new MailError('inbox_suspended', `${home.inbox.address} is suspended.`)
    const startedAt = this.world.now()
    for (;;) {
      hooks.signal.throwIfAborted()
      const found = home.kept.find(
        ({ message }) => !message.read && message.seq > input.after && failed(message, input.filter).length === 0,
      )
      if (found !== undefined) {
        found.message = { ...found.message, read: true }
        const reading = read(found.message, { maxTokens: DEFAULT_READ_TOKENS, offset: 0, part: 'text' })
        return { status: 'received', reading, cursor: found.message.seq }
      }
      const leftMs = startedAt + input.timeoutSeconds * 1_000 - this.world.now()
      if (leftMs <= 0) return this.#timeOut(home, input)
      await this.#sleep(home.inbox.id, leftMs, hooks.signal)
      hooks.onProgress?.((this.world.now() - startedAt) / 1_000)
    }
  }

  async updateMessage(agent: string, ref: string, messageId: string, change: MessageChange): Promise<MessageSummary> {
    const kept = this.#findMessage(agent, ref, messageId)
    if (Object.keys(change).length === 0) throw new MailError('invalid_argument', 'Nothing to change.')
    const labels = kept.message.labels.filter((label) => !change.removeLabels?.includes(label))
    const added = change.addLabels?.filter((label) => !labels.includes(label)) ?? []
    kept.message = { ...kept.message, read: change.read ?? kept.message.read, labels: [...labels, ...added] }
    return summarise(kept.message)
  }

  async deleteMessage(agent: string, ref: string, messageId: string): Promise<void> {
    const home = this.#find(agent, ref)
    home.kept.splice(home.kept.indexOf(this.#findMessage(agent, ref, messageId)), 1)
  }

  async getRaw(agent: string, ref: string, messageId: string): Promise<Uint8Array> {
    return this.#findMessage(agent, ref, messageId).raw
  }

  async getAttachment(agent: string, ref: string, messageId: string, attachmentId: string) {
    const { message, files } = this.#findMessage(agent, ref, messageId)
    const bytes = files[attachmentId]
    const contentType = message.attachments.find(({ id }) => id === attachmentId)?.contentType
    if (bytes === undefined || contentType === undefined) throw new MailError('attachment_not_found', 'No such attachment.')
    return { contentType, bytes }
  }

  async completeAddresses(agent: string, prefix: string, limit: number): Promise<Page<string>> {
    this.#fail()
    const own = this.#inboxes.filter((kept) => kept.agent === agent).map(({ inbox }) => inbox.address)
    return cut(own.filter((address) => address.startsWith(prefix)).sort(), { limit, offset: 0 })
  }

  async completeMessageIds(agent: string, ref: string, prefix: string, limit: number): Promise<Page<string>> {
    const ids = this.#find(agent, ref).kept.map(({ message }) => message.id)
    return cut(ids.filter((id) => id.startsWith(prefix)).reverse(), { limit, offset: 0 })
  }

  status(agent: string): ServerStatus {
    const { listener } = this
    return { version: '1.2.3', agent, domain: 'agents.localhost', listener, relay: 'none', maxMessageBytes: 26_214_400 }
  }

  watchInbox(inboxId: string, listener: () => void): () => void {
    const unsubscribe = this.#arrivals.subscribe(inboxId, listener)
    this.watchers += 1
    return () => {
      unsubscribe()
      this.watchers -= 1
    }
  }

  watchInboxes(agent: string, listener: () => void): () => void {
    const entry = { agent, listener }
    this.#listeners.add(entry)
    return () => {
      this.#listeners.delete(entry)
    }
  }

  /** Whether anybody watches inboxes come and go. */
  get isWatched(): boolean {
    return this.#listeners.size > 0
  }

  #fail(): void {
    const { failure } = this
    this.failure = null
    if (failure !== null) throw failure
  }

  #time(): string {
    return new Date(this.world.now()).toISOString()
  }

  #tell(agent: string): void {
    for (const entry of [...this.#listeners]) if (entry.agent === agent) entry.listener()
  }

  #created({ inbox, seq }: KeptInbox): CreatedInbox {
    const { listener } = this
    const smtpUrl = listener.state === 'listening' || listener.state === 'elsewhere' ? listener.smtpUrl : null
    return { ...inbox, smtpUrl, cursor: seq, notice: listener.state === 'blocked' ? listener.problem : null }
  }

  #find(agent: string, ref: string): KeptInbox {
    const home = this.#inboxes.find((kept) => kept.agent === agent && (kept.inbox.id === ref || kept.inbox.address === ref))
    if (home === undefined) throw new MailError('inbox_not_found', 'There is no such inbox.')
    return home
  }

  #findMessage(agent: string, ref: string, messageId: string): KeptMessage {
    const kept = this.#find(agent, ref).kept.find(({ message }) => message.id === messageId)
    if (kept === undefined) throw new MailError('message_not_found', 'This inbox has no message with this id.')
    return kept
  }

  #timeOut(home: KeptInbox, { filter, after, timeoutSeconds }: WaitInput): WaitResult {
    const nearMisses = home.kept
      .filter(({ message }) => message.seq > after)
      .map(({ message }): NearMiss => ({ messageId: message.id, seq: message.seq, failed: reasons(message, filter) }))
    const refusals = this.#refusals
      .filter(({ address }) => address === home.inbox.address)
      .map(({ reason, at }) => ({ reason, at }))
    const notice = this.listener.state === 'blocked' ? this.listener.problem : null
    return { status: 'timeout', cursor: home.seq, waitedSeconds: timeoutSeconds, nearMisses, refusals, notice }
  }

  async #sleep(inboxId: string, delayMs: number, signal: AbortSignal): Promise<void> {
    this.sleepers += 1
    await new Promise<void>((resolve) => {
      const cancel = this.world.after(delayMs, resolve)
      signal.addEventListener('abort', () => resolve(), { once: true })
      const unsubscribe = this.#arrivals.subscribe(inboxId, () => {
        cancel()
        unsubscribe()
        resolve()
      })
    })
    this.sleepers -= 1
  }
}
