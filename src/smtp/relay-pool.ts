/** The few connections to a relay: opened when there is mail, kept for a while, never used again once anything went wrong on them. */

import type { Carriage, Outcome } from '../carrier.ts'
import type { Log } from '../log.ts'
import { type ConnectionParts, RelayConnection, type Transaction } from './relay-connection.ts'
import { RelayFailure } from './relay-failure.ts'
import { CLOSING_CODE } from './relay-reply.ts'

/** Bounds of a pool. */
export type PoolLimits = {
  readonly maxConnections: number
  readonly maxMessagesPerConnection: number
  /** A connection without work is closed after this long. */
  readonly idleMs: number
}

/** Hands out connections, at most so many at once; those who find none wait in line. */
export class RelayPool {
  readonly #parts: ConnectionParts
  readonly #limits: PoolLimits
  readonly #log: Log
  /** Connections without work, the one used last at the end, each with what cancels its closing. */
  readonly #idle = new Map<RelayConnection, () => void>()
  readonly #waiting: (() => void)[] = []
  #busy = 0
  #isClosed = false
  #isDown = false

  constructor(parts: ConnectionParts, limits: PoolLimits, log: Log) {
    this.#parts = parts
    this.#limits = limits
    this.#log = log
  }

  /** Carries one message over a connection. @throws RelayFailure when there is none, before any of the message was sent */
  async carry(carriage: Carriage, signal: AbortSignal): Promise<Outcome> {
    await this.#takeTurn(signal)
    try {
      const kept = this.#takeIdle()
      const first = kept === null ? null : await this.#send(kept, carriage, signal)
      if (first !== null && (!isStale(first) || signal.aborted)) return first.outcome
      const { outcome } = await this.#send(await this.#open(signal), carriage, signal)
      return outcome
    } finally {
      this.#passTurn()
    }
  }

  /** Keeps no connection from here on. */
  close(): void {
    this.#isClosed = true
    for (const connection of this.#idle.keys()) this.#drop(connection)
  }

  async #send(connection: RelayConnection, carriage: Carriage, signal: AbortSignal): Promise<Transaction> {
    const transaction = await connection.send(carriage, signal)
    const isSpent = connection.messages >= this.#limits.maxMessagesPerConnection
    if (connection.isOpen && !isSpent && !this.#isClosed) this.#keep(connection)
    else connection.quit()
    return transaction
  }

  async #open(signal: AbortSignal): Promise<RelayConnection> {
    const { host, port } = this.#parts.target
    try {
      const connection = await RelayConnection.open(this.#parts, signal)
      connection.onEnd(() => this.#forget(connection))
      if (this.#isDown) this.#log.info('relay_back', { host, port })
      this.#isDown = false
      return connection
    } catch (error) {
      // Once, not once for each message that waits.
      if (error instanceof RelayFailure && !signal.aborted && !this.#isDown) {
        this.#isDown = true
        this.#log.warn('relay_unusable', { host, port, reason: error.message, replyCode: error.reply?.code ?? null })
      }
      throw error
    }
  }

  #keep(connection: RelayConnection): void {
    connection.setIdle(true)
    this.#idle.set(
      connection,
      this.#parts.world.after(this.#limits.idleMs, () => this.#drop(connection)),
    )
  }

  #takeIdle(): RelayConnection | null {
    const connection = [...this.#idle.keys()].at(-1)
    if (connection === undefined) return null
    this.#forget(connection)
    connection.setIdle(false)
    return connection
  }

  #drop(connection: RelayConnection): void {
    this.#forget(connection)
    connection.quit()
  }

  #forget(connection: RelayConnection): void {
    this.#idle.get(connection)?.()
    this.#idle.delete(connection)
  }

  /** Whoever has the turn may have a connection; an idle one is taken before another is opened, so together they never exceed the bound. */
  async #takeTurn(signal: AbortSignal): Promise<void> {
    if (signal.aborted) throw new RelayFailure(String(signal.reason))
    if (this.#busy < this.#limits.maxConnections) {
      this.#busy += 1
      return
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const onAbort = () => {
      this.#waiting.splice(this.#waiting.indexOf(resolve), 1)
      reject(new RelayFailure(String(signal.reason)))
    }
    this.#waiting.push(resolve)
    signal.addEventListener('abort', onAbort, { once: true })
    await promise.finally(() => signal.removeEventListener('abort', onAbort))
  }

  #passTurn(): void {
    const next = this.#waiting.shift()
    if (next === undefined) this.#busy -= 1
    else next()
  }
}

/** A kept connection that the relay had closed meanwhile: nothing of the message was sent, so a new connection may be tried at once. */
function isStale({ outcome, isBegun }: Transaction): boolean {
  const { kind, replyCode } = outcome
  return kind === 'deferred' && !isBegun && (replyCode === null || replyCode === CLOSING_CODE)
}
