/** The messages of one session, from MAIL to our one answer to each. */

import { MailError } from '../errors.ts'
import { describeError } from '../log.ts'
import type { Envelope, Recipient } from '../model.ts'
import type { RefusalReason } from '../receiver.ts'
import { checkMailParameters, isSender, parseMailArgument, readDeclaredBytes } from './command-arguments.ts'
import type { SmtpContext } from './context.ts'
import type { Holder } from './inflight.ts'
import { MailBuffer } from './mail-buffer.ts'
import { countReceivedHeaders } from './received-headers.ts'
import { Recipients } from './recipients.ts'
import { REPLIES, replyAccepted } from './replies.ts'
import { settle } from './settle.ts'
import type { Wire } from './wire.ts'

/** `envelope` from MAIL on, `data` while the message comes in, `answer` while we store it. */
export type Stage = 'none' | 'envelope' | 'data' | 'answer'

/** Why a message is not taken. */
type MessageRefusal = { readonly reply: string; readonly reason: RefusalReason }

const REFUSALS = {
  tooLarge: { reply: REPLIES.tooLarge, reason: 'too_large' },
  noRoom: { reply: REPLIES.noRoom, reason: 'store_error' },
  mailLoop: { reply: REPLIES.mailLoop, reason: 'mail_loop' },
  failure: { reply: REPLIES.failure, reason: 'store_error' },
  unknown: { reply: REPLIES.unknownRecipient, reason: 'unknown' },
} as const satisfies Record<string, MessageRefusal>

/** With pipelining the answer to DATA may be all that a sender looks at: a 554 would bounce what only we could not look up. */
const NO_RECIPIENT_REPLIES = {
  none: REPLIES.needRecipient,
  for_good: REPLIES.noRecipients,
  for_now: REPLIES.noRecipientsNow,
} as const

/** Those of one session. Answers every MAIL, RCPT, DATA and message once, whatever the post office does. */
export class Transactions implements Holder {
  readonly #context: SmtpContext
  readonly #wire: Wire
  readonly #buffer: MailBuffer
  readonly #recipients: Recipients
  #stage: Stage = 'none'
  #from = ''
  #declaredBytes = 0
  #idleCommands = 0
  #ended = false
  #isLookingUp = false
  #cancelDataDeadline: (() => void) | null = null

  constructor(context: SmtpContext, wire: Wire) {
    this.#context = context
    this.#wire = wire
    this.#recipients = new Recipients(context, wire, (address, reason) => this.#tellRefusedRecipient(address, reason))
    this.#buffer = new MailBuffer({
      maxBytes: context.maxMessageBytes,
      maxOverrunBytes: context.bounds.maxOverrunBytes,
      inflight: context.inflight,
      holder: this,
      onOverrun: () => this.#dropEndless(),
    })
  }

  get stage(): Stage {
    return this.#stage
  }

  get remoteAddress(): string {
    return this.#wire.remoteAddress
  }

  /** In the middle of DATA, and not a step forward for a while. */
  get isStalled(): boolean {
    const { world, bounds } = this.#context
    return this.#stage === 'data' && this.#wire.activeAt <= world.now() - bounds.evictAfterMs
  }

  /** Others need the room: the session ends, and its message is lost. */
  giveUp(): void {
    this.#wire.drop(REPLIES.makeRoom)
  }

  /** A RCPT is not answered yet. */
  get isLookingUp(): boolean {
    return this.#isLookingUp
  }

  /** Where the bytes of a message go. */
  get sink(): MailBuffer {
    return this.#buffer
  }

  /** A command came; false when there have been too many that led nowhere. One that leads somewhere is taken off again. */
  countCommand(): boolean {
    this.#idleCommands += 1
    return this.#idleCommands <= this.#context.bounds.maxIdleCommands
  }

  /** MAIL (RFC 5321 section 4.1.1.2). */
  mail(line: string): void {
    this.#wire.reply(this.#replyToMail(line))
  }

  #replyToMail(line: string): string {
    if (this.#stage !== 'none') return REPLIES.nestedMail
    const argument = parseMailArgument(line)
    if (argument === null) return REPLIES.badSender
    const problem = checkMailParameters(argument.parameters)
    if (problem === 'unknown') return REPLIES.unknownParameter
    if (problem === 'malformed') return REPLIES.badParameter
    if (!isSender(argument.path)) return REPLIES.senderRefused
    this.#idleCommands -= 1
    this.#stage = 'envelope'
    this.#from = argument.path
    this.#declaredBytes = readDeclaredBytes(argument.parameters)
    return REPLIES.senderOk
  }

  /** RCPT. `done` is called once it has been answered. */
  recipient(line: string, done: () => void): void {
    if (this.#stage !== 'envelope') {
      this.#wire.reply(REPLIES.needMail)
      done()
      return
    }
    this.#isLookingUp = true
    this.#recipients.add(line, this.#isTooLarge, (outcome) => {
      this.#isLookingUp = false
      if (outcome !== 'no_progress') this.#idleCommands -= 1
      done()
    })
  }

  /** Refused at RCPT, not at MAIL (RFC 1870 section 6.1 has both): so it is known whose mail it was, and who waits for it can be told. */
  get #isTooLarge(): boolean {
    return this.#declaredBytes > this.#context.maxMessageBytes
  }

  /** DATA (RFC 5321 section 4.1.1.4). Answers whether a message follows. */
  data(line: string): boolean {
    const refusal = this.#refuseData(line)
    this.#wire.reply(refusal ?? REPLIES.sendData)
    if (refusal !== null) return false
    this.#idleCommands -= 1
    this.#stage = 'data'
    const { world, bounds } = this.#context
    this.#cancelDataDeadline = world.after(bounds.dataMs, () => this.#wire.hangUp(REPLIES.dataTooSlow))
    return true
  }

  #refuseData(line: string): string | null {
    if (line.trimEnd().length > 'DATA'.length) return REPLIES.noArgument
    if (this.#stage !== 'envelope') return REPLIES.needMail
    const { accepted, refused } = this.#recipients
    if (accepted.length === 0) return NO_RECIPIENT_REPLIES[refused]
    if (this.#context.inflight.hasRoomFor(this)) return null
    this.#tellRefused(REFUSALS.noRoom.reason, listAddresses(accepted), null)
    return REFUSALS.noRoom.reply
  }

  /** All bytes of the message are here. `done` is called once it has been answered. */
  messageComplete(done: () => void): void {
    this.#stopDataDeadline()
    this.#stage = 'answer'
    const recipients = this.#recipients.accepted
    const { outcome, arrivedBytes } = this.#buffer
    if (outcome === 'kept') this.#judge(this.#buffer.finish(), recipients, done)
    else this.#refuse(outcome === 'too_large' ? REFUSALS.tooLarge : REFUSALS.noRoom, recipients, arrivedBytes, done)
  }

  #judge(raw: Buffer, recipients: readonly Recipient[], done: () => void): void {
    const { maxReceivedHeaders } = this.#context.bounds
    if (countReceivedHeaders(raw, maxReceivedHeaders) > maxReceivedHeaders) {
      const sizeBytes = raw.length
      this.#context.inflight.give(sizeBytes, this)
      this.#refuse(REFUSALS.mailLoop, recipients, sizeBytes, done)
    } else {
      const { helo, remoteAddress } = this.#wire
      const receivedAt = this.#context.world.now()
      this.#store({ from: this.#from, recipients, helo, remoteAddress, receivedAt }, raw, done)
    }
  }

  #store(envelope: Envelope, raw: Buffer, done: () => void): void {
    const { receiver, world, bounds, log } = this.#context
    const sizeBytes = raw.length
    const { recipients } = envelope
    settle(world, bounds.answerMs, () => this.#hand(envelope, raw), {
      value: ({ id }) => {
        log.debug('smtp_accepted', { id, sizeBytes, recipients: recipients.length })
        if (this.#ended) receiver.release(id)
        else this.#accept(id, done)
      },
      failure: (error) => {
        const gone = error instanceof MailError && error.code === 'inbox_not_found'
        if (!gone) log.error('smtp_accept_failed', { sizeBytes, error: describeError(error) })
        this.#refuse(gone ? REFUSALS.unknown : REFUSALS.failure, recipients, sizeBytes, done)
      },
      overdue: () => {
        log.error('smtp_accept_overdue', { sizeBytes })
        this.#refuse(REFUSALS.failure, recipients, sizeBytes, done)
      },
      // Our 451 went out: the sender tries again, and is recognised then.
      late: ({ id }) => receiver.release(id),
      defect: (error) => {
        log.error('smtp_defect', { error: describeError(error) })
        this.#wire.drop(REPLIES.failure)
      },
    })
  }

  async #hand(envelope: Envelope, raw: Buffer): Promise<{ id: string }> {
    // The receiver may hand the bytes on to another thread, and their length is gone then.
    const sizeBytes = raw.length
    try {
      return await this.#context.receiver.accept(envelope, raw)
    } finally {
      this.#context.inflight.give(sizeBytes, this)
    }
  }

  #accept(id: string, done: () => void): void {
    this.#wire.acknowledge(id)
    this.#idleCommands = 0
    this.#finish(replyAccepted(id), done)
  }

  #refuse(refusal: MessageRefusal, recipients: readonly Recipient[], sizeBytes: number, done: () => void): void {
    this.#tellRefused(refusal.reason, listAddresses(recipients), sizeBytes)
    this.#finish(refusal.reply, done)
  }

  #finish(reply: string, done: () => void): void {
    if (this.#ended) return
    this.#wire.reply(reply)
    this.reset()
    done()
  }

  /** A message over a bound that goes on and on: its end is not waited for. */
  #dropEndless(): void {
    const refusal = this.#buffer.outcome === 'no_room' ? REFUSALS.noRoom : REFUSALS.tooLarge
    this.#tellRefused(refusal.reason, listAddresses(this.#recipients.accepted), this.#buffer.arrivedBytes)
    this.reset()
    this.#wire.drop(refusal.reply)
  }

  #tellRefusedRecipient(address: string, reason: RefusalReason): void {
    this.#tellRefused(reason, [address], reason === 'too_large' ? this.#declaredBytes : null)
  }

  #tellRefused(reason: RefusalReason, addresses: readonly string[], sizeBytes: number | null): void {
    const { remoteAddress, helo } = this.#wire
    const session = { reason, remoteAddress, helo, mailFrom: this.#from, sizeBytes }
    for (const address of addresses) this.#context.receiver.refused({ address, ...session })
  }

  /** Forgets the message: RSET, EHLO, and after each answer. */
  reset(): void {
    this.#stopDataDeadline()
    this.#stage = 'none'
    this.#recipients.reset()
    this.#buffer.discard()
  }

  /** The session is over. A message that was not complete is lost, which a waiting agent may want to know. */
  end(): void {
    if (this.#ended) return
    this.#ended = true
    if (this.#stage === 'data') {
      this.#tellRefused('lost_mid_data', listAddresses(this.#recipients.accepted), this.#buffer.arrivedBytes)
    }
    this.reset()
  }

  #stopDataDeadline(): void {
    this.#cancelDataDeadline?.()
    this.#cancelDataDeadline = null
  }
}

function listAddresses(recipients: readonly Recipient[]): string[] {
  return recipients.map(({ address }) => address)
}
