/** However hostile the mail, no answer is over 25,000 tokens; what is left out is counted, and can be had. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { BYTES_PER_TOKEN, DEFAULT_READ_TOKENS, MAX_ANSWER_BYTES, MAX_READ_TOKENS } from '../../src/limits.ts'
import { createLog } from '../../src/log.ts'
import { type LinkFlag, MAX_FOUND_LINKS, type MailFacts, type MailLink, NO_FACTS } from '../../src/mail-facts.ts'
import { fitReading } from '../../src/mcp/budget.ts'
import { TOOLSETS } from '../../src/mcp/catalogue.ts'
import { Notices } from '../../src/mcp/notices.ts'
import { callTool } from '../../src/mcp/tool.ts'
import { connect, record, type TestConnection } from '../support/mcp-clients.ts'

const ADA = 'ada@agents.localhost'
const ESCAPED = '"\\\n\t'

let t: TestConnection
beforeEach(async () => {
  t = await connect('SDK v2, legacy')
  await t.client.callTool('create_inbox', { localPart: 'ada' })
})
afterEach(() => t.client.close())

/** Calls a tool and holds what went over the wire to the budget. */
async function call(tool: string, args: Record<string, unknown> = {}) {
  const answer = await t.client.callTool(tool, { inbox: ADA, ...args })
  const { text, structured } = answer
  const wire = JSON.stringify({ content: [{ type: 'text', text }], structuredContent: structured })
  expect(Buffer.byteLength(wire), tool).toBeLessThanOrEqual(MAX_ANSWER_BYTES)
  return answer
}

const many = (amount: number, write: (at: number) => string) => Array.from({ length: amount }, (_, at) => write(at))

/** Everything a sender can fill in, to the brim, with what JSON writes in two characters. */
function fill(character: string, text: string) {
  const fields = character.repeat(1_000)
  const addresses = many(1_000, (at) => `${at}@${character.repeat(250)}`)
  return {
    fromAddress: character.repeat(254),
    fromName: character.repeat(255),
    toAddresses: addresses,
    ccAddresses: addresses,
    replyToAddresses: addresses,
    subject: fields,
    messageIdHeader: fields,
    inReplyTo: fields,
    envelopeFrom: character.repeat(254),
    envelopeTo: character.repeat(254),
    labels: many(20, (at) => `${at}${character.repeat(48)}`),
    attachments: addresses.map((_, at) => ({
      id: String(at + 1),
      filename: character.repeat(255),
      contentType: character.repeat(255),
      size: 1,
    })),
    bodyText: text,
    facts: NO_FACTS,
  }
}

function link(at: number, chars: number, flags: MailLink['flags'] = []): MailLink {
  const url = `https://shop.example/${String(at).padStart(chars, 'x')}`
  return { text: '"'.repeat(500), url, host: 'shop.example', flags }
}

function contentText(structured: Record<string, unknown>): string {
  return String(record(structured.content).text)
}

/** Bytes of the text and of the links as JSON. */
function measureShown(structured: Record<string, unknown>): number {
  const links = Array.isArray(structured.links) && structured.links.length > 0 ? JSON.stringify(structured.links) : ''
  return Buffer.byteLength(links + contentText(structured))
}

/** Reads a message to its end; answers its pieces, from the texts and from the structures. */
async function readAll(args: Record<string, unknown>): Promise<{ words: string; content: string; pages: number }> {
  let [words, content, pages] = ['', '', 0]
  for (let offset: unknown = 0; offset !== null; ) {
    const { text, structured } = await call('read_message', { ...args, offset })
    const mark = /<<<mail ([0-9a-f]{16})\n/.exec(text)?.[1] ?? 'no mark'
    const inside = text.split(new RegExp(`<<<mail ${mark}\n|\n${mark}>>>`))[1] ?? ''
    words += pages === 0 ? inside.slice(inside.indexOf('\n\n') + 2) : inside
    content += String(record(structured.content).text)
    pages += 1
    const { nextOffset, returnedTokens, totalTokens } = structured
    if (nextOffset === null) expect(text).not.toContain('More: read')
    else expect(text).toContain(`More: read_message with offset ${nextOffset}.`)
    expect(text).toContain(`${returnedTokens} of ${totalTokens} tokens shown.`)
    offset = nextOffset
  }
  return { words, content, pages }
}

describe('a reading', () => {
  test.each([
    ['quotes', '"'],
    ['backslashes', '\\'],
    ['line feeds', 'a\n'],
    ['letters of three bytes', '漢'],
    ['letters of four bytes', '😀'],
    ['plain letters', 'x'],
  ])('of %s comes to its end, page by page, with nothing missing', async (_name, character) => {
    const text = `${character.repeat(Math.floor(60_000 / Buffer.byteLength(character)))}end`
    const { id: messageId } = t.post.deliver(ADA, { bodyText: text })
    const { words, content, pages } = await readAll({ messageId, maxTokens: MAX_READ_TOKENS })
    expect(words).toBe(text)
    expect(content).toBe(text)
    expect(pages).toBeLessThan(8)
  })

  test.each(['"', '漢'])('of a mail that is filled to the brim with %s still gets on', async (character) => {
    const { id: messageId } = t.post.deliver(ADA, fill(character, ESCAPED.repeat(6_000)))
    const { content, pages } = await readAll({ messageId, maxTokens: MAX_READ_TOKENS })
    expect(content).toBe(ESCAPED.repeat(6_000))
    expect(pages).toBeLessThan(10)
  })

  test('keeps to the budget of the caller to the token where that is less', async () => {
    const { id: messageId } = t.post.deliver(ADA, { bodyText: 'x'.repeat(100_000) })
    for (const maxTokens of [1, 100, 4_000, MAX_READ_TOKENS]) {
      const { structured } = await call('read_message', { messageId, maxTokens })
      expect(structured).toMatchObject({
        returnedTokens: maxTokens,
        totalTokens: 25_000,
        nextOffset: maxTokens * BYTES_PER_TOKEN,
      })
    }
  })

  test('of HTML is held to it too, and says with which part to go on', async () => {
    const { id: messageId } = t.post.deliver(ADA, { bodyHtml: '<a href="\\">'.repeat(20_000) })
    const { text, structured } = await call('read_message', { messageId, part: 'html', maxTokens: MAX_READ_TOKENS })
    expect(text).toContain(`More: read_message with part html and offset ${structured.nextOffset}.`)
  })

  test('of a wait and of a resource is held to it as well', async () => {
    const { id } = t.post.deliver(ADA, fill('"', ESCAPED.repeat(6_000)))
    const { text = '' } = await t.client.readResource(`inbox:///${ADA}/messages/${id}`)
    expect(Buffer.byteLength(text)).toBeLessThan(MAX_ANSWER_BYTES)
    const { structured } = await call('wait_for_message')
    expect(record(structured.message).nextOffset).toBeGreaterThan(0)
  })

  test('with 500 links of 8 kB shows those that are worth it, and counts the rest', async () => {
    const links = many(500, String).map((_, at) => link(at, 8_000, at === 400 ? ['likely-action'] : []))
    const list = links.map(({ url }, at) => `[${at + 1}] ${url}`).join('\n')
    const facts: MailFacts = { ...NO_FACTS, links, linksLeftOut: 7 }
    const { id: messageId } = t.post.deliver(ADA, { bodyText: `Open [401].\n\nLinks:\n${list}`, facts })
    const { text, structured } = await call('read_message', { messageId, maxTokens: MAX_READ_TOKENS })
    expect(structured).toMatchObject({ links: [{ n: 401, flags: ['likely-action'] }], linksLeftOut: 506 })
    expect(text).toContain('Links: 507; likely-action [401]')
    // It is far down in the list, so that it stands before the text.
    expect(text).toContain(`Link [401]: "${links[400]?.url}"`)
  })

  test('with a small budget has no more of the links than of the text, those that are worth it first', async () => {
    const links = many(300, String).map((_, at) => link(at, 50, at === 250 ? ['likely-action'] : []))
    const list = links.map(({ url }, at) => `[${at + 1}] ${url}`).join('\n')
    const { id: messageId } = t.post.deliver(ADA, { bodyText: `Hello\n\nLinks:\n${list}`, facts: { ...NO_FACTS, links } })
    const { structured } = await call('read_message', { messageId, maxTokens: 100 })
    expect(measureShown(structured)).toBeLessThanOrEqual(100 * BYTES_PER_TOKEN)
    expect(structured.links).toContainEqual(expect.objectContaining({ n: 251 }))
    const shown = Array.isArray(structured.links) ? structured.links.length : 0
    expect(structured.linksLeftOut).toBe(300 - shown)
  })

  test('with 5,000 links keeps to the budget of the caller with text and links together, and is read to the end', async () => {
    const flags = (at: number): LinkFlag[] => (at === 420 ? ['likely-action'] : at % 3 === 0 ? ['lookalike-host'] : [])
    const links = many(MAX_FOUND_LINKS, String).map((_, at) => link(at, 40 + (at % 90), flags(at)))
    const words = links.map((_, at) => `Offer ${at} [${at + 1}]`).join('\n')
    const list = links.map(({ url }, at) => `[${at + 1}] ${url}`).join('\n')
    const bodyText = `${words}\n\nLinks:\n${list}`
    const facts: MailFacts = { ...NO_FACTS, links, linksLeftOut: 4_500 }
    const { id: messageId } = t.post.deliver(ADA, { bodyText, facts })
    for (const maxTokens of [1, 10, 50, 100, 777, 2_000, DEFAULT_READ_TOKENS, 6_500, MAX_READ_TOKENS]) {
      const { text, structured } = await call('read_message', { messageId, maxTokens })
      const budgetBytes = maxTokens * BYTES_PER_TOKEN
      const oneCharacter = maxTokens === 1 ? 1 : 0
      expect(measureShown(structured)).toBeLessThanOrEqual(budgetBytes + oneCharacter)
      const named = text.split('\n').filter((line) => line.startsWith('Link ['))
      expect(Buffer.byteLength([...named, contentText(structured)].join('\n'))).toBeLessThanOrEqual(budgetBytes + oneCharacter)
      expect(text).toContain('Links: 5000; lookalike-host ')
      expect(text).toContain(`${structured.returnedTokens} of ${structured.totalTokens} tokens shown.`)
      const shown = Array.isArray(structured.links) ? structured.links : []
      expect(structured.linksLeftOut).toBe(5_000 - shown.length)
      if (maxTokens < 100) continue
      // What it wants to be followed comes first, then what is warned of; where the list is, is said.
      expect(shown[0]).toMatchObject({ n: 421, flags: ['likely-action'] })
      if (maxTokens > 100) expect(shown[1]).toMatchObject({ n: 1, flags: ['lookalike-host'] })
      const isListInPiece = contentText(structured).includes('\nLinks:\n')
      const listAt = Buffer.byteLength(`${words}\n\n`)
      if (!isListInPiece) {
        expect(named[0]).toBe(`Link [421]: "${links[420]?.url}"`)
        expect(structured.linksOffset).toBe(listAt)
        expect(text).toContain(`More links: read_message with offset ${listAt}.`)
      }
    }
    const { structured } = await call('read_message', { messageId, maxTokens: 1_000, offset: Buffer.byteLength(`${words}\n\n`) })
    expect(contentText(structured)).toMatch(/^Links:\n\[1\] /u)
    expect((await readAll({ messageId, maxTokens: 600 })).content).toBe(bodyText)
  })

  test('with 500 links of 8 kB that all claim to be worth it is held to it too', async () => {
    const links = many(500, String).map((_, at) =>
      link(at, 8_000, ['likely-action', 'lookalike-host', 'punycode', 'unsubscribe']),
    )
    const { id: messageId } = t.post.deliver(ADA, { ...fill('"', 'x'.repeat(50_000)), facts: { ...NO_FACTS, links } })
    const { structured } = await call('read_message', { messageId, maxTokens: MAX_READ_TOKENS })
    expect(structured.linksLeftOut).toBe(499)
    expect(structured.returnedTokens).toBeGreaterThan(1_000)
  })

  test('of our own mail with its deliveries is held to it', async () => {
    const to = many(50, (at) =>
      `${at}${'a'.repeat(60)}@${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(60)}.example`.slice(-254),
    )
    const attachments = Array.from({ length: 20 }, (_, at) => ({ text: 'x', filename: `${at}${'"'.repeat(250)}` }))
    const args = { to, subject: '"'.repeat(900), text: ESCAPED.repeat(20_000), attachments }
    const sent = await call('send_message', args)
    expect(sent.isError).toBe(false)
    const messageId = sent.structured.id
    await call('read_message', { messageId, maxTokens: MAX_READ_TOKENS })
    await call('wait_for_message', { for: 'delivery', messageId, timeoutSeconds: 0 })
    await call('list_messages')
  })

  test('of a text that nothing is left of room for still shows a character', () => {
    const reading = { text: 'abc', offset: 5, returnedTokens: 1, nextOffset: null, linkListAt: null, linkListOffset: null }
    const huge = 'x'.repeat(MAX_ANSWER_BYTES)
    const { structured } = fitReading(reading as never, (piece) => ({ structured: { ...piece }, text: huge }))
    expect(structured).toMatchObject({ text: 'a', nextOffset: 6 })
  })
})

describe('a list', () => {
  /** Every row of it, by the offsets that it names itself. */
  async function listAll(tool: string, args: Record<string, unknown> = {}): Promise<{ ids: unknown[]; pages: number }> {
    const ids: unknown[] = []
    let pages = 0
    for (let offset: unknown = 0; offset !== null; pages += 1) {
      const { structured, text } = await call(tool, { limit: 100, ...args, offset })
      const rows = Array.isArray(structured.data) ? structured.data : []
      ids.push(...rows.map(({ id }) => id))
      expect(structured.total).toBe(100)
      if (structured.nextOffset !== null) expect(text).toContain(`More: ${tool} with offset ${structured.nextOffset}.`)
      offset = structured.nextOffset
    }
    expect(new Set(ids).size).toBe(100)
    return { ids, pages }
  }

  test('of 100 messages filled to the brim answers as many as fit, and the rest after them', async () => {
    const threadId = 'one'
    const mail = { ...fill('"', '😀'.repeat(500)), threadId }
    const ids = many(100, () => t.post.deliver(ADA, mail).id)
    expect((await listAll('list_messages')).ids).toEqual(ids.reverse())
    await listAll('read_thread', { threadId })
    const { text = '' } = await t.client.readResource(`inbox:///${ADA}/messages`)
    expect(Buffer.byteLength(text)).toBeLessThan(MAX_ANSWER_BYTES)
  })

  test('of 100 threads is held to it', async () => {
    for (const at of many(100, String)) t.post.deliver(ADA, { subject: `${at}${'"'.repeat(990)}`, threadId: at })
    await listAll('list_threads')
  })

  test('of 100 ordinary messages fits into one answer', async () => {
    for (const at of many(100, String)) {
      t.post.deliver(ADA, { fromName: 'Example Shop', subject: `Order ${at} is on its way`, bodyText: 'Hello Ada, '.repeat(9) })
    }
    expect((await listAll('list_messages')).pages).toBe(1)
  })

  test('of 100 inboxes with long names is held to it', async () => {
    for (const at of many(99, String))
      await t.client.callTool('create_inbox', { localPart: `a${at}`, displayName: '"'.repeat(100) })
    const ids: unknown[] = []
    for (let offset: unknown = 0; offset !== null; ) {
      const { text, structured } = await t.client.callTool('list_inboxes', { limit: 100, offset })
      expect(Buffer.byteLength(JSON.stringify({ text, structured }))).toBeLessThan(MAX_ANSWER_BYTES)
      ids.push(...(Array.isArray(structured.data) ? structured.data.map(({ id }) => id) : []))
      offset = structured.nextOffset
    }
    expect(new Set(ids).size).toBe(100)
  })
})

test('a wait that times out tells of the newest deliveries turned away, and how many there were', async () => {
  for (let at = 0; at < 200; at += 1) {
    t.post.deliver(ADA)
    t.post.refuse(ADA, 'lost_mid_data')
  }
  const { text, structured } = await call('wait_for_message', { subject: 'code', timeoutSeconds: 0 })
  expect(text).toContain('Turned away at the door of this address, the newest 10 of 200:')
  expect(structured.refusals).toHaveLength(10)
})

test('a change of labels and a refusal are small, whatever was passed', async () => {
  const { id: messageId } = t.post.deliver(ADA, fill('"', 'x'))
  await call('update_message', { messageId, read: true })
  await call('read_message', { messageId, ['x'.repeat(200_000)]: 1 })
  await call('list_messages', { query: '"'.repeat(200_000) })
  await call('list_messages', { query: '"'.repeat(500) })
  await call('send_message', { to: ['x'.repeat(200_000)], subject: 'x', text: 'x' })
})

test('an answer that is too large all the same is never given: the call says that it was made', async () => {
  const lines: string[] = []
  const huge = { structured: {}, text: 'x'.repeat(MAX_ANSWER_BYTES) }
  const tool = { ...TOOLSETS.inboxes[0], run: async () => huge }
  const { post } = t
  const log = createLog('error', post.world.now, (line) => lines.push(line))
  const result = await callTool(
    tool,
    {},
    {
      postOffice: post,
      agent: 'default',
      world: post.world,
      log,
      signal: new AbortController().signal,
      onProgress: undefined,
      canAsk: false,
      answers: undefined,
      offered: new Set<string>(),
      withheld: new Set<string>(),
      notices: new Notices({ postOffice: post, agent: 'default', world: post.world, log }),
    },
  )
  expect(JSON.stringify(result).length).toBeLessThan(1_000)
  expect(result).toMatchObject({ isError: true, structuredContent: { error: { code: 'internal' } } })
  expect(JSON.stringify(result)).toContain('create_inbox was done')
  expect(lines.join()).toContain('mcp_answer_too_large')
})
