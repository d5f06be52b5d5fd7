/** One life of the store's worker thread, as the main thread sees it: calls go in, promises come out, death rejects them all. */

import { Worker } from 'node:worker_threads'
import { MailError } from '../errors.ts'
import { describeError, type Log } from '../log.ts'
import { STORE_YOUNG_HEAP_MB } from '../receiving-limits.ts'
import type { ArgsOf, Method, ResultOf } from './operations.ts'
import { type Answer, type FromWorker, type NumberedCall, packRaw, type ToWorker, unpackError, type WorkerData } from './wire.ts'

/** What a worker thread is started with. */
export type ThreadOptions = { file: string; log: Log; workerUrl: URL }

type Pending = { resolve: (value: unknown) => void; reject: (error: Error) => void }

/** The id under which the opening of the file is answered. */
const OPENING = 0

/** Rejects with store_unavailable whatever is not answered when it ends. Keeps the process alive only while an answer is due. */
export class StoreThread {
  readonly #worker: Worker
  readonly #log: Log
  readonly #pending = new Map<number, Pending>()
  readonly #exited: Promise<void>
  #queue: NumberedCall[] = []
  #lastId = OPENING
  #isOver = false
  #isClosing = false
  #refusal: Error | null = null

  constructor({ file, log, workerUrl }: ThreadOptions) {
    this.#log = log
    const workerData: WorkerData = { file }
    // stdout belongs to the protocol, so the thread gets none; flags such as --eval are about the main thread's file alone.
    const resourceLimits = { maxYoungGenerationSizeMb: STORE_YOUNG_HEAP_MB }
    this.#worker = new Worker(workerUrl, { workerData, stdout: true, execArgv: [], name: 'store', resourceLimits })
    this.#worker.on('message', (message: FromWorker) => this.#receive(message))
    this.#worker.on('error', (error) => log.error('store_worker_failed', { error: describeError(error) }))
    this.#worker.on('messageerror', (error) => {
      log.error('store_worker_failed', { error: describeError(error) })
      void this.#worker.terminate()
    })
    this.#exited = new Promise((resolve) => {
      this.#worker.on('exit', (exitCode) => {
        this.#end(exitCode)
        resolve()
      })
    })
  }

  /** Resolves with the store's id when the file is open; to be asked at once. @throws MailError store_unavailable */
  opened(): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#expect(OPENING, { resolve: (storeId) => resolve(String(storeId)), reject })
    })
  }

  /** Whether the thread has ended; another one has to take the next call. */
  get isOver(): boolean {
    return this.#isOver
  }

  call<M extends Method>(method: M, args: ArgsOf<M>): Promise<ResultOf<M>> {
    return new Promise((resolve, reject) => {
      this.#lastId += 1
      // That a method's arguments and its answer belong together is what ArgsOf and ResultOf say; past this point only the table
      // of operations knows.
      this.#expect(this.#lastId, { resolve: (value) => resolve(value as ResultOf<M>), reject })
      if (this.#queue.length === 0) setImmediate(() => this.#flush())
      this.#queue.push({ id: this.#lastId, method, args } as NumberedCall)
    })
  }

  /** What was called before is answered first. */
  async close(): Promise<void> {
    this.#flush()
    this.#isClosing = true
    if (!this.#isOver) this.#send({ kind: 'close' }, [])
    this.#worker.ref()
    await this.#exited
  }

  /** Calls of one turn of the event loop go in one message: crossing the threads costs more than a small call does. */
  #flush(): void {
    const { calls, transfer } = packRaw(this.#queue)
    this.#queue = []
    if (calls.length > 0 && !this.#isOver) this.#send({ kind: 'calls', calls }, transfer)
  }

  #send(message: ToWorker, transfer: ArrayBuffer[]): void {
    this.#worker.postMessage(message, transfer)
  }

  #expect(id: number, pending: Pending): void {
    if (this.#pending.size === 0) this.#worker.ref()
    this.#pending.set(id, pending)
  }

  #receive(message: FromWorker): void {
    if (message.kind === 'refused') this.#refusal = unpackError(message.error)
    else if (message.kind === 'opened') this.#settle({ id: OPENING, value: message.storeId })
    else this.#settleAll(message.answers, message.isLast)
    if (this.#pending.size === 0 && !this.#isClosing) this.#worker.unref()
  }

  #settleAll(answers: readonly Answer[], isLast: boolean): void {
    if (isLast) this.#isOver = true
    const unavailable = answers.flatMap((answer) =>
      'error' in answer && answer.error.code === 'store_unavailable' ? answer.error : [],
    )
    if (unavailable[0]) this.#log.error('store_unavailable', { calls: unavailable.length, error: unavailable[0].message })
    for (const answer of answers) this.#settle(answer)
  }

  #settle(answer: Answer): void {
    const pending = this.#pending.get(answer.id)
    this.#pending.delete(answer.id)
    if ('error' in answer) pending?.reject(unpackError(answer.error))
    else pending?.resolve(answer.value)
  }

  #end(exitCode: number): void {
    this.#isOver = true
    const error = this.#refusal ?? new MailError('store_unavailable', 'The mail store has stopped.')
    // Who closed it, or asked for a file that was refused, hears of it anyway.
    if (!this.#isClosing && !this.#refusal) this.#log.error('store_stopped', { exitCode, calls: this.#pending.size })
    for (const { reject } of this.#pending.values()) reject(error)
    this.#pending.clear()
  }
}
