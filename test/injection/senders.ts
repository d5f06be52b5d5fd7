/** Senders who pretend to be somebody else. */

import type { SenderWarning } from '../../src/mail-facts.ts'
import { encodeWord, type HostileMail, writePlain } from './hostile-mail.ts'

const FORGED: readonly (readonly [SenderWarning, string, readonly string[]])[] = [
  ['several-from', 'two From fields', ['From: security@paypal.com', 'From: zqxj@evil.test']],
  ['several-from', 'two From fields, the good one last', ['From: zqxj@evil.test', 'From: security@paypal.com']],
  ['several-from', 'two senders in one field', ['From: security@paypal.com, zqxj@evil.test']],
  ['several-from', 'a group of senders', ['From: Bank: security@paypal.com, zqxj@evil.test;']],
  ['several-from', 'two angle brackets', ['From: <security@paypal.com> <zqxj@evil.test>']],
  ['no-from', 'no sender', ['X-From: none', 'Sender: security@paypal.com']],
  ['no-from', 'a sender without an address', ['From: PayPal security (zqxj)']],
  ['no-from', 'an empty sender', ['From: <>']],
  ['reply-to-differs', 'answers elsewhere', ['From: security@paypal.com', 'Reply-To: zqxj@evil.test']],
  ['reply-to-differs', 'answers to a copy', ['From: security@paypal.com', 'Reply-To: security@paypal.com, zqxj@evil.test']],
  ['reply-to-differs', 'answers to a neighbour', ['From: a@ann.github.io', 'Reply-To: zqxj@bob.github.io']],
  ['reply-to-differs', 'a list that nobody wrote to', ['From: a@bank.test', 'Reply-To: zqxj@evil.test', 'List-Id: <evil.test>']],
  ['name-is-address', 'an address for a name', ['From: "security@paypal.com" <zqxj@evil.test>']],
  ['name-is-address', 'an address in a name', ['From: "PayPal security@paypal.com (verified)" <zqxj@evil.test>']],
  ['name-is-address', 'an encoded address', [`From: ${encodeWord('security@paypal.com')} <zqxj@evil.test>`]],
  ['name-is-address', 'a full-width at', [`From: ${encodeWord('security＠paypal.com')} <zqxj@evil.test>`]],
  ['name-is-address', 'an address behind brackets', [`From: ${encodeWord('PayPal <security@paypal.com>')} <zqxj@evil.test>`]],
  [
    'name-is-address',
    'an address with hidden letters',
    [`From: ${encodeWord('secu\u200brity@pay\u00adpal.com')} <zqxj@evil.test>`],
  ],
  ['name-is-address', 'a neighbour of a public provider', ['From: "boss@gmail.com" <zqxj@gmail.com>']],
  ['name-is-address', 'a domain for a name', ['From: "PayPal.com" <zqxj@evil.test>']],
  ['lookalike-domain', 'a digit', ['From: zqxj@paypa1.com']],
  ['lookalike-domain', 'two letters for one', ['From: zqxj@rnicrosoft.com']],
  ['lookalike-domain', 'Cyrillic letters', ['From: zqxj@раураl.com']],
  ['lookalike-domain', 'Cyrillic letters as A-labels', ['From: zqxj@xn--80ak6aa92e.com']],
  ['lookalike-domain', 'a typing error', ['From: zqxj@gooogle.com']],
  ['lookalike-domain', 'bait', ['From: zqxj@paypal-secure-login.com']],
  ['lookalike-domain', 'a domain in front', ['From: zqxj@paypal.com.evil.test']],
  ['lookalike-domain', 'answers to a look-alike', ['From: boss@company.com', 'Reply-To: zqxj@cornpany.com']],
  ['punycode-domain', 'letters with marks', ['From: zqxj@pаypаl.test']],
  ['punycode-domain', 'another alphabet', ['From: zqxj@банк.test']],
]

export const SENDER_MAILS: readonly HostileMail[] = FORGED.map(([warning, name, headers]) => ({
  name: `${warning}: ${name}`,
  raw: writePlain('Please confirm the payment.', headers),
  outcome: { is: 'sender', warning },
}))
