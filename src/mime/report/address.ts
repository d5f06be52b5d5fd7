/** Addresses as reports write them -> the bare form in which our envelope had them. */

import { canonicalDomain } from '../../addresses.ts'
import { removeInvisible } from '../../invisible.ts'
import { MAX_ADDRESS_BYTES } from '../../limits.ts'

/** What an address cannot have unless it is quoted; quoted local parts are never sent to from here. */
const FORBIDDEN = /[\s<>()[\]\\,;:"\p{Cc}]/u

/** The bare address, domain in lower case and as A-labels; null when it is none. */
export function bareAddress(text: string): string | null {
  const address = text.trim()
  const at = address.lastIndexOf('@')
  if (at < 1 || address.indexOf('@') !== at || Buffer.byteLength(address) > MAX_ADDRESS_BYTES || FORBIDDEN.test(address))
    return null
  // Nobody could tell it from the address without them.
  if (removeInvisible(address) !== address) return null
  const domain = canonicalDomain(address.slice(at + 1))
  return domain === null ? null : `${address.slice(0, at)}@${domain}`
}

/** The address of a field such as `rfc822; <name@example.org>` (RFC 3464 section 2.3.2) or `Name <name@example.org>`; null without one. */
export function fieldAddress(value: string): string | null {
  const typed = /^\s{0,9}([a-z0-9-]{1,20})\s{0,9};/i.exec(value)
  const text = typed ? value.slice(typed[0].length) : value
  const plain = typed?.[1]?.toLowerCase() === 'utf-8' ? decodeUnitext(text) : text
  const bracketed = /<([^<>]{1,400})>/.exec(plain)?.[1]
  // Some servers append a comment.
  return bareAddress(bracketed ?? plain) ?? bareAddress(/^\s{0,9}([^\s<>]{1,400})/.exec(plain)?.[1] ?? '')
}

/** Undoes `\x{E9}` of utf-8 addresses (RFC 6533 section 3). */
function decodeUnitext(text: string): string {
  return text.replaceAll(/\\x\{([0-9a-f]{2,6})\}/gi, (escaped, hex: string) => {
    const point = Number.parseInt(hex, 16)
    return point <= 0x10ffff ? String.fromCodePoint(point) : escaped
  })
}
