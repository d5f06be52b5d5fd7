/** What of a message's text is shown: quoted history and signatures folded to a line each, links without what only follows the reader. */

import { type Fold, MAX_FOUND_LINKS, MAX_FOUND_LINKS_CHARS, type MailFacts, type MailLink } from '../mail-facts.ts'

/**
 * A text to be read, in bytes of UTF-8: as a string, and put together, the longest would stop the loop for too long, and one piece of it is all that anybody
 * is shown.
 */
export type View = {
  /** One after the other they are the text; none ends within a character. */
  pieces: readonly Buffer[]
  /** Lines that were folded away. */
  foldedLines: number
  /** Bytes before the list of links at the end; null without one. */
  linkListAt: number | null
}

const LIST_HEAD = 'Links:\n'
/** Scheme and host, with room to spare: a host has at most 253 characters. */
const MAX_HOST_CHARS = 300

/** The text for who wants to know what is new in it. */
export function foldText(body: Buffer, { folds, links }: Pick<MailFacts, 'folds' | 'links'>): View {
  const list = findLinkList(body, links)
  // The list of links is no part of a signature that it follows.
  const bodyEnd = list?.at ?? body.length
  const pieces: Buffer[] = []
  let foldedLines = 0
  let at = 0
  for (const fold of folds) {
    const end = Math.min(fold.end, bodyEnd)
    if (fold.start < at || end <= fold.start) continue
    const endsLine = body[end - 1] === LINE_FEED ? '\n' : ''
    pieces.push(body.subarray(at, fold.start), Buffer.from(describeFold(fold) + endsLine))
    foldedLines += fold.lines
    at = end
  }
  pieces.push(body.subarray(at, bodyEnd))
  const linkListAt = list === null ? null : countBytes(pieces)
  if (list !== null) pieces.push(Buffer.from(listLinks(list.text, links)))
  return { pieces, foldedLines, linkListAt }
}

/** Bytes of all of them. */
export function countBytes(pieces: readonly Buffer[]): number {
  return pieces.reduce((sum, { length }) => sum + length, 0)
}

const LINE_FEED = 0x0a

function describeFold({ kind, lines }: Fold): string {
  const plural = lines === 1 ? '' : 's'
  return kind === 'quote' ? `[${lines} quoted line${plural}]` : `[signature, ${lines} line${plural}]`
}

/** Bytes of the longest list of ours: of each link its number, and of each unit three. A sender may write millions of lines like those of a list. */
const MAX_LIST_BYTES = LIST_HEAD.length + MAX_FOUND_LINKS * '[500] \n'.length + 3 * MAX_FOUND_LINKS_CHARS

/** The list that a text made from HTML ends with; null where what looks like it says anything else than the facts do. */
function findLinkList(body: Buffer, links: readonly MailLink[]): { at: number; text: string } | null {
  if (links.length === 0) return null
  const isAll = body.toString('latin1', 0, LIST_HEAD.length) === LIST_HEAD
  const at = isAll ? 0 : body.lastIndexOf(`\n${LIST_HEAD}`) + 1
  if ((at === 0 && !isAll) || body.length - at > MAX_LIST_BYTES) return null
  const text = body.toString('utf8', at)
  const lines = text.split('\n', MAX_FOUND_LINKS + 2).slice(1)
  return lines.length <= MAX_FOUND_LINKS && lines.every((line) => isLineOf(line, links)) ? { at, text } : null
}

function isLineOf(line: string, links: readonly MailLink[]): boolean {
  const entry = readEntry(line)
  return entry !== null && isEntryOf(entry, links)
}

type Entry = { number: number; url: string }

/** A line `[n] url`. */
function readEntry(line: string): Entry | null {
  const close = line.indexOf('] ')
  const number = line.startsWith('[') && close > 1 && close < 10 ? Number(line.slice(1, close)) : Number.NaN
  return Number.isInteger(number) && number > 0 ? { number, url: line.slice(close + 2) } : null
}

/** Those beyond the links kept are in the text only. */
function isEntryOf({ number, url }: Entry, links: readonly MailLink[]): boolean {
  const link = links[number - 1]
  return link === undefined || link.url === url || namesSamePlace(link.url, url)
}

/** Whether they lead to one host, however they are written. Reads no more of them than a host can need: there may be 4 MB of links. */
function namesSamePlace(one: string, other: string): boolean {
  const [a, b] = [URL.parse(one.slice(0, MAX_HOST_CHARS)), URL.parse(other.slice(0, MAX_HOST_CHARS))]
  return a !== null && b !== null && a.protocol === b.protocol && a.host === b.host
}

function listLinks(list: string, links: readonly MailLink[]): string {
  return list
    .split('\n')
    .map((line) => {
      const entry = readEntry(line)
      const link = entry === null ? undefined : links[entry.number - 1]
      return link === undefined || link.url === entry?.url ? line : `[${entry?.number}] ${link.url}`
    })
    .join('\n')
}
