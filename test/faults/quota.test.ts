import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { rounds } from '../support/rounds.ts'
import { type ServerProcess, startServer } from '../support/server-process.ts'

const PROCESSES = 4
/** Of each process. */
const SENDS_EACH = rounds({ full: 250 })
const SENDS = PROCESSES * SENDS_EACH
const LIMIT = SENDS / 2

describe('the daily limit', () => {
  let dataDir: string
  const servers: ServerProcess[] = []
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'inbox-mcp-quota-'))
  })
  afterEach(async () => {
    for (const server of servers.splice(0)) {
      server.child.kill('SIGKILL')
      await server.exited
    }
    await rm(dataDir, { recursive: true, force: true })
  })

  it(`of ${LIMIT} lets exactly ${LIMIT} of ${SENDS} sends at once from ${PROCESSES} processes through`, async () => {
    const args = [
      '--data-dir',
      dataDir,
      '--smtp-port',
      '0',
      '--dry-run',
      '--daily-send-limit',
      String(LIMIT),
      '--log-level',
      'error',
    ]
    for (let index = 0; index < PROCESSES; index += 1) servers.push(startServer(args))
    await Promise.all(servers.map((server) => server.initialize()))
    const created = await servers[0]?.call('create_inbox', {})
    const inbox = String(created?.address)
    const mail = { inbox, to: ['somebody@example.org'], subject: 'Hello', text: 'Hello.' }
    const sends = servers.flatMap((server) => Array.from({ length: SENDS_EACH }, () => server.call('send_message', mail)))
    const outcomes = (await Promise.all(sends)).map(({ status, error }) => (error === undefined ? status : JSON.stringify(error)))
    const refused = outcomes.filter(
      (outcome) => String(outcome).includes('"daily_limit_reached"') && String(outcome).includes('429'),
    )
    expect(outcomes.filter((outcome) => outcome === 'queued')).toHaveLength(LIMIT)
    expect(refused).toHaveLength(SENDS - LIMIT)
    expect(await servers[1]?.call('check_quota', { inbox })).toMatchObject({ sendsToday: LIMIT, totalSent: LIMIT, remaining: 0 })
  }, 180_000)
})
