/** Signs a message with the key of its sender's domain (RFC 6376), by nodemailer's signer. */

import { buffer } from 'node:stream/consumers'
import type { DkimKey } from '../../composer.ts'

/**
 * The message with a DKIM-Signature before it: rsa-sha256, relaxed/relaxed.
 * @throws Error when the key cannot sign; nodemailer would send unsigned without a word
 */
export async function signMessage(raw: Buffer, { domain, selector, privateKeyPem }: DkimKey): Promise<Buffer> {
  const { default: DKIM } = await import('nodemailer/lib/dkim')
  const signer = new DKIM({ domainName: domain, keySelector: selector, privateKey: privateKeyPem })
  const signed = await buffer(signer.sign(raw))
  if (!signed.subarray(0, 15).equals(Buffer.from('DKIM-Signature:'))) throw new Error('the DKIM key cannot sign')
  return signed
}
