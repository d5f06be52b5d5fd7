import { describe, expect, it } from 'vitest'
import { looksAlike } from '../src/address-likeness.ts'

describe('an address looks like', () => {
  it.each([
    ['brave-fox-42@agents.localhost', 'brave-fox-24@agents.localhost'],
    ['brave-fox-42@agents.localhost', 'bravefox42@agents.localhost'],
    ['brave-fox-42@agents.localhost', 'brave.fox_42@agents.localhost'],
    ['brave-fox-42@agents.localhost', 'brave-fox@agents.localhost'],
    ['ada@agents.localhost', 'adda@agents.localhost'],
    ['ada@agents.localhost', 'ada@agents.local'],
    ['ada@agents.localhost', 'ada@agents.localhost.localdomain'],
    ['ada@agents.localhost', 'ada@mail.agents.localhost'],
    ['ada@agents.localhost', 'ada@localhost'],
    ['ada@agents.localhost', 'ada@agent.localhost'],
    ['ada@agents.localhost', 'ada@agents.lcoalhost'],
    ['ada@agents', 'ada@agent'],
    ['brave-fox-42@agents.localhost', 'brave-fx-42@agents.local'],
  ])('%s like %s, and the other way round', (one, other) => {
    expect(looksAlike(one, other)).toBe(true)
    expect(looksAlike(other, one)).toBe(true)
  })

  it.each([
    ['ada@agents.localhost', 'ada@agents.localhost'],
    ['ada@agents.localhost', 'bob@agents.localhost'],
    ['ada@agents.localhost', 'eva@agents.localhost'],
    ['brave-fox-42@agents.localhost', 'calm-owl-17@agents.localhost'],
    ['ada@agents.localhost', 'ada@example.org'],
    ['ada@agents.localhost', 'ada-lovelace@agents.localhost'],
    ['support@agents.localhost', 'sales@agents.localhost'],
  ])('%s not like %s', (one, other) => {
    expect(looksAlike(one, other)).toBe(false)
    expect(looksAlike(other, one)).toBe(false)
  })
})
