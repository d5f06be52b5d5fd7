import { describe, expect, it } from 'vitest'
import { NearAddresses } from '../../src/near-addresses.ts'
import { chooseExcess, chooseNobodys } from '../../src/sql/session-bounds.ts'

/** Rows by holder, oldest first. */
function rows(counts: Record<string, number>) {
  return Object.entries(counts).flatMap(([holder, count]) =>
    Array.from({ length: count }, (_, index) => ({ id: `${holder}${index}`, holder })),
  )
}

describe('to make room', () => {
  it.each([
    [{ a: 3 }, 3, []],
    [{ a: 3 }, 2, ['a0']],
    [{ a: 5, b: 1 }, 3, ['a0', 'a1', 'a2']],
    [{ a: 5, b: 4, c: 1 }, 5, ['a0', 'a1', 'a2', 'b0', 'b1']],
    [{ a: 1, b: 1, c: 1 }, 2, ['a0']],
    [{ a: 2, b: 2, c: 2 }, 4, ['a0', 'b0']],
    [{}, 2, []],
  ])('of %j to %i goes %j: the oldest of who has the most', (counts, most, gone) => {
    expect(chooseExcess(rows(counts), most)).toEqual(gone)
  })

  it('many holders of one row each lose none but as many as are too many', () => {
    const counts = Object.fromEntries(Array.from({ length: 1_200 }, (_, index) => [`h${index}-`, 1]))
    expect(chooseExcess(rows({ ...counts, flood: 300 }), 1_250)).toHaveLength(250)
    expect(chooseExcess(rows({ ...counts, flood: 300 }), 1_250).every((id) => id.startsWith('flood'))).toBe(true)
  })
})

describe('to make room among what is nobody’s', () => {
  const inboxes = new NearAddresses(['quiet-harbour@agents.localhost', 'brave-otter@agents.localhost'])
  const row = (id: string, inbox_address: string, client = '127.0.0.1') => ({ id, inbox_address, client })

  it('what looks like no inbox goes first, whoever holds it', () => {
    const kept = row('typo', 'quiet-harbor@agents.localhost')
    const noise = ['a', 'b', 'c'].map((id) => row(id, `${id.repeat(20)}@agents.localhost`, id))
    expect(chooseNobodys([kept, ...noise], inboxes, 2)).toEqual(['a', 'b'])
  })

  it('look-alikes of one inbox do not push out those of another', () => {
    const kept = row('typo', 'quiet-harbor@agents.localhost')
    const others = ['x', 'y', 'z'].map((id) => row(id, `brave-otte${id}@agents.localhost`))
    expect(chooseNobodys([kept, ...others, row('noise', 'n@example.net')], inboxes, 2)).toEqual(['noise', 'x', 'y'])
  })
})
