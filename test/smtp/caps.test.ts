import { afterEach, describe, expect, it } from 'vitest'
import type { RecipientAnswer } from '../../src/receiver.ts'
import { JANE, JOHN, startListener, type TestListener } from '../support/smtp-listener.ts'
import type { SmtpSession } from '../support/smtp-session.ts'

let server: TestListener
afterEach(() => server.close())

describe('commands that lead nowhere', () => {
  it('300,000 of them are not answered', async () => {
    server = await startListener()
    const session = await server.open()
    session.write('NOOP\r\n'.repeat(300_000))
    const heard = await session.hearRest()
    expect(heard.match(/^250/gm)).toHaveLength(100)
    expect(heard).toMatch(/421 4\.7\.0 Too many commands without a message\r\n$/)
  })

  it.each([
    ['RSET after MAIL', ['RSET', 'MAIL FROM:<>']],
    ['EHLO', ['EHLO again.example']],
    ['MAIL again', ['MAIL FROM:<>']],
    ['the same recipient again', [`RCPT TO:<${JOHN}>`]],
    ['a bad recipient', ['RCPT TO:<>']],
    ['DATA too early', ['DATA']],
    ['VRFY', [`VRFY ${JOHN}`]],
  ])('end the session when it is %s', async (_, lines) => {
    server = await startListener()
    const session = await server.open()
    session.write(`EHLO x\r\nMAIL FROM:<>\r\n${`${lines.join('\r\n')}\r\n`.repeat(250)}`)
    expect(await session.hearRest()).toMatch(/421 4\.7\.0 Too many commands without a message\r\n$/)
  })

  it('do not add up over messages', async () => {
    server = await startListener()
    const session = await server.open()
    await session.run([['EHLO x', '250']])
    for (let mails = 0; mails < 5; mails += 1) {
      for (let times = 0; times < 60; times += 1) await session.run([['NOOP', '250']])
      await session.beginNext(JOHN)
      await session.run([['x\r\n.', '250']])
    }
  })
})

describe('recipients', () => {
  it('guessed one after the other end the session', async () => {
    server = await startListener()
    const session = await server.open()
    session.write('EHLO x\r\nMAIL FROM:<>\r\n')
    for (let guesses = 0; guesses < 100; guesses += 1) session.write(`RCPT TO:<guess${guesses}@agents.localhost>\r\n`)
    const heard = await session.hearRest()
    expect(heard.match(/^550 5\.1\.1/gm)).toHaveLength(50)
    expect(heard).toMatch(/421 4\.7\.0 Too many unknown recipients\r\n$/)
    expect(server.receiver.asked).toHaveLength(51)
  })

  it('beyond the most of a message are not counted as guesses, but counted', async () => {
    server = await startListener({ limits: { maxRecipients: 1, maxExcessRecipients: 200 } })
    const session = await server.open()
    session.write(`EHLO x\r\nMAIL FROM:<>\r\nRCPT TO:<${JOHN}>\r\n${'RCPT TO:<more@agents.localhost>\r\n'.repeat(300)}`)
    const heard = await session.hearRest()
    expect(heard.match(/^452 4\.5\.3/gm)).toHaveLength(200)
    expect(heard).toMatch(/421 4\.5\.3 [^\r\n]*\r\n$/)
  })
})

describe('connections', () => {
  it('that ended have left their place: nobody is sent away for them', async () => {
    server = await startListener({ limits: { maxConnections: 2 } })
    const first = await server.open()
    for (let times = 0; times < 5; times += 1) {
      const session = await server.open()
      await session.run([['QUIT', '221']])
      await session.closed
    }
    await first.run([['NOOP', '250']])
  })

  it('500 idle ones do not keep a good client out', async () => {
    server = await startListener()
    const idle: SmtpSession[] = []
    for (let batch = 0; batch < 10; batch += 1) {
      idle.push(...(await Promise.all(Array.from({ length: 50 }, () => server.open()))))
    }
    for (const { greeting } of idle) expect(greeting).toMatch(/^220/)
    const good = await server.open()
    await good.begin(JOHN)
    await good.run([
      ['x\r\n.', '250 2.6.0'],
      ['QUIT', '221'],
    ])
    // The cap is 200; 301 made room.
    for (const session of idle.slice(0, 301)) expect(await session.hearRest()).toMatch(/^421 4\.3\.2 /)
    await Promise.all(idle.slice(-5).map((session) => session.run([['NOOP', '250']])))
  })

  it('100 more do not cut a good client off in the middle of its message', async () => {
    server = await startListener({ limits: { maxConnections: 20 } })
    const good = await server.open()
    await good.begin(JOHN)
    good.write('Subject: x\r\n')
    for (let batch = 0; batch < 5; batch += 1) await Promise.all(Array.from({ length: 20 }, () => server.open()))
    await good.run([['\r\nx\r\n.', '250 2.6.0']])
  })

  it('that send MAIL and then a byte now and then do not keep a good client out', async () => {
    server = await startListener({ limits: { maxConnections: 3 } })
    const trickle = async () => {
      const session = await server.open()
      await session.run([
        ['EHLO x', '250'],
        ['MAIL FROM:<x@y.z>', '250'],
      ])
      return session
    }
    const trickling = [await trickle(), await trickle(), await trickle()]
    server.world.advance(1)
    const good = await server.open()
    await good.begin(JOHN)
    expect(await trickling[0]?.hearRest()).toMatch(/^421 4\.3\.2 /)
    await trickle()
    // Its message comes in, so it stays, whoever else wants in.
    for (let seconds = 0; seconds < 12; seconds += 3) {
      server.world.advance(3_000)
      good.write(`${'x'.repeat(4_094)}\r\n`)
      trickling[2]?.write('N')
      const another = await server.open()
      await another.begin(JOHN)
      await another.run([
        ['x\r\n.', '250'],
        ['QUIT', '221'],
      ])
      await another.closed
    }
    await good.run([['.', '250 2.6.0']])
  })

  it('that trickle a message make room, an honest one stays', async () => {
    server = await startListener({ limits: { maxConnections: 3, progressBytes: 100 } })
    const [honest, trickling, third] = [await server.open(), await server.open(), await server.open()]
    await honest.begin(JOHN)
    await trickling.begin(JANE)
    for (let seconds = 0; seconds < 6; seconds += 3) {
      server.world.advance(3_000)
      honest.write(`${'x'.repeat(98)}\r\n`)
      trickling.write('x')
      // Once it is answered the bytes before it are read too.
      await third.run([['NOOP', '250']])
    }
    await third.begin(JOHN)
    const good = await server.open()
    expect(await trickling.hearRest()).toMatch(/^421 4\.3\.2 /)
    expect(server.receiver.refusals).toEqual([[JANE, 'lost_mid_data']])
    await good.begin(JOHN)
    // All are in the middle of a message that comes in: the next waits.
    expect(await server.connect().hearRest()).toMatch(/^421 4\.3\.2 Too many/)
    await honest.run([['.', '250 2.6.0']])
  })

  it('whose recipient we are slow to look up are not held to be stalled', async () => {
    server = await startListener({ limits: { maxConnections: 1 } })
    const { promise, resolve } = Promise.withResolvers<RecipientAnswer>()
    server.receiver.inboxes.set(JANE, promise)
    const session = await server.open()
    session.write(`EHLO x\r\nMAIL FROM:<>\r\nRCPT TO:<${JANE}>\r\n`)
    await server.receiver.until(() => server.receiver.asked.length === 1)
    server.world.advance(10_000)
    expect(await server.connect().hearRest()).toMatch(/^421 4\.3\.2 Too many/)
    resolve({ accepted: true, recipient: { inboxId: 'jane', address: JANE, tag: null } })
    for (const code of ['250', '250', '250']) expect(await session.hear()).toContain(code)
    await session.run([['DATA', '354']])
    expect(await server.connect().hearRest()).toMatch(/^421 4\.3\.2 Too many/)
    await session.run([['x\r\n.', '250']])
  })

  it('that all began a message and fell silent make room after a while', async () => {
    server = await startListener({ limits: { maxConnections: 3 } })
    const silent = await Promise.all(Array.from({ length: 3 }, () => server.open()))
    for (const session of silent) await session.begin(JOHN)
    const tooSoon = await server.connect().hearRest()
    expect(tooSoon).toBe('421 4.3.2 Too many connections, try again later\r\n')
    server.world.advance(5_000)
    const good = await server.open()
    await good.begin(JOHN)
    await good.run([['x\r\n.', '250']])
    expect(server.receiver.refusals).toEqual([[JOHN, 'lost_mid_data']])
  })
})
