/** A relay for the demo: takes every message, and says afterwards, as mail servers do, that nobody of that name is there. */

import { createServer, type Server, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { sendMail } from './send-mail.ts'

/** A relay on a free port of this machine. */
export type BouncingRelay = {
  /** For `--relay-url`. */
  url: string
  close(): Promise<void>
}

/** Starts it; each report is delivered to what `findSmtpUrl` answers by then. */
export async function startBouncingRelay(findSmtpUrl: () => string, onError: (error: Error) => void): Promise<BouncingRelay> {
  const server = createServer((socket) => {
    receive(socket, findSmtpUrl).catch(onError)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: `smtp://127.0.0.1:${portOf(server)}`, close: () => new Promise((resolve) => server.close(() => resolve())) }
}

/** One session, as far as a well-behaved client takes it. */
async function receive(socket: Socket, findSmtpUrl: () => string): Promise<void> {
  const say = (line: string) => socket.write(`${line}\r\n`)
  const envelope = { from: '', to: '' }
  let isData = false
  say('220 relay.demo ESMTP')
  for await (const line of createInterface({ input: socket })) {
    const word = line.slice(0, 4).toUpperCase()
    if (isData) {
      if (line !== '.') continue
      isData = false
      say('250 2.0.0 Queued')
      await sendMail(findSmtpUrl(), { from: '', to: envelope.from, data: writeReport(envelope) })
      continue
    }
    if (word === 'MAIL') envelope.from = readPath(line)
    if (word === 'RCPT') envelope.to = readPath(line)
    isData = word === 'DATA'
    say(isData ? '354 Go on' : word === 'QUIT' ? '221 2.0.0 Bye' : '250 2.0.0 Ok')
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
