/** Floods of mail. */

import { type Flood, repeat } from './flood.ts'
import { Peer, type Target } from './peer.ts'

const BLOCK_BYTES = 262_144
/** What is offered beyond the largest message: far more than the server reads. */
const ENDLESS_BYTES = 60_000_000
/** Just below the largest message that is taken. */
const LARGEST_BYTES = 26_000_000

function fillBlock(line: string): Buffer {
  return Buffer.alloc(BLOCK_BYTES - (BLOCK_BYTES % line.length), line)
}

/** A flood of sessions that send one message each, of so many bytes of the same line. */
function sendLarge(line: string, mailBytes: number, parallel: number): Flood {
  const block = fillBlock(line)
  return async (target, bounds) => {
    let bytes = 0
    let taken = 0
    let refused = 0
    const mails = await repeat(parallel, bounds, async (index) => {
      const peer = new Peer(target)
      if (await peer.begin(pick(target, index))) {
        // Of no two mails the bytes are the same: a second try would be recognised.
        await peer.push(`Subject: ${index} ${Math.random()}\r\n\r\n`)
        for (let sent = 0; sent < mailBytes && !peer.isClosed; sent += block.length) {
          bytes += block.length
          await peer.push(block)
          if (Date.now() > bounds.untilMs) break
        }
        const reply = await peer.say('.')
        if (reply.startsWith('250')) taken += 1
        else refused += 1
      } else {
        refused += 1
      }
      peer.destroy()
      await peer.closed
    })
    return { mails, taken, refused, megabytes: Math.round(bytes / 1e6) }
  }
}

const WORDS = `${'All work and no play makes Jack a dull boy'.padEnd(76)}\r\n`
/** Goes on beyond the largest message. */
export const endlessMail: Flood = sendLarge(WORDS, ENDLESS_BYTES, 4)
/** Many at once, each of the largest size. */
export const largestMails: Flood = sendLarge(WORDS, LARGEST_BYTES, 12)
export const newlines: Flood = sendLarge('\r\n', LARGEST_BYTES, 3)
/** Stuffed, so that each is in the mail. */
export const dots: Flood = sendLarge('..\r\n', LARGEST_BYTES, 3)
export const bareDots: Flood = sendLarge('\n.\r.', LARGEST_BYTES, 3)

/** Small mail at full speed, over connections that stay. */
function sendSmall(choose: (target: Target, index: number) => string): Flood {
  return async (target, bounds) => {
    let accepted = 0
    const peers = new Set<Peer>()
    const mails = await repeat(30, { ...bounds, count: Math.ceil(bounds.count / 100) }, async (index) => {
      const peer = new Peer(target)
      peers.add(peer)
      await peer.reply()
      await peer.say('EHLO attacker.example')
      for (let nth = 0; nth < 100 && !peer.isClosed && Date.now() < bounds.untilMs; nth += 1) {
        await peer.say(`MAIL FROM:<attacker${index}@example.org>`)
        await peer.say(`RCPT TO:<${choose(target, index + nth)}>`)
        if (!(await peer.say('DATA')).startsWith('354')) break
        const mail = `From: attacker@example.org\r\nSubject: Offer ${index} ${nth}\r\nMessage-ID: <${index}.${nth}@example.org>\r\n\r\n`
        if ((await peer.say(`${mail}Code 123456, see https://example.org/${index}/${nth}\r\n.`)).startsWith('250')) accepted += 1
      }
      peer.destroy()
      await peer.closed
    })
    return { sessions: mails, accepted }
  }
}

export const smallToOne: Flood = sendSmall(({ to }) => to[0] ?? '')
export const smallToMany: Flood = sendSmall(pick)

/** Whole transactions in one write, without a look at any reply. */
export const pipelined: Flood = async (target, bounds) => {
  let accepted = 0
  const perSession = 200
  const sessions = await repeat(10, { ...bounds, count: Math.ceil(bounds.count / perSession) }, async (index) => {
    const peer = new Peer(target)
    peer.socket.on('data', (text: string) => {
      accepted += text.split('250 2.6.0').length - 1
    })
    const mails = Array.from(
      { length: perSession },
      (_, nth) =>
        `MAIL FROM:<>\r\nRCPT TO:<${pick(target, nth)}>\r\nDATA\r\nSubject: ${index} ${nth} ${Math.random()}\r\n\r\nPiped.\r\n.\r\n`,
    )
    await peer.push(`EHLO attacker.example\r\n${mails.join('')}QUIT\r\n`)
    await peer.closed
  })
  return { sessions, accepted }
}

function pick({ to }: Target, index: number): string {
  return to[index % to.length] ?? ''
}
