/**
 * The SenderCheck port: hands each mail to a worker thread, which starts with the first, ends when nobody asks for a while, and is ended when it
 * hangs. Loads no library itself.
 */

import { Worker } from 'node:worker_threads'
import { keepCompiled } from '../compile-cache.ts'
import { describeError, type Log } from '../log.ts'
import { type CheckedMail, type SenderCheck, type SenderVerdict, UNKNOWN_SENDER } from '../sender-check.ts'
import type { World } from '../world.ts'
import { isPublicAddress } from './client-address.ts'
import {
  MAX_CHECKS,
  MAX_CHECKS_IN_WORKER,
  SENDER_CHECK_DEADLINE_MS,
  SENDER_CHECK_HEAP_MB,
  SENDER_CHECK_IDLE_MS,
  SENDER_CHECK_MARGIN_MS,
  SENDER_CHECK_START_DEADLINE_MS,
  SENDER_CHECK_YOUNG_HEAP_MB,
} from './limits.ts'
import type { WorkerAnswer, WorkerRequest, WorkerSetup } from './worker-messages.ts'

/** What a check needs. */
export type SenderCheckOptions = {
  log: Log
  world: Pick<World, 'after' | 'elapsedMs'>
  /** Whose Authentication-Results count, in lower-case A-labels; null for nobody's. */
  trustRelay: string | null
  /** Script of the worker; `worker.ts` beside this file unless the build moved it. */
  workerUrl?: URL
  /** `address:port` of each DNS server; null for those of the system, unless a test brings its own. */
  dnsServers: readonly string[] | null
  /** How long a verdict may take; SENDER_CHECK_DEADLINE_MS unless a test has more time. */
  deadlineMs?: number
}

/** A check whose worker starts with the first mail that it can say something about. */
export function createSenderCheck(options: SenderCheckOptions): SenderCheck {
  return new WorkerSenderCheck(options)
}

/** A mail that waits for its verdict. */
type Job = {
  readonly mail: CheckedMail
  readonly startedAt: number
  /** Answers, once. */
  settle(verdict: SenderVerdict): void
}

/** A worker, and what it was given and has not answered, by number. */
type Thread = { readonly worker: Worker; isReady: boolean; readonly sent: Map<number, Job> }

class WorkerSenderCheck implements SenderCheck {
  readonly #options: SenderCheckOptions
  readonly #deadlineMs: number
  /** Not in the worker yet. */
  readonly #waiting = new Set<Job>()
  #thread: Thread | null = null
  #lastNumber = 0
  #isClosed = false
  /** Of the start of the worker, or of its idleness: never both. */
  #stopTimer = () => {}
  /** Workers that were told to end. */
  readonly #ending = new Set<Promise<unknown>>()

  constructor(options: SenderCheckOptions) {
    this.#options = options
    this.#deadlineMs = options.deadlineMs ?? SENDER_CHECK_DEADLINE_MS
  }

  check(mail: CheckedMail): Promise<SenderVerdict> {
    // A relay that is trusted may stand at any address; otherwise only one of the internet says something.
    const canTell = this.#options.trustRelay !== null || isPublicAddress(mail.remoteAddress)
    const pending = this.#waiting.size + (this.#thread?.sent.size ?? 0)
    if (this.#isClosed || !canTell || pending >= MAX_CHECKS) return Promise.resolve(UNKNOWN_SENDER)
    return new Promise((resolve) => {
      const { world } = this.#options
      const job: Job = {
        mail,
        startedAt: world.elapsedMs(),
        settle: (verdict) => {
          stop()
          resolve(verdict)
        },
      }
      const stop = world.after(this.#deadlineMs, () => {
        // When this thread was busy itself, the answer may be there already; it comes before an immediate does.
        setImmediate(() => this.#expire(job))
      })
      this.#waiting.add(job)
      this.#fillWorker()
    })
  }

  async close(): Promise<void> {
    this.#isClosed = true
    for (const job of [...this.#endWorker(), ...this.#takeWaiting()]) job.settle(UNKNOWN_SENDER)
    await Promise.all(this.#ending)
  }

  /** Hands over what fits. The worker holds the process only while it has something to do. */
  #fillWorker(): void {
    if (this.#waiting.size > 0) this.#thread ??= this.#startWorker()
    const thread = this.#thread
    if (!thread?.isReady) return
    for (const job of this.#waiting) {
      if (thread.sent.size >= MAX_CHECKS_IN_WORKER) break
      this.#waiting.delete(job)
      this.#post(thread, job)
    }
    this.#stopTimer()
    if (thread.sent.size > 0) {
      thread.worker.ref()
    } else {
      thread.worker.unref()
      this.#stopTimer = this.#options.world.after(SENDER_CHECK_IDLE_MS, () => {
        this.#endWorker()
      })
    }
  }

  #post(thread: Thread, job: Job): void {
    const { raw, envelopeFrom, helo, remoteAddress, fromAddress, receivedAt } = job.mail
    const leftMs = this.#deadlineMs - SENDER_CHECK_MARGIN_MS - (this.#options.world.elapsedMs() - job.startedAt)
    const bytes = own(raw)
    this.#lastNumber += 1
    const request: WorkerRequest = {
      number: this.#lastNumber,
      raw: bytes,
      envelopeFrom,
      helo,
      remoteAddress,
      fromAddress,
      receivedAt,
      dnsBudgetMs: Math.max(0, leftMs),
    }
    thread.worker.postMessage(request, [bytes.buffer])
    thread.sent.set(this.#lastNumber, job)
  }

  #startWorker(): Thread {
    const { trustRelay, dnsServers, world, workerUrl = new URL('./worker.ts', import.meta.url) } = this.#options
    const worker = new Worker(workerUrl, {
      env: keepCompiled(),
      // Flags of the process are not the worker's: some, such as --eval's, keep it from starting.
      execArgv: [],
      workerData: { trustRelay, dnsServers } satisfies WorkerSetup,
      // What a library prints must reach neither the protocol on stdout nor the log.
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: SENDER_CHECK_HEAP_MB, maxYoungGenerationSizeMb: SENDER_CHECK_YOUNG_HEAP_MB },
    })
    const thread: Thread = { worker, isReady: false, sent: new Map() }
    worker.on('message', (answer: WorkerAnswer) => {
      if (thread === this.#thread) this.#takeAnswer(thread, answer)
    })
    worker.on('error', (error: Error) => {
      // Once it reads mail, the words of an error may be those of a sender.
      if (thread === this.#thread) this.#loseWorker(thread, thread.isReady ? error.name : describeError(error))
    })
    worker.on('exit', () => {
      if (thread === this.#thread) this.#loseWorker(thread, 'exit')
    })
    this.#stopTimer = world.after(SENDER_CHECK_START_DEADLINE_MS, () => this.#loseWorker(thread, 'start deadline'))
    this.#options.log.debug('sender_check_started')
    return thread
  }

  #takeAnswer(thread: Thread, answer: WorkerAnswer): void {
    if (answer.kind === 'ready') {
      thread.isReady = true
    } else {
      if (answer.kind === 'failed') this.#options.log.error('sender_check_failed', { fault: answer.fault })
      const job = thread.sent.get(answer.number)
      thread.sent.delete(answer.number)
      job?.settle((answer.kind === 'verdict' ? answer.verdict : null) ?? UNKNOWN_SENDER)
    }
    this.#fillWorker()
  }

  /** The time of one mail is over: it waited for a start or a turn, or the worker, which ends its questions earlier, hangs. */
  #expire(job: Job): void {
    if (this.#waiting.delete(job)) job.settle(UNKNOWN_SENDER)
    const thread = this.#thread
    if (thread && [...thread.sent.values()].includes(job)) this.#loseWorker(thread, 'deadline')
  }

  /** Whatever was in it is unknown, and can be asked for again; a worker that does not even start is not tried again for those that wait. */
  #loseWorker(thread: Thread, cause: string): void {
    if (thread !== this.#thread) return
    const lost = [...this.#endWorker(), ...(thread.isReady ? [] : this.#takeWaiting())]
    this.#options.log.warn('sender_check_lost', { cause, checks: lost.length })
    for (const job of lost) job.settle(UNKNOWN_SENDER)
    this.#fillWorker()
  }

  /** Forgets the worker, tells it to end, and answers what it was given. */
  #endWorker(): Job[] {
    this.#stopTimer()
    const thread = this.#thread
    this.#thread = null
    if (!thread) return []
    const ended = thread.worker.terminate()
    this.#ending.add(ended)
    void ended.finally(() => this.#ending.delete(ended))
    this.#options.log.debug('sender_check_ended')
    return [...thread.sent.values()]
  }

  #takeWaiting(): Job[] {
    const jobs = [...this.#waiting]
    this.#waiting.clear()
    return jobs
  }
}

/** The bytes without their neighbours: those of a large mail as they are, since a copy would hold this thread. */
function own(raw: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer } = raw
  return buffer instanceof ArrayBuffer && buffer.byteLength === raw.byteLength && !isPooled(raw)
    ? new Uint8Array(buffer)
    : new Uint8Array(raw)
}

/** Small Buffers share their memory with others; it must not be taken from them. */
function isPooled(raw: Uint8Array): boolean {
  return raw.buffer.byteLength <= Buffer.poolSize
}
