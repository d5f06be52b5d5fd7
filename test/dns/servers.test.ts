import { describe, expect, onTestFinished, test } from 'vitest'
import { REAL_WORLD } from '../../src/app.ts'
import { createDomainDns } from '../../src/dns/servers.ts'
import type { DnsQuestion } from '../../src/domain-dns.ts'
import { type DnsServer, startDnsServer, type Table, type Zone } from '../support/dns-server.ts'
import { TestWorld } from '../support/world.ts'

const BOTH: DnsQuestion[] = [
  { name: 'example.org', type: 'TXT' },
  { name: 'example.org', type: 'MX' },
]

async function start(table: Table, hasRoot = true): Promise<DnsServer> {
  const server = await startDnsServer(table, { hasRoot })
  onTestFinished(() => server.close())
  return server
}

function ask(servers: readonly DnsServer[], questions = BOTH) {
  const dns = createDomainDns({ servers: servers.map(({ address }) => address), world: REAL_WORLD, deadlineMs: 60_000 })
  return dns.ask(questions, new AbortController().signal)
}

/** What one server with this zone answers to both questions. */
const askOne = async (zone: Zone) => (await ask([await start({ 'example.org': zone })]))[0]

describe('a look-up', () => {
  test('asks each server by itself, and answers a row for each', async () => {
    const servers = [
      await start({ 'example.org': { TXT: ['one'], MX: ['5 MX.example.net'] } }),
      await start({ 'example.org': { TXT: ['two'] } }),
    ]
    expect(await ask(servers)).toEqual([
      [
        { kind: 'records', records: [{ text: 'one' }] },
        { kind: 'records', records: [{ priority: 5, exchange: 'mx.example.net' }] },
      ],
      [{ kind: 'records', records: [{ text: 'two' }] }, { kind: 'absent' }],
    ])
    for (const { questions } of servers) expect(questions.toSorted()).toEqual(['MX example.org', 'TXT example.org'])
  })

  test('reads a text in several strings as one, over TCP where it is long', async () => {
    const text = 'x'.repeat(3_000)
    const server = await start({ 'example.org': { TXT: [text] } })
    expect((await ask([server], BOTH.slice(0, 1)))[0]).toEqual([{ kind: 'records', records: [{ text }] }])
    expect(server.questions).toContain('tcp TXT example.org')
  })

  test('asks anew each time: who asks again has changed something', async () => {
    const table: Table = { 'example.org': { TXT: ['old'] } }
    const server = await start(table)
    const dns = createDomainDns({ servers: [server.address], world: REAL_WORLD, deadlineMs: 60_000 })
    const look = () => dns.ask(BOTH.slice(0, 1), new AbortController().signal)
    await look()
    await look()
    expect(server.questions).toEqual(['TXT example.org', 'TXT example.org'])
  })

  test('follows an alias', async () => {
    const server = await start({ 'example.org': { CNAME: 'there.example' }, 'there.example': { TXT: ['found'] } })
    expect((await ask([server], BOTH.slice(0, 1)))[0]).toEqual([{ kind: 'records', records: [{ text: 'found' }] }])
  })
})

describe('that there is no such name', () => {
  test('is believed of a server that knows the root', async () => {
    expect(await ask([await start({})])).toEqual([[{ kind: 'absent' }, { kind: 'absent' }]])
  })

  test('is not believed of one that knows nothing, as resolvers without a way out', async () => {
    expect(await ask([await start({}, false)])).toEqual([[{ kind: 'failed' }, { kind: 'failed' }]])
  })
})

describe('that a name has no such record', () => {
  test('is believed of a server that knows the root, or anything else', async () => {
    expect(await ask([await start({ 'example.org': {} })])).toEqual([[{ kind: 'absent' }, { kind: 'absent' }]])
    const records = [{ text: 'here' }]
    expect(await ask([await start({ 'example.org': { TXT: ['here'] } }, false)])).toEqual([
      [{ kind: 'records', records }, { kind: 'absent' }],
    ])
  })

  test('is not believed of one that says so of everything, as before a login page', async () => {
    const server = await start({ '': {}, 'example.org': {} }, false)
    expect(await ask([server])).toEqual([[{ kind: 'failed' }, { kind: 'failed' }]])
  })
})

describe('DNS that goes wrong', () => {
  test.each(['SERVFAIL', 'REFUSED', 'garbage'] as const)('by %s has said nothing', async (failure) => {
    expect(await askOne({ failure })).toEqual([{ kind: 'failed' }, { kind: 'failed' }])
  })

  test('by an answer that cannot be read takes nothing from the other answers', async () => {
    const server = await start({ 'example.org': { TXT: ['here'] }, 'bad.example': { failure: 'garbage' } })
    const questions: DnsQuestion[] = [...BOTH.slice(0, 1), { name: 'bad.example', type: 'MX' }, ...BOTH.slice(0, 1)]
    const kinds = (await ask([server], questions))[0]?.map(({ kind }) => kind)
    expect(kinds).toEqual(['records', 'failed', 'records'])
  })

  test('by an answer of another type has no record of ours', async () => {
    const row = await askOne({ failure: 'other_type' })
    for (const answer of row ?? []) expect(['absent', 'failed']).toContain(answer.kind)
  })

  test('by aliases that lead in a circle has no record', async () => {
    const server = await start({ 'example.org': { CNAME: 'there.example' }, 'there.example': { CNAME: 'example.org' } })
    for (const answer of (await ask([server]))[0] ?? []) expect(['absent', 'failed']).toContain(answer.kind)
  })

  test('by a thousand exchanges and texts of 30,000 bytes is read to the end', async () => {
    const MX = Array.from({ length: 1_000 }, (_, index) => `${index} m${index}.example`)
    const row = await askOne({ MX, TXT: ['y'.repeat(30_000), 'z'.repeat(20_000)] })
    const counts = row?.map((answer) => (answer.kind === 'records' ? answer.records.length : answer.kind))
    expect(counts).toEqual([2, 1_000])
  })

  test('by silence ends at the deadline, with what others said', async () => {
    const silent = await start({ 'example.org': { failure: 'silence' } })
    const good = await start({ 'example.org': { TXT: ['here'] } })
    const world = new TestWorld()
    const dns = createDomainDns({ servers: [silent.address, good.address], world })
    const answers = dns.ask(BOTH, new AbortController().signal)
    await expect.poll(() => [silent, good].map(({ questions }) => questions.length)).toEqual([2, 2])
    // What was answered later has come: so has what was answered before.
    await ask([good])
    const fast = await ask([good])
    world.advance(60_000)
    expect((await answers)[0]).toEqual([{ kind: 'failed' }, { kind: 'failed' }])
    expect((await answers)[1]).toEqual(fast[0])
    expect(world.timers).toBe(0)
  })

  test('ends at once when the server of ours ends', async () => {
    const silent = await start({ 'example.org': { failure: 'silence' } })
    const dns = createDomainDns({ servers: [silent.address], world: new TestWorld() })
    const end = new AbortController()
    const asked = Array.from({ length: 8 }, () => dns.ask(BOTH, end.signal))
    await expect.poll(() => silent.questions.length).toBeGreaterThan(0)
    end.abort()
    for (const answers of await Promise.all(asked)) expect(answers).toEqual([[{ kind: 'failed' }, { kind: 'failed' }]])
  })
})
