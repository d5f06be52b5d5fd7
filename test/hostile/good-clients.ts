/** What a flood must not be felt by: a sender with a mail now and then, and an agent that looks after its inboxes. */

import { connect } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import type { ServerProcess } from '../support/server-process.ts'
import { SmtpSession } from '../support/smtp-session.ts'
import { Latencies } from './report.ts'

/** Beside the one that floods come from, and the default of a client on this machine. */
const SENDER_ADDRESSES = ['127.0.0.2', '127.0.0.1']
const MAIL_PAUSE_MS = 100
const CALL_PAUSE_MS = 25
/** Somebody who is told to come again does so after this long. */
const RETRY_PAUSE_MS = 20
const MAX_TRIES = 200

/** Sends one mail after the other, each over a connection of its own. */
export class GoodSender {
  readonly latencies = new Latencies()
  deferrals = 0
  readonly #port: number
  readonly #to: string
  #sent = 0

  constructor(port: number, to: string) {
    this.#port = port
    this.#to = to
  }

  async sendUntil(over: Promise<unknown>): Promise<void> {
    const ending = watch(over)
    while (!ending.isOver || this.#sent === 0) {
      await this.latencies.time(() => this.send())
      await pause(MAIL_PAUSE_MS)
    }
  }

  /** Resolves at the 250, whatever it takes. */
  async send(): Promise<void> {
    this.#sent += 1
    const id = `${this.#sent}.${Math.random()}`
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      if (await this.#try(id)) return
      this.deferrals += 1
      await pause(RETRY_PAUSE_MS)
    }
    throw new Error(`A good mail was turned away ${MAX_TRIES} times.`)
  }

  async #try(id: string): Promise<boolean> {
    const localAddress = SENDER_ADDRESSES[this.#sent % SENDER_ADDRESSES.length]
    const session = new SmtpSession(connect({ host: '127.0.0.1', port: this.#port, localAddress }))
    try {
      if (!(await session.hear()).startsWith('220')) return false
      await session.begin(this.#to, 'friend@example.org')
      await session.run([[`From: friend@example.org\r\nSubject: Good ${id}\r\n\r\nHello.\r\n.`, '250']])
      session.write('QUIT\r\n')
      session.end()
      return true
    } catch (error) {
      // Told to come again, or cut off. A refusal for good would be wrong.
      if (String(error).includes('\nS: 5')) throw error
      return false
    } finally {
      session.socket.destroySoon()
    }
  }
}

/** Calls one tool after the other. */
export class GoodAgent {
  readonly latencies = new Latencies()
  readonly #server: ServerProcess
  readonly #calls: readonly (readonly [string, Record<string, unknown>])[]

  constructor(server: ServerProcess, inbox: string) {
    this.#server = server
    this.#calls = [
      ['list_inboxes', {}],
      ['check_quota', { inbox }],
      ['list_messages', { inbox, limit: 5 }],
    ]
  }

  async callUntil(over: Promise<unknown>): Promise<void> {
    const ending = watch(over)
    do {
      for (const [name, args] of this.#calls) {
        await this.latencies.time(() => this.#server.call(name, args))
        await pause(CALL_PAUSE_MS)
      }
    } while (!ending.isOver)
  }
}

/** Whether a promise is settled. Its failure is told to whoever made it. */
function watch(over: Promise<unknown>): { isOver: boolean } {
  const state = { isOver: false }
  const settle = () => {
    state.isOver = true
  }
  over.then(settle, settle)
  return state
}
