import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, it, onTestFinished } from 'vitest'
import { makeMail } from '../support/fault-rig.ts'
import { findFreePort } from '../support/fleet.ts'
import { ENVELOPE } from '../support/mcp-raw.ts'
import { deliver } from '../support/retrying-sender.ts'
import { rounds } from '../support/rounds.ts'
import { type ServerProcess, startServer } from '../support/server-process.ts'
import { countMails, countSpooled, DRAIN_DEADLINE_MS, findDamage, hashMail } from '../support/store-check.ts'

/** Pairs of processes started at once. */
const ROUNDS = rounds({ short: 1, full: 100 })
const SENDERS = 2
/** Between two mails of a sender: as fast as it can it takes in what is then read for minutes. */
const PACE_MS = 15
const ROUND_DEADLINE_MS = 10_000

/**
 * As clients do it: one process is asked what it is and killed, another is started beside it and meant to stay; the one that stayed before ends only then. So the
 * port goes from one process to the next all the time.
 */
it(
  `Mail is received throughout by whoever remains, and no client hears of an error, while pairs of processes come and go; pairs: ${ROUNDS}`,
  async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'inbox-mcp-probes-'))
    onTestFinished(() => rm(dataDir, { recursive: true, force: true }))
    const args = ['--data-dir', dataDir, '--smtp-port', String(await findFreePort())]
    const running = new Set<ServerProcess>()
    const start = () => {
      const server = startServer(args)
      running.add(server)
      void server.exited.then(() => running.delete(server))
      return server
    }
    onTestFinished(async () => {
      for (const server of running) server.child.kill('SIGKILL')
      await Promise.all([...running].map(({ exited }) => exited))
    })

    let kept = start()
    await kept.initialize()
    const { address, smtpUrl } = await kept.call('create_inbox', { localPart: 'target', idempotencyKey: 'target' })
    const sent: string[] = []
    let isOver = false
    const send = async () => {
      while (!isOver) {
        const raw = makeMail()
        await deliver(raw, { smtpUrl: () => String(smtpUrl), to: String(address) })
        sent.push(hashMail(raw))
        await pause(PACE_MS)
      }
    }
    const senders = Promise.all(Array.from({ length: SENDERS }, send))

    const round = async (number: number) => {
      const [probe, next] = [start(), start()]
      const isModern = number % 2 === 0
      const probed = isModern ? probe.request('server/discover', { _meta: ENVELOPE }) : probe.initialize()
      await Promise.all([probed, next.initialize()])
      probe.child.kill('SIGKILL')
      // A client's first questions, and the same of the process that was there before.
      for (const server of [next, kept]) {
        const answers = await Promise.all([
          server.call('create_inbox', { localPart: 'target', idempotencyKey: 'target' }),
          server.call('list_messages', { inbox: address }),
          server.call('wait_for_message', { inbox: address, timeoutSeconds: 1 }),
        ])
        expect(answers.map(({ error }) => error)).toEqual([undefined, undefined, undefined])
        expect(answers[0]).toMatchObject({ address, smtpUrl })
      }
      if (number % 3 === 0) kept.child.kill('SIGKILL')
      else kept.child.stdin?.end()
      kept = next
      const before = sent.length
      await Promise.race([expect.poll(() => sent.length).toBeGreaterThan(before), senders])
    }
    for (let number = 0; number < ROUNDS; number += 1) await round(number)
    isOver = true
    await senders

    const file = join(dataDir, 'inbox.sqlite')
    await expect.poll(() => countSpooled(file), { timeout: DRAIN_DEADLINE_MS }).toBe(0)
    kept.child.stdin?.end()
    expect(await kept.exited).toEqual({ code: 0, signal: null })
    expect(findDamage(file)).toEqual([])
    expect([...countMails(file)].sort()).toEqual(sent.map((hash) => [hash, 1]).sort())
  },
  ROUNDS * ROUND_DEADLINE_MS + 240_000,
)
