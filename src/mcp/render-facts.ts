/** What an agent is told of a mail beside what stands in it: in words of ours, in the open; words of the sender only in the structure. */

import { BYTES_PER_TOKEN, MAX_LINK_CHARS, MAX_SHOWN_LINKS_BYTES } from '../limits.ts'
import { CODE_CONFIDENCE_FLOOR, type LinkFlag, type MailLink } from '../mail-facts.ts'
import type { ReadingFacts } from '../post-office.ts'
import { measureJson } from './budget.ts'
import { clip, toOneLine } from './fence.ts'
import { count, joinLines } from './render.ts'

/** Codes are made so; what is not stands nowhere but between the marks. */
const CODE = /^[A-Za-z0-9-]{1,32}$/u
/** A domain as it goes over the wire. */
const DOMAIN = /^[a-z0-9.-]{1,253}$/iu
/** Characters of what a link shows; the text has all of it. */
const LINK_TEXT_CHARS = 100
/** Numbers of links named for one flag, and links spelled out, in the text. */
const MAX_NAMED_LINKS = 10

/** What makes a link worth naming in the text, most first: a warning before what invites. */
const WORTH_NAMING: readonly LinkFlag[] = [
  'text-differs-from-target',
  'lookalike-host',
  'punycode',
  'likely-action',
  'unsubscribe',
]

/** A link as a structure has it: `n` is its number in the text. */
export type ShownLink = MailLink & { n: number }

/** The codes, one a line, before everything else; empty without any. */
export function describeCodes({ codes }: ReadingFacts, now: number): string {
  const shown = keepCodes(codes)
  const sure = shown.filter(({ confidence }) => confidence > CODE_CONFIDENCE_FLOOR)
  const [likeliest] = shown
  // A number that may be one is better than none, and worse than one that is.
  const lines = sure.length > 0 || likeliest === undefined ? sure : [likeliest]
  return joinLines(
    ...lines.map(({ code, confidence, reason, expiresAt }) => {
      const head = confidence > CODE_CONFIDENCE_FLOOR ? 'Code' : 'Perhaps a code'
      const end = expiresAt === null ? '' : `; ${Date.parse(expiresAt) < now ? 'expired' : 'expires'} ${expiresAt}`
      return `${head}: ${code} (confidence ${round(confidence)}, ${reason}${end})`
    }),
  )
}

/** Everything else that is worth a line; what is ordinary is not said. */
export function describeFacts(facts: ReadingFacts): string {
  return joinLines(
    describeSender(facts.sender),
    describeHidden(facts),
    facts.divergence === null
      ? null
      : `The text part and the HTML part say different things; ${DIVERGENT[facts.divergence.shown]}`,
    describeLinks(facts),
  )
}

const DIVERGENT = {
  text: 'this is the text part, part html shows the other.',
  html: 'this is the HTML part; the raw message has the other.',
} as const

/** The facts as a structure has them. `links` are those that fit beside a text of `maxTokens`, the noted ones first. */
export function structureFacts(facts: ReadingFacts, maxTokens: number) {
  const { hidden, divergence, sender } = facts
  const { links, linksLeftOut } = fitLinks(facts, maxTokens)
  const codes = keepCodes(facts.codes).map(({ code, confidence, reason, expiresAt }) => ({
    code,
    confidence: round(confidence),
    reason,
    ...(expiresAt !== null && { expiresAt }),
  }))
  return {
    codes,
    links,
    linksLeftOut,
    sender: {
      ...sender,
      alignedDomain: sender.alignedDomain !== null && DOMAIN.test(sender.alignedDomain) ? sender.alignedDomain : null,
    },
    ...(hidden.length > 0 && { hidden }),
    ...(divergence !== null && { divergence }),
  }
}

/** Links that an agent may want and cannot find by number in this piece, for between the marks. */
export function listNotedLinks({ links }: ReadingFacts): { n: number; url: string }[] {
  const noted = links.flatMap((link, at) =>
    link.flags.some((flag) => flag !== 'unsubscribe' && WORTH_NAMING.includes(flag)) ? [{ n: at + 1, url: link.url }] : [],
  )
  return noted.slice(0, MAX_NAMED_LINKS)
}

function keepCodes(codes: ReadingFacts['codes']): ReadingFacts['codes'] {
  return codes.filter(({ code }) => CODE.test(code))
}

function describeSender({ spf, dkim, dmarc, alignedDomain, source, warnings }: ReadingFacts['sender']): string {
  const verdicts =
    source === null
      ? 'not verified, From may be forged'
      : `spf ${spf}; dkim ${dkim}; dmarc ${dmarc}${source === 'relay' ? ', says the relay' : ''}`
  const judged = source === null ? '' : alignedDomain === null ? '; From may be forged' : '; the domain of From is proven'
  const warned = warnings.length === 0 ? '' : `; warnings: ${warnings.join(', ')}`
  return `Sender: ${verdicts}${judged}${warned}`
}

/** Comments are in every newsletter. */
function describeHidden({ hidden }: ReadingFacts): string | null {
  const told = hidden.filter(({ kind }) => kind !== 'comment')
  const pieces = told.reduce((sum, one) => sum + one.count, 0)
  if (pieces === 0) return null
  return `${count(pieces, 'hidden piece')} left out: ${told.map((one) => `${one.count} ${one.kind}`).join(', ')}`
}

function describeLinks({ links, linksLeftOut }: ReadingFacts): string | null {
  const named = WORTH_NAMING.map((flag) => {
    const numbers = links.flatMap(({ flags }, at) => (flags.includes(flag) ? [`[${at + 1}]`] : []))
    const more = numbers.length > MAX_NAMED_LINKS ? ` and ${numbers.length - MAX_NAMED_LINKS} more` : ''
    return numbers.length === 0 ? '' : `; ${flag} ${numbers.slice(0, MAX_NAMED_LINKS).join(' ')}${more}`
  })
  const flags = named.join('')
  return flags === '' ? null : `Links: ${links.length + linksLeftOut}${flags}`
}

/** Those that fit, all together no longer than the text may be, noted ones first; a link that does not is not even looked at: 500 of them may have 4 MB. */
function fitLinks({ links, linksLeftOut }: ReadingFacts, maxTokens: number): { links: ShownLink[]; linksLeftOut: number } {
  const numbered = links.map((link, at) => ({ link, n: at + 1 }))
  const candidates = [...numbered.filter(({ link }) => isNoted(link)), ...numbered.filter(({ link }) => !isNoted(link))]
  let roomBytes = Math.min(MAX_SHOWN_LINKS_BYTES, maxTokens * BYTES_PER_TOKEN)
  const shown: ShownLink[] = []
  for (const { link, n } of candidates) {
    if (link.url.length > roomBytes) continue
    const candidate = structureLink(link, n)
    const sizeBytes = measureJson(candidate) + 1
    if (sizeBytes > roomBytes) continue
    roomBytes -= sizeBytes
    shown.push(candidate)
  }
  return { links: shown.sort((a, b) => a.n - b.n), linksLeftOut: linksLeftOut + links.length - shown.length }
}

function isNoted({ flags }: MailLink): boolean {
  return flags.some((flag) => WORTH_NAMING.includes(flag))
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

function round(confidence: number): number {
  return Math.round(confidence * 100) / 100
}
