/** The real MCP clients, old and new, on real stdio framing in process, behind one face so that the same test runs with each. */

import { PassThrough } from 'node:stream'
import { Client as ModernClient } from '@modelcontextprotocol/client'
import { Client as V1Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioServerTransport as V1Pipe } from '@modelcontextprotocol/sdk/server/stdio.js'
import {
  ElicitRequestSchema,
  ResourceListChangedNotificationSchema,
  ResourceUpdatedNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js'
import { StdioServerTransport } from '@modelcontextprotocol/server/stdio'
import { createLog } from '../../src/log.ts'
import { type McpConnection, openStdio, serveMcp } from '../../src/mcp/server.ts'
import { MemoryPostOffice } from './mcp-post-office.ts'

/** Every client that a test of behaviour must pass with. */
export const CLIENTS = ['SDK v1', 'SDK v2, legacy', 'SDK v2, modern'] as const
export type ClientKind = (typeof CLIENTS)[number]

/** The person behind a client, being asked; throws where the client breaks over the question. */
export type Person = () => Promise<Reply>
export type Reply = { action: 'accept'; content: { confirm: boolean } } | { action: 'decline' } | { action: 'cancel' }

/** A result of a tool as an agent gets it. */
export type ToolAnswer = { text: string; structured: Record<string, unknown>; isError: boolean }

export type Asked = { uri: string; mimeType?: string | undefined; text?: string | undefined; blob?: string | undefined }
export type CallOptions = {
  signal?: AbortSignal
  onprogress?: (progress: { progress: number; total?: number | undefined }) => void
}
export type Suggestions = { values: string[]; total?: number | undefined; hasMore?: boolean | undefined }
type Ref = { type: 'ref/resource'; uri: string } | { type: 'ref/prompt'; name: string }

type Listed = { uri: string; name: string; title?: string | undefined }

/** One face for three clients. */
export type TestClient = {
  listTools(): Promise<{ name: string; inputSchema: object }[]>
  callTool(name: string, args?: Record<string, unknown>, options?: CallOptions): Promise<ToolAnswer>
  /** One page. */
  listResources(cursor: string): Promise<{ resources: Listed[]; nextCursor?: string | undefined }>
  /** Every page. */
  listAllResources(): Promise<Listed[]>
  listTemplates(): Promise<string[]>
  readResource(uri: string): Promise<Asked>
  complete(ref: Ref, argument: { name: string; value: string }, chosen?: Record<string, string>): Promise<Suggestions>
  listPrompts(): Promise<{ name: string; arguments?: { name: string; required?: boolean | undefined }[] | undefined }[]>
  getPrompt(name: string, args: Record<string, string>): Promise<string>
  /** Answers how to stop. */
  subscribe(uris: string[]): Promise<() => Promise<void>>
  /** Resolves with the next notification from the server. */
  nextNotification(): Promise<string>
  /** Notifications that came and nobody asked for yet. */
  readonly notifications: string[]
  readonly instructions: string | undefined
  readonly serverVersion: { name: string; title?: string | undefined; version: string } | undefined
  close(): Promise<void>
}

export type TestConnection = {
  client: TestClient
  post: MemoryPostOffice
  connection: McpConnection
  /** How often the server said that a client is here to stay. */
  opened: () => number
  /** What was logged. */
  log: string[]
}

export type ConnectOptions = { post?: MemoryPostOffice; agent?: string; person?: Person; toolsets?: readonly string[] }

/** Connects a client of this kind to a server of its own. Close the client. */
export async function connect(kind: ClientKind, options: ConnectOptions = {}): Promise<TestConnection> {
  const { toServer, fromServer, ...served } = serve(options)
  const notifications: string[] = []
  const waiting: ((notification: string) => void)[] = []
  const notified = (notification: string) => {
    const next = waiting.shift()
    if (next === undefined) notifications.push(notification)
    else next(notification)
  }
  const face =
    kind === 'SDK v1'
      ? await connectV1(new V1Pipe(fromServer, toServer), options.person, notified)
      : await connectV2(kind, new StdioServerTransport(fromServer, toServer), options.person, notified)
  const nextNotification = () => {
    const kept = notifications.shift()
    return kept === undefined ? new Promise<string>((resolve) => waiting.push(resolve)) : Promise.resolve(kept)
  }
  const close = async () => {
    await face.close()
    // As a client that ends: the server's input ends.
    toServer.end()
    await served.connection.closed
  }
  return { ...served, client: { ...face, notifications, nextNotification, close } }
}

/** A server on two pipes, for whoever speaks the protocol by hand. */
export function serve({
  post = new MemoryPostOffice(),
  agent = 'default',
  toolsets = ['inboxes', 'messages', 'sending'],
}: ConnectOptions) {
  const toServer = new PassThrough()
  const fromServer = new PassThrough()
  const log: string[] = []
  let opened = 0
  const connection = serveMcp({
    postOffice: post,
    agent,
    toolsets,
    version: '1.2.3',
    log: createLog('debug', post.world.now, (line) => log.push(line)),
    world: post.world,
    onOpen: () => {
      opened += 1
    },
    transport: openStdio(toServer, fromServer),
  })
  return { post, connection, toServer, fromServer, log, opened: () => opened }
}

type Face = Omit<TestClient, 'notifications' | 'nextNotification'>

async function connectV1(pipe: V1Pipe, person: Person | undefined, notified: (notification: string) => void): Promise<Face> {
  const client = new V1Client({ name: 'test', version: '1' }, { capabilities: person === undefined ? {} : { elicitation: {} } })
  if (person !== undefined) client.setRequestHandler(ElicitRequestSchema, person)
  client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => notified(`updated ${params.uri}`))
  client.setNotificationHandler(ResourceListChangedNotificationSchema, () => notified('list changed'))
  await client.connect(pipe)
  return {
    listTools: async () => (await client.listTools()).tools,
    callTool: async (name, args, options) => normalise(await client.callTool({ name, arguments: args }, undefined, options)),
    listResources: (cursor) => client.listResources({ cursor }),
    listAllResources: async () => {
      const first = await client.listResources()
      const rest = first.nextCursor === undefined ? [] : (await client.listResources({ cursor: first.nextCursor })).resources
      return [...first.resources, ...rest]
    },
    listTemplates: async () => (await client.listResourceTemplates()).resourceTemplates.map(({ uriTemplate }) => uriTemplate),
    readResource: async (uri) => only((await client.readResource({ uri })).contents),
    complete: async (ref, argument, chosen) =>
      (await client.complete({ ref, argument, ...(chosen && { context: { arguments: chosen } }) })).completion,
    listPrompts: async () => (await client.listPrompts()).prompts,
    getPrompt: async (name, args) => words((await client.getPrompt({ name, arguments: args })).messages[0]?.content),
    subscribe: async (uris) => {
      for (const uri of uris) await client.subscribeResource({ uri })
      return async () => {
        for (const uri of uris) await client.unsubscribeResource({ uri })
      }
    },
    instructions: client.getInstructions(),
    serverVersion: client.getServerVersion(),
    close: () => client.close(),
  }
}

async function connectV2(
  kind: ClientKind,
  pipe: StdioServerTransport,
  person: Person | undefined,
  notified: (notification: string) => void,
): Promise<Face> {
  const isModern = kind === 'SDK v2, modern'
  const client = new ModernClient(
    { name: 'test', version: '1' },
    {
      capabilities: person === undefined ? {} : { elicitation: {} },
      versionNegotiation: { mode: isModern ? { pin: '2026-07-28' } : 'legacy' },
    },
  )
  if (person !== undefined) client.setRequestHandler('elicitation/create', person)
  client.setNotificationHandler('notifications/resources/updated', ({ params }) => notified(`updated ${params.uri}`))
  client.setNotificationHandler('notifications/resources/list_changed', () => notified('list changed'))
  await client.connect(pipe)
  return {
    listTools: async () => (await client.listTools()).tools,
    callTool: async (name, args, options) =>
      normalise(await client.callTool({ name, ...(args && { arguments: args }) }, options)),
    listResources: (cursor) => client.listResources({ cursor }),
    listAllResources: async () => (await client.listResources()).resources,
    listTemplates: async () => (await client.listResourceTemplates()).resourceTemplates.map(({ uriTemplate }) => uriTemplate),
    readResource: async (uri) => only((await client.readResource({ uri })).contents),
    complete: async (ref, argument, chosen) =>
      (await client.complete({ ref, argument, ...(chosen && { context: { arguments: chosen } }) })).completion,
    listPrompts: async () => (await client.listPrompts()).prompts,
    getPrompt: async (name, args) => words((await client.getPrompt({ name, arguments: args })).messages[0]?.content),
    subscribe: async (uris) => {
      if (isModern) {
        const subscription = await client.listen({ resourceSubscriptions: uris, resourcesListChanged: true })
        return () => subscription.close()
      }
      for (const uri of uris) await client.subscribeResource({ uri })
      return async () => {
        for (const uri of uris) await client.unsubscribeResource({ uri })
      }
    },
    instructions: client.getInstructions(),
    serverVersion: client.getServerVersion(),
    close: () => client.close(),
  }
}

function normalise(result: object): ToolAnswer {
  const { content, structuredContent, isError } = { content: undefined, structuredContent: undefined, isError: false, ...result }
  return {
    text: words(Array.isArray(content) ? content[0] : undefined),
    structured: record(structuredContent),
    isError: isError === true,
  }
}

function only(contents: readonly Asked[]): Asked {
  const [content, ...rest] = contents
  if (content === undefined || rest.length > 0) throw new Error(`${contents.length} contents`)
  return content
}

function words(content: unknown): string {
  const { text } = record(content)
  return typeof text === 'string' ? text : ''
}

/** An object's own fields; none for anything else. */
export function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}
