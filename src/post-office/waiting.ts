/** Waiting for mail: subscribe, read the store, sleep until a ring, the slow poll, the time-out or the caller's abort; read again. */

import type { Arrivals } from '../arrivals.ts'
import { MailError } from '../errors.ts'
import { untilTick } from '../idle-tick.ts'
import {
  MAX_NEAR_MISSES,
  MAX_SESSION_ROWS_PER_INBOX,
  MAX_WAIT_LOOKALIKES,
  MAX_WAIT_SECONDS,
  MAX_WAITS,
  REFUSALS_SHOWN_MS,
  UNSIGNALLED_POLL_INTERVAL_MS,
  WAIT_LAST_LOOK_MS,
  WAIT_POLL_INTERVAL_MS,
} from '../limits.ts'
import type { Inbox } from '../model.ts'
import type { DeliveryWaitResult, WaitHooks, WaitInput, WaitResult } from '../post-office.ts'
import type { InboxRef, Store } from '../store.ts'
import type { World } from '../world.ts'
import { describeTrouble, type Listening } from './listening.ts'
import { FIRST_PIECE, type Reader } from './reader.ts'
import type { SessionRecorder } from './session-recorder.ts'
import { Sleeper } from './sleeper.ts'

/** What waiting is made of. */
export type WaitingParts = {
  store: Store
  arrivals: Arrivals
  sessions: SessionRecorder
  listening: Listening
  reader: Reader
  /** Whether other processes can be heard when they receive. */
  isSignalled: () => boolean
  world: World
}

/** The operations behind wait_for_message; see PostOffice for what each promises. */
export class Waiting {
  readonly #parts: WaitingParts
  #waits = 0

  constructor(parts: WaitingParts) {
    this.#parts = parts
  }

  wait(agent: string, ref: InboxRef, input: WaitInput, hooks: WaitHooks): Promise<WaitResult> {
    return this.#counted(input, hooks, async () => {
      const { inbox, suspendedReason } = await this.#parts.store.getInbox(agent, ref, this.#parts.world.now())
      refuseSuspended(inbox, suspendedReason)
      return this.#waitForMail(agent, inbox, input, hooks)
    })
  }

  async giveBack(agent: string, ref: InboxRef, messageId: string): Promise<void> {
    const { inboxId } = await this.#parts.store.updateMessage(agent, ref, messageId, { read: false })
    this.#parts.arrivals.ring(inboxId, 'change')
  }

  waitForDelivery(
    agent: string,
    ref: InboxRef,
    input: { messageId: string; after: number; timeoutSeconds: number },
    hooks: WaitHooks,
  ): Promise<DeliveryWaitResult> {
    return this.#counted(input, hooks, async () => {
      const { inbox } = await this.#parts.store.getInbox(agent, ref, this.#parts.world.now())
      return this.#waitForNews(agent, inbox, input, hooks)
    })
  }

  async #counted<Result>(
    input: { after: number; timeoutSeconds: number },
    { signal }: WaitHooks,
    wait: () => Promise<Result>,
  ): Promise<Result> {
    checkWait(input)
    signal.throwIfAborted()
    if (this.#waits >= MAX_WAITS) {
      throw new MailError('store_unavailable', `${MAX_WAITS} waits are open already.`, { hint: 'Let one of them end first.' })
    }
    this.#waits += 1
    try {
      return await wait()
    } finally {
      this.#waits -= 1
    }
  }

  async #waitForNews(
    agent: string,
    inbox: Inbox,
    { messageId, after, timeoutSeconds }: { messageId: string; after: number; timeoutSeconds: number },
    hooks: WaitHooks,
  ): Promise<DeliveryWaitResult> {
    const { world, arrivals, store } = this.#parts
    const startedAt = world.elapsedMs()
    const sleeper = new Sleeper(world, hooks.signal)
    const unsubscribe = arrivals.subscribe(inbox.id, (ring) => sleeper.ring(ring))
    try {
      for (;;) {
        const waitedMs = world.elapsedMs() - startedAt
        const sent = await store.getSentMessage(agent, inbox.id, messageId)
        const waitedSeconds = Math.floor(waitedMs / 1_000)
        if (sent.deliveryCursor > after) return { status: 'news', sent, waitedSeconds }
        if (waitedMs >= timeoutSeconds * 1_000) return { status: 'timeout', sent, waitedSeconds }
        await sleeper.sleep(Math.min(this.#pollDelayMs(hooks), timeoutSeconds * 1_000 - waitedMs))
        hooks.signal.throwIfAborted()
        hooks.onProgress?.(Math.floor((world.elapsedMs() - startedAt) / 1_000))
      }
    } finally {
      unsubscribe()
      sleeper.end()
    }
  }

  async #waitForMail(agent: string, inbox: Inbox, input: WaitInput, hooks: WaitHooks): Promise<WaitResult> {
    const { world, arrivals } = this.#parts
    const startedAt = world.elapsedMs()
    const deadlineMs = input.timeoutSeconds * 1_000
    const sleeper = new Sleeper(world, hooks.signal)
    const unsubscribe = arrivals.subscribe(inbox.id, (ring) => sleeper.ring(ring))
    // What was scanned without a match cannot match later, unless somebody changed it: then the whole range is read again.
    let scannedTo = input.after
    try {
      for (;;) {
        const last = world.elapsedMs() - startedAt >= deadlineMs
        const from = last || sleeper.takeChanged() ? input.after : scannedTo
        const { reading, cursor, isComplete } = await this.#look(agent, inbox, input, from, { startedAt, signal: hooks.signal })
        if (reading !== null) return { status: 'received', reading, cursor }
        scannedTo = Math.max(scannedTo, cursor)
        if (last || !isComplete) {
          return await this.#timeOut(agent, inbox, input, { cursor: isComplete ? cursor : scannedTo, startedAt })
        }
        await sleeper.sleep(Math.min(this.#pollDelayMs(hooks), Math.max(0, startedAt + deadlineMs - world.elapsedMs())))
        hooks.signal.throwIfAborted()
        hooks.onProgress?.(Math.floor((world.elapsedMs() - startedAt) / 1_000))
      }
    } finally {
      unsubscribe()
      sleeper.end()
    }
  }

  #pollDelayMs(hooks: WaitHooks): number {
    const isSeldom = this.#parts.isSignalled() && hooks.onProgress === undefined
    return isSeldom ? untilTick(this.#parts.world, WAIT_POLL_INTERVAL_MS) : UNSIGNALLED_POLL_INTERVAL_MS
  }

  /** Looks step by step through the whole range; one that is too long for what is left of the wait stays incomplete. */
  async #look(
    agent: string,
    inbox: Inbox,
    input: WaitInput,
    from: number,
    { startedAt, signal }: { startedAt: number; signal: AbortSignal },
  ) {
    const until = startedAt + input.timeoutSeconds * 1_000 + WAIT_LAST_LOOK_MS
    for (let after = from; ; ) {
      const look = await this.#take(agent, inbox, input, after, signal)
      if (look.reading !== null || look.isComplete || this.#parts.world.elapsedMs() >= until) return look
      after = look.cursor
    }
  }

  /** A caller that went away while a message was taken and read, or that it could not be read for, will never see it: hand it back for the next one. */
  async #take(agent: string, inbox: Inbox, input: WaitInput, after: number, signal: AbortSignal) {
    const { store, reader } = this.#parts
    const { message, ...look } = await store.takeMessage(agent, inbox.id, input.filter, after)
    if (message === null) {
      signal.throwIfAborted()
      return { ...look, reading: null }
    }
    try {
      signal.throwIfAborted()
      const reading = await reader.read(agent, message, FIRST_PIECE)
      signal.throwIfAborted()
      return { ...look, reading }
    } catch (error) {
      await this.giveBack(agent, inbox.id, message.id)
      throw error
    }
  }

  async #timeOut(
    agent: string,
    inbox: Inbox,
    input: WaitInput,
    { cursor, startedAt }: { cursor: number; startedAt: number },
  ): Promise<WaitResult> {
    const { store, sessions, listening, world } = this.#parts
    const waitedMs = world.elapsedMs() - startedAt + (input.part?.waitedBeforeMs ?? 0)
    if (input.part?.isLast === false) {
      const waitedSeconds = Math.floor(waitedMs / 1_000)
      return { status: 'timeout', cursor, waitedSeconds, nearMisses: [], refusals: [], lookalikes: [], notice: null }
    }
    const nearMisses = await store.listNearMisses(agent, inbox.id, input.filter, input.after, MAX_NEAR_MISSES)
    await sessions.flushSoon()
    const found = await store.listSessions(agent, {
      address: inbox.address,
      since: world.now() - waitedMs - REFUSALS_SHOWN_MS,
      limit: MAX_SESSION_ROWS_PER_INBOX,
      lookalikes: MAX_WAIT_LOOKALIKES,
    })
    return {
      status: 'timeout',
      cursor,
      waitedSeconds: Math.floor(waitedMs / 1_000),
      nearMisses,
      refusals: found.sessions.map(({ reason, at }) => ({ reason, at })).reverse(),
      lookalikes: found.lookalikes.map(({ address, at, count }) => ({ address, at, count })),
      notice: describeTrouble(listening.status()),
    }
  }
}

function checkWait({ timeoutSeconds, after }: { timeoutSeconds: number; after: number }): void {
  if (!(timeoutSeconds >= 0 && timeoutSeconds <= MAX_WAIT_SECONDS)) {
    throw new MailError('invalid_argument', `timeoutSeconds must be 0 to ${MAX_WAIT_SECONDS}.`)
  }
  if (!Number.isInteger(after) || after < 0) throw new MailError('invalid_argument', 'after must be a cursor: 0 or more.')
}

function refuseSuspended({ address }: Inbox, reason: string | null): void {
  if (reason === null) return
  throw new MailError('inbox_suspended', `${address} is suspended and receives nothing: ${reason}`, { facts: { reason } })
}
