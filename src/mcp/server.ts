/** MCP for one agent: the same tools, resources and prompts in both generations of the protocol. */

import {
  CLIENT_CAPABILITIES_META_KEY,
  ProtocolError,
  ProtocolErrorCode,
  Server,
  type ServerContext,
  type Transport,
} from '@modelcontextprotocol/server'
import { serveStdio } from '@modelcontextprotocol/server/stdio'
import { z } from 'zod'
import { FIXED_LIST_KEPT_MS, MAX_SUBSCRIPTIONS, QUESTION_DEADLINE_MS } from '../limits.ts'
import { describeError, type Log } from '../log.ts'
import type { PostOffice } from '../post-office.ts'
import type { World } from '../world.ts'
import { BlobGate } from './blobs.ts'
import { listWithheld, offerTools, selectTools } from './catalogue.ts'
import { complete } from './completion.ts'
import { type Guard, guardWith } from './guard.ts'
import { writeInstructions } from './instructions.ts'
import { Notices } from './notices.ts'
import type { Offered } from './offered.ts'
import { getPrompt, listPrompts } from './prompts.ts'
import { listResources, listTemplates, readResource } from './resources.ts'
import { Subscriptions } from './subscriptions.ts'
import { declareTasks, type Era, Tasks } from './tasks.ts'
import { type AnyTool, type Call, callTool, type ListedTool } from './tool.ts'
import { nameRequest, WatchedTransport } from './wire.ts'

export { openStdio } from './stdio.ts'

/** What a server is made of. */
export type McpParts = {
  readonly postOffice: PostOffice
  /** Whose inboxes: every operation carries it. */
  readonly agent: string
  /** Names of {@link selectTools}. */
  readonly toolsets: readonly string[]
  readonly version: string
  readonly log: Log
  readonly world: World
}

/** A server that is not connected yet, what it watches once it is, and the blobs it has in hand. */
export type BuiltServer = { readonly server: Server; readonly subscriptions: Subscriptions; readonly blobs: BlobGate }

/** A connection that is being served. */
export type McpConnection = {
  /** Ends the connection; what is under way is aborted. */
  readonly close: () => Promise<void>
  /** Resolves when the connection has ended, whoever ended it. */
  readonly closed: Promise<void>
}

/** The part of a client's capabilities that says whether it can put a question to a person. */
const Elicitation = z.object({ elicitation: z.object({ form: z.unknown(), url: z.unknown() }).partial().optional() })
const FIXED_LIST = { ttlMs: FIXED_LIST_KEPT_MS, cacheScope: 'private' } as const
/** The holder of what `resources/subscribe` asked for; no JSON-RPC id is named so. */
const LEGACY_HOLDER = 'client'

/**
 * Serves MCP on `transport`, such as {@link openStdio} makes. `onOpen` is called once, when a client is here to stay rather than probing:
 * after its first real request was answered, or just before one whose answer depends on where mail is received.
 */
export function serveMcp(parts: McpParts & { onOpen?: () => void; transport: Transport }): McpConnection {
  const { log, onOpen, transport } = parts
  selectTools(parts.toolsets)
  const closed = Promise.withResolvers<void>()
  let served: BuiltServer | null = null
  const wire = new WatchedTransport(transport, {
    onOpen: () => onOpen?.(),
    onListen: (holder, uris) => followListen(served?.subscriptions ?? null, holder, uris, log),
    onAnswering: (request) => served?.blobs.take(request) ?? null,
    onCancel: (holder) => served?.subscriptions.removeAll(holder),
    onClose: closed.resolve,
  })
  const build = (era: Era) => {
    // Runs once more for a probe that falls back; the last one built is the one that is served.
    served = buildServer(parts, era)
    return served.server
  }
  const handle = serveStdio(({ era }) => build(era), {
    transport: wire,
    maxSubscriptions: MAX_SUBSCRIPTIONS,
    onerror: (error) => log.warn('mcp_connection_error', { error: describeError(error) }),
  })
  return { close: () => handle.close(), closed: closed.promise }
}

/**
 * Puts a server together; asks the post office for its status and touches nothing else until it is connected and asked.
 * @throws RangeError for an unknown tool set
 */
export function buildServer(parts: McpParts, era: Era): BuiltServer {
  const { version, log } = parts
  const tools = selectTools(parts.toolsets)
  const offer = offerTools(tools, parts.postOffice.status(parts.agent).readOnly)
  const offered = new Set(offer.map(({ name }) => name))
  const withheld = listWithheld(offered)
  const server = new Server(
    { name: 'inbox-mcp', title: 'Agent inboxes', version },
    {
      instructions: writeInstructions(offered),
      capabilities: {
        tools: {},
        resources: { subscribe: true, listChanged: true },
        prompts: {},
        completions: {},
        ...declareTasks(era),
      },
      cacheHints: { 'tools/list': FIXED_LIST, 'prompts/list': FIXED_LIST, 'resources/templates/list': FIXED_LIST },
      inputRequired: { maxRounds: 2, roundTimeoutMs: QUESTION_DEADLINE_MS },
    },
  )
  const subscriptions = new Subscriptions(parts, {
    sendUpdated: (uri) => server.sendResourceUpdated({ uri }),
    sendListChanged: () => server.sendResourceListChanged(),
  })
  const blobs = new BlobGate()
  const notices = new Notices(parts)
  const tasks = new Tasks(server, era)
  server.onclose = () => {
    subscriptions.close()
    notices.close()
    tasks.close()
  }
  server.onerror = (error) => log.warn('mcp_protocol_error', { error: describeError(error) })

  const guard = guardWith(log, () => {
    subscriptions.start()
    notices.start()
  })
  const office = { ...parts, offered, withheld }
  handleTools(server, { ...office, tools, offer, tasks, notices }, era, guard)
  tasks.handle(guard)
  handleResources(server, office, { subscriptions, blobs }, guard)
  server.setRequestHandler(
    'prompts/list',
    guard(() => listPrompts(offered)),
  )
  server.setRequestHandler(
    'prompts/get',
    guard(({ params }) => getPrompt(params.name, params.arguments ?? {}, offered)),
  )
  server.setRequestHandler(
    'completion/complete',
    guard(({ params }) => complete(office, params)),
  )
  return { server, subscriptions, blobs }
}

/** What is not offered is still known: a call to it is told why it is refused. */
type Tools = Offered & {
  readonly tools: readonly AnyTool[]
  readonly offer: readonly AnyTool[]
  readonly tasks: Tasks
  readonly notices: Notices
}

function handleTools(server: Server, parts: McpParts & Tools, era: Era, guard: Guard): void {
  const { tools, offer, tasks } = parts
  const byName = new Map(tools.map((tool) => [tool.name, tool]))
  const lists = new Map<boolean, ListedTool[]>()
  server.setRequestHandler(
    'tools/list',
    guard((_request, ctx) => {
      // Written at the first question: it is no part of the start.
      const knowsTasks = tasks.areKnownTo(ctx)
      const listed = lists.get(knowsTasks) ?? offer.map((tool) => tasks.list(tool, knowsTasks, parts.withheld))
      lists.set(knowsTasks, listed)
      return { tools: listed }
    }),
  )
  server.setRequestHandler(
    'tools/call',
    guard(async ({ params }, ctx) => {
      const tool = byName.get(params.name) ?? refuseTool(offer)
      const call = describeCall(server, parts, era, ctx)
      return tasks.wants(tool, params.task, ctx)
        ? tasks.begin(tool, params.arguments, call)
        : callTool(tool, params.arguments, call)
    }),
  )
}

function refuseTool(tools: readonly AnyTool[]): never {
  throw new ProtocolError(ProtocolErrorCode.InvalidParams, `Unknown tool; there are ${tools.map(({ name }) => name).join(', ')}`)
}

type Resources = Pick<BuiltServer, 'subscriptions' | 'blobs'>

function handleResources(server: Server, parts: McpParts & Offered, { subscriptions, blobs }: Resources, guard: Guard): void {
  server.setRequestHandler(
    'resources/list',
    guard(({ params }) => listResources(parts, params?.cursor)),
  )
  server.setRequestHandler(
    'resources/templates/list',
    guard(() => listTemplates()),
  )
  server.setRequestHandler(
    'resources/read',
    guard(({ params }, { mcpReq: { id, signal } }) =>
      readResource(parts, params.uri, (read) => blobs.read(nameRequest(id), signal, read)),
    ),
  )
  // 2025 and before; the generation after asks with `subscriptions/listen`, which the SDK answers (see wire.ts).
  server.setRequestHandler(
    'resources/subscribe',
    guard(async ({ params }) => {
      await subscriptions.add(params.uri, LEGACY_HOLDER)
      return {}
    }),
  )
  server.setRequestHandler(
    'resources/unsubscribe',
    guard(({ params }) => {
      subscriptions.remove(params.uri, LEGACY_HOLDER)
      return {}
    }),
  )
}

function describeCall(
  server: Server,
  { postOffice, agent, world, log, notices, offered, withheld }: McpParts & Tools,
  era: Era,
  { mcpReq }: ServerContext,
): Call {
  const { signal, inputResponses: answers } = mcpReq
  // The older generation declares what a client can do once, the newer one with every request.
  const envelope: Record<string, unknown> = { ...mcpReq.envelope }
  const canAsk = canShowForms(era === 'modern' ? envelope[CLIENT_CAPABILITIES_META_KEY] : server.getClientCapabilities())
  return {
    postOffice,
    agent,
    world,
    log,
    signal,
    answers,
    canAsk,
    notices,
    offered,
    withheld,
    onProgress: progressOf(mcpReq, log),
  }
}

function canShowForms(declared: unknown): boolean {
  const elicitation = Elicitation.safeParse(declared).data?.elicitation
  // A bare `{}` means forms: the capability is older than its modes.
  return elicitation !== undefined && (elicitation.form !== undefined || elicitation.url === undefined)
}

function progressOf(mcpReq: ServerContext['mcpReq'], log: Log): Call['onProgress'] {
  const progressToken = mcpReq._meta?.progressToken
  if (progressToken === undefined) return undefined
  let last = -1
  return (progress, total) => {
    // The protocol wants every report to be further than the one before.
    if (progress <= last) return
    last = progress
    mcpReq
      .notify({ method: 'notifications/progress', params: { progressToken, progress, total } })
      .catch((error: unknown) => log.debug('mcp_notification_lost', { error: describeError(error) }))
  }
}

/** A resource that cannot be watched is logged and passed over: the SDK has accepted it already. */
async function followListen(
  subscriptions: Subscriptions | null,
  holder: string,
  uris: readonly string[],
  log: Log,
): Promise<void> {
  subscriptions?.start()
  for (const uri of uris) {
    try {
      await subscriptions?.add(uri, holder)
    } catch (error) {
      log.debug('mcp_listen_passed_over', { error: describeError(error) })
    }
  }
}
