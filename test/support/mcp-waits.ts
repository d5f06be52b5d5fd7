/** Waits in the post office in memory: for mail, which each takes once, and for news of a delivery. */

import { looksAlike } from '../../src/address-likeness.ts'
import type { Arrivals } from '../../src/arrivals.ts'
import { MailError } from '../../src/errors.ts'
import { MAX_NEAR_MISSES, MAX_WAIT_LOOKALIKES, REFUSALS_SHOWN_MS } from '../../src/limits.ts'
import { FIRST_PIECE } from '../../src/post-office/reader.ts'
import { readPiece } from '../../src/post-office/reading.ts'
import type { DeliveryWaitResult, WaitHooks, WaitInput, WaitResult } from '../../src/post-office.ts'
import type { RefusalReason } from '../../src/receiver.ts'
import { UNKNOWN_SENDER } from '../../src/sender-check.ts'
import type { FoundSessions, Session } from '../../src/session-log.ts'
import type { NearMiss } from '../../src/store.ts'
import type { World } from '../../src/world.ts'
import { failed, type KeptInbox, type KeptMessage, reasons } from './mcp-mail.ts'
import { showSent } from './mcp-sent.ts'

const CLIENT = { remoteAddress: '192.0.2.7', helo: 'mail.example.org', mailFrom: 'shop@example.org' }

function toSession({ address, reason, atMs }: Refusal): Session {
  const at = new Date(atMs).toISOString()
  const sizeBytes = ['unknown', 'suspended', 'too_many_recipients'].includes(reason) ? null : 30_000_000
  return { address, reason, ...CLIENT, sizeBytes, count: 1, firstAt: at, at }
}

type Refusal = { address: string; reason: RefusalReason; atMs: number }

export class MemoryWaits {
  /** Waits that sleep at the moment. */
  sleepers = 0
  readonly #world: World
  readonly #arrivals: Arrivals
  readonly #refusals: Refusal[] = []

  constructor(world: World, arrivals: Arrivals) {
    this.#world = world
    this.#arrivals = arrivals
  }

  /** Mail for the address was turned away. */
  refuse(address: string, reason: RefusalReason): void {
    this.#refusals.push({ address, reason, atMs: this.#world.now() })
  }

  /** What was turned away at an address, and at those that look like it. */
  findSessions(address: string, sinceMs: number): FoundSessions {
    const kept = this.#refusals.filter(({ atMs }) => atMs >= sinceMs).reverse()
    const isLookalike = (other: Refusal) => other.reason === 'unknown' && looksAlike(address, other.address)
    return {
      sessions: kept.filter((refusal) => refusal.address === address).map(toSession),
      lookalikes: kept.filter(isLookalike).map(toSession),
    }
  }

  async waitForMail(home: KeptInbox, input: WaitInput, hooks: WaitHooks, notice: () => string | null): Promise<WaitResult> {
    if (home.suspended !== null) {
      const { reason } = home.suspended
      throw new MailError('inbox_suspended', `${home.inbox.address} is suspended and receives nothing: ${reason}`, {
        facts: { reason },
      })
    }
    const { timeoutSeconds, part: { waitedBeforeMs } = { waitedBeforeMs: 0 } } = input
    return this.#until(home.inbox.id, { timeoutSeconds, waitedBeforeMs }, hooks, (waitedSeconds, isLast) => {
      const found = home.kept.find(({ message }) => {
        const { direction, read, seq } = message
        return direction === 'inbound' && !read && seq > input.after && failed(message, input.filter).length === 0
      })
      if (found === undefined) return isLast ? this.#timeOut(home, input, waitedSeconds, notice()) : null
      found.message = { ...found.message, read: true }
      const reading = readPiece(found.message, found.message.senderVerdict ?? UNKNOWN_SENDER, FIRST_PIECE)
      return { status: 'received', reading, cursor: found.message.seq }
    })
  }

  /** `find` fails once the message has gone. */
  waitForNews(
    inboxId: string,
    find: () => KeptMessage,
    { after, timeoutSeconds }: { after: number; timeoutSeconds: number },
    hooks: WaitHooks,
  ): Promise<DeliveryWaitResult> {
    return this.#until(inboxId, { timeoutSeconds, waitedBeforeMs: 0 }, hooks, (waitedSeconds, isLast) => {
      const sent = showSent(find())
      if (sent.deliveryCursor > after) return { status: 'news', sent, waitedSeconds }
      return isLast ? { status: 'timeout', sent, waitedSeconds } : null
    })
  }

  /** Looks, sleeps until something rings or time is up, looks again. */
  async #until<Result>(
    inboxId: string,
    { timeoutSeconds, waitedBeforeMs }: { timeoutSeconds: number; waitedBeforeMs: number },
    hooks: WaitHooks,
    look: (waitedSeconds: number, isLast: boolean) => Result | null,
  ): Promise<Result> {
    const startedAt = this.#world.now() - waitedBeforeMs
    const endsAtSeconds = timeoutSeconds + waitedBeforeMs / 1_000
    for (;;) {
      hooks.signal.throwIfAborted()
      const waitedSeconds = (this.#world.now() - startedAt) / 1_000
      const result = look(Math.floor(waitedSeconds), waitedSeconds >= endsAtSeconds)
      if (result !== null) return result
      await this.#sleep(inboxId, (endsAtSeconds - waitedSeconds) * 1_000, hooks.signal)
      hooks.onProgress?.((this.#world.now() - startedAt) / 1_000)
    }
  }

  #timeOut(
    { inbox, kept, seq }: KeptInbox,
    { filter, after }: WaitInput,
    waitedSeconds: number,
    notice: string | null,
  ): WaitResult {
    const nearMisses = kept
      .filter(({ message }) => message.direction === 'inbound' && message.seq > after)
      .map(({ message: { id, seq: at, fromAddress, fromName, subject }, message }): NearMiss => {
        return { messageId: id, seq: at, failed: reasons(message, filter), fromAddress, fromName, subject }
      })
      .reverse()
      .slice(0, MAX_NEAR_MISSES)
    const since = this.#world.now() - waitedSeconds * 1_000 - REFUSALS_SHOWN_MS
    const found = this.findSessions(inbox.address, since)
    const refusals = found.sessions.map(({ reason, at }) => ({ reason, at })).reverse()
    const lookalikes = found.lookalikes.slice(0, MAX_WAIT_LOOKALIKES).map(({ address, at, count }) => ({ address, at, count }))
    return { status: 'timeout', cursor: seq, waitedSeconds, nearMisses, refusals, lookalikes, notice }
  }

  async #sleep(inboxId: string, delayMs: number, signal: AbortSignal): Promise<void> {
    this.sleepers += 1
    await new Promise<void>((resolve) => {
      const cancel = this.#world.after(delayMs, resolve)
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
