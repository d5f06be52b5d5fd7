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

  it('are found whatever their first letters are made of', () => {
    expect(findIn('a b, ab, abc-d and a bcd', ['a b', 'a(b|)', 'ab*-d', '(a|x) bc(d|e)'])).toEqual([
      'a b',
      'ab',
      'abc-d',
      'a bcd',
    ])
    expect(findIn('2 step and 2fa, not 12 steps', ['(2|two) step', '2fa'])).toEqual(['2 step', '2fa'])
    expect(findIn("n'entrez, ne entrez, entrez", ["(n'|ne )entrez", 'entrez'])).toEqual(["n'entrez", 'ne entrez', 'entrez'])
    expect(findIn('קוד and הקוד', ['ה?קוד'])).toEqual(['קוד', 'הקוד'])
  })

  it('are the same when a list is asked of one text after another', () => {
    const find = compilePhrases({ spaced: ['code', 'pin'], joined: [] })
    for (const [text, count] of [
      ['code pin code', 3],
      ['no', 0],
      ['pin', 1],
      ['code pin code', 3],
    ] as const) {
      expect(findPhrases(find, text)).toHaveLength(count)
    }
  })
})
