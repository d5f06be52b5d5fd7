import { describe, expect, it } from 'vitest'
import { MAX_SENDER_NAME_CHARS } from '../../../src/limits.ts'
import { parseAddresses } from '../../../src/mime/header/addresses.ts'

function list(value: string): string[] {
  return parseAddresses(value, 100).addresses.map(({ address, name }) => (name === null ? address : `${name} <${address}>`))
}

describe('parseAddresses', () => {
  it.each([
    ['a bare address', 'Ann@Example.COM', ['Ann@example.com']],
    ['a name', 'Ann Example <ann@example.com>', ['Ann Example <ann@example.com>']],
    ['a quoted name with a comma', '"Example, Ann" <ann@example.com>, b@x.test', ['Example, Ann <ann@example.com>', 'b@x.test']],
    ['an escaped quote in a name', '"Ann \\"A\\" E" <ann@example.com>', ['Ann "A" E <ann@example.com>']],
    ['an encoded name', '=?utf-8?q?J=C3=BCrgen?= <j@x.test>', ['Jürgen <j@x.test>']],
    ['an encoded name in quotes', '"=?utf-8?q?J=C3=BCrgen?=" <j@x.test>', ['Jürgen <j@x.test>']],
    ['a comma hidden in an encoded word', '=?utf-8?q?Doe,_J?= <j@x.test>', ['Doe, J <j@x.test>']],
    ['an encoded comma, which separates nothing', '=?utf-8?q?a@x.test=2C_b?= <j@x.test>', ['a@x.test, b <j@x.test>']],
    ['a name in a comment', 'ann@example.com (Ann (A) Example)', ['Ann A Example <ann@example.com>']],
    ['comments within an address', 'pete(his account)@silly.test(his host)', ['his accounthis host <pete@silly.test>']],
    ['a group', 'Friends: a@x.test, B <b@x.test>; c@x.test', ['a@x.test', 'B <b@x.test>', 'c@x.test']],
    ['an empty group', 'undisclosed-recipients:;', []],
    ['a route', '<@relay.test,@hub.test:user@x.test>', ['user@x.test']],
    ['a quoted local part', '"a b"@x.test', ['"a b"@x.test']],
    ['a domain literal', 'a@[IPv6:2001:db8::1]', ['a@[ipv6:2001:db8::1]']],
    ['an international address', 'jörg@bücher.test', ['jörg@bücher.test']],
    ['a missing comma', '<a@x.test> <b@x.test>', ['a@x.test', 'b@x.test']],
    ['a bracket that is not closed', 'Ann <a@x.test, b@x.test', ['Ann <a@x.test>', 'b@x.test']],
    ['a quote that is not closed', '"Ann <a@x.test>, b@x.test', ['"Ann <a@x.test>', 'b@x.test']],
    ['semicolons instead of commas', 'a@x.test; b@x.test', ['a@x.test', 'b@x.test']],
    ['a fold within a name', 'Ann\r\n  Example\r\n <a@x.test>', ['Ann Example <a@x.test>']],
  ])('reads %s', (_, value, addresses) => {
    expect(list(value)).toEqual(addresses)
  })

  it.each([
    ['an address in the name', '"security@bank.test" <evil@x.test>', 'evil@x.test', 'security@bank.test'],
    ['an address in front of the brackets', 'security@bank.test <evil@x.test>', 'evil@x.test', 'security@bank.test'],
    ['an address in a comment', 'evil@x.test (security@bank.test)', 'evil@x.test', 'security@bank.test'],
    [
      'an address in an encoded name',
      '=?utf-8?q?=3Csecurity=40bank.test=3E?= <evil@x.test>',
      'evil@x.test',
      '<security@bank.test>',
    ],
    ['a line break in a name', '=?utf-8?q?a=0D=0ABcc:_b?= <evil@x.test>', 'evil@x.test', 'a Bcc: b'],
    ['a bidi override in a name', '"\u202eknab" <evil@x.test>', 'evil@x.test', 'knab'],
  ])('is not led astray by %s', (_, value, address, name) => {
    expect(parseAddresses(value, 10).addresses).toEqual([{ address, name }])
  })

  it.each([
    'MAILER-DAEMON',
    '<>',
    'a@b@c.test',
    'a @ b c.test',
    '@x.test',
    'a@',
    'a@x..test',
    'a@-x test',
    `${'a'.repeat(300)}@x.test`,
    'a\0@x.test',
    'a@x\u202e.test',
  ])('says that %.20j is no address', (value) => {
    const { addresses, flaws } = parseAddresses(value, 10)
    expect(addresses).toEqual([])
    expect(flaws.has('unreadable')).toBe(true)
  })

  it('keeps the name of a sender without an address', () => {
    expect(parseAddresses('Mail Delivery Subsystem <MAILER-DAEMON>', 10).firstName).toBe('Mail Delivery Subsystem')
    expect(parseAddresses('MAILER-DAEMON', 10).firstName).toBe('MAILER-DAEMON')
  })

  it('stops at the number asked for and says so', () => {
    const { addresses, flaws } = parseAddresses('a@x.test, '.repeat(50_000), 3)
    expect(addresses).toHaveLength(3)
    expect(flaws.has('shortened')).toBe(true)
    expect(parseAddresses('<'.repeat(50_000), 3).flaws.has('shortened')).toBe(true)
    expect(parseAddresses('a@x.test, b@x.test', 2).flaws.size).toBe(0)
  })

  it('shortens a long name and says so', () => {
    const { addresses, flaws } = parseAddresses(`${'n'.repeat(1_000)} <a@x.test>`, 1)
    expect(addresses[0]?.name).toHaveLength(MAX_SENDER_NAME_CHARS)
    expect(flaws.has('long-name')).toBe(true)
  })

  it.each(['"\\', '<', '(', 'a@', ',', '"', '[', '=?a?q?', '\\', '<a@b'])('reads a hundred thousand times %j', (piece) => {
    expect(() => parseAddresses(piece.repeat(100_000), 10)).not.toThrow()
  })
})
