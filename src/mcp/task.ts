/** One wait as a task: works on only while the client asks for it, so that mail is marked read when it goes to somebody, not before. */

import type { CallToolResult } from '@modelcontextprotocol/server'
import { MAX_WAIT_SECONDS, TASK_RESULT_KEPT_MS } from '../limits.ts'
import { describeError } from '../log.ts'
import type { LongWait, Step } from './long-wait.ts'
import { SharedStep } from './shared-step.ts'
import { type Call, fail, succeed } from './tool.ts'

/** A task never goes back from the two at the end. */
export type TaskStatus = 'working' | 'completed' | 'cancelled'

/** What one task needs of its connection; its signal is that of no request. */
export type TaskParts = { readonly tool: string; readonly wait: LongWait; readonly call: Call }

/** A wait that a client left with the server. */
export class Task {
  readonly id: string
  readonly createdAt: number
  readonly timeoutSeconds: number
  /** From `createdAt` on, how long the task is known. */
  readonly ttlMs: number
  #updatedAt: number
  #status: TaskStatus = 'working'
  #result: CallToolResult | null = null
  #giveBack: Step['giveBack'] = null
  #step: SharedStep | null = null
  readonly #parts: TaskParts
  readonly #startedMs: number

  constructor(parts: TaskParts) {
    const { world } = parts.call
    this.#parts = parts
    // Nobody can guess it, though nobody but its own connection could use it.
    this.id = Buffer.from(world.randomBytes(18)).toString('base64url')
    this.createdAt = world.now()
    this.#updatedAt = this.createdAt
    this.#startedMs = world.elapsedMs()
    this.timeoutSeconds = parts.wait.timeoutSeconds
    this.ttlMs = this.timeoutSeconds * 1_000 + TASK_RESULT_KEPT_MS
  }

  get status(): TaskStatus {
    return this.#status
  }

  get updatedAt(): number {
    return this.#updatedAt
  }

  /** The result of a task that is completed. */
  get result(): CallToolResult | null {
    return this.#result
  }

  /** Whether somebody got its result, or nobody ever will. */
  get isDone(): boolean {
    return this.#status !== 'working' && this.#giveBack === null
  }

  get waitedMs(): number {
    return this.#parts.call.world.elapsedMs() - this.#startedMs
  }

  get isExpired(): boolean {
    return this.waitedMs >= this.ttlMs
  }

  /** Looks once, unless a longer step is under way, which sees whatever comes. @throws the signal's reason once it is aborted */
  async look(signal: AbortSignal): Promise<void> {
    let isSeen = false
    while (!isSeen) {
      const step = await this.#takeStep(0)
      signal.throwIfAborted()
      isSeen = !step?.isShort || (await joinStep(step, signal))
    }
  }

  /** Waits until the task has ended. @throws the signal's reason once it is aborted */
  async finish(signal: AbortSignal): Promise<void> {
    for (;;) {
      const leftSeconds = Math.ceil(this.timeoutSeconds - this.waitedMs / 1_000)
      const step = await this.#takeStep(Math.max(0, Math.min(MAX_WAIT_SECONDS, leftSeconds)))
      signal.throwIfAborted()
      if (step === null) return
      await joinStep(step, signal)
    }
  }

  /** The result goes to the client: the message in it is no longer given back. */
  handOver(): CallToolResult | null {
    this.#giveBack = null
    return this.#result
  }

  /** Ends a task that still works; answers whether it did. */
  cancel(): boolean {
    if (this.#status !== 'working') return false
    this.#end('cancelled')
    this.#step?.abort()
    return true
  }

  /** Nobody will ask any more: nothing stays taken. */
  close(): void {
    this.cancel()
    const giveBack = this.#giveBack
    this.#giveBack = null
    if (giveBack !== null) this.#return(giveBack)
  }

  /** The step under way, or a new one; null once the task has ended. */
  async #takeStep(seconds: number): Promise<SharedStep | null> {
    while (this.#step?.isAborted) await this.#step.ended()
    if (this.#status !== 'working') return null
    this.#step ??= new SharedStep(seconds === 0, (signal) => this.#run(seconds, signal))
    return this.#step
  }

  async #run(seconds: number, signal: AbortSignal): Promise<void> {
    const { tool, wait, call: parts } = this.#parts
    const call: Call = { ...parts, signal }
    const isLast = this.waitedMs >= this.timeoutSeconds * 1_000
    try {
      const { answer, giveBack } = await wait.step(call, { seconds, waitedMs: this.waitedMs, isLast })
      if (answer === null) return
      if (signal.aborted) {
        if (giveBack !== null) this.#return(giveBack)
        return
      }
      this.#giveBack = giveBack
      this.#result = succeed(answer, tool, call)
    } catch (error) {
      // A wait that failed has ended: the next step would fail too, or never end.
      this.#result = fail(error, tool, call)
    } finally {
      this.#step = null
    }
    this.#end('completed')
  }

  #end(status: 'completed' | 'cancelled'): void {
    this.#status = status
    this.#updatedAt = this.#parts.call.world.now()
    this.#parts.wait.end()
  }

  #return(giveBack: () => Promise<void>): void {
    const { log } = this.#parts.call
    giveBack().catch((error: unknown) => log.warn('mcp_give_back_failed', { error: describeError(error) }))
  }
}

/** Answers whether the step came to its end: it does not when the task is cancelled, or everybody else who had asked for it has left. */
async function joinStep(step: SharedStep, signal: AbortSignal): Promise<boolean> {
  try {
    await step.join(signal)
    return true
  } catch (error) {
    if (signal.aborted || !step.isAborted) throw error
    return false
  }
}
