/** Small messages for the tests of this folder. */

import { htmlToText } from '../../src/mime/html/text.ts'
import { numberLinks } from '../../src/mime/links/link-marks.ts'

/** A message of these lines, joined as SMTP carries them. */
export function mail(...lines: string[]): Buffer {
  return Buffer.from(lines.join('\r\n'))
}

/** A message with nothing but a sender, these header lines and this body. */
export function mailWith(headerLines: readonly string[], body = 'Hello.'): Buffer {
  return mail('From: ann@example.com', ...headerLines, '', body)
}

/** A multipart of these parts, each with its own header lines and body, nested in a message. */
export function multipart(subtype: string, ...parts: readonly (readonly string[])[]): Buffer {
  const lines = parts.flatMap((part) => ['--edge', ...part])
  return mailWith([`Content-Type: multipart/${subtype}; boundary=edge`], [...lines, '--edge--', ''].join('\r\n'))
}

/** The header lines and body of a text part. */
export function textPart(text: string, type = 'text/plain; charset=utf-8'): string[] {
  return [`Content-Type: ${type}`, 'Content-Transfer-Encoding: 8bit', '', text]
}

/** What a reader gets of HTML, its links numbered and listed. */
export function readHtml(html: string, maxChars = 10_000): string {
  const { text: marked, urls, urlsLeftOut } = htmlToText(html, maxChars)
  const { write, list } = numberLinks(marked, urls, urlsLeftOut)
  const text = write(new Set())
  return list === '' ? text : `${text}\n\n${list}`
}
