import { describe, expect, it } from 'vitest'
import { Admission, type Guest, isLoopback } from '../../src/smtp/admission.ts'
import { SMTP_BOUNDS } from '../../src/smtp/bounds.ts'

type TestGuest = Guest & { evicted: boolean }

function makeGuest(facts: Partial<Guest> = {}): TestGuest {
  const guest: TestGuest = {
    remoteAddress: '127.0.0.1',
    phase: 'open',
    activeAt: 0,
    ...facts,
    evicted: false,
    evict: () => {
      guest.evicted = true
    },
  }
  return guest
}

const admit = (bounds: { maxConnections: number; maxConnectionsPerAddress?: number }, guests: readonly Guest[], now = 0) => {
  const admission = new Admission({ ...SMTP_BOUNDS, ...bounds }, () => now)
  return { admission, answers: guests.map((guest) => admission.admit(guest)) }
}

describe('at the cap', () => {
  it('the longest idle between messages makes room', () => {
    const guests = [
      makeGuest({ activeAt: 3 }),
      makeGuest({ activeAt: 1 }),
      makeGuest({ activeAt: 2 }),
      makeGuest({ activeAt: 4 }),
    ]
    expect(admit({ maxConnections: 3 }, guests).answers).toEqual(Array(4).fill('admitted'))
    expect(guests.map(({ evicted }) => evicted)).toEqual([false, true, false, false])
  })

  it('nobody in the middle of a message is given up while it gets anywhere', () => {
    const busy = [makeGuest({ phase: 'data', activeAt: 5_001 }), makeGuest({ phase: 'answering', activeAt: 0 })]
    expect(admit({ maxConnections: 2 }, [...busy, makeGuest()], 10_000).answers.at(-1)).toBe('full')
    expect(busy.some(({ evicted }) => evicted)).toBe(false)
  })

  it('the stalled make room before those that get somewhere, the longest stalled first', () => {
    const honest = [makeGuest({ phase: 'envelope', activeAt: 5_001 }), makeGuest({ phase: 'data', activeAt: 5_001 })]
    const stalled = [makeGuest({ phase: 'data', activeAt: 4_000 }), makeGuest({ phase: 'envelope', activeAt: 3_000 })]
    const newcomers = [makeGuest({ phase: 'answering' }), makeGuest({ phase: 'answering' })]
    expect(admit({ maxConnections: 4 }, [...honest, ...stalled, ...newcomers], 10_000).answers.at(-1)).toBe('admitted')
    expect([...honest, ...stalled].map(({ evicted }) => evicted)).toEqual([false, false, true, true])
  })

  it('the oldest envelope makes room when nobody is stalled yet', () => {
    const guests = [9_999, 9_998, 10_000].map((activeAt) => makeGuest({ phase: 'envelope', activeAt }))
    expect(admit({ maxConnections: 3 }, [...guests, makeGuest()], 10_000).answers.at(-1)).toBe('admitted')
    expect(guests.map(({ evicted }) => evicted)).toEqual([false, true, false])
  })

  it('one that stopped in the middle of a message makes room when nobody else can', () => {
    const stale = makeGuest({ phase: 'data', activeAt: 5_000 })
    const answering = makeGuest({ phase: 'answering', activeAt: 0 })
    expect(admit({ maxConnections: 2 }, [answering, stale, makeGuest()], 10_000).answers.at(-1)).toBe('admitted')
    expect([answering.evicted, stale.evicted]).toEqual([false, true])
  })

  it('a place that was left is free', () => {
    const guest = makeGuest()
    const { admission } = admit({ maxConnections: 1 }, [guest])
    admission.leave(guest)
    expect(admission.admit(makeGuest({ phase: 'answering' }))).toBe('admitted')
    expect(guest.evicted).toBe(false)
  })
})

describe('from one address', () => {
  it('only so many are let in, whoever is idle', () => {
    const guests = ['192.0.2.1', '192.0.2.1', '192.0.2.2', '192.0.2.1'].map((remoteAddress) => makeGuest({ remoteAddress }))
    const { answers } = admit({ maxConnections: 10, maxConnectionsPerAddress: 2 }, guests)
    expect(answers).toEqual(['admitted', 'admitted', 'admitted', 'address_full'])
  })

  it('loopback has no cap of its own', () => {
    const guests = ['127.0.0.1', '127.0.0.1', '::1', '::1'].map((remoteAddress) => makeGuest({ remoteAddress }))
    expect(admit({ maxConnections: 10, maxConnectionsPerAddress: 1 }, guests).answers).toEqual(Array(4).fill('admitted'))
  })
})

it.each([
  ['127.0.0.1', true],
  ['127.8.9.10', true],
  ['::ffff:127.0.0.1', true],
  ['::1', true],
  ['localhost', true],
  ['0.0.0.0', false],
  ['::', false],
  ['192.0.2.127', false],
  ['1127.0.0.1', false],
])('%s is loopback: %s', (address, expected) => expect(isLoopback(address)).toBe(expected))
