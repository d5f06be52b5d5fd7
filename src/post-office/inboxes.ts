/** Inboxes: how they come to be, what they may send, how they go. */

import { checkLocalPart, generateLocalPart } from '../addresses.ts'
import { type Arrivals, inboxesOf } from '../arrivals.ts'
import { readDomainRef } from '../domain-names.ts'
import { DAY_MS } from '../durations.ts'
import { MailError } from '../errors.ts'
import { MAX_ADDRESS_TRIES, MAX_DISPLAY_NAME_CHARS } from '../limits.ts'
import { describeError, type Log } from '../log.ts'
import type { DeletedInbox, Inbox, Page, PageRequest, Quota } from '../model.ts'
import type { CreatedInbox, CreateInboxInput } from '../post-office.ts'
import type { InboxRef, NewInbox, Store } from '../store.ts'
import type { World } from '../world.ts'
import { readIdempotency } from './idempotency.ts'
import { describeSmtpUrl, describeTrouble, type Listening } from './listening.ts'

/** What the operations on inboxes are made of. */
export type InboxesParts = {
  store: Store
  world: World
  log: Log
  listening: Listening
  arrivals: Arrivals
  /** Domain of generated addresses, lower-case A-labels. */
  domain: string
  dailySendLimit: number
}

/** A new inbox but for what is left of the `@`. */
type Draft = Omit<NewInbox, 'id' | 'address'> & { domain: string }

/** The operations on inboxes; see PostOffice for what each promises. */
export class Inboxes {
  readonly #parts: InboxesParts
  #sweeping: Promise<void> | null = null

  constructor(parts: InboxesParts) {
    this.#parts = parts
  }

  async create(agent: string, input: CreateInboxInput): Promise<CreatedInbox> {
    const { listening } = this.#parts
    const draft = await this.#draft(agent, input)
    const { inbox, cursor } =
      input.localPart === undefined
        ? await this.#createGenerated(agent, draft)
        : await this.#createNamed(agent, draft, checkLocalPart(input.localPart))
    this.#parts.arrivals.ring(inboxesOf(agent), 'change')
    // The answer says where mail goes, so it waits for the listener's first attempt, and for nothing later.
    await listening.settled()
    const status = listening.status()
    return { ...inbox, smtpUrl: describeSmtpUrl(status), cursor, notice: describeTrouble(status) }
  }

  list(agent: string, page: PageRequest): Promise<Page<Inbox>> {
    return this.#parts.store.listInboxes(agent, page, this.#parts.world.now())
  }

  async get(agent: string, ref: InboxRef): Promise<Inbox> {
    return (await this.#parts.store.getInbox(agent, ref, this.#parts.world.now())).inbox
  }

  async delete(agent: string, ref: InboxRef): Promise<DeletedInbox> {
    const deleted = await this.#parts.store.deleteInbox(agent, ref)
    this.#parts.arrivals.ring(inboxesOf(agent), 'change')
    this.sweep()
    return deleted
  }

  async checkQuota(agent: string, ref: InboxRef): Promise<Quota> {
    const now = this.#parts.world.now()
    const { inbox } = await this.#parts.store.getInbox(agent, ref, now)
    const resetsAtMs = (Math.floor(now / DAY_MS) + 1) * DAY_MS
    const remaining = Math.max(0, inbox.dailySendLimit - inbox.sendsToday)
    return {
      inboxId: inbox.id,
      address: inbox.address,
      status: inbox.status,
      dailySendLimit: inbox.dailySendLimit,
      sendsToday: inbox.sendsToday,
      remaining,
      resetsAt: new Date(resetsAtMs).toISOString(),
      secondsUntilReset: Math.ceil((resetsAtMs - now) / 1_000),
      totalSent: inbox.totalSent,
      bounceCount: inbox.bounceCount,
      complaintCount: inbox.complaintCount,
      canSend: inbox.status === 'active' && remaining > 0,
    }
  }

  watch(agent: string, listener: () => void): () => void {
    return this.#parts.arrivals.subscribe(inboxesOf(agent), listener)
  }

  /** Removes what is left of deleted inboxes, chunk by chunk, behind everybody's back. Also called at the start of a process. */
  sweep(): void {
    this.#sweeping ??= this.#sweepAll().finally(() => {
      this.#sweeping = null
    })
  }

  /** Resolves when no sweep is running. */
  async idle(): Promise<void> {
    await this.#sweeping
  }

  async #sweepAll(): Promise<void> {
    try {
      while (await this.#parts.store.sweepDeleted());
    } catch (error) {
      this.#parts.log.warn('sweep_failed', { error: describeError(error) })
    }
  }

  async #draft(agent: string, input: CreateInboxInput): Promise<Draft> {
    const { store, domain, dailySendLimit, world } = this.#parts
    const own = input.domainId === undefined ? null : await store.getDomain(agent, readDomainRef(input.domainId))
    const asked = [input.displayName ?? null, input.localPart ?? null, ...(own === null ? [] : [own.id])]
    return {
      displayName: checkDisplayName(input.displayName),
      domain: own?.domain ?? domain,
      domainId: own?.id ?? null,
      dailySendLimit,
      createdAt: world.now(),
      idempotency: readIdempotency(input.idempotencyKey, asked),
    }
  }

  #createNamed(agent: string, { domain, ...draft }: Draft, localPart: string) {
    const { store, world } = this.#parts
    return store.createInbox(agent, { ...draft, id: world.newId(), address: `${localPart}@${domain}` })
  }

  async #createGenerated(agent: string, draft: Draft) {
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.#createNamed(agent, draft, generateLocalPart(this.#parts.world.randomBytes(4)))
      } catch (error) {
        const taken = error instanceof MailError && error.code === 'address_taken'
        if (!taken || tries >= MAX_ADDRESS_TRIES) throw error
      }
    }
  }
}

/** Trimmed; null for none. @throws MailError invalid_argument */
function checkDisplayName(wish: string | undefined): string | null {
  const name = wish?.trim() ?? ''
  if (name.length > MAX_DISPLAY_NAME_CHARS) {
    throw new MailError('invalid_argument', `displayName is longer than ${MAX_DISPLAY_NAME_CHARS} characters.`)
  }
  // It goes into the From header of what is sent, and into lists: no line breaks, no invisible direction marks.
  if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(name)) {
    throw new MailError('invalid_argument', 'displayName has control or invisible characters.')
  }
  return name === '' ? null : name
}
