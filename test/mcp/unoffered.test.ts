/** Whichever tools a server offers, nothing that it says in its own words names one that it does not. */

import { describe, expect, test } from 'vitest'
import { listWithheld, TOOLSETS } from '../../src/mcp/catalogue.ts'
import { connect, type TestConnection } from '../support/mcp-clients.ts'
import { MemoryPostOffice } from '../support/mcp-post-office.ts'

const ADA = 'ada@agents.localhost'
const NOBODY = 'nobody@agents.localhost'

/** Every combination of the sets, each as it is and read-only. */
const SETS = Object.keys(TOOLSETS)
const COMBINATIONS = SETS.reduce<string[][]>((all, set) => all.flatMap((one) => [one, [...one, set]]), [[]]).filter(
  (one) => one.length > 0,
)
const SERVERS = COMBINATIONS.flatMap((toolsets) => [false, true].map((readOnly) => ({ toolsets, readOnly })))

/** What is between the marks is a sender's. */
const FENCED = /<<<mail ([0-9a-f]{16})\n.*?\n\1>>>/gsu

type Said = { where: string; words: string }

/** Everything that it says before the first call. */
async function listWords({ client }: TestConnection): Promise<Said[]> {
  const tools = (await client.listTools()).map((tool) => ({
    where: `tools/list ${tool.name}`,
    words: JSON.stringify({ ...tool, name: '' }),
  }))
  const prompts = await client.listPrompts()
  const filled = prompts.map(async ({ name, arguments: args = [] }) => ({
    where: `prompt ${name}`,
    words: await client.getPrompt(name, Object.fromEntries(args.map((argument) => [argument.name, ADA]))),
  }))
  return [
    { where: 'instructions', words: client.instructions ?? '' },
    { where: 'prompts/list', words: JSON.stringify(prompts) },
    ...tools,
    ...(await Promise.all(filled)),
  ]
}

/** Resources are there whatever tools are. */
async function readWords({ client }: TestConnection, messageIds: readonly string[]): Promise<Said[]> {
  const uris = ['inbox:///status', `inbox:///${ADA}`, ...messageIds.map((id) => `inbox:///${ADA}/messages/${id}`)]
  const read = uris.map(async (uri) => ({ where: uri, words: (await client.readResource(uri)).text ?? '' }))
  const failed = client.readResource(`inbox:///${NOBODY}/messages/none`).then(
    () => ({ where: 'no such message', words: '' }),
    (error: unknown) => ({ where: 'no such message', words: String(error) }),
  )
  return Promise.all([...read, failed])
}

/** Calls that work and calls that fail, of each tool. */
function listCalls(ids: { long: string; code: string; sent: string }): [tool: string, args: Record<string, unknown>][] {
  const mail = { inbox: ADA, to: ['bob@example.org'], subject: 'Hello', text: 'Hello' }
  return [
    ['create_inbox', { localPart: 'eve' }],
    ['create_inbox', { localPart: 'ada' }],
    ['create_inbox', { localPart: 'Ä b' }],
    ['list_inboxes', {}],
    ['list_inboxes', { limit: 1 }],
    ['check_quota', { inbox: ADA, sends: 1_000 }],
    ['check_quota', { inbox: NOBODY }],
    ['list_messages', { inbox: ADA, limit: 1 }],
    ['list_messages', { inbox: ADA, query: 'nothing-like-it' }],
    ['list_messages', { inbox: ADA, query: 'what:ever' }],
    ['list_messages', { inbox: NOBODY }],
    ['read_message', { inbox: ADA, messageId: ids.long, maxTokens: 50 }],
    ['read_message', { inbox: ADA, messageId: ids.code }],
    ['read_message', { inbox: ADA, messageId: ids.sent }],
    ['read_message', { inbox: ADA, messageId: ids.long, part: 'html' }],
    ['read_message', { inbox: ADA, messageId: ids.long, offset: 9_000_000 }],
    ['read_message', { inbox: ADA, messageId: 'none' }],
    ['read_message', { inbox: ADA, messageId: ids.code, attachmentId: '1' }],
    ['wait_for_message', { inbox: ADA, timeoutSeconds: 0 }],
    ['wait_for_message', { inbox: ADA, timeoutSeconds: 0, subject: 'nothing-like-it' }],
    ['wait_for_message', { inbox: ADA, timeoutSeconds: 0, for: 'delivery', messageId: ids.sent }],
    ['wait_for_message', { inbox: ADA, timeoutSeconds: 0, for: 'delivery' }],
    ['wait_for_message', { inbox: ADA, timeoutSeconds: 0, messageId: ids.sent }],
    ['wait_for_message', { inbox: ADA, timeoutSeconds: 0, for: 'delivery', messageId: ids.code }],
    ['save_attachment', { inbox: ADA, messageId: ids.code, attachmentId: '1' }],
    ['list_threads', { inbox: ADA, limit: 1 }],
    ['read_thread', { inbox: ADA, threadId: 'none' }],
    ['update_message', { inbox: ADA, messageId: ids.code, addLabels: ['x'] }],
    ['update_message', { inbox: ADA, messageId: 'none', read: true }],
    ['explain_delivery', { inbox: ADA }],
    ['explain_delivery', { inbox: ADA, messageId: ids.sent }],
    ['explain_delivery', { address: 'adda@agents.localhost' }],
    ['explain_delivery', { address: 'somebody@elsewhere.example' }],
    ['send_message', mail],
    ['send_message', { ...mail, to: ['no address'] }],
    ['send_message', { ...mail, threadId: 'none' }],
    ['send_message', { ...mail, attachments: [{ path: '../none' }] }],
    ['send_message', { ...mail, idempotencyKey: 'k' }],
    ['send_message', { ...mail, idempotencyKey: 'k', subject: 'Other' }],
    ['reply_to_message', { inbox: ADA, messageId: ids.code, text: 'Hello' }],
    ['reply_to_message', { inbox: ADA, messageId: 'none', text: 'Hello' }],
    ['delete_inbox', { inbox: ADA }],
    ['delete_inbox', { inbox: NOBODY, confirm: NOBODY }],
    ['delete_message', { inbox: ADA, messageId: 'none' }],
    ['delete_message', { inbox: ADA, messageId: ids.long }],
    ['add_domain', { domain: 'example.org' }],
    ['add_domain', { domain: 'no domain' }],
    ['list_domains', {}],
    ['verify_domain', { domain: 'example.org' }],
    ['verify_domain', { domain: 'example.net' }],
    ['create_inbox', { domainId: 'example.org' }],
    ['create_inbox', { domainId: 'example.net' }],
    ['delete_domain', { domain: 'example.org' }],
    ['delete_domain', { domain: 'example.org', confirm: 'example.org' }],
    ['delete_domain', { domain: 'example.net', confirm: 'example.net' }],
  ]
}

async function answerWords({ client }: TestConnection, calls: ReturnType<typeof listCalls>): Promise<Said[]> {
  const said: Said[] = []
  for (const [tool, args] of calls) {
    const { text, structured } = await client.callTool(tool, args)
    const { content: _content, data: _data, message: _message, ...ours } = structured
    said.push({ where: `${tool} ${JSON.stringify(args)}`, words: `${text.replaceAll(FENCED, '')}\n${JSON.stringify(ours)}` })
  }
  return said
}

describe.each(SERVERS)('a server of $toolsets, read-only: $readOnly,', ({ toolsets, readOnly }) => {
  test('names no tool but its own', async () => {
    const post = new MemoryPostOffice()
    await post.createInbox('default', { localPart: 'ada' })
    const facts = { filename: 'a.txt', contentType: 'text/plain', size: 1 }
    const long = post.deliver(ADA, { bodyText: 'x'.repeat(50_000), bodyHtml: '<p>x' }).id
    const code = post.deliver(ADA, { bodyText: 'y', bodyHtml: '<p>y', attachments: [{ id: '1', ...facts }] }).id
    const { message } = await post.sendMessage('default', ADA, { to: ['bob@example.org'], subject: 'Hello', text: 'Hello' })
    post.refuse(ADA, 'lost_mid_data')
    post.readOnly = readOnly
    const t = await connect('SDK v2, legacy', { post, toolsets })
    const tools = (await t.client.listTools()).map(({ name }) => name)
    const withheld = listWithheld(new Set(tools))
    const calls = listCalls({ long, code, sent: message.id }).filter(([tool]) => tools.includes(tool))
    const said = [...(await listWords(t)), ...(await readWords(t, [long, code, message.id])), ...(await answerWords(t, calls))]
    await t.client.close()
    const wrong = said.flatMap(({ where, words }) =>
      [...withheld]
        .filter((name) => new RegExp(`(?<![\\w.@-])${name}(?![\\w@])`).test(words))
        .map((name) => `${where} names ${name}`),
    )
    expect(wrong).toEqual([])
    expect(said.every(({ words }) => !/\bundefined\b|\bnull\./.test(words))).toBe(true)
  })
})

test('every tool is called', () => {
  const called = new Set(listCalls({ long: '', code: '', sent: '' }).map(([tool]) => tool))
  expect([...called].sort()).toEqual(
    Object.values(TOOLSETS)
      .flatMap((tools) => tools.map(({ name }) => name))
      .sort(),
  )
})
