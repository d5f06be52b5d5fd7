import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import {
  MAX_CHECKS,
  SENDER_CHECK_DEADLINE_MS,
  SENDER_CHECK_IDLE_MS,
  SENDER_CHECK_START_DEADLINE_MS,
} from '../../src/auth/limits.ts'
import { createSenderCheck, type SenderCheckOptions } from '../../src/auth/sender-check.ts'
import { createLog } from '../../src/log.ts'
import { type SenderCheck, UNKNOWN_SENDER } from '../../src/sender-check.ts'
import { TestWorld } from '../support/world.ts'
import { mail, openDns, plain } from './checked.ts'

let world: TestWorld
let events: string[]

beforeEach(() => {
  world = new TestWorld()
  events = []
})

function open(options: Partial<SenderCheckOptions> = {}): SenderCheck {
  const log = createLog('debug', world.now, (line) => events.push(JSON.parse(line).event))
  const check = createSenderCheck({ log, world, trustRelay: null, dnsServers: null, ...options })
  onTestFinished(() => check.close())
  return check
}

/** A worker that does to a mail what its greeting says, and answers any other with the size of what it was given. */
const MISBEHAVING = scriptUrl(`
  import { parentPort } from 'node:worker_threads'
  const does = {
    hang: () => { for (;;); },
    silent: () => {},
    exit: () => process.exit(1),
    throw: () => { throw new Error('the words of a mail') },
    fault: (number) => parentPort.postMessage({ kind: 'failed', number, fault: 'RangeError' }),
  }
  parentPort.on('message', ({ number, helo, raw }) => {
    if (does[helo]) return does[helo](number)
    const verdict = { spf: 'pass', dkim: 'none', dmarc: 'none', alignedDomain: String(raw.length), source: 'dns' }
    parentPort.postMessage({ kind: 'verdict', number, verdict })
  })
  parentPort.postMessage({ kind: 'ready' })
`)

const greeting = (helo: string) => mail(plain(), { helo })

describe('the worker', () => {
  test('looks with real DNS, in a thread of its own', async () => {
    const { address } = await openDns({ 'example.org': { TXT: ['v=spf1 ip4:192.0.2.1 -all'] } })
    const verdict = await open({ dnsServers: [address], deadlineMs: 60_000 }).check(mail(plain()))
    expect(verdict).toEqual({ spf: 'pass', dkim: 'none', dmarc: 'none', alignedDomain: 'example.org', source: 'dns' })
  })

  test('is not started for mail that nothing can be said of', async () => {
    expect(await open().check(mail(plain(), { remoteAddress: '127.0.0.1' }))).toEqual(UNKNOWN_SENDER)
    expect(events).toEqual([])
  })

  test('is started for it where a relay is trusted, and knows the relay', async () => {
    const received = 'Received: from x by mx.example.com; Tue, 24 Nov 2026 12:00:00 +0000\r\n'
    const raw = `Authentication-Results: mx.example.com; dmarc=pass header.from=example.org\r\n${received}${plain()}`
    const check = open({ trustRelay: 'mx.example.com', deadlineMs: 60_000 })
    expect(await check.check(mail(raw, { remoteAddress: '127.0.0.1' }))).toMatchObject({ dmarc: 'pass', source: 'relay' })
  })

  test('ends when nobody asks, and starts again for the next', async () => {
    const check = open({ workerUrl: MISBEHAVING })
    expect(await check.check(greeting('x'))).toMatchObject({ spf: 'pass' })
    world.advance(SENDER_CHECK_IDLE_MS)
    expect(events).toEqual(['sender_check_started', 'sender_check_ended'])
    expect(await check.check(greeting('x'))).toMatchObject({ spf: 'pass' })
    expect(world.timers).toBe(1)
  })

  test.each(['hang', 'silent'])('is ended when it does not answer in time: %s', async (helo) => {
    const check = open({ workerUrl: MISBEHAVING })
    await check.check(greeting('x'))
    const hung = [check.check(greeting(helo)), check.check(greeting('silent'))]
    world.advance(SENDER_CHECK_DEADLINE_MS)
    expect(await Promise.all(hung)).toEqual([UNKNOWN_SENDER, UNKNOWN_SENDER])
    expect(events).toContain('sender_check_lost')
    expect(await check.check(greeting('x'))).toMatchObject({ spf: 'pass' })
  })

  test.each(['exit', 'throw', 'fault'])(
    'leaves a mail unknown on which it fails, and the next is looked at: %s',
    async (helo) => {
      const check = open({ workerUrl: MISBEHAVING })
      expect(await check.check(greeting(helo))).toEqual(UNKNOWN_SENDER)
      expect(await check.check(greeting('x'))).toMatchObject({ spf: 'pass' })
      expect(JSON.stringify(events)).not.toContain('words of a mail')
    },
  )

  test('that does not start leaves everything unknown, once', async () => {
    const check = open({ workerUrl: scriptUrl('process.exit(1)') })
    const verdicts = await Promise.all([check.check(greeting('x')), check.check(greeting('x'))])
    expect(verdicts).toEqual([UNKNOWN_SENDER, UNKNOWN_SENDER])
    expect(events.filter((event) => event === 'sender_check_started')).toHaveLength(1)
  })

  test('that starts too slowly keeps nobody waiting longer than a deadline, and may go on starting', async () => {
    const check = open({
      workerUrl: scriptUrl("import { parentPort } from 'node:worker_threads'; parentPort.on('message', () => {})"),
    })
    const first = check.check(greeting('x'))
    world.advance(SENDER_CHECK_DEADLINE_MS)
    expect(await first).toEqual(UNKNOWN_SENDER)
    expect(events).toEqual(['sender_check_started'])
    world.advance(SENDER_CHECK_START_DEADLINE_MS)
    expect(events).toEqual(['sender_check_started', 'sender_check_ended', 'sender_check_lost'])
  })

  test('is given a large mail as it is, and a small one without what lies beside it in memory', async () => {
    const check = open({ workerUrl: MISBEHAVING })
    const large = new Uint8Array(1_000_000)
    const view = new Uint8Array(2_000_000).subarray(0, 1_000_000)
    const small = Buffer.from('small')
    for (const raw of [large, view, small]) {
      const { length } = raw
      expect(await check.check({ ...greeting('x'), raw })).toMatchObject({ alignedDomain: String(length) })
    }
    expect([large.length, view.length, small.toString()]).toEqual([0, 1_000_000, 'small'])
  })

  test('is asked for no more mails at once than it can hold', async () => {
    const check = open({ workerUrl: MISBEHAVING })
    const pending = Array.from({ length: MAX_CHECKS + 1 }, () => check.check(greeting('silent')))
    expect(await pending.at(-1)).toEqual(UNKNOWN_SENDER)
    await check.close()
    expect(await Promise.all(pending)).toEqual(pending.map(() => UNKNOWN_SENDER))
  })
})

test('what is closed answers, starts nothing and keeps no timer', async () => {
  const check = open({ workerUrl: MISBEHAVING })
  const pending = check.check(greeting('x'))
  await check.close()
  expect(await pending).toEqual(UNKNOWN_SENDER)
  expect(await check.check(greeting('x'))).toEqual(UNKNOWN_SENDER)
  expect(events.filter((event) => event === 'sender_check_started')).toHaveLength(1)
  expect(world.timers).toBe(0)
})

function scriptUrl(script: string): URL {
  return new URL(`data:text/javascript,${encodeURIComponent(script)}`)
}
