import { afterEach, describe, expect, it } from 'vitest'
import { REAL_WORLD } from '../../src/app.ts'
import { inspectRelay } from '../../src/smtp/relay-check.ts'
import { dialRelay } from '../../src/smtp/relay-dial.ts'
import { RELAY_CERTIFICATE, RELAY_CERTIFICATE_KEY } from '../support/relay-certificate.ts'
import { type RelaySetup, ScriptedRelay } from '../support/scripted-relay.ts'

const relays: ScriptedRelay[] = []
afterEach(async () => {
  await Promise.all(relays.splice(0).map((relay) => relay.close()))
})

async function start(setup: RelaySetup = {}): Promise<ScriptedRelay> {
  const relay = await ScriptedRelay.start(setup)
  relays.push(relay)
  return relay
}

const ask = (url: string) => inspectRelay({ url, clientName: 'agents.localhost', world: REAL_WORLD })

describe('the relay', () => {
  it('is ready when it greets, and is sent nothing', async () => {
    const relay = await start()
    expect(await ask(relay.url)).toEqual({ isReady: true, isSignedIn: false, isEncrypted: false })
    expect(relay.lines.map(({ line }) => line.split(' ')[0]).filter((verb) => verb !== 'QUIT')).toEqual(['EHLO'])
  })

  it('is signed in to over TLS, as for a message', async () => {
    const relay = await start({ tls: { cert: RELAY_CERTIFICATE, key: RELAY_CERTIFICATE_KEY }, extensions: ['AUTH PLAIN LOGIN'] })
    const { port } = new URL(relay.url)
    const found = await inspectRelay({
      url: `smtp://user:pass@relay.example:${port}`,
      clientName: 'agents.localhost',
      world: REAL_WORLD,
      ca: RELAY_CERTIFICATE,
      dial: (target, signal) => dialRelay({ ...target, host: '127.0.0.1', port: Number(port) }, signal),
    })
    expect(found).toEqual({ isReady: true, isSignedIn: true, isEncrypted: true })
  })

  it('is not ready when it does not let us sign in, and the password is in no answer', async () => {
    const relay = await start({
      extensions: ['AUTH PLAIN'],
      script: ({ stage }) => (stage === 'auth' ? '535 no: hunter2' : undefined),
    })
    const found = await ask(relay.url.replace('//', '//user:hunter2@'))
    expect(found).toEqual({ isReady: false, why: 'the relay did not let us sign in' })
  })

  it('is not ready when nobody is there', async () => {
    const relay = await start()
    const { url } = relay
    await relay.close()
    relays.length = 0
    expect(await ask(url)).toEqual({ isReady: false, why: 'nothing listens where the relay should be' })
  })

  it('is refused before anybody connects when its URL is none', async () => {
    await expect(ask('http://x')).rejects.toMatchObject({ code: 'invalid_argument' })
  })
})
