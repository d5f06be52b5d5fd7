import { describe, expect, test } from 'vitest'
import type { Findings } from '../src/domain-findings.ts'
import { advanceDomain, type DomainStanding, NEW_STANDING } from '../src/domain-standing.ts'
import { makeFindings } from './support/domain-findings.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const GOOD = makeFindings()

/** Looks, each at so many hours after the start. */
function pass(looks: readonly (readonly [hours: number, findings: Findings])[], isTaken = false): DomainStanding {
  return looks.reduce((standing, [hours, findings]) => advanceDomain(standing, findings, isTaken, hours * HOUR_MS), NEW_STANDING)
}

const states = ({ ownership, sending, receiving }: DomainStanding) => [ownership.state, sending.state, receiving.state]

describe('a domain becomes verified', () => {
  test('at the first look that finds its records, each for its own side', () => {
    expect(states(pass([[0, GOOD]]))).toEqual(['verified', 'verified', 'verified'])
    expect(states(pass([[0, makeFindings({ dkim: 'missing' })]]))).toEqual(['verified', 'pending', 'verified'])
    expect(states(pass([[0, makeFindings({ mx: 'wrong' })]]))).toEqual(['verified', 'verified', 'pending'])
    expect(states(pass([[0, makeFindings({ spf: 'missing', dmarc: 'wrong' })]]))).toEqual(['verified', 'verified', 'verified'])
  })

  test('not without ownership, nor where another agent has it', () => {
    expect(states(pass([[0, makeFindings({ ownership: 'missing' })]]))).toEqual(['pending', 'pending', 'pending'])
    expect(states(pass([[0, GOOD]], true))).toEqual(['pending', 'pending', 'pending'])
  })

  test('and says since when, without a break', () => {
    const standing = pass([
      [1, GOOD],
      [25, makeFindings({ dkim: 'missing' })],
      [49, GOOD],
    ])
    expect(standing.sending).toEqual({ state: 'verified', verifiedAt: HOUR_MS, badDays: 0, countedAt: null })
  })
})

describe('a domain that was verified', () => {
  test.each<[string, Findings]>([
    ['a look without an answer', makeFindings({ ownership: 'open', dkim: 'open', mx: 'open' })],
    ['a record that is gone for a day', makeFindings({ ownership: 'missing', dkim: 'missing', mx: 'missing' })],
  ])('stays so after %s', (_what, findings) => {
    const bad = [1, 2].map((day) => [24 * day, findings] as const)
    expect(states(pass([[0, GOOD], ...bad]))).toEqual(['verified', 'verified', 'verified'])
  })

  test('stays so however often somebody looks within a day', () => {
    const bad = Array.from({ length: 50 }, (_, index) => [24 + index / 10, makeFindings({ mx: 'missing' })] as const)
    expect(states(pass([[0, GOOD], ...bad]))).toEqual(['verified', 'verified', 'verified'])
  })

  test('loses the side whose record is gone on three days in a row', () => {
    const days = (findings: Findings) => pass([[0, GOOD], ...[1, 2, 3].map((day) => [24 * day, findings] as const)])
    expect(states(days(makeFindings({ mx: 'wrong' })))).toEqual(['verified', 'verified', 'failed'])
    expect(states(days(makeFindings({ dkim: 'missing' })))).toEqual(['verified', 'failed', 'verified'])
    expect(states(days(makeFindings({ ownership: 'wrong' })))).toEqual(['failed', 'failed', 'failed'])
  })

  test('counts on over looks without an answer, and anew after a good one', () => {
    const bad = makeFindings({ mx: 'missing' })
    const open = makeFindings({ mx: 'open' })
    const looks = (third: Findings) =>
      pass([
        [0, GOOD],
        [24, bad],
        [48, bad],
        [72, third],
        [96, bad],
      ])
    expect(states(looks(open))).toEqual(['verified', 'verified', 'failed'])
    expect(states(looks(GOOD))).toEqual(['verified', 'verified', 'verified'])
  })

  test('is not lost sooner by a clock that jumps', () => {
    const bad = makeFindings({ mx: 'missing' })
    expect(
      states(
        pass([
          [0, GOOD],
          [24, bad],
          [-1_000, bad],
          [-999, bad],
          [-998, bad],
        ]),
      ),
    ).toEqual(['verified', 'verified', 'verified'])
  })

  test('has it back at the first good look', () => {
    const lost = pass([[0, GOOD], ...[1, 2, 3].map((day) => [24 * day, makeFindings({ ownership: 'missing' })] as const)])
    expect(states(advanceDomain(lost, GOOD, false, 4 * DAY_MS))).toEqual(['verified', 'verified', 'verified'])
  })
})
