/** The colours of text and of what is behind it. */

import { BLACK, blend, type Color, isAlike, readColor, readGradient, readLegacyColor, TRANSPARENT, WHITE } from '../css/colors.ts'
import { isImage } from '../css/declarations.ts'
import type { Declares } from './declares.ts'

/** Colours of an element. */
export type Ink = {
  /** The colour of its text; null where it is not known. */
  readonly color: Color | null
  /** What its letters are filled with, where that is not their colour; null where it is not known. */
  readonly fill: Color | null | undefined
  /** The colours behind it, which cover all, and whether a picture lies over them. */
  readonly papers: readonly Color[]
  readonly isPictured: boolean
  /** Its letters have edges or shadows, which are seen without them. */
  readonly isEdged: boolean
  /** The colour that the body gives to links; null where it gives none. */
  readonly link: Color | null
}

/** Black on white, as a mail begins. */
export const PLAIN_INK: Ink = { color: BLACK, fill: undefined, papers: [WHITE], isPictured: false, isEdged: false, link: null }

/** As a page that is dark by itself begins. */
const DARK_INK: Ink = { ...PLAIN_INK, color: WHITE, papers: [[18, 18, 18, 1]] }
const LINK_BLUE: Color = [0, 0, 238, 1]

/** Their colour is `fill` (SVG 2 section 13.3). */
const PICTURE_TEXT = new Set(['svg', 'text', 'tspan', 'g', 'textpath', 'a'])

type Attributes = ReadonlyMap<string, string>

/** The colours of an element in one of these; `isLost` where text around it is not seen for its colour. */
export function readInk(
  name: string,
  attributes: Attributes,
  declares: Declares,
  around: Ink,
  isForeign: boolean,
  isLost: boolean,
): Ink {
  const parent = name === 'html' && /^(?:only\s+)?dark$/.test(declares('color-scheme')?.value ?? '') ? DARK_INK : around
  const color = readTextColor(name, attributes, declares, parent, isLost)
  const back = readBackground(attributes, declares, parent, color ?? BLACK)
  const ink: Ink = {
    color,
    fill: isForeign && PICTURE_TEXT.has(name) ? readFill(declares, parent, color) : readTextFill(declares, parent, color),
    ...back,
    isEdged: readEdges(declares) ?? parent.isEdged,
    link: name === 'body' ? (readLegacyColor(attributes.get('link') ?? '') ?? parent.link) : parent.link,
  }
  return declares('background-clip')?.value?.includes('text') ? cutOut(ink, parent) : ink
}

/** Null where nothing is said of them. */
function readEdges(declares: Declares): boolean | null {
  const [shadow, stroke] = [declares('text-shadow'), declares('text-stroke')]
  if (!shadow && !stroke) return null
  return !/^(?:none|initial|)$/.test(shadow?.value ?? '') || !/^(?:0(?:px)?(?:\s|$)|initial|$)/.test(stroke?.value ?? '')
}

/** Letters cut out of a background have its colours where they have none, and stand on what is behind it. */
function cutOut(ink: Ink, parent: Ink): Ink {
  const letters = ink.fill === undefined ? ink.color : ink.fill
  if (letters === null || letters[3] > 0.5) return { ...ink, papers: parent.papers, isPictured: parent.isPictured }
  const seen = ink.papers.map((paper) => blend(letters, paper))
  const fill = seen.find((color) => !parent.papers.some((paper) => isAlike(color, paper))) ?? seen[0] ?? letters
  return { ...ink, fill, papers: parent.papers }
}

function readTextColor(name: string, attributes: Attributes, declares: Declares, parent: Ink, isLost: boolean): Color | null {
  const declared = declares('color')
  if (declared)
    return declared.value === null
      ? null
      : declared.value === 'initial'
        ? BLACK
        : readColor(declared.value, parent.color ?? BLACK)
  const written = attributes.get('color') ?? (name === 'body' ? attributes.get('text') : undefined)
  if (written !== undefined) return readLegacyColor(written) ?? parent.color
  if (name === 'svg' && isLost) return BLACK
  if (name === 'a' && attributes.has('href') && parent.link) return parent.link
  // A link has a colour of its own; where its text is seen anyway, that of the text around it does as well.
  return name === 'a' && attributes.has('href') && isLost ? LINK_BLUE : parent.color
}

function readTextFill(declares: Declares, parent: Ink, color: Color | null): Color | null | undefined {
  const declared = declares('text-fill-color')
  if (!declared) return parent.fill
  if (declared.value === 'initial' || declared.value === 'currentcolor') return undefined
  return declared.value === null ? null : readColor(declared.value, color ?? BLACK)
}

function readFill(declares: Declares, parent: Ink, color: Color | null): Color | null {
  const value = declares('fill')?.value
  const fill =
    value === undefined
      ? parent.fill === undefined
        ? BLACK
        : parent.fill
      : value === 'none'
        ? TRANSPARENT
        : readColor(value ?? '', color ?? BLACK)
  const opacity = Number(declares('fill-opacity')?.value ?? 1)
  return fill && !Number.isNaN(opacity) ? [fill[0], fill[1], fill[2], fill[3] * opacity] : fill
}

function readBackground(
  attributes: Attributes,
  declares: Declares,
  { papers, isPictured }: Ink,
  current: Color,
): Pick<Ink, 'papers' | 'isPictured'> {
  const color = readBackgroundColor(attributes, declares, current)
  const isCovered = color !== null && color[3] >= 1
  const behind = color === null || color[3] === 0 ? papers : isCovered ? [color] : papers.map((paper) => blend(color, paper))
  const picture = declares('background-image')
  const painted = picture?.value ? readGradient(picture.value, current) : null
  if (painted) {
    const isFull = painted.every(([, , , alpha]) => alpha >= 1)
    const seen = isFull ? painted : painted.flatMap((stop) => behind.map((paper) => blend(stop, paper))).slice(0, MAX_PAPERS)
    return { papers: seen, isPictured: isPictured && !isCovered && !isFull }
  }
  const hasPicture =
    picture === undefined ? (attributes.get('background')?.trim() ?? '') !== '' : picture.value === null || isImage(picture.value)
  return { papers: behind, isPictured: hasPicture || color === null || (isPictured && !isCovered) }
}

const MAX_PAPERS = 16

/** Null for one that is not known. */
function readBackgroundColor(attributes: Attributes, declares: Declares, current: Color): Color | null {
  const declared = declares('background-color')
  if (!declared) return readLegacyColor(attributes.get('bgcolor') ?? '') ?? TRANSPARENT
  return declared.value === null ? null : declared.value === 'initial' ? TRANSPARENT : readColor(declared.value, current)
}
