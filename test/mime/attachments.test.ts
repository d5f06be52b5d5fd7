import { describe, expect, it } from 'vitest'
import { MAX_FILENAME_CHARS } from '../../src/limits.ts'
import { cleanFilename } from '../../src/mime/attachments.ts'
import { parseMail, readAttachment } from '../../src/mime/parse.ts'
import { multipart, textPart } from './mail.ts'

describe('cleanFilename', () => {
  it.each([
    ['report.pdf', 'report.pdf'],
    ['../../etc/passwd', 'passwd'],
    ['C:\\Windows\\evil.exe', 'evil.exe'],
    ['a/b\\..', null],
    ['..', null],
    ['/', null],
    ['   ', null],
    ['\0\r\n', null],
    ['a\0b\r\n.txt', 'a b .txt'],
    ['photo\u202egnp.exe', 'photognp.exe'],
    ['.bashrc', '.bashrc'],
    ['naïve 文件.txt', 'naïve 文件.txt'],
  ])('makes %j the label %j', (name, label) => {
    expect(cleanFilename(name)).toBe(label)
  })

  it('shortens a long name but keeps its ending', () => {
    const label = cleanFilename(`${'a'.repeat(1_000)}.tar.gz`)
    expect(label).toHaveLength(MAX_FILENAME_CHARS)
    expect(label).toMatch(/^a+\.gz$/)
  })
})

describe('attachments', () => {
  const raw = multipart(
    'mixed',
    textPart('See attached.'),
    [
      'Content-Type: application/pdf; name="../r.pdf"',
      'Content-Transfer-Encoding: base64',
      '',
      Buffer.from('%PDF\0\xff', 'latin1').toString('base64'),
    ],
    [
      'Content-Type: image/png',
      'Content-ID: <logo>',
      'Content-Disposition: inline',
      'Content-Transfer-Encoding: base64',
      '',
      'iVBORw==',
    ],
    ['Content-Type: message/rfc822', '', 'From: b@x.test', 'Subject: inner', '', 'Inner text.'],
    ['Content-Type: text/plain', 'Content-Disposition: attachment; filename="notes.txt"', '', 'notes'],
    ["Content-Type: application/octet-stream; name*=utf-8''%E2%82%AC.csv", '', '1;2'],
    ['Content-Type: nonsense<b>/x', 'Content-Disposition: attachment', '', 'x'],
  )

  it('are listed in the order of the message, inline images and attached messages among them', async () => {
    const { attachments, bodyText, problems } = await parseMail(raw)
    expect(bodyText).toBe('See attached.')
    expect(attachments).toEqual([
      { filename: 'r.pdf', contentType: 'application/pdf', size: 6 },
      { filename: null, contentType: 'image/png', size: 4 },
      { filename: null, contentType: 'message/rfc822', size: 45 },
      { filename: 'notes.txt', contentType: 'text/plain', size: 5 },
      { filename: '€.csv', contentType: 'text/csv', size: 3 },
      { filename: null, contentType: 'application/octet-stream', size: 1 },
    ])
    expect(problems).toEqual([])
  })

  it('are answered by their position, decoded', async () => {
    expect(Buffer.from((await readAttachment(raw, '1'))?.bytes ?? []).toString('latin1')).toBe('%PDF\0\xff')
    expect(Buffer.from((await readAttachment(raw, '3'))?.bytes ?? []).toString()).toBe(
      'From: b@x.test\r\nSubject: inner\r\n\r\nInner text.',
    )
    expect(Buffer.from((await readAttachment(raw, '4'))?.bytes ?? []).toString()).toBe('notes')
  })

  it('are answered by their position, and no text is lost, where a part that is no multipart names a boundary', async () => {
    const part = ['Content-Type: application/x-none; boundary=inner', '', 'x', '--inner', '', 'Text.', '--inner']
    const picture = ['Content-Type: image/png', 'Content-Transfer-Encoding: base64', '', 'iVBORw==']
    const split = multipart('mixed', [...part, ...picture, '--inner--'], ['Content-Type: image/gif', '', 'GIF89a'])
    const { attachments, bodyText } = await parseMail(split)
    expect(bodyText).toBe('Text.')
    expect(attachments.map(({ contentType, size }) => [contentType, size])).toEqual([
      ['application/x-none', 1],
      ['image/png', 4],
      ['image/gif', 6],
    ])
    expect(Buffer.from((await readAttachment(split, '3'))?.bytes ?? []).toString()).toBe('GIF89a')
  })

  it.each(['0', '7', '-1', '1.0', '01', ' 1', '', 'one', '99999999999999999999', '__proto__'])('have no id %j', async (id) => {
    expect(await readAttachment(raw, id)).toBeNull()
  })

  it('are the whole message when it is nothing else', async () => {
    const whole = Buffer.from(
      'From: a@x.test\nContent-Type: image/gif; name=a.gif\nContent-Transfer-Encoding: base64\n\nR0lG\nODlh\n',
    )
    expect(await parseMail(whole)).toMatchObject({
      bodyText: '',
      attachments: [{ filename: 'a.gif', contentType: 'image/gif', size: 6 }],
    })
    expect(Buffer.from((await readAttachment(whole, '1'))?.bytes ?? []).toString()).toBe('GIF89a')
  })
})
