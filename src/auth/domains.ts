/** Domains of addresses, compared in one form. */

import { getAlignment } from 'mailauth/lib/tools.js'
import { canonicalDomain } from '../addresses.ts'

/** The domain of an address in lower-case A-labels; null without one. */
export function domainOf(address: string): string | null {
  const at = address.lastIndexOf('@')
  if (at < 0) return null
  return canonicalName(address.slice(at + 1))
}

/** A domain name in lower-case A-labels, without the dot of the root; null for what is none. */
export function canonicalName(text: string): string | null {
  const name = text.trim().replace(/\.$/, '')
  // Names with an underscore are none of a host, and still have records.
  return canonicalDomain(name) ?? (/^[\w-]+(?:\.[\w-]+)+$/.test(name) && /[a-z]/i.test(name) ? name.toLowerCase() : null)
}

/** Whether a domain that passed speaks for the From domain: relaxed alignment (RFC 7489 section 3.1), by the public suffix list. */
export function isAligned(fromDomain: string, domain: string): boolean {
  return getAlignment(fromDomain, [{ domain }]) !== false
}
