import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { REAL_WORLD } from '../../src/app.ts'
import { AGENT, bootApp } from '../support/app.ts'
import { Dice } from '../support/dice.ts'
import { makeMail } from '../support/fault-rig.ts'
import { deliver } from '../support/retrying-sender.ts'
import { rounds } from '../support/rounds.ts'
import { countMails, countSpooled, DRAIN_DEADLINE_MS, findDamage, hashMail } from '../support/store-check.ts'

/** Times the clock is set. */
const JUMPS = rounds({ short: 10, full: 100 })
const HOOKS = { signal: new AbortController().signal }
const HOUR_MS = 3_600_000
/** By a time server, by hand, by a battery that ran out. */
const STEPS_MS = [-400 * 24 * HOUR_MS, -24 * HOUR_MS, -HOUR_MS, -2_000, 2_000, HOUR_MS, 24 * HOUR_MS, 400 * 24 * HOUR_MS]

it(
  `Whatever the clock is set to, mail is filed once, waits end, and quotas count days; times set: ${JUMPS}`,
  async () => {
    const dice = new Dice()
    let offsetMs = 0
    const world = { ...REAL_WORLD, now: () => Date.now() + offsetMs }
    const server = await bootApp({ world, config: { dryRun: true } })
    onTestFinished(() => server.close())
    // Another process on the store, whose clock is the same one.
    const other = await bootApp({ world, dataDir: server.dataDir })
    onTestFinished(() => other.close())
    const { address } = await server.createInbox()
    const sent: string[] = []
    let seq = 0
    for (let jump = 0; jump < JUMPS; jump += 1) {
      const raw = makeMail()
      const { id } = await deliver(raw, { smtpUrl: () => dice.pick([server.smtpUrl, other.smtpUrl]), to: address })
      expect(id).not.toBe('')
      sent.push(hashMail(raw))
      // While it is on its way into the inbox.
      offsetMs = dice.pick(STEPS_MS)
      const waited = await server.post.waitForMessage(AGENT, address, { filter: {}, after: 0, timeoutSeconds: 30 }, HOOKS)
      expect(waited.status).toBe('received')
      expect(waited.cursor).toBeGreaterThan(seq)
      seq = waited.cursor
    }
    // Nothing more comes: the wait ends all the same, when its time is up and not when the clock says so.
    const waiting = server.post.waitForMessage(AGENT, address, { filter: {}, after: 0, timeoutSeconds: 1 }, HOOKS)
    offsetMs = -400 * 24 * HOUR_MS
    expect(await waiting).toMatchObject({ status: 'timeout' })

    const quota = () => server.post.checkQuota(AGENT, address)
    const draft = { to: ['somebody@example.org'], subject: 'Hello', text: 'Hello.' }
    await server.post.sendMessage(AGENT, address, draft)
    expect(await quota()).toMatchObject({ sendsToday: 1, totalSent: 1 })
    offsetMs += 24 * HOUR_MS
    expect(await quota()).toMatchObject({ sendsToday: 0, totalSent: 1 })

    const file = join(server.dataDir, 'inbox.sqlite')
    await expect.poll(() => countSpooled(file), { timeout: DRAIN_DEADLINE_MS }).toBe(0)
    expect(findDamage(file)).toEqual([])
    const counts = countMails(file)
    expect(sent.filter((hash) => counts.get(hash) !== 1)).toEqual([])
  },
  JUMPS * 5_000 + 60_000,
)
