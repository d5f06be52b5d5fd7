import { describe, expect, it } from 'vitest'
import { MailError } from '../src/errors.ts'
import { checkRecipient } from '../src/out-addresses.ts'
import { generateRecipients } from './support/recipients.ts'
import { rounds } from './support/rounds.ts'

const GENERATED = rounds({ short: 2_000, full: 10_000 })

describe('a recipient', () => {
  it.each([
    ['ada@example.org', 'ada@example.org'],
    ['Ada.Lovelace@Example.ORG', 'Ada.Lovelace@example.org'],
    ['a+tag@example.org', 'a+tag@example.org'],
    ["!#$%&'*+-/=?^_`{|}~@example.org", "!#$%&'*+-/=?^_`{|}~@example.org"],
    ['a@localhost', 'a@localhost'],
    ['swift-otter-42@agents.localhost', 'swift-otter-42@agents.localhost'],
    ['a@bücher.example', 'a@xn--bcher-kva.example'],
    ['a@BÜCHER.example', 'a@xn--bcher-kva.example'],
    ['a@straße.example', 'a@xn--strae-oqa.example'],
    ['a@中国.example', 'a@xn--fiqs8s.example'],
    ['a@XN--BCHER-KVA.example', 'a@xn--bcher-kva.example'],
    ['a@4.example', 'a@4.example'],
  ])('%s goes on the wire as such', (text, wire) => {
    expect(checkRecipient(text)).toBe(wire)
  })

  it('may have 254 bytes', () => {
    const longest = `${'a'.repeat(64)}@${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(61)}`
    expect(checkRecipient(longest)).toBe(longest)
  })

  it.each([
    ['', 'empty'],
    ['a', 'no @'],
    ['@', 'nothing before'],
    ['@example.org', 'nothing before'],
    ['a@', 'nothing after'],
    ['a@b@example.org', 'more than one @'],
    ['@relay.example:a@example.org', 'more than one @'],
    ['a@example.org\r\nRCPT TO:<b@example.org>', 'control character'],
    ['a@example.org\n', 'control character'],
    ['a@exa\rmple.org', 'control character'],
    ['a\0@example.org', 'control character'],
    ['a\t@example.org', 'control character'],
    ['a\u0085@example.org', 'control character'],
    ['a@example.org\u2028', 'white space'],
    ['a b@example.org', 'white space'],
    [' a@example.org', 'white space'],
    ['a@example.org ', 'white space'],
    ['a@example.org\u00a0', 'white space'],
    ['a@example.org,b@example.org', 'comma or semicolon'],
    ['a@example.org;b@example.org', 'comma or semicolon'],
    ['team:a@example.org,b@example.org;', 'comma or semicolon'],
    ['team:a@example.org', 'before the @'],
    ['a(x)@example.org', 'comment'],
    ['a@example.org(x)', 'comment'],
    ['"a"@example.org', 'quoted'],
    ['"a@b"@example.org', 'quoted'],
    ['<a@example.org>', 'angle brackets'],
    ['Ada<a@example.org>', 'angle brackets'],
    ['a\\@b@example.org', 'more than one @'],
    ['a\\b@example.org', 'before the @'],
    ['a[b@example.org', 'before the @'],
    ['.a@example.org', 'before the @'],
    ['a.@example.org', 'before the @'],
    ['a..b@example.org', 'before the @'],
    ['\u00e4@example.org', 'other than ASCII'],
    ['\uff41@example.org', 'other than ASCII'],
    ['\u212a@example.org', 'other than ASCII'],
    ['a\u200b@example.org', 'other than ASCII'],
    ['a\uff20example.org', 'no @'],
    ['a@[127.0.0.1]', 'host name'],
    ['a@[IPv6:::1]', 'host name'],
    ['a@127.0.0.1', 'host name'],
    ['a@0x7f.1', 'host name'],
    ['a@2130706433', 'host name'],
    ['a@foo.1', 'host name'],
    ['a@example.org.', 'host name'],
    ['a@.example.org', 'host name'],
    ['a@example..org', 'host name'],
    ['a@-example.org', 'host name'],
    ['a@example-.org', 'host name'],
    ['a@exa_mple.org', 'host name'],
    ['a@exa%6dple.org', 'host name'],
    ['a@example.org:25', 'host name'],
    ['a@example.org/x', 'host name'],
    ['a@example\u3002org', 'host name'],
    ['a@example\uff0eorg', 'host name'],
    ['a@\uff45xample.org', 'host name'],
    ['a@\u24d0.org', 'host name'],
    ['a@exam\u00adple.org', 'host name'],
    ['a@exam\ufe0fple.org', 'host name'],
    ['a@exam\u034fple.org', 'host name'],
    ['a@exam\u200dple.org', 'host name'],
    ['a@\ud800.org', 'host name'],
  ])('%j is refused', (text, why) => {
    expect(() => checkRecipient(text)).toThrow(why)
    expect(() => checkRecipient(text)).toThrow(MailError)
  })

  it.each([
    ['65 bytes before the @', `${'a'.repeat(65)}@example.org`, '64 bytes'],
    ['a label of 64 bytes', `a@${'b'.repeat(64)}.org`, 'host name'],
    ['255 bytes', `${'a'.repeat(64)}@${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(62)}`, '254 bytes'],
    ['a domain that is too long only as A-labels', `a@${`${'ü'.repeat(40)}.`.repeat(6)}org`, '254 bytes'],
    ['100,000 bytes', `${'a'.repeat(100_000)}@example.org`, '254 bytes'],
  ])('with %s is refused', (_what, text, why) => {
    expect(() => checkRecipient(text)).toThrow(why)
  })

  it('is shown in an error without control characters, on one line, bounded', () => {
    const hostile = `a\r\nBcc: b\u001b[31m\u202e\u2028\ud800${'x'.repeat(500)}@example.org`
    const error = catchError(() => checkRecipient(hostile))
    expect(error).toMatchObject({ code: 'invalid_argument' })
    expect(error.message).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u)
    expect(error.message.length).toBeLessThan(200)
  })

  it(`is what goes on the wire, over ${GENERATED} generated strings`, () => {
    const seen = { accepted: 0, refused: 0 }
    for (const text of generateRecipients(GENERATED, 3)) {
      const wire = accept(text)
      if (wire === null) {
        seen.refused += 1
        continue
      }
      seen.accepted += 1
      expect(wire).toMatch(/^[\x21-\x7e]{3,254}$/)
      expect(wire).not.toMatch(/[<>,;:"()[\]\\ ]/)
      expect(wire.split('@')).toHaveLength(2)
      // Nothing but the domain's case and script may differ from what was asked for.
      expect(wire.slice(0, wire.indexOf('@'))).toBe(text.slice(0, text.indexOf('@')))
      expect(accept(wire)).toBe(wire)
      if (/^[\x21-\x7e]*$/.test(text)) expect(wire.toLowerCase()).toBe(text.toLowerCase())
      else expect(new URL(`http://${text.slice(text.indexOf('@') + 1)}`).hostname).toBe(wire.slice(wire.indexOf('@') + 1))
    }
    expect(seen.accepted).toBeGreaterThan(GENERATED / 10)
    expect(seen.refused).toBeGreaterThan(GENERATED / 10)
  })
})

function accept(text: string): string | null {
  try {
    return checkRecipient(text)
  } catch (error) {
    expect(error).toBeInstanceOf(MailError)
    return null
  }
}

function catchError(run: () => unknown): Error {
  try {
    run()
  } catch (error) {
    if (error instanceof Error) return error
  }
  throw new Error('nothing was thrown')
}
