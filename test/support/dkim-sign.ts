/** Signs as RFC 6376 says, whatever it is asked to sign: signatures that no honest signer makes among them. */

import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { relaxBody, relaxField, selectFields } from './dkim.ts'

export type TestKey = { privateKey: KeyObject /** What stands in DNS. */; record: string }

/** A key and its record (RFC 6376 section 3.6.1, RFC 8463 section 4). */
export function makeKey(type: 'rsa' | 'ed25519', modulusLength = 2_048): TestKey {
  const { privateKey, publicKey } =
    type === 'rsa' ? generateKeyPairSync('rsa', { modulusLength }) : generateKeyPairSync('ed25519')
  const der = publicKey.export({ type: 'spki', format: 'der' })
  // An Ed25519 key stands bare in DNS: the last 32 bytes of the structure.
  const published = type === 'rsa' ? der : der.subarray(-32)
  return { privateKey, record: `v=DKIM1; k=${type}; p=${published.toString('base64')}` }
}

export type Signing = {
  key: TestKey
  domain?: string
  selector?: string
  /** Names for `h=`. */
  fields?: string
  /** More tags, such as `x=1; `. */
  tags?: string
  /** Bytes of the body that are signed, as `l=`. */
  length?: number
}

/** The message with a signature before it: relaxed/relaxed. Its lines end in CR LF. */
export function signMail(
  raw: string,
  { key, domain = 'example.org', selector = 'k', fields, tags = '', length }: Signing,
): string {
  const end = raw.indexOf('\r\n\r\n')
  const names = fields ?? 'from:subject'
  const body = relaxBody(raw.slice(end + 4)).slice(0, length)
  const bodyHash = createHash('sha256').update(body, 'latin1').digest('base64')
  const algorithm = key.privateKey.asymmetricKeyType === 'rsa' ? 'rsa-sha256' : 'ed25519-sha256'
  const limit = length === undefined ? '' : ` l=${length};`
  const unsigned = `DKIM-Signature: v=1; a=${algorithm}; c=relaxed/relaxed; d=${domain}; s=${selector}; ${tags}${limit} h=${names}; bh=${bodyHash}; b=`
  const signed = [
    ...selectFields(raw.slice(0, end).split(/\r\n(?![ \t])/), names).map((field) => `${relaxField(field)}\r\n`),
    relaxField(unsigned),
  ].join('')
  return `${unsigned}${makeSignature(signed, key.privateKey)}\r\n${raw}`
}

function makeSignature(signed: string, key: KeyObject): string {
  const bytes = Buffer.from(signed, 'latin1')
  if (key.asymmetricKeyType === 'rsa') return sign('RSA-SHA256', bytes, key).toString('base64')
  // RFC 8463 section 3: what is signed is the hash.
  return sign(null, createHash('sha256').update(bytes).digest(), key).toString('base64')
}
