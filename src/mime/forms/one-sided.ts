/** What one of two texts that should say the same says alone, apart from what ordinary mail says in one of its forms only. */

import { type ComparedText, findCovered } from './compared-text.ts'
import { isFurniture } from './furniture.ts'
import { type HtmlWords, MAX_PICTURE_WORDS } from './html-words.ts'
import type { Segment } from './segment.ts'

/** What may stand in a text though the other has it not. */
export type Allowance = {
  /** Words of the subject. */
  readonly subjectWords: readonly string[]
  /** Of who wrote and who is written to: registrable domains, or addresses where many have their mail. */
  readonly domains: ReadonlySet<string>
  /** What the HTML holds, seen or not; asked for only where it can matter. */
  readonly readHtml: () => HtmlWords
  /** Which of the two this text is: the other form, or the one that is shown. */
  readonly role: 'other' | 'shown'
}

/** What one text says alone. */
export type OneSided = {
  /** Words in sentences that are not ordinary. */
  readonly words: number
  /** Registrable domains that it alone leads to, or names an address at. */
  readonly links: number
  readonly addresses: number
  /** Whole sentences, or most of one. */
  readonly hasAddition: boolean
  /** Of its words, those that the other has too. */
  readonly coveredShare: number
  /** It says something that is not of every mail. */
  readonly isTelling: boolean
}

/** So many words of one sentence that the other text has not say something. */
const MIN_ADDED_WORDS = 6
/** So many, if it has nothing of the sentence. */
const MIN_SENTENCE_WORDS = 5
/** So many in short sentences one after the other, most of which it has not. */
const MIN_ADDED_ROW = 9
/** Fewer words are everywhere. */
const MIN_COMPANY = 3
/** Words that come before a link: a button says it otherwise. */
const MAX_LEAD_WORDS = 15
/** Who said what follows. */
const MAX_TITLE_WORDS = 6
/** A preview text. */
const MAX_PREVIEW_WORDS = 40
/** What is on a button. */
const MAX_LABEL_WORDS = 5
/** Cells of a row of a table of data. */
const MIN_DATA_CELLS = 3

/** A sentence, and how many of its words the other text has not. */
type Counted = { readonly segment: Segment; readonly missing: number; readonly longestRow: number }

/** Finds it. */
export function findOneSided(text: ComparedText, other: ComparedText, allowance: Allowance): OneSided {
  const covered = findCovered(text, [other.words, allowance.subjectWords])
  if (allowance.role === 'shown' && covered.includes(false)) coverPictures(covered, text.words, allowance.readHtml().pictures)
  const counted = text.segments.map((segment) => countMissing(segment, covered))
  const known = new Set([...other.domains, ...other.addresses, ...allowance.domains])
  const ordinary = findOrdinary(text, counted, known, allowance)
  const telling = counted.filter((one) => !ordinary.has(one))
  const tellingWords = sum(telling, ({ segment }) => segment.words.length)
  const words = sum(telling, ({ missing }) => missing)
  return {
    words,
    links: countUnknown(telling, known, ({ domains }) => domains),
    addresses: countUnknown(telling, known, ({ addresses }) => addresses),
    // Two that were cut were not cut at the same words.
    hasAddition: !(text.isCut && other.isCut) && (telling.some(isAddition) || hasAddedRow(counted, ordinary, allowance)),
    coveredShare: tellingWords === 0 ? 1 : (tellingWords - words) / tellingWords,
    isTelling: telling.some(({ segment }) => segment.words.length > 0),
  }
}

/** Names of pictures are words here, and nothing in a text part. */
function coverPictures(covered: boolean[], words: readonly string[], pictures: ReadonlySet<string>): void {
  if (pictures.size === 0) return
  const starts = new Set([...pictures].map((picture) => picture.split(' ', 1)[0]))
  words.forEach((word, at) => {
    if (!starts.has(word)) return
    for (let count = 1; count <= MAX_PICTURE_WORDS && at + count <= words.length; count++) {
      if (pictures.has(words.slice(at, at + count).join(' '))) covered.fill(true, at, at + count)
    }
  })
}

function countMissing(segment: Segment, covered: readonly boolean[]): Counted {
  let [missing, row, longestRow] = [0, 0, 0]
  segment.words.forEach((word, at) => {
    const isName = segment.fieldNames.has(word) && covered[segment.start + at + 1] === true
    const isMissing = covered[segment.start + at] === false && !isName
    row = isMissing ? row + 1 : 0
    longestRow = Math.max(longestRow, row)
    if (isMissing) missing++
  })
  return { segment, missing, longestRow }
}

function isAddition({ segment, missing, longestRow }: Counted): boolean {
  const count = segment.words.length
  if (longestRow >= MIN_ADDED_WORDS || (missing >= MIN_ADDED_WORDS && missing * 2 >= count)) return true
  return missing >= MIN_SENTENCE_WORDS && missing === count
}

/**
 * Sentences too short to say something, which together do. Lines of HTML of a few words are a menu; those of a text part belong together. A word or two that the other
 * text has as well are no end of it: such words are everywhere.
 */
function hasAddedRow(counted: readonly Counted[], ordinary: ReadonlySet<Counted>, { role }: Allowance): boolean {
  let row = { words: 0, missing: 0 }
  let block = -1
  for (const one of counted) {
    const { segment, missing } = one
    const count = segment.words.length
    if (ordinary.has(one) || count === 0) continue
    const goesOn = role === 'other' || segment.block === block
    const isEnd = count >= MIN_COMPANY && missing * 2 < count
    block = segment.block
    row = isEnd || !goesOn ? { words: 0, missing: 0 } : row
    if (isEnd) continue
    row = { words: row.words + count, missing: row.missing + missing }
    if (row.words >= MIN_ADDED_ROW && row.missing * 2 > row.words) return true
  }
  return false
}

/** Sentences of which the other text has nothing, though nothing is amiss. */
function findOrdinary(
  text: ComparedText,
  counted: readonly Counted[],
  known: ReadonlySet<string>,
  allowance: Allowance,
): Set<Counted> {
  const judged = counted.filter(({ segment, missing }) => missing > 0 && !hasUnknown(segment.addresses, known))
  const isOther = allowance.role === 'other'
  const lastShared = isOther ? counted.findLastIndex(isShared) : -1
  const previews = isOther ? findPreviews(text, counted, allowance) : new Set()
  const positions = new Map(counted.map((one, at) => [one, at]))
  return new Set(
    judged.filter((one) => {
      const at = positions.get(one) ?? 0
      const { segment } = one
      if (previews.has(one) || isFurniture(segment.folded, segment.words.length)) return true
      if (segment.isNames && at > lastShared) return true
      return isOther ? isLead(one, counted[at + 1], known) : isLabel(segment, known)
    }),
  )
}

function isShared({ segment, missing }: Counted): boolean {
  return segment.words.length >= MIN_SENTENCE_WORDS && missing * 2 < segment.words.length
}

/** What stands before everything that is shared, and hidden in the HTML: a mail program shows it in its list. That it is hidden is told as such. */
function findPreviews(text: ComparedText, counted: readonly Counted[], { readHtml }: Allowance): Set<Counted> {
  const firstShared = counted.findIndex(isShared)
  let words = 0
  const first = (firstShared < 0 ? counted : counted.slice(0, firstShared)).filter(({ segment }) => {
    words += segment.words.length
    return words <= MAX_PREVIEW_WORDS
  })
  if (!first.some(({ missing }) => missing > 0)) return new Set()
  const hidden = findCovered(text, [readHtml().words])
  return new Set(first.filter(({ segment }) => hidden.slice(segment.start, segment.start + segment.words.length).every(Boolean)))
}

/** It introduces a link, or a line, that the other has too. */
function isLead({ segment }: Counted, next: Counted | undefined, known: ReadonlySet<string>): boolean {
  const { words, domains, isLead } = segment
  if (words.length > MAX_LEAD_WORDS) return false
  if (isLead && domains.length === 0 && words.length <= MAX_TITLE_WORDS && next !== undefined && isShared(next)) return true
  const led = domains.length > 0 ? domains : isLead && next?.segment.words.length === 0 ? next.segment.domains : []
  return led.length > 0 && !hasUnknown(led, known)
}

/** A row of a table, a menu, a button. */
function isLabel({ cells, isMenu, words, domains }: Segment, known: ReadonlySet<string>): boolean {
  return (
    cells >= MIN_DATA_CELLS || isMenu || (words.length <= MAX_LABEL_WORDS && domains.length > 0 && !hasUnknown(domains, known))
  )
}

function countUnknown(
  telling: readonly Counted[],
  known: ReadonlySet<string>,
  list: (segment: Segment) => readonly string[],
): number {
  return new Set(telling.flatMap(({ segment }) => list(segment).filter((domain) => !known.has(domain)))).size
}

function hasUnknown(domains: readonly string[], known: ReadonlySet<string>): boolean {
  return domains.some((domain) => !known.has(domain))
}

function sum(items: readonly Counted[], measure: (item: Counted) => number): number {
  return items.reduce((total, item) => total + measure(item), 0)
}
