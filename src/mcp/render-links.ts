/**
 * The links of a mail beside its text. Both together are no longer than what was asked for: a sender may put five hundred links into a mail. Those of most use
 * come first; the rest is in the list that the text ends with.
 */

import { BYTES_PER_TOKEN, MAX_LINK_CHARS, MAX_SHOWN_LINKS_BYTES } from '../limits.ts'
import type { LinkFlag, MailLink } from '../mail-facts.ts'
import { cutReading } from '../post-office/reading.ts'
import type { Reading, ReadingFacts } from '../post-office.ts'
import { measureJson } from './budget.ts'
import { clip, quoteField, toOneLine } from './fence.ts'

/** Characters of what a link shows; the text has all of it. */
const LINK_TEXT_CHARS = 100
/** Links spelled out in the text. */
export const MAX_NAMED_LINKS = 10
/** Of what was asked for, the links that are worth naming take no more than this part; the text has the rest. */
const MAX_NAMED_SHARE = 3 / 4

/** What makes a link worth naming. */
const WORTH_NAMING: readonly LinkFlag[] = ['likely-action', 'text-differs-from-target', 'lookalike-host', 'punycode']

/** A link as a structure has it: `n` is its number in the text. */
export type ShownLink = MailLink & { n: number }

/** The first piece of a text, and the links that stand beside it. */
export type PieceWithLinks = {
  readonly piece: Reading
  /** Of most use first. */
  readonly links: readonly ShownLink[]
  readonly linksLeftOut: number
  /** Lines for those that are worth naming and not in the list at the end of this piece. */
  readonly lines: readonly string[]
}

/** What is written once of a mail, whatever piece of its text is shown. */
export type LinkOrder = { readonly candidates: readonly Candidate[]; readonly leftOut: number }
type Candidate = { readonly link: MailLink; readonly n: number; readonly isWorthNaming: boolean }

/** The one that the mail wants to be followed first, then those that are warned of, then the others; each in the order of the mail. */
export function orderLinks({ links, linksLeftOut }: ReadingFacts): LinkOrder {
  const ranked = links.map((link, at) => ({ link, n: at + 1, rank: rank(link) }))
  return {
    candidates: ranked
      .sort((a, b) => a.rank - b.rank || a.n - b.n)
      .map(({ link, n, rank }) => ({ link, n, isWorthNaming: rank < 2 })),
    leftOut: linksLeftOut,
  }
}

function rank({ flags }: MailLink): number {
  if (flags.includes('likely-action')) return 0
  return flags.some((flag) => WORTH_NAMING.includes(flag)) ? 1 : 2
}

/** Fits links and a piece of text into `maxTokens`, of which the text has one character at least. */
export function fitLinks(reading: Reading, { candidates, leftOut }: LinkOrder, maxTokens: number): PieceWithLinks {
  const budgetBytes = maxTokens * BYTES_PER_TOKEN
  const all = takeLinks(candidates, budgetBytes - Buffer.byteLength(withoutLinkList(reading)))
  const isAll = all.length === candidates.length && leftOut === 0 && reading.nextOffset === null
  const worthNaming = candidates.filter(({ isWorthNaming }) => isWorthNaming)
  const reserved = takeLinks(worthNaming, budgetBytes * MAX_NAMED_SHARE)
  const piece = isAll ? reading : cutReading(reading, budgetBytes - measureLinks(reserved))
  const roomBytes = budgetBytes - Buffer.byteLength(piece.text)
  const links = isAll ? all : takeLinks(candidates, roomBytes)
  const named = new Set(worthNaming.map(({ n }) => n))
  return {
    piece,
    links,
    linksLeftOut: leftOut + candidates.length - links.length,
    lines: describeLinks(
      links.filter(({ n }) => named.has(n)),
      piece,
      roomBytes,
    ),
  }
}

/** Where the structure has every link, the list that repeats them is left out. */
export function withoutLinkList({ text, linkListAt }: Reading): string {
  return linkListAt === null ? text : text.slice(0, linkListAt).trimEnd()
}

/** Those that fit, the first ones first; one that cannot is not even looked at: 500 of them may have 4 MB. */
function takeLinks(candidates: readonly Candidate[], roomBytes: number): ShownLink[] {
  let leftBytes = Math.min(MAX_SHOWN_LINKS_BYTES, roomBytes) - FRAME_BYTES
  const taken: ShownLink[] = []
  for (const { link, n, isWorthNaming } of candidates) {
    if (link.url.length > leftBytes) continue
    const whole = structureLink(link, n)
    // Where the words of one that is worth naming leave it no room, it goes without: its number in the text stands behind them.
    const shown = isWorthNaming && measureJson(whole) >= leftBytes ? { ...whole, text: '' } : whole
    const sizeBytes = measureJson(shown) + 1
    if (sizeBytes > leftBytes) continue
    leftBytes -= sizeBytes
    taken.push(shown)
  }
  return taken
}

/** The brackets of a list as JSON, without the comma that its last element has not. */
const FRAME_BYTES = 1

function measureLinks(links: readonly ShownLink[]): number {
  return links.length === 0 ? 0 : measureJson(links)
}

/** A link that shows where it leads needs no words of its own. */
function structureLink(link: MailLink, n: number): ShownLink {
  const url = toOneLine(link.url)
  const text = toOneLine(clip(link.text, MAX_LINK_CHARS))
  return {
    n,
    text: text === url || `${text}/` === url ? '' : clip(text, LINK_TEXT_CHARS),
    url,
    host: toOneLine(link.host),
    flags: link.flags,
  }
}

/** Numbers of links are of use only where the links can be found: in the list at the end of the text, or else in these lines. */
function describeLinks(links: readonly ShownLink[], piece: Reading, roomBytes: number): string[] {
  let leftBytes = roomBytes
  return links.slice(0, MAX_NAMED_LINKS).flatMap(({ n, url }) => {
    const line = `Link [${n}]: ${quoteField(url, MAX_LINK_CHARS)}`
    if (isListed(piece, n) || Buffer.byteLength(line) >= leftBytes) return []
    leftBytes -= Buffer.byteLength(line) + 1
    return [line]
  })
}

/** Whether the link with this number is in the list, and the list in this piece. */
function isListed({ text, linkListAt }: Reading, n: number): boolean {
  return linkListAt !== null && text.includes(`\n[${n}] `, linkListAt)
}
