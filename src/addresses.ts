/** Addresses of inboxes: the strict form we give out, and the exact form in which we recognise them. */

import { domainToASCII, domainToUnicode } from 'node:url'
import { MailError } from './errors.ts'
import { MAX_ADDRESS_BYTES, MAX_LOCAL_PART_BYTES } from './limits.ts'
import { ADDRESS_ADJECTIVES, ADDRESS_NOUNS } from './words.ts'

/** Letters, digits, and single `.`, `_` or `-` between them. No `+`: it begins a tag. */
const LOCAL_PART = /^[a-z0-9]+(?:[._-]+[a-z0-9]+)*$/
/** What may follow the `+` of a sub-address (RFC 5233); becomes a label. */
const TAG = /^[a-z0-9._+=-]{1,64}$/
/** Return paths of mail we send begin so; an inbox of this name would receive its own bounces. */
const RESERVED_LOCAL_PARTS: ReadonlySet<string> = new Set(['bounce'])

/** An address split into the inbox it means and its tag. */
export type SubAddress = {
  /** Lower case, domain as A-labels, with the tag. */
  address: string
  /** The same without the tag: the address of an inbox. */
  inboxAddress: string
  tag: string | null
}

/**
 * Reads an address as an SMTP client named it. Null for whatever cannot be one of ours: source routes, `%` and `!` routing, quoted local
 * parts, address literals, no domain. Never rewrites one address into another, but for case, A-labels and the tag.
 */
export function parseSubAddress(text: string): SubAddress | null {
  if (Buffer.byteLength(text) > MAX_ADDRESS_BYTES) return null
  const [rawLocal, rawDomain, ...more] = text.split('@')
  if (rawLocal === undefined || rawDomain === undefined || more.length > 0) return null
  const domain = canonicalDomain(rawDomain)
  if (domain === null || Buffer.byteLength(rawLocal) > MAX_LOCAL_PART_BYTES) return null
  const local = lowerAscii(rawLocal)
  const plus = local.indexOf('+')
  const base = plus < 0 ? local : local.slice(0, plus)
  const tag = plus < 0 ? null : local.slice(plus + 1)
  if (!LOCAL_PART.test(base) || (tag !== null && !TAG.test(tag))) return null
  return { address: `${local}@${domain}`, inboxAddress: `${base}@${domain}`, tag }
}

/** Lower-case A-labels of a host name of letters, digits and hyphens (RFC 5890); null for anything else, address literals included. */
export function canonicalDomain(text: string): string | null {
  // domainToASCII also maps characters that only look like a dot or a letter, and drops soft hyphens: no address we gave out has them.
  if (/[^\p{L}\p{M}\p{N}.-]/u.test(text) || text.normalize('NFKC') !== text) return null
  const ascii = domainToASCII(text)
  if (ascii.length > 253 || !/^(?!-)[a-z0-9-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9-]{1,63}(?<!-))*$/.test(ascii)) return null
  // Variation selectors and joiners vanish on the way: what does not come back was another name.
  if (domainToUnicode(ascii) !== text.toLowerCase() && ascii !== text.toLowerCase()) return null
  return /^[0-9.]+$/.test(ascii) ? null : ascii
}

/** A caller's wish for a local part, in lower case. @throws MailError invalid_argument */
export function checkLocalPart(wish: string): string {
  const local = lowerAscii(wish.trim())
  if (local.includes('@')) throw refuseLocalPart('is only what stands left of the @')
  if (Buffer.byteLength(local) > MAX_LOCAL_PART_BYTES) throw refuseLocalPart(`is longer than ${MAX_LOCAL_PART_BYTES} bytes`)
  if (!LOCAL_PART.test(local)) throw refuseLocalPart('may have letters a-z, digits, and . _ - between them')
  if (RESERVED_LOCAL_PARTS.has(local)) throw refuseLocalPart(`"${local}" is reserved for bounces`)
  return local
}

/** A short readable local part: two words and two digits, from four random bytes. About 2.4 million of them. */
export function generateLocalPart(random: Uint8Array): string {
  const [first = 0, second = 0, high = 0, low = 0] = random
  const adjective = ADDRESS_ADJECTIVES[first % ADDRESS_ADJECTIVES.length]
  const noun = ADDRESS_NOUNS[second % ADDRESS_NOUNS.length]
  const digits = 10 + (((high << 8) | low) % 90)
  return `${adjective}-${noun}-${digits}`
}

/** Only ASCII: `toLowerCase` would turn the Kelvin sign into a `k`, one address into another. */
function lowerAscii(text: string): string {
  return text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase())
}

function refuseLocalPart(why: string): MailError {
  return new MailError('invalid_argument', `localPart ${why}.`, {
    hint: 'Choose another localPart, such as "signup-test", or leave it out to get a free address.',
  })
}
