import { describe, expect, it } from 'vitest'
import { decodeEncodedWords } from '../../../src/mime/header/encoded-words.ts'

describe('decodeEncodedWords', () => {
  it.each([
    ['quoted-printable', '=?utf-8?q?caf=C3=A9_au_lait?=', 'café au lait'],
    ['base64', '=?UTF-8?B?Y2Fmw6k=?=', 'café'],
    ['text around words', 'Re: =?utf-8?q?caf=C3=A9?= now', 'Re: café now'],
    ['words without the space between them', '=?utf-8?q?a?=\r\n =?iso-8859-1?q?=E9?=', 'aé'],
    ['a character split over two words', '=?utf-8?q?=C3?= =?utf-8?q?=A9?=', 'é'],
    ['a language (RFC 2231)', '=?us-ascii*en?q?hi?=', 'hi'],
    ['spaces inside, which are wrong and common', '=?utf-8?q?a b?=', 'a b'],
    ['an unknown charset', '=?x-none?q?caf=C3=A9?=', 'café'],
    ['a wrong charset', '=?us-ascii?q?caf=E9?=', 'café'],
    ['8-bit characters inside', '=?utf-8?q?café?=', 'café'],
    ['garbage as it is', '=?utf-8?x?a?= =?? =?a?q?b', '=?utf-8?x?a?= =?? =?a?q?b'],
    ['escapes that are none', '=?utf-8?q?=ZZ=4?=', '=ZZ=4'],
  ])('decodes %s', (_, value, text) => {
    expect(decodeEncodedWords(value)).toBe(text)
  })

  it('decodes twenty thousand words', () => {
    expect(decodeEncodedWords('=?utf-8?q?ab?= '.repeat(20_000)).trim()).toHaveLength(40_000)
  })
})
