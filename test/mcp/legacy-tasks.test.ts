import { afterEach, describe, expect, test } from 'vitest'
import { TASK_RESULT_KEPT_MS } from '../../src/limits.ts'
import { record } from '../support/mcp-clients.ts'
import { MemoryPostOffice } from '../support/mcp-post-office.ts'
import { speak } from '../support/mcp-raw.ts'

const ADA = 'ada@agents.localhost'
const FIRST = { after: null, page: { limit: 100, offset: 0 } }

describe('a client of 2025-11-25', () => {
  const open: ReturnType<typeof speak>[] = []
  afterEach(() => Promise.all(open.splice(0).map((hand) => hand.close())))

  async function start(version = '2025-11-25', post = new MemoryPostOffice()) {
    const hand = speak({ post })
    open.push(hand)
    const { result } = await hand.initialize(version)
    await post.createInbox('default', { localPart: 'ada' }).catch(() => {})
    const call = (args: object, more: object) =>
      hand.send('tools/call', { name: 'wait_for_message', arguments: { inbox: ADA, ...args }, ...more })
    const begin = async (args: object = {}) => record(record((await call(args, { task: {} })).result).task)
    const beginId = async (args: object = {}) => String((await begin(args)).taskId)
    const isRead = async () => (await post.listMessages('default', ADA, FIRST)).data.map(({ read }) => read)
    return { ...hand, post, capabilities: record(record(result).capabilities), call, begin, beginId, isRead }
  }

  test('hears which tool may be a task, and gets one for a call that asks for it', async () => {
    const t = await start()
    expect(t.capabilities).toMatchObject({ tasks: { list: {}, cancel: {}, requests: { tools: { call: {} } } } })
    const { tools } = record((await t.send('tools/list')).result)
    const able = Array.isArray(tools) ? tools.filter(({ execution }) => execution !== undefined) : []
    expect(able).toMatchObject([{ name: 'wait_for_message', execution: { taskSupport: 'optional' } }])
    expect(await t.begin({ timeoutSeconds: 600 })).toMatchObject({
      status: 'working',
      ttl: 600_000 + TASK_RESULT_KEPT_MS,
      pollInterval: 1_000,
    })
    expect((await t.call({ timeoutSeconds: 0 }, {})).result).toMatchObject({ structuredContent: { status: 'timeout' } })
  })

  test('of an older version hears nothing of tasks in the list of tools', async () => {
    const t = await start('2025-06-18')
    expect(JSON.stringify((await t.send('tools/list')).result)).not.toContain('taskSupport')
  })

  test('gets a task even where there is an answer at once', async () => {
    const t = await start()
    t.post.deliver(ADA)
    const task = await t.begin()
    expect(task).toMatchObject({ status: 'completed', statusMessage: 'The wait has ended.' })
    const { result } = await t.send('tasks/result', { taskId: task.taskId })
    expect(result).toMatchObject({
      structuredContent: { status: 'received' },
      _meta: { 'io.modelcontextprotocol/related-task': { taskId: task.taskId } },
    })
  })

  test('is refused a task that cannot begin', async () => {
    const t = await start()
    const refused = await t.call({ inbox: 'nobody@agents.localhost' }, { task: {} })
    expect(refused).toMatchObject({ error: { code: -32602, data: { code: 'inbox_not_found' } } })
  })

  test('reads why a task failed', async () => {
    const t = await start()
    t.post.suspend(ADA)
    const { taskId, ...task } = await t.begin()
    expect(task).toMatchObject({ status: 'failed', statusMessage: expect.stringContaining('inbox_suspended') })
    expect((await t.send('tasks/result', { taskId })).result).toMatchObject({ isError: true })
  })

  test('waits for the result of a task until there is one', async () => {
    const t = await start()
    const taskId = await t.beginId({ timeoutSeconds: 600 })
    const results = [t.send('tasks/result', { taskId }), t.send('tasks/result', { taskId })]
    expect((await t.send('tasks/get', { taskId })).result).toMatchObject({ status: 'working' })
    // Longer than any one step of it.
    for (let passed = 0; passed < 120; passed += 60) {
      t.post.world.advance(60_000)
      await t.send('tasks/get', { taskId })
    }
    t.post.deliver(ADA)
    for (const { result } of await Promise.all(results))
      expect(result).toMatchObject({ structuredContent: { status: 'received' } })
    expect(t.post.sleepers).toBe(0)
  })

  test('gets the time-out of a task that it waits for', async () => {
    const t = await start()
    const taskId = await t.beginId({ timeoutSeconds: 5 })
    const result = t.send('tasks/result', { taskId })
    await t.send('ping')
    expect(t.post.sleepers).toBe(1)
    t.post.world.advance(5_000)
    expect((await result).result).toMatchObject({ structuredContent: { status: 'timeout', waitedSeconds: 5 } })
  })

  test('gives up waiting for a result, and nothing is taken; the task goes on', async () => {
    const t = await start()
    const taskId = await t.beginId({ timeoutSeconds: 600 })
    void t.send('tasks/result', { taskId }, 'first')
    void t.send('tasks/result', { taskId }, 'second')
    await t.send('ping')
    t.notify('notifications/cancelled', { requestId: 'first' })
    await t.send('ping')
    expect(t.post.sleepers).toBe(1)
    t.notify('notifications/cancelled', { requestId: 'second' })
    await t.send('ping')
    expect(t.post.sleepers).toBe(0)
    t.post.deliver(ADA)
    expect(await t.isRead()).toEqual([false])
    expect((await t.send('tasks/get', { taskId })).result).toMatchObject({ status: 'completed' })
  })

  test('cancels a task, once, and whoever waits for its result hears of it', async () => {
    const t = await start()
    const taskId = await t.beginId({ timeoutSeconds: 600 })
    const result = t.send('tasks/result', { taskId })
    await t.send('ping')
    expect((await t.send('tasks/cancel', { taskId })).result).toMatchObject({ taskId, status: 'cancelled' })
    expect(await result).toMatchObject({ error: { code: -32602 } })
    expect(await t.send('tasks/cancel', { taskId })).toMatchObject({ error: { code: -32602 } })
    t.post.deliver(ADA)
    expect(await t.isRead()).toEqual([false])
  })

  test.each(['the connection ends', 'its time is over'])(
    'leaves no message taken that a task found and nobody fetched when %s',
    async (what) => {
      const t = await start()
      const taskId = await t.beginId()
      t.post.deliver(ADA)
      expect((await t.send('tasks/get', { taskId })).result).toMatchObject({ status: 'completed' })
      expect(await t.isRead()).toEqual([true])
      if (what === 'the connection ends') await t.close()
      else {
        t.post.world.advance(30_000 + TASK_RESULT_KEPT_MS)
        expect(await t.send('tasks/get', { taskId })).toMatchObject({ error: { code: -32602 } })
      }
      expect(await t.isRead()).toEqual([false])
    },
  )

  test('keeps what it fetched, read, when the connection ends', async () => {
    const t = await start()
    const taskId = await t.beginId()
    t.post.deliver(ADA)
    await t.send('tasks/result', { taskId })
    await t.close()
    expect(await t.isRead()).toEqual([true])
  })

  test('lists its own tasks and no others', async () => {
    const t = await start()
    const ids = [await t.beginId(), await t.beginId()]
    const other = await start('2025-11-25', t.post)
    const list = async (hand: typeof t) => {
      const { tasks } = record((await hand.send('tasks/list')).result)
      return Array.isArray(tasks) ? tasks.map(({ taskId }) => taskId) : []
    }
    expect(await list(t)).toEqual(ids)
    expect(await list(other)).toEqual([])
    for (const method of ['tasks/get', 'tasks/result', 'tasks/cancel']) {
      expect(await other.send(method, { taskId: ids[0] })).toMatchObject({ error: { code: -32602 } })
    }
  })

  test('that asks for a task of another tool gets the plain answer', async () => {
    const t = await start()
    const { result } = await t.send('tools/call', { name: 'list_inboxes', arguments: {}, task: { ttl: 1 } })
    expect(result).toMatchObject({ structuredContent: { total: 1 } })
  })
})
