/**
 * The Parser port: hands each message to a worker thread and ends the thread when it takes too long, dies or needs too much memory. Loads no
 * parsing library itself; what it answers for a message that killed the worker comes from our own header reader.
 */

import { Worker } from 'node:worker_threads'
import { MAX_PARSES_IN_WORKER, PARSE_DEADLINE_MS, PARSE_HEAP_MB, PARSE_START_DEADLINE_MS } from '../limits.ts'
import { describeError, type Log } from '../log.ts'
import type { ParsedMail, Parser } from '../parser.ts'
import type { Report } from '../report.ts'
import { readHeaderOnly } from './fields.ts'
import type { WorkerAnswer, WorkerRequest } from './worker-messages.ts'

/** What a parser needs; the bounds are those of `limits.ts` unless a test sets others. */
export type ParserOptions = {
  log: Log
  /** Script of the worker; `worker.ts` beside this file unless the build moved it. */
  workerUrl?: URL
  /** A message that takes longer is answered from its header. */
  deadlineMs?: number
  /** JavaScript heap of the worker; bytes of messages are held outside of it. */
  heapMb?: number
}

/** A parser whose worker starts with the first call and holds the process only while a call is pending. */
export function createParser({ log, workerUrl, deadlineMs, heapMb }: ParserOptions): Parser {
  return new WorkerParser({
    log,
    workerUrl: workerUrl ?? new URL('./worker.ts', import.meta.url),
    deadlineMs: deadlineMs ?? PARSE_DEADLINE_MS,
    heapMb: heapMb ?? PARSE_HEAP_MB,
  })
}

/** Why a message has no answer of the worker: for the log, and for whoever reads the message. */
const LOSSES = {
  deadline: 'The message took too long to read; only its header was read.',
  crash: 'The message could not be read; only its header was.',
  memory: 'The message needs too much memory to be read; only its header was.',
} as const

type Loss = keyof typeof LOSSES

type Outcome = WorkerAnswer | { kind: 'lost'; loss: Loss }

/** What is to be read of a message. */
type Wanted = { kind: 'parse' } | { kind: 'report' } | { kind: 'attachment'; attachmentId: string }

/** A call that waits for its outcome. */
type Job = {
  readonly raw: Uint8Array
  readonly wanted: Wanted
  readonly resolve: (outcome: Outcome) => void
  readonly reject: (error: Error) => void
}

class WorkerParser implements Parser {
  readonly #options: Required<ParserOptions>
  /** Not in the worker yet. */
  readonly #waiting: Job[] = []
  /** In the worker, which works on the first of them. */
  readonly #sent: Job[] = []
  #worker: Worker | null = null
  #isReady = false
  #timer: NodeJS.Timeout | undefined
  #isClosed = false
  /** Workers that were told to end. */
  readonly #ending = new Set<Promise<unknown>>()

  constructor(options: Required<ParserOptions>) {
    this.#options = options
  }

  async parse(raw: Uint8Array): Promise<ParsedMail> {
    const outcome = await this.#call(raw, { kind: 'parse' })
    if (outcome.kind === 'parsed') return outcome.mail
    return readHeaderOnly(raw, LOSSES[outcome.kind === 'lost' ? outcome.loss : 'crash'])
  }

  async attachment(raw: Uint8Array, attachmentId: string): Promise<Uint8Array | null> {
    const outcome = await this.#call(raw, { kind: 'attachment', attachmentId })
    return outcome.kind === 'attachment' ? outcome.bytes : null
  }

  async report(raw: Uint8Array): Promise<Report | null> {
    const outcome = await this.#call(raw, { kind: 'report' })
    return outcome.kind === 'report' ? outcome.report : null
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#endWorker()
    for (const job of [...this.#sent.splice(0), ...this.#waiting.splice(0)]) job.reject(closedError())
    await Promise.all(this.#ending)
  }

  #call(raw: Uint8Array, wanted: Wanted): Promise<Outcome> {
    if (this.#isClosed) return Promise.reject(closedError())
    return new Promise((resolve, reject) => {
      this.#waiting.push({ raw, wanted, resolve, reject })
      this.#fillWorker()
    })
  }

  /** Hands over what fits. The worker holds the process, and the deadline runs, only while it has something to do. */
  #fillWorker(): void {
    const wasIdle = this.#sent.length === 0
    while (!this.#isClosed && this.#sent.length < MAX_PARSES_IN_WORKER) {
      const [job] = this.#waiting
      if (!job) break
      this.#worker ??= this.#startWorker()
      postJob(this.#worker, job)
      this.#sent.push(job)
      this.#waiting.shift()
    }
    if (this.#sent.length === 0) {
      this.#stopTimer()
      this.#worker?.unref()
    } else if (wasIdle) {
      this.#worker?.ref()
      this.#startTimer()
    }
  }

  #startWorker(): Worker {
    const worker = new Worker(this.#options.workerUrl, {
      env: {},
      // Flags of the process are not the worker's: some, such as --eval's, keep it from starting.
      execArgv: [],
      // What a library prints must reach neither the protocol on stdout nor the log. It is not read either: that would hold the process.
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: this.#options.heapMb },
    })
    worker.on('message', (answer: WorkerAnswer) => {
      if (worker === this.#worker) this.#takeAnswer(answer)
    })
    worker.on('error', (error: Error & { code?: string }) => {
      if (worker === this.#worker) this.#loseFirst(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'memory' : 'crash', error)
    })
    worker.on('exit', () => {
      if (worker === this.#worker) this.#loseFirst('crash', null)
    })
    this.#isReady = false
    return worker
  }

  #endWorker(): void {
    this.#stopTimer()
    const ended = this.#worker?.terminate()
    this.#worker = null
    if (!ended) return
    this.#ending.add(ended)
    void ended.finally(() => this.#ending.delete(ended))
  }

  #takeAnswer(answer: WorkerAnswer): void {
    if (answer.kind === 'ready') this.#isReady = true
    // From here on the time is that of the next message.
    this.#startTimer()
    if (answer.kind === 'ready') return
    if (answer.kind === 'failed') this.#options.log.error('parse_failed', { fault: answer.fault })
    this.#sent.shift()?.resolve(answer)
    this.#fillWorker()
  }

  /** The message that the worker was reading is answered without it; those behind it go to a fresh worker. */
  #loseFirst(loss: Loss, error: Error | null): void {
    this.#endWorker()
    const [lost, ...others] = this.#sent.splice(0)
    this.#waiting.unshift(...others)
    // Once it reads mail, the words of an error may be those of a sender.
    const cause = error === null ? null : this.#isReady ? error.name : describeError(error)
    this.#options.log.warn('parse_lost', { loss, cause, bytes: lost?.raw.length ?? null })
    lost?.resolve({ kind: 'lost', loss })
    this.#fillWorker()
  }

  #startTimer(): void {
    this.#stopTimer()
    // To load the libraries takes time that is not the message's.
    const deadlineMs = this.#isReady ? this.#options.deadlineMs : PARSE_START_DEADLINE_MS
    const timer = setTimeout(() => {
      // When this thread was busy itself, the answer may be there already; it comes before an immediate does.
      setImmediate(() => {
        if (timer === this.#timer) this.#loseFirst('deadline', null)
      })
    }, deadlineMs)
    this.#timer = timer
  }

  #stopTimer(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }
}

function postJob(worker: Worker, { raw, wanted }: Job): void {
  // A copy, because the caller keeps its bytes; handed over, because a second copy would be for nothing.
  const copy = new Uint8Array(raw)
  const request: WorkerRequest = { ...wanted, raw: copy }
  worker.postMessage(request, [copy.buffer])
}

function closedError(): Error {
  return new Error('The parser is closed.')
}
