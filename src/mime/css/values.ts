/** Lengths of CSS, as far as they decide whether text is seen. Values come in lower case, without white space around them. */

import { Calculation } from './calculation.ts'

/** Longer values say nothing that is read here, and cost nothing. */
const MAX_VALUE_CHARS = 200
const ROOT_PX = 16

/** A viewport of 600 by 1,000 px, as wide as mail is designed and as high as a screen. `ex`, `ch` and the em follow the font. */
const PX_PER_UNIT: ReadonlyMap<string, number> = new Map([
  ...Object.entries({ '': 1, px: 1, pt: 4 / 3, pc: 16, in: 96, cm: 37.8, mm: 3.78, q: 0.945 }),
  ...['vw', 'vh', 'vi', 'vb', 'vmin', 'vmax'].flatMap((unit) =>
    ['', 's', 'l', 'd'].map((kind) => [`${kind}${unit}`, /h|b|max/.test(unit) ? 10 : 6] as const),
  ),
  ...['w', 'h', 'i', 'b', 'min', 'max'].map((unit) => [`cq${unit}`, 6] as const),
])
const EM_PER_UNIT: ReadonlyMap<string, number> = new Map(Object.entries({ em: 1, ex: 0.5, ch: 0.5, ic: 1, cap: 0.7, lh: 1.2 }))

/**
 * A length in pixels, or a number; `fontPx` is what an em is, `fullPx` what 100 % are, `rootPx` a rem. Null for what is no length, or one that is not worked
 * out here.
 */
export function readLengthPx(value: string, fontPx: number, fullPx: number, rootPx = ROOT_PX): number | null {
  if (value.length > MAX_VALUE_CHARS) return null
  if (value.includes('(')) return new Calculation(value, (term) => readTermPx(term, fontPx, fullPx, rootPx)).read()
  return readTermPx(value, fontPx, fullPx, rootPx)
}

function readTermPx(term: string, fontPx: number, fullPx: number, rootPx: number): number | null {
  const [, digits, unit = ''] = /^([+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?)([a-z]*|%)$/.exec(term) ?? []
  if (digits === undefined) return null
  const number = Number(digits)
  if (unit === '%') return (number * fullPx) / 100
  const perUnit = PX_PER_UNIT.get(unit) ?? (EM_PER_UNIT.get(unit) ?? Number.NaN) * fontPx
  if (!Number.isNaN(perUnit)) return number * perUnit
  const perRem = unit.startsWith('r') ? EM_PER_UNIT.get(unit.slice(1)) : undefined
  return perRem === undefined ? null : number * perRem * rootPx
}
