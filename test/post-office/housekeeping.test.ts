import { describe, expect, test } from 'vitest'
import { createLog } from '../../src/log.ts'
import type { ExpiryRules, PackedMail } from '../../src/operating-store.ts'
import { Housekeeping, type HousekeepingParts } from '../../src/post-office/housekeeping.ts'
import { unpackBytes } from '../../src/raw-packing.ts'
import { TEST_START_MS, TestWorld } from '../support/world.ts'

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000

/** A store that answers as told, and remembers what it was asked. */
function makeStore({ steps = [] as { removed: number; isDone: boolean }[], raws = [] as Buffer[] } = {}) {
  const asked: ExpiryRules[] = []
  const packed: PackedMail[] = []
  const store: HousekeepingParts['store'] = {
    removeExpired: async (rules) => {
      asked.push(rules)
      return steps.shift() ?? { removed: 0, isDone: true }
    },
    listUnpacked: async (before) => {
      const raw = raws.shift()
      return raw === undefined ? { mail: [], until: null } : { mail: [{ contentHash: String(before), raw }], until: before }
    },
    keepPacked: async (mail) => void packed.push(...mail),
  }
  return { store, asked, packed }
}

function start(parts: Partial<HousekeepingParts> & Pick<HousekeepingParts, 'store'>) {
  const world = new TestWorld()
  const logged: string[] = []
  const log = createLog('info', world.now, (line) => logged.push(JSON.parse(line).event))
  const housekeeping = new Housekeeping({
    world,
    log,
    keepDays: 0,
    keepMb: 0,
    readOnly: false,
    recheckDomains: async () => {},
    ...parts,
  })
  housekeeping.start()
  /** So much time, with what falls due in it done. */
  const pass = async (ms: number) => {
    for (let left = ms; left > 0; left -= 30_000) {
      world.advance(Math.min(left, 30_000))
      await housekeeping.idle()
    }
  }
  return { housekeeping, world, logged, pass }
}

describe('mail that is kept no longer', () => {
  test('is asked for now and then by age and size, until there is none left', async () => {
    const { store, asked } = makeStore({
      steps: [
        { removed: 66, isDone: false },
        { removed: 4, isDone: true },
      ],
    })
    const { pass, logged, housekeeping } = start({ store, keepDays: 30, keepMb: 500 })
    await pass(2 * MINUTE_MS)
    expect(asked.length).toBeGreaterThanOrEqual(2)
    expect(asked[0]?.mostBytes).toBe(500 * 1_048_576)
    expect(asked[0]?.before).toBeGreaterThan(TEST_START_MS - 30 * DAY_MS)
    expect(asked[0]?.before).toBeLessThan(TEST_START_MS - 30 * DAY_MS + 2 * MINUTE_MS)
    expect(logged).toEqual(['mail_expired'])
    await housekeeping.close()
  })

  test('is none when nothing is said, nor for who only reads', async () => {
    for (const parts of [{}, { keepDays: 1, keepMb: 1, readOnly: true }]) {
      const { store, asked } = makeStore()
      const { pass, housekeeping } = start({ store, ...parts })
      await pass(5 * MINUTE_MS)
      expect(asked).toEqual([])
      await housekeeping.close()
    }
  })

  test('does not go by a clock that has just jumped, and goes by it again once it has run evenly for an hour', async () => {
    const { store, asked } = makeStore()
    const { pass, world, housekeeping } = start({ store, keepDays: 1, keepMb: 7 })
    await pass(2 * MINUTE_MS)
    world.setClock(world.now() + 12 * 365 * DAY_MS)
    asked.length = 0
    await pass(50 * MINUTE_MS)
    expect(asked.length).toBeGreaterThan(10)
    expect(new Set(asked.map(({ before, mostBytes }) => `${before} ${mostBytes}`))).toEqual(new Set([`null ${7 * 1_048_576}`]))
    await pass(20 * MINUTE_MS)
    expect(asked.at(-1)?.before).toBeGreaterThan(TEST_START_MS)
    await housekeeping.close()
  })
})

describe('raw mail', () => {
  test('is packed ten minutes after it was filed at the earliest, where that saves room', async () => {
    const text = Buffer.from('All work and no play.\r\n'.repeat(200))
    const { store, packed } = makeStore({ raws: [text, Buffer.from('short')] })
    const { pass, housekeeping, world } = start({ store })
    await pass(2 * MINUTE_MS)
    expect(packed.map(({ packed: bytes }) => bytes !== null)).toEqual([true, false])
    expect(Buffer.from(unpackBytes(packed[0]?.packed ?? new Uint8Array()))).toEqual(text)
    expect(Number(packed[0]?.contentHash)).toBeLessThanOrEqual(world.now() - 10 * MINUTE_MS)
    await housekeeping.close()
  })
})

describe('housekeeping', () => {
  test('does nothing in the first half minute, in which a client may only probe', async () => {
    const { store, asked } = makeStore()
    const { pass, housekeeping } = start({ store, keepDays: 1 })
    await pass(30_000)
    expect(asked).toEqual([])
    await housekeeping.close()
  })

  test('goes on after a failure, and says so', async () => {
    const { store, asked } = makeStore()
    let fails = true
    const failing = {
      ...store,
      removeExpired: async (rules: ExpiryRules) => {
        if (fails) throw new Error('no')
        return await store.removeExpired(rules)
      },
    }
    const { pass, logged, housekeeping } = start({ store: failing, keepDays: 1 })
    await pass(2 * MINUTE_MS)
    expect(new Set(logged)).toEqual(new Set(['housekeeping_failed']))
    fails = false
    await pass(2 * MINUTE_MS)
    expect(asked.length).toBeGreaterThan(0)
    await housekeeping.close()
  })

  test('ends between two steps, and begins nothing after that', async () => {
    const { store, asked } = makeStore({ steps: Array.from({ length: 1_000 }, () => ({ removed: 1, isDone: false })) })
    const { world, housekeeping } = start({ store, keepDays: 1 })
    world.advance(2 * MINUTE_MS)
    await housekeeping.close()
    expect(asked.length).toBeLessThan(5)
    expect(world.timers).toBe(0)
  })
})
