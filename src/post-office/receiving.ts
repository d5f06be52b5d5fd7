/** Mail coming in: who it is for, durable before it is acknowledged, and recognised when a sender tries again. */

import { hash } from 'node:crypto'
import { parseSubAddress } from '../addresses.ts'
import type { Arrivals } from '../arrivals.ts'
import { FORGET_INTERVAL_MS, RETRY_WINDOW_MS, SPOOL_LEASE_MS } from '../limits.ts'
import { describeError, type Log } from '../log.ts'
import type { Envelope } from '../model.ts'
import type { Receiver, RecipientAnswer, Refusal } from '../receiver.ts'
import { isReturnPath, readReturnPath } from '../return-path.ts'
import { hashInSlices } from '../slices.ts'
import type { Spooler } from '../spool.ts'
import type { Store } from '../store.ts'
import type { World } from '../world.ts'
import { KnownRecipients } from './known-recipients.ts'
import { OpenAcceptances } from './open-acceptances.ts'
import type { SessionRecorder } from './session-recorder.ts'

/** What receiving is made of. */
export type ReceivingParts = {
  store: Store
  spooler: Spooler
  sessions: SessionRecorder
  arrivals: Arrivals
  world: World
  log: Log
  /** This process, among those that share the store. */
  instanceId: string
}

/** The post office as the SMTP listener sees it. */
export class Receiving implements Receiver {
  readonly #parts: ReceivingParts
  readonly #open: OpenAcceptances
  readonly #known: KnownRecipients
  #cancelForgetting: (() => void) | null = null

  constructor(parts: ReceivingParts) {
    this.#parts = parts
    this.#open = new OpenAcceptances(parts)
    this.#known = new KnownRecipients(parts)
  }

  async accepts(address: string): Promise<RecipientAnswer> {
    const parsed = parseSubAddress(address)
    if (parsed === null) return { accepted: false, reason: 'unknown' }
    if (isReturnPath(parsed.address)) return this.#acceptsReport(parsed.address)
    const found = await this.#known.find(parsed.inboxAddress)
    if (found === null || found.status === 'deleted') return { accepted: false, reason: 'unknown' }
    if (found.status === 'suspended') return { accepted: false, reason: 'suspended' }
    return { accepted: true, recipient: { inboxId: found.inboxId, address: parsed.address, tag: parsed.tag } }
  }

  /** Only a return path that we made ourselves, of an inbox that is still there; also of a suspended one, whose reports still count. */
  async #acceptsReport(address: string): Promise<RecipientAnswer> {
    const { store } = this.#parts
    const deliveryId = readReturnPath(address, await store.getSecret())
    const found = deliveryId === null ? null : await store.findDelivery(deliveryId)
    if (deliveryId === null || found === null) return { accepted: false, reason: 'unknown' }
    return { accepted: true, recipient: { inboxId: found.inboxId, address, tag: null, deliveryId } }
  }

  async accept(envelope: Envelope, raw: Uint8Array): Promise<{ id: string }> {
    const { store, spooler, world, instanceId } = this.#parts
    const id = world.newId()
    const contentHash = await hashInSlices(raw)
    const fingerprint = fingerprintMail(envelope, contentHash)
    const openIds = this.#open.listIds(fingerprint)
    // Open before the store is asked: a second session with the same bytes may ask in between.
    this.#open.add({ id, tryId: id }, fingerprint)
    try {
      // One that is not held in memory may be taken away by the store, which spares a copy.
      const leaseUntil = spooler.hasRoomFor(raw.byteLength) ? world.now() + SPOOL_LEASE_MS : 0
      const incoming = { id, envelope, raw, contentHash, fingerprint, openIds, leaseOwner: instanceId, leaseUntil }
      const acceptance = await store.acceptMail(incoming)
      if (acceptance.duplicate) {
        this.#open.remove(id)
        this.#open.add({ id: acceptance.id, tryId: id }, fingerprint)
      } else {
        spooler.offer({ id, envelope, raw }, { leased: leaseUntil > 0 })
      }
      return { id: acceptance.id }
    } catch (error) {
      this.#open.remove(id)
      throw error
    }
  }

  confirm(id: string): void {
    this.#open.confirm(id)
  }

  release(id: string): void {
    this.#open.release(id)
  }

  refused(refusal: Refusal): void {
    this.#parts.sessions.add(refusal)
  }

  /** Begins to forget acceptances that are older than the window, now and then for ever. */
  start(): void {
    const { store, world, log } = this.#parts
    store.forgetAcceptances(world.now() - RETRY_WINDOW_MS).catch((error: unknown) => {
      log.warn('forget_failed', { error: describeError(error) })
    })
    this.#cancelForgetting = world.after(FORGET_INTERVAL_MS, () => this.start())
  }

  /** Ends the forgetting; what is being told to the store goes on. */
  close(): void {
    this.#parts.sessions.close()
    this.#cancelForgetting?.()
    this.#open.close()
  }

  /** Resolves when every confirmation, release and refusal so far is in the store. */
  async idle(): Promise<void> {
    await Promise.all([this.#open.idle(), this.#parts.sessions.flush()])
  }
}

/** Same for the same return path, recipients and bytes. The inbox's id is part of it: an address created anew is another recipient. */
function fingerprintMail(envelope: Envelope, contentHash: string): string {
  const recipients = envelope.recipients.map(({ inboxId, address }) => `${inboxId} ${address}`).sort()
  return hash('sha256', JSON.stringify([envelope.from, recipients, contentHash]), 'hex')
}
