/** Return paths that only we can make: a report is believed where it comes back to one, and nowhere else. */

import { createHmac, timingSafeEqual } from 'node:crypto'
import { RETURN_PATH_HMAC_BYTES } from './limits.ts'

/** `bounce+<delivery id without hyphens>-<hmac>`, lower case throughout because relays may change case: 60 bytes of the 64 allowed. */
const RETURN_PATH_LOCAL = /^bounce\+([0-9a-f]{32})-([0-9a-f]{20})$/

/** The return path of one delivery. `secret` is the store's. */
export function makeReturnPath(deliveryId: string, domain: string, secret: Uint8Array): string {
  const id = deliveryId.replaceAll('-', '')
  return `bounce+${id}-${sign(id, secret)}@${domain}`
}

/** Whether an address has the form of a return path of ours, true or forged; no inbox can have it. */
export function isReturnPath(address: string): boolean {
  return address.startsWith('bounce+')
}

/** The delivery whose return path this is; null for anything we did not make. */
export function readReturnPath(address: string, secret: Uint8Array): string | null {
  const match = RETURN_PATH_LOCAL.exec(address.slice(0, address.lastIndexOf('@')).toLowerCase())
  const [, id, hmac] = match ?? []
  if (id === undefined || hmac === undefined) return null
  if (!timingSafeEqual(Buffer.from(hmac), Buffer.from(sign(id, secret)))) return null
  return id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

function sign(id: string, secret: Uint8Array): string {
  return createHmac('sha256', secret)
    .update(`return-path ${id}`)
    .digest('hex')
    .slice(0, 2 * RETURN_PATH_HMAC_BYTES)
}
