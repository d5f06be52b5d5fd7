import { describe, expect, it } from 'vitest'
import { splitHeader } from '../../src/mime/header/headers.ts'
import { readParts, SLICE_BYTES } from '../../src/mime/leaves.ts'
import { readSimpleParts } from '../../src/mime/simple-parts.ts'
import { mail } from './mail.ts'

// leaves.ts leans on two things that mailparser does not document: that a part is text when `textTypes` says so, and `tree`.
// What it makes of them is written down here, so that a new version cannot change it unseen.
describe('readParts', () => {
  const raw = mail(
    'Content-Type: multipart/mixed; boundary=a',
    '',
    'preamble',
    '--a',
    'Content-Type: multipart/alternative; boundary=b',
    '',
    '--b',
    'Content-Type: TEXT/Plain; charset=iso-8859-1; format=flowed',
    'Content-Transfer-Encoding: quoted-printable',
    '',
    'caf=E9',
    '--b',
    'Content-Type: text/html',
    '',
    '<p>\xe9</p>',
    '--b--',
    '--a',
    'Content-Type: message/delivery-status',
    '',
    'Action: failed',
    '--a',
    'Content-Type: image/png; name=p.png',
    'Content-Transfer-Encoding: base64',
    '',
    'iVBORw==',
    '--a--',
    'epilogue',
  )
  const latin1 = Buffer.from(raw.toString(), 'latin1')
  const { mimeHeader, bodyStart } = splitHeader(latin1)

  it('answers the tree, every text as the bytes it was sent as, and only the size of anything else', async () => {
    const image = { kind: 'leaf', contentType: 'image/png', filename: 'p.png', size: 4, bytes: Buffer.alloc(0), isText: false }
    expect(await readParts(mimeHeader, latin1.subarray(bodyStart), null)).toMatchObject({
      kind: 'branch',
      contentType: 'multipart/mixed',
      children: [
        {
          kind: 'branch',
          contentType: 'multipart/alternative',
          children: [
            {
              kind: 'leaf',
              contentType: 'text/plain',
              params: { charset: 'iso-8859-1', format: 'flowed' },
              bytes: Buffer.from('caf\xe9', 'latin1'),
              isText: true,
            },
            { kind: 'leaf', contentType: 'text/html', bytes: Buffer.from('<p>\xe9</p>', 'latin1'), isText: true },
          ],
        },
        { kind: 'leaf', contentType: 'message/delivery-status', bytes: Buffer.from('Action: failed'), isText: true },
        image,
      ],
    })
  })

  it('answers the bytes of the attachment asked for and of nothing else', async () => {
    const root = await readParts(mimeHeader, latin1.subarray(bodyStart), { isText: false, position: 0 })
    expect(root).toMatchObject({ children: [{}, { bytes: Buffer.alloc(0) }, { bytes: Buffer.from('iVBORw==', 'base64') }] })
  })

  it('answers the same wherever the slices end that a large body is given to the parser in', async () => {
    const header = Buffer.from('Content-Type: multipart/mixed; boundary=b\r\n\r\n')
    const head = '--b\r\nContent-Type: application/pdf\r\n\r\n'
    for (let at = SLICE_BYTES - 12; at <= SLICE_BYTES + 2; at += 1) {
      const first = 'x'.repeat(at - head.length)
      const body = Buffer.from(`${head}${first}\r\n--b\r\n\r\n\r\nlast\r\n--b--\r\n${'epilogue\r\n'.repeat(10)}`)
      expect(await readParts(header, body, { isText: false, position: 0 })).toMatchObject({
        children: [{ size: first.length, bytes: Buffer.from(first) }, { size: '\r\nlast'.length }],
      })
    }
  })

  it('answers a message of one part, which ends when the parser does', async () => {
    expect(await readParts(Buffer.from('\r\n'), Buffer.from('Hi'), null)).toMatchObject({
      kind: 'leaf',
      bytes: Buffer.from('Hi'),
    })
    expect(await readParts(Buffer.from('\r\n'), Buffer.alloc(0), null)).toMatchObject({ kind: 'leaf', size: 0 })
  })

  it('rejects with the code that tells a bound of the parser from a fault', async () => {
    const parts = Buffer.from('--a\r\n\r\nx\r\n'.repeat(1_001))
    await expect(readParts(mimeHeader, parts, null)).rejects.toMatchObject({ code: 'EMAXLEN' })
    const header = Buffer.from(`--a\r\nX: ${'x'.repeat(1_100_000)}\r\n\r\nx\r\n`)
    await expect(readParts(mimeHeader, header, null)).rejects.toMatchObject({ code: 'EMAXLEN' })
  })
})

// What is built as most mail is, is not given to the parser. It must be the same as if it were.
describe('readSimpleParts', () => {
  const PART = ['Content-Type: text/plain; charset=utf-8', '', 'caf\xe9']
  const HTML = [
    'Content-Transfer-Encoding: quoted-printable',
    'Content-Type: text/html;',
    ' charset="utf-8"',
    '',
    '<p>=C3=A9 =',
    '=zz = =3',
  ]
  const BRANCH = ['Content-Type: multipart/alternative; boundary="b_=1"', '']
  const simple: [string, string[], string[]][] = [
    ['no header', [''], ['text', '--a', '', 'b']],
    ['a text', ['Content-Type: text/plain', ''], ['', 'text', '']],
    ['no text', ['Content-Type: TEXT/HTML;charset=UTF-8', ''], []],
    [
      'a long one',
      ['content-type:text/plain; charset="iso-8859-1"', 'Content-Transfer-Encoding: 7bit', ''],
      ['x'.repeat(70_000)],
    ],
    [
      'a coded one',
      ['Content-Type: text/plain;', '\tcharset=us-ascii', 'CONTENT-TRANSFER-ENCODING:Quoted-Printable', ''],
      ['a=20=', 'b \t ', 'c=3', '=e9=E9='],
    ],
    ['two texts', BRANCH, ['preamble', '', '--b_=1', ...PART, '', '--b_=1', ...HTML, '--b_=1--', '']],
    ['no line end behind the last', BRANCH, ['--b_=1', ...PART, 'a --b_=1', '--b_=1--']],
    [
      'an epilogue',
      ['Content-Type: Multipart/MIXED;', ' boundary=b', 'Content-Transfer-Encoding: 8bit', ''],
      ['--b', ...HTML, '', '', '--b--', 'epilogue', '--c'],
    ],
    ['one text', BRANCH, ['--b_=1', ...HTML, '--b_=1--', '']],
  ]
  for (const lineEnd of ['\r\n', '\n']) {
    it.each(simple)(`answers %s as the parser does, lines ended by ${JSON.stringify(lineEnd)}`, async (_, header, lines) => {
      const mimeHeader = Buffer.from([...header, ''].join('\r\n'))
      const body = Buffer.from(lines.join(lineEnd), 'latin1')
      const parts = readSimpleParts(mimeHeader, body)
      expect(parts).not.toBeNull()
      expect(parts).toEqual(await readParts(mimeHeader, body, null))
    })
  }

  it.each([
    'Content-Type: text/plain; charset=utf-8; format=flowed',
    'Content-Type: text/plain; name=a.txt',
    'Content-Type: text/calendar',
    'Content-Type: text/plain; boundary=a',
    'Content-Type: text/plain\r\nContent-Transfer-Encoding: base64',
    'Content-Type: text/plain\r\nContent-Disposition: attachment',
    "Content-Type: text/plain; charset*=us-ascii''utf-8",
    'Content-Type: text/plain (text)',
    'Content-Type: multipart/related; boundary=a',
    'Content-Type: multipart/mixed; boundary="a b"',
  ])('leaves %j to the parser', (line) => {
    expect(readSimpleParts(Buffer.from(`${line}\r\n\r\n`), Buffer.from('--a\n\ntext\n--a--\n'))).toBeNull()
  })

  it.each([
    ['no end', ['--b_=1', ...PART]],
    ['an end first', ['--b_=1--', '--b_=1', ...PART, '--b_=1--']],
    ['a part behind the end', ['--b_=1', ...PART, '--b_=1--', '--b_=1', ...PART, '--b_=1--']],
    ['a boundary that goes on', ['--b_=1', ...PART, '--b_=1 ', ...PART, '--b_=1--']],
    ['a boundary behind CR', ['--b_=1', ...PART, '\r--b_=1', ...PART, '--b_=1--']],
    ['a part without a body', ['--b_=1', 'Content-Type: text/plain', '', '--b_=1--']],
    ['a part without a header', ['--b_=1', '', 'text', '--b_=1--']],
    ['a part that is a file', ['--b_=1', 'Content-Type: image/png', '', 'text', '--b_=1--']],
    ['parts of parts', ['--b_=1', 'Content-Type: multipart/mixed; boundary=c', '', '--c', ...PART, '--c--', '--b_=1--']],
  ])('leaves %s to the parser', (_, lines) => {
    expect(readSimpleParts(Buffer.from([...BRANCH, ''].join('\r\n')), Buffer.from(lines.join('\r\n'), 'latin1'))).toBeNull()
  })
})
