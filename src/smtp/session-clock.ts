/** How long a session may last and how long it may be silent. A byte now and then puts off the one, never the other. */

import type { World } from '../world.ts'
import type { SmtpBounds } from './bounds.ts'
import { REPLIES } from './replies.ts'

/** What the clock asks of its session. */
export type SessionClockHooks = {
  /** The client waits for us. */
  isOurTurn: () => boolean
  /** A message is coming in or being stored; it may be finished, its own deadlines see to it. */
  isMidMessage: () => boolean
  end: (reply: string) => void
}

/** Runs from the moment it is made until it is stopped. */
export class SessionClock {
  readonly #world: World
  readonly #bounds: SmtpBounds
  readonly #hooks: SessionClockHooks
  #byteAt: number
  #commandAt: number
  #expired = false
  #cancelIdle: () => void = () => {}
  #cancelSession: () => void = () => {}

  constructor(world: World, bounds: SmtpBounds, hooks: SessionClockHooks) {
    this.#world = world
    this.#bounds = bounds
    this.#hooks = hooks
    this.#byteAt = world.now()
    this.#commandAt = this.#byteAt
    this.#watchIdle(bounds.idleMs)
    this.#watchSession(bounds.sessionMs)
  }

  /** When the last byte came, in milliseconds. */
  get byteAt(): number {
    return this.#byteAt
  }

  /** When the last whole command came, or the connection, in milliseconds. */
  get commandAt(): number {
    return this.#commandAt
  }

  /** The session has lasted too long: nothing new may be begun. */
  get expired(): boolean {
    return this.#expired
  }

  /** Bytes came in, or our long-awaited answer went out. */
  byte(): void {
    this.#byteAt = this.#world.now()
  }

  command(): void {
    this.#commandAt = this.#byteAt
  }

  stop(): void {
    this.#cancelIdle()
    this.#cancelSession()
  }

  /** One timer looks now and then; moving it at every chunk would cost more than the mail. */
  #watchIdle(delayMs: number): void {
    this.#cancelIdle = this.#world.after(delayMs, () => {
      const { idleMs } = this.#bounds
      const silentMs = this.#hooks.isOurTurn() ? 0 : this.#world.now() - this.#byteAt
      if (silentMs >= idleMs) this.#hooks.end(REPLIES.idleTooLong)
      else this.#watchIdle(idleMs - silentMs)
    })
  }

  #watchSession(delayMs: number): void {
    this.#cancelSession = this.#world.after(delayMs, () => {
      this.#expired = true
      if (this.#hooks.isMidMessage()) this.#watchSession(this.#bounds.idleMs)
      else this.#hooks.end(REPLIES.sessionTooLong)
    })
  }
}
