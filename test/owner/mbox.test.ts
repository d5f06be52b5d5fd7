import { describe, expect, test } from 'vitest'
import { endLines, isFromLine, readSender, writeMboxMail } from '../../src/owner/mbox.ts'
import { MboxReader, type ReadMail } from '../../src/owner/mbox-reader.ts'

const AT = Date.UTC(2026, 10, 4, 2, 3, 4)
const MAX = 10_000

/** Reads a text in pieces of this size. */
function read(text: string | Buffer, { pieceBytes = 1_000_000, maxBytes = MAX } = {}): ReadMail[] {
  const bytes = Buffer.from(text)
  const reader = new MboxReader(maxBytes)
  const found: ReadMail[] = []
  for (let at = 0; at < bytes.length; at += pieceBytes) found.push(...reader.push(bytes.subarray(at, at + pieceBytes)))
  return [...found, ...reader.end()]
}

const textsOf = (mails: readonly ReadMail[]) =>
  mails.map((mail) => ('raw' in mail ? mail.raw.toString('latin1') : mail.tooLargeBytes))
const write = (...raws: string[]) =>
  Buffer.concat(raws.map((raw) => writeMboxMail({ raw: Buffer.from(raw, 'latin1'), envelopeFrom: 'a@example.org', at: AT })))

describe('what is written', () => {
  test('has a line with sender and time, quoted lines and a blank line', () => {
    expect(write('Subject: x\r\n\r\nFrom here\r\n>From there\r\nNot From me\r\n').toString()).toBe(
      'From a@example.org Wed Nov  4 02:03:04 2026\nSubject: x\r\n\r\n>From here\r\n>>From there\r\nNot From me\r\n\n',
    )
  })

  test.each(['', 'a b@example.org', 'a@example.org\nFrom x', 'ä@example.org', `${'x'.repeat(250)}@example.org`])(
    'has nothing of the sender %j that could be taken for something else',
    (envelopeFrom) => {
      const text = writeMboxMail({ raw: Buffer.from('x\r\n'), envelopeFrom, at: AT }).toString()
      expect(text).toBe('From MAILER-DAEMON Wed Nov  4 02:03:04 2026\nx\r\n\n')
    },
  )

  const HARD = [
    'Subject: one\r\n\r\nbody\r\n',
    'no end of line',
    '',
    '\r\n',
    '\r\n\r\n\r\n',
    'x\r\n\r\n',
    'a\nb\r\nc\rd\r\n',
    'From a@b Wed Nov  4 02:03:04 2026\r\nFrom x\r\n\r\nFrom a@b Wed Nov  4 02:03:04 2026\r\n',
    '>From \r\n>>>>From x\r\n> From x\r\n>Fromm\r\n',
    'x\r\n\nFrom a@b Wed Nov  4 02:03:04 2026\r\n',
    'x\r\n\r\nFrom a@b Wed Nov  4 02:03:04 2026',
    'From ',
    '\u0000\u00ff\r\n\u0080',
  ]

  test.each([1, 2, 3, 7, 64, 1_000_000])('is read back byte for byte, in pieces of %d', (pieceBytes) => {
    expect(textsOf(read(write(...HARD), { pieceBytes }))).toEqual(HARD)
  })

  test('is read back in any order of anything', () => {
    let state = 7
    const roll = (sides: number) => {
      state = (state * 48_271) % 2_147_483_647
      return state % sides
    }
    const bits = ['From ', '>', '\r\n', '\n', '\r', 'x', '10:20', ' 2026', 'From a@b 1:22 2026']
    for (let round = 0; round < 300; round += 1) {
      const mails = Array.from({ length: 4 }, () => `${Array.from({ length: roll(12) }, () => bits[roll(bits.length)]).join('')}`)
      // A message in the store has CRLF somewhere, or no end of a line at all.
      const raws = mails.map((mail) => (mail.includes('\n') && !mail.includes('\r\n') ? `${mail}\r\n` : mail))
      expect(textsOf(read(write(...raws), { pieceBytes: 1 + roll(40) })), JSON.stringify(raws)).toEqual(raws)
    }
  })
})

describe('an mbox of others', () => {
  test('with LF is read as mail with CRLF', () => {
    const text = 'From a@b Wed Nov  4 02:03:04 2026\nSubject: x\n\n>From y\n\nFrom c Wed Nov  4 02:03:04 2026\nz\n'
    expect(textsOf(read(text))).toEqual(['Subject: x\r\n\r\nFrom y\r\n', 'z\r\n'])
  })

  test('with CRLF throughout keeps the last end of a line', () => {
    const text = 'From - Wed Nov 04 02:03:04 2026\r\nx\r\n\r\nFrom - Wed Nov 04 02:03:04 2026\r\ny\r\n\r\n'
    expect(textsOf(read(text))).toEqual(['x\r\n', 'y\r\n'])
  })

  test('may have text that begins like a message, and is none', () => {
    const text = 'From a@b Wed Nov  4 02:03:04 2026\nx\n\nFrom now on\n\nFrom 2026 on\nFrom a@b Wed Nov  4 02:03:04 2026\nz\n'
    expect(textsOf(read(text))).toEqual([text.slice(34).replaceAll('\n', '\r\n')])
  })

  test('may begin with blank lines, end without one, or hold nothing', () => {
    expect(textsOf(read('\n\r\nFrom a Wed Nov  4 02:03:04 2026\nx'))).toEqual(['x'])
    expect(read('')).toEqual([])
    expect(read('\n\n')).toEqual([])
    expect(textsOf(read('From a Wed Nov  4 02:03:04 2026'))).toEqual([''])
    expect(textsOf(read('From '))).toEqual([''])
  })

  test.each(['Subject: x\n\ny\n', 'Fro', 'from a\n', '\u0000From a', '\n\nx'])('%j is none', (text) => {
    for (const pieceBytes of [1, 1_000]) expect(() => read(text, { pieceBytes })).toThrow(/This is no mbox/)
  })

  test.each([
    ['From ada@example.org Wed Nov 4 02:03:04 2026', 'ada@example.org'],
    ['From - Wed Nov 4 02:03:04 2026', ''],
    ['From 123@xxx Wed Nov 04 02:03:04 +0000 2026', '123@xxx'],
    ['From a@b\u0001c Wed', ''],
  ])('%j names %j', (line, sender) => {
    expect(readSender(Buffer.from(`${line}\n`))).toBe(sender)
  })

  test('begins messages with a time and a year', () => {
    expect(
      ['From a@b Wed Nov  4 02:03:04 2026', 'From now on', 'From 10:20 on'].map((line) => isFromLine(Buffer.from(line))),
    ).toEqual([true, false, false])
  })
})

describe('a message that is too large', () => {
  test.each([1, 999, 1_000_000])('is passed over, in pieces of %d, and the next one is read', (pieceBytes) => {
    const big = 'y'.repeat(3 * MAX)
    const found = textsOf(read(write('x\r\n', `${big}\r\n`, 'z\r\n'), { pieceBytes: Math.max(pieceBytes, 50) }))
    expect([found[0], found[2]]).toEqual(['x\r\n', 'z\r\n'])
    expect(found[1]).toBeGreaterThan(3 * MAX)
  })

  test('is one that is just above what is allowed, and not one of just that', () => {
    const [fits, tooLarge] = ['a'.repeat(MAX - 2), 'b'.repeat(MAX - 1)].map((text) => `${text}\r\n`)
    expect(textsOf(read(write(fits ?? '', tooLarge ?? '')))).toEqual([fits, MAX + 1])
  })

  test('takes no memory for a line without an end', () => {
    const reader = new MboxReader(MAX)
    for (const _ of reader.push(Buffer.from('From a Wed Nov  4 02:03:04 2026\n'))) throw new Error('early')
    const piece = Buffer.alloc(100_000, 'x')
    for (let index = 0; index < 50; index += 1) expect([...reader.push(piece)]).toEqual([])
    expect([...reader.end()]).toEqual([{ tooLargeBytes: 5_000_000 }])
  })
})

test('Ends of lines are made CRLF only where every one is LF', () => {
  expect(endLines(Buffer.from('a\n\nb')).toString()).toBe('a\r\n\r\nb')
  for (const text of ['a\r\nb\n', 'ab', '']) expect(endLines(Buffer.from(text)).toString()).toBe(text)
})
