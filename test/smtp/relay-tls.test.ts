import { connect, type Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import type { RelayOptions } from '../../src/smtp/relay.ts'
import { dialRelay } from '../../src/smtp/relay-dial.ts'
import { CERTIFICATE, CERTIFICATE_KEY } from '../support/certificate.ts'
import { RELAY_CERTIFICATE, RELAY_CERTIFICATE_KEY } from '../support/relay-certificate.ts'
import { carriage, never, type RelayFixture, startRelay } from '../support/relay-fixture.ts'
import type { RelaySetup } from '../support/scripted-relay.ts'

const TLS = { cert: RELAY_CERTIFICATE, key: RELAY_CERTIFICATE_KEY }
const TLS_OF_ANOTHER = { cert: CERTIFICATE, key: CERTIFICATE_KEY }
const AUTH = ['AUTH PLAIN LOGIN']

describe('a relay on another machine', () => {
  it.each<[string, string, RelaySetup]>([
    ['STARTTLS', 'smtp://user:pass@relay.example', { tls: TLS, extensions: AUTH }],
    ['TLS from the first byte', 'smtps://user:pass@relay.example', { tls: { ...TLS, implicit: true }, extensions: AUTH }],
  ])('is given user, password and mail over %s', async (_how, url, setup) => {
    const fixture = await startElsewhere(url, setup, { ca: RELAY_CERTIFICATE })
    for (let sent = 0; sent < 2; sent += 1)
      expect(await fixture.carrier.carry(carriage(), never())).toMatchObject({ kind: 'sent' })
    const secret = fixture.relay.lines.filter(({ line }) => !/^(?:EHLO|STARTTLS)/.test(line))
    expect(secret.map(({ line }) => line.split(' ')[0])).toEqual(['AUTH', 'MAIL', 'RCPT', 'DATA', 'MAIL', 'RCPT', 'DATA'])
    expect(secret.every(({ isEncrypted }) => isEncrypted)).toBe(true)
    expect(fixture.relay.connections).toBe(1)
    await fixture.close()
  })

  it.each<[string, string, RelaySetup, Partial<RelayOptions>, RegExp]>([
    ['offers no STARTTLS', 'smtp://user:pass@relay.example', { extensions: AUTH }, {}, /no encryption/],
    [
      'refuses STARTTLS',
      'smtp://user:pass@relay.example',
      { tls: TLS, script: ({ stage }) => (stage === 'starttls' ? '454 4.7.0 not now' : undefined) },
      { ca: RELAY_CERTIFICATE },
      /no encryption/,
    ],
    [
      'hangs up at STARTTLS',
      'smtp://user:pass@relay.example',
      { tls: TLS, script: ({ stage }) => (stage === 'starttls' ? 'drop' : undefined) },
      { ca: RELAY_CERTIFICATE },
      /lost/,
    ],
    [
      'goes on in clear after STARTTLS',
      'smtp://user:pass@relay.example',
      {
        tls: TLS,
        script: ({ stage }) => (stage === 'starttls' ? { raw: '220 go\r\n250 in clear\r\n', next: 'drop' } : undefined),
      },
      { ca: RELAY_CERTIFICATE },
      /encrypted|lost/,
    ],
    [
      'only knows HELO',
      'smtp://user:pass@relay.example',
      { script: ({ stage }) => (stage === 'ehlo' ? '502 no' : undefined) },
      {},
      /refused/,
    ],
    ['has a certificate nobody vouches for', 'smtp://user:pass@relay.example', { tls: TLS, extensions: AUTH }, {}, /not trusted/],
    [
      'has it with TLS from the first byte',
      'smtps://user:pass@relay.example',
      { tls: { ...TLS, implicit: true } },
      {},
      /not trusted/,
    ],
    [
      'has the certificate of another name',
      'smtp://user:pass@relay.example',
      { tls: TLS_OF_ANOTHER },
      { ca: CERTIFICATE },
      /not trusted/,
    ],
    [
      'has it with TLS from the first byte',
      'smtps://user:pass@relay.example',
      { tls: { ...TLS_OF_ANOTHER, implicit: true } },
      { ca: CERTIFICATE },
      /not trusted/,
    ],
    [
      'speaks in clear where TLS should begin',
      'smtps://user:pass@relay.example',
      { extensions: AUTH },
      {},
      /could not be encrypted/,
    ],
  ])('that %s is given neither password nor mail', async (_what, url, setup, options, reason) => {
    const fixture = await startElsewhere(url, setup, options)
    const outcome = await fixture.carrier.carry(carriage(), never())
    expect(outcome).toMatchObject({ kind: 'deferred', reason: expect.stringMatching(reason) })
    await fixture.relay.reached('end')
    expect(fixture.relay.lines.filter(({ line }) => /^(?:AUTH|MAIL|RCPT|DATA)/.test(line))).toEqual([])
    expect(fixture.logged.join('')).not.toContain('pass')
    await fixture.close()
  })
})

describe('a relay on this machine', () => {
  it('may go without encryption, and is not asked for it', async () => {
    const fixture = await startRelay({ tls: TLS, extensions: AUTH })
    expect(await fixture.carrier.carry(carriage(), never())).toMatchObject({ kind: 'sent' })
    expect(fixture.relay.lines.map(({ line }) => line)).not.toContain('STARTTLS')
    await fixture.close()
  })

  it('is not on this machine when its name leads elsewhere', async () => {
    const fixture = await startElsewhere('smtp://user:pass@localhost', { extensions: AUTH }, {}, '192.0.2.1')
    expect(await fixture.carrier.carry(carriage(), never())).toMatchObject({ kind: 'deferred' })
    expect(fixture.relay.lines.filter(({ line }) => /^(?:AUTH|MAIL)/.test(line))).toEqual([])
    await fixture.close()
  })
})

describe('signing in', () => {
  it('sends user and password as they were meant', async () => {
    const fixture = await startHere({ extensions: AUTH }, 'us%40er:p%3Ass%20w%C3%B6rd')
    expect(await fixture.carrier.carry(carriage(), never())).toMatchObject({ kind: 'sent' })
    const auth = fixture.relay.lines.find(({ line }) => line.startsWith('AUTH PLAIN '))?.line ?? ''
    expect(Buffer.from(auth.slice('AUTH PLAIN '.length), 'base64').toString()).toBe('\0us@er\0p:ss wörd')
    await fixture.close()
  })

  it.each<[string, RelaySetup, number | null]>([
    ['is refused', { extensions: AUTH, script: ({ stage }) => (stage === 'auth' ? '535 5.7.8 wrong' : undefined) }, 535],
    ['is refused for now', { extensions: AUTH, script: ({ stage }) => (stage === 'auth' ? '454 4.7.0 later' : undefined) }, 454],
    ['is not offered', {}, null],
    [
      'is offered only in ways that are not ours',
      { extensions: ['AUTH GSSAPI'], script: ({ stage }) => (stage === 'auth' ? '504 5.5.4 no' : undefined) },
      504,
    ],
    ['is hung up on', { extensions: AUTH, script: ({ stage }) => (stage === 'auth' ? 'drop' : undefined) }, null],
    [
      'is answered with garbage',
      { extensions: AUTH, script: ({ stage }) => (stage === 'auth' ? { raw: 'garbage\r\n' } : undefined) },
      null,
    ],
    [
      'is asked for more and more',
      { extensions: AUTH, script: ({ stage }) => (stage === 'auth' || stage === 'other' ? '334 ' : undefined) },
      null,
    ],
  ])('that %s defers the mail, which is not sent unsigned', async (_what, setup, replyCode) => {
    const fixture = await startHere(setup, 'user:S3cret')
    const carrying = fixture.carrier.carry(carriage(), never())
    if (_what.startsWith('is asked')) {
      await fixture.relay.reached('other', 3)
      fixture.world.advance(3_600_000)
    }
    expect(await carrying).toMatchObject({ kind: 'deferred', replyCode })
    expect(fixture.relay.lines.filter(({ line }) => line.startsWith('MAIL'))).toEqual([])
    expect(fixture.logged.join('')).not.toMatch(/S3cret|wrong/)
    expect(fixture.logged.join('')).not.toContain(Buffer.from('\0user\0S3cret').toString('base64'))
    await fixture.close()
  })
})

describe('opening a connection', () => {
  it('says when nothing listens there', async () => {
    const { relay, close } = await startRelay()
    const target = { host: 'localhost', port: relay.port, secure: false, credentials: null, isLoopback: true }
    await close()
    await expect(dialRelay(target, never())).rejects.toThrow('nothing listens where the relay should be')
  })

  it('ends with the abort', async () => {
    const abort = new AbortController()
    abort.abort('sending was stopped')
    const target = { host: '127.0.0.1', port: 9, secure: false, credentials: null, isLoopback: true }
    await expect(dialRelay(target, abort.signal)).rejects.toThrow('sending was stopped')
  })
})

/** A relay that is named otherwise than where it is; `remoteAddress` is where the connection seems to lead. */
async function startElsewhere(
  url: string,
  setup: RelaySetup,
  options: Partial<RelayOptions> = {},
  remoteAddress?: string,
): Promise<RelayFixture> {
  const dial = async (): Promise<Socket> => {
    const socket = connect(fixture.relay.port, '127.0.0.1')
    await new Promise((resolve) => socket.once('connect', resolve))
    if (remoteAddress !== undefined) Object.defineProperty(socket, 'remoteAddress', { value: remoteAddress })
    return socket
  }
  const fixture: RelayFixture = await startRelay(setup, { url, dial, ...options })
  return fixture
}

/** A relay on loopback that is signed in to. */
async function startHere(setup: RelaySetup, userInfo: string): Promise<RelayFixture> {
  return startElsewhere(`smtp://${userInfo}@127.0.0.1`, setup)
}
