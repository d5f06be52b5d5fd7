/** A URL as a mail has it -> the same place, written one way, without parameters that only follow the reader. */

import { MAX_LINK_CHARS } from '../../limits.ts'

/** A URL, and whether something was taken out of it. */
export type CleanedUrl = { readonly url: string; readonly removed: boolean }

/** Lower case. Each is documented by the service that reads it, or on the lists of Firefox and Brave; none is needed to get where a link leads. */
const TRACKING_NAMES: ReadonlySet<string> = new Set([
  ...['gclid', 'gclsrc', 'dclid', 'gbraid', 'wbraid', 'gad_source', 'gad_campaignid', 'srsltid', '_gl', '_ga'],
  ...[
    'fbclid',
    'fb_action_ids',
    'fb_action_types',
    'igshid',
    'msclkid',
    'twclid',
    'ttclid',
    'li_fat_id',
    'yclid',
    'ysclid',
    'epik',
  ],
  ...['mc_cid', 'mc_eid', 'mkt_tok', '_hsenc', '_hsmi', '__hsfp', '__hssc', '__hstc', 'hsctatracking', '_kx', '_ke', '_bhlid'],
  ...['vero_id', 'vero_conv', 'oly_anon_id', 'oly_enc_id', 'rb_clickid', 'irclickid', 's_kwcid', 'wickedid', 'ml_subscriber'],
  ...[
    'ml_subscriber_hash',
    'sc_eh',
    'sc_llid',
    'sc_lid',
    'sc_uid',
    'bsft_clkid',
    'bsft_uid',
    'bsft_eid',
    'bsft_mid',
    '_openstat',
  ],
  ...[
    'pk_campaign',
    'pk_kwd',
    'piwik_campaign',
    'piwik_kwd',
    'trk_contact',
    'trk_msg',
    'trk_module',
    'trk_sid',
    '_branch_match_id',
  ],
])

/** Families of such names: Google's, and those of Matomo. */
const TRACKING_PREFIXES = ['utm_', 'mtm_', 'matomo_'] as const

/** Last words of a parameter that proves, or may prove, that nobody changed the others: with one of them changed the link is dead. */
const SEAL_ENDS = [
  ...['sig', 'sign', 'signature', 'signed', 'hmac', 'mac', 'hash', 'digest', 'checksum', 'md5', 'policy', 'seal'],
  ...['jwt', 'token', 'tkn', 'key'],
] as const
/** Whole names of such, too short to be an end. */
const SEAL_NAMES: ReadonlySet<string> = new Set(['h', 's', 'k', 't', 'tk'])
/** Of a server that seals its links by a name of its own, such as `s`: a digest in hexadecimal. */
const HEX_DIGEST = /^(?:[\da-f]{32}|[\da-f]{40}|[\da-f]{64}|[\da-f]{96}|[\da-f]{128})$/i

/** The pages of a list's provider: there, what elsewhere only follows the reader says whom to take off the list. */
const LIST_PAGE = /unsub|opt-?out|preference|subscri/i

/**
 * The URL as browsers normalise it (WHATWG: the host as ASCII, an IP address in its one form), without tracking parameters; a URL that is
 * sealed by another of its parameters keeps them all. What is no URL stays as it is, but in one piece. Linear, and applied twice it changes nothing more.
 */
export function cleanUrl(raw: string): CleanedUrl {
  const parsed = URL.parse(raw)
  if (parsed === null) return { url: closeGaps(raw), removed: false }
  const removed = isWeb(parsed) && removeTracking(parsed)
  // Spaces stay in what follows `mailto:`, where they would let somebody write on behind the URL.
  const url = parsed.href.replaceAll(' ', '%20')
  // Percent-encoding may grow it to nine times its length; what the sender wrote is bounded.
  return url.length > Math.max(raw.length, MAX_LINK_CHARS) ? { url: closeGaps(raw), removed: false } : { url, removed }
}

/** What would end a URL for its reader, or cannot be seen. A percent sign alone encodes nothing, so no other URL comes of it. */
const GAPS = /[\s\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu

function closeGaps(raw: string): string {
  return raw.toWellFormed().replace(GAPS, '%')
}

function isWeb({ protocol }: URL): boolean {
  return protocol === 'https:' || protocol === 'http:'
}

/** Cuts at `&` rather than by URLSearchParams, which would write every other parameter anew. */
function removeTracking(parsed: URL): boolean {
  const query = parsed.search.slice(1)
  if (query === '' || LIST_PAGE.test(parsed.pathname) || LIST_PAGE.test(query)) return false
  const parameters = query.split('&')
  const kept = parameters.filter((parameter) => !isTracking(nameOf(parameter)))
  if (kept.length === parameters.length || kept.some(isSeal)) return false
  parsed.search = kept.join('&')
  return true
}

function nameOf(parameter: string): string {
  const equals = parameter.indexOf('=')
  return (equals < 0 ? parameter : parameter.slice(0, equals)).toLowerCase()
}

function isTracking(name: string): boolean {
  return TRACKING_NAMES.has(name) || TRACKING_PREFIXES.some((prefix) => name.startsWith(prefix))
}

function isSeal(parameter: string): boolean {
  const name = nameOf(parameter)
  // Some write `__hash__`.
  const bare = name.replace(/^_+/, '').replace(/(?<!_)_+$/, '')
  return SEAL_NAMES.has(bare) || SEAL_ENDS.some((end) => bare.endsWith(end)) || HEX_DIGEST.test(parameter.slice(name.length + 1))
}
