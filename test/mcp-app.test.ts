import { PassThrough } from 'node:stream'
import { Client } from '@modelcontextprotocol/client'
import { StdioServerTransport } from '@modelcontextprotocol/server/stdio'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { SILENT_LOG } from '../src/log.ts'
import { type McpConnection, serveMcp } from '../src/mcp/server.ts'
import { AGENT, bootApp, sendData, type TestApp } from './support/app.ts'
import { record } from './support/mcp-clients.ts'
import { ScriptedRelay } from './support/scripted-relay.ts'
import { openSession } from './support/smtp-session.ts'
import { TestWorld } from './support/world.ts'

/** Bytes of no one charset, and an attachment with every byte there is. */
const EVERY_BYTE = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))
const RAW = Buffer.concat([
  Buffer.from('From: Ada <ada@example.org>\r\nReply-To: desk@example.org\r\nSubject: Plan \xe9\r\n', 'latin1'),
  Buffer.from('Message-ID: <plan@example.org>\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n'),
  Buffer.from('Content-Type: text/plain; charset=iso-8859-1\r\n\r\nThe code is 4711 \xa4.\r\n.a dot\r\n--b\r\n', 'latin1'),
  Buffer.from('Content-Type: application/zip; name=plan.zip\r\nContent-Disposition: attachment\r\n'),
  Buffer.from(`Content-Transfer-Encoding: base64\r\n\r\n${EVERY_BYTE.toString('base64')}\r\n--b--\r\n`),
])

/** The whole server: real store, real SMTP in and out, real client; only the clock is the test's. */
describe.each(['legacy', 'modern'] as const)('an agent with the %s protocol', (era) => {
  let world: TestWorld
  let relay: ScriptedRelay
  let app: TestApp
  let client: Client
  let connection: McpConnection
  let toServer: PassThrough
  const told: string[] = []
  beforeAll(async () => {
    world = new TestWorld()
    relay = await ScriptedRelay.start()
    app = await bootApp({ world, config: { relayUrl: relay.url } })
    toServer = new PassThrough()
    const fromServer = new PassThrough()
    const transport = new StdioServerTransport(toServer, fromServer)
    const toolsets = ['inboxes', 'messages', 'sending']
    connection = serveMcp({ postOffice: app.post, agent: AGENT, toolsets, version: '1', log: SILENT_LOG, world, transport })
    const versionNegotiation = { mode: era === 'modern' ? { pin: '2026-07-28' } : ('legacy' as const) }
    client = new Client({ name: 'test', version: '1' }, { versionNegotiation })
    client.setNotificationHandler('notifications/resources/updated', ({ params }) => void told.push(`updated ${params.uri}`))
    client.setNotificationHandler('notifications/resources/list_changed', () => void told.push('list changed'))
    await client.connect(new StdioServerTransport(fromServer, toServer))
  })
  afterAll(async () => {
    await client.close()
    toServer.end()
    await connection.closed
    await app.close()
    await relay.close()
    expect(app.complaints).toEqual([])
  })

  /** Its structured content; what was refused is a failure that shows all of it. */
  async function call(name: string, args: Record<string, unknown> = {}, options = {}): Promise<Record<string, unknown>> {
    const result = await client.callTool({ name, arguments: args }, options)
    expect(result.isError ?? false, JSON.stringify(result)).toBe(false)
    return record(result.structuredContent)
  }

  const createInbox = async () => {
    const { id, address } = await call('create_inbox')
    return { id: String(id), address: String(address) }
  }

  async function deliver(to: string, raw: Buffer = RAW): Promise<void> {
    const session = await openSession(app.smtpUrl)
    await session.begin(to)
    expect(await sendData(session, raw)).toMatch(/^250 /)
    await session.command('QUIT')
    await app.app.post.idle()
  }

  const until = (isSo: () => boolean) =>
    vi.waitFor(() => expect(isSo(), told.join()).toBe(true), { timeout: 20_000, interval: 1 })
  const newest = async (inbox: string) => {
    const { data } = await call('list_messages', { inbox, limit: 1 })
    return record(Array.isArray(data) ? data[0] : undefined)
  }
  const blobOf = async (uri: string) => {
    const [content] = (await client.readResource({ uri })).contents
    const { blob, mimeType } = { blob: '', mimeType: '', ...content }
    return { bytes: Buffer.from(blob, 'base64'), mimeType }
  }
  const textOf = async (uri: string) => {
    const [content] = (await client.readResource({ uri })).contents
    return String({ text: '', ...content }.text)
  }

  it('makes an inbox, finds it again, and knows what it may send', async () => {
    const made = await call('create_inbox', { localPart: 'signup', displayName: 'Sign-up', idempotencyKey: 'one' })
    expect(made).toMatchObject({ address: 'signup@agents.localhost', smtpUrl: app.smtpUrl, cursor: 0 })
    expect(await call('create_inbox', { localPart: 'signup', displayName: 'Sign-up', idempotencyKey: 'one' })).toEqual(made)
    expect(await call('list_inboxes')).toMatchObject({ total: 1, data: [{ id: made.id, displayName: 'Sign-up' }] })
    const quota = { remaining: 500, sendsToday: 0, resetsAt: '2026-11-25T00:00:00.000Z', canSend: true, fits: false }
    expect(await call('check_quota', { inbox: made.id, sends: 501 })).toMatchObject(quota)
  })

  it('lists, reads, labels and deletes real mail', async () => {
    const { address } = await createInbox()
    await deliver(address.replace('@', '+plan@'))
    expect(await call('list_messages', { inbox: address })).toMatchObject({ total: 1, cursor: 1 })
    const message = await newest(address)
    expect(message).toMatchObject({ seq: 1, read: false, attachmentCount: 1, content: { labels: ['plan'] } })
    const asked = { inbox: address, messageId: message.id }
    expect(await call('read_message', { ...asked, maxTokens: 1 })).toMatchObject({ nextOffset: 4, content: { text: 'The ' } })
    const rest = await call('read_message', { ...asked, offset: 4 })
    expect(rest).toMatchObject({
      read: true,
      nextOffset: null,
      content: { text: expect.stringContaining('code is 4711 ¤.\n.a dot') },
    })
    const change = { read: false, addLabels: ['todo'], removeLabels: ['plan'] }
    expect(await call('update_message', { ...asked, ...change })).toMatchObject({ read: false, content: { labels: ['todo'] } })
    expect(await newest(address)).toMatchObject({ read: false, content: { labels: ['todo'] } })
    expect(await call('delete_message', asked)).toMatchObject({ deleted: true })
    expect(await call('list_messages', { inbox: address })).toMatchObject({ total: 0, cursor: 1 })
  })

  it('waits for mail that comes', async () => {
    const { address } = await createInbox()
    const waiting = call('wait_for_message', { inbox: address, subject: 'plan', from: 'ada', contains: '4711' })
    await deliver(address)
    expect(await waiting).toMatchObject({
      status: 'received',
      cursor: 1,
      message: { read: true, content: { fromAddress: 'ada@example.org', text: expect.stringContaining('4711') } },
    })
  })

  it('waits in vain, is told how long it has been, and then why', async () => {
    const { address } = await createInbox()
    await deliver(address)
    const reports: { progress: number; total?: number | undefined }[] = []
    const onprogress = (report: { progress: number; total?: number | undefined }) => void reports.push(report)
    const asked = { inbox: address, subject: 'another', timeoutSeconds: 5 }
    let isOver = false
    const waiting = call('wait_for_message', asked, { onprogress }).finally(() => {
      isOver = true
    })
    await until(() => {
      world.advance(1_000)
      return isOver
    })
    expect(await waiting).toMatchObject({ status: 'timeout', cursor: 1, nearMisses: [{ seq: 1, failed: ['subject'] }] })
    const seconds = reports.map(({ progress }) => progress)
    expect(seconds.length).toBeGreaterThan(0)
    expect(seconds).toEqual([...new Set(seconds)].sort((a, b) => a - b))
    expect(reports.every(({ total }) => total === 5)).toBe(true)
  })

  it('gives up a wait without taking the mail that comes after', async () => {
    const { address } = await createInbox()
    const caller = new AbortController()
    const waiting = call('wait_for_message', { inbox: address }, { signal: caller.signal })
    // What is answered behind the wait, and behind its end, comes after them.
    await call('list_inboxes')
    caller.abort()
    await expect(waiting).rejects.toThrow()
    await call('list_inboxes')
    await deliver(address)
    expect(await newest(address)).toMatchObject({ read: false })
    expect(await call('wait_for_message', { inbox: address, timeoutSeconds: 0 })).toMatchObject({ status: 'received' })
  })

  it('sends, waits until it is gone, answers in the thread, and reads the thread', async () => {
    const { address } = await createInbox()
    relay.messages.length = 0
    await deliver(address)
    const { id: messageId, threadId } = await newest(address)
    const attachments = [{ filename: 'a.txt', text: 'attached' }]
    const sent = await call('send_message', {
      inbox: address,
      to: ['bob@example.org'],
      subject: 'Hi',
      text: 'Hello.',
      attachments,
    })
    expect(sent).toMatchObject({ status: 'queued', deliveries: [{ recipient: 'bob@example.org' }] })
    const reply = await call('reply_to_message', { inbox: address, messageId, text: 'Thank you.' })
    expect(reply).toMatchObject({ threadId, deliveries: [{ recipient: 'desk@example.org' }] })
    for (const { id, deliveryCursor } of [sent, reply]) {
      const news = { inbox: address, for: 'delivery', messageId: id, after: deliveryCursor }
      expect(await call('wait_for_message', news)).toMatchObject({
        status: 'news',
        deliveries: [{ state: 'sent', replyCode: 250 }],
      })
      expect(await call('read_message', { inbox: address, messageId: id })).toMatchObject({ status: 'sent' })
    }
    const carried = relay.messages.map(({ recipients, data }) => ({ recipients, text: data.toString() }))
    expect(carried.map(({ recipients }) => recipients).sort()).toEqual([['bob@example.org'], ['desk@example.org']])
    expect(carried.find(({ text }) => text.includes('Thank you.'))?.text).toContain('In-Reply-To: <plan@example.org>')
    expect(await call('list_threads', { inbox: address })).toMatchObject({ total: 2 })
    expect(await call('read_thread', { inbox: address, threadId })).toMatchObject({
      total: 2,
      data: [{ direction: 'inbound' }, { direction: 'outbound', id: reply.id }],
    })
    expect(await call('check_quota', { inbox: address })).toMatchObject({ sendsToday: 2, remaining: 498 })
  })

  it('deletes an inbox only when it types its address', async () => {
    const { id, address } = await createInbox()
    await deliver(address)
    const asked = await client.callTool({ name: 'delete_inbox', arguments: { inbox: id } })
    expect(asked).toMatchObject({ isError: true, structuredContent: { error: { code: 'confirmation_required' } } })
    expect(await call('delete_inbox', { inbox: id, confirm: address })).toMatchObject({ deleted: { messages: 1, threads: 1 } })
    const gone = await client.callTool({ name: 'list_messages', arguments: { inbox: id } })
    expect(gone).toMatchObject({ isError: true, structuredContent: { error: { code: 'inbox_not_found' } } })
  })

  it('reads every resource, none of which marks mail as read', async () => {
    const { id, address } = await createInbox()
    await deliver(address)
    const message = await newest(address)
    const uri = `inbox:///${id}/messages/${message.id}`
    expect((await client.listResources()).resources).toContainEqual(
      expect.objectContaining({ uri: `inbox:///${id}`, name: address }),
    )
    expect(JSON.parse(await textOf('inbox:///status'))).toMatchObject({ listener: { state: 'listening', smtpUrl: app.smtpUrl } })
    expect(JSON.parse(await textOf(`inbox:///${address}`))).toMatchObject({ id, address })
    expect(JSON.parse(await textOf(`inbox:///${id}/messages`))).toMatchObject({ total: 1, data: [{ id: message.id }] })
    expect(await textOf(uri)).toContain('The code is 4711 ¤.')
    const raw = await blobOf(`${uri}/raw`)
    expect(raw.mimeType).toBe('message/rfc822')
    expect(raw.bytes.equals(RAW)).toBe(true)
    const attachment = await blobOf(`${uri}/attachments/1`)
    expect(attachment.mimeType).toBe('application/zip')
    expect(attachment.bytes.equals(EVERY_BYTE)).toBe(true)
    expect(await newest(address)).toMatchObject({ read: false })
  })

  it('is told of mail in an inbox it subscribed to, and of inboxes made and deleted', async () => {
    const { id, address } = await createInbox()
    const uri = `inbox:///${id}`
    const stop = await subscribe(uri)
    told.length = 0
    await deliver(address)
    await until(() => told.includes(`updated ${uri}`))
    expect(told).not.toContain('list changed')
    const other = await createInbox()
    await until(() => told.includes('list changed'))
    told.length = 0
    await call('delete_inbox', { inbox: other.id, confirm: other.address })
    await until(() => told.includes('list changed'))
    await stop()
    // The end of a subscription is a notification in the one protocol and a request in the other: this is behind both.
    await call('list_inboxes')
    told.length = 0
    await deliver(address)
    await call('list_inboxes')
    expect(told).toEqual([])
  })

  it('completes addresses, messages and attachments', async () => {
    const { address } = await createInbox()
    await deliver(address)
    const messageId = String((await newest(address)).id)
    const complete = async (uri: string, name: string, value: string, chosen: Record<string, string> = {}) =>
      (await client.complete({ ref: { type: 'ref/resource', uri }, argument: { name, value }, context: { arguments: chosen } }))
        .completion.values
    const messages = 'inbox:///{id}/messages/{messageId}'
    expect(await complete('inbox:///{id}', 'id', address.slice(0, -3))).toEqual([address])
    expect(await complete(messages, 'messageId', messageId.slice(0, 5), { id: address })).toEqual([messageId])
    const chosen = { id: address, messageId }
    expect(await complete(`${messages}/attachments/{attachmentId}`, 'attachmentId', '', chosen)).toEqual(['1'])
    expect(await complete(messages, 'messageId', 'none', { id: address })).toEqual([])
  })

  async function subscribe(uri: string): Promise<() => Promise<unknown>> {
    if (era === 'modern') {
      const subscription = await client.listen({ resourceSubscriptions: [uri], resourcesListChanged: true })
      return () => subscription.close()
    }
    await client.subscribeResource({ uri })
    return () => client.unsubscribeResource({ uri })
  }
})
