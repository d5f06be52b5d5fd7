import { once } from 'node:events'
import { PassThrough, Readable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { MAX_REQUEST_BYTES } from '../../src/limits.ts'
import { openStdio } from '../../src/mcp/stdio.ts'
import { speak } from '../support/mcp-raw.ts'

const PING = '{"jsonrpc":"2.0","id":1,"method":"ping"}\n'

/** What a transport makes of these chunks, in order, once they have ended. */
async function read(chunks: readonly Buffer[]): Promise<{ messages: unknown[]; errors: string[] }> {
  const messages: unknown[] = []
  const errors: string[] = []
  const transport = openStdio(Readable.from(chunks, { objectMode: false }), new PassThrough())
  const closed = Promise.withResolvers<void>()
  transport.onmessage = (message) => messages.push(message)
  transport.onerror = (error) => errors.push(error.message)
  transport.onclose = closed.resolve
  await transport.start()
  await closed.promise
  return { messages, errors }
}

describe('requests on stdin', () => {
  test.each([
    ['whole', [PING, PING]],
    ['two in one piece', [PING + PING]],
    ['byte by byte', [...PING, ...PING]],
    ['cut anywhere', [PING.slice(0, 7), PING.slice(7) + PING.slice(0, 30), PING.slice(30)]],
    ['with empty lines between', ['\n\n', PING, '\r\n', PING, '\n']],
  ])('are understood when they come %s', async (_title, pieces) => {
    const { messages, errors } = await read(pieces.map((piece) => Buffer.from(piece)))
    expect(messages).toEqual([JSON.parse(PING), JSON.parse(PING)])
    expect(errors).toEqual([])
  })

  test('may break in the middle of a character', async () => {
    const bytes = Buffer.from('{"jsonrpc":"2.0","method":"näïve😀"}\n')
    const { messages } = await read([...bytes].map((byte) => Buffer.of(byte)))
    expect(messages).toEqual([{ jsonrpc: '2.0', method: 'näïve😀' }])
  })

  test('without an end are no requests', async () => {
    expect(await read([Buffer.from(PING.trimEnd())])).toEqual({ messages: [], errors: [] })
  })

  test('as large as the largest message with its attachments inline come through in small pieces', async () => {
    const line = Buffer.from(`{"jsonrpc":"2.0","method":"x","params":{"base64":"${'x'.repeat(27_000_000)}"}}\n`)
    const pieces = Array.from({ length: Math.ceil(line.length / 65_536) }, (_, i) => line.subarray(i * 65_536, (i + 1) * 65_536))
    const { messages, errors } = await read([...pieces, Buffer.from(PING)])
    expect(messages).toHaveLength(2)
    expect(errors).toEqual([])
  })

  test('larger than that end the connection, with one line that says why', async () => {
    const piece = Buffer.alloc(1_048_576, 'x')
    const { messages, errors } = await read([Buffer.from(PING), ...Array.from({ length: 41 }, () => piece)])
    expect(messages).toEqual([JSON.parse(PING)])
    expect(errors).toEqual([`A request has more than ${MAX_REQUEST_BYTES} bytes`])
  })
})

describe('a connection', () => {
  let t: ReturnType<typeof speak>
  beforeEach(() => {
    t = speak()
  })
  afterEach(() => t.close())

  test('ends when its input breaks, and takes nothing more from it', async () => {
    await t.initialize('2025-11-25')
    t.toServer.destroy(new Error('the pipe broke'))
    await t.connection.closed
    expect(t.log.some((line) => line.includes('mcp_connection_error') && line.includes('the pipe broke'))).toBe(true)
  })

  test('ends at a request over the limit, although its input goes on', async () => {
    await t.initialize('2025-11-25')
    const piece = Buffer.alloc(1_048_576, 'x')
    for (let bytes = 0; bytes <= MAX_REQUEST_BYTES && !t.toServer.destroyed; bytes += piece.length) {
      if (!t.toServer.write(piece)) await Promise.race([once(t.toServer, 'drain'), t.connection.closed])
    }
    await t.connection.closed
    expect(t.toServer.destroyed).toBe(true)
    expect(
      t.log.filter((line) => line.includes('mcp_connection_error') && line.includes(`${MAX_REQUEST_BYTES} bytes`)),
    ).toHaveLength(1)
  })
})
