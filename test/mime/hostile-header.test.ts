import { describe, expect, it } from 'vitest'
import { MAX_HEADER_FIELD_BYTES } from '../../src/limits.ts'
import { parseAddresses } from '../../src/mime/header/addresses.ts'
import { decodeEncodedWords } from '../../src/mime/header/encoded-words.ts'
import { readHeaderOnly } from '../../src/mime/header/fields.ts'
import { readMessageId, readReferences } from '../../src/mime/header/message-ids.ts'
import { parseMail } from '../../src/mime/parse.ts'
import { mailWith } from './mail.ts'

/** Read in a second where work grows with the length, in many minutes where it grows with the square: the test's time limit is the judge. */
const VERY_LONG_CHARS = 1_000_000

describe('a header field without end', () => {
  it.each([
    ['<@', ';'.repeat(4)],
    ['<', ' @'.repeat(4)],
    ['<@', ','],
    ['<@', ' '],
    ['<', '(x) '],
    ['<', '"x"'],
    ['<@', '='],
    ['<@', '[] '],
    ['', '('],
    ['', ')'],
    ['((', ' a'],
    ['', '"\\'],
    ['', '=?a?q?x'],
    ['"', '[\\'],
  ])('is read in one pass by the reader of addresses: %j and then %j', (start, piece) => {
    const { addresses } = parseAddresses(start + piece.repeat(VERY_LONG_CHARS / 2), 10)
    expect(addresses).toEqual([])
  })

  it.each(['@', '<', '<a', '< ', 'a@', '@ '])('holds no message id: %j', (piece) => {
    const value = `${piece.repeat(VERY_LONG_CHARS / piece.length)} x`
    expect(readMessageId(value)).toBeNull()
    expect(readReferences(value).ids).toEqual([])
  })

  it.each(['=?', '=?a?q?', '=?utf-8*', '?=', '=?utf-8?b?'])('holds no encoded word: %j', (piece) => {
    const value = piece.repeat(VERY_LONG_CHARS / piece.length)
    expect(decodeEncodedWords(value)).toBe(value)
  })

  it.each(['From', 'To', 'Cc', 'Reply-To', 'Subject', 'References', 'Message-ID', 'Date'])(
    'named %s leaves the rest of the message as it is',
    async (name) => {
      for (const piece of ['<@;', '@', ' @', '(', '<', '"', '=?', '=?a?q?', '\r\n ', '\t', ',', ';', ':']) {
        const value = piece.repeat(MAX_HEADER_FIELD_BYTES / piece.length)
        expect(await parseMail(mailWith([`${name}: ${value}`], 'hi'))).toMatchObject({ bodyText: 'hi' })
      }
    },
  )
})

describe('an address between brackets', () => {
  const longest = `${'a'.repeat(247)}@x.test`

  it.each([
    ['a fold before and behind the longest address', `<\r\n ${' '.repeat(300)}${longest}${' '.repeat(300)}>`, [longest]],
    ['a route that is longer than any address', `<@${'r'.repeat(300)},@b:a@x.test>`, ['a@x.test']],
    ['one character too many', `<a${longest}>`, []],
    ['something far behind an address', `<a@x.test${' '.repeat(1_000)}b@x.test>`, []],
    ['something right behind the longest address', `<${longest} b>`, []],
    ['an address behind one that has no end', `<${'a '.repeat(1_000)}>, b@x.test`, ['b@x.test']],
  ])('is not misread for %s', (_, value, addresses) => {
    expect(parseAddresses(value, 10).addresses.map(({ address }) => address)).toEqual(addresses)
  })
})

describe('readHeaderOnly', () => {
  it('reads little of a long field, because it runs where nothing can end it', () => {
    const raw = mailWith([
      `Subject: ${'s'.repeat(3_000)}`,
      `To: ${', '.repeat(2_000)}c@x.test`,
      `Cc: ${'d@x.test, '.repeat(50_000)}`,
    ])
    const { fromAddress, subject, toAddresses, ccAddresses, problems } = readHeaderOnly(raw, 'Why.')
    expect({ fromAddress, toAddresses, ccAddresses }).toEqual({
      fromAddress: 'ann@example.com',
      toAddresses: [],
      ccAddresses: ['d@x.test'],
    })
    expect(subject).toMatch(/^s+$/)
    expect(problems).toContain('A header field is too long; only the beginning of it was read.')
  })

  it('reads the beginning of a long header and says so', () => {
    const filler = Array.from({ length: 1_000 }, () => `X-Filler: ${'x'.repeat(60)}`)
    const { subject, toAddresses, problems } = readHeaderOnly(mailWith(['Subject: s', ...filler, 'To: b@x.test']), 'Why.')
    expect({ subject, toAddresses }).toEqual({ subject: 's', toAddresses: [] })
    expect(problems).toContain('The header is too long; only the beginning of it was read.')
    expect(problems.at(-1)).toBe('Why.')
  })
})
