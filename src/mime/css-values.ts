/** Lengths of CSS, as far as they decide whether text is seen. Values come in lower case, without white space around them. */

/** Longer values say nothing that is read here, and cost nothing. */
const MAX_VALUE_CHARS = 200

/** A viewport of 600 px, as wide as mail is designed. `ex`, `ch` and the em follow the font. */
const PX_PER_UNIT: ReadonlyMap<string, number> = new Map(
  Object.entries({
    '': 1,
    px: 1,
    pt: 4 / 3,
    pc: 16,
    in: 96,
    cm: 37.8,
    mm: 3.78,
    q: 0.945,
    rem: 16,
    vw: 6,
    vh: 6,
    vmin: 6,
    vmax: 6,
  }),
)
const EM_PER_UNIT: ReadonlyMap<string, number> = new Map(Object.entries({ em: 1, ex: 0.5, ch: 0.5 }))

/** A length in pixels; `fontPx` is what an em is, `fullPx` what 100 % are. Null for what is no length, or one that is not worked out here. */
export function readLengthPx(value: string, fontPx: number, fullPx: number): number | null {
  if (value.length > MAX_VALUE_CHARS) return null
  const calculated = /^(calc|min|max|clamp)\((.*)\)$/s.exec(value)
  if (calculated) return readCalculation(calculated[1] ?? '', calculated[2] ?? '', fontPx, fullPx)
  const [, digits, unit = ''] = /^([+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?)([a-z]*|%)$/.exec(value) ?? []
  if (digits === undefined) return null
  const number = Number(digits)
  if (unit === '%') return (number * fullPx) / 100
  const perUnit = PX_PER_UNIT.get(unit) ?? (EM_PER_UNIT.get(unit) ?? Number.NaN) * fontPx
  return Number.isNaN(perUnit) ? null : number * perUnit
}

/** Sums of products, without brackets within (CSS Values 4 section 10). */
function readCalculation(name: string, written: string, fontPx: number, fullPx: number): number | null {
  if (written.includes('(')) return null
  const values = written.split(',').map((sum) => readSum(sum.trim(), fontPx, fullPx))
  const known = values.filter((value) => value !== null)
  if (known.length < values.length) return null
  if (name === 'min') return Math.min(...known)
  if (name === 'max') return Math.max(...known)
  const [first = 0, middle = first, last = middle] = known
  return name === 'clamp' ? Math.max(first, Math.min(middle, last)) : first
}

function readSum(sum: string, fontPx: number, fullPx: number): number | null {
  let total = 0
  let sign = 1
  for (const term of sum.split(/\s+(?=[+-]\s)|(?<=\s[+-])\s+/)) {
    if (term === '+' || term === '-') {
      sign = term === '+' ? 1 : -1
      continue
    }
    const product = readProduct(term, fontPx, fullPx)
    if (product === null) return null
    total += sign * product
    sign = 1
  }
  return total
}

function readProduct(product: string, fontPx: number, fullPx: number): number | null {
  const [first = '', ...rest] = product.split(/\s*([*/])\s*/)
  let value = readLengthPx(first.trim(), fontPx, fullPx)
  for (let at = 0; at + 1 < rest.length && value !== null; at += 2) {
    const factor = readLengthPx((rest[at + 1] ?? '').trim(), fontPx, fullPx)
    value = factor === null ? null : rest[at] === '*' ? value * factor : value / factor
  }
  return value
}
