import { TaskCancelledError } from '@modelcontextprotocol/ext-tasks/client'
import { Client as V1Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioServerTransport as V1Pipe } from '@modelcontextprotocol/sdk/server/stdio.js'
import { CallToolResultSchema } from '@modelcontextprotocol/sdk/types.js'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { TASK_POLL_INTERVAL_MS } from '../../src/limits.ts'
import { serve } from '../support/mcp-clients.ts'
import { MemoryPostOffice } from '../support/mcp-post-office.ts'
import { connectTasks } from '../support/mcp-tasks.ts'

const ADA = 'ada@agents.localhost'
/** A client that sleeps between two questions gets its time from here. */
const poll = () => vi.advanceTimersByTimeAsync(TASK_POLL_INTERVAL_MS)

let post: MemoryPostOffice
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  post = new MemoryPostOffice()
  await post.createInbox('default', { localPart: 'ada' })
})
afterEach(() => void vi.useRealTimers())

describe.each(['legacy', 'modern'] as const)('a host with the requester of MCP Tasks, %s', (era) => {
  let t: Awaited<ReturnType<typeof connectTasks>>
  beforeEach(async () => {
    t = await connectTasks(post, post.world, era)
  })
  afterEach(() => t.close())

  const callTool = async (args: object = {}) => {
    const { tools } = await t.client.listTools()
    const wait = tools.find(({ name }) => name === 'wait_for_message')
    expect(wait).toBeDefined()
    return t.session.callTool('wait_for_message', JSON.parse(JSON.stringify({ inbox: ADA, ...args })), {
      task: { preference: 'prefer' },
    })
  }

  test('leaves a wait with the server and gets the mail', async () => {
    const execution = await callTool({ timeoutSeconds: 50 })
    expect(execution.kind).toBe('task')
    const outcome = execution.result()
    await poll()
    post.deliver(ADA, { subject: 'Your code' })
    await poll()
    expect(JSON.stringify(await outcome)).toContain('Your code')
    expect(t.log).toEqual([])
  })

  test('cancels', async () => {
    const execution = await callTool()
    const outcome = execution.result()
    await execution.cancel()
    await poll()
    expect(await outcome.catch((error: unknown) => ({ error }))).toSatisfy(
      (ended: { error?: unknown; status?: string }) => ended.error instanceof TaskCancelledError || ended.status === 'cancelled',
    )
    post.deliver(ADA)
    const { data } = await post.listMessages('default', ADA, { after: null, page: { limit: 1, offset: 0 } })
    expect(data).toMatchObject([{ read: false }])
  })
})

test('SDK v1 runs a wait as a task, to its end', async () => {
  const { toServer, fromServer, connection } = serve({ post })
  const client = new V1Client({ name: 'test', version: '1' }, { capabilities: {} })
  await client.connect(new V1Pipe(fromServer, toServer))
  await client.listTools()
  const stream = client.experimental.tasks.callToolStream(
    { name: 'wait_for_message', arguments: { inbox: ADA, timeoutSeconds: 50 } },
    CallToolResultSchema,
    { task: {} },
  )
  const seen: string[] = []
  const ended = (async () => {
    for await (const message of stream) {
      seen.push(message.type)
      if (message.type === 'taskCreated') post.deliver(ADA, { subject: 'Your code' })
      if (message.type === 'result') return message.result
    }
    return null
  })()
  await poll()
  await poll()
  expect(await ended).toMatchObject({ structuredContent: { status: 'received' } })
  expect(seen).toContain('taskCreated')
  await client.close()
  toServer.end()
  await connection.closed
})
