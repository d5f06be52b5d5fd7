/**
 * Guesses the charset of text whose bytes are no UTF-8 and whose declared one is missing or does not fit. By how common the letters are that each charset
 * would make of the bytes: the right one makes common letters, and capitals where words begin.
 */

import { type Charset, DOUBLE_BYTE, LATIN, SINGLE_BYTE } from './languages.ts'

/** Bytes looked at, around the first that is beyond ASCII. */
const SAMPLE_BYTES = 4_096
/** Bytes beyond ASCII that it takes to guess a script, and letters to guess among those of Latin. */
const MIN_HIGH_BYTES = 4
/** Of 1: less is no language. */
const LEAST_SCORE = 0.62
/** Of the letters of a Latin text, those of one language. */
const LEAST_COVERED = 0.95

/** A charset by the name that TextDecoder has for it, and how sure that is, from 0 to 1. */
export type Guess = {
  readonly encoding: string
  readonly score: number
  /** Its letters are not Latin. */
  readonly isScript: boolean
}

/** The charset that fits best; null where none fits better than windows-1252. */
export function guessCharset(bytes: Uint8Array): Guess | null {
  const sample = takeSample(bytes)
  if (sample.filter((byte) => byte >= 0x80).length < MIN_HIGH_BYTES) return null
  const guesses = [...SINGLE_BYTE, ...DOUBLE_BYTE].map((charset) => ({
    encoding: charset.encoding,
    score: scoreCharset(sample, charset),
  }))
  const best = guesses.reduce((first, second) => (second.score > first.score ? second : first))
  return best.score >= LEAST_SCORE ? { ...best, isScript: true } : guessLatin(sample)
}

/** How well a charset fits, from 0 to 1; null for one that is not known here. */
export function scoreEncoding(bytes: Uint8Array, encoding: string): number | null {
  const name = SAME.get(encoding) ?? encoding
  const charset = [...SINGLE_BYTE, ...DOUBLE_BYTE].find((known) => known.encoding === name)
  return charset ? scoreCharset(takeSample(bytes), charset) : null
}

/** Charsets that another one contains. */
const SAME: ReadonlyMap<string, string> = new Map([
  ['koi8-r', 'koi8-u'],
  ['gbk', 'gb18030'],
  ['iso-8859-7', 'windows-1253'],
])

function takeSample(bytes: Uint8Array): Uint8Array {
  const first = bytes.findIndex((byte) => byte >= 0x80)
  return bytes.subarray(Math.max(first, 0), Math.max(first, 0) + SAMPLE_BYTES)
}

const decoders = new Map<string, InstanceType<typeof TextDecoder>>()

function decode(sample: Uint8Array, encoding: string): string {
  const decoder = decoders.get(encoding) ?? new TextDecoder(encoding)
  decoders.set(encoding, decoder)
  return decoder.decode(sample)
}

const weights = new Map<Charset, ReadonlyMap<string, number>>()

function weigh(charset: Charset): ReadonlyMap<string, number> {
  const known = weights.get(charset)
  if (known) return known
  const made = new Map<string, number>()
  for (const [group, letters] of charset.common.entries()) {
    for (const letter of letters) if (!made.has(letter)) made.set(letter, GROUP_WEIGHTS[group] ?? 0)
  }
  weights.set(charset, made)
  return made
}

const GROUP_WEIGHTS = [1, 0.7, 0.3]
/** A letter of the script that is not in the groups, a capital within a word, a sign. */
const RARE_WEIGHT = 0.15

function scoreCharset(sample: Uint8Array, charset: Charset): number {
  const text = decode(sample, charset.encoding)
  // The sample may end within a character.
  if (text.slice(0, -2).includes('\ufffd') || /[\ue000-\uf8ff\x80-\x9f]/.test(text)) return 0
  const common = weigh(charset)
  const seen = new Set<string>()
  let total = 0
  let sum = 0
  for (const [piece] of text.matchAll(/[\p{L}\p{M}]+|[^\p{L}\p{M}]+/gu)) {
    // Words are of one script, where there are spaces between them.
    const isMixed = charset.hasSpaces && /[a-z]/i.test(piece)
    let before = ' '
    for (const char of piece) {
      if (char > '\x7f' && char !== '\ufffd') {
        total++
        sum += isMixed ? 0 : weighChar(char, before, charset, common)
        seen.add(char)
      }
      before = char
    }
  }
  return seen.size < MIN_CHARACTERS ? 0 : sum / total
}

/** Different ones that it takes to tell one charset from another. */
const MIN_CHARACTERS = 3

function weighChar(char: string, before: string, { letters }: Charset, common: ReadonlyMap<string, number>): number {
  const lower = char.toLowerCase()
  if (!letters.test(char)) return common.get(char) ?? (/[\p{P}\u00a0]/u.test(char) ? RARE_WEIGHT : 0)
  const weight = common.get(lower) ?? RARE_WEIGHT
  if (lower === char) return weight
  return /\p{Ll}/u.test(before) ? 0 : weight * (/\p{Lu}/u.test(before) ? CAPITALS_WEIGHT : 1)
}

/** Words in capitals are met less. */
const CAPITALS_WEIGHT = 0.9

function guessLatin(sample: Uint8Array): Guess | null {
  const guesses = LATIN.map(({ encoding, languages }) => ({ encoding, score: coverLetters(decode(sample, encoding), languages) }))
  const [western, ...others] = guesses
  const best = others.reduce((first, second) => (second.score > first.score ? second : first), { encoding: '', score: 0 })
  if (!western || western.score >= LEAST_COVERED || best.score < LEAST_COVERED) return null
  return { ...best, isScript: false }
}

/** Of the letters beyond ASCII, the share that the language has which has most of them. */
function coverLetters(text: string, languages: readonly string[]): number {
  if (/[\ufffd\x80-\x9f]/.test(text)) return 0
  const letters = (text.match(/[\u0080-\u{10ffff}]/gu) ?? [])
    .filter((char) => !/[\p{P}\p{Z}]/u.test(char))
    .map((char) => char.toLowerCase())
  if (letters.length < MIN_HIGH_BYTES || new Set(letters).size < MIN_CHARACTERS) return 0
  return Math.max(...languages.map((language) => letters.filter((letter) => language.includes(letter)).length / letters.length))
}
