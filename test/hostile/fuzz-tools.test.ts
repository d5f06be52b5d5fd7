import { PassThrough } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { REAL_WORLD } from '../../src/app.ts'
import { createLog } from '../../src/log.ts'
import { type McpConnection, openStdio, serveMcp } from '../../src/mcp/server.ts'
import { AGENT, bootApp, type TestApp, writeMail } from '../support/app.ts'
import { record } from '../support/mcp-clients.ts'
import { ENVELOPE } from '../support/mcp-raw.ts'
import { Campaign, report } from './fuzz/campaign.ts'
import { Peer } from './fuzz/peer.ts'
import { type Names, writeRequest } from './fuzz/requests.ts'

/** Behind so many requests comes one whose answer is waited for. */
const BATCH = 25
const SECRET = 'xylophone-of-another'

/** The whole server in this process, in the newest generation of the protocol. */
describe('the tools', () => {
  const campaign = new Campaign('tools', 20_000)
  const complaints: Record<string, unknown>[] = []
  let app: TestApp
  let connection: McpConnection
  let peer: Peer
  let names: Names
  beforeAll(async () => {
    app = await bootApp({ config: { dryRun: true } })
    const mine = await app.createInbox('ada')
    const spare = await app.createInbox('spare')
    const other = await app.createInbox('eve', 'another')
    await app.deliver(mine.address, writeMail({ subject: 'Your code', body: 'Your code is 482913.' }))
    await app.deliver(other.address, writeMail({ subject: SECRET, body: SECRET }))
    const newest = async (agent: string, inbox: string) =>
      (await app.post.listMessages(agent, inbox, { after: null, page: { limit: 1, offset: 0 } })).data[0]
    const [own, theirs] = [await newest(AGENT, mine.address), await newest('another', other.address)]
    names = {
      inboxes: [...Array(6).fill(mine.id), ...Array(6).fill(mine.address), other.id, other.address, 'nobody@agents.localhost'],
      messages: [...Array(6).fill(own?.id ?? ''), theirs?.id ?? '', '01930000-0000-7000-8000-000000000000'],
      threads: [...Array(4).fill(own?.threadId ?? ''), theirs?.threadId ?? ''],
      spare: spare.address,
      paths: ['/etc/passwd', '../inbox.sqlite', 'inbox.sqlite', app.dataDir],
    }
    const [toServer, fromServer] = [new PassThrough(), new PassThrough()]
    const log = createLog('warn', Date.now, (line) => complaints.push(JSON.parse(line)))
    const transport = openStdio(toServer, fromServer)
    const toolsets = ['inboxes', 'messages', 'sending']
    connection = serveMcp({ postOffice: app.post, agent: AGENT, toolsets, version: '1', log, world: REAL_WORLD, transport })
    peer = new Peer(toServer, fromServer, [SECRET])
  })
  afterAll(async () => {
    await connection.close()
    await app.close()
    campaign.count('answers', peer.answers)
    campaign.count('of them errors', peer.errors)
    report(campaign.summary())
  })

  async function findFaults(inputs: readonly Buffer[]): Promise<string[]> {
    for (const input of inputs) await peer.write(input)
    const { result } = await peer.send('tools/call', { name: 'list_inboxes', arguments: { limit: 1 }, _meta: ENVELOPE })
    const isAnswered = typeof record(result?.structuredContent).total === 'number'
    return [...peer.takeFaults(), ...(isAnswered ? [] : ['a good request is not answered'])]
  }

  it('answer, refuse or pass over every request, and go on answering', { timeout: 900_000 }, async () => {
    for (const batch of campaign.batches(BATCH)) {
      const inputs = batch.map(({ dice }) => writeRequest(dice, names, dice.roll(20) === 0 ? null : ENVELOPE))
      const end = connection.closed.then(() => ['the connection ended'])
      const faults = await Promise.race([findFaults(inputs), end])
      campaign.fault(batch, Buffer.concat(inputs), faults)
      if (faults.includes('the connection ended')) break
    }
    expect(campaign.faults).toEqual([])
    await expect.poll(() => peer.unanswered, { timeout: 60_000 }).toEqual([])
    expect(complaints.filter(({ level }) => level === 'error')).toEqual([])
  })
})
