/** What an agent is told of a mail beside what stands in it: in words of ours, in the open; words of the sender only in the structure. */

import { CODE_CONFIDENCE_FLOOR, NAMED_LINK_FLAGS, type OnlyThere } from '../mail-facts.ts'
import type { Reading, ReadingFacts } from '../post-office.ts'
import { count, joinLines } from './render.ts'
import { MAX_NAMED_LINKS, type PieceWithLinks } from './render-links.ts'

/** Codes are made so; what is not stands nowhere but between the marks. */
const CODE = /^[A-Za-z0-9-]{1,32}$/u
/** A domain as it goes over the wire. */
const DOMAIN = /^[a-z0-9.-]{1,253}$/iu

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
    describeDivergence(facts.divergence),
    describeLinks(facts),
  )
}

function describeDivergence(divergence: ReadingFacts['divergence']): string | null {
  if (divergence === null) return null
  const { shown, onlyShown, onlyOther } = divergence
  if (shown === 'both')
    return `The texts of this message should say the same and do not (in one only: ${countOnly(onlyShown)}); all are here.`
  const counted = `only in the other: ${countOnly(onlyOther)}; only in this one: ${countOnly(onlyShown)}`
  return `The text part and the HTML part say different things (${counted}); ${DIVERGENT[shown]}`
}

const DIVERGENT = {
  text: 'this is the text part, part html shows the other.',
  html: 'this is the HTML part; the raw message has the other.',
} as const

function countOnly({ words, links, addresses, numbers }: OnlyThere): string {
  const others = [
    [links, 'link host'],
    [addresses, 'mail address'],
    [numbers, 'number'],
  ] as const
  return [count(words, 'word'), ...others.flatMap(([amount, noun]) => (amount === 0 ? [] : [count(amount, noun)]))].join(', ')
}

/** The facts as a structure has them, with the links that fit beside the text. */
export function structureFacts(facts: ReadingFacts, { piece, links, linksLeftOut }: PieceWithLinks) {
  const { hidden, divergence, sender } = facts
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
    ...(linksLeftOut > 0 && hasListBehind(piece) && { linksOffset: piece.linkListOffset }),
    sender: {
      ...sender,
      alignedDomain: sender.alignedDomain !== null && DOMAIN.test(sender.alignedDomain) ? sender.alignedDomain : null,
    },
    ...(hidden.length > 0 && { hidden }),
    ...(divergence !== null && { divergence }),
  }
}

/** Whether the list of links is in a later piece. */
export function hasListBehind({ linkListAt, linkListOffset }: Pick<Reading, 'linkListAt' | 'linkListOffset'>): boolean {
  return linkListOffset !== null && linkListAt === null
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
  const told = hidden.filter(({ kind }) => kind !== 'comment' && kind !== 'possibly-hidden')
  const pieces = told.reduce((sum, one) => sum + one.count, 0)
  const leftOut = `${count(pieces, 'hidden piece')} left out: ${told.map((one) => `${one.count} ${one.kind}`).join(', ')}`
  const shown = hidden.find(({ kind }) => kind === 'possibly-hidden')?.count ?? 0
  const doubt = `${count(shown, 'piece')} shown that a person may not see`
  return [pieces === 0 ? '' : leftOut, shown === 0 ? '' : doubt].filter((part) => part !== '').join('; ') || null
}

function describeLinks({ links, linksLeftOut }: ReadingFacts): string | null {
  const named = NAMED_LINK_FLAGS.map((flag) => {
    const numbers = links.flatMap(({ flags }, at) => (flags.includes(flag) ? [`[${at + 1}]`] : []))
    const more = numbers.length > MAX_NAMED_LINKS ? ` and ${numbers.length - MAX_NAMED_LINKS} more` : ''
    return numbers.length === 0 ? '' : `; ${flag} ${numbers.slice(0, MAX_NAMED_LINKS).join(' ')}${more}`
  })
  const flags = named.join('')
  return flags === '' ? null : `Links: ${links.length + linksLeftOut}${flags}`
}

function round(confidence: number): number {
  return Math.round(confidence * 100) / 100
}
