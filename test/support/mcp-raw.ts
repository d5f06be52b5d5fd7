/** MCP spoken by hand: JSON-RPC lines in, JSON-RPC lines out. */

import { createInterface } from 'node:readline'
import { type ConnectOptions, serve } from './mcp-clients.ts'

/** One line from the server. */
export type Line = {
  jsonrpc: '2.0'
  id?: number | string
  method?: string
  params?: Record<string, unknown>
  result?: Record<string, unknown>
  error?: { code: number; message: string; data?: unknown }
}

/** What every request of the 2026-07-28 generation carries. */
export const ENVELOPE = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'by hand', version: '1' },
  'io.modelcontextprotocol/clientCapabilities': {},
}

/** A server and a hand on its pipes. */
export function speak(options: ConnectOptions = {}) {
  const served = serve(options)
  const lines: Line[] = []
  const waiting = new Map<number | string, (line: Line) => void>()
  createInterface({ input: served.fromServer }).on('line', (text) => {
    const line: Line = JSON.parse(text)
    lines.push(line)
    if (line.id !== undefined && line.method === undefined) waiting.get(line.id)?.(line)
  })
  let ids = 0
  const write = (message: object) => served.toServer.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
  const send = (method: string, params?: object, id: number | string = ++ids) => {
    const answered = new Promise<Line>((resolve) => waiting.set(id, resolve))
    write({ id, method, ...(params && { params }) })
    return answered
  }
  return {
    ...served,
    /** Everything the server wrote so far. */
    lines,
    /** Sends a request and answers the response. */
    send,
    /** The same in the newest generation, with its envelope. */
    sendModern: (method: string, params: object = {}, id?: number | string) => send(method, { ...params, _meta: ENVELOPE }, id),
    /** The id of the request that was sent last, when it named none itself. */
    lastId: () => ids,
    notify: (method: string, params?: object) => write({ method, ...(params && { params }) }),
    initialize: (protocolVersion: string) =>
      send('initialize', { protocolVersion, capabilities: {}, clientInfo: { name: 'by hand', version: '1' } }),
    close: () => served.connection.close(),
  }
}
