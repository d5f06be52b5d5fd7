import { describe, expect, it } from 'vitest'
import { DotDecoder } from '../../src/smtp/dot-decoder.ts'

/** What a message decodes to and what follows it; the content is null when the message does not end. */
function decode(pieces: readonly string[]): { content: string | null; rest: string } {
  let content = ''
  const decoder = new DotDecoder({
    take: (chunk, start, end) => {
      content += chunk.toString('latin1', start, end)
    },
  })
  for (const [index, piece] of pieces.entries()) {
    const end = decoder.feed(Buffer.from(piece, 'latin1'), 0)
    if (end >= 0) return { content, rest: piece.slice(end) + pieces.slice(index + 1).join('') }
  }
  return { content: null, rest: '' }
}

/** The same by RFC 5321 section 4.5.2, on the whole text at once. */
function decodeByTheBook(text: string): { content: string | null; rest: string } {
  const end = `\r\n${text}`.indexOf('\r\n.\r\n')
  if (end < 0) return { content: null, rest: '' }
  return { content: text.slice(0, end).replaceAll(/(^|\r\n)\./g, '$1'), rest: text.slice(end + 3) }
}

function* everyText(alphabet: string, length: number): Generator<string> {
  if (length === 0) yield ''
  else for (const rest of everyText(alphabet, length - 1)) for (const letter of alphabet) yield letter + rest
}

describe('the end of data', () => {
  it('is found by the book in every text of six bytes, whatever the cut', () => {
    for (const text of everyText('\r\n.a', 6)) {
      const whole = `${text}\r\n.\r\nQUIT`
      const expected = decodeByTheBook(whole)
      for (let cut = 0; cut < whole.length; cut += 1) {
        const decoded = decode([whole.slice(0, cut), whole.slice(cut)])
        if (decoded.content !== expected.content || decoded.rest !== expected.rest)
          expect({ whole, cut, decoded }).toEqual(expected)
      }
      expect(decode([...whole])).toEqual(expected)
    }
  })

  it.each([
    ['\n.\n'],
    ['\n.\r\n'],
    ['\r\n.\n'],
    ['\r.\r'],
    ['\r.\r\n'],
    ['\r\n.\r'],
    ['\n.\r'],
    ['\r\n\0.\r\n'],
    ['\r\n.\0\r\n'],
    ['\n\r.\n\r'],
    ['\r\r\n.\r\r\n'],
    ['\r\n.\r\r\n'],
    ['\r\n.\n\r\n'],
    ['\n\n.\r\n'],
    ['\r\n. \r\n'],
    ['\r\n\t.\r\n'],
    ['\r\n..\r\n'],
    ['\r\n.\x85'],
    ['\x0b.\x0b'],
  ])('is not %j (SMTP smuggling)', (sequence) => {
    const text = `a${sequence}MAIL FROM:<evil@example.org>\r\n`
    for (const pieces of [[text], [...text], [text.slice(0, 2), text.slice(2)]]) expect(decode(pieces).content).toBeNull()
    expect(decode([`${text}.\r\nNOOP`])).toMatchObject({ content: expect.stringContaining('MAIL FROM:<evil'), rest: 'NOOP' })
  })

  it('leaves an empty message empty', () => {
    expect(decode(['.\r\nQUIT\r\n'])).toEqual({ content: '', rest: 'QUIT\r\n' })
  })
})

describe('the content', () => {
  it.each([
    ['a dot doubled by the client', 'a\r\n..b\r\n', 'a\r\n.b\r\n'],
    ['a dot doubled in the first line', '..b\r\n', '.b\r\n'],
    ['dots after a bare LF', 'a\n..b\n.c\r\n', 'a\n..b\n.c\r\n'],
    ['dots after a bare CR', 'a\r..b\r\n', 'a\r..b\r\n'],
    ['bare line ends of all kinds', 'a\n\rb\r\r\nc\n\r\n', 'a\n\rb\r\r\nc\n\r\n'],
    ['a dot that the client should have doubled', '.a\r\n', 'a\r\n'],
    ['bytes of every value', `${String.fromCharCode(...Array.from({ length: 256 }, (_, code) => code))}\r\n`, null],
  ])('keeps %s', (_, sent, expected) => {
    expect(decode([`${sent}.\r\n`]).content).toBe(expected ?? sent)
    expect(decode([...`${sent}.\r\n`]).content).toBe(expected ?? sent)
  })
})
