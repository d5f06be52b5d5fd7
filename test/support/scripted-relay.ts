/** A raw SMTP server that does what a test tells it, per connection, recipient and attempt, and records every line and message it was sent. */

import { createServer, type Server, type Socket } from 'node:net'
import { ScriptedSession } from './scripted-session.ts'

/** What a server can be asked for. `body` is the first bytes of a message, `dot` its end, `end` a connection that is gone. */
export type Stage =
  | 'greeting'
  | 'ehlo'
  | 'helo'
  | 'starttls'
  | 'auth'
  | 'mail'
  | 'rcpt'
  | 'data'
  | 'body'
  | 'dot'
  | 'other'
  | 'quit'
  | 'end'

/** A point of a session. Numbers begin at 1. */
export type Moment = {
  readonly stage: Stage
  readonly connection: number
  /** Of MAIL on this connection. */
  readonly transaction: number
  /** Of the last RCPT; empty before it. */
  readonly recipient: string
  /** How often this recipient has been named, over all connections. */
  readonly attempt: number
  readonly line: string
}

/**
 * Text is a reply, its lines separated by `\n`; `raw` is sent as it stands. `drop` hangs up, `hang` falls silent and reads no more, `endless` begins a reply
 * that never ends. `{ reply, next }` does one after the other.
 */
export type Act =
  | string
  | 'drop'
  | 'hang'
  | 'endless'
  | { readonly reply?: string; readonly raw?: string; readonly next?: 'drop' | 'hang' }

/** What to do; undefined for what a good server does. */
export type Script = (moment: Moment) => Act | undefined

/** A message that came to its final dot. */
export type RecordedMessage = {
  readonly connection: number
  /** What stood between the brackets of MAIL FROM and of each RCPT TO. */
  readonly from: string
  readonly recipients: readonly string[]
  /** Without the dots that were stuffed. */
  readonly data: Buffer
  /** Whether the final dot was answered with 2xx. */
  readonly isTaken: boolean
}

/** How a scripted relay is started. */
export type RelaySetup = {
  readonly script?: Script
  readonly extensions?: readonly string[]
  /** With `implicit` TLS from the first byte. */
  readonly tls?: { readonly cert: string; readonly key: string; readonly implicit?: boolean }
}

/** A relay on a free port of loopback. Close it. */
export class ScriptedRelay {
  readonly lines: { readonly connection: number; readonly line: string; readonly isEncrypted: boolean }[] = []
  readonly messages: RecordedMessage[] = []
  readonly setup: RelaySetup
  script: Script
  connections = 0
  /** Connections that are open, and the most there were at once. */
  open = 0
  mostOpen = 0
  readonly attempts = new Map<string, number>()
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  readonly #reached = new Map<Stage, number>()
  readonly #awaited: { stage: Stage; times: number; resolve: () => void }[] = []

  private constructor(setup: RelaySetup) {
    this.setup = setup
    this.script = setup.script ?? (() => undefined)
    this.#server = createServer((socket) => this.#accept(socket))
  }

  /** Listens. */
  static async start(setup: RelaySetup = {}): Promise<ScriptedRelay> {
    const relay = new ScriptedRelay(setup)
    await new Promise<void>((resolve) => relay.#server.listen(0, '127.0.0.1', resolve))
    return relay
  }

  get port(): number {
    const address = this.#server.address()
    return address !== null && typeof address === 'object' ? address.port : 0
  }

  /** `smtp://127.0.0.1:port`, or smtps where TLS is implicit. */
  get url(): string {
    return `${this.setup.tls?.implicit ? 'smtps' : 'smtp'}://127.0.0.1:${this.port}`
  }

  /** Resolves once a stage has been reached so many times, over all connections. */
  reached(stage: Stage, times = 1): Promise<void> {
    if ((this.#reached.get(stage) ?? 0) >= times) return Promise.resolve()
    return new Promise((resolve) => this.#awaited.push({ stage, times, resolve }))
  }

  /** The lines of RCPT, as they came. */
  get rcptLines(): string[] {
    return this.lines.map(({ line }) => line).filter((line) => /^RCPT /i.test(line))
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  /** Counts a stage and says what is to be done at it. */
  enter(moment: Moment): Act | undefined {
    const count = (this.#reached.get(moment.stage) ?? 0) + 1
    this.#reached.set(moment.stage, count)
    const act = this.script(moment)
    for (const waiter of this.#awaited) if (waiter.stage === moment.stage && count >= waiter.times) waiter.resolve()
    return act
  }

  #accept(socket: Socket): void {
    this.connections += 1
    this.open += 1
    this.mostOpen = Math.max(this.mostOpen, this.open)
    this.#sockets.add(socket)
    const session = new ScriptedSession(this, socket, this.connections)
    socket.on('error', () => {})
    socket.on('close', () => {
      this.open -= 1
      this.#sockets.delete(socket)
      session.enter('end', '')
    })
    session.start()
  }
}
