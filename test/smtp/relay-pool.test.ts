import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import type { Outcome } from '../../src/carrier.ts'
import { dialRelay } from '../../src/smtp/relay-dial.ts'
import { RELAY_CERTIFICATE, RELAY_CERTIFICATE_KEY } from '../support/relay-certificate.ts'
import { carriage, LARGE, never, type RelayFixture, startRelay, TEST_LIMITS } from '../support/relay-fixture.ts'

describe('connections to a relay', () => {
  it('are used again for the next message', async () => {
    const fixture = await startRelay()
    for (let sent = 0; sent < 5; sent += 1) expect(await send(fixture, sent)).toMatchObject({ kind: 'sent' })
    expect(fixture.relay.connections).toBe(1)
    expect(fixture.relay.messages.map(({ recipients }) => recipients)).toEqual(
      [0, 1, 2, 3, 4].map((at) => [`r${at}@example.org`]),
    )
    await fixture.close()
  })

  it('are never more than they may be, and everybody has his turn', async () => {
    const fixture = await startRelay({}, { limits: { maxConnections: 3 } })
    const outcomes = await Promise.all(Array.from({ length: 40 }, (_, at) => send(fixture, at)))
    expect(outcomes.filter(({ kind }) => kind === 'sent')).toHaveLength(40)
    expect(fixture.relay.mostOpen).toBe(3)
    expect(new Set(fixture.relay.messages.flatMap(({ recipients }) => recipients)).size).toBe(40)
    await fixture.close()
  })

  it('are closed after as many messages as they may carry', async () => {
    const fixture = await startRelay({}, { limits: { maxMessagesPerConnection: 2 } })
    for (let sent = 0; sent < 5; sent += 1) await send(fixture, sent)
    expect(fixture.relay.messages.map(({ connection }) => connection)).toEqual([1, 1, 2, 2, 3])
    await fixture.relay.reached('end', 2)
    expect(fixture.relay.lines.filter(({ line }) => line === 'QUIT')).toHaveLength(2)
    await fixture.close()
  })

  it('are closed when nothing was sent for a while, and then opened anew', async () => {
    const fixture = await startRelay()
    await send(fixture, 0)
    fixture.world.advance(TEST_LIMITS.idleMs - 1)
    await send(fixture, 1)
    expect(fixture.relay.connections).toBe(1)
    fixture.world.advance(TEST_LIMITS.idleMs)
    await fixture.relay.reached('end')
    expect(fixture.relay.lines.at(-1)?.line).toBe('QUIT')
    expect(fixture.world.timers).toBe(0)
    expect(await send(fixture, 2)).toMatchObject({ kind: 'sent' })
    expect(fixture.relay.connections).toBe(2)
    await fixture.close()
  })

  it.each(['450 4.2.1 busy', '550 5.1.1 no such user'])('on which a recipient got %s are left with a QUIT', async (reply) => {
    const fixture = await startRelay({
      script: ({ stage, recipient }) => (stage === 'rcpt' && recipient === 'r1@example.org' ? reply : undefined),
    })
    for (let sent = 0; sent < 3; sent += 1) await send(fixture, sent)
    expect(fixture.relay.messages.map(({ connection }) => connection)).toEqual([1, 2])
    expect(fixture.relay.lines.filter(({ line }) => line === 'QUIT')).toEqual([
      { connection: 1, line: 'QUIT', isEncrypted: false },
    ])
    await fixture.close()
  })

  it.each([
    ['hangs up', { reply: '250 2.0.0 ok', next: 'drop' } as const],
    ['says that it is closing', '250 2.0.0 ok\n421 4.4.2 idle'],
    ['answers more than it was asked', '250 2.0.0 ok\n250 2.0.0 really'],
    ['answers more, and it is a refusal', '250 2.0.0 ok\n550 5.1.1 and by the way'],
  ])('on which the relay %s after a message are replaced, and the next message is none the worse', async (_what, act) => {
    for (const extensions of [[], ['PIPELINING']]) {
      const fixture = await startRelay({
        extensions,
        script: ({ stage, connection }) => (stage === 'dot' && connection === 1 ? act : undefined),
      })
      expect(await send(fixture, 0)).toMatchObject({ kind: 'sent' })
      await fixture.relay.reached('end')
      expect(await send(fixture, 1)).toMatchObject({ kind: 'sent' })
      expect(fixture.relay.messages.map(({ connection }) => connection)).toEqual([1, 2])
      await fixture.close()
    }
  })

  it.each([
    ['drop', 'drop' as const],
    ['421', { reply: '421 4.4.2 idle for too long', next: 'drop' } as const],
  ])('that turn out to be stale (%s) are replaced at once', async (_what, act) => {
    for (const extensions of [[], ['PIPELINING']]) {
      const fixture = await startRelay({
        extensions,
        script: ({ stage, connection, transaction }) =>
          stage === 'mail' && connection === 1 && transaction === 2 ? act : undefined,
      })
      expect(await send(fixture, 0)).toMatchObject({ kind: 'sent' })
      expect(await send(fixture, 1)).toMatchObject({ kind: 'sent' })
      expect(fixture.relay.messages.map(({ connection }) => connection)).toEqual([1, 2])
      await fixture.close()
    }
  })

  it('that the relay ends while they are idle are forgotten, with the timers that were for them', async () => {
    const fixture = await startRelay({
      script: ({ stage }) => (stage === 'dot' ? { reply: '250 2.0.0 ok', next: 'drop' } : undefined),
    })
    await send(fixture, 0)
    await expect.poll(() => fixture.world.timers).toBe(0)
    await fixture.close()
  })

  it('that were opened for a try that was stopped meanwhile are not left behind', async () => {
    const abort = new AbortController()
    const fixture: RelayFixture = await startRelay(
      {},
      {
        dial: async (target, signal) => {
          const socket = await dialRelay({ ...target, port: fixture.relay.port }, signal)
          abort.abort()
          return socket
        },
      },
    )
    expect(await fixture.carrier.carry(carriage(), abort.signal)).toMatchObject({ kind: 'deferred' })
    await fixture.relay.reached('end')
    await fixture.close()
  })

  it('are given up when the relay says more than it may', async () => {
    const fixture = await startRelay(
      { extensions: Array.from({ length: 100 }, (_, at) => `X-NOISE-${at}`) },
      { limits: { maxReplyBytes: 500 } },
    )
    expect(await send(fixture, 0)).toMatchObject({ kind: 'deferred' })
    await fixture.relay.reached('end')
    await fixture.close()
  })

  it('that are lost while a message is on its way are not replaced: that is for the outbox to decide', async () => {
    const fixture = await startRelay({
      script: ({ stage, transaction }) => (stage === 'body' && transaction === 2 ? 'drop' : undefined),
    })
    await send(fixture, 0)
    const outcome = await fixture.carrier.carry(carriage({ recipient: 'r1@example.org', raw: LARGE }), never())
    expect(outcome).toMatchObject({ kind: 'deferred' })
    expect(fixture.relay.attempts.get('r1@example.org')).toBe(1)
    expect(fixture.relay.connections).toBe(1)
    await fixture.close()
  })

  it('that a relay refuses at once are tried once for each message', async () => {
    const fixture = await startRelay({ script: ({ stage }) => (stage === 'greeting' ? '421 4.3.2 later' : undefined) })
    expect(await send(fixture, 0)).toMatchObject({ kind: 'deferred', replyCode: 421 })
    expect(fixture.relay.connections).toBe(1)
    await fixture.close()
  })
})

describe('waiting for a connection', () => {
  it('ends with the deadline or the abort, and nobody loses his turn by that', async () => {
    let isHanging = true
    const fixture = await startRelay(
      { script: ({ stage, connection }) => (isHanging && stage === 'dot' && connection === 1 ? 'hang' : undefined) },
      { limits: { maxConnections: 1 } },
    )
    const first = send(fixture, 0)
    await fixture.relay.reached('dot')
    isHanging = false
    fixture.world.advance(1_000)
    const abort = new AbortController()
    const given = fixture.carrier.carry(carriage({ recipient: 'r1@example.org' }), abort.signal)
    const patient = send(fixture, 2)
    abort.abort()
    expect(await given).toMatchObject({ kind: 'deferred' })
    fixture.world.advance(TEST_LIMITS.deadlineMs - 1_000)
    expect(await first).toMatchObject({ kind: 'unknown' })
    expect(await patient).toMatchObject({ kind: 'sent' })
    expect([...fixture.relay.attempts.keys()]).toEqual(['r0@example.org', 'r2@example.org'])
    await fixture.close()
  })
})

describe('closing', () => {
  it('settles what is on its way, and takes up nothing more', async () => {
    const fixture = await startRelay(
      { script: ({ stage }) => (stage === 'dot' ? 'hang' : undefined) },
      { limits: { maxConnections: 2 } },
    )
    const carrying = [0, 1, 2, 3].map((at) => send(fixture, at))
    await fixture.relay.reached('dot', 2)
    await fixture.carrier.close()
    expect((await Promise.all(carrying)).map(({ kind }) => kind)).toEqual(['unknown', 'unknown', 'deferred', 'deferred'])
    expect(await send(fixture, 4)).toMatchObject({ kind: 'deferred' })
    await fixture.relay.reached('end', 2)
    expect(fixture.relay.connections).toBe(2)
    expect(fixture.world.timers).toBe(0)
    await fixture.close()
  })

  it('ends idle connections', async () => {
    const fixture = await startRelay()
    await send(fixture, 0)
    await fixture.carrier.close()
    await fixture.relay.reached('end')
    expect(fixture.world.timers).toBe(0)
    await fixture.close()
  })

  it.each([
    ['plain', undefined],
    ['encrypted', { cert: RELAY_CERTIFICATE, key: RELAY_CERTIFICATE_KEY, implicit: true }],
  ])('is not needed for the process to end: an idle %s connection does not keep it alive', async (_how, tls) => {
    const fixture = await startRelay(tls === undefined ? {} : { tls })
    const source = new URL('../../src/smtp/relay.ts', import.meta.url).href
    const code = `
      import { connect } from 'node:net'
      import { once } from 'node:events'
      import { createRelay } from ${JSON.stringify(source)}
      const world = { now: Date.now, after: () => () => {} }
      const log = { debug() {}, info() {}, warn() {}, error() {} }
      const dial = async () => { const socket = connect(${fixture.relay.port}, '127.0.0.1'); await once(socket, 'connect'); return socket }
      const url = ${JSON.stringify(tls === undefined ? 'smtp://127.0.0.1' : 'smtps://relay.example')}
      const relay = createRelay({ url, log, world, dial, ca: ${JSON.stringify(RELAY_CERTIFICATE)} })
      const raw = Buffer.from('Subject: x\\r\\n\\r\\nx\\r\\n')
      const outcome = await relay.carry({ envelopeFrom: '', recipient: 'a@example.org', raw }, new AbortController().signal)
      process.exitCode = outcome.kind === 'sent' ? 7 : 1`
    const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'ignore', 'inherit'] })
    const [exitCode] = await once(child, 'exit')
    expect(exitCode).toBe(7)
    await fixture.close()
  })
})

function send({ carrier }: RelayFixture, number: number): Promise<Outcome> {
  return carrier.carry(carriage({ recipient: `r${number}@example.org` }), never())
}
