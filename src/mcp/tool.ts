/** A tool is one literal: name, title, description, hints, schema and deed. One dispatcher calls, renders and catches. */

import type { CallToolResult, InputRequiredResult, ToolAnnotations } from '@modelcontextprotocol/server'
import { z } from 'zod'
import { MailError } from '../errors.ts'
import { MAX_ANSWER_BYTES } from '../limits.ts'
import { describeError, type Log } from '../log.ts'
import type { PostOffice } from '../post-office.ts'
import type { World } from '../world.ts'
import { parseArguments } from './arguments.ts'
import { measureAnswer } from './budget.ts'
import type { LongWaitForm } from './long-wait.ts'
import type { Notices } from './notices.ts'
import { dropWithheld, type Offered } from './offered.ts'
import { type Answer, renderFailure } from './render.ts'

/** The four hints, each said out loud: a client assumes the worst of what is left out. */
export type Hints = {
  readonly readOnlyHint: boolean
  readonly destructiveHint: boolean
  readonly idempotentHint: boolean
  /** Whether strangers wrote what comes back, or get what goes out. */
  readonly openWorldHint: boolean
}

/** What a deed may use: the post office as one agent, and the caller. */
export type Call = Offered & {
  readonly postOffice: PostOffice
  readonly agent: string
  readonly world: World
  readonly log: Log
  /** The caller's abort. */
  readonly signal: AbortSignal
  /** Tells the caller how far a long call is; absent when it did not ask. */
  readonly onProgress: ((done: number, total: number) => void) | undefined
  /** Whether the client can put a question to the person behind it. */
  readonly canAsk: boolean
  /** Answers to questions of an earlier round of this call. */
  readonly answers: Readonly<Record<string, unknown>> | undefined
  /** Puts word of new mail on the answer. */
  readonly notices: Notices
}

/** What a deed comes to: an answer, or a question that must be put to a person first. */
export type Outcome = Answer | Question

/** The protocol calls the tool again with the person's answer. */
export type Question = { readonly question: InputRequiredResult }

/** One tool, as written. */
export type Tool<Input extends z.ZodObject> = {
  /** snake_case verb_noun. */
  readonly name: string
  readonly title: string
  /** Purpose, when not to use it, what comes back, which tool comes next. Every byte is in every conversation. */
  readonly description: string
  readonly hints: Hints
  /** Makes, changes, removes or sends something: not offered by a read-only server. Marking mail read by reading it is no change. */
  readonly changes: boolean
  /** Strict: what it does not name is refused. */
  readonly input: Input
  /** The deed. @throws MailError */
  readonly run: (args: z.output<Input>, call: Call) => Promise<Outcome>
  /** How it runs as a task, for a tool that may take longer than a call. */
  readonly long?: LongWaitForm
}

/** A tool whose arguments are not yet checked, so that tools of different inputs fit one table. */
export type AnyTool = Omit<Tool<z.ZodObject>, 'run'> & { readonly run: (args: unknown, call: Call) => Promise<Outcome> }

/** Puts the check of the arguments before the deed. */
export function defineTool<Input extends z.ZodObject>(tool: Tool<Input>): AnyTool {
  return { ...tool, run: async (args, call) => tool.run(parseArguments(tool.name, tool.input, args), call) }
}

/** A tool as `tools/list` shows it. */
export type ListedTool = {
  name: string
  title: string
  description: string
  inputSchema: { type: 'object'; [keyword: string]: unknown }
  annotations: ToolAnnotations
  execution?: { taskSupport: 'optional' }
}

/** Writes the schema out, and a description that names no tool that is withheld; without `$schema`, which names the default and costs tokens in every conversation. */
export function listTool(
  { name, title, description, input, hints }: Omit<AnyTool, 'run'>,
  withheld: ReadonlySet<string> = new Set(),
): ListedTool {
  const { $schema: _default, type: _object, ...keywords } = z.toJSONSchema(input, { io: 'input' })
  const told = dropWithheld(description, { withheld })
  return { name, title, description: told, inputSchema: { type: 'object', ...keywords }, annotations: { ...hints } }
}

/** Calls a tool. What fails on purpose becomes an error result; anything else is logged and masked. @throws only after an abort */
export async function callTool(tool: AnyTool, args: unknown, call: Call): Promise<CallToolResult | InputRequiredResult> {
  try {
    if (tool.changes) refuseReadOnly(tool.name, call)
    const outcome = await tool.run(args, call)
    if ('question' in outcome) return outcome.question
    return succeed(await call.notices.append(outcome, tool.name, args), tool.name, call)
  } catch (error) {
    return fail(error, tool.name, call)
  }
}

/** The result of a deed that was done. @throws MailError internal when it is too large to show */
export function succeed(answer: Answer, doing: string, { log }: Call): CallToolResult {
  return toResult(refuseTooLarge(answer, doing, log), false)
}

/** The result of a deed that failed. @throws the failure itself after an abort: nobody hears of it */
export function fail(error: unknown, doing: string, { signal, log, withheld }: Call): CallToolResult {
  if (signal.aborted) throw error
  return toResult(renderFailure(maskError(error, doing, log), withheld), true)
}

/** What renders an answer keeps it small; should it ever not, a client would cut the answer off anywhere. The deed is done all the same. */
function refuseTooLarge(answer: Answer, doing: string, log: Log): Answer {
  const sizeBytes = measureAnswer(answer)
  if (sizeBytes <= MAX_ANSWER_BYTES) return answer
  log.error('mcp_answer_too_large', { doing, sizeBytes })
  throw new MailError('internal', `${doing} was done, but its answer is too large to show.`, {
    hint: 'Do not call it again if it sends or changes something; ask for less with limit, offset or maxTokens.',
  })
}

/** Before anything else: neither the arguments nor a person's answer would change it. @throws MailError read_only */
function refuseReadOnly(name: string, { postOffice, agent }: Call): void {
  if (!postOffice.status(agent).readOnly) return
  throw new MailError('read_only', `${name} is not offered: this server was started read-only.`, {
    hint: 'Only the owner of this server can change that. Reading and waiting work.',
  })
}

/** A failure on purpose as it is; any other as `internal`, its cause in the log only. */
export function maskError(error: unknown, doing: string, log: Log): MailError {
  if (error instanceof MailError) return error
  log.error('mcp_failed', { doing, error: describeError(error) })
  return new MailError('internal', 'Something broke inside the server.')
}

function toResult({ structured, text }: Answer, isError: boolean): CallToolResult {
  return { content: [{ type: 'text', text }], structuredContent: structured, ...(isError && { isError }) }
}
