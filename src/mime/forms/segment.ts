/**
 * A sentence as it is compared with another text: words, and where it leads. What two forms of a text always differ in is taken out: URLs, which stand behind words in
 * one and in the open in the other, letter case, accents.
 */

import { getDomain, parse } from 'tldts'
import { foldText } from '../links/link-words.ts'
import { LINK_CLOSE, LINK_END, LINK_START, removeMarks } from '../marks.ts'

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

const POSITION = new RegExp(`${LINK_END}(\\d{1,9})${LINK_CLOSE}`, 'g')
const URL_IN_TEXT = /(?:\bhttps?:\/\/|\bmailto:|\bwww\.)[^\s<>"\])]+/gi
/** Where a picture is, which converters write in its place. */
const PICTURE_URL = /\.(?:png|jpe?g|gif|webp|svg)(?:\?|$)/i
const MAY_HAVE_URL = /:\/\/|mailto:|www\./i
/** Without a scheme; programs make links of those too. */
const BARE_HOST = /(?<![\p{L}\p{N}.@-])(?:[a-z0-9-]{1,63}\.){1,6}[a-z]{2,24}(?:\/[^\s<>"\])]{0,2000})?(?![\p{L}\p{N}@])/giu
const ADDRESS = /[^\s@<>()[\]",;:]{1,64}@([a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8})/gi
const FIELD_NAME = /^[\t *-]{0,8}(\p{L}{2,20})[:\uff1a](?=\s)/gmu
const WORD = /[\p{L}\p{M}\p{N}]+/gu
/** Scripts that put no spaces between words. */
const UNSPACED = /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u

/** Reads a sentence of a text with marks, whose links are `urls`. */
export function readSegment(
  marked: string,
  urls: readonly string[],
  place: Pick<Segment, 'start' | 'block' | 'cells'>,
): { segment: Segment; bare: string; links: string[] } {
  const { unlinked, links } = takeLinks(marked, urls)
  const { unaddressed, addresses } = takeAddresses(unlinked, links)
  const { bare, hosts } = takeHosts(unaddressed)
  const folded = foldText(bare)
  return {
    bare,
    links,
    segment: {
      words: listWords(folded),
      folded,
      ...place,
      domains: [...hosts, ...links.flatMap((url) => (isMailto(url) ? [] : (getDomain(url) ?? [])))],
      addresses,
      isNames: isNames(bare),
      isLead: /[:\uff1a]\s*$/.test(bare),
      isMenu: isMenu(marked),
      fieldNames: bare.includes(':') || bare.includes('\uff1a') ? listFieldNames(bare) : NO_NAMES,
    },
  }
}

// Most sentences have nothing of a kind, and to find that out costs less than to look for it.

function takeLinks(marked: string, urls: readonly string[]): { unlinked: string; links: string[] } {
  const hasMark = marked.includes(LINK_END)
  const behind = hasMark ? [...marked.matchAll(POSITION)].flatMap((match) => urls[Number(match[1])] ?? []) : []
  const text = removeMarks(hasMark ? marked.replace(POSITION, ' ') : marked)
  if (!MAY_HAVE_URL.test(text)) return { unlinked: text, links: behind }
  const written = (text.match(URL_IN_TEXT) ?? []).filter((url) => !PICTURE_URL.test(url))
  return { unlinked: text.replace(URL_IN_TEXT, ' '), links: [...behind, ...written] }
}

function takeAddresses(text: string, links: readonly string[]): { unaddressed: string; addresses: string[] } {
  const written = text.includes('@') ? (text.match(ADDRESS) ?? []) : []
  const addresses = [...links.filter(isMailto), ...written].flatMap((address) => addressKey(address) ?? [])
  return { unaddressed: written.length === 0 ? text : text.replace(ADDRESS, ' '), addresses }
}

function takeHosts(text: string): { bare: string; hosts: string[] } {
  const hosts: string[] = []
  if (!/\.[a-z]/i.test(text)) return { bare: text, hosts }
  const bare = text.replace(BARE_HOST, (host) => {
    const { domain, isIcann } = parse(host)
    if (domain === null || !isIcann) return host
    hosts.push(domain)
    return ' '
  })
  return { bare, hosts }
}

const NO_NAMES: ReadonlySet<string> = new Set()

function listFieldNames(bare: string): Set<string> {
  return new Set([...bare.matchAll(FIELD_NAME)].map(([, name = '']) => foldText(name)))
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
  if (!marked.includes(LINK_START)) return false
  const links = [...marked.matchAll(LINK_WORDS)].map(([, words = '']) => words.match(WORD)?.length ?? 0)
  const linked = links.reduce((sum, words) => sum + words, 0)
  const all = marked.replace(POSITION, ' ').match(WORD)?.length ?? 0
  return links.length >= MIN_MENU_LINKS && links.every((words) => words <= MAX_MENU_WORDS) && linked >= all * MENU_SHARE
}

const MAX_NAMES = 20
const NAMES_SHARE = 0.7

/** Numbers, and nearly every other word a name, as in `1 Long Road, Springfield`; a line in capitals is none. */
function isNames(text: string): boolean {
  if (!/\d/.test(text)) return false
  const words = text.match(WORD) ?? []
  if (words.length > MAX_NAMES) return false
  const names = words.filter((word) => /\d/.test(word) || /^\p{Lu}(?:\p{Lu}{0,3}$|\p{Ll})/u.test(word))
  return names.length >= words.length * NAMES_SHARE && (text.includes(',') || names.filter((word) => /\d/.test(word)).length >= 2)
}
