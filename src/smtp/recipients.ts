/** The recipients of one message after the other: exactly those that the post office knows. */

import { describeError } from '../log.ts'
import type { Recipient } from '../model.ts'
import type { RecipientAnswer, RefusalReason } from '../receiver.ts'
import { isPlainAddress, parseRecipientArgument } from './command-arguments.ts'
import type { SmtpContext } from './context.ts'
import { REPLIES } from './replies.ts'
import { settle } from './settle.ts'
import type { Wire } from './wire.ts'

/** Whether a RCPT led anywhere; `counted` are those that have a bound of their own. */
export type RecipientOutcome = 'added' | 'counted' | 'no_progress'

/** Tells of a recipient that was turned away. */
export type TellRefused = (address: string, reason: RefusalReason) => void

/** Those of one session. Answers every RCPT once, and counts those that were turned away. */
export class Recipients {
  readonly #context: SmtpContext
  readonly #wire: Wire
  readonly #tellRefused: TellRefused
  #accepted: Recipient[] = []
  /** Those that would have been, of a message that was announced to be too large. */
  #oversized: Recipient[] = []
  #refused: 'none' | 'for_good' | 'for_now' = 'none'
  #refusedInSession = 0
  #excessInSession = 0

  constructor(context: SmtpContext, wire: Wire, tellRefused: TellRefused) {
    this.#context = context
    this.#wire = wire
    this.#tellRefused = tellRefused
  }

  /** Those of the current message, none twice. */
  get accepted(): readonly Recipient[] {
    return this.#accepted
  }

  /** Whether the current message had any that was turned away; `for_now` when at least one of them may be taken later. */
  get refused(): 'none' | 'for_good' | 'for_now' {
    return this.#refused
  }

  /** Begins the next message. */
  reset(): void {
    this.#accepted = []
    this.#oversized = []
    this.#refused = 'none'
  }

  /** RCPT within a message (RFC 5321 section 4.1.1.3), which may be announced to be too large. `done` is called once it has been answered. */
  add(line: string, isTooLarge: boolean, done: (outcome: RecipientOutcome) => void): void {
    const argument = parseRecipientArgument(line)
    if (argument === null || argument.path === '') {
      this.#answer(REPLIES.badRecipient, 'no_progress', done)
    } else if (argument.parameters.length > 0) {
      // NOTIFY and ORCPT belong to DSN (RFC 3461), which we do not advertise.
      this.#answer(REPLIES.unknownParameter, 'no_progress', done)
    } else {
      this.#addPath(argument.path, isTooLarge, done)
    }
  }

  #addPath(path: string, isTooLarge: boolean, done: (outcome: RecipientOutcome) => void): void {
    if (this.#accepted.length + this.#oversized.length >= this.#context.bounds.maxRecipients) {
      this.#refuseExcess(path)
      done('counted')
    } else if (/^postmaster$/i.test(path)) {
      this.#lookUp(`${path}@${this.#context.domain}`, isTooLarge, done)
    } else if (isPlainAddress(path)) {
      this.#lookUp(path, isTooLarge, done)
    } else {
      this.#refuse(path, 'unknown')
      done('counted')
    }
  }

  #answer(reply: string, outcome: RecipientOutcome, done: (outcome: RecipientOutcome) => void): void {
    this.#wire.reply(reply)
    done(outcome)
  }

  #lookUp(address: string, isTooLarge: boolean, done: (outcome: RecipientOutcome) => void): void {
    const { receiver, world, bounds, log } = this.#context
    const fail = () => {
      this.#tellRefused(address, 'store_error')
      this.#refused = 'for_now'
      this.#answer(REPLIES.failure, 'no_progress', done)
    }
    settle(world, bounds.answerMs, () => receiver.accepts(address), {
      value: (answer) => done(this.#take(address, answer, isTooLarge)),
      failure: (error) => {
        log.error('smtp_lookup_failed', { error: describeError(error) })
        fail()
      },
      overdue: () => {
        log.error('smtp_lookup_overdue')
        fail()
      },
      late: () => {},
      defect: (error) => {
        log.error('smtp_defect', { error: describeError(error) })
        this.#wire.drop(REPLIES.failure)
      },
    })
  }

  #take(address: string, answer: RecipientAnswer, isTooLarge: boolean): RecipientOutcome {
    if (!answer.accepted) {
      this.#refuse(address, answer.reason)
      return 'counted'
    }
    const { recipient } = answer
    const taken = isTooLarge ? this.#oversized : this.#accepted
    const known = taken.some((other) => other.inboxId === recipient.inboxId && other.address === recipient.address)
    if (!known) taken.push(recipient)
    if (isTooLarge) this.#refuseTooLarge(address, known)
    else this.#wire.reply(REPLIES.recipientOk)
    return known ? 'no_progress' : 'added'
  }

  #refuseTooLarge(address: string, isKnown: boolean): void {
    if (!isKnown) this.#tellRefused(address, 'too_large')
    if (this.#refused === 'none') this.#refused = 'for_good'
    this.#wire.reply(REPLIES.tooLarge)
  }

  #refuse(address: string, reason: 'unknown' | 'suspended'): void {
    this.#tellRefused(address, reason)
    if (this.#refused === 'none') this.#refused = 'for_good'
    this.#refusedInSession += 1
    if (this.#refusedInSession > this.#context.bounds.maxRefusedRecipients) this.#wire.hangUp(REPLIES.tooManyRefused)
    else this.#wire.reply(reason === 'unknown' ? REPLIES.unknownRecipient : REPLIES.suspendedRecipient)
  }

  /** Not looked up, and no fault of the client's: it sends the rest in another message (RFC 5321 section 4.5.3.1.10). */
  #refuseExcess(address: string): void {
    this.#tellRefused(address, 'too_many_recipients')
    this.#excessInSession += 1
    if (this.#excessInSession > this.#context.bounds.maxExcessRecipients) this.#wire.hangUp(REPLIES.tooManyExcess)
    else this.#wire.reply(REPLIES.tooManyRecipients)
  }
}
