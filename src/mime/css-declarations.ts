/** A list of CSS declarations, as in `style="…"` -> the properties that decide whether text is seen. */

import { readGradient, TRANSPARENT } from './css-colors.ts'
import { judgeDeclaration, splitWords } from './css-validity.ts'

/** What is declared of a property. */
export type Declared = {
  /** In lower case; null where it depends on what is not known here, such as an element around it. */
  readonly value: string | null
  readonly isImportant: boolean
}

/** Declared properties by their names; of a shorthand only its parts. */
export type Declarations = ReadonlyMap<string, Declared>

const READ_PROPERTIES = new Set([
  ...['display', 'visibility', 'opacity', 'font-size', 'font', 'color', 'background', 'background-color', 'background-image'],
  ...[
    'position',
    'left',
    'right',
    'top',
    'bottom',
    'inset',
    'margin',
    'margin-left',
    'margin-top',
    'text-indent',
    'clip',
    'clip-path',
  ],
  ...['transform', 'scale', 'translate', 'rotate', 'zoom', 'filter', 'mask', 'mask-image', 'letter-spacing', 'line-height'],
  ...['overflow', 'overflow-x', 'overflow-y', 'height', 'max-height', 'min-height', 'width', 'max-width', 'min-width', 'float'],
  ...['background-clip', 'text-fill-color', 'content-visibility', 'fill'],
])

/** The names of properties that mean another one: older ones, and those of the writing direction, which is left to right in all but a few mails. */
const OTHER_NAMES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    '-webkit-text-fill-color': 'text-fill-color',
    '-webkit-background-clip': 'background-clip',
    '-webkit-mask': 'mask',
    '-webkit-mask-image': 'mask-image',
    '-webkit-clip-path': 'clip-path',
    '-webkit-transform': 'transform',
    '-webkit-filter': 'filter',
    'inset-inline-start': 'left',
    'inset-block-start': 'top',
    'margin-inline-start': 'margin-left',
    'margin-block-start': 'margin-top',
  }),
)

/** Custom properties read of one block; their names and values are kept with the elements below. */
const MAX_CUSTOM = 100
const MAX_CUSTOM_CHARS = 200

/** Reads declarations; the later one of a property counts, unless the earlier one alone is important. */
export function readDeclarations(style: string): Declarations {
  const declarations = new Map<string, Declared>()
  let customCount = 0
  for (const text of splitDeclarations(stripComments(style))) {
    const colon = text.indexOf(':')
    if (colon < 0) continue
    const written = decodeEscapes(text.slice(0, colon)).trim()
    const property = nameProperty(written)
    if (property === null || (property.startsWith('--') && (customCount++ >= MAX_CUSTOM || text.length > MAX_CUSTOM_CHARS)))
      continue
    const { value, isImportant } = readValue(text.slice(colon + 1))
    const parts = expand(property, value)
    const validities = parts.map(([name, part]) => judgeDeclaration(name, part))
    if (validities.includes('invalid')) continue
    for (const [at, [name, part]] of parts.entries()) {
      const before = declarations.get(name)
      if (part === '' || (before && (validities[at] === 'unsure' || (before.isImportant && !isImportant)))) continue
      declarations.set(name, { value: part, isImportant })
    }
  }
  return declarations
}

/** The name under which a property is kept; null for one that is not read. Custom ones keep their case (CSS Variables 1 section 2). */
function nameProperty(written: string): string | null {
  if (written.startsWith('--')) return written
  const name = written.toLowerCase()
  const property = OTHER_NAMES.get(name) ?? name
  return READ_PROPERTIES.has(property) ? property : null
}

function readValue(text: string): { value: string; isImportant: boolean } {
  const written = decodeEscapes(text).trim()
  const bang = written.lastIndexOf('!')
  const isImportant =
    bang >= 0 &&
    written
      .slice(bang + 1)
      .trim()
      .toLowerCase() === 'important'
  const value = isImportant ? written.slice(0, bang).trim() : written
  // The names in var() keep their case.
  return { value: value.includes('--') ? value : value.toLowerCase(), isImportant }
}

function expand(property: string, value: string): [string, string][] {
  if (property === 'font') return expandFont(value)
  // Visible beside what is cut is not (CSS Overflow 3 section 3.1).
  if (property === 'overflow-x' || property === 'overflow-y') return value === 'visible' ? [] : [['overflow', value]]
  if (property === 'background') return expandBackground(value)
  if (property === 'mask') return [['mask-image', value]]
  if (property !== 'margin' && property !== 'inset') return [[property, value]]
  const words = splitWords(value)
  const [top = '', right = top, bottom = top, left = right] = words
  if (words.length > MAX_SIDES) return []
  if (property === 'inset') return Object.entries({ top, right, bottom, left })
  return [
    ['margin-top', top],
    ['margin-left', left],
  ]
}

const MAX_SIDES = 4

/** The size within `font: italic 13px/1.5 Arial`; before it may stand what letters look like, and behind it must stand a font (CSS Fonts 4 section 2.7). */
function expandFont(value: string): [string, string][] {
  if (FONT_AS_A_WORD.test(value) || /^var\([^()]*\)$/.test(value))
    return [['font-size', SYSTEM_FONT.test(value) ? 'medium' : value]]
  const words = value.slice(0, MAX_FONT_CHARS).split(/\s+/)
  const at = words.findIndex((word) => !FONT_LOOKS.test(word))
  const [size = ''] = (words[at] ?? '').split('/', 1)
  return words.length > at + 1 && size !== '' ? [['font-size', size]] : []
}

const MAX_FONT_CHARS = 500
const SYSTEM_FONT = /^(?:caption|icon|menu|message-box|small-caption|status-bar)$/
const FONT_AS_A_WORD = /^(?:initial|inherit|unset|revert|caption|icon|menu|message-box|small-caption|status-bar)$/
const FONT_LOOKS =
  /^(?:normal|italic|oblique|small-caps|bold|bolder|lighter|[1-9]\d{0,3}|(?:ultra-|extra-|semi-)?(?:condensed|expanded)|[+-]?[\d.]+deg)$/

function expandBackground(value: string): [string, string][] {
  const isAlone = /^var\([^()]*\)$/.test(value)
  const gradient = readGradient(value)
  if (gradient !== null)
    return expandColor(gradient === TRANSPARENT ? 'transparent' : `#${gradient.toString(16).padStart(6, '0')}`)
  if (value.length > MAX_BACKGROUND_CHARS || (isImage(value) && !isAlone)) return [['background-image', 'url()x']]
  if (isAlone) return expandColor(value)
  const words = value.match(/[^\s(]+(?:\([^()]*\))?/g) ?? []
  return expandColor(
    words.find((word) => /^#|\(|^[a-z]+$/.test(word) && !NO_COLORS.has(word) && !word.startsWith('url(')) ?? 'transparent',
  )
}

function expandColor(color: string): [string, string][] {
  return [
    ['background-image', 'none'],
    ['background-color', color],
  ]
}

/** A colour is shorter. */
const MAX_BACKGROUND_CHARS = 200

/** Whether a background is, or may be, more than a colour. A picture of no address is none. */
export function isImage(value: string): boolean {
  if (/^url\(\s*(?:""|''|#|"#"|'#'|about:blank)?\s*\)$/.test(value)) return false
  return /url\(|gradient|image|element\(|var\(|env\(|paint\(/.test(value) && readGradient(value) === null
}

const NO_COLORS = new Set([
  ...[
    'none',
    'repeat',
    'no-repeat',
    'repeat-x',
    'repeat-y',
    'scroll',
    'fixed',
    'local',
    'center',
    'top',
    'left',
    'right',
    'bottom',
  ],
  ...['cover', 'contain', 'auto', 'round', 'space', 'inherit', 'initial', 'unset', 'revert', 'text'],
])

/** At the semicolons that stand in no string and no bracket: a data URL holds them too. */
function splitDeclarations(style: string): string[] {
  if (!/["'(\\]/.test(style)) return style.split(';')
  const pieces: string[] = []
  let start = 0
  let depth = 0
  let quote = ''
  for (let at = 0; at < style.length; at++) {
    const char = style.charAt(at)
    if (char === '\\') at++
    else if (quote !== '') quote = char === quote ? '' : quote
    else if (char === '"' || char === "'") quote = char
    else if (char === '(') depth++
    else if (char === ')') depth = Math.max(depth - 1, 0)
    else if (char === ';' && depth === 0) {
      pieces.push(style.slice(start, at))
      start = at + 1
    }
  }
  return [...pieces, style.slice(start)]
}

/** `\64 isplay` is display (CSS Syntax 3 section 4.3.7). */
function decodeEscapes(text: string): string {
  if (!text.includes('\\')) return text
  return text.replace(/\\(?:([\da-f]{1,6})\s?|([^\n]))/gi, (_, hex: string | undefined, char: string | undefined) => {
    const codepoint = Number.parseInt(hex ?? '0', 16)
    return char ?? (codepoint > 0 && codepoint <= 0x10ffff ? String.fromCodePoint(codepoint) : '\ufffd')
  })
}

/** By hand, because a pattern for comments reads to the end from each one that is not closed. */
export function stripComments(style: string): string {
  const pieces: string[] = []
  let at = 0
  for (let start = style.indexOf('/*'); start >= 0; start = style.indexOf('/*', at)) {
    pieces.push(style.slice(at, start))
    const end = style.indexOf('*/', start + 2)
    if (end < 0) return pieces.join(' ')
    at = end + 2
  }
  return at === 0 ? style : [...pieces, style.slice(at)].join(' ')
}
