/** Mail coming in: who it is for, durable before it is acknowledged, and recognised when a sender tries again. */

import { createHash } from 'node:crypto'
import { parseSubAddress } from '../addresses.ts'
import { CONFIRM_RETRY_MS, FORGET_INTERVAL_MS, RETRY_WINDOW_MS, SPOOL_LEASE_MS } from '../limits.ts'
import { describeError, type Log } from '../log.ts'
import type { Envelope } from '../model.ts'
import type { Receiver, RecipientAnswer, Refusal } from '../receiver.ts'
import { isReturnPath, readReturnPath } from '../return-path.ts'
import { hashInSlices } from '../slices.ts'
import type { Spooler } from '../spool.ts'
import type { Store } from '../store.ts'
import type { World } from '../world.ts'
import type { SessionRecorder } from './session-recorder.ts'

/** What receiving is made of. */
export type ReceivingParts = {
  store: Store
  spooler: Spooler
  sessions: SessionRecorder
  world: World
  log: Log
  /** This process, among those that share the store. */
  instanceId: string
}

/**
 * The post office as the SMTP listener sees it. An acceptance is *open* while its session could still show that it heard our 250; open ones are
 * never taken for a first try, so that two sessions may deliver the same bytes at once.
 */
export class Receiving implements Receiver {
  readonly #parts: ReceivingParts
  readonly #openByFingerprint = new Map<string, Set<string>>()
  readonly #fingerprintById = new Map<string, string>()
  #unconfirmed: string[] = []
  #confirming: Promise<void> | null = null
  #cancelForgetting: (() => void) | null = null
  #cancelRetry: (() => void) | null = null

  constructor(parts: ReceivingParts) {
    this.#parts = parts
  }

  async accepts(address: string): Promise<RecipientAnswer> {
    const parsed = parseSubAddress(address)
    if (parsed === null) return { accepted: false, reason: 'unknown' }
    if (isReturnPath(parsed.address)) return this.#acceptsReport(parsed.address)
    const found = await this.#parts.store.findRecipient(parsed.inboxAddress)
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
    const openIds = [...(this.#openByFingerprint.get(fingerprint) ?? [])]
    // Open before the store is asked: a second session with the same bytes may ask in between.
    this.#open(id, fingerprint)
    try {
      // One that is not held in memory may be taken away by the store, which spares a copy.
      const leaseUntil = spooler.hasRoomFor(raw.byteLength) ? world.now() + SPOOL_LEASE_MS : 0
      const incoming = { id, envelope, raw, contentHash, fingerprint, openIds, leaseOwner: instanceId, leaseUntil }
      const acceptance = await store.acceptMail(incoming)
      if (acceptance.duplicate) {
        this.release(id)
        this.#open(acceptance.id, fingerprint)
      } else {
        spooler.offer({ id, envelope, raw }, { leased: leaseUntil > 0 })
      }
      return { id: acceptance.id }
    } catch (error) {
      this.release(id)
      throw error
    }
  }

  confirm(id: string): void {
    // Still open until the store knows: the same bytes from another session may come in between.
    this.#unconfirmed.push(id)
    this.#confirmSoon()
  }

  release(id: string): void {
    const fingerprint = this.#fingerprintById.get(id)
    if (fingerprint === undefined) return
    this.#fingerprintById.delete(id)
    const ids = this.#openByFingerprint.get(fingerprint)
    ids?.delete(id)
    if (ids?.size === 0) this.#openByFingerprint.delete(fingerprint)
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

  /** Ends the forgetting; confirmations under way go on. */
  close(): void {
    this.#parts.sessions.close()
    this.#cancelForgetting?.()
    this.#cancelRetry?.()
  }

  /** Resolves when every confirmation and refusal so far is in the store. */
  async idle(): Promise<void> {
    await Promise.all([this.#confirming, this.#parts.sessions.flush()])
  }

  #open(id: string, fingerprint: string): void {
    const ids = this.#openByFingerprint.get(fingerprint) ?? new Set()
    ids.add(id)
    this.#openByFingerprint.set(fingerprint, ids)
    this.#fingerprintById.set(id, fingerprint)
  }

  #confirmSoon(): void {
    this.#cancelRetry?.()
    this.#cancelRetry = null
    this.#confirming ??= this.#confirmAll()
  }

  /** Confirmations gather while the one before is written: they cost no transaction of their own under load. */
  async #confirmAll(): Promise<void> {
    await Promise.resolve()
    while (this.#unconfirmed.length > 0) {
      const ids = this.#unconfirmed
      this.#unconfirmed = []
      try {
        await this.#parts.store.confirmMail(ids)
        for (const id of ids) this.release(id)
      } catch (error) {
        this.#parts.log.warn('confirm_failed', { count: ids.length, error: describeError(error) })
        // They stay open, so that nothing is taken for their second try, and are confirmed again in a moment.
        this.#unconfirmed = [...ids, ...this.#unconfirmed]
        this.#cancelRetry = this.#parts.world.after(CONFIRM_RETRY_MS, () => this.#confirmSoon())
        break
      }
    }
    this.#confirming = null
  }
}

/** Same for the same return path, recipients and bytes. The inbox's id is part of it: an address created anew is another recipient. */
function fingerprintMail(envelope: Envelope, contentHash: string): string {
  const recipients = envelope.recipients.map(({ inboxId, address }) => `${inboxId} ${address}`).sort()
  return createHash('sha256')
    .update(JSON.stringify([envelope.from, recipients, contentHash]))
    .digest('hex')
}
