/** The colours of text and of what is behind it. */

import { BLACK, blend, type Color, readColor, readGradient, readLegacyColor, TRANSPARENT, WHITE } from './css-colors.ts'
import { isImage } from './css-declarations.ts'
import type { Declares } from './html-declares.ts'

/** Colours of an element. */
export type Ink = {
  /** The colour of its text; null where it is not known. */
  readonly color: Color | null
  /** What its letters are filled with, where that is not their colour; null where it is not known. */
  readonly fill: Color | null | undefined
  /** The colour behind it, which covers all, and whether a picture lies over that. */
  readonly background: Color
  readonly isPictured: boolean
  /** Its letters have edges or shadows, which are seen without them. */
  readonly isEdged: boolean
}

/** Black on white, as a mail begins. */
export const PLAIN_INK: Ink = { color: BLACK, fill: undefined, background: WHITE, isPictured: false, isEdged: false }

/** As a page that is dark by itself begins. */
const DARK_INK: Ink = { ...PLAIN_INK, color: WHITE, background: [18, 18, 18, 1] }
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
  const edges = declares('text-shadow') ?? declares('text-stroke')
  const ink: Ink = {
    color,
    fill: isForeign && PICTURE_TEXT.has(name) ? readFill(declares, parent, color) : readTextFill(declares, parent, color),
    ...back,
    isEdged: edges === undefined ? parent.isEdged : !/^(?:none|0(?:px)?|initial)(?:\s|$)/.test(edges.value ?? ''),
  }
  return declares('background-clip')?.value?.includes('text') ? cutOut(ink, parent) : ink
}

/** Letters cut out of a background have its colour where they have none, and stand on what is behind it. */
function cutOut(ink: Ink, parent: Ink): Ink {
  const letters = ink.fill === undefined ? ink.color : ink.fill
  const fill = letters === null || ink.isPictured ? null : blend(letters, ink.background)
  const isUnseen = letters !== null && letters[3] > 0.5
  return { ...ink, fill: isUnseen ? letters : fill, background: parent.background, isPictured: parent.isPictured }
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
  { background, isPictured }: Ink,
  current: Color,
): Pick<Ink, 'background' | 'isPictured'> {
  const color = readBackgroundColor(attributes, declares, current)
  const isKnown = color !== null
  const isCovered = isKnown && color[3] >= 1
  const behind = isKnown ? blend(color, background) : background
  const picture = declares('background-image')
  const painted = picture?.value ? readGradient(picture.value, current) : null
  if (painted) return { background: blend(painted, behind), isPictured: isPictured && !isCovered && painted[3] < 1 }
  const hasPicture =
    picture === undefined ? (attributes.get('background')?.trim() ?? '') !== '' : picture.value === null || isImage(picture.value)
  return { background: behind, isPictured: hasPicture || !isKnown || (isPictured && !isCovered) }
}

/** Null for one that is not known. */
function readBackgroundColor(attributes: Attributes, declares: Declares, current: Color): Color | null {
  const declared = declares('background-color')
  if (!declared) return readLegacyColor(attributes.get('bgcolor') ?? '') ?? TRANSPARENT
  return declared.value === null ? null : declared.value === 'initial' ? TRANSPARENT : readColor(declared.value, current)
}
