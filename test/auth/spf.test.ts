import { describe, expect, test } from 'vitest'
import { checkSender } from '../../src/auth/check-sender.ts'
import { Dns } from '../../src/auth/dns.ts'
import { MAX_DNS_ANSWER_CHARS, MAX_LOOKUPS } from '../../src/auth/limits.ts'
import type { Table } from '../support/dns-server.ts'
import { look, mail, openDns, plain } from './checked.ts'

const record = (text: string): Table => ({ 'example.org': { TXT: [text] } })

describe('SPF', () => {
  test.each<[string, string, Table]>([
    ['pass', 'the address is listed', record('v=spf1 ip4:192.0.2.1 -all')],
    [
      'pass',
      'an included record lists it',
      { ...record('v=spf1 include:a.example -all'), 'a.example': { TXT: ['v=spf1 ip4:192.0.2.0/24 -all'] } },
    ],
    [
      'pass',
      'it is that of the MX',
      { 'example.org': { TXT: ['v=spf1 mx -all'], MX: ['mx.example'] }, 'mx.example': { A: ['192.0.2.1'] } },
    ],
    ['pass', 'the record is too large for UDP', record(`v=spf1 ${'ip4:198.51.100.1 '.repeat(120)}ip4:192.0.2.1 -all`)],
    ['fail', 'the address is not listed', record('v=spf1 ip4:192.0.2.2 -all')],
    ['softfail', 'the owner is not sure', record('v=spf1 ~all')],
    ['neutral', 'the owner says nothing', record('v=spf1 ?all')],
    ['none', 'the domain has no record', { 'example.org': { A: ['192.0.2.1'] } }],
    ['none', 'the domain does not exist', {}],
    ['permerror', 'the record is broken', record('v=spf1 include: -all')],
    ['permerror', 'there are two', { 'example.org': { TXT: ['v=spf1 -all', 'v=spf1 +all'] } }],
    ['permerror', 'it includes itself', record('v=spf1 include:example.org -all')],
    [
      'temperror',
      'the domain cannot be resolved',
      { 'example.org': { failure: 'SERVFAIL' }, '_dmarc.example.org': { TXT: ['v=DMARC1; p=none'] } },
    ],
  ])('is %s when %s', async (spf, _when, table) => {
    expect((await look(mail(plain()), table)).verdict).toMatchObject({ spf, source: 'dns' })
  })

  test('asks the name in the greeting where there is no return path (RFC 7208 section 2.4)', async () => {
    const table = { 'mail.example.org': { TXT: ['v=spf1 ip4:192.0.2.1 -all'] } }
    const { verdict } = await look(mail(plain(), { envelopeFrom: '' }), table)
    expect(verdict).toMatchObject({ spf: 'pass', dmarc: 'none', alignedDomain: 'example.org' })
  })

  test('says nothing of a return path and a greeting that are no domains', async () => {
    const { verdict } = await look(mail(plain(), { envelopeFrom: '', helo: '[192.0.2.1]' }), {})
    expect(verdict).toMatchObject({ spf: 'none' })
  })

  test('takes IPv4 mapped into IPv6 for IPv4', async () => {
    const { verdict } = await look(mail(plain(), { remoteAddress: '::ffff:192.0.2.1' }), record('v=spf1 ip4:192.0.2.1 -all'))
    expect(verdict).toMatchObject({ spf: 'pass' })
  })

  test('asks no more than a bounded number of questions, whatever the records lead to', async () => {
    const hosts = Array.from({ length: 9 }, (_, index) => `h${index}.example`)
    const table: Table = record(`v=spf1 ${hosts.map((host) => `mx:${host}`).join(' ')} -all`)
    for (const host of hosts) table[host] = { MX: Array.from({ length: 10 }, (_, index) => `x${index}.${host}`) }
    for (const host of hosts) for (let index = 0; index < 10; index += 1) table[`x${index}.${host}`] = { A: ['198.51.100.1'] }
    const { questions, verdict } = await look(mail(plain()), table)
    expect(questions.length).toBeLessThanOrEqual(MAX_LOOKUPS + 1)
    expect(verdict).toMatchObject({ spf: 'temperror', alignedDomain: null })
  })

  test('does not tell the owner of a record the name of this machine', async () => {
    const { questions } = await look(mail(plain()), record('v=spf1 exists:%{r}.%{i}.x.example -all'))
    expect(questions).toContain('A unknown.192.0.2.1.x.example')
  })

  test('does not read an answer that is too large', async () => {
    const table = {
      ...record(`v=spf1 exists:${'%{'.repeat(MAX_DNS_ANSWER_CHARS / 2)} +all`),
      '_dmarc.example.org': { TXT: ['v=DMARC1; p=none'] },
    }
    expect((await look(mail(plain()), table)).verdict).toMatchObject({
      spf: 'temperror',
      dmarc: 'temperror',
      alignedDomain: null,
    })
  })

  test('remembers what was answered, and that there was nothing', async () => {
    const server = await openDns({
      ...record('v=spf1 include:none.example ~all'),
      '_dmarc.example.org': { TXT: ['v=DMARC1; p=none'] },
    })
    const dns = new Dns([server.address])
    const check = () => checkSender({ ...mail(plain()), dnsBudgetMs: 60_000 }, dns, null)
    const first = await check()
    const asked = server.questions.length
    expect(await check()).toEqual(first)
    expect(server.questions).toHaveLength(asked)
  })

  test('follows aliases only as far as the server does', async () => {
    const table: Table = { 'example.org': { CNAME: 'a.example' }, 'a.example': { CNAME: 'example.org' } }
    expect((await look(mail(plain()), table)).verdict?.spf).not.toBe('pass')
  })
})

describe('without an answer', () => {
  test.each([
    ['refuses', { 'example.org': { failure: 'REFUSED' }, '_dmarc.example.org': { failure: 'REFUSED' } }],
    ['fails', { 'example.org': { failure: 'SERVFAIL' }, '_dmarc.example.org': { failure: 'SERVFAIL' } }],
  ] satisfies [string, Table][])('everything is unknown when DNS %s', async (_how, table) => {
    expect((await look(mail(plain()), table)).verdict).toBeNull()
  })

  test('everything is unknown when DNS is silent', async () => {
    const table: Table = { 'example.org': { failure: 'silence' }, '_dmarc.example.org': { failure: 'silence' } }
    expect((await look(mail(plain()), table, { dnsBudgetMs: 30 })).verdict).toBeNull()
  })

  test('everything is unknown when no name exists, not even the root', async () => {
    expect((await look(mail(plain()), {}, { hasRoot: false })).verdict).toBeNull()
  })

  test.each(['127.0.0.1', '::1', '::ffff:127.0.0.1', '10.1.2.3', '192.168.0.1', 'fd00::1', 'fe80::1%eth0', 'none'])(
    'nothing is asked for mail from %s',
    async (remoteAddress) => {
      expect(await look(mail(plain(), { remoteAddress }), record('v=spf1 +all'))).toEqual({ verdict: null, questions: [] })
    },
  )
})
