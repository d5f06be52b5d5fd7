/** Why there is no mail: everything that this server knows about one address, and what to do next. */

import { looksAlike } from '../address-likeness.ts'
import { parseSubAddress } from '../addresses.ts'
import type { StoredDomain } from '../domain-store.ts'
import { MailError } from '../errors.ts'
import type { DeliveryExplanation, ExplainInput } from '../explanation.ts'
import {
  MAX_LOOKALIKES,
  MAX_NEAR_INBOXES,
  MAX_NEAR_INBOXES_SCANNED,
  MAX_SHOWN_ARRIVALS,
  MAX_SHOWN_SESSIONS,
  SESSION_LOG_KEPT_MS,
} from '../limits.ts'
import type { InboxAndCursor, InboxRef, Store } from '../store.ts'
import type { World } from '../world.ts'
import { advise, type Domains } from './advice.ts'
import type { Listening } from './listening.ts'
import type { SessionRecorder } from './session-recorder.ts'

/** What explaining is made of. */
export type ExplainingParts = {
  store: Store
  world: World
  listening: Listening
  sessions: SessionRecorder
  /** Of the inboxes that this server makes. */
  domain: string
}

/** The operation behind explain_delivery; see PostOffice for what it promises. */
export class Explaining {
  readonly #parts: ExplainingParts

  constructor(parts: ExplainingParts) {
    this.#parts = parts
  }

  async explain(agent: string, { inbox: ref, messageId }: ExplainInput): Promise<DeliveryExplanation> {
    const { store, world, listening, sessions, domain } = this.#parts
    const { address, found } = await this.#find(agent, ref)
    if (messageId !== undefined) return this.#explainSent(agent, found, messageId)
    // What a session before this question was refused must be in the answer.
    await Promise.all([listening.settled(), sessions.flushSoon()])
    const query = {
      address,
      since: world.now() - SESSION_LOG_KEPT_MS,
      limit: MAX_SHOWN_SESSIONS,
      lookalikes: MAX_LOOKALIKES,
    }
    const [log, arrivals, nearInboxes, standing] = await Promise.all([
      store.listSessions(agent, query),
      found === null ? [] : store.listArrivals(agent, found.inbox.id, MAX_SHOWN_ARRIVALS),
      found === null ? this.#findNear(agent, address) : [],
      this.#findStanding(agent, address, found),
    ])
    const facts = {
      address,
      inbox: found === null ? null : describeInbox(found),
      nearInboxes,
      listener: listening.status(),
      ...log,
      arrivals,
      sent: null,
    }
    return { ...facts, advice: advise(facts, { domain, ...standing }) }
  }

  async #explainSent(agent: string, found: InboxAndCursor | null, messageId: string): Promise<DeliveryExplanation> {
    if (found === null) throw new MailError('inbox_not_found', 'There is no such inbox.')
    const { store, listening, domain } = this.#parts
    const sent = await store.getSentMessage(agent, found.inbox.id, messageId)
    const standing = await this.#findStanding(agent, found.inbox.address, found)
    const nothing = { nearInboxes: [], sessions: [], lookalikes: [], arrivals: [] }
    const facts = { address: found.inbox.address, inbox: describeInbox(found), listener: listening.status(), ...nothing, sent }
    return { ...facts, advice: advise(facts, { domain, ...standing }) }
  }

  /** An address of another agent's inbox is found as one that is nobody's. @throws MailError inbox_not_found (id), invalid_argument */
  async #find(agent: string, ref: InboxRef): Promise<{ address: string; found: InboxAndCursor | null }> {
    const { store, world } = this.#parts
    if (!ref.includes('@')) {
      const found = await store.getInbox(agent, ref, world.now())
      return { address: found.inbox.address, found }
    }
    const parsed = parseSubAddress(ref.trim())
    if (parsed === null) {
      throw new MailError('invalid_argument', 'inbox is no address that an inbox could have.', {
        hint: 'Pass an inbox id or a plain address, such as name@example.org, without a display name.',
        facts: { argument: 'inbox' },
      })
    }
    const address = parsed.inboxAddress
    try {
      return { address, found: await store.getInbox(agent, address, world.now()) }
    } catch (error) {
      if (error instanceof MailError && error.code === 'inbox_not_found') return { address, found: null }
      throw error
    }
  }

  /** What its domain does to an address, and to the inbox of it. */
  async #findStanding(agent: string, address: string, found: InboxAndCursor | null): Promise<Omit<Domains, 'domain'>> {
    const own = await this.#findOwn(agent, address)
    if (found === null) return { own, isLost: false }
    return { own, isLost: (await this.#parts.store.findRecipient(address))?.inboxId !== found.inbox.id }
  }

  /** The domain of an address, where the agent brought it. */
  async #findOwn(agent: string, address: string): Promise<StoredDomain | null> {
    try {
      return await this.#parts.store.getDomain(agent, address.slice(address.lastIndexOf('@') + 1))
    } catch (error) {
      if (error instanceof MailError && error.code === 'domain_not_found') return null
      throw error
    }
  }

  /** Inboxes of the agent that it may have meant. */
  async #findNear(agent: string, address: string): Promise<string[]> {
    const { data } = await this.#parts.store.completeAddresses(agent, '', MAX_NEAR_INBOXES_SCANNED)
    return data.filter((own) => looksAlike(own, address)).slice(0, MAX_NEAR_INBOXES)
  }
}

function describeInbox({ inbox, cursor, suspendedReason }: InboxAndCursor): DeliveryExplanation['inbox'] {
  const { id, status, createdAt } = inbox
  return { id, status, suspendedReason, createdAt, cursor }
}
