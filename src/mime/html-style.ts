/** What of an element a person would not see, from its own attributes, the style sheet, and what it inherits. */

import type { HiddenKind } from '../mail-facts.ts'
import { type Color, isAlike, readColor, readGradient, TRANSPARENT } from './css-colors.ts'
import { type Declarations, type Declared, isImage, readDeclarations } from './css-declarations.ts'
import type { Node } from './css-match.ts'
import { readLengthPx } from './css-values.ts'
import { declareVariables, resolveVariables, type Variables } from './css-variables.ts'
import { findHidingBox } from './html-boxes.ts'
import type { StyleSheet } from './style-sheet.ts'

/** Why text is not shown: nothing of the element is there, also no image; an element within cannot take that back. */
export const GONE = 1
/** Nothing is drawn, except elements within that say so (CSS 2.1 section 11.2). */
export const INVISIBLE = 2
/** Too small to be read; this and the following leave images to be seen, and elements within may take them back. */
const TINY = 4
/** Of the colour of its background. */
const BLENDED = 8
/** Indented out of sight. */
const INDENTED = 16

/** How an element looks, as far as it decides what is seen of it and of the elements in it. */
export type Look = {
  /** Why its text is not seen; 0 when it is. */
  readonly flags: number
  /** Of what is gone, how it was hidden; null for what no mail program shows of any mail, such as scripts. */
  readonly goneBy: HiddenKind | null
  readonly fontPx: number
  readonly color: Color
  readonly background: Color
  readonly variables: Variables | null
}

/** The attributes that are read, by their names in lower case. */
export type Attributes = ReadonlyMap<string, string>

const MEDIUM_PX = 16
const BLACK = 0x000000
const WHITE = 0xffffff
const LINK_BLUE = 0x0000ee

/** Black on white, as a mail begins. */
export const PLAIN_LOOK: Look = {
  flags: 0,
  goneBy: null,
  fontPx: MEDIUM_PX,
  color: BLACK,
  background: WHITE,
  variables: null,
}

/** Nobody reads letters of less. */
const LEAST_FONT_PX = 2
/** Further left than any mail is wide. */
const FAR_PX = 500

/** How text of this look is hidden; null where it is not, or as every mail hides some. */
export function hiddenBy({ flags, goneBy, color }: Look): HiddenKind | null {
  if (flags & GONE) return goneBy
  if (flags & INVISIBLE) return 'not-displayed'
  if (flags & INDENTED) return 'off-screen'
  if (flags & TINY) return 'tiny'
  return flags & BLENDED ? (color === TRANSPARENT ? 'transparent' : 'same-colour') : null
}

/** The look of an element that no mail program shows, in one that looks like `parent`. */
export function goneLook(parent: Look, goneBy: HiddenKind | null): Look {
  return parent.flags & GONE && parent.goneBy === goneBy ? parent : { ...parent, flags: parent.flags | GONE, goneBy }
}

/** Those that change a look by themselves. */
const LOOK_ATTRIBUTES = ['style', 'hidden', 'bgcolor', 'background', 'color', 'text', 'fill', 'href']

/** Reads the looks of the elements of one message. */
export class LookReader {
  readonly #sheet: StyleSheet
  readonly #inline = new Map<string, Declarations>()

  constructor(sheet: StyleSheet) {
    this.#sheet = sheet
  }

  /** The look of an element in one that looks like `parent`; `node` where the sheet needs it. */
  read(name: string, attributes: Attributes, parent: Look, node: Node | null): Look {
    // What is in an element that is gone is gone with it.
    if (parent.flags & GONE) return parent
    if (this.#sheet.isEmpty && name !== 'svg' && !LOOK_ATTRIBUTES.some((attribute) => attributes.has(attribute))) return parent
    const style = attributes.get('style')
    const inline = style ? this.#readInline(style) : null
    const sheet = this.#sheet.isEmpty ? null : this.#sheet.find(name, attributes, node)
    const variables = inline || sheet ? declareVariables(listValues(sheet, inline), parent.variables) : parent.variables
    const declares: Declares = (property) => resolve(prevail(inline?.get(property), sheet?.get(property)), variables)
    const look = readLook(name, attributes, declares, { ...parent, variables })
    return isSame(look, parent) ? parent : look
  }

  /** Mailers repeat their styles. */
  #readInline(style: string): Declarations {
    const known = this.#inline.get(style)
    if (known) return known
    const declarations = readDeclarations(style)
    if (style.length <= MAX_REMEMBERED_CHARS && this.#inline.size < MAX_REMEMBERED) this.#inline.set(style, declarations)
    return declarations
  }
}

const MAX_REMEMBERED = 1_000
const MAX_REMEMBERED_CHARS = 1_000

/** What is declared of a property; undefined where nothing is. */
export type Declares = (property: string) => Declared | undefined

function* listValues(...all: readonly (Declarations | null)[]): Generator<[string, string | null]> {
  for (const declarations of all)
    for (const [name, { value }] of declarations ?? []) if (name.startsWith('--')) yield [name, value]
}

/** What variables stand for; where one stands for nothing, the value is unknown. */
function resolve(declared: Declared | undefined, variables: Variables | null): Declared | undefined {
  if (!declared?.value?.includes('--')) return declared
  return { ...declared, value: resolveVariables(declared.value, variables) }
}

function prevail(inline: Declared | undefined, sheet: Declared | undefined): Declared | undefined {
  if (!inline || !sheet) return inline ?? sheet
  return sheet.isImportant && !inline.isImportant ? sheet : inline
}

function readLook(name: string, attributes: Attributes, declares: Declares, parent: Look): Look {
  const { variables } = parent
  const fontPx = readFontPx(declares('font-size'), parent.fontPx)
  const background = readBackground(attributes, declares, parent.background)
  const color = readTextColor(name, attributes, declares, parent)
  const goneBy = isDisplayNone(attributes, declares) ? 'not-displayed' : findHidingBox(name, declares, fontPx)
  const isBlended = color === TRANSPARENT || isAlike(color, background)
  const flags =
    (goneBy === null ? 0 : GONE) |
    (isKept(declares('visibility'), parent.flags & INVISIBLE, (value) => /^(?:hidden|collapse)$/.test(value)) ? INVISIBLE : 0) |
    (fontPx < LEAST_FONT_PX || isKept(declares('letter-spacing'), 0, (value) => isCrushed(value, fontPx)) ? TINY : 0) |
    (isBlended ? BLENDED : 0) |
    (isKept(declares('text-indent'), parent.flags & INDENTED, (value) => isFarLeft(value, fontPx)) ? INDENTED : 0)
  return { flags, goneBy, fontPx, color, background, variables }
}

function isSame(first: Look, second: Look): boolean {
  const isSameText = first.flags === second.flags && first.goneBy === second.goneBy && first.fontPx === second.fontPx
  return (
    isSameText && first.color === second.color && first.background === second.background && first.variables === second.variables
  )
}

/** Letters over each other. */
function isCrushed(value: string, fontPx: number): boolean {
  return fontPx > 0 && (readLengthPx(value, fontPx, fontPx) ?? 0) <= -0.5 * fontPx
}

/** Whether a property that is inherited hides; unknown, it does not. */
function isKept(declared: Declared | undefined, inherited: number, hides: (value: string) => boolean): boolean {
  if (!declared || declared.value === 'inherit') return inherited !== 0
  return declared.value !== null && hides(declared.value)
}

function isDisplayNone(attributes: Attributes, declares: Declares): boolean {
  const display = declares('display')
  return display === undefined ? attributes.has('hidden') : display.value === 'none'
}

function isFarLeft(value: string, fontPx: number): boolean {
  return (readLengthPx(value, fontPx, 600) ?? 0) <= -FAR_PX
}

function readFontPx(declared: Declared | undefined, parentPx: number): number {
  if (!declared) return parentPx
  const { value } = declared
  if (value === 'inherit' || value === 'unset') return parentPx
  if (value === 'smaller' || value === 'larger') return parentPx * (value === 'smaller' ? 0.8 : 1.2)
  return (value === null ? null : readLengthPx(value, parentPx, parentPx)) ?? MEDIUM_PX
}

function readTextColor(name: string, attributes: Attributes, declares: Declares, parent: Look): Color {
  // The letters are cut out of the background.
  if (declares('background-clip')?.value?.includes('text')) return null
  const declared = declares('text-fill-color') ?? (SVG_TEXT.has(name) ? declares('fill') : undefined) ?? declares('color')
  const value = declared === undefined ? readColorAttribute(name, attributes) : declared.value
  // A link has a colour of its own; where its text is seen anyway, that one does as well.
  if (value === undefined && name === 'svg') return BLACK
  if (value === undefined) return name === 'a' && attributes.has('href') && parent.flags & BLENDED ? LINK_BLUE : parent.color
  if (value === 'inherit' || value === 'unset' || value === 'currentcolor') return parent.color
  if (value === 'initial') return BLACK
  if (value === 'none') return TRANSPARENT
  return value === null ? null : readColor(value)
}

/** Their colour is `fill` (SVG 2 section 13.3). */
const SVG_TEXT = new Set(['svg', 'text', 'tspan', 'g'])

function readColorAttribute(name: string, attributes: Attributes): string | undefined {
  const written =
    (SVG_TEXT.has(name) ? attributes.get('fill') : undefined) ??
    attributes.get('color') ??
    (name === 'body' ? attributes.get('text') : undefined)
  return written?.trim().toLowerCase()
}

/** The colour behind the text; null behind which may be anything, such as an image. */
function readBackground(attributes: Attributes, declares: Declares, inherited: Color): Color {
  const image = declares('background-image')
  const painted = image?.value ? readGradient(image.value) : null
  if (painted !== null && painted !== TRANSPARENT) return painted
  if (image === undefined ? attributes.get('background') : image.value === null || isImage(image.value)) return null
  const declared = declares('background-color')
  const value = declared === undefined ? attributes.get('bgcolor')?.trim().toLowerCase() : declared.value
  if (value === undefined || value === '' || value === 'initial' || value === 'inherit' || value === 'unset') return inherited
  const color = value === null ? null : readColor(value)
  return color === TRANSPARENT ? inherited : color
}
