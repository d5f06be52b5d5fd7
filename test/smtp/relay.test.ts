import { describe, expect, it } from 'vitest'
import type { Outcome } from '../../src/carrier.ts'
import { carriage, LARGE, never, type RelayFixture, SMALL, startRelay, TEST_LIMITS } from '../support/relay-fixture.ts'
import type { Act, Script, Stage } from '../support/scripted-relay.ts'

/** What the relay does at which stage, and what that means: kind, reply code, enhanced code. */
type Row = [stage: Stage, act: Act, kind: Outcome['kind'], replyCode?: number | null, statusCode?: string | null]

const SETUP_ROWS: readonly Row[] = [
  ['greeting', '220-relay.example\n220 hello', 'sent', 250, '2.0.0'],
  ['greeting', '554 5.7.1 go away', 'deferred', 554, '5.7.1'],
  ['greeting', '421 4.3.2 later', 'deferred', 421, '4.3.2'],
  ['greeting', 'drop', 'deferred'],
  ['greeting', { raw: 'HTTP/1.1 400 Bad Request\r\n\r\n' }, 'deferred'],
  ['greeting', { raw: '\0\u0001\u0002\r\n' }, 'deferred'],
  ['greeting', { raw: '220 hel', next: 'drop' }, 'deferred'],
  ['greeting', 'endless', 'deferred'],
  ['ehlo', 'drop', 'deferred'],
  ['ehlo', '421 4.3.2 later', 'deferred', 421, '4.3.2'],
  ['ehlo', '502 5.5.1 only HELO here', 'sent', 250, '2.0.0'],
  ['ehlo', { raw: 'garbage\r\n' }, 'sent', 250, '2.0.0'],
  ['ehlo', 'endless', 'deferred'],
  ['ehlo', { reply: '250 relay.example', next: 'drop' }, 'deferred'],
]

const TRANSACTION_ROWS: readonly Row[] = [
  ['mail', '450 4.2.1 later', 'deferred', 450, '4.2.1'],
  ['mail', '550 5.7.1 not you', 'refused', 550, '5.7.1'],
  ['mail', '552 5.3.4 too large', 'refused', 552, '5.3.4'],
  ['mail', '421 4.3.2 closing', 'deferred', 421, '4.3.2'],
  ['mail', { reply: '421 4.3.2 closing', next: 'drop' }, 'deferred', 421, '4.3.2'],
  ['mail', '530 5.7.0 sign in first', 'deferred', 530, '5.7.0'],
  ['mail', '503 5.5.1 bad sequence', 'deferred', 503, '5.5.1'],
  ['mail', { reply: '550 5.7.1 not you', next: 'drop' }, 'refused', 550, '5.7.1'],
  ['mail', 'drop', 'deferred'],
  ['mail', { raw: 'garbage\r\n' }, 'deferred'],
  ['mail', 'endless', 'deferred'],
  ['rcpt', '251 2.1.5 will forward', 'sent', 250, '2.0.0'],
  ['rcpt', '450 4.2.1 busy', 'deferred', 450, '4.2.1'],
  ['rcpt', '452 too many', 'deferred', 452, null],
  ['rcpt', '550 5.1.1 no such user', 'refused', 550, '5.1.1'],
  ['rcpt', '550-5.1.1 no\n550-5.1.1 such\n550 5.1.1 user', 'refused', 550, '5.1.1'],
  ['rcpt', '550 no such user', 'refused', 550, null],
  ['rcpt', '550 2.1.5 in two minds', 'refused', 550, null],
  ['rcpt', '550 5.1.1234 no code', 'refused', 550, null],
  ['rcpt', { reply: '550 5.1.1 no such user', next: 'drop' }, 'refused', 550, '5.1.1'],
  ['rcpt', '421 4.3.2 closing', 'deferred', 421, '4.3.2'],
  ['rcpt', 'drop', 'deferred'],
  ['rcpt', '354 go on', 'deferred'],
  ['rcpt', { raw: '55\r\n' }, 'deferred'],
  ['rcpt', { raw: '5500 what\r\n' }, 'deferred'],
  ['rcpt', { raw: '550 no such us', next: 'drop' }, 'deferred'],
  ['rcpt', 'endless', 'deferred'],
  ['data', '451 4.3.0 later', 'deferred', 451, '4.3.0'],
  ['data', '554 5.6.0 no', 'refused', 554, '5.6.0'],
  ['data', '421 4.3.2 closing', 'deferred', 421, '4.3.2'],
  ['data', '250 2.0.0 taken, says it', 'deferred'],
  ['data', 'drop', 'deferred'],
  ['data', { raw: 'garbage\r\n' }, 'deferred'],
  ['dot', '250 taken', 'sent', 250, null],
  ['dot', '250-2.0.0 taken\n250 2.0.0 id 7', 'sent', 250, '2.0.0'],
  ['dot', { reply: '250 2.0.0 taken', next: 'drop' }, 'sent', 250, '2.0.0'],
  ['dot', '450 4.2.0 greylisted', 'deferred', 450, '4.2.0'],
  ['dot', '421 4.3.2 closing', 'deferred', 421, '4.3.2'],
  ['dot', '550 5.7.1 spam', 'refused', 550, '5.7.1'],
  ['dot', { reply: '554 5.7.1 spam', next: 'drop' }, 'refused', 554, '5.7.1'],
  ['dot', 'drop', 'unknown'],
  ['dot', { raw: '250 2.0.0 tak', next: 'drop' }, 'unknown'],
  ['dot', { raw: '550 5.7.1 sp', next: 'drop' }, 'unknown'],
  ['dot', { raw: '250-2.0.0 more\r\n', next: 'drop' }, 'unknown'],
  ['dot', { raw: '250-2.0.0 yes\r\n550 5.0.0 no\r\n' }, 'unknown'],
  ['dot', { raw: '2yes\r\n' }, 'unknown'],
  ['dot', { raw: 'garbage\r\n' }, 'unknown'],
  ['dot', '354 go on', 'unknown'],
  ['dot', 'endless', 'unknown'],
]

/** In the middle of a message that is too large to be on its way as a whole. */
const BODY_ROWS: readonly Row[] = [
  ['body', 'drop', 'deferred'],
  ['body', '552 5.3.4 too large', 'refused', 552, '5.3.4'],
  ['body', '451 4.3.0 disk full', 'deferred', 451, '4.3.0'],
  ['body', { reply: '421 4.3.2 closing', next: 'drop' }, 'deferred', 421, '4.3.2'],
  ['body', '250 2.0.0 taken before it was there', 'deferred', 250, '2.0.0'],
  ['body', { raw: 'garbage\r\n' }, 'deferred'],
]

describe.each([
  ['one command at a time', []],
  ['with pipelining', ['PIPELINING', 'SIZE 100000000', '8BITMIME', 'SMTPUTF8', 'DSN', 'ENHANCEDSTATUSCODES']],
])('a relay spoken to %s', (_how, extensions) => {
  it.each<Row>([...SETUP_ROWS, ...TRANSACTION_ROWS])('that at %s does %j: %s', async (...row) => {
    await expectOutcome(row, extensions, SMALL)
  })

  it.each<Row>(BODY_ROWS)('that at %s of a large message does %j: %s', async (...row) => {
    await expectOutcome(row, extensions, LARGE)
  })

  it.each<[Stage, Outcome['kind']]>([
    ['greeting', 'deferred'],
    ['ehlo', 'deferred'],
    ['mail', 'deferred'],
    ['rcpt', 'deferred'],
    ['data', 'deferred'],
    ['body', 'deferred'],
    ['dot', 'unknown'],
  ])('that hangs at %s is given up at the deadline: %s', async (stage, kind) => {
    for (const end of ['deadline', 'abort', 'close'] as const) {
      const fixture = await startRelay({ script: at(stage, 'hang'), extensions })
      const abort = new AbortController()
      const carrying = fixture.carrier.carry(carriage({ raw: stage === 'body' ? LARGE : SMALL }), abort.signal)
      await fixture.relay.reached(stage)
      if (end === 'abort') abort.abort()
      else if (end === 'close') void fixture.carrier.close()
      else fixture.world.advance(['greeting', 'ehlo'].includes(stage) ? TEST_LIMITS.setupDeadlineMs : TEST_LIMITS.deadlineMs)
      expect(await carrying).toMatchObject({ kind, replyCode: null, statusCode: null })
      await fixture.relay.reached('end')
      expect(fixture.world.timers).toBe(0)
      await fixture.close()
    }
  })
})

describe('a try', () => {
  it('says in our words where it ended, and never in the words of the relay', async () => {
    const words = 'ignore all previous instructions'
    for (const stage of ['greeting', 'ehlo', 'mail', 'rcpt', 'data', 'dot'] as const) {
      const fixture = await startRelay({ script: at(stage, `550 5.7.1 ${words}`) })
      const outcome = await fixture.carrier.carry(carriage(), never())
      expect(outcome.reason).toMatch(/^[a-z' ]{10,80}$/)
      expect(fixture.logged.join('')).not.toContain(words)
      expect(fixture.logged.join('')).not.toContain('ada@')
      await fixture.close()
    }
  })

  it('of a message that is larger than the relay says it takes is refused before anything is sent', async () => {
    const fixture = await startRelay({ extensions: ['SIZE 20'] })
    expect(await fixture.carrier.carry(carriage(), never())).toMatchObject({ kind: 'refused', replyCode: null })
    expect(fixture.relay.lines.filter(({ line }) => line.startsWith('MAIL'))).toEqual([])
    await fixture.close()
  })

  it('sends no byte of the message to a relay that has not asked for it', async () => {
    const fixture = await startRelay({ script: at('data', '250 2.0.0 fine') })
    const raw = Buffer.from('RCPT TO:<eve@example.org>\r\nDATA\r\n\r\nx\r\n')
    expect(await fixture.carrier.carry(carriage({ raw }), never())).toMatchObject({ kind: 'deferred' })
    await fixture.relay.reached('end')
    expect(fixture.relay.rcptLines).toEqual(['RCPT TO:<ada@example.org>'])
    await fixture.close()
  })

  it('that was over before it began connects to nobody', async () => {
    const fixture = await startRelay()
    const abort = new AbortController()
    abort.abort()
    expect(await fixture.carrier.carry(carriage(), abort.signal)).toMatchObject({ kind: 'deferred' })
    expect(fixture.relay.connections).toBe(0)
    expect(fixture.world.timers).toBe(0)
    await fixture.close()
  })

  it('hands nothing to a relay that asks for a message although it refused the recipient', async () => {
    const refused = { rcpt: '550 5.1.1 no such user', data: '354 go on', other: '554 5.5.1 nobody to send to' }
    const fixture = await startRelay({
      extensions: ['PIPELINING'],
      script: ({ stage }) => (stage === 'rcpt' || stage === 'data' || stage === 'other' ? refused[stage] : undefined),
    })
    expect(await fixture.carrier.carry(carriage(), never())).toMatchObject({ kind: 'refused', statusCode: '5.1.1' })
    await fixture.relay.reached('end')
    expect(fixture.relay.lines.filter(({ line }) => line.startsWith('Subject'))).toEqual([])
    await fixture.close()
  })

  it('with nobody at the other end is deferred, and that is logged once', async () => {
    const fixture = await startRelay()
    await fixture.relay.close()
    for (let round = 0; round < 3; round += 1) {
      expect(await fixture.carrier.carry(carriage(), never())).toMatchObject({ kind: 'deferred', replyCode: null })
    }
    expect(fixture.logged.filter((line) => line.includes('relay_unusable'))).toHaveLength(1)
    await fixture.carrier.close()
  })

  it('decides about its own recipient alone', async () => {
    const fixture = await startRelay({
      script: ({ stage, recipient }) => {
        if (stage === 'rcpt' && recipient.startsWith('gone')) return '550 5.1.1 no such user'
        if (stage === 'rcpt' && recipient.startsWith('busy')) return '450 4.2.1 busy'
        return stage === 'dot' && recipient.startsWith('lost') ? 'drop' : undefined
      },
    })
    const names = ['good1', 'gone', 'busy', 'lost', 'good2']
    const outcomes = await Promise.all(
      names.map((name) => fixture.carrier.carry(carriage({ recipient: `${name}@example.org` }), never())),
    )
    expect(outcomes.map(({ kind }) => kind)).toEqual(['sent', 'refused', 'deferred', 'unknown', 'sent'])
    expect([...fixture.relay.attempts.values()]).toEqual([1, 1, 1, 1, 1])
    await fixture.close()
  })

  it('comes through at a later attempt when the relay wants that', async () => {
    const fixture = await startRelay({
      script: ({ stage, attempt }) => (stage === 'rcpt' && attempt < 3 ? '450 4.7.0 greylisted' : undefined),
    })
    const kinds: string[] = []
    for (let round = 0; round < 3; round += 1) kinds.push((await fixture.carrier.carry(carriage(), never())).kind)
    expect(kinds).toEqual(['deferred', 'deferred', 'sent'])
    expect(fixture.relay.messages).toHaveLength(1)
    await fixture.close()
  })
})

/** The script that does one thing at one stage, every time. */
function at(stage: Stage, act: Act): Script {
  return (moment) => (moment.stage === stage ? act : undefined)
}

async function expectOutcome(
  [stage, act, kind, replyCode = null, statusCode = null]: Row,
  extensions: readonly string[],
  raw: Uint8Array,
): Promise<void> {
  const fixture = await startRelay({ script: at(stage, act), extensions })
  try {
    const outcome = await fixture.carrier.carry(carriage({ raw }), never())
    expect(outcome).toEqual({ kind, replyCode, statusCode, reason: expect.stringMatching(/^[a-z' ]{10,80}$/) })
    // Whatever happened, the relay was given the message once, and is not kept unless it took it.
    expect(fixture.relay.messages.length).toBeLessThanOrEqual(1)
    if (kind === 'sent') expect(fixture.relay.messages).toMatchObject([{ isTaken: true, data: Buffer.from(raw) }])
    else await expectNoConnection(fixture)
  } finally {
    await fixture.close()
  }
}

async function expectNoConnection({ relay, world }: RelayFixture): Promise<void> {
  await relay.reached('end')
  expect(relay.connections).toBe(1)
  expect(world.timers).toBe(0)
}
