/** A list of CSS declarations, as in `style="…"` -> the properties that decide whether text is seen. */

import { decodeEscapes, readCss } from './blocks.ts'
import { isKnownColor, readGradient } from './colors.ts'
import { nameProperty, READ_PROPERTIES, SIDES } from './properties.ts'
import { judgeDeclaration, splitWords } from './validity.ts'
import { MAX_VARIABLES, OTHER_VARIABLES } from './variables.ts'

/** What is declared of a property. */
export type Declared = {
  /** In lower case; null where it depends on what is not known here, such as an element around it. */
  readonly value: string | null
  readonly isImportant: boolean
}

/** Declared properties by their names; of a shorthand only its parts. */
export type Declarations = ReadonlyMap<string, Declared>

const MAX_CUSTOM_CHARS = 200

/** Reads the declarations of a `style` attribute; what blocks stand in it are nothing. */
export function readInline(style: string): Declarations {
  const statements: string[] = []
  let depth = 0
  for (const piece of readCss(style, false)) {
    if (piece.kind === 'statement') {
      if (depth === 0) statements.push(piece.text)
    } else depth += piece.kind === 'open' ? 1 : -1
  }
  return readDeclarations(statements)
}

/** Reads declarations; the later one of a property counts, unless the earlier one alone is important. */
export function readDeclarations(statements: readonly string[]): Declarations {
  const declarations = new Map<string, Declared>()
  let customCount = 0
  for (const text of statements) {
    const colon = text.indexOf(':')
    if (colon < 0) continue
    const property = nameProperty(decodeEscapes(text.slice(0, colon)).trim())
    if (property === null) continue
    if (property.startsWith('--') && customCount++ >= MAX_VARIABLES) {
      declarations.set(OTHER_VARIABLES, { value: null, isImportant: false })
      continue
    }
    if (property.startsWith('--') && text.length > MAX_CUSTOM_CHARS) {
      if (property.length <= MAX_CUSTOM_CHARS) declarations.set(property, { value: null, isImportant: false })
      continue
    }
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

/** Whether browsers take this declaration, as far as its property is known here. */
export function isSupported(declaration: string): boolean {
  const colon = declaration.indexOf(':')
  const property = colon < 0 ? null : nameProperty(decodeEscapes(declaration.slice(0, colon)).trim())
  if (property === null)
    return /^(?:display|gap|grid-[a-z-]+|flex-[a-z-]+|object-fit|aspect-ratio|--[\w-]+)\s*:/i.test(declaration)
  const parts = expand(property, readValue(declaration.slice(colon + 1)).value)
  return parts.length > 0 && parts.every(([name, part]) => judgeDeclaration(name, part) === 'valid')
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
  if (property === 'all') return [...READ_PROPERTIES].map((name) => [name, value])
  // Visible beside what is cut is not (CSS Overflow 3 section 3.1).
  if (property === 'overflow-x' || property === 'overflow-y') return value === 'visible' ? [] : [['overflow', value]]
  if (property === 'background') return expandBackground(value)
  const sides = SIDES.get(property)
  if (sides === undefined) return [[property, value]]
  const words = splitWords(value)
  const [top = '', right = top, bottom = top, left = right] = words
  if (words.length > sides.length) return []
  const values = sides.length === 2 ? [top, right] : [top, right, bottom, left]
  return sides.map((side, at) => [side, values[at] ?? ''])
}

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

/** The colour, also where it lies under a picture, and whether there is one. */
function expandBackground(value: string): [string, string][] {
  if (/^var\([^()]*\)$/.test(value) || /^(?:initial|inherit|unset|revert|revert-layer)$/.test(value))
    return expandColor('none', value)
  const short = value.replace(/url\((?:"[^"]*"|'[^']*'|[^"')][^)]*)\)/g, (url) => (isImage(url) ? 'url(x)' : ' '))
  if (short.length > MAX_BACKGROUND_CHARS) return [['background-image', 'url(x)']]
  const words = splitWords(short.replace(/,(?![^()]*\))/g, ' '))
  const color =
    words.find(isKnownColor) ??
    words.find((word) => /^#|^[a-z-]+$|^[a-z]+\(/.test(word) && !NO_COLORS.has(word) && !isPainted(word))
  const painted = words.filter(isPainted)
  const image = painted.length > 1 ? 'url(x)' : (painted[0] ?? 'none')
  return [
    ...expandColor(image, color ?? 'transparent'),
    ...(words.includes('text') ? [['background-clip', 'text'] as [string, string]] : []),
  ]
}

/** Whether it is a picture or a gradient. */
function isPainted(word: string): boolean {
  return isImage(word) || /gradient\(/.test(word)
}

function expandColor(image: string, color: string): [string, string][] {
  return [
    ['background-image', image],
    ['background-color', color],
  ]
}

/** Without its pictures' addresses, a background is shorter. */
const MAX_BACKGROUND_CHARS = 500

/** Whether a background is, or may be, more than a colour. A picture of no address is none. */
export function isImage(value: string): boolean {
  if (/^url\(\s*(?:""|''|#|"#"|'#'|about:blank)?\s*\)$/.test(value.trim())) return false
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
  ...[
    'cover',
    'contain',
    'auto',
    'round',
    'space',
    'inherit',
    'initial',
    'unset',
    'revert',
    'text',
    'border-box',
    'padding-box',
    'content-box',
  ],
])
