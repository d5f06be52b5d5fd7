import { describe, expect, it } from 'vitest'
import { cleanLabel, cleanText, clipChars } from '../../src/mime/clean.ts'

describe('cleanText', () => {
  it.each([
    ['makes every line end a line feed', 'a\r\nb\rc\u2028d\u2029e\nf', 'a\nb\nc\nd\ne\nf'],
    ['keeps tabs', 'a\tb', 'a\tb'],
    ['removes control characters', 'a\0b\x1b[31mc\x7fd\x9be', 'ab[31mcde'],
    ['removes bidi overrides and isolates', '\u202etxt.exe\u202c \u2066x\u2069', 'txt.exe x'],
    ['removes tag characters, which spell hidden words', 'hi\u{e0049}\u{e0067}\u{e007f}', 'hi'],
    ['removes variation selectors beyond the basic sixteen, which carry bytes', 'a\u{e0100}\u{e01ef}', 'a'],
    ['keeps what scripts and emoji need', 'می\u200cخواهم 👩\u200d💻 שלום\u200f', 'می\u200cخواهم 👩\u200d💻 שלום\u200f'],
    ['replaces half of a character', 'a\ud800b', 'a\ufffdb'],
  ])('%s', (_, text, clean) => {
    expect(cleanText(text)).toBe(clean)
  })
})

describe('cleanLabel', () => {
  it.each([
    ['makes one line of several', ' a\r\n b\tc\0d ', 'a b c d'],
    ['removes what hides the end of a name', 'photo\u202egnp.exe', 'photognp.exe'],
    ['is empty when nothing is left', '\u202e\0\r\n', ''],
  ])('%s', (_, text, clean) => {
    expect(cleanLabel(text)).toBe(clean)
  })
})

describe('clipChars', () => {
  it('never cuts a character in two', () => {
    expect(clipChars('ab😀', 3)).toBe('ab')
    expect(clipChars('ab😀', 4)).toBe('ab😀')
  })
})
