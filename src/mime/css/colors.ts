/** Colours of CSS, as far as they decide whether text is seen. Values come in lower case, without white space around them. */

import { Calculation } from './calculation.ts'
import { NAMED_COLORS, SYSTEM_COLORS } from './color-names.ts'
import { type Channels, SPACES } from './color-spaces.ts'

/** Red, green and blue from 0 to 255, and how much it covers, from 0 to 1. */
export type Color = readonly [red: number, green: number, blue: number, alpha: number]

/** A colour that covers nothing. */
export const TRANSPARENT: Color = [0, 0, 0, 0]
/** What text begins with. */
export const BLACK: Color = [0, 0, 0, 1]
/** What paper begins with. */
export const WHITE: Color = [255, 255, 255, 1]

/** Longer values say nothing that is read here, and cost nothing. */
const MAX_COLOR_CHARS = 300
const MAX_DEPTH = 4

/** A colour, within text of the colour `current`; null for one that is none or is not worked out here, which is never taken for another. */
export function readColor(value: string, current: Color = BLACK, depth = 0): Color | null {
  if (value.length > MAX_COLOR_CHARS || depth > MAX_DEPTH) return null
  if (value === 'transparent') return TRANSPARENT
  if (value === 'currentcolor') return current
  const named = NAMED_COLORS.get(value)
  if (named !== undefined) return [Math.floor(named / 0x10000), Math.floor(named / 0x100) % 0x100, named % 0x100, 1]
  const hex = /^#([\da-f]{3,8})$/.exec(value)?.[1]
  if (hex !== undefined) return readHex(hex)
  const [, name = '', args = ''] = /^([a-z-]+)\((.*)\)$/s.exec(value) ?? []
  if (name === 'light-dark') return readColor(splitArguments(args)[0] ?? '', current, depth + 1)
  if (name === 'color-mix') return readMix(splitArguments(args), current, depth)
  return name === '' ? null : readFunction(name, args, current, depth)
}

/** Whether this is a colour to a browser, also one that is not worked out here. */
export function isKnownColor(value: string): boolean {
  if (readColor(value) !== null || SYSTEM_COLORS.test(value)) return true
  return (
    /^(?:color|color-mix|light-dark|device-cmyk|contrast-color)\(.*\)$/s.test(value) || /^[a-z]+\(\s*from\s.*\)$/s.test(value)
  )
}

/** As old attributes write it (HTML section 2.3.6): whatever is written there is a colour. Null for nothing. */
export function readLegacyColor(written: string): Color | null {
  const value = written.trim().toLowerCase()
  if (value === '' || value === 'transparent') return null
  const named = readColor(value)
  if (named !== null && (!value.includes('(') || value.length > MAX_LEGACY_CHARS) && !/^#.{5}$|^#.{8}$|^#.{4}$/.test(value))
    return named
  const digits = value
    .slice(0, MAX_LEGACY_CHARS)
    .replace(/^#/, '')
    .replace(/[^\da-f]/g, '0')
  const size = Math.ceil(Math.max(digits.length, 1) / 3)
  const parts = [0, 1, 2].map((at) =>
    digits
      .padEnd(3 * size, '0')
      .slice(at * size, (at + 1) * size)
      .slice(-8),
  )
  const dropped = Math.max(0, Math.min(...parts.map((part) => /^0*/.exec(part)?.[0].length ?? 0), (parts[0]?.length ?? 2) - 2))
  const [red = 0, green = 0, blue = 0] = parts.map((part) => Number.parseInt(part.slice(dropped, dropped + 2), 16))
  return [red, green, blue, 1]
}

const MAX_LEGACY_CHARS = 128

/** A colour on another. */
export function blend([red, green, blue, alpha]: Color, below: Color): Color {
  const mix = (part: number, under: number): number => part * alpha + under * (1 - alpha)
  return [mix(red, below[0]), mix(green, below[1]), mix(blue, below[2]), alpha + below[3] * (1 - alpha)]
}

/** Whether text is so near the paper that a reader cannot tell one from the other; `opacity` is that of both. */
export function isAlike(text: Color, paper: Color, opacity = 1): boolean {
  const seen = blend(text, paper)
  return [0, 1, 2].every((at) => Math.abs((seen[at] ?? 0) - (paper[at] ?? 0)) * opacity <= MAX_CHANNEL_DIFFERENCE)
}

/** Of 255. At this difference from white the contrast is 1.15 to 1, and 4.5 is what is called readable. */
const MAX_CHANNEL_DIFFERENCE = 16

/** The colours of a gradient, of alike ones one; null for any other value, and where one of them is not worked out. */
export function readGradient(value: string, current: Color = BLACK): readonly Color[] | null {
  if (value.length > MAX_GRADIENT_CHARS) return null
  const args = /^(?:-webkit-|-moz-)?(?:repeating-)?(?:linear|radial|conic)-gradient\((.*)\)$/s.exec(value)?.[1]
  if (args === undefined) return null
  const colors = splitArguments(args)
    .filter((stop) => !GRADIENT_LINE.test(stop))
    .map((stop) => readColor(stop.replace(/(?:\s{1,9}-?[\d.]{1,20}(?:%|[a-z]{1,5})?){1,2}$/, ''), current))
  const known = colors.filter((color) => color !== null)
  const [first] = known
  if (!first || known.length < colors.length || colors.length > MAX_STOPS) return null
  return known.every((color) => areSame(color, first)) ? [first] : known
}

const MAX_STOPS = 16

function areSame(first: Color, second: Color): boolean {
  if (first[3] === 0 && second[3] === 0) return true
  return Math.abs(first[3] - second[3]) < 0.1 && isAlike([first[0], first[1], first[2], 1], second)
}

const MAX_GRADIENT_CHARS = 500
/** What stands before the stops, and between them: direction, shape, places. */
const GRADIENT_LINE =
  /^(?:to\s|from\s+-?[\d.]|-?[\d.]+(?:deg|rad|turn|grad|%|px)?$|-?[\d.]+(?:deg|rad|turn|grad)|0\s|circle|ellipse|at\s|closest|farthest|in\s|top|left|right|bottom)/

/** At the commas that stand in no brackets. */
export function splitArguments(args: string): string[] {
  const pieces: string[] = []
  let start = 0
  let depth = 0
  for (let at = 0; at < args.length; at++) {
    const char = args.charAt(at)
    if (char === '(') depth++
    else if (char === ')') depth--
    else if (char === ',' && depth === 0) {
      pieces.push(args.slice(start, at).trim())
      start = at + 1
    }
  }
  return [...pieces, args.slice(start).trim()]
}

function readHex(hex: string): Color | null {
  if (![3, 4, 6, 8].includes(hex.length)) return null
  const long = hex.length < 6 ? [...hex].map((digit) => digit + digit).join('') : hex
  const [red = 0, green = 0, blue = 0, alpha = 255] = (long.match(/../g) ?? []).map((part) => Number.parseInt(part, 16))
  return [red, green, blue, alpha / 255]
}

/** `rgb(…)` and its like, of channels that are written or taken from another colour (CSS Color 5 section 4). */
function readFunction(name: string, args: string, current: Color, depth: number): Color | null {
  const kind = name.replace(/^(rgb|hsl)a$/, '$1')
  let words = splitParts(args)
  const origin = words[0] === 'from' ? readColor(words[1] ?? '', current, depth + 1) : undefined
  if (origin === null) return null
  if (origin) words = words.slice(2)
  const spaceName = kind === 'color' ? words.shift() : kind === 'rgb' ? 'srgb' : kind
  const space = SPACES.get(spaceName ?? '')
  const isRgb = kind === 'rgb'
  if (!space || (kind !== 'color' && !COLOR_FUNCTION.test(kind)) || words.length < 3 || words.length > 4) return null
  const channels = origin && space.fromRgb([origin[0] / 255, origin[1] / 255, origin[2] / 255])
  const names = new Map<string, number>([
    ...[...space.names].map(
      (letter, at) => [letter, (channels?.[at] ?? Number.NaN) * (isRgb ? 255 : scaleOf(kind, at))] as const,
    ),
    ...(origin ? [['alpha', origin[3]] as const] : []),
  ])
  const read = words.map((word, at) =>
    readPart(word, at === 3 ? 1 : isRgb ? 255 : (space.full[at] ?? 1) * scaleOf(kind, at), names),
  )
  const [first = null, second = null, third = null, alpha = origin?.[3] ?? 1] = read
  if (first === null || second === null || third === null || alpha === null) return null
  const written: Channels = [first, second, third]
  const [x, y, z] = written.map((part, at) => part / (isRgb ? 255 : scaleOf(kind, at)))
  return fromChannels(space.toRgb([x ?? 0, y ?? 0, z ?? 0]), Math.min(Math.max(alpha, 0), 1))
}

/** Saturation, lightness, whiteness and blackness are written in hundredths, with or without a percent sign. */
function scaleOf(kind: string, at: number): number {
  return (kind === 'hsl' || kind === 'hwb') && at > 0 ? 100 : 1
}

const COLOR_FUNCTION = /^(?:rgb|hsl|hwb|lab|lch|oklab|oklch)$/

function fromChannels(rgb: Channels, alpha: number): Color | null {
  const [red = 0, green = 0, blue = 0] = rgb.map((part) => Math.min(Math.max(part * 255, 0), 255))
  return [red, green, blue].some(Number.isNaN) ? null : [red, green, blue, alpha]
}

/** Words between white space, commas and slashes, brackets whole. */
function splitParts(args: string): string[] {
  return splitArguments(args).flatMap((part) => part.match(/[^\s()/]*\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)|[^\s()/]+/g) ?? [])
}

function readPart(word: string, full: number, names: ReadonlyMap<string, number>): number | null {
  if (word === 'none') return 0
  const readTerm = (term: string): number | null => {
    const known = names.get(term)
    if (known !== undefined) return known
    const [, digits, unit = ''] = /^([+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?)(%|deg|grad|rad|turn|)$/.exec(term) ?? []
    if (digits === undefined) return null
    return Number(digits) * (unit === '%' ? full / 100 : (DEGREES.get(unit) ?? 1))
  }
  const value = word.includes('(') ? new Calculation(word, readTerm).read() : readTerm(word)
  return value === null || Number.isNaN(value) ? null : value
}

const DEGREES: ReadonlyMap<string, number> = new Map([
  ['grad', 0.9],
  ['rad', 180 / Math.PI],
  ['turn', 360],
])

/** CSS Color 5 section 3; hues are not gone around, which is the same for greys. */
function readMix([method = '', ...mixed]: readonly string[], current: Color, depth: number): Color | null {
  const name = /^in\s+([a-z\d-]+)/.exec(method)?.[1]
  const space = SPACES.get(RECTANGULAR.get(name ?? '') ?? name ?? '')
  const parts = mixed.map((part) => readMixed(part, current, depth))
  const [first, second] = parts
  if (!space || !first || !second || parts.length > 2) return null
  const firstShare = first.share ?? (second.share === null ? 0.5 : 1 - second.share)
  const secondShare = second.share ?? 1 - firstShare
  const sum = firstShare + secondShare
  if (!(sum > 0)) return null
  const weights = [(firstShare / sum) * first.color[3], (secondShare / sum) * second.color[3]]
  const alpha = (weights[0] ?? 0) + (weights[1] ?? 0)
  if (alpha === 0) return TRANSPARENT
  const [from, to] = [first, second].map(({ color }) => space.fromRgb([color[0] / 255, color[1] / 255, color[2] / 255]))
  const [x = 0, y = 0, z = 0] = [0, 1, 2].map(
    (at) => ((from?.[at] ?? 0) * (weights[0] ?? 0) + (to?.[at] ?? 0) * (weights[1] ?? 0)) / alpha,
  )
  return fromChannels(space.toRgb([x, y, z]), alpha * Math.min(sum, 1))
}

const RECTANGULAR: ReadonlyMap<string, string> = new Map([
  ['hsl', 'srgb'],
  ['hwb', 'srgb'],
  ['lch', 'lab'],
  ['oklch', 'oklab'],
])

function readMixed(part: string, current: Color, depth: number): { color: Color; share: number | null } | null {
  const share = /(?:^|\s)(\d{1,3}(?:\.\d{1,6})?)%(?=\s|$)/.exec(part.replace(/\(.*\)/s, ''))?.[1]
  const written = part.replace(/^\d[\d.]*%\s+|\s+\d[\d.]*%$/g, '').trim()
  const color = readColor(written, current, depth + 1)
  return color && { color, share: share === undefined ? null : Number(share) / 100 }
}
