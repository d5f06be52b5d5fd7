import { describe, expect, it } from 'vitest'
import { decodeText, htmlCharset } from '../../src/mime/charset.ts'

const UMLAUTS_UTF8 = Buffer.from('grüße')
const UMLAUTS_LATIN1 = Buffer.from('grüße', 'latin1')
const JAPANESE_EUC = Buffer.from('c6fccbdcb8ec', 'hex')
const JAPANESE_SJIS = Buffer.from('93fa967b8cea', 'hex')
const JAPANESE_ISO_2022 = Buffer.from('\x1b$BF|K\\8l\x1b(B', 'latin1')

describe('decodeText', () => {
  it.each([
    ['undeclared UTF-8', UMLAUTS_UTF8, null, 'grüße', false],
    ['undeclared Latin-1', UMLAUTS_LATIN1, null, 'grüße', true],
    ['us-ascii that is UTF-8', UMLAUTS_UTF8, 'us-ascii', 'grüße', false],
    ['us-ascii that is Latin-1', UMLAUTS_LATIN1, 'us-ascii', 'grüße', true],
    ['utf-8 that is Latin-1', UMLAUTS_LATIN1, 'utf-8', 'grüße', true],
    ['iso-8859-1 that is UTF-8', UMLAUTS_UTF8, 'ISO-8859-1', 'grüße', false],
    ['iso-8859-1 that is true', UMLAUTS_LATIN1, 'iso-8859-1', 'grüße', false],
    ['iso-8859-1 that is windows-1252', Buffer.of(0x93, 0x61, 0x94, 0x80), 'iso-8859-1', '“a”€', false],
    ['windows-1252', Buffer.of(0x85), 'cp1252', '…', false],
    ['an unknown name', UMLAUTS_UTF8, 'x-unknown', 'grüße', false],
    ['a name that is no name', UMLAUTS_UTF8, '__proto__', 'grüße', false],
    ['UTF-8 with one byte of Latin-1 in it', Buffer.concat([UMLAUTS_UTF8, Buffer.of(0xfc)]), 'utf-8', 'grüßeü', true],
    ['UTF-8 that was cut off', Buffer.from('grü').subarray(0, 3), 'utf-8', 'grÃ', true],
    ['UTF-8 with its mark', Buffer.from('\ufeffgrüße'), null, 'grüße', false],
    ['UTF-16 with its mark', Buffer.from('\ufeffgrüße', 'utf16le'), 'utf-8', 'grüße', false],
    ['koi8-r', Buffer.of(0xf0, 0xd2, 0xc9), 'koi8-r', 'При', false],
    ['shift_jis by its other name', JAPANESE_SJIS, 'cp932', '日本語', false],
    ['iso-2022-jp', JAPANESE_ISO_2022, 'iso-2022-jp', '日本語', false],
    ['undeclared iso-2022-jp', JAPANESE_ISO_2022, null, '日本語', true],
    ['iso-2022-jp that is euc-jp', JAPANESE_EUC, 'iso-2022-jp', '日本語', true],
    ['gb2312 that is UTF-8', Buffer.from('日本語, 中文'), 'gb2312', '日本語, 中文', true],
  ])('reads %s', (_, bytes, declared, text, guessed) => {
    expect(decodeText(bytes, declared)).toEqual({ text, guessed })
  })

  it('never decodes UTF-7, which hides markup from whoever looks for it', () => {
    expect(decodeText(Buffer.from('+ADw-script+AD4-'), 'utf-7').text).toBe('+ADw-script+AD4-')
  })

  it('reads every byte of windows-1252 as its table says', () => {
    const high = Buffer.from(Array.from({ length: 128 }, (_, index) => 0x80 + index))
    const unassigned = [...decodeText(high, 'windows-1252').text].filter((char) => char === '\ufffd')
    expect(unassigned).toHaveLength(5)
    expect(decodeText(high, 'windows-1252').text).toBe(decodeText(high, null).text)
  })

  it('does not read overlong or surrogate forms as UTF-8', () => {
    expect(decodeText(Buffer.of(0xc0, 0xbc), null).text).toBe('À¼')
    expect(decodeText(Buffer.of(0xed, 0xa0, 0xbd), null).text).not.toContain('\ud83d')
  })
})

describe('htmlCharset', () => {
  it.each([
    ['<html><head><meta charset="koi8-r">', 'koi8-r'],
    ['<META http-equiv=Content-Type content="text/html; charset=shift_jis">', 'shift_jis'],
    ['<p>charset=x</p>', null],
    [`${' '.repeat(2_000)}<meta charset="koi8-r">`, null],
  ])('finds the charset in %s', (html, charset) => {
    expect(htmlCharset(Buffer.from(html))).toBe(charset)
  })
})
