import { describe, expect, test } from 'vitest'
import { findTerms, listSpellings, spaceTerms } from '../../src/search/text.ts'

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

  test.each([
    ['Straße', ['Straße', 'Strasse']],
    ['STRASSE', ['STRASSE', 'STRAßE']],
    ['Grüße, Weiß', ['Grüße Weiß', 'Grüße Weiss', 'Grüsse Weiß', 'Grüsse Weiss']],
    ['encyclopædia', ['encyclopædia', 'encyclopaedia']],
    ['code 123', ['code 123']],
    ['🎉', ['']],
  ])('%s is looked for as %j', (text, spellings) => {
    expect(listSpellings(text)).toEqual(spellings)
  })

  test('is looked for in eight spellings at most', () => {
    expect(listSpellings('ss'.repeat(250))).toHaveLength(8)
  })

  test('stays as it is, and bounded, where it has spaces of its own', () => {
    expect(spaceTerms('plain  text\n', 7)).toBe('plain  ')
    expect(spaceTerms('\ufdfa'.repeat(50), 50).length).toBe(50)
  })

  test('has at most eight marks on a letter, as sorting them takes the square of their number', () => {
    expect(spaceTerms(`x${'\u0300\u0315'.repeat(100_000)}y`, 200_002)).toMatch(/^x\p{M}{8}$|^x\p{M}{8}y$/u)
  })
})
