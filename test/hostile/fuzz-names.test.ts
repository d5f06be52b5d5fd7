import { afterAll, describe, expect, it } from 'vitest'
import { canonicalDomain, checkLocalPart, parseSubAddress } from '../../src/addresses.ts'
import { MailError } from '../../src/errors.ts'
import { MAX_ADDRESS_BYTES } from '../../src/limits.ts'
import { NearAddresses } from '../../src/near-addresses.ts'
import { checkRecipient } from '../../src/out-addresses.ts'
import { MAX_SAFE_NAME_BYTES, makeSafeFilename } from '../../src/safe-filename.ts'
import { isPlainAddress, isSender, parseMailArgument, parseRecipientArgument } from '../../src/smtp/command-arguments.ts'
import { Campaign, report, type Turn } from './fuzz/campaign.ts'
import { mutateText } from './fuzz/text.ts'

const OURS = ['ada-lovelace@agents.localhost', 'brave-otter-42@agents.localhost', 'signup@xn--bcher-kva.example']
const ADDRESSES = [
  ...[
    ...OURS,
    'ada+shop@agents.localhost',
    'a.b_c-d@Example.ORG',
    'bob@b\u00fccher.example',
    'MAIL FROM:<a@b.test> SIZE=100 BODY=8BITMIME',
  ],
  ...[
    'RCPT TO:<"a b"@c.test>',
    '<@relay,@relay2:user@host>',
    'user%relay@host',
    'host!user@relay',
    'user@[127.0.0.1]',
    'user@[IPv6:::1]',
    'postmaster',
  ],
]
const NAMES = [
  ...[
    'report.pdf',
    'archive.tar.gz',
    '../../etc/passwd',
    'C:\\Windows\\system32\\con.txt',
    'CLAUDE.md',
    '.bashrc',
    'aux',
    'com1.txt',
    '-rf',
    'package.json',
  ],
  ...[
    '\u202efdp.exe',
    'Rechnung Nr. 12 (final).docx',
    '\u8acb\u6c42\u66f8.pdf',
    'a'.repeat(300),
    `${'\u00e9'.repeat(200)}.png`,
    '...',
    ' ',
    'vite.config.js',
    'x:y',
    'a.b.c.d.e',
  ],
]
const ADDRESS_TOKENS = [
  '@',
  '.',
  '..',
  '+',
  '-',
  '_',
  '%',
  '!',
  ':',
  ',',
  ';',
  '<',
  '>',
  '"',
  '\\',
  '(',
  ')',
  '[',
  ']',
  'xn--',
  ' ',
  'localhost',
  '.test',
  '0x7f.1',
  '=?utf-8?q?a?=',
]
const NAME_TOKENS = [
  '/',
  '\\',
  '..',
  '.',
  ':',
  '*',
  '?',
  '|',
  '<',
  '>',
  '"',
  "'",
  '$',
  '`',
  '~',
  '%00',
  '\u2044',
  '\uff0f',
  '\uff0e\uff0e',
  'con',
  'nul.',
  'README',
  '.md',
  '.exe',
  'AGENTS',
  ' ',
  '\t',
]

describe('names that strangers chose', () => {
  const campaign = new Campaign('names', 20_000)
  const near = new NearAddresses(OURS)
  afterAll(() => report(campaign.summary()))

  /** What a function answers, or null where it refuses as it may. */
  function orRefused(read: () => string): { value: string | null; faults: string[] } {
    try {
      return { value: read(), faults: [] }
    } catch (error) {
      if (!(error instanceof MailError) || error.code !== 'invalid_argument')
        return { value: null, faults: [`threw ${String(error)}`] }
      campaign.count('refusals')
      const isClean = error.message.isWellFormed() && !/\p{Cc}|[\u2028\u2029\u202a-\u202e]/u.test(error.message)
      return { value: null, faults: isClean && error.message.length < 500 ? [] : [`says ${error.message}`] }
    }
  }

  function attackAddress(text: string): string[] {
    const faults: string[] = []
    const sub = parseSubAddress(text)
    if (sub !== null) {
      campaign.count('addresses read')
      const again = parseSubAddress(sub.address)
      if (!/^[a-z0-9._-]+@[a-z0-9.-]+$/.test(sub.inboxAddress)) faults.push(`inbox ${sub.inboxAddress}`)
      if (!/^[\x21-\x7e]+$/.test(sub.address) || sub.address.length > MAX_ADDRESS_BYTES) faults.push(`address ${sub.address}`)
      if (again?.address !== sub.address || again.inboxAddress !== sub.inboxAddress)
        faults.push('reads otherwise the second time')
    }
    const domain = canonicalDomain(text)
    if (domain !== null && canonicalDomain(domain) !== domain) faults.push(`domain ${domain}`)
    const recipient = orRefused(() => checkRecipient(text))
    faults.push(...recipient.faults, ...orRefused(() => checkLocalPart(text)).faults)
    if (recipient.value !== null) {
      campaign.count('recipients taken')
      if (!/^[!-;=?-~]{1,64}@[a-z0-9.-]+$/.test(recipient.value)) faults.push(`recipient ${recipient.value}`)
      if (checkRecipient(recipient.value) !== recipient.value) faults.push('recipient changes the second time')
    }
    const found = near.find(text)
    if (found !== null && !OURS.includes(found)) faults.push(`near ${found}`)
    for (const argument of [parseMailArgument(text), parseRecipientArgument(text)]) {
      if (argument === null) continue
      campaign.count('arguments read')
      if (!text.includes(argument.path)) faults.push(`path ${argument.path}`)
      if (/\p{Cc}/u.test(argument.path)) faults.push('path with a control character')
      if (isPlainAddress(argument.path) && /[\s<>%!"]/.test(argument.path)) faults.push(`plain ${argument.path}`)
      if (isSender(argument.path) && Buffer.byteLength(argument.path) > MAX_ADDRESS_BYTES) faults.push('sender too long')
    }
    return faults
  }

  function attackFilename(name: string): string[] {
    const safe = makeSafeFilename(name)
    const isDevice = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i.test(safe)
    return [
      ...(safe === '' || Buffer.byteLength(safe) > MAX_SAFE_NAME_BYTES || !safe.isWellFormed()
        ? ['empty, too long or half a character']
        : []),
      ...(/[^\p{L}\p{M}\p{N}._-]/u.test(safe) || /^[._-]|\.\.|[._-]$/.test(safe) ? [`unsafe ${JSON.stringify(safe)}`] : []),
      ...(isDevice || /^(?:claude|agents|readme)\.md$/i.test(safe) ? [`obeyed ${safe}`] : []),
      ...(makeSafeFilename(name) === safe ? [] : ['another name the second time']),
    ]
  }

  function attack(turn: Turn): void {
    const isAddress = turn.dice.roll(2) === 0
    const text = isAddress ? mutateText(turn.dice, ADDRESSES, ADDRESS_TOKENS) : mutateText(turn.dice, NAMES, NAME_TOKENS)
    try {
      campaign.fault(turn, text, isAddress ? attackAddress(text) : attackFilename(text))
    } catch (error) {
      campaign.fault(turn, text, [`threw ${String(error)}`])
    }
  }

  it('are taken as they are, made harmless, or refused in words of ours', { timeout: 600_000 }, () => {
    for (const turn of campaign.turns()) attack(turn)
    expect(campaign.faults).toEqual([])
  })
})
