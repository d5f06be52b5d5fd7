/** Verifies a DKIM signature as RFC 6376 says, on its own: for what we sign, another implementation must agree. */

import { createHash, createVerify, type KeyObject } from 'node:crypto'

/** Whether the first DKIM-Signature (rsa-sha256, relaxed/relaxed) of a message holds for a public key; its tags. */
export function verifyDkim(raw: Uint8Array, publicKey: KeyObject): { valid: boolean; tags: ReadonlyMap<string, string> } {
  const text = Buffer.from(raw).toString('latin1')
  const end = text.indexOf('\r\n\r\n')
  const fields = text.slice(0, end).split(/\r\n(?![ \t])/)
  const signature = fields.find((field) => /^dkim-signature:/i.test(field)) ?? ''
  const tags = new Map(
    signature
      .slice(signature.indexOf(':') + 1)
      .split(';')
      .map((tag) => [tag.slice(0, tag.indexOf('=')).trim(), tag.slice(tag.indexOf('=') + 1).replaceAll(/\s+/g, '')]),
  )
  const bodyHash = createHash('sha256')
    .update(relaxBody(text.slice(end + 4)), 'latin1')
    .digest('base64')
  const signed = [
    ...selectFields(fields, tags.get('h') ?? '').map((field) => `${relaxField(field)}\r\n`),
    relaxField(signature).replace(/([;:\s]b=)[^;]*/, '$1'),
  ].join('')
  const valid =
    tags.get('a') === 'rsa-sha256' &&
    tags.get('c') === 'relaxed/relaxed' &&
    tags.get('bh') === bodyHash &&
    createVerify('RSA-SHA256')
      .update(signed, 'latin1')
      .verify(publicKey, tags.get('b') ?? '', 'base64')
  return { valid, tags }
}

/** RFC 6376 section 5.4.2: a name that stands twice means the last such field, then the one above it. */
export function selectFields(fields: readonly string[], names: string): string[] {
  const left = [...fields]
  return names.split(':').flatMap((name) => {
    const at = left.findLastIndex((field) => field.slice(0, field.indexOf(':')).trim().toLowerCase() === name.toLowerCase())
    return at < 0 ? [] : left.splice(at, 1)
  })
}

/** RFC 6376 section 3.4.2. */
export function relaxField(field: string): string {
  const colon = field.indexOf(':')
  const value = field
    .slice(colon + 1)
    .replaceAll('\r\n', '')
    .replaceAll(/[ \t]+/g, ' ')
  return `${field.slice(0, colon).trim().toLowerCase()}:${value.trim()}`
}

/** RFC 6376 section 3.4.4. */
export function relaxBody(body: string): string {
  const lines = body.split('\r\n').map((line) => line.replaceAll(/[ \t]+/g, ' ').replace(/ $/, ''))
  while (lines.at(-1) === '') lines.pop()
  return lines.map((line) => `${line}\r\n`).join('')
}
