import { describe, expect, test } from 'vitest'
import { parseAuthenticationResults } from '../../src/auth/authentication-results.ts'

/** Host, then each result as `method=result property=value ...`. */
function read(value: string): string[] | null {
  const field = parseAuthenticationResults(value)
  if (field === null) return null
  return [
    field.authservId,
    ...field.results.map(({ method, result, properties }) =>
      [`${method}=${result}`, ...[...properties].map(([name, text]) => `${name}=${text}`)].join(' '),
    ),
  ]
}

describe('Authentication-Results', () => {
  test.each<[string, string, string[]]>([
    ['no result (RFC 8601 appendix B.2)', ' example.org 1; none', ['example.org']],
    ['one', ' example.com; spf=pass smtp.mailfrom=example.net', ['example.com', 'spf=pass smtp.mailfrom=example.net']],
    [
      'several, with comments (appendix B.4)',
      ' example.com;\r\n auth=pass (cram-md5) smtp.auth=sender@example.net;\r\n spf=pass smtp.mailfrom=example.net',
      ['example.com', 'auth=pass smtp.auth=sender@example.net', 'spf=pass smtp.mailfrom=example.net'],
    ],
    [
      'comments everywhere (appendix B.7)',
      " foo.example.net (foobar) 1 (baz);\r\n dkim (Because I like it) / 1 (One yay) = (wait for it) fail\r\n policy (A dot can go here) . (like that) expired\r\n (this surprised me) = (as I wasn't expecting it) 1362471462",
      ['foo.example.net', 'dkim=fail policy.expired=1362471462'],
    ],
    ['nested comments', ' h; spf=pass (a (b \\) c) d) smtp.helo=x', ['h', 'spf=pass smtp.helo=x']],
    ['a quoted host', ' "mx.example.org"; dmarc=none', ['mx.example.org', 'dmarc=none']],
    [
      'a reason',
      ' h; dkim=fail reason="bad; dkim=pass" header.d=x.example',
      ['h', 'dkim=fail reason=bad; dkim=pass header.d=x.example'],
    ],
    [
      'an address with a quoted local part',
      ' h; spf=fail smtp.mailfrom="; dmarc=pass header.from=bank.example"@x.example',
      ['h', 'spf=fail smtp.mailfrom=; dmarc=pass header.from=bank.example@x.example'],
    ],
    [
      'a signature that is not quoted',
      ' h; dkim=pass header.b=aB/c+1= header.i=@x.example',
      ['h', 'dkim=pass header.b=aB/c+1= header.i=@x.example'],
    ],
    ['a semicolon at the end', ' h; spf=pass;', ['h', 'spf=pass']],
    ['another version of a method', ' h; dkim/2=pass', ['h', 'dkim/2=pass']],
    ['the first of two properties of a name', ' h; dkim=pass header.d=a header.d=b', ['h', 'dkim=pass header.d=a']],
  ])('with %s', (_what, value, expected) => {
    expect(read(value)).toEqual(expected)
  })

  test.each<[string, string]>([
    ['nothing', ''],
    ['only a host', ' h'],
    ['another version', ' h 2; spf=pass'],
    ['a host of two words', ' h x; spf=pass'],
    ['an open comment', ' h; spf=pass (oh'],
    ['an open quote', ' h; spf=pass smtp.mailfrom="oh'],
    ['a result and none', ' h; spf=pass; none'],
    ['none and a result', ' h; none; spf=pass'],
    ['a method without a result', ' h; spf; dmarc=pass'],
    ['a property without a type', ' h; spf=pass mailfrom=x'],
    ['two hosts', ' h, other; spf=pass'],
    ['an address whose comment ends early', ' h; spf=pass (domain of a)b@x designates)'],
  ])('is not read with %s', (_what, value) => {
    expect(read(value)).toBeNull()
  })

  test('is read in one go, however it is made', () => {
    expect(read(`h; spf=pass ${'('.repeat(60_000)}`)).toBeNull()
    expect(read(`h; spf=pass${' a.b=c'.repeat(20_000)}`)?.length).toBe(2)
    expect(read(`h${';'.repeat(60_000)}`)).toBeNull()
  })
})
