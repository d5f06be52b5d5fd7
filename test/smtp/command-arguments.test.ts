import { describe, expect, it } from 'vitest'
import {
  checkMailParameters,
  isPlainAddress,
  isSender,
  parseMailArgument,
  parseRecipientArgument,
  readDeclaredBytes,
} from '../../src/smtp/command-arguments.ts'

describe('the argument of MAIL and RCPT', () => {
  it.each([
    ['MAIL FROM:<a@b.example>', 'a@b.example', []],
    ['mail from: <a@b.example>', 'a@b.example', []],
    ['Mail From :<a@b.example>', 'a@b.example', []],
    ['MAIL FROM:<> SIZE=10', '', ['SIZE=10']],
    ['MAIL FROM:<a@b.example>  SIZE=10  BODY=8BITMIME ', 'a@b.example', ['SIZE=10', 'BODY=8BITMIME']],
    ['MAIL FROM:<"a > b"@c.example>', '"a > b"@c.example', []],
    ['MAIL FROM:<"a\\"> b"@c.example> X', '"a\\"> b"@c.example', ['X']],
    ['MAIL FROM:<@relay.example:a@b.example>', '@relay.example:a@b.example', []],
    ['MAIL FROM:<a@XN--BCHER-KVA.example>', 'a@XN--BCHER-KVA.example', []],
  ])('%j is read without changing it', (line, path, parameters) => {
    expect(parseMailArgument(line)).toEqual({ path, parameters })
    const recipientLine = line.replace(/^mail from/i, 'RCPT TO')
    expect(parseRecipientArgument(recipientLine)).toEqual({ path, parameters })
  })

  it.each([
    ['MAIL FROM:a@b.example'],
    ['MAIL FROM:<a@b.example'],
    ['MAIL FROM:a@b.example>'],
    ['MAIL FROM:<a@b.example>>'],
    ['MAIL FROM:<<a@b.example>>'],
    ['MAIL FROM:<a@b.example>SIZE=1'],
    ['MAIL FROM:<a@b.example> <c@d.example>\0'],
    ['MAIL FROM:<"a@b.example>'],
    ['MAIL FROM:<a\r@b.example>'],
    ['MAIL FROM:<a\t@b.example>'],
    ['MAIL FROM:<a\u0085@b.example>'],
    ['MAIL FROM:'],
    ['MAIL FROM'],
    ['MAIL TO:<a@b.example>'],
    ['MAIL  FROM:<a@b.example>'],
    ['MAIL'],
    ['RCPT FROM:<a@b.example>'],
  ])('%j is none', (line) => {
    expect(parseMailArgument(line)).toBeNull()
  })

  it.each([
    `MAIL FROM:<a@b.example> ${' '.repeat(2_000)}\u2028`,
    `MAIL FROM:${'<'.repeat(2_000)}`,
    `MAIL FROM:<${'"'.repeat(2_001)}>`,
    `MAIL FROM:<${'\\'.repeat(2_001)}>`,
    `MAIL FROM:${' '.repeat(2_000)}x`,
  ])('a line made to be slow is not', (line) => {
    for (let times = 0; times < 1_000; times += 1) parseMailArgument(line)
  })
})

describe('a sender', () => {
  it.each([
    [''],
    ['a@b.example'],
    ['"a b"@c.example'],
    ['a+b=c@d.example'],
    ['a@[192.0.2.1]'],
    ['a@[IPv6:2001:db8::1]'],
    ['ü@bücher.example'],
  ])('%j is allowed', (path) => expect(isSender(path)).toBe(true))

  it.each([
    [' '],
    ['a'],
    ['a@'],
    ['@b.example'],
    ['a@b@c.example'],
    ['@relay.example:a@b.example'],
    ['a b@c.example'],
    ['a@b.example,c@d.example'],
    ['a@b\uFFFD.example'],
    [`${'a'.repeat(250)}@b.example`],
    [`${'ü'.repeat(130)}@b.example`],
  ])('%j is not', (path) => expect(isSender(path)).toBe(false))
})

describe('an address that an inbox could have', () => {
  it.each([['a@b.example'], ['a+tag@b.example'], ['A@B.EXAMPLE'], ['a@bücher.example'], ['a@xn--bcher-kva.example']])(
    'is %j',
    (path) => expect(isPlainAddress(path)).toBe(true),
  )

  it.each([
    ['a%b@c.example'],
    ['a!b@c.example'],
    ['b.example!a'],
    ['@relay.example:a@b.example'],
    ['@one.example,@two.example:a@b.example'],
    ['a@[127.0.0.1]'],
    ['a@[IPv6:::1]'],
    ['"a"@b.example'],
    ['"a b"@c.example'],
    ['a\\@b@c.example'],
    ['a@b@c.example'],
    ['a@b.example,c@d.example'],
    ['a@b.example;c@d.example'],
    ['a(comment)@b.example'],
    ['group:a@b.example;'],
    [' a@b.example'],
    ['a@b.example '],
    ['a\u00a0@b.example'],
    ['a\uFFFD@b.example'],
    ['a'],
    [`${'a'.repeat(250)}@b.example`],
  ])('is not %j', (path) => expect(isPlainAddress(path)).toBe(false))
})

describe('the parameters of MAIL', () => {
  it.each([
    [[], null],
    [['SIZE=1000', 'body=8bitmime', 'SMTPUTF8'], null],
    [['SIZE=99999999999999999999'], null],
    [['SIZE'], 'malformed'],
    [['SIZE=-1'], 'malformed'],
    [['SIZE=1e3'], 'malformed'],
    [['SIZE=1', 'SIZE=2'], 'malformed'],
    [['BODY=BINARYMIME'], 'malformed'],
    [['SMTPUTF8=yes'], 'malformed'],
    [['AUTH=<>'], 'unknown'],
    [['RET=FULL'], 'unknown'],
    [['REQUIRETLS'], 'unknown'],
    [['__proto__=1'], 'unknown'],
    [['<c@d.example>'], 'unknown'],
  ] as const)('%j: %s', (parameters, expected) => expect(checkMailParameters(parameters)).toBe(expected))

  it.each([
    [[], 0],
    [['BODY=8BITMIME', 'size=1001'], 1_001],
    [['SIZE=99999999999999999999'], Number.MAX_SAFE_INTEGER],
  ])('%j announce %i bytes', (parameters, expected) => expect(readDeclaredBytes(parameters)).toBe(expected))
})
