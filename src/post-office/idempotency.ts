/** Keys by which a caller's second try is recognised. */

import { createHash } from 'node:crypto'
import { MailError } from '../errors.ts'
import { MAX_IDEMPOTENCY_KEY_CHARS } from '../limits.ts'

/** A key and what was asked with it; null without a key. @throws MailError invalid_argument */
export function readIdempotency(key: string | undefined, asked: unknown): { key: string; fingerprint: string } | null {
  if (key === undefined) return null
  if (key === '' || key.length > MAX_IDEMPOTENCY_KEY_CHARS) {
    throw new MailError('invalid_argument', `idempotencyKey must have 1 to ${MAX_IDEMPOTENCY_KEY_CHARS} characters.`)
  }
  return { key, fingerprint: createHash('sha256').update(JSON.stringify(asked)).digest('hex') }
}
