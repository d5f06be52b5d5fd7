/** A client that says exactly what a test wants, over a real socket, and keeps a transcript for the failure message. */

import { connect, type Socket } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'

/** What to send (a line without its end, unless it has one) and how the reply to it must begin. */
export type Row = readonly [send: string, expect: string | RegExp]

export class SmtpSession {
  /** The greeting as it came. */
  greeting = ''
  /** Resolves when the server has closed the connection. */
  readonly closed: Promise<void>
  #socket: Socket | TLSSocket
  #heard = ''
  #transcript = ''
  #isClosed = false
  #wake: () => void = () => {}
  readonly #markClosed: () => void

  constructor(socket: Socket) {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.closed = promise
    this.#markClosed = () => {
      this.#isClosed = true
      this.#wake()
      resolve()
    }
    // Each write is a segment of its own at once; else it would wait until the one before is acknowledged.
    socket.setNoDelay(true)
    this.#socket = socket
    this.#listenTo(socket)
  }

  get socket(): Socket | TLSSocket {
    return this.#socket
  }

  /** Everything said so far, by both. */
  get transcript(): string {
    return this.#transcript
  }

  /** Says something as it is, and does not wait. */
  write(text: string | Uint8Array): void {
    const bytes = typeof text === 'string' ? Buffer.from(text) : text
    this.#note('C', bytes.length > 300 ? `<${bytes.length} bytes>` : Buffer.from(bytes).toString())
    this.#socket.write(bytes)
  }

  /** Says a line and answers the whole reply. */
  command(line: string): Promise<string> {
    this.write(line.endsWith('\n') ? line : `${line}\r\n`)
    return this.hear()
  }

  /** The next whole reply, without its last line end; rejects when the connection closes first. */
  async hear(): Promise<string> {
    for (;;) {
      const reply = /^(?:\d{3}-[^\n]*\n)*\d{3}(?: [^\n]*)?\r\n/.exec(this.#heard)?.[0]
      if (reply !== undefined) {
        this.#heard = this.#heard.slice(reply.length)
        return reply.slice(0, -2)
      }
      if (this.#isClosed) throw new Error(`The server closed the connection.\n${this.#transcript}`)
      await this.#more()
    }
  }

  /** Everything the server still says, until it closes the connection. */
  async hearRest(): Promise<string> {
    await this.closed
    const rest = this.#heard
    this.#heard = ''
    return rest
  }

  /** Goes through rows one by one; the failure shows the whole session. */
  async run(rows: readonly Row[]): Promise<void> {
    for (const [send, expected] of rows) {
      const reply = await this.command(send)
      const fits = typeof expected === 'string' ? reply.startsWith(expected) : expected.test(reply)
      if (!fits) throw new Error(`Expected ${expected} after ${JSON.stringify(send)}.\n${this.#transcript}`)
    }
  }

  /** EHLO, MAIL, RCPT and DATA, up to the 354. */
  async begin(to: string | readonly string[], from = 'sender@example.org'): Promise<void> {
    await this.run([['EHLO client.example', '250']])
    await this.beginNext(to, from)
  }

  /** MAIL, RCPT and DATA of one more message. */
  async beginNext(to: string | readonly string[], from = 'sender@example.org'): Promise<void> {
    const recipients = typeof to === 'string' ? [to] : to
    await this.run([
      [`MAIL FROM:<${from}>`, '250'],
      ...recipients.map((address): Row => [`RCPT TO:<${address}>`, '250']),
      ['DATA', '354'],
    ])
  }

  /** After the 220 of STARTTLS: the handshake; resolves when it is done. The certificate is not checked. */
  async startTls(): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.#socket.removeAllListeners()
    const socket = connectTls({ socket: this.#socket, rejectUnauthorized: false }, resolve)
    socket.once('error', reject)
    this.#socket = socket
    this.#listenTo(socket)
    await promise
  }

  /** Closes our side; the server may still speak. */
  end(): void {
    this.#socket.end()
  }

  /** Vanishes. */
  async destroy(): Promise<void> {
    this.#socket.destroy()
    await this.closed
  }

  #listenTo(socket: Socket | TLSSocket): void {
    socket.setEncoding('latin1')
    socket.on('data', (chunk: string) => {
      this.#heard += chunk
      this.#note('S', chunk)
      this.#wake()
    })
    // A connection that the server drops may end in an error here; `closed` tells all the same.
    socket.on('error', (error) => this.#note('!', error.message))
    // Half-open until then: a test may close our side and still hear the server.
    socket.on('end', () => socket.end())
    socket.on('close', this.#markClosed)
  }

  #more(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve
    })
  }

  #note(who: string, text: string): void {
    this.#transcript += `${who}: ${text.trimEnd().replaceAll('\n', `\n${who}: `)}\n`
  }
}

/** Connects without waiting for the greeting. */
export function connectSession(smtpUrl: string): SmtpSession {
  const { hostname, port } = new URL(smtpUrl)
  return new SmtpSession(connect({ host: hostname.replaceAll(/[[\]]/g, ''), port: Number(port), allowHalfOpen: true }))
}

/** Connects and hears the greeting. */
export async function openSession(smtpUrl: string): Promise<SmtpSession> {
  const session = connectSession(smtpUrl)
  session.greeting = await session.hear()
  return session
}
