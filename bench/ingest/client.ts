/**
 * The sender, a process of its own and the same for every server: raw sockets. It sends MAIL, RCPT and DATA in one piece, as mail servers do to a server that offers
 * PIPELINING (RFC 2920), or one command at a time, as simple clients do. Reads one job from its arguments, sends for as long as that says, and writes what came of it
 * to stdout.
 */

import { connect } from 'node:net'
import { type MailKind, makeWireMail, numberMail, type WireMail } from './mail.ts'

/** What one run of the sender is to do. */
export type Job = {
  port: number
  /** Each session writes to one of them. */
  to: readonly string[]
  kind: MailKind
  sessions: number
  /** A connection for each message instead of one for all. */
  reconnects: boolean
  /** Sends the commands of a message without waiting for each answer; else one at a time. Every server measured here offers it. */
  pipelines: boolean
  seconds: number
  /** Number of the first message; no two runs have any in common. */
  firstNumber: number
}

/** What came of it. */
export type Result = {
  /** When the first message was begun, milliseconds since the epoch. */
  begunAt: number
  /** Messages that were answered 250, and those of them within the time that was given. */
  sent: number
  counted: number
  /** From MAIL to the 250 for the message; on a connection for each message, from the call to connect. */
  medianMs: number
  /** Processor time of this process by elapsed time: near 1 the sender is what is measured. */
  load: number
}

/** Replies that lead on (RFC 5321 section 4.2.1). */
const POSITIVE_OR_INTERMEDIATE = /^[23]/
/** Answers still to come before the first MAIL, counted up to 0 at the answer to EHLO. */
const GREETING = -1
const READY = 0
const QUITTING = Number.NEGATIVE_INFINITY

/** What is sent in one piece, and how many replies come before the next is. */
type Group = { bytes: string | Buffer; replies: number }

/** Counts replies, which are short but may come in any pieces; the last line of each has no hyphen (RFC 5321 section 4.2.1). */
class ReplyReader {
  #rest = ''
  #due = 1

  expect(replies: number): void {
    this.#due = replies
  }

  /** Whether all that is expected has come. Ends the program where one says no. */
  isDone(chunk: Buffer): boolean {
    const lines = (this.#rest + chunk.toString('latin1')).split('\r\n')
    this.#rest = lines.pop() ?? ''
    for (const line of lines) {
      if (!POSITIVE_OR_INTERMEDIATE.test(line)) fail(line)
      if (line[3] !== '-') this.#due -= 1
    }
    return this.#due <= 0
  }
}

const job: Job = JSON.parse(process.argv[2] ?? '{}')
const latenciesMs: number[] = []
/** Every session has been greeted: the time runs from here, because some servers greet late on purpose. */
const greeted = Promise.withResolvers<void>()
let waiting = job.reconnects ? 0 : job.sessions
let number = job.firstNumber
let counted = 0
let open = job.sessions
let isOver = false
let begunAt = Number.NaN
let cpu = process.cpuUsage()

void greeted.promise.then(() => {
  begunAt = performance.now()
  cpu = process.cpuUsage()
  setTimeout(() => {
    isOver = true
    counted = latenciesMs.length
  }, job.seconds * 1_000)
})
for (let index = 0; index < job.sessions; index += 1) {
  const to = job.to[index % job.to.length] ?? ''
  const mail = makeWireMail(job.kind, to)
  if (job.reconnects) sendOnOwnConnections(to, mail)
  else converse(to, mail, end)
}
if (job.reconnects) greeted.resolve()

function sendOnOwnConnections(to: string, mail: WireMail): void {
  converse(to, mail, () => (isOver ? end() : sendOnOwnConnections(to, mail)))
}

/** One connection: the greeting, then one message or many, then QUIT. */
function converse(to: string, mail: WireMail, done: () => void): void {
  const envelope = [`MAIL FROM:<bounces@mail.shop.example.org>\r\n`, `RCPT TO:<${to}>\r\n`, 'DATA\r\n']
  const groups: readonly Group[] = job.pipelines
    ? [
        { bytes: envelope.join(''), replies: envelope.length },
        { bytes: mail.bytes, replies: 1 },
      ]
    : [...envelope, mail.bytes].map((bytes) => ({ bytes, replies: 1 }))
  const reader = new ReplyReader()
  let startedAt = performance.now()
  let at = GREETING - 1
  const socket = connect({ port: job.port, host: '127.0.0.1', noDelay: true })
  const begin = (): void => {
    if (!job.reconnects) startedAt = performance.now()
    number += 1
    numberMail(mail, number)
    at = READY
    write()
  }
  const greet = (): void => {
    reader.expect(1)
    socket.write('EHLO client.example.org\r\n')
  }
  const write = (): void => {
    const group = groups[at]
    reader.expect(group?.replies ?? 1)
    socket.write(group?.bytes ?? '')
  }
  const answer = (): void => {
    if (at === GREETING) greet()
    else if (at === READY && job.reconnects) begin()
    else if (at === READY) beginTogether(begin)
    else if (at < groups.length) write()
    else finish()
  }
  const finish = (): void => {
    latenciesMs.push(performance.now() - startedAt)
    if (!isOver && !job.reconnects) begin()
    else {
      at = QUITTING
      socket.end('QUIT\r\n')
    }
  }
  socket.on('data', (chunk: Buffer) => {
    if (at === QUITTING || !reader.isDone(chunk)) return
    at += 1
    answer()
  })
  socket.on('error', (error) => fail(error.message))
  socket.on('close', done)
}

function beginTogether(begin: () => void): void {
  void greeted.promise.then(begin)
  waiting -= 1
  if (waiting === 0) greeted.resolve()
}

function fail(why: string): never {
  process.stderr.write(`the sender was told: ${why}\n`)
  process.exit(1)
}

function end(): void {
  open -= 1
  if (open > 0) return
  const { user, system } = process.cpuUsage(cpu)
  const result: Result = {
    begunAt: performance.timeOrigin + begunAt,
    sent: latenciesMs.length,
    counted,
    medianMs: latenciesMs.toSorted((a, b) => a - b)[Math.floor(latenciesMs.length / 2)] ?? Number.NaN,
    load: (user + system) / 1_000 / (performance.now() - begunAt),
  }
  process.stdout.write(`${JSON.stringify(result)}\n`)
}
