import { afterEach, beforeEach, expect, test } from 'vitest'
import { connect, type TestConnection } from '../support/mcp-clients.ts'

const ADA = 'ada@agents.localhost'
/** Most characters of one row, as text or as a structure: read_message shows the rest. */
const ROW_CHARS = 6_000

/** Everything a sender can fill in, as long as it is kept. */
const LOUD = {
  fromAddress: `f@${'f'.repeat(1_000)}.example`,
  fromName: 'n'.repeat(255),
  toAddresses: Array.from({ length: 1_000 }, (_, i) => `${i}@${'t'.repeat(240)}.example`),
  ccAddresses: Array.from({ length: 1_000 }, (_, i) => `${i}@${'c'.repeat(240)}.example`),
  replyToAddresses: Array.from({ length: 1_000 }, (_, i) => `${i}@${'r'.repeat(240)}.example`),
  subject: '😀'.repeat(500),
  bodyText: 'word '.repeat(1_000),
  messageIdHeader: `<${'m'.repeat(996)}>`,
  labels: Array.from({ length: 20 }, (_, i) => `${i}${'l'.repeat(60)}`),
  attachments: Array.from({ length: 1_000 }, (_, i) => ({
    id: `${i}`,
    filename: 'a'.repeat(255),
    contentType: `text/${'x'.repeat(900)}`,
    size: 1,
  })),
}

let t: TestConnection
let threadId: string
beforeEach(async () => {
  t = await connect('SDK v2, legacy')
  await t.client.callTool('create_inbox', { localPart: 'ada' })
  threadId = t.post.deliver(ADA, LOUD).threadId
})
afterEach(() => t.client.close())

test.each([
  ['list_messages', () => ({ inbox: ADA })],
  ['list_threads', () => ({ inbox: ADA })],
  ['read_thread', () => ({ inbox: ADA, threadId })],
])('no sender decides how long a row of %s gets', async (tool, args) => {
  const { text, structured } = await t.client.callTool(tool, args())
  expect(text.length).toBeLessThan(ROW_CHARS)
  expect(JSON.stringify(structured).length).toBeLessThan(ROW_CHARS)
})

test('no sender decides how long a row of the resource gets', async () => {
  const { text } = await t.client.readResource(`inbox:///${ADA}/messages`)
  expect(text?.length).toBeLessThan(2 * ROW_CHARS)
})

test('a row says where it was cut, and never in the middle of a character', async () => {
  const { structured } = await t.client.callTool('list_messages', { inbox: ADA })
  expect(structured).toMatchObject({
    data: [
      {
        attachmentCount: 1_000,
        content: { fromName: `${'n'.repeat(99)}…`, subject: `${'😀'.repeat(99)}…` },
      },
    ],
  })
})

test('what fits is left as it is, and a reading shows all of what a row cuts', async () => {
  const { id } = t.post.deliver(ADA, { fromName: 'n'.repeat(100), subject: 's'.repeat(200) })
  const list = await t.client.callTool('list_messages', { inbox: ADA, limit: 1 })
  expect(list.structured).toMatchObject({ data: [{ id, content: { fromName: 'n'.repeat(100), subject: 's'.repeat(200) } }] })
  const loud = await t.client.callTool('list_messages', { inbox: ADA, offset: 1 })
  const [row] = Array.isArray(loud.structured.data) ? loud.structured.data : []
  const { structured } = await t.client.callTool('read_message', { inbox: ADA, messageId: row.id })
  expect(structured).toMatchObject({ content: { fromName: LOUD.fromName, subject: LOUD.subject } })
})
