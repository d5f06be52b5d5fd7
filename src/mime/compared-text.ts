/**
 * A text as it is compared with another one that should say the same: sentences, words, and where its links lead. What the two forms of a text always differ
 * in is taken out first: URLs, which stand behind words in one and in the open in the other, references to them, names of pictures, line ends, letter case.
 */

import { getDomain, parse } from 'tldts'
import type { HtmlText } from './html-text.ts'
import { foldText } from './link-words.ts'
import { LINK_CLOSE, LINK_END, LINK_START, removeMarks } from './marks.ts'

/** A sentence, a line of HTML or a cell's worth of either. */
export type Segment = {
  /** Lower case, without accents; of scripts that put no spaces between words, two characters each. */
  readonly words: readonly string[]
  /** The same with what stands between them. */
  readonly folded: string
  /** Position of its first word among those of the text. */
  readonly start: number
  /** Registrable domains that its links lead to. */
  readonly domains: readonly string[]
  /** Mail addresses, as {@link addressKey} has them. */
  readonly addresses: readonly string[]
  /** Of the row of a table that it stands in. */
  readonly cells: number
  /** Mostly names and numbers: an address of a company, a date. */
  readonly isNames: boolean
  /** What comes next is to be told by it. */
  readonly isLead: boolean
  /** Links of a few words each and hardly anything beside them. */
  readonly isMenu: boolean
  /** Words that name a field, such as `When:`, which is a cell or nothing in the other form. */
  readonly fieldNames: ReadonlySet<string>
  /** Number of the line, or of the paragraph, that it stands in. */
  readonly block: number
}

/** A text to be compared. */
export type ComparedText = {
  /** Without URLs and addresses, as written. */
  readonly bare: string
  readonly segments: readonly Segment[]
  readonly words: readonly string[]
  readonly wordSet: ReadonlySet<string>
  /** All links, also those behind words. */
  readonly urls: readonly string[]
  readonly domains: ReadonlySet<string>
  readonly addresses: ReadonlySet<string>
  /** It is longer than what is compared. */
  readonly isCut: boolean
}

/** Compared of each text, in UTF-16 units. */
const MAX_COMPARED_CHARS = 200_000
const MAX_COMPARED_LINKS = 2_000

const POSITION = new RegExp(`${LINK_END}(\\d{1,9})${LINK_CLOSE}`, 'g')
const URL_IN_TEXT = /(?:\bhttps?:\/\/|\bmailto:|\bwww\.)[^\s<>"\])]+/gi
/** Without a scheme; programs make links of those too. */
const BARE_HOST = /(?<![\p{L}\p{N}.@-])(?:[a-z0-9-]{1,63}\.){1,6}[a-z]{2,24}(?:\/[^\s<>"\])]{0,2000})?(?![\p{L}\p{N}@])/giu
const ADDRESS = /[^\s@<>()[\]",;:]{1,64}@([a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8})/gi
/** What programs put for a picture, and numbers of footnotes that are links. */
const PLACEHOLDER = /\[cid:[^\s\]]{0,200}\]|\[(?:inline )?image:?|\[\d{1,3}\]|\(picture\)/gi
const FIELD_NAME = /^[\t *-]{0,8}(\p{L}{2,20})[:\uff1a](?=\s)/gmu
const WORD = /[\p{L}\p{M}\p{N}]+/gu
/** Scripts that put no spaces between words. */
const UNSPACED = /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u

const PARAGRAPH_END = /\n[\t >]*\n/
const SENTENCE_END = /(?<=[.!?\u2026\u061f\u0964][)"'\u201d\u2019]?)\s+|(?<=[\u3002\uff01\uff1f\uff61])/u

/** Reads a text that was plain, or made from HTML: there each line is a block, here lines are wrapped anywhere. */
export function readComparedText({ text: marked, urls }: HtmlText, kind: 'plain' | 'html'): ComparedText {
  const isCut = marked.length > MAX_COMPARED_CHARS
  const text = marked.slice(0, MAX_COMPARED_CHARS).replace(PLACEHOLDER, ' ')
  const blocks = kind === 'html' ? text.split('\n') : text.split(PARAGRAPH_END)
  const segments: Segment[] = []
  const bare: string[] = []
  const found = new Set<string>()
  let start = 0
  const sentences = blocks.flatMap((text, block) => {
    const cells = text.split(' | ').length
    return text.split(SENTENCE_END).map((sentence) => ({ sentence, block, cells }))
  })
  for (const { sentence, block, cells } of sentences) {
    const { segment, bare: words, links } = readSegment(sentence, urls, { start, block, cells })
    for (const url of links) if (found.size < MAX_COMPARED_LINKS) found.add(url)
    if (segment.words.length === 0 && segment.domains.length === 0 && segment.addresses.length === 0) continue
    segments.push(segment)
    bare.push(words)
    start += segment.words.length
  }
  const words = segments.flatMap((segment) => segment.words)
  return {
    bare: bare.join('\n'),
    segments,
    words,
    wordSet: new Set(words),
    urls: [...found],
    domains: new Set(segments.flatMap(({ domains }) => domains)),
    addresses: new Set(segments.flatMap(({ addresses }) => addresses)),
    isCut,
  }
}

function readSegment(
  marked: string,
  urls: readonly string[],
  place: Pick<Segment, 'start' | 'block' | 'cells'>,
): { segment: Segment; bare: string; links: string[] } {
  const behind = [...marked.matchAll(POSITION)].flatMap((match) => urls[Number(match[1])] ?? [])
  const text = removeMarks(marked.replace(POSITION, ' '))
  const links = [...behind, ...(text.match(URL_IN_TEXT) ?? [])]
  const unlinked = text.replace(URL_IN_TEXT, ' ')
  const addresses = [...links.filter(isMailto), ...(unlinked.match(ADDRESS) ?? [])]
  const hosts: string[] = []
  const bare = unlinked.replace(ADDRESS, ' ').replace(BARE_HOST, (host) => {
    const { domain, isIcann } = parse(host)
    if (domain === null || !isIcann) return host
    hosts.push(domain)
    return ' '
  })
  const folded = foldText(bare)
  return {
    bare,
    links,
    segment: {
      words: listWords(folded),
      folded,
      ...place,
      domains: [...hosts, ...links.flatMap((url) => (isMailto(url) ? [] : (getDomain(url) ?? [])))],
      addresses: addresses.flatMap((address) => addressKey(address) ?? []),
      isNames: isNames(bare),
      isLead: /[:\uff1a]\s*$/.test(bare),
      isMenu: isMenu(marked),
      fieldNames: new Set([...bare.matchAll(FIELD_NAME)].map(([, name = '']) => foldText(name))),
    },
  }
}

function isMailto(url: string): boolean {
  return /^mailto:/i.test(url)
}

/** Whose address it is: the registrable domain, or all of it where strangers have their mail at one. */
export function addressKey(written: string): string | null {
  const address = /[^\s:<]{1,64}@[a-z0-9.-]{1,253}/i.exec(written)?.[0].toLowerCase() ?? ''
  const host = address.slice(address.lastIndexOf('@') + 1)
  if (host === '') return null
  const domain = getDomain(host) ?? host
  return SHARED_DOMAINS.has(domain) ? address : domain
}

const SHARED_DOMAINS = new Set([
  ...[
    'gmail.com',
    'googlemail.com',
    'outlook.com',
    'hotmail.com',
    'live.com',
    'msn.com',
    'yahoo.com',
    'ymail.com',
    'icloud.com',
    'me.com',
  ],
  ...[
    'aol.com',
    'proton.me',
    'protonmail.com',
    'gmx.de',
    'gmx.net',
    'gmx.com',
    'web.de',
    't-online.de',
    'orange.fr',
    'free.fr',
    'laposte.net',
  ],
  ...[
    'libero.it',
    'mail.ru',
    'yandex.ru',
    'ya.ru',
    'qq.com',
    '163.com',
    '126.com',
    'naver.com',
    'zoho.com',
    'fastmail.com',
    'hey.com',
  ],
])

/** The words of a text as {@link Segment} has them. */
export function listWords(folded: string): string[] {
  return (folded.match(WORD) ?? []).filter((word) => !CURRENCIES.has(word)).flatMap(cutWord)
}

/** A sign in the other form. */
const CURRENCIES = new Set(['usd', 'eur', 'gbp', 'chf', 'jpy', 'cad', 'aud'])

function cutWord(word: string): string[] {
  if (!UNSPACED.test(word)) return [word]
  const chars = [...word]
  return chars.length < 2 ? chars : chars.slice(1).map((char, at) => `${chars[at] ?? ''}${char}`)
}

const LINK_WORDS = new RegExp(`${LINK_START}([^${LINK_END}]*)${LINK_END}`, 'g')
const MIN_MENU_LINKS = 2
const MAX_MENU_WORDS = 4
const MENU_SHARE = 0.8

function isMenu(marked: string): boolean {
  const links = [...marked.matchAll(LINK_WORDS)].map(([, words = '']) => words.match(WORD)?.length ?? 0)
  const linked = links.reduce((sum, words) => sum + words, 0)
  const all = marked.replace(POSITION, ' ').match(WORD)?.length ?? 0
  return links.length >= MIN_MENU_LINKS && links.every((words) => words <= MAX_MENU_WORDS) && linked >= all * MENU_SHARE
}

const MAX_NAMES = 20
const NAMES_SHARE = 0.7

/** Numbers, and nearly every other word a name, as in `1 Long Road, Springfield`; a line in capitals is none. */
function isNames(text: string): boolean {
  const words = text.match(WORD) ?? []
  if (words.length > MAX_NAMES || !words.some((word) => /\d/.test(word))) return false
  const names = words.filter((word) => /\d/.test(word) || /^\p{Lu}(?:\p{Lu}{0,3}$|\p{Ll})/u.test(word))
  return names.length >= words.length * NAMES_SHARE && (text.includes(',') || names.filter((word) => /\d/.test(word)).length >= 2)
}

/** Words in a row that must stand in the other text too. */
const ROW = 3

/** For each word whether it stands in one of the others, in the company that it has here. */
export function findCovered(
  { words, segments }: Pick<ComparedText, 'words' | 'segments'>,
  others: readonly (readonly string[])[],
): boolean[] {
  const rows = new Set(others.flatMap((other) => listRows(other)))
  const known = new Set(others.flat())
  const covered = words.map(() => false)
  for (let at = 0; at + ROW <= words.length; at++) {
    if (rows.has(words.slice(at, at + ROW).join(' '))) covered.fill(true, at, at + ROW)
  }
  // Too few to be in company: a cell, a button.
  for (const { start, words: few } of segments) {
    if (few.length >= ROW && words.length >= ROW) continue
    few.forEach((word, at) => {
      covered[start + at] ||= known.has(word)
    })
  }
  return covered
}

function listRows(words: readonly string[]): string[] {
  return words.slice(ROW - 1).map((_, at) => words.slice(at, at + ROW).join(' '))
}
