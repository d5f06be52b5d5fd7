/** Boxes that nothing is seen of: without opacity or extent, cut away, or off the screen. What is in them is gone with them. */

import type { HiddenKind } from '../mail-facts.ts'
import { readGradient, TRANSPARENT } from './css-colors.ts'
import { readLengthPx } from './css-values.ts'
import type { Declares } from './html-style.ts'

/** Mail is designed for this width. */
const PAGE_PX = 600
/** Further left than any mail is wide. */
const FAR_LEFT_PX = 500
/** Above is further, because blocks are drawn over a picture by margins of hundreds of pixels. */
const FAR_UP_PX = 1_000
const FAR_RIGHT_PX = 5_000

/** Elements that have no size to set (CSS 2.1 sections 10.2 and 10.5) or whose size is only their least one (section 17.5.3). */
const WITHOUT_SIZE = new Set([
  ...[
    'a',
    'abbr',
    'b',
    'big',
    'cite',
    'code',
    'del',
    'em',
    'font',
    'i',
    'ins',
    'kbd',
    'label',
    'mark',
    'q',
    's',
    'small',
    'span',
    'strike',
  ],
  ...['strong', 'sub', 'sup', 'tt', 'u', 'var', 'html', 'body', 'table', 'thead', 'tbody', 'tfoot', 'tr', 'td', 'th', 'caption'],
])

/** Why nothing is seen of an element with these declarations; null where something is. */
export function findHidingBox(name: string, declares: Declares, fontPx: number): HiddenKind | null {
  const read = (property: string): string => declares(property)?.value ?? ''
  const px = (property: string): number | null => readLengthPx(read(property), fontPx, PAGE_PX)
  if (read('content-visibility') === 'hidden') return 'not-displayed'
  if (isSheer(read)) return 'transparent'
  if (isOffScreen(read, px)) return 'off-screen'
  if (isFlat(name, read, px) || isShrunk(read)) return 'tiny'
  return isCut(read) || isTransformedAway(read) ? 'off-screen' : null
}

type Read = (property: string) => string
type ReadPx = (property: string) => number | null

function isSheer(read: Read): boolean {
  const opacity = readLengthPx(read('opacity'), 1, 1)
  if (opacity !== null && opacity <= LEAST_OPACITY) return true
  const filtered = /\bopacity\(\s*([^()]{0,20})\)/.exec(read('filter'))?.[1]?.trim()
  const filteredOpacity = filtered === undefined ? null : readLengthPx(filtered, 1, 1)
  return (filteredOpacity !== null && filteredOpacity <= LEAST_OPACITY) || readGradient(read('mask-image')) === TRANSPARENT
}

const LEAST_OPACITY = 0.05

function isShrunk(read: Read): boolean {
  const factors = [
    read('zoom'),
    ...read('scale').split(/\s+/, 2),
    ...(/\bscale(?:3d|x|y)?\(([^()]{1,60})\)/.exec(read('transform'))?.[1]?.split(',', 2) ?? []),
  ]
  return factors.some((factor) => {
    const size = readLengthPx(factor.trim(), 1, 1)
    return size !== null && Math.abs(size) <= LEAST_SCALE
  })
}

/** Letters of a tenth of their size are not read. */
const LEAST_SCALE = 0.1

function isOffScreen(read: Read, px: ReadPx): boolean {
  if ((px('margin-left') ?? 0) <= -FAR_LEFT_PX || (px('margin-top') ?? 0) <= -FAR_UP_PX) return true
  if (!/^(?:absolute|fixed|relative|sticky)$/.test(read('position'))) return false
  const left = px('left') ?? 0
  if (left <= -FAR_LEFT_PX || left >= FAR_RIGHT_PX || (px('right') ?? 0) <= -FAR_LEFT_PX) return true
  return (px('right') ?? 0) >= FAR_RIGHT_PX || (px('top') ?? 0) <= -FAR_UP_PX || (px('bottom') ?? 0) >= FAR_RIGHT_PX
}

/** No more than a pixel high or wide, and what goes beyond is not shown. */
function isFlat(name: string, read: Read, px: ReadPx): boolean {
  if (!/^(?:hidden|clip|scroll|auto)\b/.test(read('overflow'))) return false
  if (WITHOUT_SIZE.has(name) && !hasSize(read)) return false
  // Letters do not count for the height of lines that have none.
  if (px('line-height') === 0 && px('height') === null && (px('min-height') ?? 0) <= 1) return true
  return ['height', 'width'].some((side) => {
    const most = Math.min(px(side) ?? PAGE_PX, px(`max-${side}`) ?? PAGE_PX)
    return most <= 1 && (px(`min-${side}`) ?? 0) <= 1
  })
}

/** Whether an element of any name is made a block. */
function hasSize(read: Read): boolean {
  const isTaken = /^(?:absolute|fixed)$/.test(read('position')) || /^(?:left|right)$/.test(read('float'))
  return isTaken || /^(?:block|inline-block|flex|inline-flex|grid|list-item|flow-root)$/.test(read('display'))
}

function isCut(read: Read): boolean {
  if (/^(?:absolute|fixed)$/.test(read('position')) && isNarrowRectangle(read('clip'))) return true
  const [, shape = '', args = ''] = /^(inset|circle|ellipse|polygon|rect|xywh)\(([^()]{1,300})\)/.exec(read('clip-path')) ?? []
  if (shape === 'inset') return /(?:^|\s)(?:[5-9]\d(?:\.\d+)?|\d{3,})%|(?:^|\s)\d{4,}px/.test(args)
  if (shape === 'polygon') return new Set(args.split(',').map((point) => point.trim().replace(/\b0(?:px|%)/g, '0'))).size === 1
  if (shape === 'rect') return isNarrowRectangle(`rect(${args})`)
  if (shape === 'xywh') return args.trim().split(/\s+/, 4).slice(2).some(isNothing)
  return shape !== '' && args.trim().split(/\s+/, 2).some(isNothing)
}

function isNothing(length: string): boolean {
  return (readLengthPx(length, 16, PAGE_PX) ?? PAGE_PX) <= 1
}

function isNarrowRectangle(clip: string): boolean {
  const edges = /^rect\(([^()]{1,100})\)$/
    .exec(clip)?.[1]
    ?.trim()
    .split(/[\s,]+/)
  const [top, right, bottom, left] = edges?.map((edge) => readLengthPx(edge, 16, PAGE_PX)) ?? []
  return isNarrow(top, bottom) || isNarrow(left, right)
}

function isNarrow(from: number | null | undefined, to: number | null | undefined): boolean {
  return typeof from === 'number' && typeof to === 'number' && to - from <= 1
}

/** Moved out of sight, or turned so that its edge is seen. */
function isTransformedAway(read: Read): boolean {
  const transform = read('transform')
  if (/\brotate[xy]\(\s*[+-]?(?:90|270)deg/.test(transform) || /\bmatrix\(\s*0\s*,\s*0\s*,\s*0\s*,\s*0\s*,/.test(transform))
    return true
  if (/\btranslate(?:x|y|3d)?\([^()]{0,40}?-?\d{4,6}(?:\.\d+)?(?:px|%|vw|vh)/.test(transform)) return true
  return /^[xy]\s+[+-]?(?:90|270)deg$/.test(read('rotate')) || /(?:^|\s)-?\d{4,6}(?:px|%|vw|vh)/.test(read('translate'))
}
