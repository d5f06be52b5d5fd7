/** Boxes that nothing is seen of: without opacity or extent, cut away, or off the screen. What is in them is gone with them. */

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

/** Whether nothing is seen of an element with these declarations. */
export function isBoxHidden(name: string, declares: Declares, fontPx: number): boolean {
  const read = (property: string): string => declares(property)?.value ?? ''
  const px = (property: string): number | null => readLengthPx(read(property), fontPx, PAGE_PX)
  const opacity = readLengthPx(read('opacity'), 1, 1)
  if (opacity !== null && opacity <= 0.05) return true
  return isOffScreen(read, px) || isFlat(name, read, px) || isCut(read) || isTransformedAway(read('transform'))
}

type Read = (property: string) => string
type ReadPx = (property: string) => number | null

function isOffScreen(read: Read, px: ReadPx): boolean {
  if ((px('margin-left') ?? 0) <= -FAR_LEFT_PX || (px('margin-top') ?? 0) <= -FAR_UP_PX) return true
  if (!/^(?:absolute|fixed|relative|sticky)$/.test(read('position'))) return false
  const left = px('left') ?? 0
  return left <= -FAR_LEFT_PX || left >= FAR_RIGHT_PX || (px('right') ?? 0) <= -FAR_LEFT_PX || (px('top') ?? 0) <= -FAR_UP_PX
}

/** No more than a pixel high or wide, and what goes beyond is not shown. */
function isFlat(name: string, read: Read, px: ReadPx): boolean {
  if (!/^(?:hidden|clip|scroll|auto)\b/.test(read('overflow'))) return false
  if (WITHOUT_SIZE.has(name) && !hasSize(read)) return false
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
  if (/^(?:absolute|fixed)$/.test(read('position'))) {
    const edges = /^rect\(([^()]{1,100})\)$/
      .exec(read('clip'))?.[1]
      ?.trim()
      .split(/[\s,]+/)
    const [top, right, bottom, left] = edges?.map((edge) => readLengthPx(edge, 16, PAGE_PX)) ?? []
    if (isNarrow(top, bottom) || isNarrow(left, right)) return true
  }
  const [, shape = '', args = ''] = /^(inset|circle|ellipse|polygon)\(([^()]{1,100})\)/.exec(read('clip-path')) ?? []
  if (shape === 'inset') return /(?:^|\s)(?:[5-9]\d(?:\.\d+)?|\d{3,})%/.test(args)
  if (shape === 'polygon') return /^[\s,]*(?:0(?:px|%)?(?:[\s,]+|$))+$/.test(args)
  return shape !== '' && /^\s*0(?:\D|$)/.test(args)
}

function isNarrow(from: number | null | undefined, to: number | null | undefined): boolean {
  return typeof from === 'number' && typeof to === 'number' && to - from <= 1
}

function isTransformedAway(transform: string): boolean {
  return (
    /\bscale[xy]?\(\s*0(?:\.0+)?\s*[,)]/.test(transform) ||
    /\btranslate(?:x|y|3d)?\([^()]{0,40}?-?\d{4,6}(?:\.\d+)?px/.test(transform)
  )
}
