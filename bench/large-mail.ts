/** Mail of the largest size, in shapes that cost most. */

/** Whose inbox it is for. */
export const AGENT = 'default'

/** Just below the largest message that is taken. */
const SIZE_BYTES = 26_000_000
/** Just below the largest that is answered as a resource. */
const BLOB_BYTES = 7_490_000

/** One shape, written when it is measured. */
export type Shape = { readonly name: string; readonly write: () => Buffer }

const HEADER = 'From: Sender <sender@example.org>\r\nSubject: large\r\nMIME-Version: 1.0\r\n'

/** All of them. */
export const SHAPES: readonly Shape[] = [
  { name: 'attachment', write: () => withAttachment(SIZE_BYTES) },
  { name: 'blob', write: () => withAttachment(BLOB_BYTES) },
  {
    name: 'text',
    write: () =>
      filled('text/plain; charset=utf-8', 'Ein Satz über nichts, siehe https://example.org/a?b=1 und später mehr.\r\n'),
  },
  {
    name: 'html',
    write: () =>
      filled(
        'text/html; charset=utf-8',
        '<tr><td style="color:#333">Preis: <b>12 €</b></td><td><a href="https://example.org/?u=1">kaufen</a></td></tr>\r\n',
      ),
  },
  { name: 'both, wide', write: writeBoth },
  { name: 'short lines', write: () => filled('text/plain', 'a\r\n') },
  { name: 'dots', write: () => filled('text/plain', '.\r\n') },
  { name: 'parts', write: writeParts },
  { name: 'header', write: () => Buffer.from(`${HEADER}${'a:\r\n'.repeat(Math.floor(SIZE_BYTES / 4))}\r\n`) },
]

/** As it goes over the wire, with its end (RFC 5321 section 4.5.2). */
export function stuff(raw: Buffer): Buffer {
  return Buffer.from(`${raw.toString('latin1').replaceAll(/^\./gm, '..')}\r\n.\r\n`, 'latin1')
}

function filled(contentType: string, unit: string): Buffer {
  const head = Buffer.from(`${HEADER}Content-Type: ${contentType}\r\nContent-Transfer-Encoding: 8bit\r\n\r\n`)
  return Buffer.concat([head, Buffer.from(unit.repeat(Math.floor((SIZE_BYTES - head.length) / Buffer.byteLength(unit))))])
}

/** The longest text that is kept, with history to fold and links, and the longest HTML, in characters of three bytes. */
function writeBoth(): Buffer {
  const history = `\r\nOn Monday Ada wrote:\r\n${'> 今天的会议日本語のメール인증번호\r\n'.repeat(100)}\r\n`
  const text = `${'今天的会议日本語のメール인증번호 https://example.org/a?b=1\r\n'.repeat(500)}${history}`
  const words = '<p>今天的会议 <a href="https://example.org/?u=1">日本語</a> のメール인증번호</p>\r\n'
  const fill = (unit: string) => unit.repeat(Math.floor(SIZE_BYTES / 2 / Buffer.byteLength(unit)) - 1)
  const part = (type: string, body: string) =>
    `--b\r\nContent-Type: text/${type}; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n${body}\r\n`
  return Buffer.from(
    `${HEADER}In-Reply-To: <a@example.org>\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n${part('plain', fill(text))}${part('html', fill(words))}--b--\r\n`,
  )
}

function withAttachment(sizeBytes: number): Buffer {
  const line = `${'QUJD'.repeat(19)}\r\n`
  const part =
    'Content-Type: application/pdf\r\nContent-Disposition: attachment; filename=a.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n'
  const body = line.repeat(Math.floor((sizeBytes - 500) / line.length))
  return Buffer.from(
    `${HEADER}Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nSee.\r\n--b\r\n${part}${body}\r\n--b--\r\n`,
  )
}

function writeParts(): Buffer {
  const part = (name: number) =>
    `--b\r\nContent-Type: text/csv; name="${name}.csv"\r\nContent-Disposition: attachment\r\n\r\n${'a,b,c\r\n'.repeat(3_650)}\r\n`
  return Buffer.from(
    `${HEADER}Content-Type: multipart/mixed; boundary=b\r\n\r\n${Array.from({ length: 998 }, (_, index) => part(index)).join('')}--b--\r\n`,
  )
}
