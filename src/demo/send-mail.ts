/** The least an SMTP client must do (RFC 5321), so that the demo shows each line of a real session. */

import { connect, type Socket } from 'node:net'
import { readLines } from './lines.ts'

/** Hears each line of the session: `>` is ours, `<` is the server's. */
export type LineListener = (direction: '>' | '<', line: string) => void

/** Delivers one message and answers the server's last word. Rejects at the first reply that is not a yes. */
export async function sendMail(
  smtpUrl: string,
  mail: { from: string; to: string; data: string },
  onLine: LineListener = () => {},
): Promise<void> {
  const { hostname, port } = new URL(smtpUrl)
  const socket = connect({ host: hostname.replaceAll(/[[\]]/g, ''), port: Number(port) })
  try {
    const session = new Session(socket, onLine)
    await session.expect('220')
    await session.say('EHLO demo.localhost', '250')
    await session.say(`MAIL FROM:<${mail.from}>`, '250')
    await session.say(`RCPT TO:<${mail.to}>`, '250')
    await session.say('DATA', '354')
    // A line that begins with a dot gets a second one (section 4.5.2).
    socket.write(`${mail.data.replaceAll(/^\./gm, '..')}\r\n`)
    await session.say('.', '250')
    await session.say('QUIT', '221')
  } finally {
    socket.destroy()
  }
}

class Session {
  readonly #socket: Socket
  readonly #onLine: LineListener
  readonly #lines: AsyncIterator<string>

  constructor(socket: Socket, onLine: LineListener) {
    this.#socket = socket
    this.#onLine = onLine
    this.#lines = readLines(socket)
  }

  async say(line: string, expected: string): Promise<void> {
    this.#onLine('>', line)
    this.#socket.write(`${line}\r\n`)
    await this.expect(expected)
  }

  /** Reads a whole reply; `250-` says that more lines follow. */
  async expect(code: string): Promise<void> {
    for (;;) {
      const { value, done } = await this.#lines.next()
      if (done === true) throw new Error('The server closed the connection.')
      const line = String(value)
      if (!line.startsWith(code)) throw new Error(`The server said: ${line}`)
      if (line.charAt(3) === '-') continue
      this.#onLine('<', line)
      return
    }
  }
}
