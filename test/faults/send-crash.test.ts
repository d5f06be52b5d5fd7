import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SILENT_LOG } from '../../src/log.ts'
import { openStore } from '../../src/sql/store.ts'
import { rounds } from '../support/rounds.ts'
import { ScriptedRelay, type Stage } from '../support/scripted-relay.ts'
import { type ServerProcess, startServer } from '../support/server-process.ts'

const ROUNDS = rounds({ full: 200 })
const SENDS_PER_ROUND = 3
/**
 * Where the process is when it is killed, by turns; null: as soon as the call is answered, before or while anything is carried. What is most
 * easily lost or doubled comes first.
 */
const MOMENTS: readonly (Stage | null)[] = ['dot', null, 'mail', 'rcpt', 'data']
const MINUTE_MS = 60_000

describe('a sending process killed with -9', () => {
  let dataDir: string
  let relay: ScriptedRelay
  const servers = new Set<ServerProcess>()
  let kills = 0
  /** Each copy that came to its final dot, and how many processes had been killed by then. */
  const carried: { to: string; kills: number }[] = []
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'inbox-mcp-send-crash-'))
    relay = await ScriptedRelay.start()
  })
  afterAll(async () => {
    for (const server of servers) {
      server.child.kill('SIGKILL')
      await server.exited
    }
    await relay.close()
    await rm(dataDir, { recursive: true, force: true })
  })

  async function start(): Promise<ServerProcess> {
    const args = [
      '--data-dir',
      dataDir,
      '--smtp-port',
      '0',
      '--relay-url',
      relay.url,
      '--daily-send-limit',
      '100000',
      '--log-level',
      'error',
    ]
    const server = startServer(args)
    servers.add(server)
    void server.exited.then(() => servers.delete(server))
    await server.initialize()
    return server
  }

  it(
    `loses no queued message, counts right, and sends none twice outside the documented window, in ${ROUNDS} rounds`,
    async () => {
      const queued: string[] = []
      let inbox = ''
      for (let round = 0; round < ROUNDS; round += 1) {
        const server = await start()
        inbox ||= String((await server.call('create_inbox', {})).address)
        await killAt(server, MOMENTS[round % MOMENTS.length] ?? null, inbox, round, queued)
      }
      relay.script = ({ stage, recipient }) => {
        if (stage === 'dot') carried.push({ to: recipient, kills })
        return undefined
      }
      await endLeases()
      await finish(inbox, queued)
    },
    ROUNDS * 5_000 + 3 * MINUTE_MS,
  )

  /** Sends until the relay has seen the moment, then kills; what was answered `queued` counts. */
  async function killAt(
    server: ServerProcess,
    moment: Stage | null,
    inbox: string,
    round: number,
    queued: string[],
  ): Promise<void> {
    relay.script = ({ stage, recipient }) => {
      if (stage === 'dot') carried.push({ to: recipient, kills })
      if (stage === moment) server.child.kill('SIGKILL')
      return undefined
    }
    for (let index = 0; index < SENDS_PER_ROUND; index += 1) {
      const to = `r${round}-${index}@example.org`
      const mail = { inbox, to: [to], subject: to, text: 'Hello.' }
      const answer = await server.call('send_message', mail).catch(() => null)
      if (answer?.status === 'queued') queued.push(to)
    }
    if (moment === null) server.child.kill('SIGKILL')
    await server.exited
    kills += 1
  }

  /** What the dead held is free at once, as it would be when their leases have run out: a clock that is ahead takes it and lets it go. */
  async function endLeases(): Promise<void> {
    const store = await openStore({ file: join(dataDir, 'inbox.sqlite'), log: SILENT_LOG })
    const now = Date.now()
    await store.claimDeliveries('nobody', now + 10 * MINUTE_MS, now, 1_000)
    await store.close()
  }

  /** A new process finishes what the dead ones left, once their leases have run out; the owner sees nothing in doubt. */
  async function finish(inbox: string, queued: readonly string[]): Promise<void> {
    const server = await start()
    const copies = () =>
      new Map(queued.map((to) => [to, relay.messages.filter(({ recipients }) => recipients.includes(to)).length]))
    for (let offset: unknown = 0; offset !== null; ) {
      const page = await server.call('list_messages', { inbox, limit: 100, offset })
      const data = Array.isArray(page.data) ? page.data : []
      for (const { id } of data) await settle(server, inbox, String(id))
      offset = page.nextOffset
    }
    expect([...copies()].filter(([, count]) => count === 0)).toEqual([])
    // Killed between the relay's yes and our writing it down, a message goes out once more: the documented window. So between two
    // copies for one recipient there was a kill, and they are the same message.
    for (const to of queued) {
      const kills = carried.filter((copy) => copy.to === to).map((copy) => copy.kills)
      expect(new Set(kills).size, `${to}: ${kills}`).toBe(kills.length)
      const sent = relay.messages.filter(({ recipients }) => recipients.includes(to))
      expect(new Set(sent.map(({ data }) => /^Message-ID: .*$/m.exec(data.toString())?.[0])).size).toBe(1)
    }
    const quota = await server.call('check_quota', { inbox })
    const listed = await server.call('list_messages', { inbox, limit: 1 })
    expect(quota.sendsToday).toBe(listed.total)
    expect(quota.totalSent).toBe(listed.total)
    expect(Number(quota.sendsToday)).toBeGreaterThanOrEqual(queued.length)
    expect(Number(quota.sendsToday)).toBeLessThanOrEqual(ROUNDS * SENDS_PER_ROUND)
  }

  /** Waits for news of a message until it has gone out. */
  async function settle(server: ServerProcess, inbox: string, messageId: string): Promise<void> {
    let after = 0
    for (;;) {
      const news = await server.call('wait_for_message', { inbox, for: 'delivery', messageId, after, timeoutSeconds: 50 })
      const message = typeof news.message === 'object' && news.message !== null ? { ...news.message } : {}
      if ('status' in message && !['queued', 'sending'].includes(String(message.status))) return
      after = Number(news.deliveryCursor)
    }
  }
})
