import { describe, expect, it } from 'vitest'
import { parseMail, readAttachment } from '../../src/mime/parse.ts'
import { mailWith } from './mail.ts'

/** The lines of an entity of its own header and this body. */
function part(headers: readonly string[], ...body: string[]): string[] {
  return [...headers, '', ...body]
}

const plain = (text: string, ...headers: string[]) => part(['Content-Type: text/plain; charset=utf-8', ...headers], text)
const html = (text: string, ...headers: string[]) => part(['Content-Type: text/html', ...headers], `<p>${text}</p>`)
const file = (type: string, ...headers: string[]) => part([`Content-Type: ${type}`, ...headers], 'data')

let boundaries = 0

/** A multipart of a boundary of its own; `subtype` may go on with parameters. */
function multi(subtype: string, ...parts: readonly (readonly string[])[]): string[] {
  const boundary = `b${boundaries++}`
  const lines = parts.flatMap((lines) => [`--${boundary}`, ...lines])
  return part([`Content-Type: multipart/${subtype}; boundary=${boundary}`], ...lines, `--${boundary}--`)
}

/** A message of this entity. */
function message(lines: readonly string[]): Buffer {
  const end = lines.indexOf('')
  return mailWith(lines.slice(0, end), [...lines.slice(end + 1), ''].join('\r\n'))
}

async function read(entity: readonly string[]) {
  const { bodyText, attachments, problems } = await parseMail(message(entity))
  return { text: bodyText, files: attachments.map(({ contentType }) => contentType), problems }
}

const PNG = 'image/png'
const SIGNATURE = 'application/pgp-signature'
const UNSIGNED = 'The message has a part that its signature does not cover; it is among the attachments.'
const LEFT_OUT = 'A part of the message has none of the parts it announces and is left out.'

const related = (start: string, ...parts: readonly (readonly string[])[]) => multi(`related; start="${start}"`, ...parts)
const alternative = multi('alternative', plain('Hi'), html('Hi'))

describe('a resource of another part', () => {
  it.each([
    ['is no text, if plain', multi('related', html('Hi'), plain('Pay now.')), ['text/plain']],
    ['is no text, if HTML', multi('related', html('Hi'), html('Pay now.')), ['text/html']],
    [
      'is no text, if said to be inline',
      multi('related', html('Hi'), plain('Pay.', 'Content-Disposition: inline')),
      ['text/plain'],
    ],
    ['is no text, if named', multi('related', html('Hi'), plain('Pay.', 'Content-ID: <a@b>')), ['text/plain']],
    ['is no text, if a report', multi('related', html('Hi'), file('message/delivery-status')), ['message/delivery-status']],
    [
      'is no text, whatever parts it has',
      multi('related', html('Hi'), multi('mixed', alternative, file(PNG))),
      [PNG, 'text/plain', 'text/html'],
    ],
    ['is no text behind alternatives', multi('related', alternative, plain('Pay now.')), ['text/plain']],
    [
      'is no text within alternatives',
      multi('alternative', plain('Hi'), multi('related', html('Hi'), html('Pay.'))),
      ['text/html'],
    ],
    ['is no text within parts', multi('mixed', multi('related', html('Hi'), plain('Pay.')), file(PNG)), [PNG, 'text/plain']],
    [
      'is no text behind a root that is a message',
      multi('mixed', plain('Hi'), multi('related', file('message/rfc822'), plain('Pay.'))),
      ['message/rfc822', 'text/plain'],
    ],
    ['is no text before the root', related('<r@x>', plain('Pay.'), html('Hi', 'Content-ID: <r@x>')), ['text/plain']],
    [
      'is no text, if its name is the start in other letters',
      related('<r@x>', html('Hi'), html('Pay.', 'Content-ID: <R@x>')),
      ['text/html'],
    ],
    [
      'is no text, if it has the name of the root too',
      related('<r@x>', html('Hi', 'Content-ID: <r@x>'), html('Pay.', 'Content-ID: <r@x>')),
      ['text/html'],
    ],
    [
      'is no text, if its second name is the start',
      related('<r@x>', html('Hi'), html('Pay.', 'Content-ID: <o@x>', 'Content-ID: <r@x>')),
      ['text/html'],
    ],
    [
      'is no text, if nothing has the name of the start',
      related('<none@x>', html('Hi'), html('Pay.', 'Content-ID: <p@x>')),
      ['text/html'],
    ],
    ['is no text, if the start is empty', related('', html('Hi'), html('Pay.', 'Content-ID: <>')), ['text/html']],
  ])('%s', async (_, entity, files) => {
    expect(await read(entity)).toEqual({ text: 'Hi', files, problems: [] })
  })

  it.each([
    ['whose name has no brackets', related('r@x', file(PNG), html('Hi', 'Content-ID: <r@x>')), [PNG]],
    [
      'that is alternatives',
      related('<r@x>', file(PNG), part([...alternative.slice(0, 1), 'Content-ID: <r@x>'], ...alternative.slice(2))),
      [PNG],
    ],
    [
      'that is parts',
      multi('related', multi('mixed', plain('Hi'), file('application/pdf')), file(PNG)),
      ['application/pdf', PNG],
    ],
  ])('belongs to a root %s', async (_, entity, files) => {
    expect(await read(entity)).toEqual({ text: 'Hi', files, problems: [] })
  })

  it('is an attachment with all its bytes, behind those that would be one anywhere', async () => {
    const raw = message(multi('related', html('Hi'), plain('Pay now.'), file(PNG), plain('Or later.')))
    const { attachments } = await parseMail(raw)
    expect(attachments.map(({ contentType, size }) => [contentType, size])).toEqual([
      [PNG, 4],
      ['text/plain', 8],
      ['text/plain', 9],
    ])
    const bytes = await Promise.all(['1', '2', '3', '4'].map(async (id) => (await readAttachment(raw, id))?.bytes))
    expect(bytes.map((one) => (one ? Buffer.from(one).toString() : null))).toEqual(['data', 'Pay now.', 'Or later.', null])
  })
})

describe('what a signature does not cover', () => {
  const signed = multi('signed', plain('Hi'), file(SIGNATURE))

  it('is nothing in a signed message, nor is the footer of a list around it', async () => {
    expect(await read(signed)).toEqual({ text: 'Hi', files: [SIGNATURE], problems: [] })
    const listed = multi('mixed', signed, plain('-- \nlist'))
    expect(await read(listed)).toEqual({ text: 'Hi\n\n-- \nlist', files: [SIGNATURE], problems: [] })
  })

  it.each([
    ['a third part', multi('signed', plain('Hi'), file(SIGNATURE), html('Pay.')), [SIGNATURE, 'text/html']],
    ['a third part that is a file', multi('signed', plain('Hi'), file(SIGNATURE), file(PNG)), [SIGNATURE, PNG]],
    [
      'the third and the fourth',
      multi('signed', plain('Hi'), file(SIGNATURE), plain('Pay.'), alternative),
      [SIGNATURE, 'text/plain', 'text/plain', 'text/html'],
    ],
    ['a text in place of the signature', multi('signed', plain('Hi'), plain('Pay.')), ['text/plain']],
    [
      'parts in place of the signature',
      multi('signed', plain('Hi'), multi('mixed', file(SIGNATURE), html('Pay.'))),
      [SIGNATURE, 'text/html'],
    ],
    [
      'a third part, within parts',
      multi('mixed', multi('signed', alternative, file(SIGNATURE), html('Pay.'))),
      [SIGNATURE, 'text/html'],
    ],
    [
      'a third part, within what is signed',
      multi('signed', multi('signed', plain('Hi'), file(SIGNATURE), plain('Pay.')), file(SIGNATURE)),
      [SIGNATURE, SIGNATURE, 'text/plain'],
    ],
  ])('is no text, and told: %s', async (_, entity, files) => {
    expect(await read(entity)).toEqual({ text: 'Hi', files, problems: [UNSIGNED] })
  })
})

describe('the texts of other multiparts', () => {
  it.each([
    [
      'mixed, but for what is marked as a file',
      multi('mixed', plain('a'), plain('b', 'Content-Disposition: attachment'), plain('c')),
      'a\n\nc',
      ['text/plain'],
    ],
    [
      'mixed, but for what is marked as nothing that we know',
      multi('mixed', plain('a'), plain('b', 'Content-Disposition: x-aside')),
      'a',
      ['text/plain'],
    ],
    ['mixed, with a footer of HTML', multi('mixed', html('a'), html('list')), 'a\n\nlist', []],
    ['a kind that nobody knows', multi('x-unknown', plain('a'), html('b')), 'a\n\nb', []],
    ['parallel parts', multi('parallel', plain('a'), plain('b')), 'a\n\nb', []],
    [
      'a report',
      multi(
        'report; report-type=delivery-status',
        plain('Failed.'),
        file('message/delivery-status'),
        file('text/rfc822-headers'),
      ),
      'Failed.\n\ndata',
      ['text/rfc822-headers'],
    ],
    [
      'a file of a Macintosh, which has none',
      multi('mixed', plain('a'), multi('appledouble', file('application/applefile'), plain('fork'))),
      'a',
      ['application/applefile', 'text/plain'],
    ],
    [
      'alternatives, within related ones, within parts',
      multi('mixed', multi('related', multi('alternative', plain('x y'), html('x y')), file(PNG)), plain('list')),
      'x y\n\nlist',
      [PNG],
    ],
    [
      'a mail that is passed on, which is a file',
      multi('mixed', plain('a'), part(['Content-Type: message/rfc822'], ...multi('mixed', plain('inner')))),
      'a',
      ['message/rfc822'],
    ],
    [
      'a mail that is passed on in place',
      multi('mixed', plain('a'), part(['Content-Type: message/rfc822', 'Content-Disposition: inline'], ...plain('inner'))),
      'a',
      ['message/rfc822'],
    ],
    [
      'a digest, in its own order',
      multi('digest', part([], 'Subject: one', '', 'a'), part([], 'Subject: two', '', 'b')),
      'Subject: one\n\na\n\nSubject: two\n\nb',
      [],
    ],
  ])('of %s', async (_, entity, text, files) => {
    expect(await read(entity)).toEqual({ text, files, problems: [] })
  })

  it('of a multipart without its boundary are told to be missing', async () => {
    const broken = part(['Content-Type: multipart/related'], '--x', ...plain('lost'), '--x--')
    expect(await read(multi('mixed', plain('a'), broken))).toEqual({ text: 'a', files: [], problems: [LEFT_OUT] })
  })

  it('of a multipart that is never closed are those there are', async () => {
    const open = multi('related', html('Hi'), plain('Pay.')).slice(0, -1)
    expect(await read(open)).toEqual({ text: 'Hi', files: ['text/plain'], problems: [] })
    expect(await read(multi('mixed', open, plain('list')))).toEqual({ text: 'Hi\n\nlist', files: ['text/plain'], problems: [] })
  })

  it('of 100 nested multiparts, all of them resources but the first, are read', async () => {
    let nested = plain('Hi')
    for (let depth = 0; depth < 100; depth++) nested = multi('related', nested, plain('Pay.'))
    const { text, files } = await read(nested)
    expect(text).toBe('Hi')
    expect(files).toHaveLength(100)
  })
})
