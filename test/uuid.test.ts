import { describe, expect, it } from 'vitest'
import { createIdSource } from '../src/uuid.ts'

const FORM = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const readMs = (id: string) => Number.parseInt(id.replace('-', '').slice(0, 12), 16)

describe('an id', () => {
  it('is a UUIDv7 that names its millisecond', () => {
    const id = createIdSource(() => 1_793_614_272_123)()
    expect(id).toMatch(FORM)
    expect(readMs(id)).toBe(1_793_614_272_123)
  })

  it('sorts behind all before it, within a millisecond and when the clock goes back', () => {
    const times = [1_000, 1_000, 1_000, 2_000, 500, 500, 2_001, 2_001]
    const next = createIdSource(() => times.shift() ?? 2_002)
    const ids = Array.from({ length: 2_000 }, next)
    expect(ids.toSorted()).toEqual(ids)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.every((id) => FORM.test(id))).toBe(true)
  })

  it('of one source is none of another, at the same moment too', () => {
    const [one, other] = [createIdSource(() => 5), createIdSource(() => 5)]
    const ids = Array.from({ length: 1_000 }, () => [one(), other()]).flat()
    expect(new Set(ids.map((id) => id.slice(-12))).size).toBe(ids.length)
  })
})
