import { Client } from '@modelcontextprotocol/client'
import { StdioServerTransport } from '@modelcontextprotocol/server/stdio'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { speak } from '../support/mcp-raw.ts'

const LEGACY = ['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25']
const MODERN = '2026-07-28'
const SERVER = { name: 'inbox-mcp', title: 'Agent inboxes', version: '1.2.3' }
const CAPABILITIES = { tools: {}, resources: { subscribe: true, listChanged: true }, prompts: {}, completions: {} }

let t: ReturnType<typeof speak>
beforeEach(() => {
  t = speak()
})
afterEach(() => t.close())

describe.each(LEGACY)('initialize at %s', (version) => {
  test('agrees on the version asked for and says what there is', async () => {
    const { result } = await t.initialize(version)
    expect(result).toMatchObject({ protocolVersion: version, serverInfo: SERVER, capabilities: CAPABILITIES })
    expect(result?.instructions).toContain('create_inbox')
  })

  test('serves tools, resources, prompts and ping', async () => {
    await t.initialize(version)
    t.notify('notifications/initialized')
    expect((await t.send('tools/list')).result?.tools).toHaveLength(15)
    const called = await t.send('tools/call', { name: 'create_inbox', arguments: {} })
    expect(called.result).toMatchObject({ content: [{ type: 'text' }], structuredContent: { cursor: 0 } })
    expect((await t.send('resources/list')).result?.resources).toHaveLength(2)
    expect((await t.send('prompts/list')).result?.prompts).toHaveLength(3)
    expect((await t.send('ping')).result).toEqual({})
  })
})

test('initialize at a version nobody knows is offered the newest of that generation', async () => {
  expect((await t.initialize('2099-01-01')).result).toMatchObject({ protocolVersion: '2025-11-25' })
})

describe(`server/discover at ${MODERN}`, () => {
  test('names the version and says what there is', async () => {
    const { result } = await t.sendModern('server/discover')
    expect(result).toMatchObject({ supportedVersions: [MODERN], capabilities: CAPABILITIES })
    expect(result?._meta).toMatchObject({ 'io.modelcontextprotocol/serverInfo': SERVER })
    expect(result?.instructions).toContain('create_inbox')
  })

  test('serves tools, resources and prompts, with or without the question before', async () => {
    expect((await t.sendModern('tools/list')).result).toMatchObject({ cacheScope: 'private', ttlMs: 3_600_000 })
    const called = await t.sendModern('tools/call', { name: 'create_inbox', arguments: {} })
    expect(called.result).toMatchObject({ resultType: 'complete', structuredContent: { cursor: 0 } })
    expect((await t.sendModern('resources/list')).result).toMatchObject({ ttlMs: 0, resources: [{}, {}] })
    expect((await t.sendModern('prompts/list')).result?.prompts).toHaveLength(3)
  })

  test('a client that turns back to initialize is served', async () => {
    await t.sendModern('server/discover')
    expect((await t.initialize('2025-11-25')).result).toMatchObject({ protocolVersion: '2025-11-25' })
    expect((await t.send('tools/list')).result?.tools).toHaveLength(15)
  })

  test('an unknown version is refused with those there are', async () => {
    const _meta = {
      'io.modelcontextprotocol/protocolVersion': '2031-01-01',
      'io.modelcontextprotocol/clientInfo': { name: 'x', version: '1' },
      'io.modelcontextprotocol/clientCapabilities': {},
    }
    expect((await t.send('server/discover', { _meta })).error?.data).toMatchObject({ supported: [MODERN] })
  })
})

test('a client that is left to negotiate by itself gets the newest version', async () => {
  const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode: 'auto' } })
  await client.connect(new StdioServerTransport(t.fromServer, t.toServer))
  expect(client.getNegotiatedProtocolVersion()).toBe(MODERN)
  expect((await client.listTools()).tools).toHaveLength(15)
  await client.close()
})

describe('the moment a client is here to stay', () => {
  test('is not a probe: discovering, pinging and shaking hands open nothing', async () => {
    await t.sendModern('server/discover')
    await t.initialize('2025-11-25')
    await t.send('ping')
    expect(t.opened()).toBe(0)
  })

  test('comes when the handshake of the older generation is complete', async () => {
    await t.initialize('2025-11-25')
    t.notify('notifications/initialized')
    await t.send('ping')
    expect(t.opened()).toBe(1)
  })

  test('comes after the first answer of the newer generation, and once', async () => {
    await t.sendModern('server/discover')
    await t.sendModern('tools/list')
    await t.sendModern('prompts/list')
    await expect.poll(() => t.opened()).toBe(1)
    await t.sendModern('tools/call', { name: 'list_inboxes', arguments: {} })
    expect(t.opened()).toBe(1)
  })

  test('comes before a call that needs the mail is carried out', async () => {
    let openedBefore = -1
    const { post } = t
    const createInbox = post.createInbox.bind(post)
    post.createInbox = (agent, input) => {
      openedBefore = t.opened()
      return createInbox(agent, input)
    }
    await t.sendModern('tools/call', { name: 'create_inbox', arguments: {} })
    expect(openedBefore).toBe(1)
  })
})

describe('nonsense', () => {
  test('is answered as the protocol says, and the next request is served', async () => {
    await t.initialize('2025-11-25')
    t.toServer.write('this is not JSON\n')
    t.toServer.write('{"jsonrpc":"2.0"}\n')
    expect((await t.send('no/such/method')).error).toMatchObject({ code: -32601 })
    expect((await t.send('tools/call', { name: 'create_mailbox', arguments: {} })).error).toMatchObject({
      code: -32602,
      message: expect.stringContaining('create_inbox'),
    })
    expect((await t.send('tools/call', { name: 'constructor' })).error).toMatchObject({ code: -32602 })
    expect((await t.send('tools/call', { name: 'create_inbox', arguments: 'ada' })).error).toMatchObject({ code: -32602 })
    expect((await t.send('tools/list')).result?.tools).toHaveLength(15)
  })

  test('never adds a line that is no JSON-RPC', async () => {
    await t.initialize('2025-11-25')
    t.toServer.write('\n\n{}\n[]\n')
    await t.send('tools/list')
    for (const line of t.lines) expect(line).toMatchObject({ jsonrpc: '2.0' })
  })
})

test('the end of the input ends the connection', async () => {
  await t.initialize('2025-11-25')
  t.toServer.end()
  await t.connection.closed
})
