import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { CLIENTS, connect, type TestConnection } from '../support/mcp-clients.ts'

const ADA = 'ada@agents.localhost'

describe.each(CLIENTS)('threads with %s', (kind) => {
  let t: TestConnection
  beforeEach(async () => {
    t = await connect(kind)
    await t.client.callTool('create_inbox', { localPart: 'ada' })
  })
  afterEach(() => t.client.close())

  const call = (name: string, args: Record<string, unknown> = {}) => t.client.callTool(name, { inbox: ADA, ...args })

  /** Question, answer, thanks; and one mail besides. */
  async function correspond(): Promise<string> {
    const question = t.post.deliver(ADA, { subject: 'Question', bodyText: 'q'.repeat(500), messageIdHeader: '<q@example.org>' })
    const { structured } = await call('reply_to_message', { messageId: question.id, text: 'Answer' })
    t.post.deliver(ADA, { subject: 'Other' })
    t.post.world.advance(60_000)
    t.post.deliver(ADA, { subject: 'Re: Re: Question', inReplyTo: String(structured.messageIdHeader) })
    return question.threadId
  }

  test('list_threads shows the one with the newest message first, page by page', async () => {
    const threadId = await correspond()
    const { structured, text } = await call('list_threads', { limit: 1 })
    expect(structured).toEqual({
      total: 2,
      data: [
        {
          id: threadId,
          messageCount: 3,
          lastMessageAt: '2026-11-24T12:01:00.000Z',
          createdAt: '2026-11-24T12:00:00.000Z',
          content: { subject: 'Question' },
        },
      ],
      nextOffset: 1,
      newMail: `2 new messages in ${ADA}`,
    })
    expect(text).toContain('More: list_threads with offset 1.')
    expect((await call('list_threads', { offset: 1 })).structured).toMatchObject({
      data: [{ content: { subject: 'Other' }, messageCount: 1 }],
      nextOffset: null,
    })
    expect((await call('list_threads', { offset: 2 })).text).toBe('Nothing at this offset; there are 2.')
  })

  test('read_thread shows its messages, oldest first, received and sent, without a body, and marks none read', async () => {
    const threadId = await correspond()
    const { structured, text } = await call('read_thread', { threadId })
    expect(structured).toMatchObject({
      thread: { id: threadId, messageCount: 3 },
      total: 3,
      data: [
        { direction: 'inbound', content: { subject: 'Question' }, read: false },
        { direction: 'outbound', content: { subject: 'Re: Question' }, status: 'queued' },
        { direction: 'inbound', content: { subject: 'Re: Re: Question' }, read: false },
      ],
    })
    expect(JSON.stringify(structured)).not.toMatch(/q{200}|bodyText/)
    expect(text).toContain('3 of 3 messages, oldest first.')
    expect(text.indexOf('"Question"')).toBeLessThan(text.indexOf('"Re: Question"'))
    const second = await call('read_thread', { threadId, limit: 1, offset: 1 })
    expect(second.structured).toMatchObject({ total: 3, data: [{ direction: 'outbound' }] })
    expect(second.text).toContain('More: read_thread with offset 2.')
  })

  test('an empty inbox has none, and an unknown one is not found', async () => {
    expect(await call('list_threads')).toMatchObject({ structured: { data: [], total: 0 }, text: 'No thread yet.' })
    const { structured } = await call('read_thread', { threadId: 'nope' })
    expect(structured.error).toMatchObject({ code: 'thread_not_found', httpStatus: 404 })
  })

  test('a thread of another inbox is not found', async () => {
    const threadId = await correspond()
    await t.client.callTool('create_inbox', { localPart: 'eve' })
    const { structured } = await t.client.callTool('read_thread', { inbox: 'eve@agents.localhost', threadId })
    expect(structured.error).toMatchObject({ code: 'thread_not_found' })
  })
})
