import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { MAX_BLOB_BYTES } from '../../src/limits.ts'
import { parseUri } from '../../src/mcp/uris.ts'
import { CLIENTS, connect, type TestConnection } from '../support/mcp-clients.ts'
import { expectGolden } from '../support/mcp-golden.ts'

const ADA = 'ada@agents.localhost'

test.each([
  'inbox:///',
  'inbox:////messages',
  `inbox:///${ADA}/messages/`,
  `inbox:///${ADA}//raw`,
  'inbox:///%',
  'inbox:///%ff/messages',
])('%s names nothing', (uri) => {
  expect(parseUri(uri)).toBeNull()
})

describe.each(CLIENTS)('resources with %s', (kind) => {
  let t: TestConnection
  let id: string
  beforeEach(async () => {
    t = await connect(kind)
    id = String((await t.client.callTool('create_inbox', { localPart: 'ada', displayName: 'Ada' })).structured.id)
  })
  afterEach(() => t.client.close())

  const read = (uri: string) => t.client.readResource(uri)
  const readJson = async (uri: string) => JSON.parse((await read(uri)).text ?? '')

  test('lists the status and every inbox, newest first, page by page', async () => {
    for (let number = 1; number <= 100; number += 1) await t.client.callTool('create_inbox', { localPart: `box${number}` })
    const all = await t.client.listAllResources()
    expect(all.map(({ name }) => name)).toEqual([
      'status',
      ...Array.from({ length: 100 }, (_, i) => `box${100 - i}@agents.localhost`),
      ADA,
    ])
    expect(all.at(-1)).toMatchObject({ uri: `inbox:///${id}`, title: 'Ada' })
    await expect(t.client.listResources('-1')).rejects.toThrow('Unknown cursor')
    expect((await t.client.listResources('100')).resources).toHaveLength(1)
    expect(await t.client.listResources('500')).toMatchObject({ resources: [] })
  })

  test('names the rest by templates', async () => {
    expect(await t.client.listTemplates()).toEqual([
      'inbox:///{id}',
      'inbox:///{id}/messages',
      'inbox:///{id}/messages/{messageId}',
      'inbox:///{id}/messages/{messageId}/raw',
      'inbox:///{id}/messages/{messageId}/attachments/{attachmentId}',
    ])
  })

  test('reads the status', async () => {
    expect(await readJson('inbox:///status')).toMatchObject({ version: '1.2.3', listener: { state: 'listening' } })
  })

  test('reads in the status what the owner allows of sending', async () => {
    expect(await readJson('inbox:///status')).toMatchObject({ relay: 'configured', sendTo: 'anyone', readOnly: false })
    Object.assign(t.post.outbox, { relay: 'none', sendTo: 'list' })
    expect(await readJson('inbox:///status')).toMatchObject({ relay: 'none', sendTo: 'list', readOnly: false })
  })

  test('reads an inbox by id, by address and by encoded address', async () => {
    const wanted = { id, address: ADA, displayName: 'Ada' }
    for (const name of [id, ADA, encodeURIComponent(ADA)]) expect(await readJson(`inbox:///${name}`)).toMatchObject(wanted)
  })

  test('reads the newest messages, with the warning that strangers wrote them', async () => {
    t.post.deliver(ADA, { subject: 'First' })
    t.post.deliver(ADA, { subject: 'Second' })
    const messages = await readJson(`inbox:///${id}/messages`)
    const data = [{ content: { subject: 'Second' } }, { content: { subject: 'First' } }]
    expect(messages).toMatchObject({ total: 2, cursor: 2, data })
    expect(messages.untrusted).toContain('strangers')
  })

  test('reads a message as fenced text and leaves it unread', async () => {
    const { id: messageId } = t.post.deliver(ADA, { bodyText: 'It is 123456' })
    const { mimeType, text } = await read(`inbox:///${id}/messages/${messageId}`)
    expect(mimeType).toBe('text/plain')
    expect(text).toMatch(/Untrusted mail content.*\n<<<mail [0-9a-f]{16}\n.*It is 123456\n[0-9a-f]{16}>>>/s)
    expect((await t.client.callTool('list_messages', { inbox: id })).structured).toMatchObject({ data: [{ read: false }] })
    if (kind === 'SDK v1') expectGolden('answers/resource-message.txt', `${text}\n`)
  })

  test('reads every byte of the raw message, whatever its charset', async () => {
    const raw = Uint8Array.from({ length: 256 }, (_, byte) => byte)
    const { id: messageId } = t.post.deliver(ADA, { raw })
    const { mimeType, blob } = await read(`inbox:///${id}/messages/${messageId}/raw`)
    expect(mimeType).toBe('message/rfc822')
    expect(Buffer.from(blob ?? '', 'base64')).toEqual(Buffer.from(raw))
  })

  test('reads an attachment, with a type only where the mail has a proper one', async () => {
    const attachments = [
      { id: '1', filename: 'a.pdf', contentType: 'application/pdf', size: 3 },
      { id: '2', filename: 'b', contentType: 'text/html\r\nX: <script>', size: 3 },
    ]
    const files = { 1: Buffer.from('abc'), 2: Buffer.from('def') }
    const { id: messageId } = t.post.deliver(ADA, { attachments, files })
    const uri = `inbox:///${id}/messages/${messageId}/attachments`
    expect(await read(`${uri}/1`)).toMatchObject({ mimeType: 'application/pdf', blob: Buffer.from('abc').toString('base64') })
    expect(await read(`${uri}/2`)).toMatchObject({ mimeType: 'application/octet-stream' })
    await expect(read(`${uri}/3`)).rejects.toThrow(/not found/i)
  })

  test('refuses a blob that would break the connection, and says what to do instead', async () => {
    const { id: messageId } = t.post.deliver(ADA, { raw: new Uint8Array(MAX_BLOB_BYTES + 1) })
    await expect(read(`inbox:///${id}/messages/${messageId}/raw`)).rejects.toThrow(/too large.*read_message/)
    expect(await readJson('inbox:///status')).toBeDefined()
  })

  test.each([
    'inbox:///',
    'inbox:///nobody@agents.localhost',
    'inbox:///nobody@agents.localhost/messages',
    `inbox:///${ADA}/`,
    `inbox:///${ADA}/mails`,
    `inbox:///${ADA}/messages/`,
    `inbox:///${ADA}/messages/nope`,
    `inbox:///${ADA}/messages/nope/raw`,
    `inbox:///${ADA}/messages/nope/raw/more`,
    `inbox:///${ADA}/messages/nope/attachments`,
    `inbox:///${ADA}/messages/nope/attachments/1`,
    `inbox:///${ADA}/messages/nope/attachments/1/more`,
    'inbox:///status/messages',
    `inbox:///${ADA}?x=1`,
    'inbox:///%E0%A4%A',
    `inbox://${ADA}`,
    'file:///etc/passwd',
  ])('does not find %s, and does not say why', async (uri) => {
    await expect(read(uri)).rejects.toMatchObject({
      code: -32602,
      message: expect.stringContaining(`Resource not found: ${uri}`),
    })
  })

  test('shows no more of an endless URI than of its own', async () => {
    await expect(read(`inbox:///${'x'.repeat(200_000)}`)).rejects.toMatchObject({
      message: expect.stringMatching(/^.{0,40}inbox:\/\/\/x{100,500}….{0,40}$/),
    })
  })

  test('finds nothing of another agent', async () => {
    const { id: messageId } = t.post.deliver(ADA)
    const other = await connect(kind, { post: t.post, agent: 'other' })
    try {
      expect((await other.client.listAllResources()).map(({ name }) => name)).toEqual(['status'])
      for (const path of ['', '/messages', `/messages/${messageId}`, `/messages/${messageId}/raw`]) {
        for (const name of [id, ADA])
          await expect(other.client.readResource(`inbox:///${name}${path}`)).rejects.toThrow('Resource not found')
      }
      const inbox = await other.client.complete({ type: 'ref/resource', uri: 'inbox:///{id}' }, { name: 'id', value: '' })
      expect(inbox.values).toEqual([])
      const message = await other.client.complete(
        { type: 'ref/resource', uri: 'inbox:///{id}/messages/{messageId}' },
        { name: 'messageId', value: '' },
        { id: ADA },
      )
      expect(message.values).toEqual([])
    } finally {
      await other.client.close()
    }
  })

  test('completes addresses, messages and attachments', async () => {
    await t.client.callTool('create_inbox', { localPart: 'adam' })
    await t.client.callTool('create_inbox', { localPart: 'eve' })
    const attachments = [{ id: '1', filename: null, contentType: 'text/plain', size: 1 }]
    const { id: messageId } = t.post.deliver(ADA, { attachments })
    const template = { type: 'ref/resource', uri: 'inbox:///{id}/messages/{messageId}/attachments/{attachmentId}' } as const
    const suggest = (name: string, value: string, chosen?: Record<string, string>) =>
      t.client.complete(template, { name, value }, chosen)
    expect(await suggest('id', 'ada')).toEqual({ values: [ADA, 'adam@agents.localhost'], total: 2, hasMore: false })
    expect((await suggest('messageId', '0', { id: ADA })).values).toEqual([messageId])
    expect((await suggest('messageId', 'f', { id: ADA })).values).toEqual([])
    expect((await suggest('messageId', '', {})).values).toEqual([])
    expect((await suggest('attachmentId', '', { id: ADA, messageId })).values).toEqual(['1'])
    expect((await suggest('attachmentId', '', { id: ADA, messageId: 'nope' })).values).toEqual([])
    expect((await suggest('zzz', '', { id: ADA })).values).toEqual([])
  })
})
