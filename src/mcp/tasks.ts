/**
 * MCP Tasks, in both generations: of 2026-07-28 as the extension `io.modelcontextprotocol/tasks`, which a client declares with each request and the server
 * then decides; of 2025-11-25 in the core, where a call asks to be a task. A client that does neither never meets one.
 */

import {
  type CallToolResult,
  CLIENT_CAPABILITIES_META_KEY,
  MissingRequiredClientCapabilityError,
  ProtocolError,
  ProtocolErrorCode,
  RELATED_TASK_META_KEY,
  type Server,
  type ServerContext,
} from '@modelcontextprotocol/server'
import { z } from 'zod'
import { TASK_POLL_INTERVAL_MS } from '../limits.ts'
import type { Guard } from './guard.ts'
import { Task } from './task.ts'
import { TaskBook } from './task-book.ts'
import { type AnyTool, type Call, fail, type ListedTool, listTool } from './tool.ts'

/** The extension, as clients and servers declare it. */
export const TASKS_EXTENSION = 'io.modelcontextprotocol/tasks'
/** The first generation that knows tasks. */
const FIRST_LEGACY_VERSION = '2025-11-25'

const Declared = z.object({ extensions: z.object({ [TASKS_EXTENSION]: z.record(z.string(), z.unknown()) }) })
const TaskParams = z.object({ taskId: z.string() })
const ListParams = z.object({ cursor: z.string().optional() })

/** `legacy` is 2024-11-05 to 2025-11-25, `modern` 2026-07-28. */
export type Era = 'legacy' | 'modern'

/** What a server says it can do. */
export function declareTasks(era: Era) {
  return era === 'modern'
    ? { extensions: { [TASKS_EXTENSION]: {} } }
    : { tasks: { list: {}, cancel: {}, requests: { tools: { call: {} } } } }
}

/** What a method does with the task that it names. */
type Deed = (task: Task, signal: AbortSignal) => object | Promise<object>

/** The tasks of one connection, on the wire. */
export class Tasks {
  readonly #server: Server
  readonly #era: Era
  readonly #book = new TaskBook()

  /** By the method that asks for it. Nothing is ever asked of the client: what it sends is taken note of, as the extension wants. */
  readonly #modernDeeds: Readonly<Record<string, Deed>> = {
    'tasks/get': (task, signal) => this.#get(task, signal),
    'tasks/cancel': (task) => this.#cancel(task),
    'tasks/update': () => ({}),
  }

  readonly #legacyDeeds: Readonly<Record<string, Deed>> = {
    'tasks/get': (task, signal) => this.#getLegacy(task, signal),
    'tasks/result': (task, signal) => this.#getResult(task, signal),
    'tasks/cancel': (task) => this.#cancelLegacy(task),
  }

  constructor(server: Server, era: Era) {
    this.#server = server
    this.#era = era
  }

  /** Whether who asks is to hear of tasks. */
  areKnownTo(ctx: ServerContext): boolean {
    if (this.#era === 'modern') return isDeclared(ctx)
    return (this.#server.getNegotiatedProtocolVersion() ?? '') >= FIRST_LEGACY_VERSION
  }

  /** A tool as such a client sees it; waits are longer only where every call of them is a task. */
  list(tool: AnyTool, areKnown: boolean, withheld: ReadonlySet<string>): ListedTool {
    if (tool.long === undefined || !areKnown) return listTool(tool, withheld)
    if (this.#era === 'modern') return listTool({ ...tool, input: tool.long.input }, withheld)
    return { ...listTool(tool, withheld), execution: { taskSupport: 'optional' } }
  }

  /** Whether this call is to be a task; `asked` is the call's own word for it. */
  wants(tool: AnyTool, asked: unknown, ctx: ServerContext): boolean {
    if (tool.long === undefined) return false
    return this.#era === 'modern' ? isDeclared(ctx) : asked !== undefined
  }

  /** Answers with a task, or at once where there is an answer at once and the client can do with either. @throws only after an abort */
  async begin(tool: AnyTool, args: unknown, call: Call): Promise<CallToolResult> {
    const task = await this.#open(tool, args, call)
    if (!(task instanceof Task)) return task
    try {
      await task.look(call.signal)
    } catch (error) {
      this.#book.drop(task)
      throw error
    }
    if (this.#era === 'legacy') return { content: [], task: describeLegacy(task) }
    const result = task.handOver()
    if (result === null) return { content: [], resultType: 'task', ...describe(task) }
    this.#book.drop(task)
    return result
  }

  /** Sets what a client asks of tasks. */
  handle(guard: Guard): void {
    const isModern = this.#era === 'modern'
    for (const [method, deed] of Object.entries(isModern ? this.#modernDeeds : this.#legacyDeeds)) {
      const answer = guard(async ({ taskId }: z.output<typeof TaskParams>, ctx) => {
        if (isModern) refuseUndeclared(ctx)
        return { ...(await deed(this.#find(taskId), ctx.mcpReq.signal)) }
      })
      this.#server.setRequestHandler(method, { params: TaskParams }, answer)
    }
    if (isModern) return
    const list = guard(() => ({ tasks: this.#book.list().map(describeLegacy) }))
    this.#server.setRequestHandler('tasks/list', { params: ListParams }, list)
  }

  /** The connection has ended, and its tasks with it. */
  close(): void {
    this.#book.close()
  }

  /** A task under way, or why there is none; there, a call that asks to be a task gets one or an error of the protocol. @throws MailError */
  async #open(tool: AnyTool, args: unknown, call: Call): Promise<Task | CallToolResult> {
    try {
      if (tool.long === undefined) throw new Error('The tool knows no tasks')
      const wait = await tool.long.begin(args, call)
      const task = new Task({ tool: tool.name, wait, call })
      this.#book.add(task)
      return task
    } catch (error) {
      if (this.#era === 'legacy') throw error
      return fail(error, tool.name, call)
    }
  }

  #find(id: string): Task {
    const task = this.#book.find(id)
    if (task !== undefined) return task
    throw new ProtocolError(
      ProtocolErrorCode.InvalidParams,
      'Unknown task: its time is over, or this connection never had it. Call the tool again.',
    )
  }

  async #get(task: Task, signal: AbortSignal): Promise<object> {
    await task.look(signal)
    const result = task.handOver()
    return { ...describe(task), ...(result !== null && { result: { resultType: 'complete', ...result } }) }
  }

  /** A task that has ended stays as it is. */
  #cancel(task: Task): object {
    task.cancel()
    return {}
  }

  /** The result is fetched apart, and is there then: what the look took is the client's. */
  async #getLegacy(task: Task, signal: AbortSignal): Promise<object> {
    await task.look(signal)
    return describeLegacy(task)
  }

  /** Waits for the end, as the protocol wants. */
  async #getResult(task: Task, signal: AbortSignal): Promise<object> {
    await task.finish(signal)
    const result = task.handOver()
    if (result === null) throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'The task was cancelled: it has no result.')
    return { ...result, _meta: { [RELATED_TASK_META_KEY]: { taskId: task.id } } }
  }

  #cancelLegacy(task: Task): object {
    if (!task.cancel()) throw new ProtocolError(ProtocolErrorCode.InvalidParams, `The task is ${task.status} already.`)
    return describeLegacy(task)
  }
}

function isDeclared({ mcpReq }: ServerContext): boolean {
  const envelope: Record<string, unknown> = { ...mcpReq.envelope }
  return Declared.safeParse(envelope[CLIENT_CAPABILITIES_META_KEY]).success
}

function refuseUndeclared(ctx: ServerContext): void {
  if (isDeclared(ctx)) return
  throw new MissingRequiredClientCapabilityError({ requiredCapabilities: { extensions: { [TASKS_EXTENSION]: {} } } })
}

function describe(task: Task) {
  return { ...describeCommon(task), status: task.status, ttlMs: task.ttlMs, pollIntervalMs: TASK_POLL_INTERVAL_MS }
}

/** There, a result that is an error makes a task that failed. */
function describeLegacy(task: Task) {
  const status = task.result?.isError === true ? 'failed' : task.status
  return { ...describeCommon(task), status, ttl: task.ttlMs, pollInterval: TASK_POLL_INTERVAL_MS }
}

function describeCommon(task: Task) {
  return {
    taskId: task.id,
    statusMessage: describeStatus(task),
    createdAt: new Date(task.createdAt).toISOString(),
    lastUpdatedAt: new Date(task.updatedAt).toISOString(),
  }
}

function describeStatus({ status, result, waitedMs, timeoutSeconds }: Task): string {
  if (result !== null) return result.isError === true ? describeError(result) : 'The wait has ended.'
  if (status === 'cancelled') return 'Cancelled; nothing was taken.'
  return `Waiting for ${Math.floor(Math.min(waitedMs / 1_000, timeoutSeconds))} of ${timeoutSeconds} s.`
}

/** An error of ours in words; no client shows more of a task that failed. */
function describeError({ content: [first] }: CallToolResult): string {
  return first?.type === 'text' ? first.text : 'The wait failed.'
}
