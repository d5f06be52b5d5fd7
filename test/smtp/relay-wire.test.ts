import { describe, expect, it } from 'vitest'
import { createDice, pick } from '../support/recipients.ts'
import { carriage, EXTENSIONS, never, SMALL, startRelay } from '../support/relay-fixture.ts'

describe('what goes on the wire', () => {
  it('is the message byte for byte, whatever its lines begin with', async () => {
    const fixture = await startRelay()
    const dice = createDice(11)
    const messages = Array.from({ length: 300 }, () => {
      const lines = Array.from({ length: dice(30) }, () =>
        pick(dice, [
          '',
          '.',
          '..',
          '.x',
          'x.',
          '. ',
          'MAIL FROM:<eve@example.org>',
          'QUIT',
          '\t.',
          'x'.repeat(dice(998)),
          '.'.repeat(dice(998)),
        ]),
      )
      return Buffer.from([...lines, ''].join('\r\n') || '\r\n')
    })
    for (const raw of messages) expect(await fixture.carrier.carry(carriage({ raw }), never())).toMatchObject({ kind: 'sent' })
    expect(fixture.relay.messages.map(({ data }) => data.toString('latin1'))).toEqual(
      messages.map((raw) => raw.toString('latin1')),
    )
    expect(fixture.relay.lines.some(({ line }) => line.includes('eve@'))).toBe(false)
    await fixture.close()
  })

  it.each([
    ['a lone LF before a dot', 'a\n.\nMAIL FROM:<eve@example.org>\r\n'],
    ['a lone CR before a dot', 'a\r.\rMAIL FROM:<eve@example.org>\r\n'],
    ['LF dot CRLF', 'a\n.\r\nMAIL FROM:<eve@example.org>\r\n'],
    ['CR dot CRLF', 'a\r.\r\nMAIL FROM:<eve@example.org>\r\n'],
    ['a dot at the very end', 'a\r\n.'],
    ['a lone CR at the very end', 'a\r'],
    ['nothing at all', ''],
  ])('ends where the message ends, even with %s in it', async (_what, text) => {
    for (const pad of [0, 65_535, 65_536]) {
      const fixture = await startRelay()
      const raw = Buffer.concat([Buffer.alloc(pad, 'x'), Buffer.from(text)])
      expect(await fixture.carrier.carry(carriage({ raw }), never())).toMatchObject({ kind: 'sent' })
      expect(fixture.relay.lines.map(({ line }) => line.split(' ')[0])).toEqual(['EHLO', 'MAIL', 'RCPT', 'DATA'])
      expect(fixture.relay.messages).toHaveLength(1)
      await fixture.close()
    }
  })

  it('may have the null sender', async () => {
    const fixture = await startRelay()
    await fixture.carrier.carry(carriage({ envelopeFrom: '' }), never())
    expect(fixture.relay.lines.map(({ line }) => line)).toContain('MAIL FROM:<>')
    await fixture.close()
  })

  it.each([
    'a@example.org>\r\nRCPT TO:<eve@example.org',
    'a@example.org\nx',
    'a@example.org> NOTIFY=SUCCESS',
    'a b@example.org',
    ' a@example.org ',
    '<a@example.org>',
    'ä@example.org',
    'a\0@example.org',
    'a',
    '',
  ])('is never an address like %j, should one come so far', async (address) => {
    const fixture = await startRelay()
    expect(await fixture.carrier.carry(carriage({ recipient: address }), never())).toMatchObject({ kind: 'refused' })
    if (address.length > 1) {
      expect(await fixture.carrier.carry(carriage({ envelopeFrom: address }), never())).toMatchObject({ kind: 'refused' })
    }
    expect(fixture.relay.connections).toBe(0)
    await fixture.close()
  })

  it('comes to a large message whole', async () => {
    const fixture = await startRelay({ extensions: EXTENSIONS })
    const raw = Buffer.concat(Array.from({ length: 2_000 }, (_, at) => Buffer.from(`.${at}\r\n${'y'.repeat(900)}\r\n`)))
    expect(await fixture.carrier.carry(carriage({ raw }), never())).toMatchObject({ kind: 'sent' })
    expect(fixture.relay.messages[0]?.data.equals(raw)).toBe(true)
    expect(fixture.relay.lines.map(({ line }) => line)).toContain(`MAIL FROM:<bounce+1@agents.localhost> SIZE=${raw.byteLength}`)
    expect(await fixture.carrier.carry(carriage({ raw: SMALL }), never())).toMatchObject({ kind: 'sent' })
    await fixture.close()
  })
})
