import { describe, expect, it } from 'vitest'
import { splitHeader } from '../../src/mime/header/headers.ts'
import { readParts, SLICE_BYTES } from '../../src/mime/leaves.ts'
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
