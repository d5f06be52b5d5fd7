import { describe, expect, it } from 'vitest'
import { looksAlike } from '../src/address-likeness.ts'
import { NearAddresses } from '../src/near-addresses.ts'

const OURS = ['quiet-harbour-71@agents.localhost', 'ada@agents.localhost', 'brave.otter@agents.localhost']
const near = new NearAddresses(OURS)

describe('of what was mistyped it finds the address that was meant', () => {
  it.each([
    ['quiet-harbor-71@agents.localhost', OURS[0]],
    ['quietharbour71@agents.localhost', OURS[0]],
    ['qxiet-hzrbouq-71@agents.localhost', OURS[0]],
    ['quiet-harbour-71@agents.local', OURS[0]],
    ['adb@agents.localhost', OURS[1]],
    ['brave_otter@mail.agents.localhost', OURS[2]],
    ['ada@agents.localhost', null],
    ['entirely-different@agents.localhost', null],
    ['', null],
  ])('%s: %s', (address, expected) => expect(near.find(address)).toBe(expected))

  it('and none less than a look at each would', () => {
    const letters = 'abcdefghijklmnopqrstuvwxyz0123456789-._'
    for (const ours of OURS) {
      for (let at = 0; at + 2 < ours.indexOf('@'); at += 1) {
        for (const letter of letters) {
          const typo = `${ours.slice(0, at)}${letter}${ours.slice(at + 1, at + 2)}${letter}${ours.slice(at + 3)}`
          expect(near.find(typo) !== null).toBe(OURS.some((one) => looksAlike(one, typo)))
        }
      }
    }
  })
})
