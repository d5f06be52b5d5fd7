/** Boxes that are cut to nothing, or moved, turned and scaled out of sight. What is not understood of that is in doubt. */

import { splitArguments } from '../css/colors.ts'
import { readLengthPx } from '../css/values.ts'
import { PAGE_PX, type Read } from './lengths.ts'

/** What a clip or a transform does to a box: whether nothing is left of it, or that is in doubt; how far it is moved, and how it is scaled. */
export type Transformed = {
  readonly isGone: boolean
  readonly isDoubtful: boolean
  readonly x: number
  readonly y: number
  readonly scale: number
}

/** Smaller parts of a box are no text. */
const LEAST_PX = 3
const EM_PX = 16

/** What `clip` and `clip-path` leave of a box. */
export function judgeClip(read: Read): 'shown' | 'gone' | 'doubtful' {
  if (/^(?:absolute|fixed)$/.test(read('position')) && isNarrowRectangle(read('clip'))) return 'gone'
  const path = read('clip-path')
  if (path === '' || path === 'none' || /^[a-z]+-box$/.test(path)) return 'shown'
  const [, shape = '', args = ''] = /^(inset|circle|ellipse|polygon|rect|xywh)\((.{0,300})\)(?:\s+[a-z]+-box)?$/s.exec(path) ?? []
  switch (shape) {
    case 'inset':
      return judgeInset(args)
    case 'polygon':
      return judgePolygon(args)
    case 'rect':
      return isNarrowRectangle(`rect(${args})`) ? 'gone' : 'shown'
    case 'xywh':
      return args.trim().split(/\s+/, 4).slice(2).some(isNothing) ? 'gone' : 'shown'
    case 'circle':
    case 'ellipse':
      return judgeRound(args)
    default:
      return 'doubtful'
  }
}

function px(length: string): number | null {
  return readLengthPx(length.trim(), EM_PX, PAGE_PX)
}

function isNothing(length: string): boolean {
  return (px(length) ?? PAGE_PX) <= 1
}

/** A round cut whose middle is far away shows as little as one without a radius. */
function judgeRound(args: string): 'shown' | 'gone' | 'doubtful' {
  const [radii = '', middle = ''] = args.split(/\bat\b/)
  if (radii.trim() !== '' && radii.trim().split(/\s+/, 2).some(isNothing)) return 'gone'
  const places = middle.trim() === '' ? [] : middle.trim().split(/\s+/)
  return places.some((place) => Math.abs(px(place) ?? 0) > 2 * PAGE_PX || (px(place) ?? 0) < 0) ? 'doubtful' : 'shown'
}

function judgeInset(args: string): 'shown' | 'gone' | 'doubtful' {
  const edges = (args.split(/\bround\b/)[0] ?? '').trim().split(/\s+/)
  const [top = '', right = top, bottom = top, left = right] = edges
  const pairs = [
    [top, bottom],
    [left, right],
  ] as const
  for (const [first, second] of pairs) {
    const [from, to] = [px(first), px(second)]
    if (from === null || to === null) return 'doubtful'
    const isRelative = [first, second].every((edge) => edge.endsWith('%') || Number.parseFloat(edge) === 0)
    if (isRelative ? from + to >= PAGE_PX - LEAST_PX : from + to >= FAR_CUT_PX) return 'gone'
  }
  return 'shown'
}

const FAR_CUT_PX = 1_000

/** By its area (the shoelace formula). */
function judgePolygon(args: string): 'shown' | 'gone' | 'doubtful' {
  const points = splitArguments(args.replace(/^\s*(?:evenodd|nonzero)\s*,/, '')).map((point) => point.split(/\s+/).map(px))
  let area = 0
  for (const [at, [x, y]] of points.entries()) {
    const [nextX, nextY] = points[(at + 1) % points.length] ?? []
    if (typeof x !== 'number' || typeof y !== 'number' || typeof nextX !== 'number' || typeof nextY !== 'number')
      return 'doubtful'
    if (Math.abs(x) > 2 * PAGE_PX || Math.abs(y) > 2 * PAGE_PX) return 'doubtful'
    area += x * nextY - nextX * y
  }
  return Math.abs(area) / 2 < LEAST_PX * LEAST_PX * EM_PX ? 'gone' : 'shown'
}

function isNarrowRectangle(clip: string): boolean {
  const edges = /^rect\(([^()]{1,100})\)$/
    .exec(clip)?.[1]
    ?.trim()
    .split(/[\s,]+/)
  const [top, right, bottom, left] = edges?.map(px) ?? []
  return isNarrow(top, bottom) || isNarrow(left, right)
}

function isNarrow(from: number | null | undefined, to: number | null | undefined): boolean {
  return typeof from === 'number' && typeof to === 'number' && to - from <= 1
}

/** What `transform`, `translate`, `scale`, `rotate` and `zoom` make of a box. */
export function readTransform(read: Read, fontPx: number): Transformed {
  const steps = [
    ...(/[a-z-]+\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)/.test(read('transform')) ? listFunctions(read('transform')) : []),
    ...wrap('translate', read('translate')),
    ...wrap('scale', read('scale')),
    ...wrap('scale', read('zoom')),
    ...wrapRotation(read('rotate')),
  ]
  let made: Transformed = { isGone: false, isDoubtful: isUnread(read('transform')), x: 0, y: 0, scale: 1 }
  for (const [name, args] of steps) {
    const step = readStep(name, args, fontPx)
    made = {
      isGone: made.isGone || step.isGone,
      isDoubtful: made.isDoubtful || step.isDoubtful,
      x: made.x + step.x,
      y: made.y + step.y,
      scale: made.scale * step.scale,
    }
  }
  return made
}

type Step = readonly [name: string, args: readonly string[]]

const MAX_TRANSFORM_CHARS = 400

function isUnread(transform: string): boolean {
  return transform.length > MAX_TRANSFORM_CHARS
}

function listFunctions(transform: string): Step[] {
  if (isUnread(transform)) return []
  return [...transform.matchAll(/([a-z\d]+)\(((?:[^()]|\((?:[^()]|\([^()]*\))*\))*)\)/g)].map(([, name = '', args = '']) => [
    name,
    splitArguments(args),
  ])
}

function wrap(name: string, value: string): Step[] {
  return value === '' || /^(?:none|normal|reset|document)$/.test(value) ? [] : [[name, value.split(/\s+(?![^(]*\))/, 3)]]
}

/** `rotate: x 90deg` is `rotateX(90deg)`. */
function wrapRotation(value: string): Step[] {
  const [, axis, angle = ''] = /^([xy])\s+(\S+)$/.exec(value) ?? /^(?:()z\s+)?(\S+)$/.exec(value) ?? []
  if (value === '' || value === 'none' || axis === '') return []
  return axis === undefined ? (/\s/.test(value) ? [['rotate3d', []]] : []) : [[`rotate${axis}`, [angle]]]
}

function readStep(name: string, args: readonly string[], fontPx: number): Transformed {
  const still: Transformed = { isGone: false, isDoubtful: false, x: 0, y: 0, scale: 1 }
  const length = (at: number): number | null => readLengthPx(args[at] ?? '0', fontPx, PAGE_PX)
  const number = (at: number, fallback: string): number | null => readLengthPx(args[at] ?? fallback, 1, 1)
  const doubtful = { ...still, isDoubtful: true }
  if (/^translate(?:x|3d)?$/.test(name)) return move(length(0), name === 'translatex' ? 0 : length(1)) ?? doubtful
  if (name === 'translatey') return move(0, length(0)) ?? doubtful
  if (/^scale(?:3d|x|y)?$/.test(name)) {
    const [x, y] = [number(0, '1'), name === 'scalex' || name === 'scaley' ? 1 : number(1, args[0] ?? '1')]
    return x === null || y === null ? doubtful : { ...still, scale: Math.min(Math.abs(x), Math.abs(y)) }
  }
  if (name === 'rotatex' || name === 'rotatey') {
    const turns = readTurns(args[0] ?? '')
    return turns === null ? doubtful : { ...still, isGone: Math.abs(Math.cos(turns * 2 * Math.PI)) < LEAST_COSINE }
  }
  if (name === 'matrix') {
    const [a, b, c, d] = [0, 1, 2, 3].map((at) => number(at, '0') ?? Number.NaN)
    const size = Math.sqrt(Math.abs((a ?? 0) * (d ?? 0) - (b ?? 0) * (c ?? 0)))
    const moved = move(length(4), length(5))
    return Number.isNaN(size) || moved === null ? doubtful : { ...moved, scale: size }
  }
  // What comes nearer than the eye is not drawn.
  if (name === 'perspective') return doubtful
  return name === 'matrix3d' || name === 'rotate3d' || name === 'skew' || name === 'skewx' || name === 'skewy' ? doubtful : still
}

const LEAST_COSINE = 0.05

function move(x: number | null, y: number | null): Transformed | null {
  return x === null || y === null ? null : { isGone: false, isDoubtful: false, x, y, scale: 1 }
}

function readTurns(angle: string): number | null {
  const [, digits, unit = ''] = /^([+-]?[\d.]{1,12})(deg|grad|rad|turn|)$/.exec(angle.trim()) ?? []
  if (digits === undefined) return null
  return Number(digits) / (unit === 'turn' ? 1 : unit === 'rad' ? 2 * Math.PI : unit === 'grad' ? 400 : 360)
}
