import { describe, expect, it } from 'vitest'
import { MailError } from '../../src/errors.ts'
import { checkRecipient } from '../../src/out-addresses.ts'
import { createDice, generateRecipients, pick } from '../support/recipients.ts'
import { carriage, never, SMALL, startRelay } from '../support/relay-fixture.ts'

/** Everything a relay may announce that could change what we say to it. */
const EXTENSIONS = ['PIPELINING', 'SIZE 100000000', '8BITMIME', 'SMTPUTF8', 'DSN', 'CHUNKING', 'REQUIRETLS']

describe('what goes on the wire', () => {
  it('is exactly what was given, over 10,000 accepted recipients: one RCPT and one DATA for each', async () => {
    const fixture = await startRelay({ extensions: EXTENSIONS })
    const approved = acceptedRecipients(10_000)
    const raw = Buffer.from('\r\n')
    const outcomes = await Promise.all(
      approved.map((recipient, at) =>
        fixture.carrier.carry({ envelopeFrom: `bounce+${at}@agents.localhost`, recipient, raw }, never()),
      ),
    )
    expect(outcomes.filter(({ kind }) => kind !== 'sent')).toEqual([])
    const { messages, lines, rcptLines } = fixture.relay
    expect(rcptLines.sort()).toEqual(approved.map((recipient) => `RCPT TO:<${recipient}>`).sort())
    expect(messages.map(({ from, recipients }) => `${from} ${recipients}`).sort()).toEqual(
      approved.map((recipient, at) => `bounce+${at}@agents.localhost ${recipient}`).sort(),
    )
    const verbs = new Map<string, number>()
    for (const { line } of lines) verbs.set(line.split(' ')[0] ?? '', (verbs.get(line.split(' ')[0] ?? '') ?? 0) + 1)
    expect([verbs.get('MAIL'), verbs.get('RCPT'), verbs.get('DATA')]).toEqual([10_000, 10_000, 10_000])
    expect([...verbs.keys()].sort()).toEqual(['DATA', 'EHLO', 'MAIL', 'QUIT', 'RCPT'])
    expect(lines.filter(({ line }) => line.startsWith('MAIL') && !/^MAIL FROM:<[^>]+> SIZE=2$/.test(line))).toEqual([])
    await fixture.close()
  })

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

/** As many strings that passed the check, in the form that it answered. */
function acceptedRecipients(count: number): string[] {
  const accepted: string[] = []
  for (const text of generateRecipients(10 * count, 17)) {
    if (accepted.length === count) break
    try {
      accepted.push(checkRecipient(text))
    } catch (error) {
      if (!(error instanceof MailError)) throw error
    }
  }
  return accepted
}
