/** How an element looks to one reader: whether its box is seen, its letters, and their colour. */

import { isAlike } from '../css/colors.ts'
import type { Declarations } from '../css/declarations.ts'
import { splitWords } from '../css/validity.ts'
import { readLengthPx } from '../css/values.ts'
import { type Box, LEAST_OPACITY, readBox } from './boxes.ts'
import type { Declares } from './declares.ts'
import { type Ink, readInk } from './ink.ts'
import { PAGE_PX, type Read } from './lengths.ts'
import {
  type Attributes,
  AWAY,
  BLENDED,
  DOUBTFUL,
  DOUBTFUL_TEXT,
  GONE,
  INDENTED,
  INVISIBLE,
  LEAST_ALPHA,
  type Look,
  MASKED,
  MEDIUM_PX,
  TINY,
} from './style.ts'

/** Nobody reads letters of less. */
const LEAST_FONT_PX = 2
/** Letters of a tenth of their size are not read. */
const LEAST_SCALE = 0.1
/** Further left than any mail is wide. */
const FAR_LEFT_PX = 500
/** Above is further, because blocks are drawn over a picture by margins of hundreds of pixels. */
const FAR_UP_PX = 1_000
const FAR_PX = 5_000

/** Elements that look different without a declaration: their letters, or what they are. */
export const OWN_LOOKS: ReadonlyMap<string, number> = new Map([
  ...['small', 'sub', 'sup'].map((name) => [name, 0.83] as const),
  ...['svg', 'dialog', 'rp', 'datalist', 'mphantom'].map((name) => [name, 1] as const),
])
/** Not displayed unless a style says so (HTML section 15.3.1). */
const UNDISPLAYED = new Set(['rp', 'datalist'])

/** An element with what is declared of it in one reading. */
export type Styled = {
  readonly name: string
  readonly attributes: Attributes
  readonly inline: Declarations | null
  readonly sheet: Declarations
  readonly presented: Declarations | null
  readonly isForeign: boolean
  /** Of css/cascade.ts. */
  readonly reading: 'sure' | 'likely' | 'wary'
  /** There is no other reading. */
  readonly isOne: boolean
}

/** The look of an element with these declarations, in one that looks like `parent`. */
export function readLook({ name, attributes, isForeign }: Styled, declares: Declares, parent: Look): Look {
  const read: Read = (property) => declares(property)?.value ?? ''
  const font = readFont(name, attributes, declares, parent)
  const box = readBox(name, read, font.px)
  const ink = readInk(name, attributes, declares, parent.ink, isForeign, (parent.flags & BLENDED) !== 0)
  const { x, y, scale, opacity } = accumulate(box, parent)
  const goneBy = isUndisplayed(name, attributes, declares)
    ? 'not-displayed'
    : (box.goneBy ?? (opacity <= LEAST_OPACITY ? 'transparent' : null))
  const text = readText(read, font.px, parent)
  const flags =
    (goneBy === null ? 0 : GONE) |
    (isKept(declares('visibility')?.value, parent.flags & INVISIBLE, (value) => /^(?:hidden|collapse)$/.test(value))
      ? INVISIBLE
      : 0) |
    (font.px * scale < LEAST_FONT_PX || scale <= LEAST_SCALE ? TINY : 0) |
    (isAway(x, y) ? AWAY : 0) |
    text |
    judgeInk(ink, opacity) |
    (font.isDoubtful || box.isDoubtful || name === 'mphantom' ? DOUBTFUL : parent.flags & DOUBTFUL)
  return {
    flags,
    goneBy,
    isLeaky: goneBy !== null && box.isLeaky,
    fontPx: font.px,
    rootPx: font.rootPx,
    ink,
    x,
    y,
    scale,
    opacity,
    variables: parent.variables,
    isCover: goneBy === null && box.isCover,
  }
}

/** Whether nothing differs. */
export function isSame(first: Look, second: Look): boolean {
  return SAME.every((key) => first[key] === second[key]) && INK_KEYS.every((key) => first.ink[key] === second.ink[key])
}

const SAME = ['flags', 'goneBy', 'isLeaky', 'fontPx', 'rootPx', 'x', 'y', 'scale', 'opacity', 'variables', 'isCover'] as const
const INK_KEYS = ['color', 'fill', 'papers', 'isPictured', 'isEdged', 'link'] as const

function accumulate(box: Box, parent: Look): Pick<Look, 'x' | 'y' | 'scale' | 'opacity'> {
  const around = box.isFixed ? { x: 0, y: 0 } : parent
  return {
    x: around.x + box.x,
    y: around.y + box.y,
    scale: parent.scale * box.scale,
    opacity: parent.opacity * box.opacity,
  }
}

function isAway(x: number, y: number): boolean {
  return x <= -FAR_LEFT_PX || y <= -FAR_UP_PX || x >= FAR_PX || y >= FAR_PX
}

/** Whether letters are seen on what is behind them. */
function judgeInk({ color, fill, papers, isPictured, isEdged }: Ink, opacity: number): number {
  const letters = fill === undefined ? color : fill
  if (letters === null) return 0
  const isClear = letters[3] * opacity < LEAST_ALPHA
  const lost = isClear ? papers : papers.filter((paper) => isAlike(letters, paper, opacity))
  if (lost.length === 0) return 0
  return isEdged || lost.length < papers.length || (isPictured && !isClear) ? DOUBTFUL_TEXT : BLENDED
}

/** What is inherited and moves, crushes or masks letters. */
function readText(read: Read, fontPx: number, parent: Look): number {
  const spacing = readLengthPx(read('letter-spacing'), fontPx, fontPx) ?? 0
  const words = readLengthPx(read('word-spacing'), fontPx, fontPx) ?? 0
  const aligned = readLengthPx(read('vertical-align'), fontPx, fontPx) ?? 0
  const indent = (value: string): number => readLengthPx(splitWords(value)[0] ?? '', fontPx, PAGE_PX) ?? 0
  const isIndented = isKept(read('text-indent') || undefined, parent.flags & INDENTED, (value) => {
    return indent(value) <= -FAR_LEFT_PX || indent(value) >= FAR_PX
  })
  const isMasked = isKept(read('text-security') || undefined, parent.flags & MASKED, (value) => !/^(?:none|initial)$/.test(value))
  const isFar = Math.max(Math.abs(words), Math.abs(aligned), indent(read('text-indent'))) >= FAR_LEFT_PX
  return (
    (isIndented ? INDENTED : 0) |
    (isMasked ? MASKED : 0) |
    (fontPx > 0 && spacing <= -0.5 * fontPx ? TINY : 0) |
    (spacing >= FAR_LETTERS_PX ? INDENTED : 0) |
    (isFar && !isIndented ? DOUBTFUL_TEXT : 0)
  )
}

const FAR_LETTERS_PX = 200

/** Whether a property that is inherited hides; unknown, it does not. */
function isKept(value: string | null | undefined, inherited: number, hides: (value: string) => boolean): boolean {
  if (value === undefined) return inherited !== 0
  return value !== null && hides(value)
}

/** What is not displayed by itself may be told to be, except what is only found by searching. */
function isUndisplayed(name: string, attributes: Attributes, declares: Declares): boolean {
  const display = declares('display')
  if (/^until-found$/i.test(attributes.get('hidden')?.trim() ?? '')) return true
  if (display) return display.value !== null && /^(?:none|table-column|table-column-group)$/.test(display.value)
  return (
    UNDISPLAYED.has(name) ||
    attributes.has('hidden') ||
    attributes.has('popover') ||
    (name === 'dialog' && !attributes.has('open'))
  )
}

type Font = { readonly px: number; readonly rootPx: number; readonly isDoubtful: boolean }

function readFont(name: string, attributes: Attributes, declares: Declares, parent: Look): Font {
  const px = readFontPx(name, attributes, declares('font-size')?.value, parent)
  const adjusted = declares('font-size-adjust')?.value
  const ratio = adjusted ? Number(/(?:^|\s)([\d.]{1,9})$/.exec(adjusted)?.[1] ?? 1) : 1
  const known = (px ?? MEDIUM_PX) * (ratio < 0.1 ? ratio : 1)
  return { px: known, rootPx: name === 'html' ? known : parent.rootPx, isDoubtful: px === null }
}

/** Null where it is declared and not worked out. */
function readFontPx(
  name: string,
  attributes: Attributes,
  value: string | null | undefined,
  { fontPx, rootPx }: Look,
): number | null {
  if (value === undefined) {
    if (name === 'font' && /\d/.test(attributes.get('size') ?? '')) return MEDIUM_PX
    return fontPx * (OWN_LOOKS.get(name) ?? 1)
  }
  if (value === null) return MEDIUM_PX
  if (value === 'smaller' || value === 'larger') return fontPx * (value === 'smaller' ? 0.83 : 1.2)
  if (/^(?:initial|math|(?:x{1,3}-)?(?:small|large)|medium|-webkit-xxx-large)$/.test(value)) return MEDIUM_PX
  return readLengthPx(value, fontPx, fontPx, rootPx)
}
