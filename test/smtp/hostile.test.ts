import { afterEach, beforeEach, expect, it } from 'vitest'
import { JANE, JOHN, startListener, TEST_TLS, type TestListener, turnUntil } from '../support/smtp-listener.ts'
import type { Script } from '../support/smtp-receiver.ts'

let server: TestListener
beforeEach(async () => {
  server = await startListener({
    tls: TEST_TLS,
    maxMessageBytes: 50_000,
    limits: { maxOverrunBytes: 20_000, maxConnections: 40 },
  })
})
afterEach(() => server.close())

/** The same numbers in every run (mulberry32). */
function makeRandom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

const PIECES: readonly string[] = [
  'EHLO x\r\n',
  'HELO x\n',
  'MAIL FROM:<>\r\n',
  'MAIL FROM:<a@example.org> SIZE=10\r\n',
  `RCPT TO:<${JOHN}>\r\n`,
  `RCPT TO:<${JANE}>\r\n`,
  'RCPT TO:<@a:b@c>\r\n',
  'DATA\r\n',
  'DATA\r\n',
  'Subject: x\r\n\r\nbody\r\n.\r\n',
  '.\r\n',
  '\r\n.\r\n',
  '\n.\n',
  '..\r\n',
  '\r',
  '\n',
  '\0',
  'RSET\r\n',
  'NOOP\r\n',
  'QUIT\r\n',
  'STARTTLS\r\n',
  'VRFY\r\n',
  `${'x'.repeat(3_000)}`,
  `${'y'.repeat(60_000)}\r\n`,
  ...Array(6).fill(`EHLO x\r\nMAIL FROM:<>\r\nRCPT TO:<${JOHN}>\r\nDATA\r\nz\r\n.\r\n`),
  '\x16\x03\x01\x02\x00\x01',
  '\xff\xfe\xfd',
]

it('150 sessions of nonsense leave nothing behind: every 250 is told of once, every timer is gone, and mail still comes', async () => {
  const random = makeRandom(20_261_124)
  const outcomes = (): Script => {
    const kind = random(4)
    if (kind === 0) return new Error('no')
    return kind === 1 ? new Promise<void>((resolve) => setImmediate(resolve)) : 'take'
  }
  for (let batch = 0; batch < 15; batch += 1) {
    const sessions = Array.from({ length: 10 }, () => server.connect())
    for (const session of sessions) {
      server.receiver.scripts.push(outcomes())
      for (let count = random(25); count >= 0; count -= 1) {
        session.write(Buffer.from(PIECES[random(PIECES.length)] ?? '', 'latin1'))
        if (random(5) === 0) await new Promise((resolve) => setImmediate(resolve))
      }
      const leave = random(3)
      if (leave === 0) session.socket.resetAndDestroy()
      else if (leave === 1) session.end()
      // The others stay until their deadline.
      else session.socket.resume()
    }
    if (batch % 5 === 4) server.world.advance(15 * 60_000)
  }
  server.world.advance(60 * 60_000)
  await turnUntil(() => server.world.timers === 0)
  const good = await server.open()
  server.receiver.scripts.length = 0
  await good.begin(JOHN)
  await good.run([
    ['x\r\n.', '250'],
    ['QUIT', '221'],
  ])
  const { taken, confirmed, released } = server.receiver
  await server.receiver.until(() => confirmed.length + released.length >= taken.length)
  expect([...confirmed, ...released].sort()).toEqual(taken.map(({ id }) => id).sort())
  expect(taken.length).toBeGreaterThan(10)
  expect(server.logged.filter(({ event }) => event === 'smtp_defect')).toEqual([])
})

it('a certificate changes nothing for a client that speaks in clear', async () => {
  const session = await server.open()
  await session.begin(JOHN)
  await session.run([['x\r\n.', '250']])
})

it('a client that never reads its replies does not make us remember them', async () => {
  const session = await server.open()
  session.socket.pause()
  session.write('VRFY x\r\n'.repeat(200_000))
  // The cap on commands ends it whether or not it reads.
  await turnUntil(() => server.world.timers === 0)
  session.socket.resume()
  expect(await session.hearRest()).toMatch(/421 4\.7\.0 [^\r\n]*\r\n$/)
})

it('nothing of a mail or its addresses is in the log', async () => {
  server.receiver.scripts.push(new Error('no'))
  const session = await server.open()
  await session.begin(JOHN, 'secret-sender@example.org')
  await session.run([['Subject: secret words\r\n\r\nsecret body\r\n.', '451']])
  await session.beginNext(JOHN, 'secret-sender@example.org')
  await session.run([
    ['Subject: secret words\r\n\r\nsecret body\r\n.', '250'],
    ['MAIL FROM:<>', '250'],
    ['RCPT TO:<secret-guess@agents.localhost>', '550'],
  ])
  expect(server.logged.length).toBeGreaterThan(1)
  expect(JSON.stringify(server.logged)).not.toMatch(/secret|john/)
})
