import { describe, expect, it } from 'vitest'
import { cleanLabel, cleanText, clipChars } from '../../src/mime/clean.ts'

describe('cleanText', () => {
  it.each([
    ['makes every line end a line feed', 'a\r\nb\rc\u2028d\u2029e\nf', 'a\nb\nc\nd\ne\nf'],
    ['keeps tabs', 'a\tb', 'a\tb'],
    ['removes control characters', 'a\0b\x1b[31mc\x7fd\x9be', 'ab[31mcde'],
    ['removes bidi overrides and isolates', '\u202etxt.exe\u202c \u2066x\u2069', 'txt.exe x'],
    ['removes tag characters, which spell hidden words', 'hi\u{e0049}\u{e0067}\u{e007f}', 'hi'],
    ['removes variation selectors, which carry bytes', 'a\ufe00\ufe0f\u{e0100}\u{e01ef} ❤\ufe0f\u180b', 'a ❤'],
    ['removes what has no shape', 'a\u00ad\u200b\u200e\u200f\u2060\u2064\ufeff\u061c\u034f\u3164\u115f\ufff9b', 'ab'],
    ['keeps what scripts and emoji need', 'می\u200cخواهم 👩\u200d💻 ന്\u200d אב', 'می\u200cخواهم 👩\u200d💻 ന്\u200d אב'],
    ['keeps the joiner of an emoji behind its variation selector', '❤\ufe0f\u200d🔥 👩🏽\u200d💻', '❤\u200d🔥 👩🏽\u200d💻'],
    ['removes joiners that join nothing', '\u200ca\u200db \u200c1\u200d', 'ab 1'],
    ['removes joiners in a row', 'می\u200c\u200dخ 👩\u200d\ufe0f\u200d💻', 'میخ 👩💻'],
    ['replaces half of a character', 'a\ud800b', 'a\ufffdb'],
  ])('%s', (_, text, clean) => {
    expect(cleanText(text)).toBe(clean)
  })
})

describe('cleanLabel', () => {
  it.each([
    ['makes one line of several', ' a\r\n b\tc\0d ', 'a b c d'],
    ['removes what hides the end of a name', 'photo\u202egnp.exe', 'photognp.exe'],
    ['leaves no trace of what it removes', 'a \u200b b\ufeffc', 'a bc'],
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
