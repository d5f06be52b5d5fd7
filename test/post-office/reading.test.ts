import { describe, expect, it } from 'vitest'
import { BYTES_PER_TOKEN } from '../../src/limits.ts'
import { NO_FACTS } from '../../src/mail-facts.ts'
import type { Message } from '../../src/model.ts'
import { cutReading, readPiece } from '../../src/post-office/reading.ts'
import type { Reading, ReadOptions } from '../../src/post-office.ts'
import { UNKNOWN_SENDER } from '../../src/sender-check.ts'

/** One character of each length in UTF-8. */
const CHARACTERS = ['a', 'é', '€', '𝄞'] as const

function read(text: string, options: Partial<ReadOptions> = {}): Reading {
  return readPiece({ ...MESSAGE, bodyText: text }, UNKNOWN_SENDER, { maxTokens: 1, offset: 0, part: 'text', ...options })
}

/** The pieces of a text, each from where the one before said. */
function walk(text: string, maxTokens: number): Reading[] {
  const pieces: Reading[] = []
  for (let offset: number | null = 0; offset !== null; ) {
    const piece: Reading = read(text, { maxTokens, offset })
    pieces.push(piece)
    if (pieces.length > 1_000) throw new Error('This walk never ends.')
    offset = piece.nextOffset
  }
  return pieces
}

describe.each(CHARACTERS)('a text of %s, cut at every place there is,', (character) => {
  const shifts = ['', 'x', 'xx', 'xxx'].map((shift) => shift + character.repeat(10))

  it('comes back whole, with no character broken', () => {
    for (const text of shifts) {
      for (const maxTokens of [1, 2, 3, 5, 100]) {
        const pieces = walk(text, maxTokens)
        expect(pieces.map((piece) => piece.text).join('')).toBe(text)
        for (const piece of pieces) {
          expect(piece.text).not.toContain('\ufffd')
          expect(piece.text).not.toBe('')
        }
      }
    }
  })

  it('keeps to the budget, and fills it as far as whole characters do', () => {
    const sizeBytes = Buffer.byteLength(character)
    for (const text of shifts) {
      for (const maxTokens of [1, 2, 3, 5]) {
        for (const piece of walk(text, maxTokens)) {
          const spare = maxTokens * BYTES_PER_TOKEN - Buffer.byteLength(piece.text)
          expect(spare).toBeGreaterThanOrEqual(0)
          if (piece.nextOffset !== null) expect(spare).toBeLessThan(sizeBytes)
        }
      }
    }
  })

  it('says of each piece how much it is, and of how much', () => {
    for (const text of shifts) {
      const total = Buffer.byteLength(text)
      let passed = 0
      for (const piece of walk(text, 2)) {
        const size = Buffer.byteLength(piece.text)
        passed += size
        expect(piece).toMatchObject({
          returnedTokens: Math.ceil(size / BYTES_PER_TOKEN),
          totalTokens: Math.ceil(total / BYTES_PER_TOKEN),
          nextOffset: passed < total ? passed : null,
        })
      }
      expect(passed).toBe(total)
    }
  })

  it('moves on by a whole character where the budget is smaller than one', () => {
    const pieces = walk(character.repeat(5), 0.25)
    expect(pieces.map(({ text }) => text)).toEqual(Array.from({ length: 5 }, () => character))
  })

  it('begins at the next character where the offset points into one', () => {
    const sizeBytes = Buffer.byteLength(character)
    for (let offset = 1; offset < sizeBytes; offset += 1) {
      expect(read(`${character}bc`, { offset })).toMatchObject({ text: 'bc', nextOffset: null, returnedTokens: 1 })
      expect(read(`${character}bcdefg`, { offset })).toMatchObject({ text: 'bcde', nextOffset: sizeBytes + 4 })
      // Into the very last one: nothing is left.
      expect(read(`b${character}`, { offset: offset + 1 })).toMatchObject({ text: '', nextOffset: null, returnedTokens: 0 })
    }
  })
})

describe('the list of links in a piece', () => {
  const text = 'é€𝄞 [1]\n\nLinks:\n[1] https://shop.example/é'
  const facts = {
    ...NO_FACTS,
    links: [{ text: '', url: 'https://shop.example/é', host: 'shop.example', flags: [] }],
  }
  const cut = (offset: number, maxTokens: number) =>
    readPiece({ ...MESSAGE, bodyText: text, facts }, UNKNOWN_SENDER, { maxTokens, offset, part: 'text' })
  const listAtByte = Buffer.byteLength(text.slice(0, text.indexOf('Links:')))

  it('begins where it stands in that piece, whichever byte of the whole the piece begins at', () => {
    for (let offset = 0; offset <= listAtByte; offset += 1) {
      const piece = cut(offset, 100)
      expect(piece.text.slice(piece.linkListAt ?? undefined)).toMatch(/^Links:\n/)
    }
  })

  it('is in no piece that begins behind its first byte, or ends before it', () => {
    expect(cut(listAtByte + 1, 100).linkListAt).toBeNull()
    for (let maxTokens = 1; maxTokens * BYTES_PER_TOKEN <= listAtByte; maxTokens += 1) {
      expect(cut(0, maxTokens).linkListAt).toBeNull()
      expect(cutReading(cut(0, 100), maxTokens * BYTES_PER_TOKEN).linkListAt).toBeNull()
    }
    expect(cutReading(cut(0, 100), listAtByte).linkListAt).toBeNull()
  })

  it('stays where it is when the piece is cut behind its first byte', () => {
    const whole = cut(1, 100)
    const shorter = cutReading(whole, Buffer.byteLength(whole.text) - 3)
    expect(shorter.text.slice(shorter.linkListAt ?? undefined)).toMatch(/^Links:\n/)
  })
})

describe('the tokens of the pieces', () => {
  it('add up to those of the whole where characters fill them', () => {
    for (const character of ['a', 'é', '𝄞']) {
      const pieces = walk(character.repeat(41), 3)
      const sum = pieces.reduce((total, { returnedTokens }) => total + returnedTokens, 0)
      expect(sum).toBe(pieces[0]?.totalTokens)
    }
  })
})

describe('an offset', () => {
  it('at or past the end is refused, with the size in bytes', () => {
    for (const offset of [9, 10, 1_000_000]) {
      expect(() => read('€€€', { offset })).toThrow(expect.objectContaining({ code: 'invalid_argument' }))
      expect(() => read('€€€', { offset })).toThrow('9 bytes')
    }
    expect(read('€€€', { offset: 6 })).toMatchObject({ text: '€', nextOffset: null })
  })

  it('of nothing into an empty text is no mistake', () => {
    expect(read('')).toMatchObject({ text: '', returnedTokens: 0, totalTokens: 0, nextOffset: null })
    expect(() => read('', { offset: 1 })).toThrow('past the end')
  })
})

describe('a reading', () => {
  it('ends where the text does, when it fits to the byte', () => {
    expect(read('abcd')).toMatchObject({ text: 'abcd', nextOffset: null, returnedTokens: 1, totalTokens: 1 })
    expect(read('abcde')).toMatchObject({ text: 'abcd', nextOffset: 4, returnedTokens: 1, totalTokens: 2 })
  })

  it('is of the HTML where that is wanted, and of the text otherwise', () => {
    const message = { ...MESSAGE, bodyText: 'text', bodyHtml: '<p>' }
    expect(readPiece(message, UNKNOWN_SENDER, { maxTokens: 9, offset: 0, part: 'html' }).text).toBe('<p>')
    expect(readPiece(message, UNKNOWN_SENDER, { maxTokens: 9, offset: 0, part: 'text' }).text).toBe('text')
    expect(() => read('text', { part: 'html' })).toThrow('no HTML part')
  })

  it('shows of the message everything but its bodies', () => {
    const { message } = read('text')
    expect(Object.keys(message)).not.toEqual(expect.arrayContaining(['bodyText']))
    expect(Object.keys(message)).not.toEqual(expect.arrayContaining(['bodyHtml']))
    expect(message).toMatchObject({ id: MESSAGE.id, envelopeTo: MESSAGE.envelopeTo, sentAt: null })
  })
})

const MESSAGE: Message = {
  id: '01930000-0000-7000-8000-000000000001',
  inboxId: '01930000-0000-7000-8000-000000000002',
  threadId: '01930000-0000-7000-8000-000000000003',
  seq: 1,
  direction: 'inbound',
  fromAddress: 'sender@example.org',
  fromName: null,
  toAddresses: [],
  ccAddresses: [],
  replyToAddresses: [],
  subject: 'Hello',
  snippet: '',
  delivery: 'email',
  status: 'received',
  attachments: [],
  messageIdHeader: null,
  read: false,
  labels: [],
  size: 1,
  createdAt: '2026-11-24T12:00:00.000Z',
  problem: null,
  bodyText: '',
  bodyHtml: null,
  envelopeFrom: 'sender@example.org',
  envelopeTo: 'ada@agents.localhost',
  sentAt: null,
  inReplyTo: null,
  references: [],
  automatic: null,
  facts: null,
  remoteAddress: null,
  helo: null,
  senderVerdict: null,
}
