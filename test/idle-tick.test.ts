import { describe, expect, it } from 'vitest'
import { untilTick } from '../src/idle-tick.ts'

const at = (elapsedMs: number) => ({ elapsedMs: () => elapsedMs })

describe('the looks of an idle process', () => {
  it('fall together, whenever each of them began to wait', () => {
    for (const elapsedMs of [0, 1, 2_499, 2_501, 4_000.5]) expect(elapsedMs + untilTick(at(elapsedMs), 5_000)).toBe(5_000)
    expect(2_500 + untilTick(at(2_500), 2_500)).toBe(5_000)
  })

  it('are not done twice by a timer that ran a moment early', () => {
    expect(untilTick(at(4_999.2), 5_000)).toBeCloseTo(5_000.8)
  })
})
