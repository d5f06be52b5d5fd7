/** One attacking connection: says bytes, hears replies, keeps next to nothing. */

import { connect, type Socket } from 'node:net'

/** Whom to attack, and where the attack comes from. */
export type Target = {
  port: number
  /** An address of 127.0.0.0/8. */
  from: string
  /** Addresses that exist. */
  to: readonly string[]
}

/** A reply is waited for no longer than this: the attack goes on with another connection. */
const REPLY_DEADLINE_MS = 5_000
/** What is kept of what the server says, in bytes. */
const KEPT_BYTES = 4_096

export class Peer {
  readonly socket: Socket
  readonly closed: Promise<void>
  /** Lines that came in so far. */
  lines = 0
  isClosed = false
  #heard = ''
  #wake: () => void = () => {}

  constructor({ port, from }: Target) {
    this.socket = connect({ host: '127.0.0.1', port, localAddress: from, noDelay: true })
    this.socket.setEncoding('latin1')
    this.socket.on('data', (text: string) => {
      this.lines += text.split('\n').length - 1
      this.#heard = (this.#heard + text).slice(-KEPT_BYTES)
      this.#wake()
    })
    // Being refused, cut off and reset is what becomes of an attacker.
    this.socket.on('error', () => {})
    this.closed = new Promise((resolve) => {
      this.socket.on('close', () => {
        this.isClosed = true
        this.#wake()
        resolve()
      })
    })
  }

  /** The next line that ends a reply; empty once the connection is closed, or nothing comes. */
  async reply(): Promise<string> {
    const until = Date.now() + REPLY_DEADLINE_MS
    for (;;) {
      const end = /^(?:\d{3}-[^\n]*\n)*(\d{3}[^\n]*)\n/.exec(this.#heard)
      if (end !== null) {
        this.#heard = this.#heard.slice(end[0].length)
        return end[1] ?? ''
      }
      if (this.isClosed || Date.now() > until) return ''
      await this.#more(until - Date.now())
    }
  }

  /** Says a line and answers the reply. */
  say(line: string): Promise<string> {
    this.socket.write(`${line}\r\n`)
    return this.reply()
  }

  /** Everything up to the 354; false when the server does not want it. */
  async begin(to: string): Promise<boolean> {
    await this.reply()
    await this.say('EHLO attacker.example')
    await this.say('MAIL FROM:<attacker@example.org>')
    await this.say(`RCPT TO:<${to}>`)
    return (await this.say('DATA')).startsWith('354')
  }

  /** Resolves once the kernel has taken the bytes, or the connection is closed. */
  async push(bytes: string | Uint8Array): Promise<void> {
    if (this.isClosed || this.socket.write(bytes)) return
    const drained = new Promise<void>((resolve) => this.socket.once('drain', resolve))
    await Promise.race([drained, this.closed])
  }

  destroy(): void {
    this.socket.destroy()
  }

  #more(forMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, Math.max(0, forMs))
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}
