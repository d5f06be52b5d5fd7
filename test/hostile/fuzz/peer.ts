/** A client that writes what it likes and looks at every line that comes back. */

import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { MAX_ANSWER_BYTES } from '../../../src/limits.ts'

/** What is put around the answer of a tool: the names of JSON-RPC, an id, what the newest generation adds. */
const MAX_AROUND_BYTES = 2_000
/** Of any other answer: one may be the largest resource, as base64. */
const MAX_LINE_BYTES = 12_000_000
const MAX_ERROR_CHARS = 4_000

/** Where in its own sources something broke is nobody's business. */
const STACK = /\n\s+at |\bat (?:async )?[\w.<>]+ \((?:file|node|\/)|node:internal|node_modules|\.[cm]?[jt]s:\d+/

export type Answer = {
  readonly result: Record<string, unknown> | undefined
  readonly error: { code: number; message: string } | undefined
  readonly bytes: number
}

/** The near end of two pipes. */
export class Peer {
  readonly #input: Writable
  readonly #waiting = new Map<string, (answer: Answer) => void>()
  readonly #secrets: readonly string[]
  readonly #faults: string[] = []
  readonly #unanswered = new Map<number, string>()
  #isLineBegun = false
  #ids = 0
  /** Lines that came. */
  answers = 0
  /** Of those, answers that are errors, of the protocol or of a tool. */
  errors = 0

  /** No line may have any of the secrets. */
  constructor(input: Writable, output: Readable, secrets: readonly string[]) {
    this.#input = input
    this.#secrets = secrets
    createInterface({ input: output, crlfDelay: Number.POSITIVE_INFINITY }).on('line', (line) => this.#take(line))
  }

  /** What was wrong with what came since it was asked last. */
  takeFaults(): string[] {
    return this.#faults.splice(0)
  }

  /** Of the good requests among what was written, those that nobody answered; but not waits, which take their time. */
  get unanswered(): readonly string[] {
    return [...this.#unanswered.values()]
  }

  /** Writes bytes as they are; resolves once there is room for more. */
  async write(bytes: Uint8Array): Promise<void> {
    this.#expectAnswers(Buffer.from(bytes).toString())
    if (!this.#input.write(bytes)) await new Promise<void>((resolve) => this.#input.once('drain', resolve))
  }

  /** A request as it should be, on a line of its own. */
  async send(method: string, params: Record<string, unknown> = {}): Promise<Answer> {
    const id = `good-${++this.#ids}`
    const answered = new Promise<Answer>((resolve) => this.#waiting.set(id, resolve))
    await this.write(Buffer.from(`\n${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`))
    return await answered
  }

  notify(method: string): Promise<void> {
    return this.write(Buffer.from(`${JSON.stringify({ jsonrpc: '2.0', method })}\n`))
  }

  #expectAnswers(text: string): void {
    // Nothing, as a mutation may leave of a request, ends no line that is begun.
    if (text === '') return
    const lines = text.split('\n')
    const isBegun = this.#isLineBegun
    this.#isLineBegun = lines.at(-1) !== ''
    for (const line of lines.slice(isBegun ? 1 : 0, -1)) {
      const id = readRequestId(line)
      if (id !== null) this.#unanswered.set(id, line)
    }
  }

  #take(line: string): void {
    this.answers += 1
    const message = parse(line)
    if (message === null || message.jsonrpc !== '2.0') {
      this.#faults.push(`no line of the protocol: ${line.slice(0, 300)}`)
      return
    }
    const { id, result, error } = message
    // An id is the client's own, however long.
    const bytes = Buffer.byteLength(line) - Buffer.byteLength(JSON.stringify(id ?? null))
    if (error !== undefined || result?.isError === true) this.errors += 1
    const limit = result !== undefined && 'structuredContent' in result ? MAX_ANSWER_BYTES + MAX_AROUND_BYTES : MAX_LINE_BYTES
    if (bytes > limit) this.#faults.push(`${bytes} bytes: ${line.slice(0, 300)}`)
    if ((error?.message ?? '').length > MAX_ERROR_CHARS)
      this.#faults.push(`an error of ${error?.message.length} characters: ${line.slice(0, 300)}`)
    if ((error !== undefined || result?.isError === true) && STACK.test(line)) this.#faults.push(`a stack: ${line.slice(0, 600)}`)
    if (/"code":"internal"/.test(line) || isInner(error)) this.#faults.push(`an inner fault: ${line.slice(0, 600)}`)
    for (const secret of this.#secrets)
      if (line.includes(secret)) this.#faults.push(`what belongs to another: ${line.slice(0, 600)}`)
    if (typeof id === 'number') this.#unanswered.delete(id)
    if (typeof id === 'string') this.#waiting.get(id)?.({ result, error, bytes })
  }
}

function isInner(error: Answer['error']): boolean {
  return error?.code === -32_603
}

type Message = {
  jsonrpc?: unknown
  id?: unknown
  method?: unknown
  params?: unknown
  result?: Record<string, unknown>
  error?: { code: number; message: string }
}

function parse(line: string): Message | null {
  try {
    const message: unknown = JSON.parse(line)
    return typeof message === 'object' && message !== null ? message : null
  } catch {
    return null
  }
}

/** Ids below are those of requests that may be cancelled, or come twice. */
const LEAST_ID = 1_000

const NAMES: readonly string[] = ['jsonrpc', 'id', 'method', 'params']

/** The id of a line that is a request by the rules of JSON-RPC and has no name beyond them (the SDK passes over those), and no wait; null for any other. */
function readRequestId(line: string): number | null {
  const message = parse(line) ?? {}
  const { jsonrpc, id, method, params = {} } = message
  const isRequest = jsonrpc === '2.0' && typeof id === 'number' && Number.isSafeInteger(id) && id >= LEAST_ID
  if (!isRequest || typeof method !== 'string' || !Object.keys(message).every((name) => NAMES.includes(name))) return null
  if (!isObject(params) || ('_meta' in params && !isObject(params._meta))) return null
  return method.startsWith('notifications/') || line.includes('wait_for') ? null : id
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
