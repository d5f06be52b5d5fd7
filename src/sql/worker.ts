/**
 * The store's thread: owns the connection, so that neither an fsync nor a wait for a lock stops the loop that speaks SMTP and
 * MCP.
 */

import { randomBytes, randomUUID } from 'node:crypto'
import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'
import { releaseLarge, releaseWhenIdle } from '../idle-memory.ts'
import { MAX_BATCH_BYTES, MAX_BATCH_OPS, MAX_HANDED_OVER_BYTES } from '../limits.ts'
import { type Outcome, runBatch } from './batch.ts'
import { openDatabase } from './open.ts'
import { bytesOf, OPERATIONS } from './operations.ts'
import type { SqliteEngine } from './sqlite.ts'
import {
  type Answer,
  countShared,
  type FromWorker,
  findTransfer,
  freeBytes,
  type NumberedCall,
  packError,
  type ToWorker,
  type WorkerData,
} from './wire.ts'

/** Runs everything that waits as one batch and answers it; again until nothing waits. */
class Server {
  readonly #port: MessagePort
  readonly #db: SqliteEngine
  #waiting: NumberedCall[] = []
  #serving = false
  #closing = false
  #isLargeDue = false
  readonly #stopReleasing: () => void

  constructor(port: MessagePort, db: SqliteEngine) {
    this.#port = port
    this.#db = db
    this.#stopReleasing = releaseWhenIdle(() => db.shrink())
  }

  async receive(message: ToWorker): Promise<void> {
    this.#take(message)
    if (this.#serving) return
    this.#serving = true
    for (this.#drain(); this.#waiting.length > 0 && !this.#db.isLost; this.#drain()) {
      const batch = this.#nextBatch()
      await this.#serve(batch)
      for (const call of batch) if (isLarge(call)) freeBytes(call)
    }
    this.#serving = false
    // Without its file the thread ends; the next call starts one that opens, or makes, what is there then.
    if (this.#closing || this.#db.isLost) this.#end()
  }

  /** Takes what arrived while the last batch was being written: that is the group. */
  #drain(): void {
    for (;;) {
      const received = receiveMessageOnPort(this.#port)
      if (received === undefined) return
      this.#take(received.message)
    }
  }

  #take(message: ToWorker): void {
    if (message.kind === 'close') this.#closing = true
    else this.#waiting = this.#waiting.concat(message.calls)
  }

  /** Large messages go one by one, and behind each whatever else waits: nobody waits for two of them. */
  #nextBatch(): NumberedCall[] {
    const large = this.#waiting.find(isLarge)
    const mayGo = large !== undefined && (this.#isLargeDue || this.#waiting.every(isLarge))
    const batch = mayGo ? [large] : this.#smallOnes()
    this.#isLargeDue = large !== undefined && !mayGo
    const taken = new Set(batch)
    this.#waiting = this.#waiting.filter((call) => !taken.has(call))
    return batch
  }

  #smallOnes(): NumberedCall[] {
    const batch: NumberedCall[] = []
    let bytes = 0
    for (const call of this.#waiting) {
      if (isLarge(call)) continue
      bytes += bytesOf(call)
      if (batch.length === MAX_BATCH_OPS || (batch.length > 0 && bytes > MAX_BATCH_BYTES)) break
      batch.push(call)
    }
    return batch
  }

  async #serve(calls: readonly NumberedCall[]): Promise<void> {
    // Who closes the store does not wait for a lock of somebody else, nor does who only reads.
    const served = new Set<NumberedCall>()
    const outcomes = await runBatch(this.#db, calls, async () => {
      this.#drain()
      await this.#serveReads(
        calls.filter((call) => !served.has(call)),
        served,
      )
      return !this.#closing && !this.#db.isLost
    })
    this.#answer(calls, outcomes, served)
  }

  /** Those of a batch that waits, and of what waits behind it. */
  async #serveReads(batch: readonly NumberedCall[], served: Set<NumberedCall>): Promise<void> {
    const reads = [...batch, ...this.#waiting].filter(({ method }) => OPERATIONS[method].mode === 'read').slice(0, MAX_BATCH_OPS)
    if (reads.length === 0) return
    this.#answer(reads, await runBatch(this.#db, reads, () => false))
    for (const call of reads) served.add(call)
    this.#waiting = this.#waiting.filter((call) => !served.has(call))
  }

  #answer(calls: readonly NumberedCall[], outcomes: readonly Outcome[], served?: ReadonlySet<NumberedCall>): void {
    // Before anybody hears of it: the next thread must not open what this one is still leaving.
    if (this.#db.isLost) this.#db.close()
    const transfer: ArrayBuffer[] = []
    const answers = calls.flatMap((call, index): Answer[] => {
      if (served?.has(call)) return []
      const outcome = outcomes[index]
      if (!outcome?.ok) return [{ id: call.id, error: packError(outcome?.error) }]
      transfer.push(...findTransfer(outcome.value))
      return [{ id: call.id, value: outcome.value }]
    })
    send(this.#port, { kind: 'answers', answers, isLast: this.#db.isLost }, transfer)
    // What was not handed over, but is shared, stays for as long as this thread does not look for garbage.
    releaseLarge(outcomes.reduce((sum, outcome) => sum + (outcome.ok ? countShared(outcome.value) : 0), 0))
  }

  #end(): void {
    this.#stopReleasing()
    this.#db.close()
    this.#port.close()
  }
}

function isLarge(call: NumberedCall): boolean {
  return bytesOf(call) > MAX_HANDED_OVER_BYTES
}

function send(port: MessagePort, message: FromWorker, transfer: ArrayBuffer[] = []): void {
  port.postMessage(message, transfer)
}

async function start(port: MessagePort, { file }: WorkerData): Promise<void> {
  try {
    const { db, storeId } = await openDatabase(file, { newId: randomUUID, randomBytes })
    const server = new Server(port, db)
    // What rejects here is a mistake of ours and ends the thread: every caller is told, and the next call starts another.
    port.on('message', (message: ToWorker) => void server.receive(message))
    send(port, { kind: 'opened', storeId })
  } catch (error) {
    send(port, { kind: 'refused', error: packError(error) })
    port.close()
  }
}

if (parentPort === null) throw new Error('the store worker is started by the store')
await start(parentPort, workerData)
