/** Looks at DNS wait in a queue that ends, and no agent keeps another waiting for long. */

import { describe, expect, test } from 'vitest'
import { MAX_DOMAIN_LOOKUPS, MAX_WAITING_DOMAIN_LOOKUPS, MAX_WAITING_DOMAIN_LOOKUPS_PER_AGENT } from '../../src/limits.ts'
import { LookupQueue } from '../../src/post-office/lookup-queue.ts'

/** A queue, what is under way in it, and how to end that. */
function openQueue() {
  const queue = new LookupQueue()
  const ends: (() => void)[] = []
  const begun: string[] = []
  const ask = (agent: string) =>
    queue.run(agent, () => {
      begun.push(agent)
      return new Promise<void>((resolve) => ends.push(resolve))
    })
  /** Ends the oldest look, and has the next begin. */
  const endOne = async () => {
    const before = begun.length
    ends.shift()?.()
    await expect.poll(() => begun.length).toBe(before + 1)
  }
  return { queue, ends, begun, ask, endOne }
}

/** Ends everything, so that nothing is left waiting. */
async function drain(ends: (() => void)[], asked: readonly Promise<void>[]): Promise<void> {
  let isOver = false
  const all = Promise.allSettled(asked).then(() => {
    isOver = true
  })
  while (!isOver) {
    ends.shift()?.()
    await new Promise<void>((resolve) => setImmediate(resolve))
  }
  await all
}

describe('a queue of looks', () => {
  test('has no more under way than it may, and runs each in its turn', async () => {
    const { ends, begun, ask } = openQueue()
    const asked = Array.from({ length: MAX_DOMAIN_LOOKUPS + 3 }, () => ask('ada'))
    await expect.poll(() => begun.length).toBe(MAX_DOMAIN_LOOKUPS)
    await drain(ends, asked)
    expect(begun).toHaveLength(MAX_DOMAIN_LOOKUPS + 3)
  })

  test('refuses an agent that has too many waiting, and says when to ask again; another still gets in', async () => {
    const { ends, begun, ask } = openQueue()
    const asked = Array.from({ length: MAX_DOMAIN_LOOKUPS + MAX_WAITING_DOMAIN_LOOKUPS_PER_AGENT }, () => ask('ada'))
    await expect(ask('ada')).rejects.toMatchObject({
      code: 'busy',
      retryable: true,
      hint: expect.stringMatching(/again in 16 seconds/),
      facts: { retryAfterSeconds: 16 },
    })
    asked.push(ask('bob'))
    await drain(ends, asked)
    expect(begun).toContain('bob')
  })

  test('is bounded, however many agents ask', async () => {
    const { ends, ask } = openQueue()
    const asked = Array.from({ length: MAX_DOMAIN_LOOKUPS + MAX_WAITING_DOMAIN_LOOKUPS }, (_, index) => ask(`agent ${index}`))
    await expect(ask('one more')).rejects.toMatchObject({ code: 'busy' })
    await drain(ends, asked)
  })

  test('takes next whose agent has the least under way', async () => {
    const { ends, begun, ask, endOne } = openQueue()
    const asked = Array.from({ length: MAX_DOMAIN_LOOKUPS + 5 }, () => ask('ada'))
    asked.push(ask('bob'))
    await endOne()
    expect(begun.at(-1)).toBe('bob')
    await drain(ends, asked)
  })

  test('goes on after a look that failed', async () => {
    const { queue } = openQueue()
    const fail = () => queue.run('ada', () => Promise.reject(new Error('of DNS')))
    for (let time = 0; time <= 2 * MAX_DOMAIN_LOOKUPS; time += 1) await expect(fail()).rejects.toThrow('of DNS')
    expect(await queue.run('ada', async () => 'well')).toBe('well')
  })
})
