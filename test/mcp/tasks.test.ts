import {
  CancelTaskResultV2Schema,
  CreateTaskResultV2Schema,
  GetTaskResultV2Schema,
  UpdateTaskResultV2Schema,
} from '@modelcontextprotocol/ext-tasks/core/v2'
import { afterEach, describe, expect, test } from 'vitest'
import { MAX_TASK_WAIT_SECONDS, MAX_TASKS, TASK_RESULT_KEPT_MS } from '../../src/limits.ts'
import { TASKS_EXTENSION } from '../../src/mcp/tasks.ts'
import { record } from '../support/mcp-clients.ts'
import { MemoryPostOffice } from '../support/mcp-post-office.ts'
import { ENVELOPE, speak } from '../support/mcp-raw.ts'

const ADA = 'ada@agents.localhost'
/** What a client says with each request that may become a task. */
const DECLARED = {
  ...ENVELOPE,
  'io.modelcontextprotocol/clientCapabilities': { extensions: { [TASKS_EXTENSION]: {} } },
}

describe('a client of 2026-07-28 that declares tasks', () => {
  const open: ReturnType<typeof speak>[] = []
  afterEach(() => Promise.all(open.splice(0).map((hand) => hand.close())))

  async function start(post = new MemoryPostOffice()) {
    const hand = speak({ post })
    open.push(hand)
    await post.createInbox('default', { localPart: 'ada' }).catch(() => {})
    const ask = async (method: string, params: object) => hand.send(method, { ...params, _meta: DECLARED })
    const wait = async (args: object = {}) => {
      const { result } = await ask('tools/call', { name: 'wait_for_message', arguments: { inbox: ADA, ...args } })
      return record(result)
    }
    const begin = async (args: object = {}) => String((await wait(args)).taskId)
    const get = async (taskId: string) => record((await ask('tasks/get', { taskId })).result)
    const isRead = async () => (await post.listMessages('default', ADA, FIRST)).data.map(({ read }) => read)
    return { ...hand, post, ask, wait, begin, get, isRead }
  }
  const FIRST = { after: null, page: { limit: 100, offset: 0 } }

  test('gets a task for a wait that has nothing yet, and its result once there is one', async () => {
    const t = await start()
    const created = await t.wait({ timeoutSeconds: 600 })
    expect(CreateTaskResultV2Schema.parse(created)).toMatchObject({
      resultType: 'task',
      status: 'working',
      statusMessage: 'Waiting for 0 of 600 s.',
      ttlMs: 600_000 + TASK_RESULT_KEPT_MS,
      pollIntervalMs: 1_000,
      createdAt: '2026-11-24T12:00:00.000Z',
    })
    const taskId = String(created.taskId)
    t.post.world.advance(90_000)
    expect(GetTaskResultV2Schema.parse(await t.get(taskId))).toMatchObject({ taskId, statusMessage: 'Waiting for 90 of 600 s.' })
    t.post.deliver(ADA, { subject: 'Your code' })
    const done = GetTaskResultV2Schema.parse(await t.get(taskId))
    expect(done).toMatchObject({ status: 'completed', lastUpdatedAt: '2026-11-24T12:01:30.000Z' })
    expect(done).toMatchObject({ result: { resultType: 'complete', structuredContent: { status: 'received' } } })
    expect(JSON.stringify(done)).toContain('Your code')
    expect(await t.get(taskId)).toEqual(done)
  })

  test('gets the answer at once where there is one, and no task', async () => {
    const t = await start()
    t.post.deliver(ADA)
    expect(await t.wait({ timeoutSeconds: 600 })).toMatchObject({
      resultType: 'complete',
      structuredContent: { status: 'received' },
    })
    expect(await t.wait({ timeoutSeconds: 0 })).toMatchObject({ structuredContent: { status: 'timeout', waitedSeconds: 0 } })
    expect(await t.wait({ inbox: 'nobody@agents.localhost' })).toMatchObject({
      isError: true,
      structuredContent: { error: { code: 'inbox_not_found' } },
    })
    expect(await t.wait({ after: -1 })).toMatchObject({ isError: true, structuredContent: { error: { argument: 'after' } } })
    expect(await t.wait({ messageId: 'x' })).toMatchObject({ structuredContent: { error: { argument: 'messageId' } } })
    expect(t.post.watchers).toBe(0)
  })

  test('leaves the message to whoever asks first: a task marks nothing read until it is fetched', async () => {
    const t = await start()
    const [abandoned, other] = [await t.begin({ timeoutSeconds: 600 }), await t.begin({ timeoutSeconds: 600 })]
    t.post.deliver(ADA)
    expect(await t.isRead()).toEqual([false])
    expect(await t.get(other)).toMatchObject({ status: 'completed' })
    expect(await t.isRead()).toEqual([true])
    expect(await t.get(abandoned)).toMatchObject({ status: 'working' })
    const { structuredContent } = await t.wait({ timeoutSeconds: 0 })
    expect(structuredContent).toMatchObject({ status: 'timeout' })
  })

  test('gives one message to one of many that ask for the same task, and each the same', async () => {
    const t = await start()
    const taskId = await t.begin()
    for (const subject of ['one', 'two']) t.post.deliver(ADA, { subject })
    const answers = await Promise.all(Array.from({ length: 20 }, () => t.get(taskId)))
    for (const answer of answers) expect(answer).toEqual(answers[0])
    expect(await t.isRead()).toEqual([false, true])
  })

  test('is told at the end what a wait says that times out, of all the time it took', async () => {
    const t = await start()
    const taskId = await t.begin({ timeoutSeconds: 600, subject: 'code' })
    t.post.world.advance(300_000)
    t.post.deliver(ADA, { subject: 'News' })
    t.post.refuse(ADA, 'too_large')
    expect(await t.get(taskId)).toMatchObject({ status: 'working' })
    t.post.world.advance(300_000)
    expect(await t.get(taskId)).toMatchObject({
      status: 'completed',
      result: {
        structuredContent: {
          status: 'timeout',
          waitedSeconds: 600,
          cursor: 1,
          nearMisses: [{ failed: ['subject'] }],
          refusals: [{ reason: 'too_large' }],
        },
      },
    })
  })

  test('sees what was marked unread again while it waited', async () => {
    const t = await start()
    const { id } = t.post.deliver(ADA)
    await t.post.readMessage('default', ADA, id, { maxTokens: 100, offset: 0, part: 'text' })
    const taskId = await t.begin()
    expect(await t.get(taskId)).toMatchObject({ status: 'working' })
    await t.post.updateMessage('default', ADA, id, { read: false })
    expect(await t.get(taskId)).toMatchObject({ status: 'completed' })
  })

  test('waits for news of mail it sent in the same way', async () => {
    const t = await start()
    const mail = { to: ['bob@example.org'], subject: 'Hi', text: 'Hi' }
    const { message } = await t.post.sendMessage('default', ADA, mail)
    const taskId = await t.begin({ for: 'delivery', messageId: message.id, timeoutSeconds: 600 })
    t.post.world.advance(60_000)
    expect(await t.get(taskId)).toMatchObject({ status: 'working' })
    t.post.settle(ADA, message.id, 'bob@example.org', { state: 'sent' })
    expect(await t.get(taskId)).toMatchObject({
      status: 'completed',
      result: { structuredContent: { status: 'news', waitedSeconds: 60 } },
    })
    const slow = await t.begin({ for: 'delivery', messageId: message.id, after: 99, timeoutSeconds: 60 })
    t.post.world.advance(60_000)
    expect(await t.get(slow)).toMatchObject({ result: { structuredContent: { status: 'timeout', waitedSeconds: 60 } } })
  })

  test('is told of an inbox that went away meanwhile', async () => {
    const t = await start()
    const taskId = await t.begin()
    await t.post.deleteInbox('default', ADA)
    t.post.world.advance(10_000)
    expect(await t.get(taskId)).toMatchObject({
      status: 'completed',
      result: { isError: true, structuredContent: { error: { code: 'inbox_not_found' } } },
    })
  })

  test('cancels, twice, and nothing is taken', async () => {
    const t = await start()
    const taskId = await t.begin()
    for (const _ of [1, 2]) CancelTaskResultV2Schema.parse((await t.ask('tasks/cancel', { taskId })).result)
    t.post.deliver(ADA)
    const cancelled = await t.get(taskId)
    expect(cancelled).toMatchObject({ status: 'cancelled', statusMessage: 'Cancelled; nothing was taken.' })
    expect(cancelled).not.toHaveProperty('result')
    expect(await t.isRead()).toEqual([false])
    expect(t.post.watchers).toBe(0)
  })

  test('cannot cancel what is completed: the result stays', async () => {
    const t = await start()
    const taskId = await t.begin()
    t.post.deliver(ADA)
    await t.get(taskId)
    await t.ask('tasks/cancel', { taskId })
    expect(await t.get(taskId)).toMatchObject({ status: 'completed', result: { structuredContent: { status: 'received' } } })
  })

  test('may send input, which nothing asked for', async () => {
    const t = await start()
    const taskId = await t.begin()
    const { result } = await t.ask('tasks/update', { taskId, inputResponses: {} })
    UpdateTaskResultV2Schema.parse(result)
    expect(await t.get(taskId)).toMatchObject({ status: 'working' })
  })

  test('keeps a result for an hour after the wait could have ended, and no longer', async () => {
    const t = await start()
    const taskId = await t.begin({ timeoutSeconds: 600 })
    t.post.deliver(ADA)
    expect(await t.get(taskId)).toMatchObject({ status: 'completed' })
    t.post.world.advance(600_000 + TASK_RESULT_KEPT_MS - 1)
    expect(await t.get(taskId)).toMatchObject({ status: 'completed' })
    t.post.world.advance(1)
    expect(await t.ask('tasks/get', { taskId })).toMatchObject({ error: { code: -32602 } })
    expect(await t.isRead()).toEqual([true])
  })

  test('forgets a task that nobody asked about, and takes nothing for it', async () => {
    const t = await start()
    const taskId = await t.begin({ timeoutSeconds: 600 })
    t.post.deliver(ADA)
    t.post.world.advance(600_000 + TASK_RESULT_KEPT_MS)
    expect(await t.ask('tasks/get', { taskId })).toMatchObject({ error: { code: -32602 } })
    expect(await t.isRead()).toEqual([false])
    expect(t.post.watchers).toBe(0)
  })

  test.each(['tasks/get', 'tasks/cancel', 'tasks/update'])('%s refuses ids that are none', async (method) => {
    const t = await start()
    const own = await t.begin()
    for (const taskId of [
      '',
      'x',
      `${own} `,
      own.toUpperCase(),
      '../x',
      'x'.repeat(100_000),
      '__proto__',
      1,
      null,
      undefined,
      {},
    ]) {
      expect(await t.ask(method, { taskId, inputResponses: {} }), String(taskId)).toMatchObject({ error: { code: -32602 } })
    }
  })

  test('sees no task of another connection, though it is of the same agent', async () => {
    const t = await start()
    const taskId = await t.begin()
    const other = await start(t.post)
    const tries = [await other.ask('tasks/get', { taskId }), await other.ask('tasks/cancel', { taskId })]
    const missing = [await other.ask('tasks/get', { taskId: 'x' }), await other.ask('tasks/cancel', { taskId: 'x' })]
    expect(tries.map(({ error }) => error)).toEqual(missing.map(({ error }) => error))
    expect(await t.get(taskId)).toMatchObject({ status: 'working' })
  })

  test('has a hundred tasks at once, each of which gets a message of its own, and not one more', async () => {
    const t = await start()
    const ids = await Promise.all(Array.from({ length: MAX_TASKS }, () => t.begin({ timeoutSeconds: 600 })))
    expect(new Set(ids).size).toBe(MAX_TASKS)
    expect(await t.wait()).toMatchObject({ isError: true, structuredContent: { error: { code: 'store_unavailable' } } })
    expect(t.post.watchers).toBe(MAX_TASKS)
    for (let mail = 0; mail < MAX_TASKS; mail += 1) t.post.deliver(ADA, { subject: `Number ${mail}` })
    const done = await Promise.all(ids.map((id) => t.get(id)))
    const subjects = done.map(({ result }) => record(record(record(result).structuredContent).message).seq)
    expect(new Set(subjects).size).toBe(MAX_TASKS)
    // The oldest that was fetched makes room.
    await t.begin()
    expect(await t.ask('tasks/get', { taskId: ids[0] })).toMatchObject({ error: { code: -32602 } })
    expect(await t.get(String(ids[1]))).toMatchObject({ status: 'completed' })
  })

  test('ends its tasks with its connection', async () => {
    const t = await start()
    await Promise.all(Array.from({ length: 5 }, () => t.begin()))
    await t.close()
    t.post.deliver(ADA)
    expect(await t.isRead()).toEqual([false])
    expect(t.post.watchers).toBe(0)
    expect(t.post.sleepers).toBe(0)
  })

  test('asks as often as it likes: without a ring the store is left alone', async () => {
    const t = await start()
    let looks = 0
    const { waitForMessage } = t.post
    t.post.waitForMessage = (...args) => {
      looks += 1
      return waitForMessage.apply(t.post, args)
    }
    const taskId = await t.begin({ timeoutSeconds: 600 })
    for (let poll = 0; poll < 50; poll += 1) await t.get(taskId)
    expect(looks).toBe(1)
    t.post.world.advance(5_000)
    await t.get(taskId)
    expect(looks).toBe(2)
    t.post.deliver(ADA)
    await t.get(taskId)
    expect(looks).toBe(3)
  })

  test('is shown longer waits than others, who keep theirs', async () => {
    const t = await start()
    const bound = async (meta: object) => {
      const { result } = await t.send('tools/list', { _meta: meta })
      return /"timeoutSeconds":\{[^}]*"maximum":(\d+)/.exec(JSON.stringify(result))?.[1]
    }
    expect(await bound(DECLARED)).toBe(String(MAX_TASK_WAIT_SECONDS))
    expect(await bound(ENVELOPE)).toBe('50')
    expect(await t.wait({ timeoutSeconds: MAX_TASK_WAIT_SECONDS + 1 })).toMatchObject({ isError: true })
  })

  test('is never given one where a request does not declare them, nor may such a request ask for one', async () => {
    const t = await start()
    const taskId = await t.begin()
    const args = { name: 'wait_for_message', arguments: { inbox: ADA, timeoutSeconds: 0 }, task: {} }
    expect((await t.sendModern('tools/call', args)).result).toMatchObject({ resultType: 'complete' })
    const long = { ...args, arguments: { inbox: ADA, timeoutSeconds: 600 } }
    expect((await t.sendModern('tools/call', long)).result).toMatchObject({
      structuredContent: { error: { argument: 'timeoutSeconds' } },
    })
    for (const method of ['tasks/get', 'tasks/cancel', 'tasks/update']) {
      const { error } = await t.sendModern(method, { taskId, inputResponses: {} })
      expect(error, method).toMatchObject({ data: { requiredCapabilities: { extensions: { [TASKS_EXTENSION]: {} } } } })
    }
    expect(await t.get(taskId)).toMatchObject({ status: 'working' })
  })

  test('gets every other tool as ever', async () => {
    const t = await start()
    const { result } = await t.ask('tools/call', { name: 'list_messages', arguments: { inbox: ADA } })
    expect(result).toMatchObject({ resultType: 'complete', structuredContent: { total: 0 } })
    for (const method of ['tasks/result', 'tasks/list']) {
      expect(await t.ask(method, { taskId: 'x' })).toMatchObject({ error: { code: -32601 } })
    }
  })

  /** Holds the looks of this server until the answer is called. */
  function holdLooks(post: MemoryPostOffice): () => void {
    const held = Promise.withResolvers<void>()
    const { waitForMessage } = post
    post.waitForMessage = async (agent, ref, input, hooks) => {
      await held.promise
      hooks.signal.throwIfAborted()
      return waitForMessage.call(post, agent, ref, input, hooks)
    }
    return held.resolve
  }

  test('gives a look up with the request, and nothing stays taken', async () => {
    const t = await start()
    const taskId = await t.begin()
    t.post.deliver(ADA)
    const letGo = holdLooks(t.post)
    void t.ask('tasks/get', { taskId })
    const id = t.lastId()
    await t.sendModern('ping')
    t.notify('notifications/cancelled', { requestId: id })
    await t.sendModern('ping')
    letGo()
    await t.sendModern('ping')
    expect(await t.isRead()).toEqual([false])
    expect(await t.get(taskId)).toMatchObject({ status: 'completed' })
  })

  test('gets its look when all others that asked have given up, at whatever moment', async () => {
    const t = await start()
    const taskId = await t.begin()
    t.post.deliver(ADA)
    const letGo = holdLooks(t.post)
    void t.ask('tasks/get', { taskId })
    const id = t.lastId()
    await t.sendModern('ping')
    t.notify('notifications/cancelled', { requestId: id })
    const answers = [t.get(taskId), t.get(taskId)]
    letGo()
    for (const answer of await Promise.all(answers)) expect(answer).toMatchObject({ status: 'completed' })
  })

  test('hears that a task was cancelled while it was being looked at', async () => {
    const t = await start()
    const taskId = await t.begin()
    t.post.deliver(ADA)
    const letGo = holdLooks(t.post)
    const answer = t.get(taskId)
    await t.sendModern('ping')
    await t.ask('tasks/cancel', { taskId })
    letGo()
    expect(await answer).toMatchObject({ status: 'cancelled' })
    expect(await t.isRead()).toEqual([false])
    expect(t.log.join()).not.toContain('mcp_failed')
  })
})
