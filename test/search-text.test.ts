import { describe, expect, test } from 'vitest'
import { findTerms, spaceTerms } from '../src/search-text.ts'

describe('Text to be searched', () => {
  test.each([
    ['alice@shop.example.com', 'alice shop example com'],
    ['Your code: 123-456.', 'Your code 123 456'],
    ['日本語のメール', '日 本 語 の メ ー ル'],
    ['abc日本', 'abc 日 本'],
    ['인증번호', '인 증 번 호'],
    ['ﾒｰﾙ １２３', 'メ ー ル 123'],
    ['cafe\u0301', 'caf\u00e9'],
    ['हिन्दी', 'हिन्दी'],
    ['🎉 -- "', ''],
    ['\ud800a', 'a'],
  ])('%s comes to the terms %s', (text, terms) => {
    expect(findTerms(text)).toEqual(terms === '' ? [] : terms.split(' '))
  })

  test('stays as it is, and bounded, where it has spaces of its own', () => {
    expect(spaceTerms('plain  text\n', 7)).toBe('plain  ')
    expect(spaceTerms('\ufdfa'.repeat(50), 50).length).toBe(50)
  })

  test('has at most eight marks on a letter, as sorting them takes the square of their number', () => {
    expect(spaceTerms(`x${'\u0300\u0315'.repeat(100_000)}y`, 200_002)).toMatch(/^x\p{M}{8}$|^x\p{M}{8}y$/u)
  })
})
