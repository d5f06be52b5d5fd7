/** What of a message's text is shown: quoted history and signatures folded to a line each, links without what only follows the reader. */

import type { Fold, MailFacts, MailLink } from '../mail-facts.ts'

/** A text to be read. */
export type View = {
  text: string
  /** Lines that were folded away. */
  foldedLines: number
  /** Where the list of links at the end begins, in UTF-16 units; null without one. */
  linkListAt: number | null
}

const LIST_HEAD = '\nLinks:\n'
/** Scheme and host, with room to spare: a host has at most 253 characters. */
const MAX_HOST_CHARS = 300

/** The text for who wants to know what is new in it. */
export function foldText(bodyText: string, { folds, links }: Pick<MailFacts, 'folds' | 'links'>): View {
  const listAt = findLinkList(bodyText, links)
  const pieces: string[] = []
  let foldedLines = 0
  let at = 0
  for (const fold of folds) {
    // The list of links is no part of a signature that it follows.
    const end = Math.min(fold.end, listAt ?? bodyText.length)
    if (fold.start < at || end <= fold.start) continue
    const endsLine = bodyText.charAt(end - 1) === '\n' ? '\n' : ''
    pieces.push(bodyText.slice(at, fold.start), describeFold(fold), endsLine)
    foldedLines += fold.lines
    at = end
  }
  const body = [...pieces, bodyText.slice(at, listAt ?? bodyText.length)].join('')
  if (listAt === null) return { text: body, foldedLines, linkListAt: null }
  return { text: body + listLinks(bodyText.slice(listAt), links), foldedLines, linkListAt: body.length }
}

function describeFold({ kind, lines }: Fold): string {
  const plural = lines === 1 ? '' : 's'
  return kind === 'quote' ? `[${lines} quoted line${plural}]` : `[signature, ${lines} line${plural}]`
}

/** Where the list begins that a text made from HTML ends with; null where what looks like it says anything else than the facts do. */
function findLinkList(bodyText: string, links: readonly MailLink[]): number | null {
  const at = bodyText.startsWith(LIST_HEAD.slice(1)) ? -1 : bodyText.lastIndexOf(LIST_HEAD)
  const from = at + LIST_HEAD.length
  if (from < LIST_HEAD.length - 1 || links.length === 0) return null
  const lines = bodyText.slice(from).trimEnd().split('\n').map(readEntry)
  const areLinks = lines.every((entry) => entry !== null && isEntryOf(entry, links))
  return areLinks ? at + 1 : null
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
