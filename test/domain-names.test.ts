import { describe, expect, test } from 'vitest'
import { checkDomainName, isPublicHost, readDomainRef } from '../src/domain-names.ts'
import { isPublicSuffix } from '../src/mime/public-suffix.ts'

const OWN = 'agents.example.net'
const check = (wish: string) => checkDomainName(wish, OWN, async (domain) => isPublicSuffix(domain))

describe('a domain that an agent brings', () => {
  test.each([
    ['example.org', 'example.org'],
    [' Mail.Example.ORG ', 'mail.example.org'],
    ['bücher.example', 'xn--bcher-kva.example'],
    ['shop.example.co.uk', 'shop.example.co.uk'],
    ['ann.github.io', 'ann.github.io'],
    // Neither above nor below, however it ends.
    ['notagents.example.net', 'notagents.example.net'],
    ['agents.example.net.example.org', 'agents.example.net.example.org'],
  ])('may be %s', async (wish, domain) => {
    expect(await check(wish)).toBe(domain)
  })

  test.each([
    [
      '',
      'example.org..',
      '.',
      'https://example.org',
      'user@example.org',
      'a b.org',
      '_dmarc.example.org',
      '192.0.2.1',
      '[192.0.2.1]',
      '*.example.org',
    ],
    [
      'a..org',
      '-a.org',
      'ex\u00adample.org',
      'example\u3002org',
      'example.org\0',
      'example.org/x',
      'example.org:25',
      `${'a.'.repeat(100)}org`,
    ],
    ['localhost', 'org', 'example', 'co.uk', 'github.io', 'xn--p1ai'],
    [OWN, 'sub.agents.example.net', 'a.b.agents.example.net', 'AGENTS.example.net', 'example.net'],
  ])('is not %s, nor the like', async (...wishes) => {
    for (const wish of wishes) await expect(check(wish), wish).rejects.toMatchObject({ code: 'invalid_argument' })
  })
})

test('a domain may end with the dot of the root, as in a zone file', async () => {
  expect(await check('Example.org.')).toBe('example.org')
  expect(readDomainRef(' example.ORG. ')).toBe('example.org')
})

test('mail servers elsewhere find no host whose name is private', () => {
  expect(['mx.example.org', 'xn--bcher-kva.example'].map(isPublicHost)).toEqual([true, true])
  expect(['agents.localhost', 'mail', 'mx.lan', 'mx.test'].map(isPublicHost)).toEqual([false, false, false, false])
})
