/** How long a session may last and how long it may be silent, and when it last got somewhere. A byte now and then puts off only the silence. */

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
  #progressAt: number
  #bytesSinceProgress = 0
  #expired = false
  #cancelIdle: () => void = () => {}
  #cancelSession: () => void = () => {}

  constructor(world: World, bounds: SmtpBounds, hooks: SessionClockHooks) {
    this.#world = world
    this.#bounds = bounds
    this.#hooks = hooks
    this.#byteAt = world.now()
    this.#progressAt = this.#byteAt
    this.#watchIdle(bounds.idleMs)
    this.#watchSession(bounds.sessionMs)
  }

  /** When the last whole command or step of a message came, or the connection, or our answer went out, in milliseconds. */
  get progressAt(): number {
    return this.#progressAt
  }

  /** The session has lasted too long: nothing new may be begun. */
  get expired(): boolean {
    return this.#expired
  }

  /** Bytes came in. Only many of them are progress: 200 sessions of a byte every 3 s would else keep everybody out. */
  bytes(count: number): void {
    this.#byteAt = this.#world.now()
    this.#bytesSinceProgress += count
    if (this.#bytesSinceProgress >= this.#bounds.progressBytes) this.command()
  }

  /** A whole command came. */
  command(): void {
    this.#progressAt = this.#byteAt
    this.#bytesSinceProgress = 0
  }

  /** Our long-awaited answer went out: the client's time begins. */
  answered(): void {
    this.#byteAt = this.#world.now()
    this.command()
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
