/** Key pairs for DKIM (RFC 6376, RFC 8301). */

import { generateKeyPair } from 'node:crypto'
import { promisify } from 'node:util'
import { DKIM_KEY_BITS } from './domain-limits.ts'

/** A new key pair. The private half signs and goes nowhere else. */
export type DkimKeyPair = {
  /** PKCS#8 in PEM. */
  readonly privateKeyPem: string
  /** SubjectPublicKeyInfo, DER in base64, as `p=` has it. */
  readonly publicKey: string
}

/** RSA, which every verifier takes; Ed25519 (RFC 8463) many still do not. Takes some tenths of a second, in a thread of Node's. */
export async function makeDkimKeyPair(): Promise<DkimKeyPair> {
  const { privateKey, publicKey } = await promisify(generateKeyPair)('rsa', { modulusLength: DKIM_KEY_BITS })
  return {
    privateKeyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
  }
}
