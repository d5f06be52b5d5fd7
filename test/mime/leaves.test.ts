import { describe, expect, it } from 'vitest'
import { splitHeader } from '../../src/mime/header/headers.ts'
import { readParts, SLICE_BYTES } from '../../src/mime/leaves.ts'
import { readPlainLeaf } from '../../src/mime/plain-leaf.ts'
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

// What is text as it stands is not given to the parser. It must be the same as if it were.
describe('readPlainLeaf', () => {
  const bodies = [
    '',
    'one line',
    'two\r\nlines\r\n',
    '--a\r\n\r\nb\r\n--a--\r\n',
    '\r\n\r\n',
    'caf\xe9 =E9\n',
    'x'.repeat(70_000),
  ]
  it.each([
    [''],
    ['Content-Type: text/plain'],
    ['Content-Type: TEXT/HTML;charset=UTF-8'],
    ['content-type:text/plain; charset="iso-8859-1"', 'Content-Transfer-Encoding: 7bit'],
    ['Content-Type: text/plain; Charset=us-ascii', 'CONTENT-TRANSFER-ENCODING:8BIT'],
  ])('answers %s %s as the parser does', async (...lines) => {
    for (const text of bodies) {
      const header = Buffer.from([...lines.filter((line) => line !== ''), '', ''].join('\r\n'))
      const body = Buffer.from(text, 'latin1')
      expect(readPlainLeaf(header, body)).toEqual(await readParts(header, body, null))
    }
  })

  it.each([
    ['Content-Type: text/plain; charset=utf-8; format=flowed'],
    ['Content-Type: text/plain; name=a.txt'],
    ['Content-Type: text/calendar'],
    ['Content-Type: multipart/mixed; boundary=a'],
    ['Content-Type: text/plain; boundary=a'],
    ['Content-Type: text/plain\r\nContent-Transfer-Encoding: base64'],
    ['Content-Type: text/plain\r\nContent-Disposition: attachment'],
    ['Content-Type: text/plain;\r\n charset=utf-8'],
    ["Content-Type: text/plain; charset*=us-ascii''utf-8"],
    ['Content-Type: text/plain (text)'],
  ])('leaves %j to the parser', (line) => {
    expect(readPlainLeaf(Buffer.from(`${line}\r\n\r\n`), Buffer.from('text'))).toBeNull()
  })
})
