/**
 * Whether the text part of a message is a stand-in for its HTML part: "view this in another program", or the words without their links. A person is
 * shown the HTML, so what only that says must not be hidden from an agent. Judged by amounts, not by phrases, which come in every language.
 */

/** Longer texts speak for themselves. */
export const MAX_STUB_CHARS = 1_000

/** How many times the words of the text part the HTML has, for the text to say little of it. */
const LITTLE_RATIO = 3
/** The same for the HTML to say more in other words, and not only to hold a picture and a link. */
const MORE_RATIO = 1.5
/** The same where the text part leads to a place that the HTML leads to as well, as a short notice does, but also "read this online". */
const LITTLE_RATIO_WITH_LINK = 8
/** Share of the words of the text part that the HTML has too, for one to be an excerpt of the other. */
const EXCERPT_SHARE = 0.7

/** What is missing in a text part; null when nothing is that would be worth more than the text as its sender wrote it. */
export type Lack = 'most' | 'links' | null

/** Compares the text part of a message with the text made from its HTML part. */
export function findLack(plain: string, html: string): Lack {
  if (plain.length > MAX_STUB_CHARS) return null
  const [said, whole] = [readFacts(plain), readFacts(html)]
  if (whole.words.size === 0) return null
  if (said.words.size === 0) return 'most'
  // The text is more than a part of the HTML.
  if (hasOther(said.codes, whole.codes)) return null
  const ratio = whole.words.size / said.words.size
  const hasMore = hasOther(whole.codes, said.codes) || hasOther(whole.links, said.links)
  if (ratio < LITTLE_RATIO) {
    const saysAll = isExcerpt(said, whole) || ratio >= MORE_RATIO
    return saysAll && hasMore && !hasFacts(said) ? 'links' : null
  }
  if (hasCommon(said.codes, whole.codes)) return null
  const isNotice = hasCommon(said.links, whole.links) && !hasOther(whole.codes, said.codes)
  if (isNotice && ratio < LITTLE_RATIO_WITH_LINK) return null
  return hasMore || !isExcerpt(said, whole) ? 'most' : null
}

type Facts = { readonly words: ReadonlySet<string>; readonly links: ReadonlySet<string>; readonly codes: ReadonlySet<string> }

const LINK = /https?:\/\/[^\s<>"'\])]+/gi
/** Codes to be typed in, numbers of orders; the year is in every footer. */
const CODE = /^(?=.*\d)(?!(?:19|20)\d\d$)[\da-z]{4,12}$/

function readFacts(text: string): Facts {
  const words =
    text
      .replace(LINK, ' ')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  return { words: new Set(words), links: new Set(text.match(LINK)), codes: new Set(words.filter((word) => CODE.test(word))) }
}

function hasFacts({ links, codes }: Facts): boolean {
  return links.size > 0 || codes.size > 0
}

function isExcerpt(said: Facts, whole: Facts): boolean {
  return [...said.words].filter((word) => whole.words.has(word)).length >= said.words.size * EXCERPT_SHARE
}

function hasCommon(first: ReadonlySet<string>, second: ReadonlySet<string>): boolean {
  return [...first].some((fact) => second.has(fact))
}

function hasOther(first: ReadonlySet<string>, second: ReadonlySet<string>): boolean {
  return [...first].some((fact) => !second.has(fact))
}
