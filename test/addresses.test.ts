import { describe, expect, it } from 'vitest'
import { canonicalDomain, checkLocalPart, generateLocalPart, parseSubAddress } from '../src/addresses.ts'
import { ADDRESS_ADJECTIVES, ADDRESS_NOUNS } from '../src/words.ts'

describe('an address that an SMTP client named', () => {
  it.each([
    ['swift-otter-42@agents.localhost', 'swift-otter-42@agents.localhost', null],
    ['Swift-Otter-42@AGENTS.localhost', 'swift-otter-42@agents.localhost', null],
    ['a+shop@example.org', 'a@example.org', 'shop'],
    ['A+Shop@example.org', 'a@example.org', 'shop'],
    ['a+b+c@example.org', 'a@example.org', 'b+c'],
    ['a@bücher.example', 'a@xn--bcher-kva.example', null],
    ['a@xn--bcher-kva.example', 'a@xn--bcher-kva.example', null],
  ])('%s means the inbox %s with tag %s', (text, inboxAddress, tag) => {
    expect(parseSubAddress(text)).toMatchObject({ inboxAddress, tag })
  })

  it.each([
    'a',
    '@example.org',
    'a@',
    'a@b@example.org',
    'a%b@example.org',
    'b!a@example.org',
    '@relay.example:a@example.org',
    'a@[127.0.0.1]',
    'a@127.0.0.1',
    'a@[IPv6:::1]',
    '"a"@example.org',
    '"a b"@example.org',
    'a b@example.org',
    ' a@example.org',
    'a@example.org ',
    'a@example..org',
    'a@.example.org',
    'a@example.org.',
    'a@-example.org',
    'a@exa_mple.org',
    'a+@example.org',
    '+tag@example.org',
    '.a@example.org',
    'a.@example.org',
    'а@example.org',
    '\u212a@example.org',
    'a@eXample。org',
    'a@ｅxample.org',
    'a@exam\u00adple.org',
    'a@exam\ufe0fple.org',
    'a@exam\u034fple.org',
    'a\u0000@example.org',
    'a\r\n@example.org',
    `${'a'.repeat(65)}@example.org`,
    `a@${'b'.repeat(64)}.org`,
    `a@${'b.'.repeat(130)}org`,
  ])('%j is no address of ours', (text) => {
    expect(parseSubAddress(text)).toBeNull()
  })
})

describe('a wish for a local part', () => {
  it.each([
    ['Signup-Test', 'signup-test'],
    [' a ', 'a'],
    ['a.b_c-d', 'a.b_c-d'],
    ['a'.repeat(64), 'a'.repeat(64)],
  ])('%j becomes %s', (wish, local) => {
    expect(checkLocalPart(wish)).toBe(local)
  })

  it.each(['', '.', 'a+b', 'a b', 'a@b', 'ä', '-a', 'a-', 'bounce', 'BOUNCE', 'a'.repeat(65), 'a\u0000', '\u212a'])(
    '%j is refused',
    (wish) => {
      expect(() => checkLocalPart(wish)).toThrow(/localPart/)
    },
  )
})

describe('a generated local part', () => {
  it('is two words and two digits, and passes as a wish', () => {
    const local = generateLocalPart(Uint8Array.of(255, 255, 255, 255))
    expect(local).toMatch(/^[a-z]+-[a-z]+-[0-9]{2}$/)
    expect(checkLocalPart(local)).toBe(local)
  })

  it('is made of plain words, none twice', () => {
    for (const words of [ADDRESS_ADJECTIVES, ADDRESS_NOUNS]) {
      expect(new Set(words).size).toBe(words.length)
      expect(words.filter((word) => !/^[a-z]{2,10}$/.test(word))).toEqual([])
    }
  })
})

describe('a domain', () => {
  it.each([
    ['Agents.LocalHost', 'agents.localhost'],
    ['localhost', 'localhost'],
    ['bücher.example', 'xn--bcher-kva.example'],
  ])('%s is %s in canonical form', (text, domain) => {
    expect(canonicalDomain(text)).toBe(domain)
  })
})
