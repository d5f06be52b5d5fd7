import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { JOHN, startListener, type TestListener } from '../support/smtp-listener.ts'
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

  it('leave DATA for now when any of them could only not be looked up, and for good when all were refused', async () => {
    const broken = 'RCPT TO:<broken@agents.localhost>'
    const unknown = 'RCPT TO:<no@agents.localhost>'
    await run(MAIL, [broken, '451'], ['DATA', '451 4.3.0'])
    await run(MAIL, [broken, '451'], [unknown, '550'], ['DATA', '451 4.3.0'])
    await run(MAIL, [unknown, '550'], [broken, '451'], ['DATA', '451 4.3.0'], RCPT, ['DATA', '354'])
    await run(MAIL, [broken, '451'], ['RSET', '250'], MAIL, [unknown, '550'], ['DATA', '554 5.5.1'])
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
