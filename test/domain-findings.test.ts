import { describe, expect, test } from 'vitest'
import type { DnsAnswer } from '../src/domain-dns.ts'
import { type Finding, type Findings, judgeAnswers } from '../src/domain-findings.ts'
import { listRecords, type WantedRecord, writeZone } from '../src/domain-records.ts'
import type { RecordPurpose } from '../src/domains.ts'

const KEY = 'MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA'.repeat(9)
const WANTED = listRecords({
  domain: 'example.org',
  selector: 's',
  publicKey: KEY,
  ownershipToken: 'token',
  mxHost: 'mx.inbox.example',
})
const wantedValue = (purpose: RecordPurpose) => WANTED.find((record) => record.purpose === purpose)?.value ?? ''

const texts = (...all: string[]): DnsAnswer => ({ kind: 'records', records: all.map((text) => ({ text })) })
const exchanges = (...all: [number, string][]): DnsAnswer => {
  return { kind: 'records', records: all.map(([priority, exchange]) => ({ priority, exchange })) }
}
const ABSENT: DnsAnswer = { kind: 'absent' }
const FAILED: DnsAnswer = { kind: 'failed' }

/** What is found when each server answers so about one record. */
function judge(purpose: RecordPurpose, ...answers: DnsAnswer[]): Finding {
  const row = (answer: DnsAnswer) => WANTED.map((record: WantedRecord) => (record.purpose === purpose ? answer : ABSENT))
  const findings: Findings = judgeAnswers(WANTED, answers.map(row))
  return findings[purpose]
}

describe('a record that is right', () => {
  test.each<[RecordPurpose, DnsAnswer]>([
    ['ownership', texts('v=other', 'inbox-mcp-verification=token')],
    ['mx', exchanges([20, 'backup.example'], [5, 'mx.inbox.example'])],
    ['dkim', texts(`v=DKIM1; k=rsa; p=${KEY}`)],
    ['dkim', texts(`p=${KEY.slice(0, 99)} ${KEY.slice(99)} ; t=s`)],
    ['spf', texts('google-site-verification=1', 'v=spf1 include:spf.relay.example -all')],
    ['spf', texts('V=SPF1 redirect=_spf.example.net')],
    ['dmarc', texts('v=DMARC1; p=reject; rua=mailto:d@example.org')],
  ])('of %s is ok, and nothing of it is shown', (purpose, answer) => {
    expect(judge(purpose, answer)).toEqual({ status: 'ok', found: [], note: null, isCertain: true })
  })
})

describe('a record that is not there', () => {
  test.each(WANTED.map(({ purpose }) => purpose))('of %s is missing', (purpose) => {
    expect(judge(purpose, ABSENT)).toMatchObject({ status: 'missing', found: [], isCertain: true })
  })

  test('of SPF and DMARC is missing among other texts, which are nobody’s business', () => {
    for (const purpose of ['spf', 'dmarc'] as const) {
      expect(judge(purpose, texts('v=spf10 mx', 'v=DMARC10', 'apple'))).toMatchObject({ status: 'missing', found: [] })
    }
  })
})

describe('a record that is wrong', () => {
  test.each<[RecordPurpose, DnsAnswer, string[]]>([
    ['ownership', texts('inbox-mcp-verification=other'), ['inbox-mcp-verification=other']],
    ['ownership', texts('inbox-mcp-verification=token2'), ['inbox-mcp-verification=token2']],
    ['mx', exchanges([10, 'mail.other.example']), ['10 mail.other.example']],
    ['mx', exchanges([0, '']), ['0 .']],
    ['mx', exchanges([5, 'a.example'], [10, 'mx.inbox.example']), ['5 a.example', '10 mx.inbox.example']],
    ['mx', exchanges([10, 'a.example'], [10, 'mx.inbox.example']), ['10 a.example', '10 mx.inbox.example']],
    ['mx', exchanges([10, 'mx.inbox.example.evil.example']), ['10 mx.inbox.example.evil.example']],
    ['dkim', texts('hello'), ['hello']],
    ['dkim', texts('v=DKIM1; p='), ['v=DKIM1; p=']],
    ['dkim', texts('v=DKIM1; p=AAAA'), ['v=DKIM1; p=AAAA']],
    ['dkim', texts('p=AAAA', 'p=BBBB'), ['p=AAAA', 'p=BBBB']],
    ['spf', texts('v=spf1 -all'), ['v=spf1 -all']],
    ['spf', texts('v=spf1 mx +all'), ['v=spf1 mx +all']],
    ['spf', texts('v=spf1 -mx ?all'), ['v=spf1 -mx ?all']],
    ['spf', texts('v=spf1 mx ~all', 'v=spf1 a ~all'), ['v=spf1 mx ~all', 'v=spf1 a ~all']],
    ['dmarc', texts('v=DMARC1'), ['v=DMARC1']],
    ['dmarc', texts('v=DMARC1; p=none', 'v=DMARC1; p=reject'), ['v=DMARC1; p=none', 'v=DMARC1; p=reject']],
  ])('of %s is said to be, with what was found', (purpose, answer, found) => {
    expect(judge(purpose, answer)).toEqual({ status: 'wrong', found, note: expect.stringMatching(/\.$/), isCertain: true })
  })

  test.each(['k=ed25519', 'h=sha1', 's=tlsrpt', 'v=DKIM2', 't=y', 't=s:y'])(
    'of DKIM is one whose key is right and whose tags say %s',
    (tag) => {
      expect(judge('dkim', texts(`${tag}; p=${KEY}`))).toMatchObject({ status: 'wrong' })
    },
  )

  test('of DKIM is one that has its key twice, of which verifiers may take the other', () => {
    for (const text of [`p=AAAA; p=${KEY}`, `p=${KEY}; p=AAAA`])
      expect(judge('dkim', texts(text))).toMatchObject({ status: 'wrong' })
  })
})

describe('several servers', () => {
  const own = texts(wantedValue('ownership'))

  test('must agree before a record is surely there, or surely gone', () => {
    expect(judge('ownership', own, own)).toMatchObject({ status: 'ok', isCertain: true })
    expect(judge('ownership', ABSENT, texts('x'))).toMatchObject({ status: 'missing', isCertain: true })
    for (const answers of [
      [own, ABSENT],
      [texts('x'), own],
    ]) {
      expect(judge('ownership', ...answers)).toMatchObject({ isCertain: false, note: expect.stringMatching(/do not yet/) })
    }
  })

  test('that fail say nothing: the others decide, and without any nothing does', () => {
    expect(judge('ownership', FAILED, own)).toMatchObject({ status: 'ok', isCertain: true })
    expect(judge('ownership', FAILED, ABSENT)).toMatchObject({ status: 'missing', isCertain: true })
    expect(judge('ownership', FAILED, FAILED)).toMatchObject({ status: 'unknown', isCertain: false })
    expect(judge('ownership')).toMatchObject({ status: 'unknown', isCertain: false })
  })
})

describe('what strangers write into DNS', () => {
  test('is shown on one line each, short, few, and with nothing that hides', () => {
    const hostile = texts('a\r\nb\u2028c\u202ed\u200b\u0007e', '\ud800x', ...Array.from({ length: 50 }, () => 'y'.repeat(60_000)))
    const { found } = judge('ownership', hostile)
    expect(found.slice(0, 2)).toEqual(['a b cd e', '\ufffdx'])
    expect(found).toHaveLength(5)
    expect(Math.max(...found.map((text) => text.length))).toBe(200)
  })

  test('is judged in a moment, however much it is', () => {
    const many = Array.from({ length: 5_000 }, (_, index): [number, string] => [index % 7, `h${index}.example`])
    expect(judge('mx', exchanges(...many))).toMatchObject({ status: 'wrong', found: expect.any(Array) })
    const long = ['v=spf1 ', 'v=DMARC1 ', 'p=', ';', ' ', '='].map((piece) => piece.repeat(60_000 / piece.length))
    for (const purpose of ['ownership', 'dkim', 'spf', 'dmarc'] as const) {
      expect(['wrong', 'missing']).toContain(judge(purpose, texts(...long)).status)
    }
  })
})

describe('the zone file', () => {
  test('has each record on a line, its text in strings of at most 255 bytes', () => {
    const zone = writeZone(WANTED)
    expect(zone).toMatch(/^_inbox-mcp\.example\.org\. 3600 IN TXT "inbox-mcp-verification=token"$/m)
    expect(zone).toMatch(/^example\.org\. 3600 IN MX 10 mx\.inbox\.example\.$/m)
    expect(zone.trimEnd().split('\n')).toHaveLength(WANTED.length)
    const strings = [...(/^s\._domainkey.* TXT (.*)$/m.exec(zone)?.[1] ?? '').matchAll(/"([^"]*)"/g)].map(
      ([, text]) => text ?? '',
    )
    expect(strings.map((text) => text.length)).toEqual([255, wantedValue('dkim').length - 255])
    expect(strings.join('')).toBe(wantedValue('dkim'))
  })
})
