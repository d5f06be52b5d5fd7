import { describe, expect, it } from 'vitest'
import { MAX_HEADER_BYTES, MAX_HEADER_FIELD_BYTES } from '../../../src/limits.ts'
import { splitHeader } from '../../../src/mime/header/headers.ts'
import { mail } from '../mail.ts'

function bodyOf(raw: Buffer): string {
  return raw.toString('latin1', splitHeader(raw).bodyStart)
}

function field(raw: Buffer, name: 'subject' | 'to' | 'content-type'): string[] {
  return (splitHeader(raw).fields.get(name) ?? []).map((value) => value.toString('latin1').trim())
}

describe('splitHeader', () => {
  it('finds fields whatever their case and folds, and the body', () => {
    const raw = mail('SUBJECT: one', ' two', 'X-Other: x', 'to : a@x.test', '', 'body', '')
    expect(field(raw, 'subject')).toEqual(['one\r\n two'])
    expect(field(raw, 'to')).toEqual(['a@x.test'])
    expect(bodyOf(raw)).toBe('body\r\n')
    expect(splitHeader(raw).problems).toEqual([])
  })

  it('reads bare line feeds like CRLF', () => {
    const raw = Buffer.from('Subject: one\n two\nTo: a@x.test\n\nbody\n')
    expect(field(raw, 'subject')).toEqual(['one\n two'])
    expect(bodyOf(raw)).toBe('body\n')
  })

  it.each([
    ['an mbox line', mail('From ann Tue Nov 24 10:20:30 2026', 'Subject: s', '', 'body')],
    ['a quoted mbox line', mail('>From ann', 'Subject: s', '', 'body')],
    ['a fold that lost its space', mail('Received: from a', 'by b; today', 'Subject: s', '', 'body')],
    ['a name with control characters', mail('X\0Y: z', 'Subject: s', '', 'body')],
  ])('passes over %s', (_, raw) => {
    expect(field(raw, 'subject')).toEqual(['s'])
    expect(bodyOf(raw)).toBe('body')
    expect(splitHeader(raw).problems).toEqual([])
  })

  it.each([
    ['text without any header', mail('Just text.', 'More text.'), 'Just text.\r\nMore text.'],
    ['text in paragraphs', mail('Just text.', '', 'Note: more.'), 'Just text.\r\n\r\nNote: more.'],
    ['text with something like a field', mail('Just text.', 'Note: more.', '', 'End.'), 'Just text.\r\nNote: more.\r\n\r\nEnd.'],
    ['an empty line first', mail('', 'Subject: s', '', 'x'), 'Subject: s\r\n\r\nx'],
  ])('reads %s as a body', (_, raw, body) => {
    expect(bodyOf(raw)).toBe(body)
    expect(splitHeader(raw).problems).toEqual(['The message has no header.'])
  })

  it('reads what stands after the last field as the body, though the empty line is missing', () => {
    const raw = mail('Subject: s', 'Hello there.', '', 'More.')
    expect(bodyOf(raw)).toBe('Hello there.\r\n\r\nMore.')
    expect(splitHeader(raw).problems).toEqual(['The header ends without an empty line; what follows was read as text.'])
  })

  it('has no body when the message ends within its header', () => {
    expect(bodyOf(mail('Subject: s'))).toBe('')
    expect(bodyOf(mail('Subject: s', ''))).toBe('')
    expect(splitHeader(mail('Subject: s')).problems).toEqual([])
  })

  it('says that an empty message is empty', () => {
    expect(splitHeader(Buffer.alloc(0))).toMatchObject({ bodyStart: 0, problems: ['The message is empty.'] })
  })

  it.each([
    ['\r\n', '\r\n\r\n'],
    ['\n', '\n\n'],
  ])('finds the body behind a header that is too long (line ends %j)', (lineEnd, end) => {
    const raw = Buffer.from(`Subject: s${lineEnd}${`X: ${'x'.repeat(70)}${lineEnd}`.repeat(20_000)}To: late@x.test${end}body`)
    expect(raw.length).toBeGreaterThan(MAX_HEADER_BYTES)
    expect(field(raw, 'subject')).toEqual(['s'])
    expect(field(raw, 'to')).toEqual([])
    expect(bodyOf(raw)).toBe('body')
    expect(splitHeader(raw).problems).toEqual(['The header is too long; only the beginning of it was read.'])
  })

  it('keeps so much of a name and says so', () => {
    const raw = mail(...Array.from({ length: 400 }, () => `To: ${'x'.repeat(900)}`), '', 'body')
    expect(field(raw, 'to').join('').length).toBeLessThanOrEqual(MAX_HEADER_FIELD_BYTES)
    expect(splitHeader(raw).problems).toEqual(['A header field is too long; only the beginning of it was read.'])
    expect(bodyOf(raw)).toBe('body')
  })

  it('hands on the first field of each MIME name as it came, and nothing else', () => {
    const raw = mail(
      'Content-Type: text/html;',
      '\tcharset=x',
      'From: a@x.test',
      'Content-Type: text/plain',
      'Content-ID: <a>',
      '',
      'b',
    )
    expect(splitHeader(raw).mimeHeader.toString()).toBe('Content-Type: text/html;\r\n\tcharset=x\r\nContent-ID: <a>\r\n\r\n')
    expect(splitHeader(mail('Content-Type: text/html')).mimeHeader.toString()).toBe('Content-Type: text/html\r\n\r\n')
  })
})
