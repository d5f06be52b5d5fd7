import { afterAll, beforeAll, expect, it } from 'vitest'
import { rounds } from '../support/rounds.ts'
import type { FloodName } from './attack/main.ts'
import { CALL_WITHIN_MS, GROWTH_MB, IDLE_MB, MAIL_WITHIN_MS, MEMORY_SLACK, SLACK } from './bounds.ts'
import { Report } from './report.ts'
import { Rig } from './rig.ts'

type Flood = { name: string; flood: FloodName; count: number; growthMb?: number }

/** How long each flood lasts, in seconds. */
const SECONDS = rounds({ full: 3 })
/** The parse worker goes when it had nothing to do for half a minute. */
const CALM_AGAIN_MS = 120_000
const ENDED_BY_TIME = 1_000_000_000

/** What mail at full speed was seen to take beyond the memory of a process that has read one: more than is promised, told in the README. */
const FAST_MAIL_MB = 150
/** Mail of the largest size takes several times its size while it is read, whatever it is made of. */
const LARGE_MAIL_MB = 400

const FLOODS: readonly Flood[] = [
  { name: 'connections that come and go', flood: 'connectAndClose', count: rounds({ full: 20_000 }) },
  { name: '1,000 connections that stay', flood: 'connectAndHold', count: rounds({ full: 20_000 }) },
  { name: 'connections that end in a reset', flood: 'reset', count: rounds({ full: 20_000 }) },
  { name: '500 slow clients', flood: 'slowClients', count: ENDED_BY_TIME },
  { name: 'unknown recipients', flood: 'unknownRecipients', count: rounds({ full: 300_000 }) },
  { name: 'known recipients', flood: 'knownRecipients', count: rounds({ full: 300_000 }) },
  { name: 'NOOP', flood: 'noop', count: rounds({ full: 300_000 }) },
  { name: 'RSET', flood: 'rset', count: rounds({ full: 300_000 }) },
  { name: 'unknown commands', flood: 'unknownCommands', count: rounds({ full: 300_000 }) },
  { name: 'an endless command', flood: 'endlessLine', count: rounds({ full: 1_000 }) },
  { name: 'small mail to one inbox', flood: 'smallToOne', count: rounds({ full: 100_000 }), growthMb: FAST_MAIL_MB },
  { name: 'small mail to many inboxes', flood: 'smallToMany', count: rounds({ full: 100_000 }), growthMb: FAST_MAIL_MB },
  { name: 'mail in pipelines', flood: 'pipelined', count: rounds({ full: 20_000 }), growthMb: FAST_MAIL_MB },
  { name: 'mail that never ends', flood: 'endlessMail', count: rounds({ full: 12 }), growthMb: LARGE_MAIL_MB },
  { name: 'the largest mail, 12 at once', flood: 'largestMails', count: rounds({ full: 24 }), growthMb: LARGE_MAIL_MB },
  { name: 'mail of nothing but line ends', flood: 'newlines', count: rounds({ full: 6 }), growthMb: LARGE_MAIL_MB },
  { name: 'mail of nothing but dots', flood: 'dots', count: rounds({ full: 6 }), growthMb: LARGE_MAIL_MB },
  { name: 'mail of bare line ends and dots', flood: 'bareDots', count: rounds({ full: 6 }), growthMb: LARGE_MAIL_MB },
]

const report = new Report('Good client under floods: p50 / p99 / max ms', [
  'flood',
  'mail accepted',
  'deferred',
  'MCP call',
  'peak MB',
  'left MB',
  'what the flood did',
])
let rig: Rig

beforeAll(async () => {
  rig = await Rig.start()
  report.add('(before any mail)', '', '', '', '', `RSS ${rig.freshMb}`, '')
  report.add('(after one)', '', '', '', '', `RSS ${rig.idleMb}`, '')
  expect(rig.freshMb).toBeLessThan(IDLE_MB * MEMORY_SLACK)
})
afterAll(async () => {
  await rig.close()
  report.show()
})

it.each(FLOODS)('$name', async ({ name, flood, count, growthMb = GROWTH_MB }) => {
  // Each from an address of its own: those that were used are busy for a while.
  const from = `127.0.1.${1 + FLOODS.findIndex((one) => one.name === name)}`
  const measured = await rig.endure({ flood, from, count, seconds: SECONDS })
  const { mail, mcp, deferrals, peakGrowthMb, leftGrowthMb, tally } = measured
  report.add(name, `${mail}`, `${deferrals}/${mail.count}`, `${mcp}`, peakGrowthMb, leftGrowthMb, JSON.stringify(tally))
  await rig.prove()
  expect(mail.max).toBeLessThan(MAIL_WITHIN_MS * SLACK)
  expect(mcp.max).toBeLessThan(CALL_WITHIN_MS * SLACK)
  expect(peakGrowthMb).toBeLessThan(growthMb * MEMORY_SLACK)
})

it(
  'A while after all of it no more memory is kept than one flood may cost',
  async () => {
    const bound = rig.idleMb + GROWTH_MB * MEMORY_SLACK
    await expect.poll(() => rig.memory.nowMb, { timeout: CALM_AGAIN_MS, interval: 1_000 }).toBeLessThan(bound)
    report.add('(a while later)', '', '', '', '', `RSS ${rig.memory.nowMb}`, '')
  },
  CALM_AGAIN_MS + 60_000,
)
