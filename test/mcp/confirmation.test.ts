import { afterEach, describe, expect, test } from 'vitest'
import { CLIENTS, type ConnectOptions, connect, type TestConnection } from '../support/mcp-clients.ts'
import { MemoryPostOffice } from '../support/mcp-post-office.ts'
import { speak } from '../support/mcp-raw.ts'

const ADA = 'ada@agents.localhost'
const YES = { action: 'accept', content: { confirm: true } } as const

describe.each(CLIENTS)('delete_inbox with %s', (kind) => {
  let t: TestConnection
  afterEach(() => t.client.close())

  async function start(options: ConnectOptions = {}): Promise<void> {
    t = await connect(kind, options)
    await t.client.callTool('create_inbox', { localPart: 'ada' })
  }
  const isThere = async () => (await t.client.callTool('list_inboxes')).structured.total === 1

  test('asks the person and deletes after a yes', async () => {
    await start({ person: async () => YES })
    const { structured, isError } = await t.client.callTool('delete_inbox', { inbox: ADA })
    expect(isError).toBe(false)
    expect(structured).toMatchObject({ address: ADA, deleted: { messages: 0 } })
    expect(await isThere()).toBe(false)
  })

  test.each([
    ['a no', { action: 'decline' }, 'declined'],
    ['a closed question', { action: 'cancel' }, 'cancelled'],
    ['a form sent off with the box unticked', { action: 'accept', content: { confirm: false } }, 'declined'],
  ] as const)('keeps the inbox after %s, and that is no error', async (_title, reply, answer) => {
    await start({ person: async () => reply })
    const { structured, text, isError } = await t.client.callTool('delete_inbox', { inbox: ADA })
    expect(isError).toBe(false)
    expect(structured).toMatchObject({ address: ADA, deleted: null, answer })
    expect(text).toContain(`Not deleted: ${ADA} stays.`)
    expect(await isThere()).toBe(true)
  })

  test('does not ask when the address was typed', async () => {
    await start({ person: async () => ({ action: 'decline' }) })
    const { structured } = await t.client.callTool('delete_inbox', { inbox: ADA, confirm: 'ADA@agents.localhost ' })
    expect(structured).toMatchObject({ deleted: { messages: 0 } })
    expect(await isThere()).toBe(false)
  })

  test('asks for the address where the client cannot ask a person', async () => {
    await start()
    const { structured, isError } = await t.client.callTool('delete_inbox', { inbox: ADA })
    expect(isError).toBe(true)
    expect(structured.error).toMatchObject({
      code: 'confirmation_required',
      confirm: ADA,
      hint: expect.stringContaining(`confirm set to ${ADA}`),
    })
    expect(await isThere()).toBe(true)
  })

  test('takes no other word for the address, and does not ask a person to overrule it', async () => {
    await start({ person: async () => YES })
    for (const confirm of ['yes', 'true', 'eve@agents.localhost', `${ADA}.example.org`]) {
      const { structured } = await t.client.callTool('delete_inbox', { inbox: ADA, confirm })
      expect(structured.error).toMatchObject({ code: 'confirmation_required' })
    }
    expect(await isThere()).toBe(true)
  })

  test('keeps the inbox when the client breaks over the question', async () => {
    await start({ person: () => Promise.reject(new Error('nobody at home')) })
    const call = t.client.callTool('delete_inbox', { inbox: ADA })
    await call.then(
      ({ isError }) => expect(isError).toBe(true),
      (error: unknown) => expect(error).toBeInstanceOf(Error),
    )
    expect(await isThere()).toBe(true)
  })

  test('does not delete a newer inbox that got the address while the person was asked', async () => {
    const post = new MemoryPostOffice()
    const person = async () => {
      await post.deleteInbox('default', ADA)
      await post.createInbox('default', { localPart: 'ada' })
      return YES
    }
    await start({ post, person })
    const { structured, isError } = await t.client.callTool('delete_inbox', { inbox: ADA })
    expect(isError).toBe(true)
    expect(structured.error).toMatchObject({ code: 'inbox_not_found' })
    expect(await isThere()).toBe(true)
  })

  test('asks nobody about an inbox that is not there', async () => {
    await start({ person: async () => YES })
    const { structured } = await t.client.callTool('delete_inbox', { inbox: 'eve@agents.localhost' })
    expect(structured.error).toMatchObject({ code: 'inbox_not_found' })
  })
})

describe('an answer to delete_inbox', () => {
  let t: ReturnType<typeof speak>
  afterEach(() => t.close())

  test.each([
    ['of no form', 'yes'],
    ['without any answer', {}],
    ['to a question that nobody asked', { confirm: { action: 'accept', content: { confirm: true } } }],
    ['that is no answer', (question: string) => ({ [question]: { action: 'yes' } })],
    ['that is wrapped up', (question: string) => ({ [question]: { method: 'elicitation/create', result: YES } })],
    ['that is text', (question: string) => ({ [question]: 'yes' })],
  ])('%s is said not to be understood, and what to do', async (_title, garbage) => {
    t = speak()
    const { id } = await t.post.createInbox('default', { localPart: 'ada' })
    const inputResponses = typeof garbage === 'function' ? garbage(`delete ${id}`) : garbage
    const { result } = await t.sendModern('tools/call', { name: 'delete_inbox', arguments: { inbox: ADA }, inputResponses })
    expect(result).toMatchObject({ isError: true })
    expect(result?.structuredContent).toMatchObject({
      error: {
        code: 'confirmation_required',
        message: expect.stringMatching(/was not understood; nothing was deleted.*without inputResponses/),
        hint: expect.stringContaining(`confirm set to ${ADA}`),
      },
    })
    expect((await t.post.listInboxes('default', { limit: 1, offset: 0 })).total).toBe(1)
  })
})
