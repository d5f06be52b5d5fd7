/** A leaf's bytes -> text: transfer encoding, charset, and HTML reduced to its words. Bounded by MAX_TEXT_CHARS. */

import { firstField } from './fields.ts'
import { MAX_TEXT_CHARS } from './limits.ts'
import { type Part, walkLeaves } from './parts.ts'

/** What a part says, as text; the words of it when it is HTML. */
export function decodePart(part: Part): string {
  // Base64 has four characters for three bytes, so this is enough of the body for the text that is kept.
  const body = part.body.slice(0, MAX_TEXT_CHARS * 2)
  const bytes = decodeTransfer(body, firstField(part.fields, 'content-transfer-encoding').toLowerCase())
  const text = decodeCharset(bytes, part.params.get('charset') ?? 'utf-8').slice(0, MAX_TEXT_CHARS)
  return part.type === 'text/html' ? stripMarkup(text) : text
}

/** The words of a message: its first plain text, or its first HTML. */
export function readText(root: Part): string {
  const leaves = [...walkLeaves(root)]
  const leaf = leaves.find((one) => one.type === 'text/plain') ?? leaves.find((one) => one.type === 'text/html')
  return leaf ? decodePart(leaf) : ''
}

function decodeTransfer(body: string, encoding: string): Buffer {
  if (encoding === 'base64') return Buffer.from(body, 'base64')
  if (encoding !== 'quoted-printable') return Buffer.from(body, 'latin1')
  const joined = body.replaceAll(/=[ \t]{0,9}\r?\n/g, '')
  return Buffer.from(
    joined.replaceAll(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  )
}

function decodeCharset(bytes: Buffer, label: string): string {
  try {
    return new TextDecoder(label).decode(bytes)
  } catch {
    // A charset that nobody knows. What is looked for in a report is ASCII, which survives this.
    return new TextDecoder().decode(bytes)
  }
}

/** Line ends where blocks end, then tags and the entities that reports use. One pass each; no tag is longer than its cap. */
function stripMarkup(html: string): string {
  return html
    .replaceAll(/<(?:br|\/?p|\/?div|\/?tr|\/?li|\/?h[1-6])\b[^<>]{0,500}>/gi, '\n')
    .replaceAll(/<[/!]?[a-z-][^<>]{0,2000}>/gi, ' ')
    .replaceAll(/&(?:lt|gt|amp|quot|nbsp|#39|#64);/gi, (entity) => ENTITIES[entity.toLowerCase()] ?? ' ')
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&amp;': '&',
  '&quot;': '"',
  '&nbsp;': ' ',
  '&#39;': "'",
  '&#64;': '@',
}
