import { describe, expect, test } from 'vitest'
import { verifySignatures } from '../../src/auth/dkim.ts'
import { readHeader } from '../../src/auth/header.ts'
import { MAX_CHECKED_HEADER_LINES, MAX_SIGNATURES } from '../../src/auth/limits.ts'
import type { Draft } from '../../src/composer.ts'
import { createComposer } from '../../src/mime/compose/compose.ts'
import { CORPUS_NOTE, HAS_CORPUS, readCorpus } from '../support/corpus.ts'
import { makeKey, signMail } from '../support/dkim-sign.ts'
import type { Table } from '../support/dns-server.ts'
import { look, mail, plain } from './checked.ts'

const key = makeKey('rsa')
const other = makeKey('rsa')
const published = (record = key.record): Table => ({ 'k._domainkey.example.org': { TXT: [record] } })

describe('DKIM', () => {
  test.each(['rsa', 'ed25519'] as const)('passes for what is signed with a key of %s', async (type) => {
    const own = makeKey(type)
    const { verdict } = await look(mail(signMail(plain(), { key: own })), published(own.record))
    expect(verdict).toMatchObject({ dkim: 'pass', dmarc: 'none', alignedDomain: 'example.org' })
  })

  test('passes for what we sign ourselves', async () => {
    const privateKeyPem = key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    const raw = await createComposer().compose(DRAFT, { domain: 'example.org', selector: 'k', privateKeyPem })
    const { verdict } = await look(mail(Buffer.from(raw).toString('latin1')), published())
    expect(verdict).toMatchObject({ dkim: 'pass', alignedDomain: 'example.org' })
  })

  test('passes for the example of RFC 8463, which somebody else has signed', async () => {
    const record = 'v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo='
    const checked = mail(RFC_8463, { envelopeFrom: 'joe@football.example.com', fromAddress: 'joe@football.example.com' })
    const { verdict } = await look(checked, { 'brisbane._domainkey.football.example.com': { TXT: [record] } })
    expect(verdict).toMatchObject({ dkim: 'pass', alignedDomain: 'football.example.com' })
  })

  test('takes a lone LF for a line end, as who signed it did', async () => {
    const signed = signMail(plain('a@example.org', 'one\r\n\r\ntwo\r\nthree'), { key })
    const [header, ...body] = signed.split('\r\n\r\n')
    const { verdict } = await look(mail(`${header}\r\n\r\n${body.join('\n\n').replaceAll('\r\n', '\n')}`), published())
    expect(verdict?.dkim).toBe('pass')
  })

  test('goes by the time at which the mail came, not by that of the look', async () => {
    const signed = signMail(plain(), { key, tags: `t=${Date.UTC(2020, 0, 1) / 1_000}; x=${Date.UTC(2020, 0, 8) / 1_000}; ` })
    const at = (receivedAt: number) => look(mail(signed, { receivedAt }), published())
    expect((await at(Date.UTC(2020, 0, 2))).verdict?.dkim).toBe('pass')
    expect((await at(Date.UTC(2020, 0, 9))).verdict?.dkim).not.toBe('pass')
  })

  test.each<[string, string, string, Table]>([
    ['fail', 'the body was changed', signMail(plain(), { key }).replace('Hello.', 'Hallo.'), published()],
    ['fail', 'a signed field was changed', signMail(plain(), { key }).replace('Subject: Hello', 'Subject: Hallo'), published()],
    ['fail', 'the key is another', signMail(plain(), { key }), published(other.record)],
    ['neutral', 'there is no key', signMail(plain(), { key }), { '_dmarc.example.org': { TXT: ['v=DMARC1; p=none'] } }],
    ['neutral', 'the key was withdrawn', signMail(plain(), { key }), published('v=DKIM1; p=')],
    ['neutral', 'the key is too short', signMail(plain(), { key: makeKey('rsa', 768) }), published(makeKey('rsa', 768).record)],
    ['neutral', 'From is not signed', signMail(plain(), { key, fields: 'subject' }), published()],
    ['neutral', 'something was added after l=', `${signMail(plain(), { key, length: 8 })}Pay here.\r\n`, published()],
    ['neutral', 'l= covers nothing', signMail(plain(), { key, length: 0 }), published()],
    [
      'temperror',
      'the key cannot be had',
      signMail(plain(), { key }),
      { 'k._domainkey.example.org': { failure: 'SERVFAIL' }, '_dmarc.example.org': { TXT: ['v=DMARC1; p=none'] } },
    ],
    ['none', 'nothing is signed', plain(), { 'example.org': { A: ['192.0.2.1'] } }],
  ])('is %s when %s', async (dkim, _when, raw, table) => {
    expect((await look(mail(raw), table)).verdict).toMatchObject({ dkim, alignedDomain: null })
  })

  test('passes with an l= that covers all there is', async () => {
    expect((await look(mail(signMail(plain(), { key, length: 8 })), published())).verdict?.dkim).toBe('pass')
  })

  test('verifies a bounded number of signatures, those of the From domain first', async () => {
    const foreign = Array.from(
      { length: 500 },
      (_, index) => `DKIM-Signature: v=1; a=rsa-sha256; d=d${index}.example; s=k; h=from; bh=; b=AA==\r\n`,
    )
    const { verdict, questions } = await look(mail(`${foreign.join('')}${signMail(plain(), { key })}`), published())
    expect(verdict).toMatchObject({ dkim: 'pass', alignedDomain: 'example.org' })
    expect(questions.filter((question) => question.includes('_domainkey')).length).toBeLessThanOrEqual(MAX_SIGNATURES)
  })

  test('verifies a signature that covers the ones that are not looked at', async () => {
    const foreign = Array.from(
      { length: 6 },
      (_, index) => `DKIM-Signature: v=1; a=rsa-sha256; d=d${index}.example; s=k; h=from; bh=AA==; b=AA==\r\n`,
    )
    const signed = signMail(`${foreign.join('')}${plain()}`, { key, fields: 'from:dkim-signature:dkim-signature' })
    expect((await look(mail(signed), published())).verdict?.dkim).toBe('pass')
  })

  test('is a permerror, and so is DMARC, for a header that is too large to read', async () => {
    const raw = signMail(plain(), { key }).replace('Subject:', `${'X: y\r\n'.repeat(MAX_CHECKED_HEADER_LINES)}Subject:`)
    expect((await look(mail(raw), { ...published(), 'example.org': { TXT: ['v=spf1 +all'] } })).verdict).toEqual({
      spf: 'pass',
      dkim: 'permerror',
      dmarc: 'permerror',
      alignedDomain: null,
      source: 'dns',
    })
  })

  test('is a temperror when the time is over before the body is read, and what the header says is kept', async () => {
    const raw = Buffer.from(signMail(plain('a@example.org', 'x\r\n'.repeat(100_000)), { key }))
    const header = readHeader(raw)
    if (header === null) throw new Error('the header is small')
    const resolve = async () => [[key.record]]
    const findings = (isOver: boolean) =>
      verifySignatures(raw, header, { resolve, isOver }, { fromDomain: 'example.org', receivedAt: Date.now() })
    expect(await findings(true)).toEqual({ verdict: 'temperror', passed: [], fromAddresses: ['a@example.org'], fromFields: 1 })
    expect(await findings(false)).toMatchObject({ verdict: 'pass', passed: ['example.org'] })
  })
})

describe('two authors', () => {
  const signed = signMail(plain(), { key })
  const table: Table = {
    ...published(),
    'example.org': { TXT: ['v=spf1 +all'] },
    '_dmarc.example.org': { TXT: ['v=DMARC1; p=reject'] },
  }

  test.each([
    ['two From fields, the forged one first', `From: ceo@bank.example\r\n${signed}`, 'ceo@bank.example'],
    ['two From fields, the forged one last', signed.replace('\r\n\r\n', '\r\nFrom: ceo@bank.example\r\n\r\n'), 'a@example.org'],
    ['two From fields of one domain', `From: b@example.org\r\n${signed}`, 'b@example.org'],
    ['two addresses of two domains', plain('a@example.org, ceo@bank.example'), 'a@example.org'],
    ['an author that the verifier reads otherwise', plain('a@example.org'), 'ceo@bank.example'],
    ['no author at all', 'Subject: Hello\r\n\r\nHello.\r\n', ''],
  ])('never pass: %s', async (_what, raw, fromAddress) => {
    const { verdict } = await look(mail(raw, { fromAddress }), table)
    expect(verdict).toMatchObject({ dmarc: 'permerror', alignedDomain: null })
    expect(verdict?.dkim).not.toBe('pass')
  })
})

describe.skipIf(!HAS_CORPUS)(`mail of others${CORPUS_NOTE}`, () => {
  test('never passes where DNS does not answer', async () => {
    const signed = readCorpus('mail').filter(
      ({ name, raw }) => name.includes('mail-auth') && /^dkim-signature:/im.test(raw.toString('latin1')),
    )
    expect(signed.length).toBeGreaterThan(0)
    for (const { raw } of signed) {
      expect((await look(mail(raw.toString('latin1')), {}, { hasRoot: false })).verdict).toBeNull()
    }
  })
})

const DRAFT: Draft = {
  from: { name: null, address: 'a@example.org' },
  toAddresses: ['ada@example.com'],
  ccAddresses: [],
  subject: 'Hello',
  text: 'Hello.',
  html: null,
  messageIdHeader: '<1@example.org>',
  sentAt: Date.UTC(2026, 10, 24),
  inReplyTo: null,
  references: [],
  autoSubmitted: null,
  attachments: [],
}

const RFC_8463 = [
  'DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;',
  ' d=football.example.com; i=@football.example.com;',
  ' q=dns/txt; s=brisbane; t=1528637909; h=from : to :',
  ' subject : date : message-id : from : subject : date;',
  ' bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;',
  ' b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus',
  ' Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==',
  'From: Joe SixPack <joe@football.example.com>',
  'To: Suzie Q <suzie@shopping.example.net>',
  'Subject: Is dinner ready?',
  'Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)',
  'Message-ID: <20030712040037.46341.5F8J@football.example.com>',
  '',
  'Hi.',
  '',
  'We lost the game.  Are you hungry yet?',
  '',
  'Joe.',
  '',
].join('\r\n')
