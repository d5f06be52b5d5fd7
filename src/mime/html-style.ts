/** What of an element a person would not see, from its own attributes, the style sheet, and what it inherits. */

import { type Declarations, type Declared, isImage, readDeclarations } from './css-declarations.ts'
import { type Color, isAlike, readColor, readLengthPx, TRANSPARENT } from './css-values.ts'
import { isBoxHidden } from './html-boxes.ts'
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
  readonly fontPx: number
  readonly color: Color
  readonly background: Color
}

/** The attributes that are read, by their names in lower case. */
export type Attributes = ReadonlyMap<string, string>

const MEDIUM_PX = 16
const BLACK = 0x000000
const WHITE = 0xffffff
const LINK_BLUE = 0x0000ee

/** Black on white, as a mail begins. */
export const PLAIN_LOOK: Look = { flags: 0, fontPx: MEDIUM_PX, color: BLACK, background: WHITE }

/** Nobody reads letters of less. */
const LEAST_FONT_PX = 2
/** Further left than any mail is wide. */
const FAR_PX = 500

/** Reads the looks of the elements of one message. */
export class LookReader {
  readonly #sheet: StyleSheet
  readonly #inline = new Map<string, Declarations>()

  constructor(sheet: StyleSheet) {
    this.#sheet = sheet
  }

  /** The look of an element in one that looks like `parent`. */
  read(name: string, attributes: Attributes, parent: Look, isGone: boolean): Look {
    if (isGone) return parent.flags & GONE ? parent : { ...parent, flags: parent.flags | GONE }
    if (attributes.size === 0 && this.#sheet.isEmpty) return parent
    const style = attributes.get('style')
    const inline = style ? this.#readInline(style) : null
    const sheet = this.#sheet.isEmpty ? null : this.#sheet.find(name, attributes.get('id'), attributes.get('class'))
    const look = readLook(name, attributes, (property) => prevail(inline?.get(property), sheet?.get(property)), parent)
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

function prevail(inline: Declared | undefined, sheet: Declared | undefined): Declared | undefined {
  if (!inline || !sheet) return inline ?? sheet
  return sheet.isImportant && !inline.isImportant ? sheet : inline
}

function readLook(name: string, attributes: Attributes, declares: Declares, parent: Look): Look {
  const fontPx = readFontPx(declares('font-size'), parent.fontPx)
  const background = readBackground(attributes, declares, parent.background)
  const color = readTextColor(name, attributes, declares('color'), parent)
  const isGone = (parent.flags & GONE) !== 0 || isDisplayNone(attributes, declares) || isBoxHidden(name, declares, fontPx)
  const isBlended = color === TRANSPARENT || isAlike(color, background)
  const flags =
    (isGone ? GONE : 0) |
    (isKept(declares('visibility'), parent.flags & INVISIBLE, (value) => /^(?:hidden|collapse)$/.test(value)) ? INVISIBLE : 0) |
    (fontPx < LEAST_FONT_PX ? TINY : 0) |
    (isBlended ? BLENDED : 0) |
    (isKept(declares('text-indent'), parent.flags & INDENTED, (value) => isFarLeft(value, fontPx)) ? INDENTED : 0)
  return { flags, fontPx, color, background }
}

function isSame(first: Look, second: Look): boolean {
  const isSameText = first.flags === second.flags && first.fontPx === second.fontPx
  return isSameText && first.color === second.color && first.background === second.background
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

function readTextColor(name: string, attributes: Attributes, declared: Declared | undefined, parent: Look): Color {
  const value =
    declared === undefined ? (attributes.get('color') ?? attributes.get('text'))?.trim().toLowerCase() : declared.value
  // A link has a colour of its own; where its text is seen anyway, that one does as well.
  if (value === undefined) return name === 'a' && attributes.has('href') && parent.flags & BLENDED ? LINK_BLUE : parent.color
  if (value === 'inherit' || value === 'unset' || value === 'currentcolor') return parent.color
  if (value === 'initial') return BLACK
  return value === null ? null : readColor(value)
}

/** The colour behind the text; null behind which may be anything, such as an image. */
function readBackground(attributes: Attributes, declares: Declares, inherited: Color): Color {
  const image = declares('background-image')
  if (image === undefined ? attributes.has('background') : image.value === null || isImage(image.value)) return null
  const declared = declares('background-color')
  const value = declared === undefined ? attributes.get('bgcolor')?.trim().toLowerCase() : declared.value
  if (value === undefined || value === '' || value === 'initial' || value === 'inherit' || value === 'unset') return inherited
  const color = value === null ? null : readColor(value)
  return color === TRANSPARENT ? inherited : color
}
