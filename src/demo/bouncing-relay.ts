/** A relay for the demo: takes every message, and says afterwards, as mail servers do, that nobody of that name is there. */

import { createServer, type Server, type Socket } from 'node:net'
import { readLines } from './lines.ts'
import { sendMail } from './send-mail.ts'

/** A relay on a free port of this machine. */
export type BouncingRelay = {
  /** For `--relay-url`. */
  url: string
  /** Ends when all its clients have gone. */
  close(): Promise<void>
}

/**
 * Starts it; each report is delivered to what `findSmtpUrl` answers by then. `onError` hears of a report that was not delivered, and of a connection that
 * broke in the middle of a message.
 */
export async function startBouncingRelay(findSmtpUrl: () => string, onError: (error: Error) => void): Promise<BouncingRelay> {
  const sessions = new Set<Promise<void>>()
  const server = createServer((socket) => {
    const session = bounceAll(socket, findSmtpUrl).catch(onError)
    sessions.add(session)
    session.finally(() => sessions.delete(session))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = async () => {
    await new Promise<void>((resolve) => server.close(() => resolve()))
    await Promise.all(sessions)
  }
  return { url: `smtp://127.0.0.1:${portOf(server)}`, close }
}

type Envelope = { readonly from: string; readonly to: string }

async function bounceAll(socket: Socket, findSmtpUrl: () => string): Promise<void> {
  for await (const envelope of takeMessages(socket)) {
    // Nobody is told what became of a report (RFC 5321 section 6.1).
    if (envelope.from !== '') await sendMail(findSmtpUrl(), { from: '', to: envelope.from, data: writeReport(envelope) })
  }
}

/** One session, as far as a well-behaved client takes it: the envelope of each message, once all of it was taken. */
async function* takeMessages(socket: Socket): AsyncGenerator<Envelope> {
  const say = (line: string) => socket.write(`${line}\r\n`)
  let envelope = { from: '', to: '' }
  let isBegun = false
  let isData = false
  try {
    say('220 relay.demo ESMTP')
    for await (const line of readLines(socket)) {
      const word = line.slice(0, 4).toUpperCase()
      if (isData) {
        if (line !== '.') continue
        isData = false
        isBegun = false
        say('250 2.0.0 Queued')
        yield envelope
        continue
      }
      if (word === 'MAIL') {
        isBegun = true
        envelope = { from: readPath(line), to: '' }
      }
      if (word === 'RCPT') envelope = { ...envelope, to: readPath(line) }
      isData = word === 'DATA'
      say(isData ? '354 Go on' : word === 'QUIT' ? '221 2.0.0 Bye' : '250 2.0.0 Ok')
    }
  } catch (error) {
    // A client keeps its connection for the next message, and may end without a QUIT: nothing is lost with it.
    if (isBegun) throw error
  } finally {
    socket.destroy()
  }
}

/** A delivery-status report (RFC 3464) of a recipient that does not exist. */
function writeReport({ from, to }: { from: string; to: string }): string {
  return [
    'From: Mail Delivery System <mailer-daemon@relay.demo>',
    `To: <${from}>`,
    'Subject: Undelivered mail returned to sender',
    'Auto-Submitted: auto-replied',
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=delivery-status; boundary=report',
    '',
    '--report',
    'Content-Type: text/plain',
    '',
    'Your message could not be delivered: there is nobody of that name here.',
    '--report',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; relay.demo',
    '',
    `Final-Recipient: rfc822; ${to}`,
    'Action: failed',
    'Status: 5.1.1',
    '',
    '--report--',
  ].join('\r\n')
}

function readPath(line: string): string {
  return /<([^>]*)>/.exec(line)?.[1] ?? ''
}

function portOf(server: Server): number {
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}
