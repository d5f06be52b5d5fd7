import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { JANE, JOHN, startListener, type TestListener } from '../support/smtp-listener.ts'
import type { Row } from '../support/smtp-session.ts'

let server: TestListener
beforeAll(async () => {
  server = await startListener()
  server.receiver.inboxes.set('suspended@agents.localhost', { accepted: false, reason: 'suspended' })
  server.receiver.inboxes.set('broken@agents.localhost', new Error('disk on fire'))
})
afterAll(() => server.close())
beforeEach(() => {
  server.receiver.refusals.length = 0
  server.receiver.asked.length = 0
})

/** Sends every row in one session after EHLO. */
async function run(...rows: Row[]): Promise<void> {
  const session = await server.open()
  await session.run([['EHLO client.example', '250'], ...rows])
  await session.destroy()
}

const MAIL: Row = ['MAIL FROM:<a@example.org>', '250 2.1.0']
const RCPT: Row = [`RCPT TO:<${JOHN}>`, '250 2.1.5']

describe('the greeting', () => {
  it('comes at once and names the program and its store', async () => {
    const session = await server.open()
    expect(session.greeting).toBe('220 agents.localhost ESMTP inbox-mcp store-a')
    await session.destroy()
  })

  it('is not waited for by everybody: who speaks first is served', async () => {
    const session = server.connect()
    session.write('EHLO eager.example\r\nQUIT\r\n')
    expect(await session.hearRest()).toMatch(/^220 .*\r\n250-.*\r\n221 2\.0\.0 Bye\r\n$/s)
  })
})

describe('EHLO', () => {
  it('offers exactly what there is', async () => {
    const session = await server.open()
    const offers = (await session.command('EHLO client.example')).split('\r\n').slice(1).sort()
    expect(offers).toEqual(['250 SIZE 1000000', '250-8BITMIME', '250-ENHANCEDSTATUSCODES', '250-PIPELINING', '250-SMTPUTF8'])
    await session.destroy()
  })

  it('or HELO must come before mail', async () => {
    const session = await server.open()
    await session.run([
      ['MAIL FROM:<a@example.org>', '503 5.5.1'],
      ['HELO client.example', /^250 agents\.localhost/],
      ['MAIL FROM:<a@example.org>', '250'],
    ])
    await session.destroy()
  })

  it.each([['EHLO'], ['EHLO a b'], [`EHLO ${'a'.repeat(301)}`], ['EHLO a\0b']])('as %j is refused', (line) => run([line, '501']))

  it('forgets the transaction', () => run(MAIL, RCPT, ['EHLO again.example', '250'], ['DATA', '503 5.5.1']))
})

describe('commands', () => {
  it.each([
    ['NOOP', '250 2.0.0'],
    ['NOOP whatever', '250 2.0.0'],
    ['noop', '250 2.0.0'],
    ['RSET', '250 2.0.0'],
    ['VRFY john@agents.localhost', '252 2.1.5'],
    ['VRFY nobody@agents.localhost', '252 2.1.5'],
    ['VRFY', '501'],
    ['EXPN list', '500 5.5.2'],
    ['HELP', '500 5.5.2'],
    ['WIZ pass', '500 5.5.2'],
    ['KILL', '500 5.5.2'],
    ['SHELL', '500 5.5.2'],
    ['AUTH PLAIN AGEAYg==', '500 5.5.2'],
    ['AUTH LOGIN', '500 5.5.2'],
    ['STARTTLS', '500 5.5.2'],
    ['XCLIENT ADDR=192.0.2.1', '500 5.5.2'],
    ['XFORWARD ADDR=192.0.2.1', '500 5.5.2'],
    ['LHLO client.example', '500'],
    ['BDAT 5 LAST', '500 5.5.2'],
    ['TURN', '500 5.5.2'],
    ['constructor', '500 5.5.2'],
    ['', '500 5.5.2'],
    ['NOOP\n', '250 2.0.0'],
  ])('%j is answered %s', (line, expected) => run([line, expected]))

  it('may be cut anywhere', async () => {
    const session = await server.open()
    for (const byte of 'EHLO client.example\r\n') session.write(byte)
    expect(await session.hear()).toMatch(/^250-/)
    await session.destroy()
  })

  it('of a web browser end the session', async () => {
    const session = await server.open()
    expect(await session.command('POST / HTTP/1.1')).toMatch(/^421/)
    await session.closed
  })

  it('that nobody knows end the session after a few', async () => {
    const session = await server.open()
    session.write('FOO\r\n'.repeat(20))
    expect(await session.hearRest()).toMatch(/^(?:500 [^\n]*\n){9}421 [^\n]*\n$/)
  })

  it('that nobody knows are forgiven after a message', async () => {
    const session = await server.open()
    const unknown = Array<Row>(9).fill(['FOO', '500'])
    await session.run(unknown)
    await session.begin(JOHN)
    await session.run([['x\r\n.', '250'], ...unknown])
    await session.destroy()
  })

  it.each([['with'], ['without']])('too long, %s an end, end the session', async (end) => {
    const session = await server.open()
    session.write(`NOOP ${'x'.repeat(10_000)}${end === 'with' ? '\r\n' : ''}`)
    expect(await session.hearRest()).toBe('421 4.7.0 Command line too long\r\n')
  })

  it('that never ended are none', async () => {
    const session = await server.open()
    session.write('NOOP\r\nQUIT')
    session.end()
    expect(await session.hearRest()).toBe('250 2.0.0 OK\r\n')
  })

  it('sent together are answered together, in their order', async () => {
    const session = await server.open()
    session.write(
      `EHLO x\r\nMAIL FROM:<>\r\nRCPT TO:<${JOHN}>\r\nRCPT TO:<no@agents.localhost>\r\nRCPT TO:<${JANE}>\r\nNOOP\r\nDATA\r\n`,
    )
    for (const expected of ['250', '250 2.1.0', '250 2.1.5', '550 5.1.1', '250 2.1.5', '250 2.0.0', '354']) {
      expect((await session.hear()).startsWith(expected)).toBe(true)
    }
    await session.destroy()
  })
})

describe('MAIL', () => {
  it.each([
    ['MAIL FROM:<>', '250 2.1.0'],
    ['mail from: <a@example.org>', '250 2.1.0'],
    ['MAIL FROM:<a@example.org> SIZE=1000000 BODY=8BITMIME SMTPUTF8', '250 2.1.0'],
    ['MAIL FROM:<"odd one"@example.org>', '250 2.1.0'],
    ['MAIL FROM:<ü@bücher.example> SMTPUTF8', '250 2.1.0'],
    ['MAIL FROM:<a@example.org> SIZE=1000001', '250 2.1.0'],
    ['MAIL FROM:<a@example.org> SIZE=x', '501 5.5.4'],
    ['MAIL FROM:<a@example.org> RET=FULL', '555 5.5.4'],
    ['MAIL FROM:<a@example.org> AUTH=<>', '555 5.5.4'],
    ['MAIL FROM:a@example.org', '501 5.1.7'],
    ['MAIL FROM:<a@example.org', '501 5.1.7'],
    ['MAIL FROM:', '501 5.1.7'],
    ['MAIL', '501 5.1.7'],
    ['MAIL FROM:<a\0@example.org>', '501 5.1.7'],
    ['MAIL FROM:<a\r@example.org>', '501 5.1.7'],
    ['MAIL FROM:<a\u001b[2J@example.org>', '501 5.1.7'],
    [`MAIL FROM:<${'a'.repeat(250)}@example.org>`, '553 5.1.7'],
    ['MAIL FROM:<@relay.example:a@example.org>', '553 5.1.7'],
    ['MAIL FROM:<a@example.org,b@example.org>', '553 5.1.7'],
    ['MAIL FROM:<a>', '553 5.1.7'],
  ])('%j is answered %s', (line, expected) => run([line, expected]))

  it('comes once', () => run(MAIL, ['MAIL FROM:<b@example.org>', '503 5.5.1'], ['RSET', '250'], MAIL))
})

describe('a message that is announced to be too large', () => {
  const LARGE: Row = ['MAIL FROM:<a@example.org> SIZE=1000001', '250 2.1.0']

  it('is refused to each recipient, who can be told of it with the size', async () => {
    const refused: Row = [`RCPT TO:<${JOHN}>`, '552 5.3.4']
    await run(LARGE, refused, refused, [`RCPT TO:<${JANE}>`, '552 5.3.4'], ['DATA', '554 5.5.1'])
    expect(server.receiver.refusals).toEqual([
      [JOHN, 'too_large'],
      [JANE, 'too_large'],
    ])
    expect(server.receiver.lastRefusal).toMatchObject({ address: JANE, sizeBytes: 1_000_001 })
  })

  it('is refused as others are where there is no such inbox, or a suspended one', async () => {
    await run(LARGE, ['RCPT TO:<no@agents.localhost>', '550 5.1.1'], ['RCPT TO:<suspended@agents.localhost>', '550 5.2.1'])
    expect(server.receiver.refusals).toEqual([
      ['no@agents.localhost', 'unknown'],
      ['suspended@agents.localhost', 'suspended'],
    ])
    expect(server.receiver.lastRefusal?.sizeBytes).toBeNull()
  })

  it('leaves the next message alone', () =>
    run(LARGE, [`RCPT TO:<${JOHN}>`, '552 5.3.4'], ['RSET', '250'], MAIL, RCPT, ['DATA', '354']))

  it('is refused in one go to a client that pipelines', async () => {
    const session = await server.open()
    session.write(
      `EHLO x\r\nMAIL FROM:<> SIZE=99999999999999999999\r\nRCPT TO:<${JOHN}>\r\nRCPT TO:<${JANE}>\r\nDATA\r\nQUIT\r\n`,
    )
    for (const expected of ['250', '250 2.1.0', '552 5.3.4', '552 5.3.4', '554 5.5.1', '221']) {
      expect((await session.hear()).startsWith(expected)).toBe(true)
    }
    expect(server.receiver.lastRefusal).toMatchObject({ address: JANE, reason: 'too_large', sizeBytes: Number.MAX_SAFE_INTEGER })
  })
})

describe('DATA', () => {
  it('needs MAIL and RCPT first', () => run(['DATA', '503 5.5.1'], MAIL, ['DATA', '503 5.5.1'], RCPT, ['DATA', '354']))
  it('with nobody left to receive is refused', () => run(MAIL, ['RCPT TO:<no@agents.localhost>', '550'], ['DATA', '554 5.5.1']))
  it('takes no argument', () => run(MAIL, RCPT, ['DATA now', '501 5.5.4'], ['DATA', '354']))
  it('after RSET needs all again', () => run(MAIL, RCPT, ['RSET', '250'], ['DATA', '503 5.5.1']))
})
