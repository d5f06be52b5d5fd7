import { describe, expect, it } from 'vitest'
import { compilePhrases, findPhrases } from '../../../src/mime/codes/lexicon.ts'

function findIn(text: string, spaced: string[], joined: string[] = []): string[] {
  return findPhrases(compilePhrases({ spaced, joined }), text).map(({ start, end }) => text.slice(start, end))
}

describe('phrases', () => {
  it('are found as whole words, the longest at a place', () => {
    expect(findIn('a code, codes and a pass code', ['code', '(pass|) code', 'codes'])).toEqual(['code', 'codes', 'pass code'])
    expect(findIn('decode coder', ['code'])).toEqual([])
  })

  it('of several scripts in one list are found in the order of the text', () => {
    expect(findIn('код code κωδικοσ कोड 代码 code', ['(code|код)', 'κωδικοσ|कोड'], ['代码'])).toEqual([
      'код',
      'code',
      'κωδικοσ',
      'कोड',
      '代码',
      'code',
    ])
  })

  it('with a word of another script in them are found', () => {
    expect(findIn('qr код и qr code', ['(qr|штрих) код', 'qr code'])).toEqual(['qr код', 'qr code'])
  })

  it('end where a letter of no script of ours begins, and at a sign', () => {
    expect(findIn('code\u0301s «code» code’', ['code'])).toEqual(['code', 'code'])
  })

  it('with more letters behind a stem end with the word', () => {
    expect(findIn('kirjautumiskoodisi on', ['kirjautumis(koodi*|tunnus*)'])).toEqual(['kirjautumiskoodisi'])
  })
})
