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
    ['MAIL FROM:<a@example.org> SIZE=1000001', '552 5.3.4'],
    ['MAIL FROM:<a@example.org> SIZE=99999999999999999999', '552 5.3.4'],
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

describe('RCPT', () => {
  it.each([
    ['nobody@agents.localhost'],
    ['john@example.org'],
    ['john'],
    ['john%agents.localhost@agents.localhost'],
    ['john%example.org@agents.localhost'],
    ['agents.localhost!john'],
    ['example.org!john@agents.localhost'],
    ['@relay.example:john@agents.localhost'],
    ['@one.example,@two.example:john@agents.localhost'],
    ['@agents.localhost:john@agents.localhost'],
    ['john@[127.0.0.1]'],
    ['john@[IPv6:::1]'],
    ['john@[agents.localhost]'],
    ['"john"@agents.localhost'],
    ['"john "@agents.localhost'],
    ['"john@agents.localhost"@example.org'],
    ['jo\\hn@agents.localhost'],
    ['john@agents.localhost@example.org'],
    ['john@agents.localhost,jane@agents.localhost'],
    ['john @agents.localhost'],
    [' john@agents.localhost'],
    ['john@agents.localhost '],
    ['john@agents.localhost.'],
    ['john(it is me)@agents.localhost'],
    ['john\u200b@agents.localhost'],
    ['john@agents\u3002localhost'],
    ['ｊohn@agents.localhost'],
    [`${'a'.repeat(300)}@agents.localhost`],
  ])('<%s> is unknown', async (address) => {
    await run(MAIL, [`RCPT TO:<${address}>`, '550 5.1.1'], ['DATA', '554 5.5.1'])
    expect(server.receiver.refusals).toEqual([[address, 'unknown']])
  })

  it.each([
    ['RCPT TO:john@agents.localhost'],
    ['RCPT TO:<john@agents.localhost'],
    ['RCPT TO:john@agents.localhost>'],
    ['RCPT TO:<<john@agents.localhost>>'],
    ['RCPT TO:<john@agents.localhost>x'],
    ['RCPT TO:<>'],
    ['RCPT TO:'],
    ['RCPT'],
    ['RCPT john@agents.localhost'],
    ['RCPT TO:<john\0@agents.localhost>'],
  ])('%j is bad syntax', async (line) => {
    await run(MAIL, [line, '501 5.1.3'])
    expect(server.receiver.asked).toEqual([])
  })

  it.each([['RCPT TO:<john@agents.localhost>'], ['rcpt to: <john@agents.localhost>'], ['RCPT TO:<john@agents.localhost>   ']])(
    '%j is taken',
    async (line) => {
      await run(MAIL, [line, '250 2.1.5'])
      expect(server.receiver.asked).toEqual([JOHN])
    },
  )

  it('asks the post office for the address as it was written', async () => {
    await run(
      MAIL,
      ['RCPT TO:<John+Tag@XN--BCHER-KVA.example>', '550 5.1.1'],
      ['RCPT TO:<john@BÜCHER.example>', '550 5.1.1'],
      ['RCPT TO:<john@xn--a.example>', '550 5.1.1'],
    )
    expect(server.receiver.asked).toEqual(['John+Tag@XN--BCHER-KVA.example', 'john@BÜCHER.example', 'john@xn--a.example'])
  })

  it('of a suspended inbox says so', async () => {
    await run(MAIL, ['RCPT TO:<suspended@agents.localhost>', '550 5.2.1'])
    expect(server.receiver.refusals).toEqual([['suspended@agents.localhost', 'suspended']])
  })

  it('that the post office cannot look up is temporary', async () => {
    await run(MAIL, ['RCPT TO:<broken@agents.localhost>', '451 4.3.0'], RCPT)
    expect(server.receiver.refusals).toEqual([['broken@agents.localhost', 'store_error']])
    expect(server.logged).toContainEqual(expect.objectContaining({ level: 'error', event: 'smtp_lookup_failed' }))
  })

  it('that the post office never answers is temporary', async () => {
    const address = 'slow@agents.localhost'
    const { promise, resolve } = Promise.withResolvers<{ accepted: false; reason: 'unknown' }>()
    server.receiver.inboxes.set(address, promise)
    const session = await server.open()
    await session.run([['EHLO x', '250'], MAIL])
    session.write(`RCPT TO:<${address}>\r\nNOOP\r\n`)
    await server.receiver.until(() => server.receiver.asked.includes(address))
    server.world.advance(30_000)
    expect(await session.hear()).toMatch(/^451 4\.3\.0/)
    resolve({ accepted: false, reason: 'unknown' })
    // One answer, and the next one belongs to the next command.
    expect(await session.hear()).toMatch(/^250 2\.0\.0/)
    expect(server.receiver.refusals).toEqual([[address, 'store_error']])
    await session.destroy()
  })

  it('of postmaster alone means the postmaster of our domain, who may not exist', async () => {
    await run(MAIL, ['RCPT TO:<Postmaster>', '550 5.1.1'])
    server.receiver.addInbox('postmaster@agents.localhost')
    await run(MAIL, ['RCPT TO:<postmaster>', '250 2.1.5'])
    expect(server.receiver.asked).toEqual(['Postmaster@agents.localhost', 'postmaster@agents.localhost'])
  })

  it('takes no parameters, for it offers none', () => run(MAIL, [`RCPT TO:<${JOHN}> NOTIFY=NEVER`, '555 5.5.4']))

  it('needs MAIL first', () => run([RCPT[0], '503 5.5.1']))
})

describe('DATA', () => {
  it('needs MAIL and RCPT first', () => run(['DATA', '503 5.5.1'], MAIL, ['DATA', '503 5.5.1'], RCPT, ['DATA', '354']))
  it('with nobody left to receive is refused', () => run(MAIL, ['RCPT TO:<no@agents.localhost>', '550'], ['DATA', '554 5.5.1']))
  it('takes no argument', () => run(MAIL, RCPT, ['DATA now', '501 5.5.4'], ['DATA', '354']))
  it('after RSET needs all again', () => run(MAIL, RCPT, ['RSET', '250'], ['DATA', '503 5.5.1']))
})

describe('too many recipients', () => {
  it('are refused for now, and the message goes to the others', async () => {
    const addresses = Array.from({ length: 102 }, (_, index) => `many${index}@agents.localhost`)
    for (const address of addresses) server.receiver.addInbox(address)
    const session = await server.open()
    await session.run([['EHLO x', '250'], MAIL])
    for (const [index, address] of addresses.entries()) {
      await session.run([[`RCPT TO:<${address}>`, index < 100 ? '250 2.1.5' : '452 4.5.3']])
    }
    await session.run([
      ['DATA', '354'],
      ['Subject: many\r\n\r\nx\r\n.', '250'],
    ])
    expect(server.receiver.taken.at(-1)?.envelope.recipients.map(({ address }) => address)).toEqual(addresses.slice(0, 100))
    expect(server.receiver.refusals).toEqual(addresses.slice(100).map((address) => [address, 'too_many_recipients']))
    await session.destroy()
  })
})
