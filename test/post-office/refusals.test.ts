import { expect, it } from 'vitest'
import { MAX_REFUSALS_KEPT } from '../../src/limits.ts'
import { Refusals } from '../../src/post-office/refusals.ts'

const ADA = 'ada@agents.localhost'

it('keeps the newest refusals and no more than so many, however many come', () => {
  const refusals = new Refusals()
  for (let atMs = 1; atMs <= 3 * MAX_REFUSALS_KEPT; atMs += 1) refusals.add(ADA, 'too_large', atMs)
  const kept = refusals.since(ADA, 0)
  expect(kept).toHaveLength(MAX_REFUSALS_KEPT)
  expect(kept[0]?.at).toBe(new Date(2 * MAX_REFUSALS_KEPT + 1).toISOString())
  expect(kept.at(-1)?.at).toBe(new Date(3 * MAX_REFUSALS_KEPT).toISOString())
})

it('tells an inbox of its own only, whatever the spelling and the tag', () => {
  const refusals = new Refusals()
  refusals.add('ADA+tag@Agents.localhost', 'suspended', 5)
  refusals.add('eve@agents.localhost', 'unknown', 5)
  expect(refusals.since(ADA, 0)).toEqual([{ reason: 'suspended', at: '1970-01-01T00:00:00.005Z' }])
})

it('tells from the moment on that is asked for', () => {
  const refusals = new Refusals()
  for (const atMs of [9, 10, 11]) refusals.add(ADA, 'store_error', atMs)
  expect(refusals.since(ADA, 10)).toHaveLength(2)
})

it('does not let what cannot be an inbox push out what can', () => {
  const refusals = new Refusals()
  refusals.add(ADA, 'mail_loop', 1)
  for (let index = 0; index <= MAX_REFUSALS_KEPT; index += 1) refusals.add(`"q${index}"@[127.0.0.1]`, 'unknown', 2)
  expect(refusals.since(ADA, 0)).toHaveLength(1)
})
