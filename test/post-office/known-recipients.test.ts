import { describe, expect, it } from 'vitest'
import { Arrivals, inboxesOf } from '../../src/arrivals.ts'
import { KnownRecipients } from '../../src/post-office/known-recipients.ts'
import { KNOWN_RECIPIENT_KEPT_MS, MAX_KNOWN_RECIPIENTS } from '../../src/receiving-limits.ts'
import type { Store } from '../../src/store.ts'
import { TestWorld } from '../support/world.ts'

type Found = Awaited<ReturnType<Store['findRecipient']>>

function make(answer: (address: string) => Promise<Found> = async (address) => ({ inboxId: address, status: 'active' })) {
  const world = new TestWorld()
  const arrivals = new Arrivals(() => {})
  const asked: string[] = []
  const findRecipient = (address: string) => {
    asked.push(address)
    return answer(address)
  }
  return { world, arrivals, asked, known: new KnownRecipients({ store: { findRecipient }, arrivals, world }) }
}

describe('an address that was found', () => {
  it('is not looked up again for a moment', async () => {
    const { world, asked, known } = make()
    for (let time = 0; time < 3; time += 1) expect(await known.find('ada')).toEqual({ inboxId: 'ada', status: 'active' })
    expect(asked).toEqual(['ada'])
    world.advance(KNOWN_RECIPIENT_KEPT_MS)
    await known.find('ada')
    expect(asked).toEqual(['ada', 'ada'])
  })

  it('is looked up again as soon as anything changes here or in another process', async () => {
    const { arrivals, asked, known } = make()
    await known.find('ada')
    arrivals.ring('ada', 'arrival')
    await known.find('ada')
    expect(asked).toHaveLength(1)
    arrivals.ringHere(inboxesOf('other'), 'change')
    await known.find('ada')
    expect(asked).toHaveLength(2)
  })

  it('is not remembered when something changed while it was looked up', async () => {
    const answers: ((found: Found) => void)[] = []
    const { arrivals, asked, known } = make(() => new Promise((resolve) => answers.push(resolve)))
    const first = known.find('ada')
    arrivals.ring('ada', 'change')
    answers[0]?.({ inboxId: 'gone', status: 'active' })
    await first
    const second = known.find('ada')
    answers[1]?.(null)
    expect(await second).toBeNull()
    expect(asked).toHaveLength(2)
  })

  it('is remembered only while its inbox receives', async () => {
    for (const found of [null, { inboxId: 'ada', status: 'suspended' }, { inboxId: 'ada', status: 'deleted' }] as const) {
      const { asked, known } = make(async () => found)
      await known.find('ada')
      await known.find('ada')
      expect(asked).toHaveLength(2)
    }
  })

  it('is one of a bounded number', async () => {
    const { asked, known } = make()
    for (let index = 0; index <= MAX_KNOWN_RECIPIENTS; index += 1) await known.find(`${index}`)
    await known.find('0')
    expect(asked).toHaveLength(MAX_KNOWN_RECIPIENTS + 2)
  })
})
