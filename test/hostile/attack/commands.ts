/** Floods of commands, pipelined as deep as the kernel takes them. Whoever is thrown out comes again. */

import { type Flood, repeat } from './flood.ts'
import { Peer, type Target } from './peer.ts'

/** Commands of one session: more than any bound of the server lets through. */
const PER_SESSION = 5_000

/** A flood of sessions that say `opening`, and then a line again and again. */
function repeatCommand(opening: (target: Target) => string, line: (target: Target, index: number) => string): Flood {
  return async (target, { count, untilMs }) => {
    let replies = 0
    const sessions = await repeat(8, { count: Math.ceil(count / PER_SESSION), untilMs }, async (session) => {
      const peer = new Peer(target)
      const lines = Array.from({ length: PER_SESSION }, (_, index) => line(target, session * PER_SESSION + index))
      await peer.push(opening(target) + lines.join(''))
      peer.socket.end()
      await peer.closed
      replies += peer.lines
    })
    return { sessions, commands: sessions * PER_SESSION, replies }
  }
}

const HELLO = 'EHLO attacker.example\r\n'
const MAIL = `${HELLO}MAIL FROM:<attacker@example.org>\r\n`

export const noop: Flood = repeatCommand(
  () => HELLO,
  () => 'NOOP\r\n',
)
export const rset: Flood = repeatCommand(
  () => HELLO,
  () => 'RSET\r\n',
)
export const unknownCommands: Flood = repeatCommand(
  () => HELLO,
  (_, index) => `X${index}\r\n`,
)
export const unknownRecipients: Flood = repeatCommand(
  () => MAIL,
  (_, index) => `RCPT TO:<guess${index}@agents.localhost>\r\n`,
)
/** Each of the inboxes, again and again, in one envelope after the other. */
export const knownRecipients: Flood = repeatCommand(
  () => HELLO,
  ({ to }, index) =>
    index % 100 === 0 ? 'RSET\r\nMAIL FROM:<attacker@example.org>\r\n' : `RCPT TO:<${to[index % to.length]}>\r\n`,
)

const LINE_BLOCK = Buffer.alloc(65_536, 'x')
/** Of one session. */
const LINE_BYTES = 16 * 1_048_576

/** A command that never ends. */
export const endlessLine: Flood = async (target, bounds) => {
  let bytes = 0
  const sessions = await repeat(8, bounds, async () => {
    const peer = new Peer(target)
    for (let sent = 0; sent < LINE_BYTES && !peer.isClosed && Date.now() < bounds.untilMs; sent += LINE_BLOCK.length) {
      bytes += LINE_BLOCK.length
      await peer.push(LINE_BLOCK)
    }
    peer.destroy()
    await peer.closed
  })
  return { sessions, bytes }
}
