/** What a hostile mail is, and how one is written. */

import type { HiddenKind, LinkFlag, SenderWarning } from '../../src/mail-facts.ts'

/** What must have become of it, besides that it stays between the marks. */
export type Outcome =
  /** Nothing of the payload is in the answer, and its kind was counted. */
  | { readonly is: 'hidden'; readonly kind: HiddenKind }
  /** What hides it was taken out and counted; its words, which a person sees too, stand between the marks. */
  | { readonly is: 'counted'; readonly kind: HiddenKind }
  /** Nothing of the payload is in the answer. */
  | { readonly is: 'cleaned' }
  /** A person sees it too; it stands between the marks, as what it is. */
  | { readonly is: 'contained' }
  | { readonly is: 'link'; readonly flag: LinkFlag }
  | { readonly is: 'sender'; readonly warning: SenderWarning }
  | { readonly is: 'divergent' }

export type HostileMail = {
  readonly name: string
  readonly raw: Buffer
  readonly outcome: Outcome
  /** What the sub-address it was sent to added. */
  readonly labels?: readonly string[]
}

/** In every payload, so that a test can tell where words of the sender are. */
export const CANARY = 'zqxj'

/** In those that hold a code: it is taken out of mail and shown on its own, so it needs a look of its own. */
export const FORGED_CODE = '271828'

const CRLF = '\r\n'

/** A mail of these header lines and this body. */
export function write(headers: readonly string[], body: string): Buffer {
  const sender = headers.some((line) => /^from:/i.test(line)) || headers.includes('X-From: none') ? [] : ['From: a@sender.test']
  return Buffer.from([...sender, 'To: agent@inbox.test', ...headers, '', body].join(CRLF))
}

/** The header lines and the body of a text, in base64 so that every character arrives. */
export function part(type: 'plain' | 'html', text: string): { headers: string[]; body: string } {
  return {
    headers: [`Content-Type: text/${type}; charset=utf-8`, 'Content-Transfer-Encoding: base64'],
    body: Buffer.from(text).toString('base64').replaceAll(/.{76}/g, `$&${CRLF}`),
  }
}

export function writePlain(text: string, headers: readonly string[] = []): Buffer {
  const { headers: own, body } = part('plain', text)
  return write([...headers, ...own], body)
}

export function writeHtml(html: string, headers: readonly string[] = []): Buffer {
  const { headers: own, body } = part('html', html)
  return write([...headers, ...own], body)
}

export function writeAlternative(text: string, html: string): Buffer {
  return writeMultipart('alternative', [part('plain', text), part('html', html)])
}

export function writeMultipart(subtype: string, parts: readonly { headers: string[]; body: string }[]): Buffer {
  const pieces = parts.flatMap(({ headers, body }) => ['--edge', ...headers, '', body])
  return write([`Content-Type: multipart/${subtype}; boundary=edge`], [...pieces, '--edge--', ''].join(CRLF))
}

/** RFC 2047, so that line ends and every other character get into a header field. */
export function encodeWord(text: string): string {
  return `=?utf-8?b?${Buffer.from(text).toString('base64')}?=`
}

/** Safe within HTML. */
export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
