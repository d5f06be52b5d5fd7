/**
 * One connection. smtp-server reads and dispatches the commands, does EHLO, TLS and the closing; this class takes the places of it that we
 * need otherwise. What it relies on is named in test/smtp/library.test.ts, which fails when an update of the library touches any of it.
 */

import type { Socket } from 'node:net'
import { SMTPConnection, type SMTPConnectionOptions } from 'smtp-server/lib/smtp-connection.js'
import { Acknowledgements } from './acknowledgements.ts'
import type { Guest } from './admission.ts'
import { CommandStream } from './command-stream.ts'
import type { SmtpContext } from './context.ts'
import { REPLIES } from './replies.ts'
import type { SmtpServer } from './server.ts'
import { SessionClock } from './session-clock.ts'
import { Transactions } from './transactions.ts'
import type { Wire } from './wire.ts'

/** Everything that may be said. smtp-server knows more: jokes (HELP, WIZ, SHELL, KILL), AUTH, and proxies' XCLIENT and XFORWARD. */
const COMMANDS: ReadonlySet<string> = new Set(['EHLO', 'HELO', 'MAIL', 'RCPT', 'DATA', 'RSET', 'NOOP', 'QUIT', 'VRFY'])

const ADMISSION_REPLIES = {
  closing: REPLIES.shuttingDown,
  full: REPLIES.tooManyConnections,
  address_full: REPLIES.tooManyFromAddress,
} as const

/** Emits `gone` once its socket is closed, and `error` for whatever the network did. */
export class Connection extends SMTPConnection implements Wire, Guest {
  readonly #context: SmtpContext
  readonly #offersTls: boolean
  readonly #transactions: Transactions
  readonly #acknowledgements: Acknowledgements
  readonly #clock: SessionClock
  readonly #flushLater = (): void => this.#flush()
  #replies = ''
  /** The TLS socket, from the beginning of the handshake on. */
  #topSocket: Socket
  #over = false

  constructor(server: SmtpServer, socket: Socket, options: SMTPConnectionOptions | null | undefined) {
    super(server, socket, options)
    const { context } = server
    this.#context = context
    this.#offersTls = server.offersTls
    this.#topSocket = socket
    this.#transactions = new Transactions(context, this)
    this.#acknowledgements = new Acknowledgements(context.receiver)
    this.#clock = new SessionClock(context.world, context.bounds, {
      isOurTurn: () => this.#transactions.stage === 'answer',
      isMidMessage: () => this.#isMidMessage,
      end: (reply) => this.hangUp(reply),
    })
  }

  get helo(): string {
    return this.hostNameAppearsAs === false ? '' : this.hostNameAppearsAs
  }

  get phase(): Guest['phase'] {
    const { stage, isLookingUp } = this.#transactions
    if (stage === 'none') return 'open'
    return stage === 'answer' || isLookingUp ? 'answering' : stage
  }

  get activeAt(): number {
    return this.#clock.progressAt
  }

  /** Greets at once; the library waits 100 ms to catch clients that talk first, which costs every honest one as much. */
  override init(): void {
    this._setListeners(() => {
      const admission = this.#context.isClosing() ? 'closing' : this.#context.admission.admit(this)
      if (admission === 'admitted') this.connectionReady()
      else this.drop(ADMISSION_REPLIES[admission])
    })
  }

  reply(line: string): void {
    if (this._closing || this.#over) return
    if (this.#replies === '') setImmediate(this.#flushLater)
    this.#replies += `${line}\r\n`
  }

  hangUp(line: string): void {
    this.reply(line)
    this.close()
  }

  drop(line: string): void {
    this.hangUp(line)
    if (!this._upgrading) this._socket.destroySoon()
  }

  evict(): void {
    this.drop(REPLIES.makeRoom)
  }

  acknowledge(id: string): void {
    this.#acknowledgements.add(id)
    this._unrecognizedCommands = 0
  }

  /** The listener closes: ends now, unless a message is under way. */
  retire(): void {
    if (!this.#isMidMessage) this.drop(REPLIES.shuttingDown)
  }

  /** Ends now. */
  kill(): void {
    this.#flush()
    this.#topSocket.destroy()
    this._onClose()
  }

  /** What the library itself says goes the same way as ours. */
  override send(code: number, data?: string | string[] | null, context?: string | false): void {
    const enhancedCode = this._getEnhancedStatusCode(code, context)
    const lines = Array.isArray(data) ? data : [data ?? '']
    for (const [index, line] of lines.entries()) {
      const separator = index < lines.length - 1 ? '-' : ' '
      const text = line.replaceAll(/\p{Cc}/gu, ' ')
      this.reply(`${code}${separator}${enhancedCode === '' ? '' : `${enhancedCode} `}${text}`)
    }
    if (code === 421) this.close()
  }

  override close(): void {
    this.#flush()
    super.close()
    // Nothing can be said during a handshake, and taking the socket away from under it later, as the library would, crashes Node.
    if (this._upgrading) this.#topSocket.destroy()
    this.#endSession()
  }

  /** TLS begins: what was said until now goes out in clear, first of all the 220. */
  override upgrade(callback: () => void, secureCallback?: () => void): void {
    this.#flush()
    // Inherited by the TLS socket, which would else not notice a client that leaves during the handshake.
    this._socket.allowHalfOpen = false
    super.upgrade(callback, secureCallback)
    this.#acknowledgements.restart()
  }

  override _createParser(): CommandStream {
    // Called by the library's constructor too, before anything of this class is there: only the callbacks may look at it.
    const stream: CommandStream = new CommandStream({
      maxLineBytes: this._server.options.maxCommandLength ?? 0,
      onBytes: (count) => this.#clock.bytes(count),
      onMessage: (resume) => this.#transactions.messageComplete(() => this.#messageAnswered(resume)),
      onLineTooLong: () => this.hangUp(REPLIES.lineTooLong),
    })
    stream.oncommand = (command, callback) => this._onCommand(command, callback)
    // The client has closed its side, and everything it had sent is answered.
    stream.on('finish', () => this.close())
    return stream
  }

  override _onCommand(command: Buffer, callback?: () => void): void {
    const stream = this.#stream
    // Sent in clear before a TLS handshake: the library throws it away (STARTTLS command injection).
    if (!this._upgrading && stream !== null) {
      this.#acknowledgements.commandAt(stream.commandOffset)
      this.#clock.command()
      const reason = this.#findReasonToEnd()
      if (reason !== null) {
        this.hangUp(reason)
        return
      }
    }
    super._onCommand(command, callback)
  }

  #findReasonToEnd(): string | null {
    if (this.#context.isClosing()) return REPLIES.shuttingDown
    if (this.#clock.expired) return REPLIES.sessionTooLong
    return this.#transactions.countCommand() ? null : REPLIES.tooManyIdleCommands
  }

  override _getHandler(command: string): ReturnType<SMTPConnection['_getHandler']> {
    const isKnown = COMMANDS.has(command) || (command === 'STARTTLS' && this.#offersTls)
    return isKnown ? super._getHandler(command) : undefined
  }

  override handler_MAIL(command: Buffer, callback: () => void): void {
    this.#transactions.mail(command.toString())
    callback()
  }

  override handler_RCPT(command: Buffer, callback: () => void): void {
    this.#transactions.recipient(command.toString(), () => {
      this.#clock.answered()
      callback()
    })
  }

  override handler_DATA(command: Buffer, callback: () => void): void {
    if (this.#transactions.data(command.toString())) this.#stream?.receiveMessage(this.#transactions.sink)
    callback()
  }

  /** RSET, EHLO and HELO, and the end of a TLS handshake. */
  override _resetSession(): void {
    super._resetSession()
    this.#transactions.reset()
  }

  /** Our own clock watches (session-clock.ts); this only tells which socket is on top. */
  override _armTimeout(socket: Socket = this._socket): void {
    this.#topSocket = socket
  }

  override _onClose(): void {
    super._onClose()
    this.#endSession()
  }

  override _onCloseEvent(hadError?: boolean): void {
    super._onCloseEvent(hadError)
    this.emit('gone')
  }

  get #stream(): CommandStream | null {
    return this._parser instanceof CommandStream ? this._parser : null
  }

  get #isMidMessage(): boolean {
    const { stage } = this.#transactions
    return stage === 'data' || stage === 'answer'
  }

  #messageAnswered(resume: () => void): void {
    this.#clock.answered()
    this._whenWritable(resume)
  }

  /** All replies of one turn of the event loop are one write: with pipelining they are many, and each write is a system call. */
  #flush(): void {
    const replies = this.#replies
    this.#replies = ''
    const socket = this._socket
    // During a handshake this would land in the middle of it.
    if (replies === '' || this._upgrading || !socket.writable) return
    const unproven = this.#acknowledgements.unproven()
    if (unproven.length === 0) {
      socket.write(replies)
      return
    }
    const stream = this.#stream
    socket.write(replies, (error) => {
      if (error || stream === null || stream !== this._parser) return
      const position = stream.arrivedBytes + socket.readableLength
      for (const acknowledgement of unproven) acknowledgement.provenFrom = position
    })
  }

  /** Once, whoever ends it. */
  #endSession(): void {
    if (this.#over) return
    this.#over = true
    this.#clock.stop()
    this.#context.admission.leave(this)
    this.#transactions.end()
    this.#acknowledgements.releaseAll()
  }
}
