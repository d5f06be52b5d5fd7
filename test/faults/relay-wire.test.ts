import { describe, expect, it } from 'vitest'
import { MailError } from '../../src/errors.ts'
import { checkRecipient } from '../../src/out-addresses.ts'
import { generateRecipients } from '../support/recipients.ts'
import { EXTENSIONS, never, startRelay } from '../support/relay-fixture.ts'
import { rounds } from '../support/rounds.ts'

const RECIPIENTS = rounds({ full: 10_000 })

describe('what goes on the wire', () => {
  it(`is exactly what was given, over ${RECIPIENTS} accepted recipients: one RCPT and one DATA for each`, async () => {
    const fixture = await startRelay({ extensions: EXTENSIONS })
    const approved = acceptedRecipients(RECIPIENTS)
    expect(approved).toHaveLength(RECIPIENTS)
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
    expect([verbs.get('MAIL'), verbs.get('RCPT'), verbs.get('DATA')]).toEqual([RECIPIENTS, RECIPIENTS, RECIPIENTS])
    expect([...verbs.keys()].sort()).toEqual(['DATA', 'EHLO', 'MAIL', 'QUIT', 'RCPT'])
    expect(lines.filter(({ line }) => line.startsWith('MAIL') && !/^MAIL FROM:<[^>]+> SIZE=2$/.test(line))).toEqual([])
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
