/** Boxes that nothing is seen of: without opacity or extent, cut away, or off the screen. */

import type { HiddenKind } from '../../mail-facts.ts'
import { readGradient } from '../css/colors.ts'
import { readLengthPx } from '../css/values.ts'
import { judgeClip, readTransform } from './clips.ts'
import { BLOCK_SPACING } from './elements.ts'
import { PAGE_PX, type Read } from './lengths.ts'

/** What is seen of a box. */
export type Box = {
  /** Why nothing is, neither of what is in it. */
  readonly goneBy: HiddenKind | null
  /** Whether that is so cannot be told. */
  readonly isDoubtful: boolean
  /** What is in it and stands elsewhere is seen nevertheless. */
  readonly isLeaky: boolean
  /** It may lie over other text. */
  readonly isCover: boolean
  /** How far it is moved from where it would stand, in pixels, how it is scaled, and how much of it is seen. */
  readonly x: number
  readonly y: number
  readonly scale: number
  readonly opacity: number
  /** It stands in relation to the window. */
  readonly isFixed: boolean
}

/** Less of a box than this is not seen. */
export const LEAST_OPACITY = 0.05
/** What is cut to such an extent shows no letters. */
const LEAST_EXTENT_PX = 3
/** A box pulled up by so much may lie over what is before it. */
const COVERING_PX = -10

/** Elements that are boxes with a size of their own where nothing else is declared. */
const BLOCKS = new Set([
  ...[...BLOCK_SPACING.keys()].filter((name) => !/^(?:html|body|table|thead|tbody|tfoot|tr|caption)$/.test(name)),
  ...[
    'svg',
    'img',
    'button',
    'input',
    'textarea',
    'select',
    'object',
    'video',
    'marquee',
    'dialog',
    'hgroup',
    'search',
    'dir',
    'menu',
  ],
  ...['listing', 'xmp', 'plaintext', 'optgroup', 'iframe', 'canvas', 'embed'],
])

/** Reads the box of an element with these declarations, in letters of `fontPx`. */
export function readBox(name: string, read: Read, fontPx: number): Box {
  const px = (property: string): number | null => readLengthPx(read(property), fontPx, PAGE_PX)
  const transformed = readTransform(read, fontPx)
  const sheer = readSheer(read, fontPx)
  const flat = judgeFlat(name, read, px)
  const clip = judgeClip(read)
  const moved = readPlace(read, px)
  const goneBy =
    read('content-visibility') === 'hidden'
      ? 'not-displayed'
      : sheer.opacity <= LEAST_OPACITY
        ? 'transparent'
        : transformed.scale <= NO_SCALE || flat === 'gone'
          ? 'tiny'
          : clip === 'gone' || transformed.isGone
            ? 'off-screen'
            : null
  return {
    goneBy,
    isDoubtful: sheer.isDoubtful || flat === 'doubtful' || clip === 'doubtful' || transformed.isDoubtful || isStrange(read),
    isLeaky: goneBy === 'tiny' && flat === 'gone' && !/^(?:absolute|fixed|relative|sticky)$/.test(read('position')),
    isCover: isCover(name, read, px),
    x: moved.x + transformed.x,
    y: moved.y + transformed.y,
    scale: transformed.scale,
    opacity: sheer.opacity,
    isFixed: read('position') === 'fixed',
  }
}

const NO_SCALE = 0.001

type ReadPx = (property: string) => number | null

/** How much of a box is seen through opacity, filters and masks. */
function readSheer(read: Read, fontPx: number): { opacity: number; isDoubtful: boolean } {
  const own = read('opacity')
  const opacity = own === '' ? 1 : readLengthPx(own, 1, 1)
  const filter = read('filter')
  let filtered = 1
  let isDoubtful = opacity === null || /url\(|brightness\(|contrast\(/.test(filter) || filter.length > MAX_FILTER_CHARS
  for (const [, name, args = ''] of filter
    .slice(0, MAX_FILTER_CHARS)
    .matchAll(/\b(opacity|blur)\(([^()]{0,40}(?:\([^()]{0,40}\)[^()]{0,40})?)\)/g)) {
    const value = args.trim() === '' ? null : readLengthPx(args.trim(), name === 'blur' ? fontPx : 1, 1)
    if (value === null) isDoubtful ||= args.trim() !== ''
    else if (name === 'opacity') filtered *= Math.min(value, 1)
    else if (value > fontPx / 2) filtered = 0
  }
  const mask = read('mask-image')
  const painted = readGradient(mask)
  const isMasked = mask !== '' && mask !== 'none'
  if (isMasked)
    filtered *= /^0(?:px|%)?(?:\s|$)/.test(read('mask-size')) ? 0 : Math.max(...(painted?.map(([, , , alpha]) => alpha) ?? [1]))
  isDoubtful ||= isMasked && painted === null
  return { opacity: Math.min(Math.max(opacity ?? 1, 0), 1) * filtered, isDoubtful }
}

const MAX_FILTER_CHARS = 300

/** How far a box is moved by its position and its margins. */
function readPlace(read: Read, px: ReadPx): { x: number; y: number } {
  const [left, top] = [px('margin-left') ?? 0, px('margin-top') ?? 0]
  if (!/^(?:absolute|fixed|relative|sticky)$/.test(read('position'))) return { x: left, y: top }
  return { x: left + (px('left') ?? opposite(px('right'))), y: top + (px('top') ?? opposite(px('bottom'))) }
}

function opposite(length: number | null): number {
  return length === null ? 0 : -length
}

/** No more than some pixels high or wide, and what goes beyond is not shown. */
function judgeFlat(name: string, read: Read, px: ReadPx): 'shown' | 'gone' | 'doubtful' {
  const overflow = read('overflow') || (/^(?:svg|input|textarea)$/.test(name) ? 'hidden' : '')
  if (!/^(?:hidden|clip|scroll|auto|overlay)\b/.test(overflow)) return 'shown'
  const isSized = hasSize(name, read)
  // Letters do not count for the height of lines that have none.
  const hasNoLines = px('line-height') === 0 && px('height') === null && (px('min-height') ?? 0) <= LEAST_EXTENT_PX
  const isFlat = ['height', 'width'].map((side) => {
    const sizes = [read(side), read(`max-${side}`)].map((value) => ({
      value,
      length: px(side === 'height' && value.includes('%') ? '' : value === read(side) ? side : `max-${side}`),
    }))
    const most = Math.min(...sizes.map(({ length }) => length ?? PAGE_PX))
    if ((px(`min-${side}`) ?? 0) > LEAST_EXTENT_PX) return 'shown'
    if (most <= LEAST_EXTENT_PX) return isPadded(side, px) ? 'doubtful' : 'gone'
    return sizes.some(({ value, length }) => length === null && /\d/.test(value) && !/^[1-9]\d*%$/.test(value))
      ? 'doubtful'
      : 'shown'
  })
  if (hasNoLines && isSized) return 'gone'
  if (isFlat.includes('gone')) return isSized ? 'gone' : 'doubtful'
  return isFlat.includes('doubtful') ? 'doubtful' : 'shown'
}

/** What goes beyond the content of a box is seen as far as its padding goes. */
function isPadded(side: string, px: ReadPx): boolean {
  const sides = side === 'height' ? ['padding-top', 'padding-bottom'] : ['padding-left', 'padding-right']
  return sides.reduce((sum, padding) => sum + (px(padding) ?? 0), 0) > LEAST_EXTENT_PX
}

/** Whether a size counts: running text has none (CSS 2.1 section 10.2), that of tables is their least one (section 17.5.3). */
function hasSize(name: string, read: Read): boolean {
  if (/^(?:absolute|fixed)$/.test(read('position')) || /^(?:left|right|inline-start|inline-end)$/.test(read('float'))) return true
  const display = read('display')
  if (display === '') return BLOCKS.has(name)
  return /^(?:block|inline-block|flex|inline-flex|grid|inline-grid|list-item|flow-root|-webkit-(?:inline-)?(?:box|flex))\b/.test(
    display,
  )
}

/** Whether it may lie over text that is not in it. */
function isCover(name: string, read: Read, px: ReadPx): boolean {
  const position = read('position')
  const isTaken = position === 'absolute' || position === 'fixed'
  const isPulled = ['relative', 'sticky'].includes(position) && Math.min(px('top') ?? 0, px('margin-top') ?? 0) <= COVERING_PX
  if (!isTaken && !isPulled) return false
  const isPainted = name === 'img' || /\S/.test(read('background-image') + read('background-color'))
  const isStretched =
    (read('left') !== '' && read('right') !== '') ||
    (read('top') !== '' && read('bottom') !== '') ||
    read('width') + read('height') !== ''
  return isPainted && isStretched
}

/** Properties that add to those of the box around. */
const ADDED_UP = [
  ...['opacity', 'filter', 'mask-image', 'transform', 'scale', 'zoom', 'clip-path', 'left', 'top', 'margin-left', 'margin-top'],
]

/** What moves or replaces text in ways that are not followed here. */
function isStrange(read: Read): boolean {
  const isTurned = read('backface-visibility') === 'hidden' && /rotate|scale|matrix/.test(read('transform') + read('rotate'))
  return (
    isTurned ||
    ADDED_UP.some((property) => read(property) === 'inherit') ||
    !/^(?:none|normal|)$/.test(read('mix-blend-mode')) ||
    !/^(?:none|auto|normal|)$/.test(read('offset-path')) ||
    /url\(|gradient\(|image/.test(read('content')) ||
    /^0(?![.\d])/.test(read('grid-template-rows')) ||
    /override/.test(read('unicode-bidi')) ||
    // Its content gives it no size (CSS Containment 2 section 3.1), and what is beyond that is not drawn.
    /strict|size.*paint|paint.*size/.test(read('contain'))
  )
}
