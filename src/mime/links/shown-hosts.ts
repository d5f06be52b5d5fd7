/** What a text tells its reader about where something leads: the hosts and addresses that stand in it. */

import { toSkeleton } from './confusables.ts'
import { type Host, readHost } from './hosts.ts'

/** A host that a text shows, with the whole address where it shows one. */
export type ShownHost = { readonly host: Host; readonly address: string | null }

/** So much of a text is looked at, in UTF-16 units. */
const MAX_LOOKED_AT_CHARS = 1_000
/** So many different words of it. */
const MAX_WORDS = 100

/** What ends a URL or an address for a reader. */
const BETWEEN = /[\s<>()[\]{}"'`,;|«»“”„‘’]+/u
/** Other slashes look like those of a scheme to a reader. */
const SCHEME = /(?:https?|ftp):[/\\∕⁄╱⧸]{1,2}/
const SLASHES = /[∕⁄╱⧸]/gu
/** Where a host ends for a reader: other slashes look like one, and do not end it for a browser. */
const AFTER_HOST = /[/\\?#:∕⁄╱⧸]/u
const NAME = /^[\p{L}\p{M}\p{N}_-]+(?:\.[\p{L}\p{M}\p{N}_-]+)+$/u

/** Endings of file names that are countries or other suffixes too: `README.md` is no host in Moldova, `read.me` none in Montenegro. */
const FILE_ENDINGS: ReadonlySet<string> = new Set('ac am app cc do la md me ml mm mov pl pm ps py rs sh so tf zip'.split(' '))

/** In the order of the text. Linear. */
export function findShownHosts(text: string): ShownHost[] {
  // Full-width letters, and other dots, are for a browser what they are for a reader.
  const plain = text.slice(0, MAX_LOOKED_AT_CHARS).normalize('NFKC').replaceAll('。', '.')
  const words = new Set(plain.split(BETWEEN).map(trimSentence))
  words.delete('')
  return [...words].slice(0, MAX_WORDS).flatMap((word) => readWord(word, words.size === 1))
}

/** A URL that was cut off (`https://www.exam…`) keeps two dots that tell of it. */
function trimSentence(word: string): string {
  const begun = word.replace(/^[.:!?*_=~-]+/u, '')
  return begun.replace(/(?<![.:!?*_=~-])[.:!?*_=~-]+$/u, (end) => (end.includes('..') && SCHEME.test(begun) ? '..' : ''))
}

function readWord(word: string, isAlone: boolean): ShownHost[] {
  const at = word.toLowerCase().search(SCHEME)
  if (at >= 0) return readUrl(word.slice(at))
  if (word.includes('@')) return readAddress(word.replace(/^mailto:/i, ''))
  return readBareHost(word, isAlone)
}

/**
 * Of `https://bank.example@evil.example` a person reads the first, and a browser the second. What follows a scheme is a host, whatever it ends in; what
 * stands before an `@`, or was cut off, is one only if it ends like one.
 */
function readUrl(text: string): ShownHost[] {
  const plain = text.replace(SLASHES, '/')
  const [, authority = ''] = /^[^/\\]*[/\\]+([^/\\?#]*)/u.exec(plain) ?? []
  const parts = authority.split('@').map((part) => part.replace(/:.*/su, '').replace(/\.+$/u, ''))
  const parsed = URL.parse(plain)
  if (parsed === null || authority.includes('..')) return toHosts(parts, ({ isPublic }) => isPublic)
  const last = parts.pop() ?? ''
  return [...toHosts(parts, ({ isPublic }) => isPublic), ...toHosts([...new Set([last, parsed.hostname])], () => true)]
}

function readAddress(text: string): ShownHost[] {
  const [address = ''] = text.split(/[/?]/, 1)
  const host = readLook(address.slice(address.lastIndexOf('@') + 1))
  return host?.isPublic ? [{ host, address: address.toLowerCase() }] : []
}

/** Within a sentence only what is written like a host: `Done.See` is none. */
function readBareHost(word: string, isAlone: boolean): ShownHost[] {
  const [name = ''] = word.split(AFTER_HOST, 1)
  const isSure = isAlone || /^www\./i.test(name) || name === name.toLowerCase() || name === name.toUpperCase()
  if (!isSure || !NAME.test(name)) return []
  const isWhole = name.length === word.length
  return toHosts([name], ({ isPublic, ascii, suffix }) => {
    const mayBeFile = isWhole && FILE_ENDINGS.has(suffix) && ascii.split('.').length === 2
    return isPublic && !mayBeFile
  })
}

function toHosts(names: readonly string[], isMeant: (host: Host) => boolean): ShownHost[] {
  const hosts = names.map(readLook).filter((host) => host !== null)
  return hosts.filter(isMeant).map((host) => ({ host, address: null }))
}

/** `bank.com` in letters of another alphabet, suffix and all, is no host; what a reader takes it for is. */
function readLook(name: string): Host | null {
  const host = readHost(name)
  if (host?.isPublic || /^\p{ASCII}*$/u.test(name)) return host
  const look = readHost(toSkeleton(name))
  return look?.isPublic ? look : host
}
