/** Phrases of whole words, found by how the words of a text begin: a mail of one language is spared the words of forty others. */

import { listPrefixes, PREFIX_LENGTH } from './phrase-prefixes.ts'

/** A range of a text, in UTF-16 units. */
export type Span = { readonly start: number; readonly end: number }

/**
 * Letters and marks of folded lower-case text, as plain ranges of the scripts we have words of. `[\p{L}\p{M}]` says the same in 700 ranges, and the engine
 * compiles all of them wherever they stand: that made the first mail of a process wait for most of a second.
 */
const LETTERS =
  '\\u0061-\\u007a\\u00aa\\u00b5\\u00ba\\u00df-\\u00f6\\u00f8-\\u02c1\\u0300-\\u0374\\u0376-\\u037d' +
  '\\u037f-\\u0481\\u0483-\\u0559\\u0560-\\u0588\\u0591-\\u05bd\\u05bf\\u05c1-\\u05c2\\u05c4-\\u05c5' +
  '\\u05c7-\\u05f2\\u0610-\\u061a\\u0620-\\u065f\\u066e-\\u06d3\\u06d5-\\u06dc\\u06df-\\u06e8' +
  '\\u06ea-\\u06fc\\u06ff\\u0710-\\u07f5\\u0800-\\u0963\\u0971-\\u09f1\\u09fc-\\u0a75\\u0a81-\\u0aef' +
  '\\u0af9-\\u0df3\\u0e01-\\u0e3a\\u0e40-\\u0e4e\\u0e81-\\u0f00\\u0f35-\\u1049\\u1050-\\u10fa' +
  '\\u10fc-\\u135f\\u1380-\\u167f\\u1681-\\u17d3\\u17d7\\u17dc-\\u1fbc\\u1fbe-\\u1fff\\u2c00-\\u2dff' +
  '\\u3005-\\u3006\\u3041-\\u309a\\u309d-\\u309f\\u30a1-\\u30fa\\u30fc-\\u318e\\u31a0-\\u31ff' +
  '\\u3400-\\ua48c\\ua4d0-\\ud7fb\\uf900-\\ufd3d\\ufd50-\\ufdfb\\ufe70-\\ufefc'
/** More letters of a word: no language needs more, and a word of a hundred thousand letters must not be walked for each. */
const MORE_LETTERS = `[${LETTERS}]{0,24}`

const WORD = new RegExp(`[${LETTERS}]+`, 'g')
const BEGINS_WITH_LETTER = new RegExp(`^[${LETTERS}]`)

/** A phrase as the source of a pattern. */
export function toSource(phrase: string): string {
  return phrase.replaceAll('.', '\\.').replaceAll('(', '(?:').replaceAll('*', MORE_LETTERS).replaceAll(' ', '[\\s\\-]{1,3}')
}

/** Of several phrases that stand at one place, the first of the list counts. */
export class WordIndex {
  /** Ranks in the list, by how a phrase begins. */
  readonly #ranksByPrefix = new Map<string, number[]>()
  /** Patterns of those that words with the same beginning can be; made when there is such a word. */
  readonly #patterns = new Map<string, RegExp>()
  /** Phrases that do not begin with a letter stand anywhere but in a word. */
  readonly #others: RegExp | null
  readonly #phrases: readonly string[]

  constructor(phrases: readonly string[]) {
    this.#phrases = phrases
    const others = new Set<number>()
    phrases.forEach((phrase, rank) => {
      for (const prefix of listPrefixes(phrase)) {
        const ranks = this.#ranksByPrefix.get(prefix)
        if (!BEGINS_WITH_LETTER.test(prefix)) others.add(rank)
        else if (ranks === undefined) this.#ranksByPrefix.set(prefix, [rank])
        else ranks.push(rank)
      }
    })
    this.#others = others.size === 0 ? null : new RegExp(`(?<![${LETTERS}])${this.#toSource([...others])}`, 'g')
  }

  /** Every place where one stands, in order, none in another. */
  find(text: string): Span[] {
    const found: Span[] = []
    for (const { prefixes, starts } of groupWords(text)) {
      const pattern = this.#findPattern(prefixes)
      if (pattern === null) continue
      for (const start of starts) {
        pattern.lastIndex = start
        if (pattern.test(text)) found.push({ start, end: pattern.lastIndex })
      }
    }
    for (const {
      index,
      0: { length },
    } of this.#others === null ? [] : text.matchAll(this.#others)) {
      found.push({ start: index, end: index + length })
    }
    return keepApart(found)
  }

  /** What a word may be that begins so; null when it is none of ours. */
  #findPattern(prefixes: readonly string[]): RegExp | null {
    const longest = prefixes.findLast((prefix) => this.#ranksByPrefix.has(prefix))
    if (longest === undefined) return null
    const known = this.#patterns.get(longest)
    if (known !== undefined) return known
    const pattern = new RegExp(this.#toSource(this.#listRanks(longest)), 'y')
    this.#patterns.set(longest, pattern)
    return pattern
  }

  /** Of all phrases that a word beginning so can be, shorter beginnings included. */
  #listRanks(prefix: string): number[] {
    const ranks = listBeginnings(prefix).map((beginning) => this.#ranksByPrefix.get(beginning) ?? [])
    return [...new Set(ranks.flat())].sort((first, second) => first - second)
  }

  #toSource(ranks: readonly number[]): string {
    return `(?:${ranks.map((rank) => toSource(this.#phrases[rank] ?? '')).join('|')})(?![${LETTERS}])`
  }
}

/** Of those that overlap the first. */
export function keepApart(spans: Span[]): Span[] {
  const kept: Span[] = []
  for (const span of spans.sort((first, second) => first.start - second.start || second.end - first.end)) {
    if (span.start >= (kept.at(-1)?.end ?? 0)) kept.push(span)
  }
  return kept
}

/** Words that begin alike: their first character, their first two, and so on; and where they stand. */
type WordGroup = { readonly prefixes: readonly string[]; readonly starts: number[] }

/** The same text is asked about many times, one list of phrases after the other. */
let last: { readonly text: string; readonly groups: readonly WordGroup[] } = { text: '', groups: [] }

function groupWords(text: string): readonly WordGroup[] {
  if (last.text === text) return last.groups
  const groups = new Map<string, WordGroup>()
  for (const { index } of text.matchAll(WORD)) {
    const prefix = text.slice(index, index + PREFIX_LENGTH)
    const group = groups.get(prefix)
    if (group === undefined) groups.set(prefix, { prefixes: listBeginnings(prefix), starts: [index] })
    else group.starts.push(index)
  }
  last = { text, groups: [...groups.values()] }
  return last.groups
}

function listBeginnings(prefix: string): string[] {
  return Array.from({ length: prefix.length }, (_, at) => prefix.slice(0, at + 1))
}
