import { describe, expect, it } from 'vitest'
import { readFields } from '../../../src/mime/header/fields.ts'
import { splitHeader } from '../../../src/mime/header/headers.ts'
import { findSenderWarnings } from '../../../src/mime/header/sender-warnings.ts'
import { CORPUS_NOTE, HAS_CORPUS, readCorpus } from '../../support/corpus.ts'

function warn(...lines: readonly string[]): string[] {
  const block = splitHeader(Buffer.from([...lines, '', 'text'].join('\r\n')))
  return findSenderWarnings(block, readFields(block))
}

describe('findSenderWarnings', () => {
  it.each([
    ['two From fields', ['From: a@x.test', 'From: b@x.test'], ['several-from']],
    ['two senders in one', ['From: a@x.test, b@y.test'], ['several-from']],
    ['no From', ['To: a@x.test'], ['no-from']],
    ['a From without an address', ['From: PayPal'], ['no-from']],
    ['answers elsewhere', ['From: a@bank.test', 'Reply-To: a@other.test'], ['reply-to-differs']],
    ['one of several answers elsewhere', ['From: a@bank.test', 'Reply-To: a@bank.test, b@other.test'], ['reply-to-differs']],
    [
      'answers to the neighbour below a shared suffix',
      ['From: a@ann.github.io', 'Reply-To: a@bob.github.io'],
      ['reply-to-differs'],
    ],
    ['a list that nobody wrote to', ['From: a@x.test', 'Reply-To: b@y.test', 'List-Id: <y.test>'], ['reply-to-differs']],
    ['an address for a name', ['From: "security@paypal.com" <a@evil.test>'], ['name-is-address']],
    ['an address in a name', ['From: "Help (help@bank.co.uk)" <a@evil.test>'], ['name-is-address']],
    ['an encoded address in a name', ['From: =?utf-8?q?help=40bank.co.uk?= <a@evil.test>'], ['name-is-address']],
    ['a full-width at', ['From: =?utf-8?b?aGVscO+8oGJhbmsuY28udWs=?= <a@evil.test>'], ['name-is-address']],
    [
      'an address in another alphabet',
      [`From: =?utf-8?b?${Buffer.from('help@bаnk.соm').toString('base64')}?= <a@evil.test>`],
      ['name-is-address'],
    ],
    ['two people of one provider', ['From: "ann@gmail.com" <bob@gmail.com>'], ['name-is-address']],
    ['a well-known domain for a name', ['From: "PayPal.com" <a@evil.test>'], ['name-is-address']],
    ['a look-alike', ['From: a@paypa1.com'], ['lookalike-domain']],
    ['a whole domain in front', ['From: a@paypal.com.evil.test'], ['lookalike-domain']],
    [
      'answers to a look-alike of the sender',
      ['From: a@company.com', 'Reply-To: a@cornpany.com'],
      ['reply-to-differs', 'lookalike-domain'],
    ],
    ['letters beyond ASCII', ['From: a@bücher.test'], ['punycode-domain']],
    ['A-labels', ['From: a@xn--bcher-kva.test'], ['punycode-domain']],
    ['letters of two alphabets', ['From: a@tеst.com'], ['lookalike-domain', 'punycode-domain']],
  ])('sees %s', (_name, lines, warnings) => {
    expect(warn(...lines)).toEqual(warnings)
  })

  it.each([
    ['a person', ['From: Ann <ann@example.com>', 'Reply-To: ann@example.com']],
    ['a part of one organisation', ['From: a@mail.example.co.uk', 'Reply-To: b@example.co.uk']],
    ['two domains of one company', ['From: a@facebook.com', 'Reply-To: b@facebookmail.com']],
    ['a name that is the address', ['From: "ann@example.com" <ann@example.com>']],
    ['a name that is an address of the organisation', ['From: "help@example.com" <bounce@mail.example.com>']],
    [
      'a service in whose name somebody wrote',
      ['From: "Ann via GitHub" <notifications@github.com>', 'Reply-To: r@reply.github.com'],
    ],
    [
      'a newsletter answered by its provider',
      ['From: n@shop.test', 'Reply-To: us1@inbound.mailchimpapp.net', 'List-Unsubscribe: <x>'],
    ],
    ['a list', ['From: a@x.test', 'To: list@y.test', 'Reply-To: list@y.test', 'List-Id: <list.y.test>']],
    ['a name with a domain of its own', ['From: "Amazon.com" <a@amazon.de>']],
    ['a name with a file', ['From: "README.md" <a@x.test>']],
    ['a sender at an IP address', ['From: a@[192.168.1.1]']],
    ['the same sender twice in one field', ['From: a@x.test, a@x.test']],
  ])('is silent about %s', (_name, lines) => {
    expect(warn(...lines)).toEqual([])
  })

  it('reads a header made to be slow', () => {
    const many = Array.from({ length: 5_000 }, (_, index) => `a@${index}.${'x.'.repeat(20)}paypal.com.test`).join(', ')
    expect(warn(`From: "${'a@b.'.repeat(50_000)}" <a@x.test>`, `Reply-To: ${many}`)).toContain('reply-to-differs')
  })
})

describe.skipIf(!HAS_CORPUS)(`ordinary mail${CORPUS_NOTE}`, () => {
  it.each(['mail', 'bounces', 'complaints'] as const)('hardly ever gets a warning in %s', (folder) => {
    const warned = readCorpus(folder).filter(({ raw }) => {
      const block = splitHeader(raw)
      return findSenderWarnings(block, readFields(block)).some((warning) => warning !== 'no-from')
    })
    expect(warned.length).toBeLessThanOrEqual(1)
  })
})
