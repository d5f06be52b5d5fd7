import { describe, expect, it } from 'vitest'
import { MAX_ATTACHMENTS, MAX_HTML_CHARS, MAX_TEXT_CHARS } from '../../src/limits.ts'
import { parseMail, readAttachment } from '../../src/mime/parse.ts'
import { mailWith, multipart, textPart } from './mail.ts'

const MIXED = 'Content-Type: multipart/mixed; boundary=edge'

function nested(depth: number): Buffer {
  const open = Array.from(
    { length: depth },
    (_, level) => `Content-Type: multipart/mixed; boundary=b${level}\r\n\r\n--b${level}\r\n`,
  )
  return Buffer.from(`From: a@x.test\r\n${open.join('')}\r\ndeep\r\n`)
}

function html(source: string): Buffer {
  return mailWith(['Content-Type: text/html'], source)
}

describe('parseMail, of a sender who means harm', () => {
  it('reads the beginning of a message with too many parts, and always the same one', async () => {
    const parts = Array.from({ length: MAX_ATTACHMENTS + 200 }, (_, index) => ['Content-Type: image/gif', '', `image ${index}`])
    const raw = multipart('mixed', textPart('Hello.'), ...parts)
    const { bodyText, attachments, problems } = await parseMail(raw)
    expect(bodyText).toBe('Hello.')
    expect(problems).toEqual([`The message has too many parts; only the first ${MAX_ATTACHMENTS} or fewer were read.`])
    expect(attachments.length).toBeGreaterThan(MAX_ATTACHMENTS - 10)
    expect(attachments.length).toBeLessThanOrEqual(MAX_ATTACHMENTS)
    const last = (await readAttachment(raw, String(attachments.length)))?.bytes
    expect(Buffer.from(last ?? []).toString()).toBe(`image ${attachments.length - 1}`)
    expect(last?.length).toBe(attachments.at(-1)?.size)
    expect(await parseMail(raw)).toMatchObject({ attachments })
  })

  it('reads the text of nested parts, as deep as the bound', async () => {
    expect(await parseMail(nested(900))).toMatchObject({ bodyText: 'deep', problems: [] })
  })

  it('files a message of 5,000 nested parts with its header', async () => {
    const { fromAddress, problems } = await parseMail(nested(5_000))
    expect(fromAddress).toBe('a@x.test')
    expect(problems).toEqual([`The message has too many parts; only the first ${MAX_ATTACHMENTS} or fewer were read.`])
  })

  it('reads fields and text of a message with 2 MB of headers', async () => {
    const filler = Array.from({ length: 2_200 }, () => `X-Filler: ${'x'.repeat(900)}`)
    expect(await parseMail(mailWith(['Subject: s', ...filler], 'Hello.'))).toMatchObject({
      subject: 's',
      bodyText: 'Hello.',
      problems: ['The header is too long; only the beginning of it was read.'],
    })
  })

  it('says so when a part has 2 MB of headers', async () => {
    const { bodyText, problems } = await parseMail(multipart('mixed', textPart('a'), [`X: ${'x'.repeat(2_000_000)}`, '', 'b']))
    expect(bodyText).toBe('')
    expect(problems).toEqual(['The body has a part that is too large to be read.'])
  })

  it('counts an attachment of 6 MB and answers it', async () => {
    const lines = 105_000
    const size = lines * 57
    const encoded = `${Buffer.alloc(57, 7).toString('base64')}\r\n`.repeat(lines)
    const raw = multipart('mixed', textPart('a'), [
      'Content-Type: application/zip',
      'Content-Transfer-Encoding: base64',
      '',
      encoded,
    ])
    expect(await parseMail(raw)).toMatchObject({ bodyText: 'a', attachments: [{ size }], problems: [] })
    expect((await readAttachment(raw, '1'))?.bytes.length).toBe(size)
  })

  it.each([
    ['in plain text', mailWith([], 'a'.repeat(MAX_TEXT_CHARS + 1)), ['The text is too long; only its beginning was kept.']],
    ['in bytes that are no text', Buffer.concat([mailWith([], ''), Buffer.alloc(9_000_000, 0xe9)]), undefined],
    ['in 3 MB of HTML', html('<p>hello</p>\n'.repeat(230_000)), ['The HTML is too long; only its beginning was kept.']],
    [
      'in HTML of a hundred parts',
      multipart('mixed', ...Array.from({ length: 100 }, () => textPart('<p>hello</p>'.repeat(2_500), 'text/html'))),
      undefined,
    ],
  ])('keeps so much of text without end: %s', async (_, raw, expected) => {
    const { bodyText, bodyHtml, problems } = await parseMail(raw)
    expect(bodyText.length).toBeGreaterThan(MAX_TEXT_CHARS / 3)
    expect(bodyText.length).toBeLessThanOrEqual(MAX_TEXT_CHARS)
    expect(bodyHtml?.length ?? 0).toBeLessThanOrEqual(MAX_HTML_CHARS)
    expect(problems.length).toBeGreaterThan(0)
    if (expected) expect(problems).toEqual(expected)
  })

  it.each([
    ['100,000 nested tables', html(`${'<table><tr><td>'.repeat(100_000)}x`), 'x'],
    ['HTML of open tags only', html('<b>'.repeat(300_000)), ''],
    ['a style that is a comment without end', html(`<p style="${'/*'.repeat(300_000)}">x`), 'x'],
    ['a header without end', Buffer.from('X: a\r\n'.repeat(500_000)), ''],
    [
      'one line without end',
      Buffer.from(`From: a@x.test\r\n\r\n${'a'.repeat(1_000)}${' '.repeat(1_000_000)}`),
      'a'.repeat(1_000),
    ],
    ['NUL bytes only', Buffer.alloc(100_000), ''],
    ['boundaries that are none', mailWith([MIXED], '--edge\r\n\r\nx\r\n--edgeless\r\n--edge--'), 'x\n--edgeless'],
    ['a boundary of 100,000 characters', mailWith([`Content-Type: multipart/mixed; boundary=${'b'.repeat(100_000)}`], 'x'), 'x'],
    ['100,000 lines of hyphens', mailWith([MIXED], `--edge\r\n\r\nx\r\n${'--\r\n'.repeat(100_000)}--edge--`), undefined],
    ['encoded words without end', mailWith([`Subject: ${'=?utf-8?q?=41?= '.repeat(20_000)}`], 'x'), 'x'],
    [
      'quoted-printable of garbage',
      mailWith(['Content-Transfer-Encoding: quoted-printable'], '=ZZ== = =\t=3'.repeat(1_000)),
      undefined,
    ],
    ['parameters without end', mailWith([`Content-Type: text/plain; ${'filename*0*=a; '.repeat(10_000)}`], 'x'), 'x'],
    ['a file name without end', mailWith([`Content-Type: image/gif; name="${'=?utf-8?q?a?='.repeat(10_000)}"`], 'x'), ''],
    ['base64 of garbage', mailWith(['Content-Transfer-Encoding: base64'], '!"§$%&/()=?'.repeat(1_000)), undefined],
    ['an unknown charset', mailWith(['Content-Type: text/plain; charset="\0__proto__"'], 'x'), 'x'],
  ])('comes through %s', async (_, raw, bodyText) => {
    const mail = await parseMail(raw)
    if (bodyText !== undefined) expect(mail.bodyText).toBe(bodyText)
  })
})
