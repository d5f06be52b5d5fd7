/** Inboxes of the post office in memory: agents are apart, and a deleted inbox is gone with what was in it. */

import { checkLocalPart, generateLocalPart } from '../../src/addresses.ts'
import { Arrivals, type Ring } from '../../src/arrivals.ts'
import { domainNotFound } from '../../src/domain-names.ts'
import { DAY_MS } from '../../src/durations.ts'
import { MailError } from '../../src/errors.ts'
import { MAX_COUNTED_NEW_MAIL } from '../../src/limits.ts'
import type { DeletedInbox, Inbox, Page, PageRequest, Quota } from '../../src/model.ts'
import { readIdempotency } from '../../src/post-office/idempotency.ts'
import type { CreatedInbox, CreateInboxInput } from '../../src/post-office.ts'
import type { ListenerStatus } from '../../src/receiver.ts'
import type { NewMail, NewMailQuestion } from '../../src/store.ts'
import { blankInbox, cut, type KeptInbox, type KeptMessage } from './mcp-mail.ts'
import { countThreads } from './mcp-threads.ts'
import { TestWorld } from './world.ts'

export class MemoryInboxes {
  listener: ListenerStatus = { state: 'listening', smtpUrl: 'smtp://127.0.0.1:2525' }
  /** Thrown by the next operation, once. */
  failure: Error | null = null
  /** How often somebody asked for new mail. */
  questions = 0
  /** Watchers that are hooked at the moment. */
  watchers = 0
  readOnly = false
  readonly world: TestWorld
  protected readonly arrivals = new Arrivals(() => {})
  readonly #inboxes: KeptInbox[] = []
  readonly #keys = new Map<string, { fingerprint: string; inboxId: string }>()
  readonly #listeners = new Set<{ agent: string; listener: () => void }>()

  constructor(world = new TestWorld()) {
    this.world = world
  }

  async createInbox(agent: string, input: CreateInboxInput): Promise<CreatedInbox> {
    this.change()
    const domain = this.domainOf(agent, input.domainId)
    const idempotency = readIdempotency(input.idempotencyKey, [input.displayName ?? null, input.localPart ?? null])
    const used = idempotency === null ? undefined : this.#keys.get(`${agent} ${idempotency.key}`)
    const known = this.#inboxes.find(({ inbox }) => inbox.id === used?.inboxId)
    if (used !== undefined && known !== undefined) {
      if (used.fingerprint === idempotency?.fingerprint) return this.#created(known)
      throw new MailError('conflict', 'This idempotencyKey was used for an inbox with other arguments.')
    }
    const { localPart } = input
    const local = localPart === undefined ? generateLocalPart(this.world.randomBytes(4)) : checkLocalPart(localPart)
    const address = `${local}@${domain.name}`
    if (this.#inboxes.some(({ inbox }) => inbox.address === address)) throw new MailError('address_taken', `${address} is taken.`)
    const inbox = { ...blankInbox(this.world, address, input.displayName ?? null), domainId: domain.id }
    const kept = { agent, inbox, kept: [], seq: 0, day: this.#day(), suspended: null }
    this.#inboxes.push(kept)
    if (idempotency !== null) {
      this.#keys.set(`${agent} ${idempotency.key}`, { fingerprint: idempotency.fingerprint, inboxId: inbox.id })
    }
    this.#tell(agent)
    return this.#created(kept)
  }

  async listInboxes(agent: string, page: PageRequest): Promise<Page<Inbox>> {
    this.fail()
    return cut(
      this.#inboxes
        .filter((kept) => kept.agent === agent)
        .map(({ inbox }) => ({ ...inbox }))
        .reverse(),
      page,
    )
  }

  async getInbox(agent: string, ref: string): Promise<Inbox> {
    this.fail()
    return { ...this.find(agent, ref).inbox }
  }

  async deleteInbox(agent: string, ref: string): Promise<DeletedInbox> {
    this.change()
    const home = this.find(agent, ref)
    this.#inboxes.splice(this.#inboxes.indexOf(home), 1)
    this.#tell(agent)
    const messages = home.kept.length
    return { id: home.inbox.id, address: home.inbox.address, deleted: { messages, threads: countThreads(home), webhooks: 0 } }
  }

  async checkQuota(agent: string, ref: string): Promise<Quota> {
    this.fail()
    const { id, address, status, dailySendLimit, sendsToday, ...counts } = this.find(agent, ref).inbox
    const remaining = Math.max(0, dailySendLimit - sendsToday)
    const leftMs = DAY_MS - (this.world.now() % DAY_MS)
    return {
      inboxId: id,
      address,
      status,
      dailySendLimit,
      sendsToday,
      remaining,
      resetsAt: new Date(this.world.now() + leftMs).toISOString(),
      secondsUntilReset: Math.ceil(leftMs / 1_000),
      totalSent: counts.totalSent,
      bounceCount: counts.bounceCount,
      complaintCount: counts.complaintCount,
      canSend: status === 'active' && remaining > 0,
    }
  }

  async completeAddresses(agent: string, prefix: string, limit: number): Promise<Page<string>> {
    this.fail()
    const own = this.#inboxes.filter((kept) => kept.agent === agent).map(({ inbox }) => inbox.address)
    return cut(own.filter((address) => address.startsWith(prefix)).sort(), { limit, offset: 0 })
  }

  watchMail(listener: (inboxId: string) => void): () => void {
    return this.arrivals.subscribeAll((key, ring) => ring === 'arrival' && listener(key))
  }

  async countNewMail(agent: string, inboxes: readonly NewMailQuestion[], since: number): Promise<NewMail[]> {
    this.questions += 1
    this.fail()
    return inboxes.flatMap(({ inboxId, after }) => {
      const home = this.#inboxes.find((kept) => kept.agent === agent && kept.inbox.id === inboxId)
      if (home === undefined) return []
      const { count, isMore } = countNew(home, after, since)
      return [{ inboxId, address: home.inbox.address, count, isMore, cursor: home.seq }]
    })
  }

  watchInbox(inboxId: string, listener: (ring: Ring) => void): () => void {
    const unsubscribe = this.arrivals.subscribe(inboxId, listener)
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

  /** Of a new inbox. */
  protected domainOf(_agent: string, domainId: string | undefined): { name: string; id: string | null } {
    if (domainId === undefined) return { name: 'agents.localhost', id: null }
    throw domainNotFound()
  }

  protected fail(): void {
    const { failure } = this
    this.failure = null
    if (failure !== null) throw failure
  }

  protected change(): void {
    this.fail()
    if (this.readOnly) throw new MailError('read_only', 'This server was started read-only: it makes, changes and sends nothing.')
  }

  protected home(address: string): KeptInbox {
    const home = this.findLocal(address)
    if (home === undefined) throw new Error(`no inbox ${address}`)
    return home
  }

  protected notice(): string | null {
    return this.listener.state === 'blocked' ? this.listener.problem : null
  }

  #day(): number {
    return Math.floor(this.world.now() / DAY_MS)
  }

  #tell(agent: string): void {
    for (const entry of [...this.#listeners]) if (entry.agent === agent) entry.listener()
  }

  #created({ inbox, seq }: KeptInbox): CreatedInbox {
    const { listener } = this
    const smtpUrl = listener.state === 'listening' || listener.state === 'elsewhere' ? listener.smtpUrl : null
    return { ...inbox, smtpUrl, cursor: seq, notice: this.notice() }
  }

  protected find(agent: string, ref: string): KeptInbox {
    const home = this.#inboxes.find((kept) => kept.agent === agent && (kept.inbox.id === ref || kept.inbox.address === ref))
    if (home === undefined) throw new MailError('inbox_not_found', 'There is no such inbox.')
    if (home.day !== this.#day()) Object.assign(home, { day: this.#day(), inbox: { ...home.inbox, sendsToday: 0 } })
    return home
  }

  /** The one of this server that has the address, whoever owns it. */
  protected findLocal(address: string): KeptInbox | undefined {
    return this.#inboxes.find(({ inbox }) => inbox.address === address)
  }

  protected findMessage(agent: string, ref: string, messageId: string): KeptMessage {
    const kept = this.find(agent, ref).kept.find(({ message }) => message.id === messageId)
    if (kept === undefined) throw new MailError('message_not_found', 'There is no such message in this inbox.')
    return kept
  }
}

function countNew({ kept }: KeptInbox, after: number | null, since: number): { count: number; isMore: boolean } {
  const fresh = kept.filter(({ message: { direction, read, seq, createdAt } }) => {
    return direction === 'inbound' && !read && (after === null ? Date.parse(createdAt) >= since : seq > after)
  })
  return { count: Math.min(fresh.length, MAX_COUNTED_NEW_MAIL), isMore: fresh.length > MAX_COUNTED_NEW_MAIL }
}
