/** One connection to a relay: opened, secured, signed in, and then one message after another, each to one recipient. */

import type { Socket } from 'node:net'
import type { ConnectionOptions } from 'node:tls'
import type SMTPConnection from 'nodemailer/lib/smtp-connection'
import type { SMTPEnvelope } from 'nodemailer/lib/smtp-connection'
import type { Carriage, Outcome } from '../carrier.ts'
import type { World } from '../world.ts'
import type { Dial } from './relay-dial.ts'
import { explainSetup, judgeAnswer, judgeError } from './relay-errors.ts'
import { RelayFailure } from './relay-failure.ts'
import { RelayMessage } from './relay-message.ts'
import { parseReply } from './relay-reply.ts'
import { isLoopbackAddress, type RelayTarget } from './relay-target.ts'

/** What every connection to a relay is opened with. */
export type ConnectionParts = {
  readonly target: RelayTarget
  readonly dial: Dial
  readonly world: World
  /** Our name in EHLO. */
  readonly clientName: string
  /** PEM certificates that are trusted instead of the system's; null for the system's. */
  readonly ca: string | null
  /** Name look-up to signing in must be done after this long. */
  readonly setupDeadlineMs: number
  readonly maxReplyBytes: number
  /** For nodemailer's own timers, which are only a net: the deadlines that count are ours. */
  readonly deadlineMs: number
}

/** An outcome, and whether any of the message was given to the connection. */
export type Transaction = { readonly outcome: Outcome; readonly isBegun: boolean }

/** Usable until {@link isOpen} is false; a connection on which anything went wrong is closed, never used again. */
export class RelayConnection {
  readonly #smtp: SMTPConnection
  readonly #socket: Socket
  #messages = 0

  private constructor(smtp: SMTPConnection, socket: Socket) {
    this.#smtp = smtp
    this.#socket = socket
    // Errors are told to whoever waits for an answer; between two messages nobody does, and an event without a listener would throw.
    smtp.on('error', () => {})
  }

  /** Opens a connection on which mail can be sent. @throws RelayFailure */
  static async open(parts: ConnectionParts, signal: AbortSignal): Promise<RelayConnection> {
    const { default: SmtpConnection } = await import('nodemailer/lib/smtp-connection')
    const setup = new AbortController()
    const end = () => setup.abort(signal.reason)
    const cancel = parts.world.after(parts.setupDeadlineMs, () => setup.abort('the relay was not ready in time'))
    signal.addEventListener('abort', end, { once: true })
    if (signal.aborted) end()
    try {
      const socket = await parts.dial(parts.target, setup.signal)
      const connection = new RelayConnection(new SmtpConnection(describeConnection(parts, socket)), socket)
      await connection.#setUp(parts, setup.signal)
      return connection
    } finally {
      cancel()
      signal.removeEventListener('abort', end)
    }
  }

  async #setUp({ target: { credentials, isLoopback } }: ConnectionParts, signal: AbortSignal): Promise<void> {
    const smtp = this.#smtp
    try {
      await perform(smtp, signal, (done) => smtp.connect(done))
      if (!smtp.secure && !(isLoopback && isHere(this.#socket)))
        throw new RelayFailure('the connection to the relay is not encrypted')
      if (credentials === null) return
      // nodemailer's transport would go on unsigned, and whoever reads the mail would wonder who sent it.
      if (!smtp.allowsAuth) throw new RelayFailure('the relay does not let anybody sign in')
      await perform(smtp, signal, (done) => smtp.login({ ...credentials }, done))
    } catch (error) {
      this.close()
      throw explainSetup(error)
    }
  }

  get isOpen(): boolean {
    return !this.#smtp.destroyed
  }

  /** Whether nobody between here and the relay can read along. */
  get isEncrypted(): boolean {
    return this.#smtp.secure
  }

  /** Messages that went over it. */
  get messages(): number {
    return this.#messages
  }

  /** Calls back when the connection has ended, from whichever side. */
  onEnd(callback: () => void): void {
    this.#smtp.once('end', callback)
  }

  /** An idle connection keeps no process alive. */
  setIdle(isIdle: boolean): void {
    if (isIdle) this.#socket.unref()
    else this.#socket.ref()
  }

  /** One message to one recipient. Never rejects. Unless the relay took the message, the connection is closed afterwards. */
  async send(carriage: Carriage, signal: AbortSignal): Promise<Transaction> {
    const message = new RelayMessage(carriage.raw, () => parseReply(this.#smtp.lastServerResponse || '')?.code === 354)
    this.#messages += 1
    const outcome = await this.#transact(carriage, message, signal)
    message.destroy()
    // Half a message is on its way: a QUIT would be part of it.
    const isMidway = message.isBegun && !message.isHandedOver
    if (outcome.kind !== 'sent') {
      if (outcome.replyCode === null || isMidway) this.close()
      else this.quit()
    }
    return { outcome, isBegun: message.isBegun }
  }

  async #transact({ envelopeFrom, recipient, raw }: Carriage, message: RelayMessage, signal: AbortSignal): Promise<Outcome> {
    const smtp = this.#smtp
    const envelope: SMTPEnvelope & { rejectedErrors?: Error[]; mailError?: Error } = {
      from: envelopeFrom,
      to: [recipient],
      size: raw.byteLength,
    }
    let response = ''
    try {
      await perform(smtp, signal, (done) =>
        smtp.send(envelope, message, (error, info) => {
          response = info?.response ?? ''
          done(error)
        }),
      )
    } catch (error) {
      // With PIPELINING nodemailer notes a refusal in the envelope and tells of it only with the reply to DATA, which may never come.
      return judgeError(envelope.mailError ?? envelope.rejectedErrors?.[0] ?? error, message.isHandedOver)
    }
    return judgeAnswer(response, message.isHandedOver)
  }

  /** Says goodbye and leaves without waiting for the answer. */
  quit(): void {
    if (this.isOpen) this.#smtp.quit()
    this.close()
  }

  /** Ends the connection where it stands. */
  close(): void {
    this.#smtp.close()
    // A connection that is still being made has not reached nodemailer's care.
    this.#socket.destroy()
  }
}

function describeConnection(parts: ConnectionParts, socket: Socket) {
  const { target, clientName, ca, setupDeadlineMs, deadlineMs, maxReplyBytes } = parts
  const mayBePlain = target.isLoopback && isHere(socket)
  const tls: ConnectionOptions = { minVersion: 'TLSv1.2', rejectUnauthorized: true, ...(ca === null ? {} : { ca }) }
  return {
    connection: socket,
    host: target.host,
    port: target.port,
    secure: target.secure,
    // Whoever can listen on loopback is on this machine; what mail programs there offer is seldom a certificate that anybody vouches for.
    ...(mayBePlain ? { ignoreTLS: true } : { requireTLS: true }),
    name: clientName,
    tls,
    connectionTimeout: setupDeadlineMs,
    greetingTimeout: setupDeadlineMs,
    socketTimeout: deadlineMs,
    // Nothing is left to wait for when a connection is closed, and a socket in its death throes would keep the process alive.
    socketCloseTimeout: 0,
    maxResponseSize: maxReplyBytes,
  }
}

function isHere(socket: Socket): boolean {
  return isLoopbackAddress(socket.remoteAddress ?? '')
}

/** Runs one step of nodemailer's to its callback, an error of the connection or the abort of `signal`, whichever is first. */
function perform(
  smtp: SMTPConnection,
  signal: AbortSignal,
  start: (done: (error: Error | null | undefined) => void) => void,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const onAbort = () => reject(new RelayFailure(String(signal.reason)))
  smtp.on('error', reject)
  signal.addEventListener('abort', onAbort, { once: true })
  if (signal.aborted) onAbort()
  else start((error) => (error ? reject(error) : resolve()))
  return promise.finally(() => {
    smtp.off('error', reject)
    signal.removeEventListener('abort', onAbort)
  })
}
