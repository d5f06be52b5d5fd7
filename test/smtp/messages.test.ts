import { afterEach, describe, expect, it } from 'vitest'
import { JANE, JOHN, startListener, type TestListener } from '../support/smtp-listener.ts'

let server: TestListener
afterEach(() => server.close())

const lastRaw = () => server.receiver.taken.at(-1)?.raw.toString('latin1')

describe('a message', () => {
  it('is handed over with its envelope', async () => {
    server = await startListener()
    const session = await server.open()
    await session.begin([JOHN, JANE], 'Sender+x@Example.ORG')
    expect(await session.command('Subject: x\r\n\r\nhello\r\n.')).toBe('250 2.6.0 Accepted as message-1')
    expect(server.receiver.taken[0]?.envelope).toEqual({
      from: 'Sender+x@Example.ORG',
      recipients: [JOHN, JANE].map((address) => ({ inboxId: `inbox of ${address}`, address, tag: null })),
      helo: 'client.example',
      remoteAddress: '127.0.0.1',
      receivedAt: server.world.now(),
    })
  })

  it('is for everybody once, however often named', async () => {
    server = await startListener()
    server.receiver.inboxes.set('JOHN@agents.localhost', server.receiver.inboxes.get(JOHN) ?? new Error())
    server.receiver.addInbox('john+tag@agents.localhost', `inbox of ${JOHN}`)
    const session = await server.open()
    await session.begin([JOHN, 'JOHN@agents.localhost', JOHN, 'john+tag@agents.localhost'], '')
    await session.command('x\r\n.')
    const { envelope } = server.receiver.taken[0] ?? {}
    expect(envelope?.from).toBe('')
    expect(envelope?.recipients.map(({ address }) => address)).toEqual([JOHN, 'john+tag@agents.localhost'])
  })

  it('follows another in the same session with nothing left of it', async () => {
    server = await startListener()
    const session = await server.open()
    await session.begin([JOHN, JANE])
    await session.command('one\r\n.')
    await session.run([['DATA', '503']])
    await session.beginNext(JANE, 'other@example.org')
    await session.command('two\r\n.')
    expect(server.receiver.taken.map(({ envelope, raw }) => [envelope.from, envelope.recipients.length, raw.toString()])).toEqual(
      [
        ['sender@example.org', 2, 'one\r\n'],
        ['other@example.org', 1, 'two\r\n'],
      ],
    )
  })

  it.each([
    ['bare line ends', 'a\nb\rc\n\r\n'],
    ['dots after a bare LF', 'a\n..\n.\nb\r\n'],
    ['NUL and 8-bit bytes', 'a\0b\x80\xff\r\n'],
    ['a line of a million characters', `${'x'.repeat(990_000)}\r\n`],
    ['no line at all', ''],
  ])('keeps %s byte for byte', async (_, content) => {
    server = await startListener()
    const session = await server.open()
    await session.begin(JOHN)
    session.write(Buffer.from(`${content}.\r\n`, 'latin1'))
    expect(await session.hear()).toMatch(/^250/)
    expect(lastRaw()).toBe(content)
  })

  it('of many doubled dots is unstuffed', async () => {
    server = await startListener()
    const session = await server.open()
    await session.begin(JOHN)
    expect(await session.command(`${'..\r\n'.repeat(100_000)}.`)).toMatch(/^250/)
    expect(lastRaw()).toBe('.\r\n'.repeat(100_000))
  })

  it.each([['\n.\n'], ['\n.\r\n'], ['\r\n.\n'], ['\r.\r'], ['\r\n.\r'], ['\r\n\0.\r\n'], ['\r\n.\r\r\n']])(
    'is not ended by %j, so no second one is smuggled in',
    async (sequence) => {
      server = await startListener()
      const session = await server.open()
      await session.begin(JOHN)
      const smuggled = `MAIL FROM:<evil@example.org>\r\nRCPT TO:<${JANE}>\r\nDATA\r\nevil\r\n`
      session.write(`honest${sequence}${smuggled}.\r\nQUIT\r\n`)
      expect(await session.hearRest()).toBe('250 2.6.0 Accepted as message-1\r\n221 2.0.0 Bye\r\n')
      expect(server.receiver.taken).toHaveLength(1)
      expect(lastRaw()).toContain(smuggled)
    },
  )

  it('from a client that says everything and closes its side is answered all the same', async () => {
    server = await startListener()
    const session = await server.open()
    const { promise, resolve } = Promise.withResolvers<void>()
    server.receiver.scripts.push(promise)
    session.write(`EHLO x\r\nMAIL FROM:<>\r\nRCPT TO:<${JOHN}>\r\nDATA\r\nx\r\n.\r\nQUIT\r\n`)
    session.end()
    await server.receiver.until(() => server.receiver.offered === 1)
    // Meanwhile the listener sees the end.
    const other = await server.open()
    await other.run([['NOOP', '250']])
    resolve()
    expect(await session.hearRest()).toMatch(/250 2\.6\.0 Accepted as message-1\r\n221 2\.0\.0 Bye\r\n$/)
  })
})

describe('a message over the limit', () => {
  const limits = { maxOverrunBytes: 50_000 }

  it.each([
    [100_000, '250 2.6.0'],
    [100_001, '552 5.3.4'],
    [140_000, '552 5.3.4'],
  ])('of %i bytes is answered %s after its end, and the session goes on', async (sizeBytes, expected) => {
    server = await startListener({ maxMessageBytes: 100_000, limits })
    const session = await server.open()
    await session.begin(JOHN)
    await session.run([
      [`${'x'.repeat(sizeBytes - 2)}\r\n.`, expected],
      ['NOOP', '250'],
    ])
    await session.beginNext(JOHN)
    await session.run([['small\r\n.', '250 2.6.0']])
    expect(lastRaw()).toBe('small\r\n')
    expect(server.receiver.refusals).toEqual(sizeBytes > 100_000 ? [[JOHN, 'too_large']] : [])
    const said = { remoteAddress: '127.0.0.1', helo: 'client.example', mailFrom: 'sender@example.org', sizeBytes }
    if (sizeBytes > 100_000) expect(server.receiver.lastRefusal).toMatchObject(said)
  })

  it('that goes on and on is not listened to', async () => {
    server = await startListener({ maxMessageBytes: 100_000, limits })
    const session = await server.open()
    await session.begin([JOHN, JANE])
    let sentBytes = 0
    const piece = Buffer.alloc(16_384, 'x')
    const send = () => {
      while (!session.socket.destroyed && session.socket.writable && session.socket.write(piece)) sentBytes += piece.length
    }
    session.socket.on('drain', send)
    send()
    expect(await session.hearRest()).toBe('552 5.3.4 Message too large\r\n')
    // What the socket buffers of the two sides hold comes on top; a listener that reads to the end would have no end.
    expect(sentBytes).toBeGreaterThan(100_000)
    expect(server.receiver.refusals).toEqual([
      [JOHN, 'too_large'],
      [JANE, 'too_large'],
    ])
    expect(server.receiver.offered).toBe(0)
  })
})

describe('too much mail at once', () => {
  it.each([
    ['silent', ''],
    ['trickling', 'A'],
  ])('held as %s half messages makes room for a good one', async (_, trickle) => {
    server = await startListener({ limits: { maxInflightBytes: 100_000 } })
    const held = [await server.open(), await server.open()]
    for (const session of held) await session.begin(JANE)
    const watch = await server.open()
    for (const [index, session] of held.entries()) session.write('A'.repeat(index === 0 ? 30_000 : 69_990))
    // Stalled is who got nowhere for 5 s; until then there is no room.
    await watch.begin(JOHN)
    await watch.run([[`${'x'.repeat(998)}\r\n.`, '452 4.3.1']])
    for (let seconds = 0; seconds < 6; seconds += 3) {
      server.world.advance(3_000)
      // Nobody's last byte is older than 3 s when room is wanted.
      if (trickle !== '') for (const session of held) session.write(trickle)
      await watch.run([['NOOP', '250']])
    }
    await watch.beginNext(JOHN)
    await watch.run([[`${'x'.repeat(998)}\r\n.`, '250 2.6.0']])
    expect(await held[1]?.hearRest()).toMatch(/^421 4\.3\.2 /)
    expect(server.receiver.refusals).toEqual([
      [JOHN, 'store_error'],
      [JANE, 'lost_mid_data'],
    ])
    await held[0]?.run([['\r\n.', '250 2.6.0']])
  })

  it('is refused for now, in the middle of a message as before one', async () => {
    server = await startListener({ limits: { maxInflightBytes: 100_000 } })
    const one = await server.open()
    const two = await server.open()
    await one.begin(JOHN)
    await two.begin(JANE)
    const { promise, resolve } = Promise.withResolvers<void>()
    server.receiver.scripts.push(promise)
    one.write(`${'x'.repeat(99_998)}\r\n.\r\n`)
    await server.receiver.until(() => server.receiver.offered === 1)
    expect(await two.command('xx\r\n.')).toMatch(/^452 4\.3\.1/)
    expect(server.receiver.refusals).toEqual([[JANE, 'store_error']])
    await two.run([
      ['MAIL FROM:<>', '250'],
      [`RCPT TO:<${JANE}>`, '250'],
      ['DATA', '452 4.3.1'],
    ])
    expect(server.receiver.refusals).toHaveLength(2)
    expect(server.receiver.lastRefusal).toMatchObject({ address: JANE, reason: 'store_error', mailFrom: '', sizeBytes: null })
    resolve()
    expect(await one.hear()).toMatch(/^250/)
    await two.run([
      ['DATA', '354'],
      ['xx\r\n.', '250'],
    ])
  })

  it.each([
    ['taken', 'take', 'x', '250'],
    ['not taken', new Error('no'), 'x', '451 4.3.0'],
    ['found to be in a loop', 'take', 'Received: x\r\n', '554 5.4.6'],
    ['found to be too large', 'take', 'xx', '552 5.3.4'],
  ] as const)('is counted no longer once it is %s', async (_, script, text, expected) => {
    server = await startListener({ maxMessageBytes: 1_000, limits: { maxInflightBytes: 1_000 } })
    const session = await server.open()
    await session.run([['EHLO x', '250']])
    for (let times = 0; times < 5; times += 1) {
      server.receiver.scripts.push(script)
      await session.beginNext(JOHN)
      await session.run([[`${text.repeat(text.length > 2 ? 60 : 900)}\r\n.`, expected]])
    }
  })

  it('is counted no longer once its sender is gone', async () => {
    server = await startListener({ limits: { maxInflightBytes: 100_000 } })
    const one = await server.open()
    await one.begin(JOHN)
    one.write('x'.repeat(90_000))
    const two = await server.open()
    await two.begin(JANE)
    await one.destroy()
    await server.receiver.until(() => server.receiver.refusals.length === 1)
    await two.run([[`${'x'.repeat(90_000)}\r\n.`, '250']])
  })
})

describe('a message in a loop', () => {
  it.each([
    [50, '250'],
    [51, '554 5.4.6'],
  ])('with %i Received headers is answered %s', async (count, expected) => {
    server = await startListener()
    const session = await server.open()
    await session.begin(JOHN)
    await session.run([[`${'Received: from a by b\r\n'.repeat(count)}\r\nx\r\n.`, expected]])
    expect(server.receiver.refusals).toEqual(count > 50 ? [[JOHN, 'mail_loop']] : [])
  })
})
