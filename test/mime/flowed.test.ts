import { describe, expect, it } from 'vitest'
import { unwrapFlowed } from '../../src/mime/flowed.ts'

describe('unwrapFlowed', () => {
  it.each([
    ['joins lines that end in a space', 'one \ntwo\nthree', 'one two\nthree'],
    ['joins without the space when it was added', 'https://x.test/a \nb', 'https://x.test/ab', true],
    ['keeps lines that end hard', 'one\ntwo', 'one\ntwo'],
    ['takes off the stuffed space', ' >not quoted\n From here', '>not quoted\nFrom here'],
    ['joins within a depth of quoting', '> one \n> two\nthree', '> one two\nthree'],
    ['does not join over depths', '> one \n>> two \nthree', '> one \n>> two \nthree'],
    ['leaves the signature alone', 'end \n-- \nAnn', 'end \n-- \nAnn'],
    ['keeps empty lines', 'a\n\nb\n', 'a\n\nb\n'],
  ])('%s', (_, text, unwrapped, deletesSpace = false) => {
    expect(unwrapFlowed(text, deletesSpace)).toBe(unwrapped)
  })

  it('unwraps a paragraph of a hundred thousand lines', () => {
    expect(unwrapFlowed('ab \n'.repeat(100_000), true)).toHaveLength(200_000)
  })
})
