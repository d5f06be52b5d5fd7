/** Where a link leads, and whether that is where its text says. */

import { isSameOwner } from './brands.ts'
import { cleanUrl } from './clean-url.ts'
import type { FoundLink } from './found-link.ts'
import { type Host, hostOfAddress, readHost } from './hosts.ts'
import { findShownHosts, type ShownHost } from './shown-hosts.ts'

/** A link, with its URL taken apart. */
export type LinkTarget = {
  /** As a reader is given it. */
  readonly url: string
  readonly isCleaned: boolean
  /** Null for what is no URL. */
  readonly parsed: URL | null
  /** Where it leads: null for what leads to no host. */
  readonly host: Host | null
  /** Where a gateway that it leads to sends on to, as the URL itself says; null for every other link. */
  readonly behind: Host | null
}

/** Gateways that look at links for the recipient's company, or for a search: by host, the parameters that hold where they lead. */
const GATEWAYS: ReadonlyMap<string, readonly string[]> = new Map([
  ['outlook.com', ['url']],
  ['google.com', ['q', 'url']],
  ['proofpoint.com', ['u']],
  ['facebook.com', ['u']],
  ['instagram.com', ['u']],
  ['linkedin.com', ['url']],
  ['cudasvc.com', ['a']],
])

/** Takes a link apart. Never throws. */
export function readTarget({ url: raw }: FoundLink): LinkTarget {
  const { url, removed } = cleanUrl(raw)
  const parsed = URL.parse(url)
  const host = parsed === null || parsed.hostname === '' ? null : readHost(parsed.hostname)
  return { url, isCleaned: removed, parsed, host, behind: parsed && host ? readBehind(parsed, host) : null }
}

/** Whether the text, or the name before an `@` in the URL, shows a host or an address that is not where the link leads. */
export function isTextOfAnother(text: string, { url, parsed, host, behind }: LinkTarget): boolean {
  if (parsed === null) return text !== url && findShownHosts(text).length > 0
  if (parsed.protocol === 'mailto:') return findShownHosts(text).some((shown) => !isWrittenTo(shown, parsed))
  const credentials = [parsed.username, parsed.password].map(decode).join(' ')
  const shown = [...findShownHosts(text), ...findShownHosts(credentials)]
  return shown.some((claim) => !isLedTo(claim, host, behind))
}

function isLedTo({ host: claimed }: ShownHost, host: Host | null, behind: Host | null): boolean {
  if (host === null) return false
  return isSameOwner(claimed, host) || (behind !== null && isSameOwner(claimed, behind))
}

/** Every recipient must be the one that is shown: an address hidden in `cc` reads what is answered. */
function isWrittenTo({ host, address }: ShownHost, mailto: URL): boolean {
  const copies = [...mailto.searchParams].filter(([name]) => /^(?:to|cc|bcc)$/i.test(name)).map(([, value]) => value)
  const recipients = [decode(mailto.pathname), ...copies]
    .flatMap((list) => list.split(','))
    .map((one) => one.trim().toLowerCase())
  return recipients
    .filter((recipient) => recipient !== '')
    .every((recipient) => {
      if (address !== null) return recipient === address
      const theirs = hostOfAddress(recipient)
      return theirs !== null && isSameOwner(host, theirs)
    })
}

function readBehind(gateway: URL, { organisation }: Host): Host | null {
  for (const name of GATEWAYS.get(organisation) ?? []) {
    const value = gateway.searchParams.get(name)
    // Proofpoint writes `-` for `%` and `_` for `/`.
    const target = organisation === 'proofpoint.com' ? decode((value ?? '').replaceAll('-', '%').replaceAll('_', '/')) : value
    const parsed = target === null ? null : URL.parse(target)
    if (parsed !== null && parsed.hostname !== '') return readHost(parsed.hostname)
  }
  return null
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // Not everything with a percent sign is encoded; then it stands for itself.
    return text
  }
}
