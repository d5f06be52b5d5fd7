import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { MailError } from '../../src/errors.ts'
import { MAX_SUBSCRIPTIONS } from '../../src/limits.ts'
import { SILENT_LOG } from '../../src/log.ts'
import { Subscriptions } from '../../src/mcp/subscriptions.ts'
import { CLIENTS, connect, type TestConnection } from '../support/mcp-clients.ts'
import { MemoryPostOffice } from '../support/mcp-post-office.ts'
import { ENVELOPE, speak } from '../support/mcp-raw.ts'

const ADA = 'ada@agents.localhost'
const EVE = 'eve@agents.localhost'

describe.each(CLIENTS)('subscriptions with %s', (kind) => {
  let t: TestConnection
  let uri: string
  beforeEach(async () => {
    t = await connect(kind)
    const { structured } = await t.client.callTool('create_inbox', { localPart: 'ada' })
    await t.client.callTool('create_inbox', { localPart: 'eve' })
    uri = `inbox:///${structured.id}`
    // What creating has announced is not what these tests are about.
    await t.client.listTools()
    t.client.notifications.length = 0
  })
  afterEach(() => t.client.close())

  /** Everything the server had to say by now: what it sends comes in order, so an answer is the last of it. */
  const drain = async () => {
    await t.client.callTool('list_inboxes')
    return t.client.notifications.splice(0)
  }

  test('tell of new mail in the inbox, and of none in another', async () => {
    await t.client.subscribe([uri])
    t.post.deliver(EVE)
    t.post.deliver(ADA)
    expect(await t.client.nextNotification()).toBe(`updated ${uri}`)
    expect(await drain()).toEqual([])
    t.post.deliver(ADA)
    expect(await t.client.nextNotification()).toBe(`updated ${uri}`)
  })

  test('name the resource as it was asked for: by address, or its list of messages', async () => {
    const uris = [`inbox:///${ADA}`, `${uri}/messages`]
    await t.client.subscribe(uris)
    t.post.deliver(ADA)
    const told = [await t.client.nextNotification(), await t.client.nextNotification()]
    expect(told.sort()).toEqual(uris.map((one) => `updated ${one}`).sort())
  })

  test('end when they are given up', async () => {
    const stop = await t.client.subscribe([uri])
    expect(t.post.watchers).toBe(1)
    await stop()
    await expect.poll(() => t.post.watchers).toBe(0)
    t.post.deliver(ADA)
    expect(await drain()).toEqual([])
  })

  test('end with the connection', async () => {
    await t.client.subscribe([uri])
    expect(t.post.isWatched).toBe(true)
    await t.client.close()
    expect(t.post.watchers).toBe(0)
    expect(t.post.isWatched).toBe(false)
    t.post.deliver(ADA)
  })

  test('make one notification of a flood', async () => {
    await t.client.subscribe([uri])
    for (let i = 0; i < 1_000; i += 1) t.post.deliver(ADA)
    await t.client.nextNotification()
    expect((await drain()).length).toBeLessThanOrEqual(1)
  })

  test('are told when inboxes come and go, whether listed before or not', async () => {
    await t.client.subscribe([uri])
    await t.client.callTool('create_inbox', { localPart: 'new' })
    expect(await t.client.nextNotification()).toBe('list changed')
    await t.client.callTool('delete_inbox', { inbox: EVE, confirm: EVE })
    expect(await t.client.nextNotification()).toBe('list changed')
  })

  test('are told nothing of the inboxes of another agent', async () => {
    await t.client.subscribe([uri])
    await t.post.createInbox('other', { localPart: 'theirs' })
    expect(await drain()).toEqual([])
  })
})

describe('resources/subscribe', () => {
  let t: ReturnType<typeof speak>
  beforeEach(async () => {
    t = speak()
    await t.initialize('2025-11-25')
    await t.send('tools/call', { name: 'create_inbox', arguments: { localPart: 'ada' } })
  })
  afterEach(() => t.close())

  test('refuses what does not exist, what belongs to another agent, and what never changes', async () => {
    await t.post.createInbox('other', { localPart: 'theirs' })
    for (const uri of ['inbox:///nobody', 'inbox:///theirs@agents.localhost', 'file:///etc/passwd']) {
      expect((await t.send('resources/subscribe', { uri })).error).toMatchObject({
        code: -32602,
        message: `Resource not found: ${uri}`,
      })
    }
    expect((await t.send('resources/subscribe', { uri: 'inbox:///status' })).error?.message).toContain('Only an inbox')
    expect(t.post.watchers).toBe(0)
  })

  test('twice is once, and unsubscribing from what was never subscribed to is fine', async () => {
    const params = { uri: `inbox:///${ADA}` }
    await t.send('resources/subscribe', params)
    await t.send('resources/subscribe', params)
    expect(t.post.watchers).toBe(1)
    expect((await t.send('resources/unsubscribe', { uri: 'inbox:///never' })).result).toEqual({})
    await t.send('resources/unsubscribe', params)
    expect(t.post.watchers).toBe(0)
  })
})

describe('subscriptions/listen', () => {
  let t: ReturnType<typeof speak>
  beforeEach(async () => {
    t = speak()
    await t.sendModern('tools/call', { name: 'create_inbox', arguments: { localPart: 'ada' } })
  })
  afterEach(() => t.close())

  const listen = (id: string, uris: string[]) =>
    void t.sendModern('subscriptions/listen', { notifications: { resourceSubscriptions: uris } }, id)
  const acknowledged = (id: string) =>
    expect.poll(() =>
      t.lines.some(
        ({ method, params }) =>
          method === 'notifications/subscriptions/acknowledged' && JSON.stringify(params).includes(`"${id}"`),
      ),
    )
  const updates = () => t.lines.filter(({ method }) => method === 'notifications/resources/updated')

  test('is watched before it is acknowledged, so that nothing is missed in between', async () => {
    const { post } = t
    const getInbox = post.getInbox.bind(post)
    const held = Promise.withResolvers<void>()
    let isAsked = false
    post.getInbox = async (agent, ref) => {
      isAsked = true
      await held.promise
      return getInbox(agent, ref)
    }
    listen('a', [`inbox:///${ADA}`])
    await expect.poll(() => isAsked).toBe(true)
    expect(t.lines.some(({ method }) => method === 'notifications/subscriptions/acknowledged')).toBe(false)
    held.resolve()
    await acknowledged('a').toBe(true)
    expect(post.watchers).toBe(1)
  })

  test('passes over what cannot be watched and watches the rest', async () => {
    listen('a', ['inbox:///nobody', 'inbox:///status', `inbox:///${ADA}`])
    await acknowledged('a').toBe(true)
    expect(t.post.watchers).toBe(1)
  })

  test('given up at once leaves nothing behind', async () => {
    listen('a', [`inbox:///${ADA}`])
    t.notify('notifications/cancelled', { requestId: 'a', _meta: ENVELOPE })
    await t.sendModern('tools/list')
    await expect.poll(() => t.post.watchers).toBe(0)
    t.post.deliver(ADA)
    await t.sendModern('tools/list')
    expect(updates()).toEqual([])
  })

  test('asked for twice is watched once, until the last one is given up', async () => {
    listen('a', [`inbox:///${ADA}`])
    listen('b', [`inbox:///${ADA}`])
    await acknowledged('a').toBe(true)
    await acknowledged('b').toBe(true)
    expect(t.post.watchers).toBe(1)
    t.notify('notifications/cancelled', { requestId: 'a', _meta: ENVELOPE })
    await t.sendModern('tools/list')
    t.post.deliver(ADA)
    await expect.poll(() => updates().length).toBe(1)
    t.notify('notifications/cancelled', { requestId: 'b', _meta: ENVELOPE })
    await expect.poll(() => t.post.watchers).toBe(0)
  })
})

describe('the subscriptions of a connection', () => {
  const quiet = { sendUpdated: async () => {}, sendListChanged: async () => {} }

  test('are bounded', async () => {
    const postOffice = new MemoryPostOffice()
    const { id } = await postOffice.createInbox('default', { localPart: 'ada' })
    const subscriptions = new Subscriptions({ postOffice, agent: 'default', log: SILENT_LOG }, quiet)
    // The same inbox under as many spellings as one likes.
    const spell = (n: number) =>
      `inbox:///${[...id].map((c, i) => ((n >> i) & 1 ? `%${c.charCodeAt(0).toString(16)}` : c)).join('')}`
    for (let n = 0; n < MAX_SUBSCRIPTIONS; n += 1) await subscriptions.add(spell(n), 'client')
    await expect(subscriptions.add(spell(MAX_SUBSCRIPTIONS), 'client')).rejects.toThrow('At most 1000 subscriptions')
    subscriptions.close()
    expect(postOffice.watchers).toBe(0)
  })

  test('watch nothing once they are closed, also when the question was under way', async () => {
    const postOffice = new MemoryPostOffice()
    await postOffice.createInbox('default', { localPart: 'ada' })
    const subscriptions = new Subscriptions({ postOffice, agent: 'default', log: SILENT_LOG }, quiet)
    const adding = subscriptions.add(`inbox:///${ADA}`, 'client')
    subscriptions.close()
    await adding
    subscriptions.start()
    expect([postOffice.watchers, postOffice.isWatched]).toEqual([0, false])
  })

  test('go on after a notification that could not be sent', async () => {
    const postOffice = new MemoryPostOffice()
    await postOffice.createInbox('default', { localPart: 'ada' })
    const sent: string[] = []
    const sendUpdated = async (uri: string) => {
      sent.push(uri)
      if (sent.length === 1) throw new Error('not connected')
    }
    const subscriptions = new Subscriptions({ postOffice, agent: 'default', log: SILENT_LOG }, { ...quiet, sendUpdated })
    await subscriptions.add(`inbox:///${ADA}`, 'client')
    postOffice.deliver(ADA)
    await expect.poll(() => sent.length).toBe(1)
    postOffice.deliver(ADA)
    await expect.poll(() => sent.length).toBe(2)
  })

  test('pass on what the post office failed at', async () => {
    const postOffice = new MemoryPostOffice()
    const subscriptions = new Subscriptions({ postOffice, agent: 'default', log: SILENT_LOG }, quiet)
    postOffice.failure = new MailError('store_unavailable', 'The store is closed.')
    await expect(subscriptions.add(`inbox:///${ADA}`, 'client')).rejects.toThrow('The store is closed.')
  })
})
