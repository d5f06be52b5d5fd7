import { describe, expect, test } from 'vitest'
import type { Table } from '../support/dns-server.ts'
import { look, mail, plain } from './checked.ts'

const HOST = 'mx.relay.example'
const RELAY: Table = { [HOST]: { A: ['198.51.100.7'], AAAA: ['2001:db8::7'] } }
const RECEIVED = `Received: from x by ${HOST}; Tue, 24 Nov 2026 12:00:00 +0000\r\n`
const says = (results: string, host = HOST) => `Authentication-Results: ${host};\r\n ${results}\r\n`
const PASS = says(
  'spf=pass smtp.mailfrom=a@example.org; dkim=pass header.d=example.org; dmarc=pass (p=reject) header.from=example.org',
)
const PASSED = { spf: 'pass', dkim: 'pass', dmarc: 'pass', alignedDomain: 'example.org', source: 'relay' }

const from = (remoteAddress: string, raw: string, table: Table = RELAY, change = {}) =>
  look(mail(raw, { remoteAddress, ...change }), table, { trustRelay: HOST })

describe('the word of a relay that is trusted', () => {
  test.each(['127.0.0.1', '::1', '::ffff:127.0.0.1', '198.51.100.7', '::ffff:198.51.100.7', '2001:db8:0::7'])(
    'counts from %s',
    async (remoteAddress) => {
      expect((await from(remoteAddress, `${PASS}${RECEIVED}${plain()}`)).verdict).toEqual(PASSED)
    },
  )

  test('counts from a private address that is the relay\u2019s', async () => {
    const { verdict } = await from('10.0.0.5', `${PASS}${RECEIVED}${plain()}`, { [HOST]: { A: ['10.0.0.5'] } })
    expect(verdict).toEqual(PASSED)
  })

  test('is put together from several fields, as filters write one each', async () => {
    const fields = [
      says('spf=softfail smtp.mailfrom=example.org'),
      says('dkim=fail header.d=example.org; dkim=pass header.d=other.example'),
      says('dmarc=fail header.from=example.org'),
    ]
    const { verdict } = await from('127.0.0.1', `${fields.join('')}${RECEIVED}${plain()}`)
    expect(verdict).toEqual({ spf: 'softfail', dkim: 'pass', dmarc: 'fail', alignedDomain: null, source: 'relay' })
  })

  test.each<[string, string, string | null]>([
    ['by DKIM', 'dkim=pass header.i=@mail.example.org', 'example.org'],
    ['by SPF', 'spf=pass smtp.mailfrom=x@bounce.example.org; dmarc=none header.from=example.org', 'example.org'],
    ['not by another domain', 'dkim=pass header.d=evil.example; spf=pass smtp.mailfrom=evil.example', null],
    ['not by a greeting', 'spf=pass smtp.helo=example.org', null],
    ['not where DMARC failed', 'dkim=pass header.d=example.org; dmarc=fail header.from=example.org', null],
    ['not by a method of another version', 'dkim/2=pass header.d=example.org; spf=none', null],
  ])('names the author %s', async (_how, results, alignedDomain) => {
    expect((await from('127.0.0.1', `${says(results)}${RECEIVED}${plain()}`)).verdict).toMatchObject({
      alignedDomain,
      source: 'relay',
    })
  })

  test('never passes for another author than the one that is shown', async () => {
    const two = plain().replace('Subject', 'From: ceo@bank.example\r\nSubject')
    for (const [raw, change] of [
      [plain('ceo@bank.example'), { fromAddress: 'ceo@bank.example' }],
      [two, {}],
      [plain(), { fromAddress: '' }],
    ] as const) {
      expect((await from('127.0.0.1', `${PASS}${RECEIVED}${raw}`, RELAY, change)).verdict).toMatchObject({
        dmarc: 'permerror',
        alignedDomain: null,
      })
    }
  })

  test('where it contradicts itself does not pass', async () => {
    const { verdict } = await from('127.0.0.1', `${PASS}${says('dmarc=fail header.from=example.org')}${RECEIVED}${plain()}`)
    expect(verdict).toMatchObject({ dmarc: 'fail', alignedDomain: null })
  })
})

describe('what a forger can write', () => {
  test.each<[string, string]>([
    ['below the Received of the relay', `${RECEIVED}${PASS}${plain()}`],
    ['below it, with a Received of the same name', `${RECEIVED}${PASS}${RECEIVED}${plain()}`],
    ['without any Received', `${PASS}${plain()}`],
    ['in the name of another', `${says('dmarc=pass header.from=example.org', 'mx.other.example')}${RECEIVED}${plain()}`],
    [
      'in a name that only begins the same',
      `${says('dmarc=pass header.from=example.org', `${HOST}.evil.example`)}${RECEIVED}${plain()}`,
    ],
    ['in a field that is broken', `${says('dmarc=pass header.from=example.org (')}${RECEIVED}${plain()}`],
    ['for a version that is not known', `${says('dmarc=pass header.from=example.org', `${HOST} 2`)}${RECEIVED}${plain()}`],
    ['in the body', `${RECEIVED}${plain('a@example.org', PASS)}`],
  ])('counts for nothing %s', async (_where, raw) => {
    expect((await from('127.0.0.1', raw)).verdict).toBeNull()
    expect((await from('198.51.100.7', raw)).verdict).toMatchObject({
      source: 'dns',
      spf: 'unknown',
      dkim: 'none',
      alignedDomain: null,
    })
  })

  test('counts for nothing from anybody else, who is looked at instead', async () => {
    const table = { ...RELAY, 'example.org': { TXT: ['v=spf1 ip4:198.51.100.7 -all'] } }
    const { verdict } = await from('192.0.2.66', `${PASS}${RECEIVED}${plain()}`, table)
    expect(verdict).toMatchObject({ spf: 'fail', dkim: 'none', alignedDomain: null, source: 'dns' })
  })

  test('counts for nothing from a private address that is not the relay\u2019s', async () => {
    expect((await from('10.0.0.5', `${PASS}${RECEIVED}${plain()}`)).verdict).toBeNull()
  })

  test('counts for nothing where it cannot be known who the client is, and nobody is blamed', async () => {
    expect((await from('198.51.100.7', `${PASS}${RECEIVED}${plain()}`, { [HOST]: { failure: 'SERVFAIL' } })).verdict).toBeNull()
  })
})

test('a relay that says nothing is not taken for the sender', async () => {
  const table = { ...RELAY, 'example.org': { TXT: ['v=spf1 -all'] }, '_dmarc.example.org': { TXT: ['v=DMARC1; p=reject'] } }
  const { verdict } = await from('198.51.100.7', `${RECEIVED}${plain()}`, table)
  expect(verdict).toEqual({ spf: 'unknown', dkim: 'none', dmarc: 'unknown', alignedDomain: null, source: 'dns' })
})
