import { PassThrough } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { REAL_WORLD } from '../../src/app.ts'
import { SILENT_LOG } from '../../src/log.ts'
import { type McpConnection, openStdio, serveMcp } from '../../src/mcp/server.ts'
import type { CreatedInbox } from '../../src/post-office.ts'
import { readStrictly } from '../injection/strict-reader.ts'
import { AGENT, bootApp, type TestApp } from '../support/app.ts'
import { CORPUS_NOTE } from '../support/corpus.ts'
import { record } from '../support/mcp-clients.ts'
import { Campaign, report, type Turn } from './fuzz/campaign.ts'
import { mutateMail } from './fuzz/mail.ts'
import { readMailSeeds } from './fuzz/mail-seeds.ts'
import { Peer } from './fuzz/peer.ts'

const FILED_TOGETHER = 8
/** What no answer may have in any of its strings: what breaks lines, or hides. HTML as it was sent has its own line ends. */
const FORBIDDEN = /[\p{Cc}--[\n\t]]|[\u2028\u2029\ufeff]|[\u202a-\u202e\u2066-\u2069]|[\u{e0000}-\u{e0fff}]|[\u200b\u00ad]/v

/** Mutated mail as an agent gets it: filed into a real store, read through the real tools. */
describe(`what an agent reads${CORPUS_NOTE}`, () => {
  const campaign = new Campaign('reading', 1_500)
  const seeds = readMailSeeds()
  let app: TestApp
  let connection: McpConnection
  let peer: Peer
  beforeAll(async () => {
    app = await bootApp()
    const [toServer, fromServer] = [new PassThrough(), new PassThrough()]
    const transport = openStdio(toServer, fromServer)
    const toolsets = ['inboxes', 'messages', 'sending']
    const parts = { postOffice: app.post, agent: AGENT, toolsets, version: '1', log: SILENT_LOG, world: REAL_WORLD }
    connection = serveMcp({ ...parts, transport })
    // The peer finds every answer of more than MAX_ANSWER_BYTES.
    peer = new Peer(toServer, fromServer, [])
    await peer.send('initialize', { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'fuzz', version: '1' } })
    await peer.notify('notifications/initialized')
  })
  afterAll(async () => {
    await connection.close()
    await app.close()
    report(campaign.summary())
  })

  async function ask(
    name: string,
    args: Record<string, unknown>,
  ): Promise<{ text: string; structured: Record<string, unknown> }> {
    const { result } = await peer.send('tools/call', { name, arguments: args })
    if (result === undefined || result.isError === true) throw new Error(`${name} failed: ${JSON.stringify(result)}`)
    const [content] = Array.isArray(result.content) ? result.content : []
    return { text: String(record(content).text), structured: record(result.structuredContent) }
  }

  async function attack(turn: Turn): Promise<void> {
    const { dice } = turn
    const raw = mutateMail(dice, seeds)
    const inbox = await app.createInbox()
    const recipient = { inboxId: inbox.id, address: inbox.address, tag: null }
    const envelope = {
      from: 'a@sender.test',
      recipients: [recipient],
      helo: 'x',
      remoteAddress: '127.0.0.1',
      receivedAt: Date.now(),
    }
    const { id } = await app.app.post.receiver.accept(envelope, Buffer.from(raw))
    app.app.post.receiver.confirm(id)
    await app.app.post.idle()
    const faults = await readAll(turn, inbox, raw).catch((error: Error) => [String(error.stack)])
    campaign.fault(turn, raw, [...faults, ...peer.takeFaults()])
  }

  async function readAll({ dice }: Turn, { address }: CreatedInbox, raw: Buffer): Promise<string[]> {
    const waited = await ask('wait_for_message', { inbox: address, timeoutSeconds: 0 })
    const message = record(waited.structured.message)
    const about = { inbox: address, messageId: String(message.id) }
    const maxTokens = dice.pick([1, 7, 100, 4_000, 10_000])
    const part = dice.pick(['text', 'text', 'full', ...(message.htmlPart === true ? ['html'] : [])])
    const read = await ask('read_message', { ...about, maxTokens, part })
    const listed = await ask('list_messages', { inbox: address })
    const thread = await ask('read_thread', { inbox: address, threadId: String(message.threadId) })
    const stored = await app.post.getRaw(AGENT, address, about.messageId)
    const { nextOffset } = read.structured
    const next =
      typeof nextOffset === 'number' ? await ask('read_message', { ...about, maxTokens, part, offset: nextOffset }) : null
    campaign.count('answers', 4 + (next === null ? 0 : 1))
    return [
      ...(stored.byteLength === raw.length && Buffer.from(stored).equals(raw) ? [] : ['the raw bytes are others']),
      ...readStrictly(waited.text).faults.map((fault) => `wait_for_message: ${fault}`),
      ...readStrictly(read.text).faults.map((fault) => `read_message ${part}: ${fault}`),
      ...(next === null ? [] : findFenceFaults(next.text)).map((fault) => `next piece: ${fault}`),
      ...[listed, thread].flatMap(({ text }) => findFenceFaults(text)),
      ...[waited, read, listed, thread].flatMap(({ structured }) => findForbidden(structured)),
    ]
  }

  /** Of answers of other forms: as many marks that close as that open, each once, and nothing hidden. */
  function findFenceFaults(text: string): string[] {
    const marks = [...text.matchAll(/^<<<mail ([0-9a-f]{16})$/gm)].map(([, mark = '']) => mark)
    return [
      ...(marks.length > 0 && marks.every((mark) => text.split(mark).length === 4) ? [] : [`fences ${marks.join()}`]),
      ...(FORBIDDEN.test(text) ? ['a character that breaks lines or hides'] : []),
    ]
  }

  function findForbidden(value: unknown): string[] {
    if (typeof value === 'string')
      return FORBIDDEN.test(value) || !value.isWellFormed() ? [`a string of ${value.length} characters`] : []
    return typeof value === 'object' && value !== null ? Object.values(value).flatMap(findForbidden) : []
  }

  it('stands between marks that no mail can forge, and is never more than a client takes', { timeout: 900_000 }, async () => {
    for (const batch of campaign.batches(FILED_TOGETHER)) await Promise.all(batch.map(attack))
    expect(app.complaints.filter((line) => !line.includes('"event":"parse_'))).toEqual([])
    expect(campaign.faults).toEqual([])
  })
})
