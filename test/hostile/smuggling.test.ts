import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Dice } from '../support/dice.ts'
import { rounds } from '../support/rounds.ts'
import { type ServerProcess, startServer } from '../support/server-process.ts'
import { connectSession } from '../support/smtp-session.ts'
import { countMails, countSpooled, hashMail } from '../support/store-check.ts'
import { readMessages } from './rfc5321.ts'

/** Random streams. */
const STREAMS = rounds({ full: 4_000 })
const SESSIONS_AT_ONCE = 16
/** `SMUGGLING_SEED` repeats a run. */
const SEED = Number(process.env.SMUGGLING_SEED ?? 20_261_125)

/**
 * Ends of data that some server somewhere takes for one, CVE-2023-51764, -51765 and -51766 and their relatives, and none is: what follows them is
 * the same message.
 */
const FALSE_ENDS: readonly string[] = [
  '\n.\n',
  '\n.\r\n',
  '\r\n.\n',
  '\r.\r',
  '\r.\r\n',
  '\r\n.\r',
  '\r.\n',
  '\n.\r',
  '\r\n.\r\r\n',
  '\r\r\n.\r\r\n',
  '\n\n.\n\n',
  '\n.\n.\n',
  '\r\n\0.\r\n',
  '\r\n.\0\r\n',
  '\0\r\n.\0\r\n',
  '\r\0\n.\r\n',
  '\r\n.\r\0\n',
  '\r\n. \r\n',
  '\r\n .\r\n',
  '\r\n.\t\r\n',
  '\r\n..\r\n',
  '\r\n..\n',
  '\r\n.\u0085',
  '\u0085.\u0085',
  '\r\n\x1a\r\n',
  '\r\n\x04\r\n',
  '\r\n.\x08.\r\n',
  '\r\n\u00ae\r\n',
  '\v.\v',
  '\f.\f',
  '\n\r.\n\r',
  '\r\n.\r.\r\n',
  '=0D=0A.=0D=0A',
]

/** How a sender may cut what it says. */
const CUTS = ['whole', 'by line', 'by byte'] as const

let server: ServerProcess
let dataDir = ''
let smtpUrl = ''
const known: string[] = []

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'inbox-mcp-smuggling-'))
  server = startServer(['--data-dir', dataDir, '--smtp-port', '0'])
  await server.initialize()
  for (let count = 0; count < 2; count += 1) {
    const inbox = await server.call('create_inbox', {})
    known.push(String(inbox.address))
    smtpUrl = String(inbox.smtpUrl)
  }
})
afterAll(async () => {
  server.child.kill('SIGKILL')
  await server.exited
  await rm(dataDir, { recursive: true, force: true })
})

it.each(CUTS)('No false end of data ends it, sent %s: what follows is no message of its own', async (cut) => {
  const streams = FALSE_ENDS.map((end, index) => {
    const [mine, victim] = known
    const second = `MAIL FROM:<admin@bank.example>\r\nRCPT TO:<${victim}>\r\nDATA\r\nSubject: smuggled ${cut} ${index}\r\n\r\nx\r\n.\r\n`
    return latin1(`${open(mine)}Subject: outer ${cut} ${index}\r\n\r\nx${end}${second}`)
  })
  const expected = streams.flatMap((stream) => readMessages(stream, isKnown))
  // One each, because the end of the inner one is the first that is one.
  expect(expected).toHaveLength(FALSE_ENDS.length)
  await compare(streams, (stream) => cutUp(stream, cut))
})

it(`Random streams of line ends, dots, NULs and commands, randomly cut, leave what RFC 5321 says of them: ${STREAMS}`, async () => {
  const dice = new Dice(SEED)
  const streams = Array.from({ length: STREAMS }, (_, index) => latin1(writeStream(dice, index)))
  await compare(streams, (stream) => cutRandomly(stream, dice))
})

/** Says every stream in a session of its own, and compares what the store has gained with what it should have. */
async function compare(streams: readonly Buffer[], cut: (stream: Buffer) => Buffer[]): Promise<void> {
  const file = join(dataDir, 'inbox.sqlite')
  const before = countMails(file)
  const expected = new Map<string, number>()
  const waiting = streams.map((stream) => ({ stream, pieces: cut(stream) }))
  const talk = async () => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const { stream, pieces } = next
      const messages = readMessages(stream, isKnown)
      const transcript = await say(pieces)
      const accepted = transcript.split('250 2.6.0 ').length - 1
      // What follows the first message may be so much nonsense that the session ends there.
      const least = /^421 /m.test(transcript) ? 1 : messages.length
      expect(accepted, explain(stream)).toBeGreaterThanOrEqual(least)
      expect(accepted, explain(stream)).toBeLessThanOrEqual(messages.length)
      for (const message of messages.slice(0, accepted)) expected.set(hashMail(message), 1)
    }
  }
  await Promise.all(Array.from({ length: SESSIONS_AT_ONCE }, talk))
  await expect.poll(() => countSpooled(file), { timeout: 60_000 }).toBe(0)
  const gained = [...countMails(file)].filter(([hash]) => !before.has(hash))
  expect(new Map(gained), `SMUGGLING_SEED=${SEED}`).toEqual(expected)
}

/** In a session of its own; answers what the server said. */
async function say(pieces: readonly Buffer[]): Promise<string> {
  const session = connectSession(smtpUrl)
  for (const piece of pieces) {
    session.write(piece)
    // A turn of the event loop, so that it is a segment.
    await new Promise((resolve) => setImmediate(resolve))
  }
  session.end()
  return await session.hearRest()
}

const PIECES = [
  '\r',
  '\n',
  '.',
  '\0',
  '\r\n',
  '\r\n.',
  '.\r\n',
  '\r\n.\r\n',
  '\n.\n',
  '..',
  ' ',
  '\t',
  'x',
  '\u0085',
  '\r\n..\r\n',
]
const COMMANDS = [
  'RSET\r\n',
  'NOOP\r\n',
  'DATA\r\n',
  'EHLO again.example\r\n',
  'QUIT\r\n',
  'rset ',
  'STARTTLS\r\n',
  'BDAT 3 LAST\r\n',
]

/** A message, and what would be another one after it if its end were where it is not. */
function writeStream(dice: Dice, index: number): string {
  let stream = `${open(dice.pick(known))}Subject: ${index}\r\n\r\n`
  for (let pieces = 1 + dice.roll(12); pieces > 0; pieces -= 1) {
    const kind = dice.roll(8)
    if (kind === 0) stream += dice.pick(COMMANDS)
    else if (kind === 1) stream += `${startOf(dice.pick(known))}Subject: ${index} ${pieces}\r\n\r\nsmuggled\r\n`
    else stream += dice.pick(PIECES)
  }
  return `${stream}\r\n.\r\nQUIT\r\n`
}

function open(to: string | undefined): string {
  return `EHLO client.example\r\n${startOf(to)}`
}

function startOf(to: string | undefined): string {
  return `MAIL FROM:<sender@example.org>\r\nRCPT TO:<${to}>\r\nDATA\r\n`
}

function isKnown(address: string): boolean {
  return known.includes(address)
}

function cutUp(stream: Buffer, cut: (typeof CUTS)[number]): Buffer[] {
  if (cut === 'whole') return [stream]
  if (cut === 'by byte') return Array.from(stream, (byte) => Buffer.of(byte))
  return stream
    .toString('latin1')
    .split(/(?<=\n)/)
    .map(latin1)
}

function cutRandomly(stream: Buffer, dice: Dice): Buffer[] {
  if (dice.roll(3) === 0) return [stream]
  const pieces: Buffer[] = []
  for (let at = 0; at < stream.length; ) {
    const end = at + 1 + dice.roll(dice.pick([2, 8, 60]))
    pieces.push(stream.subarray(at, end))
    at = end
  }
  return pieces
}

function latin1(text: string): Buffer {
  return Buffer.from(text, 'latin1')
}

function explain(stream: Buffer): string {
  return `SMUGGLING_SEED=${SEED} said ${JSON.stringify(stream.toString('latin1'))}`
}
