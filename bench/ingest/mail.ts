/** Mail as shops and mailing tools send it, made up here: the headers that real mail has, a text and for the larger one the same as HTML. */

/** The two sizes that are measured, in bytes on the wire, roughly. */
export type MailKind = '2 KB' | '20 KB'

/** A message as it goes over the wire, its end included, and where each one is made different from all others. */
export type WireMail = {
  readonly bytes: Buffer
  /** Positions of the first digit of each place where the number of the message stands. */
  readonly numberAt: readonly number[]
}

const NUMBER_DIGITS = 12
const NUMBER = '0'.repeat(NUMBER_DIGITS)
const WORDS =
  'order parcel delivery account invoice number today please confirm address street window morning thank you for your patience the item was sent by our partner and should reach you within three working days'.split(
    ' ',
  )

/** Bytes of a message of this kind. */
export function makeWireMail(kind: MailKind, to: string): WireMail {
  const lines = kind === '2 KB' ? writeSmall(to) : writeLarge(to)
  const bytes = Buffer.from(`${lines.map((line) => (line.startsWith('.') ? `.${line}` : line)).join('\r\n')}\r\n.\r\n`)
  const numberAt: number[] = []
  for (let at = bytes.indexOf(NUMBER); at >= 0; at = bytes.indexOf(NUMBER, at + NUMBER_DIGITS)) numberAt.push(at)
  return { bytes, numberAt }
}

/** Writes the number into the message, in place. */
export function numberMail({ bytes, numberAt }: WireMail, number: number): void {
  const digits = String(number).padStart(NUMBER_DIGITS, '0')
  for (const at of numberAt) bytes.write(digits, at, 'latin1')
}

function writeSmall(to: string): string[] {
  return [
    ...writeHeaders(to),
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: 7bit',
    '',
    `Your order ${NUMBER} is on its way. Follow it at https://shop.example.org/orders/${NUMBER}`,
    '',
    ...writeText(11),
  ]
}

function writeLarge(to: string): string[] {
  const boundary = `----=_Part_${NUMBER}_1`
  return [
    ...writeHeaders(to),
    `Content-Type: multipart/alternative; boundary="${boundary}"`,
    '',
    'This is a multi-part message in MIME format.',
    `--${boundary}`,
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: quoted-printable',
    '',
    `Your order ${NUMBER} is on its way. Follow it at https://shop.example.org/orders/${NUMBER}`,
    '',
    ...writeText(50),
    `--${boundary}`,
    'Content-Type: text/html; charset=utf-8',
    'Content-Transfer-Encoding: quoted-printable',
    '',
    ...writeHtml(),
    `--${boundary}--`,
  ]
}

function writeHeaders(to: string): string[] {
  const signature = Buffer.from(WORDS.join('')).toString('base64')
  return [
    'Return-Path: <bounces@mail.shop.example.org>',
    `Received: from out-17.mail.shop.example.org (out-17.mail.shop.example.org [192.0.2.17]) by mx.example.net with ESMTPS id ${NUMBER}`,
    ` for <${to}>; Mon, 02 Nov 2026 10:11:12 +0000 (UTC)`,
    'DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=shop.example.org; s=s2026; t=1793614272;',
    ' h=from:to:subject:date:message-id:mime-version:content-type; bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=;',
    ` b=${signature.slice(0, 72)}`,
    `  ${signature.slice(72, 144)}`,
    `Message-ID: <order.${NUMBER}@shop.example.org>`,
    'Date: Mon, 02 Nov 2026 10:11:11 +0000',
    'From: The Shop <orders@shop.example.org>',
    'Reply-To: help@shop.example.org',
    `To: ${to}`,
    `Subject: Your order ${NUMBER} is on its way`,
    'List-Unsubscribe: <https://shop.example.org/unsubscribe>, <mailto:unsubscribe@shop.example.org>',
    'X-Mailer: ShopMailer 4.2',
    'MIME-Version: 1.0',
  ]
}

function writeText(count: number): string[] {
  return Array.from({ length: count }, (_, line) =>
    Array.from({ length: 12 }, (__, word) => WORDS[(line * 7 + word * (line + 3)) % WORDS.length]).join(' '),
  )
}

/** A table of items, as quoted-printable. */
function writeHtml(): string[] {
  const rows = writeText(65).flatMap((text, index) => [
    `<tr><td class=3D"item" style=3D"padding:8px;border-bottom:1px solid #eee">${index + 1}</td>`,
    `<td><a href=3D"https://shop.example.org/items/${index}?order=3D${NUMBER}">`,
    `${text.slice(0, 68)}</a></td></tr>`,
  ])
  return [
    '<!DOCTYPE html><html><head><meta charset=3D"utf-8"><title>Your order</title>',
    '<style>body{font-family:sans-serif;color:#222}.item{width:40px}</style></head>',
    `<body><h1>Your order ${NUMBER} is on its way</h1><table>`,
    ...rows,
    '</table><p>Zur=C3=BCck? <a href=3D"https://shop.example.org/help">Help</a></p></body></html>',
  ]
}
