/** A sender as mail servers are: the same bytes again and again, over new connections, until one of them is answered with 250. */

import { setTimeout as pause } from 'node:timers/promises'
import { sendData } from './app.ts'
import { openSession, type SmtpSession } from './smtp-session.ts'

/** Where a delivery is: in the middle of its bytes, behind the final dot, or answered. */
export type SendingMoment = 'data' | 'dot' | 'accepted'

export type SenderOptions = {
  /** Asked for before every try: the port may move with the process. */
  smtpUrl: () => string
  to: string
  /** Something may be done to the server now. */
  onMoment?: (moment: SendingMoment) => void
}

/** What became of a delivery in the end. */
export type Delivered = {
  /** Our id of the message, from the 250. */
  id: string
  tries: number
  /** Replies of ours on the way that said "later". */
  deferrals: string[]
}

/** Longest pause between two tries: short, so that a retry meets the process that takes over as early as it can. */
const MOST_PAUSE_MS = 20
const FROM = 'sender@example.org'

/** Delivers, whatever it takes. Rejects at an answer that would make a mail server give up (5xx). */
export async function deliver(raw: Buffer, options: SenderOptions, isWanted: () => boolean = () => true): Promise<Delivered> {
  const deferrals: string[] = []
  for (let tries = 1; isWanted(); tries += 1) {
    const reply = await tryOnce(raw, options)
    const id = /^250 2\.6\.0 Accepted as (\S+)$/.exec(reply)?.[1]
    if (id !== undefined) return { id, tries, deferrals }
    if (reply.startsWith('5')) throw new Error(`A sender that was to try again was told: ${reply}`)
    if (reply !== '') deferrals.push(reply)
    await pause(Math.random() * MOST_PAUSE_MS)
  }
  throw new Error(`Not delivered; the last answers were ${JSON.stringify(deferrals.slice(-3))}.`)
}

/** The reply that ended the try; empty when the connection did. */
async function tryOnce(raw: Buffer, { smtpUrl, to, onMoment = () => {} }: SenderOptions): Promise<string> {
  let session: SmtpSession | null = null
  try {
    session = await openSession(smtpUrl())
    const refusal = session.greeting.startsWith('220') ? await begin(session, to) : session.greeting
    if (refusal !== null) return refusal
    const half = Math.floor(raw.length / 2)
    session.write(raw.subarray(0, half))
    onMoment('data')
    const answered = sendData(session, raw.subarray(half))
    onMoment('dot')
    const reply = await answered
    if (reply.startsWith('250')) {
      onMoment('accepted')
      await session.command('QUIT').catch(() => '')
    }
    return reply
  } catch {
    // Refused, reset, or closed in the middle: all the same to who tries again.
    return ''
  } finally {
    session?.socket.destroy()
  }
}

/** EHLO to DATA; answers the first reply that is not a yes. */
async function begin(session: SmtpSession, to: string): Promise<string | null> {
  for (const line of ['EHLO client.example', `MAIL FROM:<${FROM}>`, `RCPT TO:<${to}>`, 'DATA']) {
    const reply = await session.command(line)
    if (!/^[23]/.test(reply)) return reply
  }
  return null
}
