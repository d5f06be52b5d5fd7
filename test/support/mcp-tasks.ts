/** The real v2 client with the requester of MCP Tasks on it, both generations, as a host puts them together. */

import { PassThrough } from 'node:stream'
import { Client, type JSONRPCMessage, type Transport } from '@modelcontextprotocol/client'
import { createTaskSessionFromClient, type TaskEnabledSession } from '@modelcontextprotocol/ext-tasks/client'
import { StdioServerTransport } from '@modelcontextprotocol/server/stdio'
import { createLog } from '../../src/log.ts'
import { openStdio, serveMcp } from '../../src/mcp/server.ts'
import type { PostOffice } from '../../src/post-office.ts'
import type { World } from '../../src/world.ts'

type Pending = (message: { result?: unknown; error?: { code: number; message: string } }) => void
type RawDispatch = Parameters<typeof createTaskSessionFromClient>[1]['rawDispatch']

/** Lets a host send requests of its own beside those of the client: the SDK's client does not know the wire of tasks. */
class SharedTransport implements Transport {
  onclose?: () => void
  onerror?: (error: Error) => void
  onmessage?: Transport['onmessage']
  readonly #inner: Transport
  readonly #pending = new Map<string, Pending>()
  #ids = 0

  constructor(inner: Transport) {
    this.#inner = inner
  }

  async start(): Promise<void> {
    this.#inner.onclose = () => this.onclose?.()
    this.#inner.onerror = (error) => this.onerror?.(error)
    this.#inner.onmessage = (message, extra) => {
      const id = 'id' in message ? String(message.id) : ''
      const answer = this.#pending.get(id)
      if (answer === undefined) return this.onmessage?.(message, extra)
      this.#pending.delete(id)
      answer(JSON.parse(JSON.stringify(message)))
    }
    await this.#inner.start()
  }

  send(message: JSONRPCMessage): Promise<void> {
    return this.#inner.send(message)
  }

  close(): Promise<void> {
    return this.#inner.close()
  }

  readonly dispatch: NonNullable<RawDispatch> = async (request) => {
    this.#ids += 1
    const id = `host ${this.#ids}`
    const answered = new Promise<Parameters<Pending>[0]>((resolve) => this.#pending.set(id, resolve))
    const { method, params } = JSON.parse(JSON.stringify(request))
    await this.send({ jsonrpc: '2.0', id, method, params })
    const { result, error } = await answered
    return error === undefined ? { kind: 'result', result: JSON.parse(JSON.stringify(result)) } : { kind: 'error', error }
  }
}

const CLIENT = { name: 'test', version: '1' }

/** A session on a pipe to a server. */
export async function openTaskSession(
  pipe: Transport,
  era: 'legacy' | 'modern',
): Promise<{ client: Client; session: TaskEnabledSession }> {
  const transport = new SharedTransport(pipe)
  const mode = era === 'modern' ? { pin: '2026-07-28' } : 'legacy'
  const client = new Client(CLIENT, { versionNegotiation: { mode } })
  await client.connect(transport)
  const session = createTaskSessionFromClient(client, {
    endpointId: 'inbox-mcp',
    ...(era === 'modern' && {
      rawDispatch: transport.dispatch,
      v2RequestFraming: { protocolVersion: '2026-07-28', clientInfo: CLIENT, clientCapabilities: {} },
    }),
  })
  return { client, session }
}

/** A server for this agent on two pipes, and a session with it. */
export async function connectTasks(post: PostOffice, world: World, era: 'legacy' | 'modern', agent = 'default') {
  const toServer = new PassThrough()
  const fromServer = new PassThrough()
  const log: string[] = []
  const connection = serveMcp({
    postOffice: post,
    agent,
    toolsets: ['inboxes', 'messages', 'sending'],
    version: '1',
    log: createLog('warn', world.now, (line) => log.push(line)),
    world,
    transport: openStdio(toServer, fromServer),
  })
  const { client, session } = await openTaskSession(new StdioServerTransport(fromServer, toServer), era)
  const close = async () => {
    await session.close()
    await client.close()
    toServer.end()
    await connection.closed
  }
  return { client, session, log, close }
}
