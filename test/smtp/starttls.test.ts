import { randomBytes } from 'node:crypto'
import { TLSSocket } from 'node:tls'
import { afterEach, describe, expect, it } from 'vitest'
import { MailError } from '../../src/errors.ts'
import { SILENT_LOG } from '../../src/log.ts'
import { createListener } from '../../src/smtp/listener.ts'
import { JOHN, startListener, TEST_TLS, type TestListener } from '../support/smtp-listener.ts'
import { ScriptedReceiver } from '../support/smtp-receiver.ts'
import { TestWorld } from '../support/world.ts'

let server: TestListener
afterEach(() => server?.close())

/** A session after the handshake, before EHLO. */
async function openSecure() {
  const session = await server.open()
  await session.run([
    ['EHLO x', '250'],
    ['STARTTLS', '220 2.0.0'],
  ])
  await session.startTls()
  return session
}

describe('STARTTLS', () => {
  it('is offered with a certificate, until it is used', async () => {
    server = await startListener({ tls: TEST_TLS })
    const session = await server.open()
    expect(await session.command('EHLO x')).toContain('STARTTLS')
    await session.run([['STARTTLS', '220 2.0.0']])
    await session.startTls()
    expect(await session.command('EHLO x')).not.toContain('STARTTLS')
    await session.run([['STARTTLS', '503']])
  })

  it('uses the certificate it was given', async () => {
    server = await startListener({ tls: TEST_TLS })
    const { socket } = await openSecure()
    const certificate = socket instanceof TLSSocket ? socket.getPeerCertificate() : null
    expect(certificate?.subject.CN).toBe('agents.localhost')
    expect(socket instanceof TLSSocket ? socket.getProtocol() : null).toBe('TLSv1.3')
  })

  it('without a certificate is neither offered nor done', async () => {
    server = await startListener()
    const session = await server.open()
    expect(await session.command('EHLO x')).not.toContain('STARTTLS')
    await session.run([
      ['STARTTLS', '500'],
      ['NOOP', '250'],
    ])
  })

  it('takes no argument', async () => {
    server = await startListener({ tls: TEST_TLS })
    const session = await server.open()
    await session.run([['STARTTLS now', '501']])
  })

  it('carries mail, and its 250s are seen or not as in clear', async () => {
    server = await startListener({ tls: TEST_TLS })
    for (const [index, leave] of ['QUIT', 'vanish'].entries()) {
      const session = await openSecure()
      await session.begin(JOHN)
      await session.run([['Subject: secret\r\n\r\n..\r\n.', '250 2.6.0']])
      if (leave === 'QUIT') await session.run([['QUIT', '221']])
      await session.destroy()
      await server.receiver.until(() => server.receiver.confirmed.length + server.receiver.released.length === index + 1)
    }
    expect(server.receiver.taken.map(({ raw }) => raw.toString())).toEqual(Array(2).fill('Subject: secret\r\n\r\n.\r\n'))
    expect([server.receiver.confirmed, server.receiver.released]).toEqual([['message-1'], ['message-2']])
  })

  it('carries a large message', async () => {
    server = await startListener({ tls: TEST_TLS })
    const session = await openSecure()
    await session.begin(JOHN)
    const body = `${randomBytes(350_000).toString('hex')}\r\n`
    await session.run([[`${body}.`, '250 2.6.0']])
    expect(server.receiver.taken[0]?.raw.toString()).toBe(body)
  })

  it('proves a 250 that was pipelined with it', async () => {
    server = await startListener({ tls: TEST_TLS })
    const session = await server.open()
    await session.begin(JOHN)
    session.write('x\r\n.\r\nSTARTTLS\r\n')
    expect(await session.hear()).toMatch(/^250 2\.6\.0/)
    expect(await session.hear()).toMatch(/^220/)
    await session.startTls()
    expect(server.receiver.confirmed).toEqual([])
    await session.run([['EHLO x', '250']])
    expect(server.receiver.confirmed).toEqual(['message-1'])
  })

  it('forgets everything that was said in clear', async () => {
    server = await startListener({ tls: TEST_TLS })
    const session = await server.open()
    await session.run([
      ['EHLO x', '250'],
      ['MAIL FROM:<evil@example.org>', '250'],
      [`RCPT TO:<${JOHN}>`, '250'],
      ['STARTTLS', '220'],
    ])
    await session.startTls()
    await session.run([
      ['MAIL FROM:<a@example.org>', '503'],
      ['EHLO x', '250'],
      ['DATA', '503'],
    ])
  })

  it('throws commands away that were slipped in before the handshake', async () => {
    server = await startListener({ tls: TEST_TLS })
    const session = await server.open()
    await session.run([['EHLO x', '250']])
    session.write(
      `STARTTLS\r\nEHLO evil\r\nMAIL FROM:<evil@example.org>\r\nRCPT TO:<${JOHN}>\r\nDATA\r\nevil\r\n.\r\nMAIL FROM:<>\r\n`,
    )
    expect(await session.hear()).toMatch(/^220/)
    await session.startTls()
    await session.run([
      ['RCPT TO:<x>', '503'],
      ['EHLO x', '250'],
      [`RCPT TO:<${JOHN}>`, '503'],
    ])
    expect(server.receiver.offered).toBe(0)
    expect(session.transcript).not.toContain('2.6.0')
  })

  it('that never gets to its handshake is closed', async () => {
    server = await startListener({ tls: TEST_TLS })
    const session = await server.open()
    await session.run([['STARTTLS', '220']])
    server.world.advance(60_000)
    expect(await session.hearRest()).toBe('')
    const next = await openSecure()
    await next.run([['EHLO x', '250']])
  })

  it.each([
    ['plain text', 'EHLO x\r\nQUIT\r\n'],
    ['noise', randomBytes(4_096)],
    ['half a handshake', Buffer.from('160301020001', 'hex')],
  ])('answered with %s harms nobody else', async (_, bytes) => {
    server = await startListener({ tls: TEST_TLS })
    const session = await server.open()
    await session.run([['STARTTLS', '220']])
    session.write(bytes)
    session.end()
    await session.closed
    const next = await openSecure()
    await next.run([['EHLO x', '250']])
  })

  it('in the middle of its handshake is ended by closing', async () => {
    server = await startListener({ tls: TEST_TLS })
    const session = await server.open()
    await session.run([['STARTTLS', '220']])
    session.write(Buffer.from('160301020001', 'hex'))
    await server.listener.close()
    await session.closed
  })
})

it('a certificate that is none is refused with what to set', () => {
  const make = () =>
    createListener({
      host: '127.0.0.1',
      port: 0,
      domain: 'agents.localhost',
      storeTag: 'x',
      maxMessageBytes: 1,
      tls: { key: TEST_TLS.key, cert: Buffer.from('no certificate') },
      receiver: new ScriptedReceiver(),
      log: SILENT_LOG,
      world: new TestWorld(),
    })
  expect(make).toThrow(MailError)
  expect(make).toThrow(/certificate/)
})
