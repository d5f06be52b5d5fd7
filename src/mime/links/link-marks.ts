/** Marks of links within a text -> numbers that a reader sees, and the list of what they stand for. */

import { MAX_LINK_CHARS } from '../../limits.ts'
import { MAX_FOUND_LINKS, MAX_FOUND_LINKS_CHARS } from '../../mail-facts.ts'
import { cleanLabel, clipChars } from '../clean.ts'
import { LINK_CLOSE, LINK_END, LINK_START, removeMarks } from '../marks.ts'
import type { FoundLink } from './found-link.ts'

/** UTF-16 units kept of what is shown of one. */
export const MAX_LINK_TEXT_CHARS = 200

/** A text whose links are numbered. */
export type NumberedText = {
  /**
   * With `[n]` behind the words of a link; the marks of quotes are still in it. Where nothing has such a number, `named` are those by which an answer speaks of
   * links that stand in the text.
   */
  readonly write: (named: ReadonlySet<number>) => string
  /** First those with a number, in their order, then those that stand in the text themselves. */
  readonly links: readonly FoundLink[]
  readonly linksLeftOut: number
  /** What the numbers stand for, a line each, with its heading, and before it how many are left out; empty without numbers. */
  readonly list: string
}

/** A URL that is linked to, and how that is shown. */
type Target = { readonly url: string; text: string; isInPlace: boolean; number: number | null }

/**
 * What a sender wrote that reads like a number of ours gets a backslash before it, as Markdown has it: `\[3]`. So a number that we use is ours where it has
 * none, and the list at the end of the text is. Other numbers mean nothing, and stay as they were written: `list[0]` of a program.
 */
const LIKE_A_NUMBER = /[[\uff3b](?=[\s\ufdd0-\ufdef]{0,8}(\p{N}{1,4})[\s\ufdd0-\ufdef]{0,8}[\]\uff3d])/gu
/** The heading of our list. */
const LIST_HEADING = /^Links:[ \t]*$/m

/** A URL that stands in a text; what only ends the sentence is taken off it. */
const BARE_URL = /\b(?:https?:\/\/|www\.)[^\s<>"\ufdd0-\ufdef]+/gi

/**
 * Numbers the links of a text made from HTML and finds those that stand in it as they are, in text made from HTML or not. `urls` are the targets by the
 * positions in the marks. A link whose words are its URL keeps them and gets no number, unless it is shown elsewhere too.
 */
export function numberLinks(text: string, urls: readonly string[], leftOut: number): NumberedText {
  const pieces = cutLinks(text)
  const targets = new Targets(urls)
  for (const { words, position } of pieces) if (position !== null) targets.meet(position, words)
  targets.number()
  const written = pieces.map((piece) =>
    piece.position === null ? targets.writeText(piece.words) : targets.writeLink(piece.words, piece.position),
  )
  const joined = joinPieces(written)
  const finished = targets.finish(leftOut)
  const most = finished.list !== '' ? finished.links.length : LIST_HEADING.test(joined) ? Number.POSITIVE_INFINITY : 0
  return { ...finished, write: (named) => writeNumbers(joined, most, named) }
}

/** A number of ours, until what reads like one is told apart. */
function markNumber(number: number): string {
  return `${LINK_START}${number}${LINK_CLOSE}`
}

/** The numbers in brackets, and a backslash before what reads like one up to `most` or one that is named. One in digits of another script may be any. */
function writeNumbers(text: string, most: number, named: ReadonlySet<number>): string {
  const isOurs = (digits: string) =>
    /^\d+$/.test(digits) ? isUpTo(Number(digits), most) || named.has(Number(digits)) : most > 0 || named.size > 0
  return text
    .replace(LIKE_A_NUMBER, (bracket, digits: string) => (isOurs(digits) ? `\\${bracket}` : bracket))
    .replaceAll(LINK_START, '[')
    .replaceAll(LINK_CLOSE, ']')
}

function isUpTo(number: number, most: number): boolean {
  return number > 0 && number <= most
}

type Piece = { readonly words: string; readonly position: number | null }

/** The text as pieces: links, and what is between them. */
function cutLinks(text: string): Piece[] {
  const pieces: Piece[] = []
  const marks = new RegExp(`[${LINK_START}${LINK_END}]`, 'g')
  let at = 0
  let start: number | null = null
  for (let mark = marks.exec(text); mark !== null; mark = marks.exec(text)) {
    if (mark[0] === LINK_START) {
      start = mark.index
      continue
    }
    const close = text.indexOf(LINK_CLOSE, mark.index)
    if (close < 0) break
    // A link without words has no beginning.
    pieces.push({ words: text.slice(at, start ?? mark.index), position: null })
    pieces.push({
      words: start === null ? '' : text.slice(start, mark.index),
      position: Number(text.slice(mark.index + 1, close)),
    })
    at = close + 1
    marks.lastIndex = at
    start = null
  }
  pieces.push({ words: text.slice(at), position: null })
  return pieces.map(({ words, position }) => ({ words: words.replace(LINK_MARKS, ''), position }))
}

const LINK_MARKS = new RegExp(`[${LINK_START}${LINK_END}${LINK_CLOSE}]`, 'g')

/** The targets of one text. */
class Targets {
  readonly #urls: readonly string[]
  readonly #byUrl = new Map<string, Target>()
  readonly #leftOut = new Set<string>()
  #room = MAX_FOUND_LINKS
  #roomChars = MAX_FOUND_LINKS_CHARS

  constructor(urls: readonly string[]) {
    this.#urls = urls
  }

  /** A link with these words is in the text. */
  meet(position: number, shown: string): void {
    const url = this.#urls[position]
    if (url === undefined) return
    const text = cleanWords(shown)
    const known = this.#byUrl.get(url)
    if (!known) this.#take({ url, text, isInPlace: isSame(text, url), number: null })
    if (!known) return
    known.isInPlace = false
    // What names a host says more about where a reader thinks that a link leads.
    if (known.text === '' || (namesHost(text) && !namesHost(known.text))) known.text = text
  }

  /** All were met. */
  number(): void {
    let number = 0
    for (const target of this.#byUrl.values()) if (!target.isInPlace) target.number = ++number
  }

  /** The words of a link and its number, which is alone where the words are but the URL. */
  writeLink(words: string, position: number): string {
    const target = this.#byUrl.get(this.#urls[position] ?? '')
    const text = cleanWords(words)
    if (target?.isInPlace) return words
    const shown = text === '' ? words + PICTURE : target && isSame(text, target.url) ? quoteMarksOf(words) : words
    const mark = target?.number ? markNumber(target.number) : ''
    return [shown, mark].filter((piece) => piece !== '').join(' ')
  }

  /** Text between links: the URLs in it are found, and those that have a number are not shown again. */
  writeText(text: string): string {
    if (!BARE_URL_HINT.test(text)) return text
    return text.replace(BARE_URL, (found) => {
      const shown = trimUrl(found)
      const url = /^www/i.test(shown) ? `http://${shown}` : shown
      const known = this.#byUrl.get(url)
      if (known?.number) return markNumber(known.number) + found.slice(shown.length)
      if (!known) this.#take({ url, text: shown, isInPlace: true, number: null })
      return found
    })
  }

  finish(leftOut: number): Pick<NumberedText, 'links' | 'linksLeftOut' | 'list'> {
    const targets = [...this.#byUrl.values()]
    const numbered = targets.filter(({ number }) => number !== null)
    const links = [...numbered, ...targets.filter(({ number }) => number === null)].map(({ text, url }) => ({ text, url }))
    const linksLeftOut = leftOut + this.#leftOut.size
    const lines = numbered.map(({ number, url }) => `[${number}] ${url}`)
    if (lines.length === 0) return { links, linksLeftOut, list: '' }
    const note = linksLeftOut === 0 ? [] : [`(${linksLeftOut} more links are left out.)`, '']
    return { links, linksLeftOut, list: [...note, 'Links:', ...lines].join('\n') }
  }

  #take(target: Target): void {
    if (this.#room === 0 || target.url.length > Math.min(this.#roomChars, MAX_LINK_CHARS)) {
      this.#leftOut.add(target.url)
      return
    }
    this.#room--
    this.#roomChars -= target.url.length
    this.#byUrl.set(target.url, target)
  }
}

/** What stands for a picture that is a link and has no words. */
const PICTURE = '(picture)'
const BARE_URL_HINT = /:\/\/|www\./i

function cleanWords(words: string): string {
  return clipChars(cleanLabel(removeMarks(words)), MAX_LINK_TEXT_CHARS)
}

function quoteMarksOf(words: string): string {
  return words.match(/[\ufdd3-\ufdd5]/g)?.join('') ?? ''
}

function namesHost(text: string): boolean {
  return /[^\s.@]\.[a-z\d-]{2,}|@/i.test(text)
}

/** Whether words are nothing but the URL of their link. */
function isSame(text: string, url: string): boolean {
  if (text === '') return false
  if (text === url || `${text}/` === url || `mailto:${text}` === url) return true
  return url.startsWith('tel:') && text.replace(/[^\d+]/g, '') === url.slice(4).replace(/[^\d+]/g, '')
}

/** Without what ends a sentence, and without a bracket that is closed and not opened. */
function trimUrl(found: string): string {
  let end = found.length
  let opened = 0
  for (const char of found) opened += char === '(' ? 1 : char === ')' ? -1 : 0
  while (end > 0) {
    const last = found.charAt(end - 1)
    if (last === ')' && opened < 0) opened++
    else if (!/[.,;:!?'\]}\u2026*_|]/.test(last)) break
    end--
  }
  return found.slice(0, end)
}

/** Numbers stand apart from what follows them. */
function joinPieces(pieces: readonly string[]): string {
  const joined: string[] = []
  for (const piece of pieces) {
    if (piece === '') continue
    if (joined.at(-1)?.endsWith(LINK_CLOSE) && /^[\p{L}\p{N}([]/u.test(piece)) joined.push(' ')
    joined.push(piece)
  }
  return joined.join('')
}
