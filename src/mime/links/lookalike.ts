/** Hosts that are made to be taken for another: one that everybody knows, or the sender's own. */

import { BRANDS_BY_SKELETON, type Brand, brandOf } from './brands.ts'
import { mixesAlphabets, toSkeleton } from './confusables.ts'
import { type Host, isInternational } from './hosts.ts'

/** What stands beside a well-known name to make people trust it. As skeletons, like all that they are compared with. */
const BAIT: ReadonlySet<string> = new Set(
  (
    'access account accounts alert alerts auth bank billing cancel center centre check claim com confirm confirmation customer customs delivery ' +
    'dispute document help helpdesk home id identity info invoice invoices limited locked login logon mail member message my notice notification ' +
    'official online package parcel pay payment payments portal post protect recover recovery redelivery refund reset restore review safe safety ' +
    'secure secured security server service services settings share sign signin support suspended tax team track tracking transaction unlock ' +
    'update updates user validate validation verification verified verify wallet warning web webmail www'
  )
    .split(' ')
    .map(toSkeleton),
)

/** Shorter names look like others by chance. */
const LEAST_ALIKE_CHARS = 4
const LEAST_JOINED_CHARS = 5
const LEAST_MISTYPED_CHARS = 6

/** Suffixes below which a name is that of an account, such as a company's own for its documentation. */
const ACCOUNT_SUFFIXES: ReadonlySet<string> = new Set([
  'github.io',
  'gitlab.io',
  'readthedocs.io',
  'bitbucket.io',
  'blogspot.com',
])
/** Names of others that look like a well-known one, and were there before. */
const HARMLESS_NAMES: ReadonlySet<string> = new Set(['factbook', 'openal', 'paypay'])

/**
 * Whether a host looks like a well-known one, or like `own`, and belongs to somebody else. Sees letters of other alphabets, letters that look
 * alike, a name with one typing error, a name with words that ask for trust, and a whole domain in front of another. Costs the length of the
 * host, times the number of well-known names.
 */
export function isLookalike(host: Host, own: Host | null): boolean {
  if (host.name === '' || brandOf(host) !== null || host.organisation === own?.organisation) return false
  if (isInternational(host) && host.front.some(mixesAlphabets)) return true
  const shown = readShown(host)
  return pretendsBrand(host, shown) || (own !== null && own.name !== '' && pretendsOwn(host, shown, own))
}

/** A host without its suffix as a reader takes it in: skeletons of its words, of those of its name, and of its name. */
type Shown = { readonly words: readonly string[]; readonly nameWords: readonly string[]; readonly name: string }

function readShown({ front }: Host): Shown {
  const name = front.at(-1) ?? ''
  return { words: cutWords(front.join('.')), nameWords: cutWords(name), name: toSkeleton(name).replaceAll('-', '') }
}

function cutWords(text: string): string[] {
  return text
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .filter((word) => word !== '')
    .map(toSkeleton)
}

/** What a domain looks like, word by word, of those whose first word is the key. */
const DOMAINS_BY_WORD = Map.groupBy(
  [...BRANDS_BY_SKELETON.values()].map(({ name, suffix }) => cutWords(`${name}.${suffix}`)),
  ([first]) => first,
)

function pretendsBrand(host: Host, shown: Shown): boolean {
  if (HARMLESS_NAMES.has(host.name)) return false
  if (shown.words.some((word, at) => DOMAINS_BY_WORD.get(word)?.some((domain) => standsAt(domain, shown.words, at)))) return true
  const isBaited = shown.nameWords.some((word) => BAIT.has(word))
  for (const [skeleton, brand] of BRANDS_BY_SKELETON) {
    if (
      hasNameOf(brand, skeleton, host, shown) ||
      isMistyped(brand, skeleton, shown, isBaited) ||
      isDressedUp(brand, skeleton, host, shown, isBaited)
    )
      return true
  }
  return false
}

/** `paypa1.com`, `pay-pal.com`; and `paypal.support`, which is not where it has its name. */
function hasNameOf({ name, isWord }: Brand, skeleton: string, host: Host, shown: Shown): boolean {
  if (shown.name !== skeleton || name.length < LEAST_ALIKE_CHARS) return false
  return host.name !== name || !(isWord || ACCOUNT_SUFFIXES.has(host.suffix))
}

/** `paypall.com`, and `paypall-login.com`. */
function isMistyped({ isWord }: Brand, skeleton: string, { name, nameWords }: Shown, isBaited: boolean): boolean {
  if (isWord || skeleton.length < LEAST_MISTYPED_CHARS) return false
  return isOneEditAway(name, skeleton) || (isBaited && nameWords.some((word) => isOneEditAway(word, skeleton)))
}

/** `paypal-uk.com`, `paypalsecure.com`, `paypal.secure-login.com`. A word, and a name below a shared suffix, need one beside them that asks for trust. */
function isDressedUp({ name, isWord }: Brand, skeleton: string, host: Host, shown: Shown, isBaited: boolean): boolean {
  if (ACCOUNT_SUFFIXES.has(host.suffix)) return false
  const isOneOfMany = shown.nameWords.length > 1 && shown.nameWords.includes(skeleton)
  if (isOneOfMany && isBaited) return true
  if (isWord || name.length < LEAST_JOINED_CHARS) return false
  if (isOneOfMany) return !host.isShared
  if (shown.words.includes(skeleton) && shown.nameWords.every((word) => BAIT.has(word))) return true
  return (
    (shown.name.startsWith(skeleton) && BAIT.has(shown.name.slice(skeleton.length))) ||
    (shown.name.endsWith(skeleton) && BAIT.has(shown.name.slice(0, -skeleton.length)))
  )
}

/** `paypal.com.example.net`, `paypal-com.example.net`. */
function standsAt(domain: readonly string[], words: readonly string[], at: number): boolean {
  return domain.every((word, index) => words[at + index] === word)
}

function pretendsOwn(host: Host, { words, name }: Shown, own: Host): boolean {
  const ownName = toSkeleton(own.front.at(-1) ?? '').replaceAll('-', '')
  if (ownName.length >= LEAST_ALIKE_CHARS && name === ownName && host.name.replaceAll('-', '') !== own.name.replaceAll('-', ''))
    return true
  if (Math.min(name.length, ownName.length) >= LEAST_MISTYPED_CHARS && isOneEditAway(name, ownName) && !isNumbered(host, own))
    return true
  const domain = cutWords(`${own.front.at(-1) ?? ''}.${own.suffix}`)
  return words.some((_, at) => standsAt(domain, words, at))
}

/** `news1.example` and `news2.example` are of one family. */
function isNumbered(host: Host, own: Host): boolean {
  return host.name.replace(/\d+/g, '') === own.name.replace(/\d+/g, '')
}

/** One character more, less, another one, or two that changed places; false for the same word. Linear, unlike the distance. */
function isOneEditAway(word: string, other: string): boolean {
  if (word === other || Math.abs(word.length - other.length) > 1) return false
  let start = 0
  while (start < word.length && word[start] === other[start]) start += 1
  const isRest = (from: number, otherFrom: number) => word.slice(from) === other.slice(otherFrom)
  if (word.length > other.length) return isRest(start + 1, start)
  if (word.length < other.length) return isRest(start, start + 1)
  const isSwapped = word[start] === other[start + 1] && word[start + 1] === other[start]
  return isRest(start + 1, start + 1) || (isSwapped && isRest(start + 2, start + 2))
}
