/** Lists of phrases -> one pattern that finds any of them in folded lower-case text. */

import { foldText, lowerFolded } from './fold.ts'
import { keepApart, type Span, toSource, WordIndex } from './word-index.ts'

/**
 * Phrases of one meaning. In a phrase a space stands for a space, line end or hyphen, `*` for more letters of the same word, `(a|b)` for either,
 * `(a|)` for a or nothing.
 */
export type Phrases = {
  /** Of scripts that part words by spaces: only whole words count. */
  readonly spaced: readonly string[]
  /** Of scripts that do not, or that hang particles on words: found anywhere. */
  readonly joined: readonly string[]
}

/** Finds every place of a text where one of its phrases stands, in order; longer phrases first, so that the most is matched at a place. */
export type PhraseFinder = (text: string) => Span[]

/** Letters of scripts that have phrases of their own beside the Latin ones: what is written in one is compiled for a text that has such letters. */
const SCRIPTS: readonly RegExp[] = [
  // Cyrillic
  /[\u0400-\u052f]/,
  // Greek
  /[\u0370-\u03ff]/,
  // Hebrew
  /[\u0590-\u05ff]/,
  // Arabic
  /[\u0600-\u077f]/,
  // India, Sri Lanka, Thailand and their neighbours
  /[\u0900-\u109f]/,
  // Armenia, Georgia, Ethiopia
  /[\u0530-\u058f\u10a0-\u10ff\u1200-\u139f]/,
  // China, Japan, Korea
  /[\u3000-\ud7ff]/,
]

/** Nothing is compiled here: a text does it for its own words and scripts. */
export function compilePhrases(phrases: Phrases): PhraseFinder {
  let words: WordIndex | null = null
  const pieces = new Map<RegExp, RegExp | null>()
  const findPieces = (text: string): Span[] =>
    SCRIPTS.filter((script) => script.test(text)).flatMap((script) => {
      const known = pieces.get(script)
      const pattern = known === undefined ? toPattern(phrases.joined, script) : known
      pieces.set(script, pattern)
      return pattern === null ? [] : findMatches(pattern, text)
    })
  return (text) => {
    words ??= new WordIndex(toPhrases(phrases.spaced.flatMap(splitAlternatives)))
    const found = words.find(text)
    if (phrases.joined.length === 0) return found
    return keepApart([...found, ...findPieces(text)])
  }
}

/** Every place of a phrase, in order. */
export function findPhrases(find: PhraseFinder, text: string): Span[] {
  return find(text)
}

/** Every place where a global pattern matches, in order. */
export function findMatches(pattern: RegExp, text: string): Span[] {
  return Array.from(text.matchAll(pattern), ({ index, 0: { length } }) => ({ start: index, end: index + length }))
}

/** Those of one script; null where there are none. */
function toPattern(joined: readonly string[], script: RegExp): RegExp | null {
  const own = joined.filter((phrase) => SCRIPTS.find((letters) => letters.test(phrase)) === script)
  return own.length === 0 ? null : new RegExp(toPhrases(own).map(toSource).join('|'), 'g')
}

/** `(a|b) c|(d|e)` -> `(a|b) c`, `d`, `e`: each is then tried at few words. */
function splitAlternatives(phrase: string): string[] {
  const parts: string[] = []
  let [depth, start] = [0, 0]
  for (let at = 0; at <= phrase.length; at++) {
    const char = phrase[at] ?? '|'
    if (char === '(') depth++
    else if (char === ')') depth--
    else if (char === '|' && depth === 0) {
      parts.push(phrase.slice(start, at))
      start = at + 1
    }
  }
  return parts.flatMap((part) => (isOneGroup(part) ? splitAlternatives(part.slice(1, -1)) : part)).filter((part) => part !== '')
}

/** Whether the first bracket is closed by the last. */
function isOneGroup(part: string): boolean {
  if (!part.startsWith('(') || !part.endsWith(')')) return false
  let depth = 0
  for (let at = 0; at < part.length - 1; at++) {
    if (part[at] === '(') depth++
    else if (part[at] === ')') depth--
    if (depth === 0) return false
  }
  return true
}

/** Longest first. Folded all at once, which takes a tenth of the time. */
function toPhrases(phrases: readonly string[]): string[] {
  if (phrases.length === 0) return []
  return lowerFolded(foldText(phrases.join('\n')))
    .split('\n')
    .map((phrase) => ({ phrase, length: toSource(phrase).length }))
    .sort((first, second) => second.length - first.length)
    .map(({ phrase }) => phrase)
}
