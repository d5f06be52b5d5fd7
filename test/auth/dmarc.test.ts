import { Socket } from 'node:net'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { makeKey, signMail } from '../support/dkim-sign.ts'
import type { Table } from '../support/dns-server.ts'
import { look, mail, plain } from './checked.ts'

const key = makeKey('ed25519')
const keys: Table = {
  'k._domainkey.example.org': { TXT: [key.record] },
  'k._domainkey.news.example.org': { TXT: [key.record] },
  'k._domainkey.evil.example': { TXT: [key.record] },
}
const policy = (text = 'p=reject'): Table => ({ '_dmarc.example.org': { TXT: [`v=DMARC1; ${text}`] } })
const spf = (domain: string): Table => ({ [domain]: { TXT: ['v=spf1 ip4:192.0.2.1 -all'] } })

describe('DMARC', () => {
  test('passes by SPF alone', async () => {
    const { verdict } = await look(mail(plain()), { ...policy(), ...spf('example.org') })
    expect(verdict).toEqual({ spf: 'pass', dkim: 'none', dmarc: 'pass', alignedDomain: 'example.org', source: 'dns' })
  })

  test('passes by DKIM alone: forwarded mail', async () => {
    const checked = mail(signMail(plain(), { key }), { envelopeFrom: 'list@other.example' })
    const { verdict } = await look(checked, { ...policy(), ...keys, 'other.example': { TXT: ['v=spf1 -all'] } })
    expect(verdict).toEqual({ spf: 'fail', dkim: 'pass', dmarc: 'pass', alignedDomain: 'example.org', source: 'dns' })
  })

  test('passes for another name of the same organisation, unless the owner wants the same name', async () => {
    const checked = () => mail(signMail(plain(), { key, domain: 'news.example.org' }), { envelopeFrom: 'a@bounce.example.org' })
    const table = { ...keys, ...spf('bounce.example.org') }
    expect((await look(checked(), { ...table, ...policy() })).verdict).toMatchObject({
      dmarc: 'pass',
      alignedDomain: 'example.org',
    })
    expect((await look(checked(), { ...table, ...policy('p=reject; adkim=s; aspf=s') })).verdict).toMatchObject({
      spf: 'pass',
      dkim: 'pass',
      dmarc: 'fail',
      alignedDomain: null,
    })
  })

  test('goes by the policy of the organisation for a name below it', async () => {
    const from = 'a@shop.example.org'
    const checked = (domain: string) =>
      mail(signMail(plain(from), { key, domain }), { fromAddress: from, envelopeFrom: '', helo: '' })
    const table = { ...keys, ...policy('p=none; sp=reject') }
    expect((await look(checked('example.org'), table)).verdict).toMatchObject({
      dmarc: 'pass',
      alignedDomain: 'shop.example.org',
    })
    expect((await look(checked('evil.example'), table)).verdict).toMatchObject({
      dkim: 'pass',
      dmarc: 'fail',
      alignedDomain: null,
    })
  })

  test('fails for a forged author, whoever else has signed and may send', async () => {
    const checked = mail(signMail(plain(), { key, domain: 'evil.example' }), {
      envelopeFrom: 'x@evil.example',
      helo: 'evil.example',
    })
    const { verdict } = await look(checked, { ...policy(), ...keys, ...spf('evil.example') })
    expect(verdict).toEqual({ spf: 'pass', dkim: 'pass', dmarc: 'fail', alignedDomain: null, source: 'dns' })
  })

  test('fails where nothing passes', async () => {
    const { verdict } = await look(mail(plain()), { ...policy(), 'example.org': { TXT: ['v=spf1 -all'] } })
    expect(verdict).toEqual({ spf: 'fail', dkim: 'none', dmarc: 'fail', alignedDomain: null, source: 'dns' })
  })

  test('is not known to fail while SPF or a key cannot be had', async () => {
    const { verdict } = await look(mail(plain()), { ...policy(), 'example.org': { failure: 'SERVFAIL' } })
    expect(verdict).toMatchObject({ spf: 'temperror', dmarc: 'temperror', alignedDomain: null })
  })

  test('never passes for two From fields, be they of one domain: no reader shows both', async () => {
    const checked = mail(`From: b@example.org\r\n${plain()}`)
    const { verdict } = await look(checked, { ...policy(), ...spf('example.org') })
    expect(verdict).toMatchObject({ spf: 'pass', dmarc: 'permerror', alignedDomain: null })
  })

  test('without a record is none, and the author is known all the same', async () => {
    const checked = mail(signMail(plain(), { key, domain: 'news.example.org' }), { envelopeFrom: '', helo: '' })
    expect((await look(checked, keys)).verdict).toMatchObject({ dmarc: 'none', alignedDomain: 'example.org' })
  })

  test.each([
    ['github.io', 'a@victim.github.io', 'evil.github.io'],
    ['co.uk', 'a@bank.co.uk', 'evil.co.uk'],
  ])('takes two names below %s for strangers', async (_suffix, from, domain) => {
    const checked = mail(signMail(plain(from), { key, domain }), { fromAddress: from, envelopeFrom: `x@${domain}` })
    const { verdict } = await look(checked, { ...spf(domain), [`k._domainkey.${domain}`]: { TXT: [key.record] } })
    expect(verdict).toMatchObject({ spf: 'pass', dkim: 'pass', dmarc: 'none', alignedDomain: null })
  })

  test('compares international names in one form', async () => {
    const checked = mail(signMail(plain('a@xn--bcher-kva.example'), { key, domain: 'xn--bcher-kva.example' }), {
      fromAddress: 'a@b\u00fccher.example',
    })
    const { verdict } = await look(checked, { 'k._domainkey.xn--bcher-kva.example': { TXT: [key.record] } })
    expect(verdict).toMatchObject({ dkim: 'pass', alignedDomain: 'xn--bcher-kva.example' })
  })

  test('never fetches: no socket is opened, and nobody is asked for what others would fetch', async () => {
    const connect = vi.spyOn(Socket.prototype, 'connect')
    onTestFinished(() => connect.mockRestore())
    const raw = signMail(plain().replace('Subject', 'BIMI-Selector: v=BIMI1; s=brand\r\nSubject'), { key })
    const bimi = { 'brand._bimi.example.org': { TXT: ['v=BIMI1; l=https://127.0.0.1/logo.svg; a=https://127.0.0.1/vmc.pem'] } }
    const { questions, verdict } = await look(mail(raw), {
      ...policy('p=reject; rua=mailto:r@example.org'),
      ...keys,
      ...spf('example.org'),
      ...bimi,
    })
    expect(verdict?.dmarc).toBe('pass')
    expect(connect).not.toHaveBeenCalled()
    expect(questions.filter((question) => /bimi|mta-sts|report/.test(question))).toEqual([])
  })
})
