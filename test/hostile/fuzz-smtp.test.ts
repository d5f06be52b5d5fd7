import { afterAll, describe, expect, it, onTestFinished } from 'vitest'
import { CommandStream } from '../../src/smtp/command-stream.ts'
import type { Dice } from '../support/dice.ts'
import { JOHN, startListener } from '../support/smtp-listener.ts'
import { BYTE_MUTATORS, mutate, rollFew } from './fuzz/bytes.ts'
import { Campaign, report, type Turn } from './fuzz/campaign.ts'

const MAX_LINE_BYTES = 2_048
const MAX_SESSION_BYTES = 8_000
/** In how many pieces a session comes at most: what is behind them comes in one. */
const MAX_PIECES = 200

const CRLF = '\r\n'
const mail = (...lines: string[]) => [...lines, '.', ''].join(CRLF)
const SESSIONS = [
  `EHLO x${CRLF}MAIL FROM:<a@b.test>${CRLF}RCPT TO:<${JOHN}>${CRLF}DATA${CRLF}${mail('Subject: s', '', 'text', '..dot')}QUIT${CRLF}`,
  `HELO x${CRLF}MAIL FROM:<> SIZE=10 BODY=8BITMIME${CRLF}RCPT TO:<${JOHN}>${CRLF}DATA${CRLF}${mail('a', '.b', 'c')}NOOP${CRLF}RSET${CRLF}QUIT${CRLF}`,
  `EHLO x${CRLF}DATA${CRLF}${mail('x\n.\nMAIL FROM:<evil@x.test>\n.\r', 'QUIT')}DATA${CRLF}${mail()}QUIT${CRLF}`,
  `EHLO [127.0.0.1]${CRLF}VRFY a${CRLF}HELP${CRLF}STARTTLS${CRLF}AUTH PLAIN AAAA${CRLF}BDAT 3 LAST${CRLF}XCLIENT A=B${CRLF}PROXY TCP4 1.1.1.1 2.2.2.2 1 2${CRLF}QUIT${CRLF}`,
  `${'NOOP\r\n'.repeat(120)}QUIT${CRLF}`,
]

/** What a session says, changed; words of the protocol with it. */
function writeSession(dice: Dice): Buffer {
  const words = [
    ...SESSIONS,
    `${CRLF}.${CRLF}`,
    '\n.\n',
    '\r.\r',
    `${CRLF}..${CRLF}`,
    'DATA\r\n',
    'data \n',
    'RSET\r\n',
    '\0',
    '\xff\xf4',
  ]
  const text = mutate(dice.pick(SESSIONS), BYTE_MUTATORS, dice, words)
  return Buffer.from(text.slice(0, MAX_SESSION_BYTES), 'latin1')
}

/** The bytes as they may come in. */
function cutUp(bytes: Buffer, dice: Dice): Buffer[] {
  const longest = dice.pick([1, 3, 20, 500, 100_000])
  const pieces: Buffer[] = []
  for (let at = 0; at < bytes.length; ) {
    const rest = bytes.length - at
    const end = at + (pieces.length === MAX_PIECES ? rest : Math.min(rollFew(dice, longest), rest))
    pieces.push(bytes.subarray(at, end))
    at = end
  }
  return pieces
}

const REPLY = /^[2-5]\d\d[ -][\x20-\x7e]{0,500}$/

type Heard = { commands: string[]; messages: string[]; isTooLong: boolean }

const isData = (line: string) => /^data *$/i.test(line)

/** What RFC 5321 says that these bytes are, where DATA is always answered with 354. */
function readByTheBook(bytes: Buffer): Heard {
  const text = bytes.toString('latin1')
  const heard: Heard = { commands: [], messages: [], isTooLong: false }
  for (let at = 0; at < text.length; ) {
    const lineEnd = text.indexOf('\n', at)
    heard.isTooLong = (lineEnd < 0 ? text.length : lineEnd) - at > MAX_LINE_BYTES
    if (lineEnd < 0 || heard.isTooLong) break
    const line = text.slice(at, lineEnd).replace(/\r$/, '')
    heard.commands.push(line)
    at = lineEnd + 1
    if (!isData(line)) continue
    const end = `${CRLF}${text.slice(at)}`.indexOf(`${CRLF}.${CRLF}`)
    if (end < 0) break
    heard.messages.push(text.slice(at, at + end).replaceAll(/(^|\r\n)\./g, '$1'))
    at += end + 3
  }
  return heard
}

async function readByUs(pieces: readonly Buffer[]): Promise<Heard> {
  const heard: Heard = { commands: [], messages: [], isTooLong: false }
  let content = ''
  const stream = new CommandStream({
    maxLineBytes: MAX_LINE_BYTES,
    onMessage: (resume) => {
      heard.messages.push(content)
      resume()
    },
    onLineTooLong: () => {
      heard.isTooLong = true
      stream.isClosed = true
    },
    onBytes: () => {},
  })
  stream.oncommand = (command, next) => {
    const line = Buffer.from(command).toString('latin1')
    heard.commands.push(line)
    if (isData(line)) {
      content = ''
      stream.receiveMessage({
        take: (chunk, start, end) => {
          content += chunk.toString('latin1', start, end)
        },
      })
    }
    next?.()
  }
  const { promise, resolve } = Promise.withResolvers<void>()
  stream.on('finish', resolve)
  for (const piece of pieces) stream.write(piece)
  stream.end()
  await promise
  return heard
}

/** Every message that these bytes could be: one behind each DATA. */
function listMessages(bytes: Buffer): string[] {
  const text = bytes.toString('latin1')
  return [...text.matchAll(/data *\r?\n/gi)].flatMap(({ index }) => readByTheBook(bytes.subarray(index)).messages.slice(0, 1))
}

describe('an SMTP session of anything', () => {
  const streams = new Campaign('smtp-stream', 12_000)
  const sessions = new Campaign('smtp-session', 2_000)
  afterAll(() => report(streams.summary(), sessions.summary()))

  it('is the commands and messages that RFC 5321 says it is, however it is cut', { timeout: 600_000 }, async () => {
    for (const turn of streams.turns()) {
      const bytes = writeSession(turn.dice)
      const heard = await readByUs(cutUp(bytes, turn.dice))
      streams.count('messages', heard.messages.length)
      const isSame = JSON.stringify(heard) === JSON.stringify(readByTheBook(bytes))
      streams.fault(turn, bytes, isSame ? [] : ['read otherwise than the book says'])
    }
    expect(streams.faults).toEqual([])
  })

  it('is answered line by line to its end, and never with mail that was not sent', { timeout: 600_000 }, async () => {
    const listener = await startListener()
    onTestFinished(() => listener.close())
    const sent = new Set<string>()
    async function attack(turn: Turn): Promise<void> {
      const bytes = writeSession(turn.dice)
      for (const message of listMessages(bytes)) sent.add(message)
      const session = listener.connect()
      for (const piece of cutUp(bytes, turn.dice)) session.write(piece)
      session.end()
      const replies = await session.hearRest()
      sessions.count('replies', replies.split(CRLF).length - 1)
      const lines = replies.split(CRLF).slice(0, -1)
      const isWhole = replies.endsWith(CRLF) && lines.every((line) => REPLY.test(line))
      sessions.fault(turn, bytes, isWhole ? [] : [`replies ${JSON.stringify(lines.filter((line) => !REPLY.test(line)))}`])
    }
    for (const batch of sessions.batches(8)) await Promise.all(batch.map(attack))
    sessions.count('messages', listener.receiver.taken.length)
    const made = listener.receiver.taken.filter(({ raw }) => !sent.has(raw.toString('latin1')))
    expect(made.map(({ raw }) => raw.toString('latin1'))).toEqual([])
    const good = await listener.open()
    await good.begin(JOHN)
    expect(await good.command('Subject: still here\r\n\r\nHello\r\n.')).toMatch(/^250 /)
    expect(listener.logged.filter(({ level }) => level === 'error')).toEqual([])
    expect(sessions.faults).toEqual([])
  })
})
