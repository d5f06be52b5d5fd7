/** Lists of phrases -> one pattern that finds any of them in folded lower-case text. */

import { foldText, lowerFolded } from './fold.ts'

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

/**
 * Letters and marks of folded lower-case text, as plain ranges of the scripts we have words of. `[\p{L}\p{M}]` says the same in 700 ranges, and the engine
 * compiles all of them wherever they stand: that made the first mail of a process wait for most of a second.
 */
export const LETTERS =
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

/** Nothing is compiled here: the first text does it, for its own scripts. */
export function compilePhrases(phrases: Phrases): PhraseFinder {
  const patterns = new Map<RegExp | null, RegExp | null>()
  const compileFor = (script: RegExp | null): RegExp | null => {
    const known = patterns.get(script)
    if (known !== undefined) return known
    const pattern = toPattern(phrases, script)
    patterns.set(script, pattern)
    return pattern
  }
  return (text) => {
    const scripts = SCRIPTS.filter((script) => script.test(text))
    const found = [null, ...scripts].flatMap((script) => {
      const pattern = compileFor(script)
      return pattern === null ? [] : findMatches(pattern, text)
    })
    return scripts.length === 0 ? found : found.sort((first, second) => first.start - second.start)
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

/** The phrases of one script, of Latin letters for null; null where there are none. */
function toPattern({ spaced, joined }: Phrases, script: RegExp | null): RegExp | null {
  const isOfScript = (phrase: string) => (SCRIPTS.find((letters) => letters.test(phrase)) ?? null) === script
  const words = toSources(spaced.flatMap(splitAlternatives).filter(isOfScript))
  const pieces = toSources(joined.filter(isOfScript))
  if (words.length + pieces.length === 0) return null
  const wholeWords = words.length > 0 ? [`(?<![${LETTERS}])(?:${words.join('|')})(?![${LETTERS}])`] : []
  return new RegExp([...wholeWords, ...pieces].join('|'), 'g')
}

/** `(a|b) c|(d|e)` -> `(a|b) c`, `d`, `e`: each is then of one script, with few exceptions. */
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

/** A range of a text, in UTF-16 units. */
export type Span = { readonly start: number; readonly end: number }

/** Longest first. Folded all at once, which takes a tenth of the time. */
function toSources(phrases: readonly string[]): string[] {
  if (phrases.length === 0) return []
  return lowerFolded(foldText(phrases.join('\n')))
    .replaceAll('.', '\\.')
    .replaceAll('(', '(?:')
    .replaceAll('*', MORE_LETTERS)
    .replaceAll(' ', '[\\s\\-]{1,3}')
    .split('\n')
    .sort((first, second) => second.length - first.length)
}
