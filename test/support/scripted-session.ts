/** One session of a scripted relay: commands in, what the script says out. */

import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import type { Act, ScriptedRelay, Stage } from './scripted-relay.ts'

/** Plays the script of its relay, or a good server where the script says nothing. */
export class ScriptedSession {
  readonly #relay: ScriptedRelay
  readonly #connection: number
  #socket: Socket
  #isEncrypted = false
  #isSilent = false
  #input = Buffer.alloc(0)
  #transaction = 0
  #from = ''
  #hasSender = false
  #recipients: string[] = []
  #body: Body | null = null
  /** The answer to DATA was given before its end. */
  #isAnswered = false

  constructor(relay: ScriptedRelay, socket: Socket, connection: number) {
    this.#relay = relay
    this.#socket = socket
    this.#connection = connection
  }

  /** Greets. */
  start(): void {
    if (this.#relay.setup.tls?.implicit) this.#encrypt()
    else this.#listen()
    this.#do('greeting', '', '220 relay.example ESMTP')
  }

  /** Counts a stage and says what the script has for it. */
  enter(stage: Stage, line: string): Act | undefined {
    const recipient = this.#recipients.at(-1) ?? ''
    return this.#relay.enter({
      stage,
      line,
      recipient,
      connection: this.#connection,
      transaction: this.#transaction,
      attempt: this.#relay.attempts.get(recipient) ?? 0,
    })
  }

  #listen(): void {
    this.#socket.setNoDelay(true)
    this.#socket.on('data', (chunk: Buffer) => {
      this.#input = Buffer.concat([this.#input, chunk])
      this.#work()
    })
  }

  #encrypt(): void {
    const { cert, key } = this.#relay.setup.tls ?? {}
    this.#socket.removeAllListeners('data')
    const plain = this.#socket
    this.#socket = new TLSSocket(plain, { isServer: true, cert, key })
    // A client that leaves in the middle of the handshake is otherwise waited for.
    for (const event of ['end', 'error', 'close']) this.#socket.on(event, () => plain.destroy())
    this.#isEncrypted = true
    this.#listen()
  }

  #work(): void {
    while (!this.#isSilent && this.#input.length > 0) {
      if (this.#body !== null) {
        if (!this.#readBody(this.#body)) return
        continue
      }
      const end = this.#input.indexOf('\r\n')
      if (end < 0) return
      const line = this.#input.toString('latin1', 0, end)
      this.#input = this.#input.subarray(end + 2)
      this.#relay.lines.push({ connection: this.#connection, line, isEncrypted: this.#isEncrypted })
      this.#obey(line)
    }
  }

  #obey(line: string): void {
    const verb = /^[a-z]+/i.exec(line)?.[0].toUpperCase() ?? ''
    const { tls, extensions = [] } = this.#relay.setup
    const offered = [...extensions, ...(tls !== undefined && !this.#isEncrypted ? ['STARTTLS'] : [])]
    if (verb === 'EHLO')
      this.#do(
        'ehlo',
        line,
        ['relay.example', ...offered].map((text, at) => `250${at < offered.length ? '-' : ' '}${text}`).join('\n'),
      )
    else if (verb === 'HELO') this.#do('helo', line, '250 relay.example')
    else if (verb === 'STARTTLS') {
      if (this.#do('starttls', line, tls === undefined ? '502 5.5.1 no' : '220 2.0.0 go')) this.#encrypt()
    } else if (verb === 'AUTH') this.#do('auth', line, '235 2.7.0 welcome')
    else if (verb === 'MAIL') this.#mail(line)
    else if (verb === 'RCPT') this.#rcpt(line)
    else if (verb === 'DATA') this.#data(line)
    else if (verb === 'QUIT') this.#do('quit', line, { reply: '221 2.0.0 bye', next: 'drop' })
    else this.#do('other', line, '502 5.5.1 no')
  }

  #mail(line: string): void {
    this.#transaction += 1
    this.#recipients = []
    this.#from = /<(.*)>/.exec(line)?.[1] ?? ''
    this.#hasSender = this.#do('mail', line, '250 2.1.0 ok')
  }

  #rcpt(line: string): void {
    const recipient = /<(.*)>/.exec(line)?.[1] ?? ''
    this.#relay.attempts.set(recipient, (this.#relay.attempts.get(recipient) ?? 0) + 1)
    this.#recipients.push(recipient)
    if (!this.#do('rcpt', line, this.#hasSender ? '250 2.1.5 ok' : '503 5.5.1 no sender')) this.#recipients.pop()
  }

  #data(line: string): void {
    const isPossible = this.#recipients.length > 0
    if (!this.#do('data', line, isPossible ? '354 go on' : '503 5.5.1 no recipient') || !isPossible) return
    this.#isAnswered = false
    this.#body = new Body()
  }

  /** True when the body has come to its end. */
  #readBody(body: Body): boolean {
    if (body.isEmpty) {
      const act = this.enter('body', '')
      if (act !== undefined) {
        this.#isAnswered = typeof act !== 'string' || !['drop', 'hang', 'endless'].includes(act)
        this.#act(act)
        if (this.#isSilent) return false
      }
    }
    const rest = body.add(this.#input)
    this.#input = Buffer.alloc(0)
    if (rest === null) return false
    this.#body = null
    this.#input = Buffer.from(rest)
    if (!this.#isAnswered) this.#end(body)
    return true
  }

  #end(body: Body): void {
    const isTaken = this.#do('dot', '.', '250 2.0.0 queued')
    this.#relay.messages.push({
      connection: this.#connection,
      from: this.#from,
      recipients: this.#recipients,
      data: body.decode(),
      isTaken,
    })
  }

  /** Plays the script, or else the usual; whether the client was told to go on. */
  #do(stage: Stage, line: string, usual: Act): boolean {
    return this.#act(this.enter(stage, line) ?? usual)
  }

  #act(act: Act): boolean {
    if (act === 'drop' || act === 'hang' || act === 'endless') {
      this.#fallSilent(act)
      return false
    }
    const { reply, raw, next }: Exclude<Act, string> = typeof act === 'string' ? { reply: act } : act
    if (reply !== undefined) this.#socket.write(`${reply.replaceAll('\n', '\r\n')}\r\n`)
    if (raw !== undefined) this.#socket.write(raw)
    if (next !== undefined) this.#fallSilent(next)
    return /^[23]/.test(reply ?? raw ?? '')
  }

  #fallSilent(how: 'drop' | 'hang' | 'endless'): void {
    this.#isSilent = true
    if (how === 'drop') this.#socket.destroySoon()
    else this.#socket.pause()
    if (how === 'endless') this.#goOn()
  }

  #goOn(): void {
    if (this.#socket.destroyed) return
    this.#socket.write('250-and so on\r\n'.repeat(100), () => setImmediate(() => this.#goOn()))
  }
}

/** A message on its way in, up to its final dot (RFC 5321 section 4.1.1.4). */
class Body {
  readonly #chunks: Buffer[] = []
  /** What the end could begin in; a body may be nothing but its dot. */
  #tail = Buffer.from('\r\n')
  isEmpty = true

  /** What follows the end, or null when it has not come. */
  add(chunk: Buffer): Buffer | null {
    this.isEmpty = false
    const searched = Buffer.concat([this.#tail, chunk])
    const at = searched.indexOf('\r\n.\r\n')
    if (at < 0) {
      this.#chunks.push(chunk)
      this.#tail = searched.subarray(-4)
      return null
    }
    const end = at + 5 - this.#tail.length
    this.#chunks.push(chunk.subarray(0, end))
    return chunk.subarray(end)
  }

  decode(): Buffer {
    const text = Buffer.concat(this.#chunks).toString('latin1').slice(0, -3)
    return Buffer.from(text.replaceAll(/(^|\r\n)\./g, '$1'), 'latin1')
  }
}
