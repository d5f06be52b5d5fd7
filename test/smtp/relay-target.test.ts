import { describe, expect, it } from 'vitest'
import { MailError } from '../../src/errors.ts'
import { isLoopbackAddress, parseRelayUrl } from '../../src/smtp/relay-target.ts'

describe('the URL of a relay', () => {
  it.each([
    ['smtp://mail.example.org', { host: 'mail.example.org', port: 587, secure: false, credentials: null, isLoopback: false }],
    ['smtps://mail.example.org', { host: 'mail.example.org', port: 465, secure: true, credentials: null, isLoopback: false }],
    ['SMTPS://Mail.Example.ORG:2465/', { host: 'mail.example.org', port: 2465, secure: true }],
    ['smtp://user:pass@mail.example.org:25', { port: 25, credentials: { user: 'user', pass: 'pass' } }],
    ['smtp://a%40b.example:p%3A%2F%40%25%20s@h', { credentials: { user: 'a@b.example', pass: 'p:/@% s' } }],
    ['smtp://user:pa:ss@h', { credentials: { user: 'user', pass: 'pa:ss' } }],
    ['smtp://user:p%C3%A4ss@h', { credentials: { user: 'user', pass: 'päss' } }],
    ['smtp://mail_relay', { host: 'mail_relay', isLoopback: false }],
    ['smtp://localhost:1025', { host: 'localhost', port: 1025, isLoopback: true }],
    ['smtp://127.0.0.1:1025', { host: '127.0.0.1', isLoopback: true }],
    ['smtp://127.9.9.9', { isLoopback: true }],
    ['smtp://[::1]:1025', { host: '::1', port: 1025, isLoopback: true }],
    ['smtp://[2001:DB8::1]', { host: '2001:db8::1', isLoopback: false }],
    ['smtp://10.0.0.1', { isLoopback: false }],
    ['smtp://localhost.example.org', { isLoopback: false }],
    ['smtp://127.0.0.1.example.org', { isLoopback: false }],
  ])('%s is understood', (text, target) => {
    expect(parseRelayUrl(text)).toMatchObject(target)
  })

  it.each([
    '',
    'mail.example.org',
    'mail.example.org:587',
    'http://mail.example.org',
    'smtp:mail.example.org',
    'smtp:/mail.example.org',
    'smtp://',
    'smtp:///x',
    'smtp://user:S3cret@',
    'smtp://user@mail.example.org',
    'smtp://user:@mail.example.org',
    'smtp://:S3cret@mail.example.org',
    'smtp://@mail.example.org',
    'smtp://user:S3cret@mail.example.org/path',
    'smtp://user:S3cret@mail.example.org?tls=no',
    'smtp://user:S3cret@mail.example.org#x',
    'smtp://user:S3cret@here@mail.example.org',
    'smtp://user:S3cret/x@mail.example.org',
    'smtp://user:S3cret%@mail.example.org',
    'smtp://user:S3cret%zz@mail.example.org',
    'smtp://user:S3cret%ff@mail.example.org',
    'smtp://user:S3cret%00@mail.example.org',
    'smtp://user:S3cret%0D%0A@mail.example.org',
    'smtp://user:S3cret@mail.example.org:0',
    'smtp://user:S3cret@mail.example.org:65536',
    'smtp://user:S3cret@mail.example.org:',
    'smtp://user:S3cret@mail.example.org:587x',
    'smtp://user:S3cret@mail example.org',
    'smtp://user:S3cret@mail..example.org',
    'smtp://user:S3cret@-mail.example.org',
    'smtp://user:S3cret@bücher.example',
    'smtp://user:S3cret@127.0.0.256',
    'smtp://user:S3cret@0x7f.1',
    'smtp://user:S3cret@2130706433',
    'smtp://user:S3cret@[::g]',
    'smtp://user:S3cret@[fe80::1%eth0]',
    'smtp://user:S3cret@::1',
    'smtp://user:S3cret@mail.example.org\n',
    ' smtp://user:S3cret@mail.example.org',
    `smtp://user:S3cret@${'a.'.repeat(150)}org`,
  ])('%j is refused in one line that shows nothing of it', (text) => {
    const error = catchError(() => parseRelayUrl(text))
    expect(error).toBeInstanceOf(MailError)
    expect(error).toMatchObject({ code: 'invalid_argument' })
    expect(error.message).toMatch(/^--relay-url [ -~]{20,200}\.$/)
    expect(error.message).not.toMatch(/S3cret|user:S/)
  })
})

describe('an address of this machine', () => {
  it.each(['127.0.0.1', '127.255.0.9', '::1', '0:0:0:0:0:0:0:1', '::ffff:127.0.0.1', '::FFFF:127.0.0.1'])('is %s', (address) => {
    expect(isLoopbackAddress(address)).toBe(true)
  })

  it.each(['', '0.0.0.0', '::', '128.0.0.1', '10.0.0.1', '::2', '1::1', '::ffff:10.0.0.1', 'localhost', '127.0.0.1.example'])(
    'is not %j',
    (address) => {
      expect(isLoopbackAddress(address)).toBe(false)
    },
  )
})

function catchError(run: () => unknown): Error {
  try {
    run()
  } catch (error) {
    if (error instanceof Error) return error
  }
  throw new Error('nothing was thrown')
}
