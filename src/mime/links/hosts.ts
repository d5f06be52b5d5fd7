/** Host names: written one way, and whose they are. The list of public suffixes comes with tldts; it makes 130 KB, so only the parse worker loads it. */

import { domainToASCII, domainToUnicode } from 'node:url'
import { parse } from 'tldts'

/** Longest host name (RFC 1035 section 2.3.4); what is longer names no host. */
const MAX_HOST_CHARS = 253

/** A host, and what of it somebody registered. */
export type Host = {
  /** As ASCII (RFC 5891), lower case, without the dot of the root. An IP address as URLs have it, IPv6 in brackets. */
  readonly ascii: string
  /** The domain that one owner registered: `example.co.uk`, `ann.github.io`; the host where it has none, such as an IP address. */
  readonly organisation: string
  /** The label of it that the owner chose: `example`; empty where there is none. */
  readonly name: string
  /** What is public of it: `co.uk`, `github.io`; empty where there is none. */
  readonly suffix: string
  /** The labels before the suffix, in their own letters; `name` is the last of them. */
  readonly front: readonly string[]
  /** The suffix is a company's that lets others have names below it. */
  readonly isShared: boolean
  /** The suffix is one that exists, as far as we know. */
  readonly isPublic: boolean
}

/** A host as somebody wrote it, in whatever letters; null for what names no host. Never throws. */
export function readHost(text: string): Host | null {
  const bare = text.endsWith('.') ? text.slice(0, -1) : text
  if (bare === '' || bare.length > MAX_HOST_CHARS) return null
  if (bare.startsWith('[')) return nameless(bare.toLowerCase())
  const ascii = domainToASCII(bare)
  if (ascii === '') return null
  const { domain, domainWithoutSuffix, publicSuffix, isIp, isPrivate, isIcann } = parse(ascii, {
    allowPrivateDomains: true,
    extractHostname: false,
    validateHostname: false,
  })
  if (isIp || domain === null) return nameless(ascii)
  const suffix = publicSuffix ?? ''
  return {
    ascii,
    organisation: domain,
    name: domainWithoutSuffix ?? '',
    suffix,
    front: (domainToUnicode(ascii) || ascii).split('.').slice(0, -suffix.split('.').length),
    isShared: isPrivate === true,
    isPublic: isPrivate === true || isIcann === true,
  }
}

/** The host of an address; null where it names none. */
export function hostOfAddress(address: string): Host | null {
  return readHost(address.slice(address.lastIndexOf('@') + 1))
}

/** Whether it has letters beyond ASCII. */
export function isInternational({ ascii }: Host): boolean {
  return ascii.split('.').some((label) => label.startsWith('xn--'))
}

function nameless(ascii: string): Host {
  return { ascii, organisation: ascii, name: '', suffix: '', front: [], isShared: false, isPublic: false }
}
