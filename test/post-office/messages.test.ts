import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { DEFAULT_READ_TOKENS, MAX_LABEL_CHARS, MAX_LABELS, MAX_READ_TOKENS } from '../../src/limits.ts'
import { SILENT_LOG } from '../../src/log.ts'
import { createParser } from '../../src/mime/parser.ts'
import type { MessageChange } from '../../src/store.ts'
import { AGENT, writeMail } from '../support/app.ts'
import { TEST_WORKERS } from '../support/workers.ts'
import { openOffice, type TestOffice } from './office.ts'

const PAGE = { limit: 20, offset: 0 }
const WHOLE = { maxTokens: DEFAULT_READ_TOKENS, offset: 0, part: 'text' } as const

let t: TestOffice
let inbox: string
let messageId: string
beforeAll(async () => {
  t = await openOffice({ parser: createParser({ log: SILENT_LOG, workerUrl: TEST_WORKERS.parser }) })
  inbox = (await t.createInbox()).address
  await t.arrive(inbox, writeMail({ body: 'grüße an alle €€€' }))
  messageId = await newest()
})
afterAll(() => t.close())
beforeEach(() => t.post.updateMessage(AGENT, inbox, messageId, { read: false }))

const newest = async () => (await t.post.listMessages(AGENT, inbox, { after: null, page: PAGE })).data[0]?.id ?? ''
const isRead = async () => (await t.post.peekMessage(AGENT, inbox, messageId)).message.read

describe('reading', () => {
  it('marks as read, and says so at once', async () => {
    expect((await t.post.readMessage(AGENT, inbox, messageId, WHOLE)).message.read).toBe(true)
    expect(await isRead()).toBe(true)
    expect(await t.wait(inbox, { timeoutSeconds: 0 })).toMatchObject({ status: 'timeout', nearMisses: [{ failed: ['read'] }] })
  })

  it('again answers the same', async () => {
    const first = await t.post.readMessage(AGENT, inbox, messageId, WHOLE)
    expect(await t.post.readMessage(AGENT, inbox, messageId, WHOLE)).toEqual(first)
  })

  it('leaves unread what it could not show', async () => {
    for (const options of [{ offset: 1_000_000 }, { part: 'html' as const }]) {
      await expect(t.post.readMessage(AGENT, inbox, messageId, { ...WHOLE, ...options })).rejects.toMatchObject({
        code: 'invalid_argument',
      })
    }
    expect(await isRead()).toBe(false)
    expect(await t.wait(inbox, { timeoutSeconds: 0 })).toMatchObject({ status: 'received' })
  })

  it('through a resource leaves unread', async () => {
    expect(await t.post.peekMessage(AGENT, inbox, messageId)).toMatchObject({ text: expect.stringContaining('grüße') })
    expect(await isRead()).toBe(false)
  })

  it.each([
    ['maxTokens', [0, -1, 1.5, Number.NaN, MAX_READ_TOKENS + 1]],
    ['offset', [-1, 0.5, Number.NaN]],
  ])('refuses %s of %j', async (name, values) => {
    for (const value of values) {
      const options = { ...WHOLE, [name]: value }
      await expect(t.post.readMessage(AGENT, inbox, messageId, options)).rejects.toMatchObject({
        code: 'invalid_argument',
        message: expect.stringContaining(name),
      })
    }
    expect(await isRead()).toBe(false)
  })

  it('takes the least and the greatest budget', async () => {
    expect(await t.post.readMessage(AGENT, inbox, messageId, { ...WHOLE, maxTokens: 1 })).toMatchObject({
      text: 'grü',
      nextOffset: 4,
    })
    expect(await t.post.readMessage(AGENT, inbox, messageId, { ...WHOLE, maxTokens: MAX_READ_TOKENS })).toMatchObject({
      nextOffset: null,
    })
  })
})

describe('a change', () => {
  const change = (asked: MessageChange) => t.post.updateMessage(AGENT, inbox, messageId, asked)

  it.each<[string, MessageChange]>([
    ['of nothing', {}],
    ['of nothing, at length', { addLabels: [], removeLabels: [] }],
    ['by an empty label', { addLabels: [''] }],
    ['by a label that is too long', { addLabels: ['x'.repeat(MAX_LABEL_CHARS + 1)] }],
    ['by a label with a line break', { addLabels: ['a\nb'] }],
    ['by a label with a direction mark', { addLabels: ['a\u202eb'] }],
    ['by taking off a label that cannot be', { removeLabels: ['a\u0000'] }],
    ['by too many labels', { addLabels: Array.from({ length: MAX_LABELS + 1 }, (_, index) => `l${index}`) }],
    ['by taking off too many', { removeLabels: Array.from({ length: MAX_LABELS + 1 }, (_, index) => `l${index}`) }],
    ['by one label too many among good ones', { read: true, addLabels: ['good', ''] }],
  ])('%s is refused and changes nothing', async (_name, asked) => {
    await expect(change(asked)).rejects.toMatchObject({ code: 'invalid_argument' })
    expect((await t.post.peekMessage(AGENT, inbox, messageId)).message).toMatchObject({ labels: [], read: false })
  })

  it('by as many and as long labels as there may be is made, and undone', async () => {
    const labels = Array.from({ length: MAX_LABELS }, (_, index) => String(index).padStart(MAX_LABEL_CHARS, 'x'))
    expect((await change({ addLabels: labels })).labels).toHaveLength(MAX_LABELS)
    expect((await change({ removeLabels: labels })).labels).toEqual([])
  })

  it('to read or unread alone is enough', async () => {
    expect(await change({ read: true })).toMatchObject({ read: true })
    expect(await change({ read: false })).toMatchObject({ read: false })
  })
})

describe('an attachment', () => {
  it('is answered by its id, decoded, and no other is', async () => {
    const parts = ['--b', '', 'See.', '--b', 'Content-Disposition: attachment; filename=a.txt', '', 'the bytes', '--b--']
    const headers = ['Content-Type: multipart/mixed; boundary=b']
    await t.arrive(inbox, writeMail({ headers, body: parts.join('\r\n') }))
    const id = await newest()
    const { bytes } = await t.post.getAttachment(AGENT, inbox, id, '1')
    expect(Buffer.from(bytes).toString()).toBe('the bytes')
    for (const other of ['0', '2', '01', 'a.txt', '']) {
      await expect(t.post.getAttachment(AGENT, inbox, id, other)).rejects.toMatchObject({ code: 'attachment_not_found' })
    }
    await t.post.deleteMessage(AGENT, inbox, id)
    await expect(t.post.getAttachment(AGENT, inbox, id, '1')).rejects.toMatchObject({ code: 'message_not_found' })
  })
})
