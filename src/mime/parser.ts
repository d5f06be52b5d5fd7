/**
 * The Parser port: hands each message to a worker thread and ends the thread when it takes too long, dies or needs too much memory. Loads no
 * parsing library itself; what it answers for a message that killed the worker comes from our own header reader.
 */

import { Worker } from 'node:worker_threads'
import { keepCompiled } from '../compile-cache.ts'
import {
  MAX_PARSE_TRIES,
  MAX_PARSES_IN_WORKER,
  PARSE_DEADLINE_MS,
  PARSE_HEAP_MB,
  PARSE_IDLE_MS,
  PARSE_START_DEADLINE_MS,
  PARSE_YOUNG_HEAP_MB,
} from '../limits.ts'
import { describeError, type Log } from '../log.ts'
import type { Packed } from '../mail-text.ts'
import type { AttachmentFile, AttachmentText, ParsedMail, Parser } from '../parser.ts'
import type { Report } from '../report.ts'
import { copyInSlices, SLICE_BYTES } from '../slices.ts'
import { readHeaderOnly } from './header/fields.ts'
import { STARTING, type WorkerAnswer, type WorkerRequest, type WorkerSetup } from './worker-messages.ts'

/** What a parser needs; the bounds are those of `limits.ts` unless a test sets others. */
export type ParserOptions = {
  log: Log
  /** Script of the worker; `worker.ts` beside this file unless the build moved it. */
  workerUrl?: URL
  /** A message that takes longer is answered from its header. */
  deadlineMs?: number
  /** JavaScript heap of the worker; bytes of messages are held outside of it. */
  heapMb?: number
  /** A worker that nothing was asked of for so long is ended. */
  idleMs?: number
}

/** A parser whose worker starts with the first call, holds the process only while a call is pending, and ends when none came for a while. */
export function createParser({ log, workerUrl, deadlineMs, heapMb, idleMs }: ParserOptions): Parser {
  return new WorkerParser({
    log,
    workerUrl: workerUrl ?? new URL('./worker.ts', import.meta.url),
    deadlineMs: deadlineMs ?? PARSE_DEADLINE_MS,
    heapMb: heapMb ?? PARSE_HEAP_MB,
    idleMs: idleMs ?? PARSE_IDLE_MS,
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
type Wanted =
  | { kind: 'parse' }
  | { kind: 'report' }
  | { kind: 'attachment'; attachmentId: string }
  | { kind: 'attachment-text'; attachmentId: string; offset: number; maxBytes: number }

/** A call that waits for its outcome. */
type Job = {
  readonly raw: Uint8Array
  /** The worker's own, until it has it; null when it must be made anew, or need not be made. */
  copy: Uint8Array<ArrayBuffer> | null
  readonly wanted: Wanted
  readonly resolve: (outcome: Outcome) => void
  readonly reject: (error: Error) => void
  /** How many workers it was handed to. */
  tries: number
}

/** A worker and what it tells of itself. */
type Thread = {
  readonly worker: Worker
  /** See {@link WorkerSetup}. */
  readonly progress: Int32Array
  /** In the worker, by their numbers; it answers the first of them next. */
  readonly sent: Map<number, Job>
  lastNumber: number
}

class WorkerParser implements Parser {
  readonly #options: Required<ParserOptions>
  /** Not in the worker yet. */
  readonly #waiting: Job[] = []
  #thread: Thread | null = null
  #timer: NodeJS.Timeout | undefined
  #isClosed = false
  /** Workers that were told to end. */
  readonly #ending = new Set<Promise<unknown>>()

  constructor(options: Required<ParserOptions>) {
    this.#options = options
  }

  async parse(raw: Uint8Array): Promise<Packed<ParsedMail>> {
    const outcome = await this.#call(raw, { kind: 'parse' })
    if (outcome.kind === 'parsed') return outcome.mail
    return readHeaderOnly(raw, LOSSES[outcome.kind === 'lost' ? outcome.loss : 'crash'])
  }

  async attachment(raw: Uint8Array, attachmentId: string): Promise<AttachmentFile | null> {
    const outcome = await this.#call(raw, { kind: 'attachment', attachmentId })
    return outcome.kind === 'attachment' ? outcome.file : null
  }

  async attachmentText(
    raw: Uint8Array,
    attachmentId: string,
    range: { offset: number; maxBytes: number },
  ): Promise<AttachmentText | null> {
    const outcome = await this.#call(raw, { kind: 'attachment-text', attachmentId, ...range })
    return outcome.kind === 'attachment-text' ? outcome.text : null
  }

  async report(raw: Uint8Array): Promise<Report | null> {
    const outcome = await this.#call(raw, { kind: 'report' })
    return outcome.kind === 'report' ? outcome.report : null
  }

  async close(): Promise<void> {
    this.#isClosed = true
    for (const job of [...this.#endWorker(), ...this.#waiting.splice(0)]) job.reject(closedError())
    await Promise.all(this.#ending)
  }

  async #call(raw: Uint8Array, wanted: Wanted): Promise<Outcome> {
    if (this.#isClosed) throw closedError()
    // Waits only where there is much to copy: a small one is under way when the call returns.
    const copy = raw.byteLength > SLICE_BYTES && !isShared(raw) ? await copyInSlices(raw) : copyUnlessShared(raw)
    if (this.#isClosed) throw closedError()
    return new Promise((resolve, reject) => {
      this.#waiting.push({ raw, copy, wanted, resolve, reject, tries: 0 })
      this.#fillWorker()
    })
  }

  /** Hands over what fits. The worker holds the process, and the deadline runs, only while it has something to do. */
  #fillWorker(): void {
    if (this.#isClosed) return
    const wasIdle = (this.#thread?.sent.size ?? 0) === 0
    while ((this.#thread?.sent.size ?? 0) < MAX_PARSES_IN_WORKER) {
      const [job] = this.#waiting
      if (!job) break
      this.#thread ??= this.#startWorker()
      postJob(this.#thread, job)
      this.#waiting.shift()
    }
    if (!this.#thread) return
    if (this.#thread.sent.size === 0) {
      this.#stopTimer()
      this.#thread.worker.unref()
      // What it has loaded and kept is most of the memory of a process that receives nothing.
      this.#timer = setTimeout(() => this.#endWorker(), this.#options.idleMs).unref()
    } else if (wasIdle) {
      this.#thread.worker.ref()
      this.#startTimer(this.#thread)
    }
  }

  #startWorker(): Thread {
    const progress = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
    const worker = new Worker(this.#options.workerUrl, {
      env: keepCompiled(),
      // Flags of the process are not the worker's: some, such as --eval's, keep it from starting.
      execArgv: [],
      workerData: { progress } satisfies WorkerSetup,
      // What a library prints must reach neither the protocol on stdout nor the log. It is not read either: that would hold the process.
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: this.#options.heapMb, maxYoungGenerationSizeMb: PARSE_YOUNG_HEAP_MB },
    })
    const thread: Thread = { worker, progress, sent: new Map(), lastNumber: 0 }
    worker.on('message', (answer: WorkerAnswer) => {
      if (thread === this.#thread) this.#takeAnswer(thread, answer)
    })
    worker.on('error', (error: Error & { code?: string }) => {
      if (thread === this.#thread) this.#loseWorker(thread, error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'memory' : 'crash', error)
    })
    worker.on('exit', () => {
      if (thread === this.#thread) this.#loseWorker(thread, 'crash', null)
    })
    return thread
  }

  /** Forgets the worker, tells it to end, and answers what it was given and has not answered. */
  #endWorker(): Job[] {
    this.#stopTimer()
    const thread = this.#thread
    this.#thread = null
    if (!thread) return []
    const ended = thread.worker.terminate()
    this.#ending.add(ended)
    void ended.finally(() => this.#ending.delete(ended))
    return [...thread.sent.values()]
  }

  #takeAnswer(thread: Thread, answer: WorkerAnswer): void {
    // From here on the time is that of the next message.
    this.#startTimer(thread)
    if (answer.kind === 'ready') return
    if (answer.kind === 'failed') this.#options.log.error('parse_failed', { fault: answer.fault })
    const [first] = thread.sent
    if (!first) return
    const [number, job] = first
    thread.sent.delete(number)
    job.resolve(answer)
    this.#fillWorker()
  }

  /**
   * The message that ended the worker is answered without it; the others go to a fresh one, also those whose answers were under way: the news
   * of the end overtakes them.
   */
  #loseWorker(thread: Thread, loss: Loss, error: Error | null): void {
    const progress = Atomics.load(thread.progress, 0)
    const lost = findLost(thread, progress, loss)
    this.#waiting.unshift(...this.#endWorker().filter((job) => job !== lost))
    // Once it reads mail, the words of an error may be those of a sender.
    const cause = error === null ? null : progress === STARTING ? describeError(error) : error.name
    this.#options.log.warn('parse_lost', { loss, cause, bytes: lost?.raw.length ?? null })
    lost?.resolve({ kind: 'lost', loss })
    this.#fillWorker()
  }

  #startTimer(thread: Thread): void {
    this.#stopTimer()
    // To load the libraries takes time that is not the message's.
    const isStarting = Atomics.load(thread.progress, 0) === STARTING
    const timer = setTimeout(
      () => {
        // When this thread was busy itself, the answer may be there already; it comes before an immediate does.
        setImmediate(() => {
          if (timer === this.#timer) this.#loseWorker(thread, 'deadline', null)
        })
      },
      isStarting ? PARSE_START_DEADLINE_MS : this.#options.deadlineMs,
    )
    this.#timer = timer
  }

  #stopTimer(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }
}

/**
 * The message that ended the worker: the one it was reading; of a deadline only the first, whose time was measured. None where nothing shows which
 * one it was, unless the first was tried too often: a worker that cannot start, or ends before it reads, would be started for ever.
 */
function findLost({ sent }: Thread, progress: number, loss: Loss): Job | null {
  const [first = null] = sent.values()
  const reading = sent.get(progress) ?? null
  if (reading && (loss !== 'deadline' || reading === first)) return reading
  return first && (progress === STARTING || first.tries >= MAX_PARSE_TRIES) ? first : null
}

function postJob(thread: Thread, job: Job): void {
  const { copy } = job
  job.copy = null
  // Made anew only for a worker that takes the place of one that died.
  const raw = copy ?? (isShared(job.raw) ? job.raw : new Uint8Array(job.raw))
  thread.lastNumber = (thread.lastNumber % MAX_NUMBER) + 1
  const request: WorkerRequest = { ...job.wanted, number: thread.lastNumber, raw }
  thread.worker.postMessage(request, raw.buffer instanceof ArrayBuffer ? [raw.buffer] : [])
  thread.sent.set(thread.lastNumber, job)
  job.tries++
}

/** A copy, because the caller keeps its bytes; handed over, because a second copy would be for nothing. None of what every thread can read. */
function copyUnlessShared(raw: Uint8Array): Uint8Array<ArrayBuffer> | null {
  return isShared(raw) ? null : new Uint8Array(raw)
}

function isShared({ buffer }: Uint8Array): boolean {
  return buffer instanceof SharedArrayBuffer
}

/** What an Int32 holds. */
const MAX_NUMBER = 2 ** 31 - 1

function closedError(): Error {
  return new Error('The parser is closed.')
}
