/** Where the rules under a condition of CSS apply (Media Queries 4, Conditional Rules 5). */

import { isSupported } from './declarations.ts'
import { readLengthPx } from './values.ts'

/**
 * Where rules apply. `desktop`: on a large light screen and not on every other one; `elsewhere`: not there, but on telephones, in the dark, for other readers;
 * `unknown`: that cannot be told.
 */
export type Verdict = 'never' | 'elsewhere' | 'unknown' | 'desktop' | 'always'

const ORDER: readonly Verdict[] = ['never', 'elsewhere', 'unknown', 'desktop', 'always']

/** Where both conditions hold. */
export function narrow(first: Verdict, second: Verdict): Verdict {
  return ORDER.indexOf(first) < ORDER.indexOf(second) ? first : second
}

function widen(first: Verdict, second: Verdict): Verdict {
  return ORDER.indexOf(first) > ORDER.indexOf(second) ? first : second
}

function negate(verdict: Verdict): Verdict {
  return ORDER[ORDER.length - 1 - ORDER.indexOf(verdict)] ?? 'unknown'
}

/** Screens on which mail is read, in CSS pixels: a window on a desk, then a large one, a preview beside a list, a tablet, telephones. */
const SCREENS: readonly (readonly [width: number, height: number])[] = [
  [1280, 800],
  [1920, 1080],
  [700, 800],
  [820, 1180],
  [412, 915],
  [320, 568],
]

/** Conditions within each other; nobody writes so many. */
const MAX_DEPTH = 8
const MAX_CONDITION_CHARS = 1_000
const FULL_PX = 600

/** Judges a media query list, the value of `media` or what follows `@media`. */
export function judgeMedia(queries: string): Verdict {
  if (queries.length > MAX_CONDITION_CHARS) return 'unknown'
  const verdicts = queries.trim() === '' ? (['always'] as const) : queries.toLowerCase().split(',').map(judgeQuery)
  return verdicts.reduce(widen, 'never')
}

/** Judges what follows `@supports`: what browsers of today take. */
export function judgeSupports(condition: string): Verdict {
  if (condition.length > MAX_CONDITION_CHARS) return 'unknown'
  return judgeCondition(condition, (test) => (isSupported(test) ? 'always' : 'unknown'), 0)
}

function judgeQuery(query: string): Verdict {
  const [, modifier = '', type = ''] = /^\s*(?:(not|only)\s+)?(?!not\b)([a-z-]+)(?=\s*$|\s+and\b)/.exec(query) ?? []
  if (type === '') return judgeCondition(query, judgeFeature, 0)
  const rest = query.slice(query.indexOf(type, query.indexOf(modifier) + modifier.length) + type.length).replace(/^\s*and\b/, '')
  const typed: Verdict = type === 'all' || type === 'screen' ? 'always' : 'never'
  const verdict = rest.trim() === '' ? typed : narrow(typed, judgeCondition(rest, judgeFeature, 0))
  return modifier === 'not' ? negate(verdict) : verdict
}

/** `not`, `and` and `or` of tests in brackets. */
function judgeCondition(condition: string, judge: (test: string) => Verdict, depth: number): Verdict {
  const words = splitCondition(condition)
  if (depth > MAX_DEPTH || words.length === 0) return 'unknown'
  if (words[0] === 'not') return words.length === 2 ? negate(judgeOperand(words[1] ?? '', judge, depth)) : 'unknown'
  let verdict = judgeOperand(words[0] ?? '', judge, depth)
  for (let at = 1; at < words.length; at += 2) {
    if (words[at] !== words[1]) return 'unknown'
    const next = judgeOperand(words[at + 1] ?? '', judge, depth)
    if (words[at] === 'and') verdict = narrow(verdict, next)
    else if (words[at] === 'or') verdict = widen(verdict, next)
    else return 'unknown'
  }
  return verdict
}

function judgeOperand(word: string, judge: (test: string) => Verdict, depth: number): Verdict {
  if (!word.startsWith('(') || !word.endsWith(')')) return 'unknown'
  const inner = word.slice(1, -1).trim()
  return inner.startsWith('(') || /^not\s*\(/i.test(inner) ? judgeCondition(inner, judge, depth + 1) : judge(inner)
}

/** At the white space that stands in no bracket. */
function splitCondition(condition: string): string[] {
  const words: string[] = []
  let word = ''
  let depth = 0
  for (const char of condition) {
    if (char === '(') depth++
    if (char === ')') depth--
    if (depth > 0 || /\S/.test(char)) word += char
    if (depth > 0 || (/\S/.test(char) && char !== ')')) continue
    if (word !== '') words.push(/^(?:not|and|or)$/i.test(word) ? word.toLowerCase() : word)
    word = ''
  }
  return word === '' ? words : [...words, word]
}

/** A feature of a screen; what browsers do not know, here or at all, is unknown. */
function judgeFeature(test: string): Verdict {
  const [, name = '', value = ''] = /^([a-z-]+)\s*(?::\s*(.*?)\s*)?$/.exec(test) ?? []
  const side = /^(min|max)?-?(?:device-)?(width|height)$/.exec(name)
  if (side && value !== '') return judgeSide(side[2] ?? '', [[side[1] === 'min' ? '>=' : side[1] === 'max' ? '<=' : '=', value]])
  if (name !== '') return FEATURES.get(`${name}:${value}`) ?? FEATURES.get(name) ?? judgeResolution(name, value)
  const [, left, leftSign, ranged = '', sign, right] =
    /^(?:([^<>=]+?)\s*([<>]=?|=)\s*)?(?:device-)?(width|height)\s*(?:([<>]=?|=)\s*([^<>=]+))?$/.exec(test) ?? []
  const bounds: [string, string][] = []
  if (left !== undefined) bounds.push([TURNED.get(leftSign ?? '') ?? '=', left])
  if (right !== undefined) bounds.push([sign ?? '', right.trim()])
  return bounds.length === 0 ? 'unknown' : judgeSide(ranged, bounds)
}

const TURNED: ReadonlyMap<string, string> = new Map([
  ['<', '>'],
  ['<=', '>='],
  ['>', '<'],
  ['>=', '<='],
])

/** Whether the width or height of screens is within bounds. */
function judgeSide(side: string, bounds: readonly (readonly [sign: string, length: string])[]): Verdict {
  const limits = bounds.map(([sign, length]) => ({ sign, px: readLengthPx(length, 16, FULL_PX) }))
  const holds = SCREENS.map(([width, height]) => {
    const size = side === 'width' ? width : height
    return limits.every(({ sign, px }) => px !== null && isWithin(size, sign, px))
  })
  if (limits.some(({ px }) => px === null)) return 'unknown'
  if (holds.every(Boolean)) return 'always'
  return holds[0] ? 'desktop' : holds.some(Boolean) || bounds.length > 1 || limits[0]?.sign === '=' ? 'elsewhere' : 'never'
}

function isWithin(size: number, sign: string, px: number): boolean {
  if (sign === '=') return size === px
  return (sign.includes('=') && size === px) || (sign.startsWith('<') ? size < px : size > px)
}

function judgeResolution(name: string, value: string): Verdict {
  const [, bound] = /^(?:-webkit-|-moz-|-o-)?(min|max)-+(?:moz-)?(?:device-pixel-ratio|resolution)$/.exec(name) ?? []
  const [, digits = '', unit = ''] = /^(\d{1,4}(?:\.\d{1,4})?)(dppx|x|dpi|dpcm|)$/.exec(value) ?? []
  if (bound === undefined || digits === '') return 'unknown'
  const ratio = Number(digits) / (unit === 'dpi' ? 96 : unit === 'dpcm' ? 37.8 : 1)
  if (bound === 'min') return ratio <= 1 ? 'always' : ratio > MOST_DPPX ? 'never' : 'elsewhere'
  return ratio >= MOST_DPPX ? 'always' : ratio >= 1 ? 'desktop' : 'never'
}

const MOST_DPPX = 4

const FEATURES: ReadonlyMap<string, Verdict> = new Map<string, Verdict>([
  ...(['color', 'grid:0', 'update:fast', 'overflow-block:scroll', 'overflow-inline:scroll', 'color-gamut:srgb'] as const).map(
    (name) => [name, 'always'] as const,
  ),
  ...(['dynamic-range:standard', 'monochrome:0', 'color-index:0', 'width', 'height', 'aspect-ratio'] as const).map(
    (name) => [name, 'always'] as const,
  ),
  ...(['grid', 'update:none', 'update:slow', 'overflow-block:paged', 'overflow-block:none'] as const).map(
    (name) => [name, 'never'] as const,
  ),
  ...['orientation', 'hover', 'any-hover', 'pointer', 'any-pointer', 'prefers-color-scheme', 'prefers-reduced-motion'].map(
    (name) => [name, 'elsewhere'] as const,
  ),
  ...['prefers-contrast', 'prefers-reduced-transparency', 'prefers-reduced-data', 'forced-colors', 'inverted-colors'].map(
    (name) => [name, 'elsewhere'] as const,
  ),
  ...['monochrome', 'color-gamut', 'dynamic-range', '-ms-high-contrast'].map((name) => [name, 'elsewhere'] as const),
  ...['orientation:landscape', 'hover:hover', 'any-hover:hover', 'pointer:fine', 'any-pointer:fine'].map(
    (name) => [name, 'desktop'] as const,
  ),
  ...['prefers-color-scheme:light', 'prefers-reduced-motion:no-preference', 'prefers-contrast:no-preference'].map(
    (name) => [name, 'desktop'] as const,
  ),
  ...['forced-colors:none', 'inverted-colors:none', 'prefers-reduced-transparency:no-preference'].map(
    (name) => [name, 'desktop'] as const,
  ),
  ...['hover:', 'any-hover:', 'pointer:', 'any-pointer:', 'prefers-color-scheme:', 'orientation:'].map(
    (name) => [name, 'desktop'] as const,
  ),
])
