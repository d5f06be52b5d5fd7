/** The mathematics of CSS (CSS Values 4 section 10), in which units count for nothing: what is not understood is not worked out. */

const TOKEN =
  /\s*(?:([a-z-]+)\(|([()*/,])|((?:[+-](?=[\d.]))?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?(?:[a-z]+|%)?)|([+-])|([a-z][a-z-]*))/y

/** Brackets within each other; nobody writes so many. */
const MAX_DEPTH = 16

const FUNCTIONS: ReadonlyMap<string, (...values: number[]) => number> = new Map<string, (...values: number[]) => number>([
  ...['', 'calc', '-webkit-calc', '-moz-calc'].map((name) => [name, (value: number) => value] as const),
  ['min', Math.min],
  ['max', Math.max],
  ['clamp', (least: number, value: number, most: number) => Math.max(least, Math.min(value, most))],
  ['abs', Math.abs],
  ['sign', Math.sign],
  ['pow', (base: number, exponent: number) => base ** exponent],
  ['sqrt', Math.sqrt],
  ['hypot', Math.hypot],
  ['mod', (value: number, step: number) => value - step * Math.floor(value / step)],
  ['rem', (value: number, step: number) => value % step],
  ['round', (value: number, step = 1) => Math.round(value / step) * step],
])
const CONSTANTS: ReadonlyMap<string, number> = new Map([
  ['pi', Math.PI],
  ['e', Math.E],
  ['infinity', Number.MAX_SAFE_INTEGER],
  ['-infinity', -Number.MAX_SAFE_INTEGER],
])

/** One value that is worked out; lengths and names in it are read by `readTerm`. */
export class Calculation {
  readonly #tokens: RegExpExecArray[] = []
  readonly #readTerm: (term: string) => number | null
  #at = 0
  #isBroken = false

  constructor(value: string, readTerm: (term: string) => number | null) {
    this.#readTerm = readTerm
    const tokens = new RegExp(TOKEN)
    for (let token = tokens.exec(value); token; token = tokens.exec(value)) {
      this.#tokens.push(token)
      if (tokens.lastIndex >= value.length) return
    }
    this.#isBroken = true
  }

  /** Null for what is not understood. */
  read(): number | null {
    const value = this.#isBroken ? Number.NaN : this.#readSum(0)
    return this.#at < this.#tokens.length || Number.isNaN(value) ? null : value
  }

  #take(...operators: string[]): string {
    const token = this.#tokens[this.#at]
    const operator = token?.[2] ?? token?.[4]
    if (operator === undefined || !operators.includes(operator)) return ''
    this.#at++
    return operator
  }

  #readSum(depth: number): number {
    let sum = this.#readProduct(depth)
    for (let sign = this.#take('+', '-'); sign !== ''; sign = this.#take('+', '-')) {
      const next = this.#readProduct(depth)
      sum += sign === '+' ? next : -next
    }
    return sum
  }

  #readProduct(depth: number): number {
    let product = this.#readOperand(depth)
    for (let sign = this.#take('*', '/'); sign !== ''; sign = this.#take('*', '/')) {
      const next = this.#readOperand(depth)
      product = sign === '*' ? product * next : product / next
    }
    return product
  }

  #readOperand(depth: number): number {
    const isBracket = this.#take('(') !== ''
    const [, name, , term, , word] = isBracket ? [] : (this.#tokens[this.#at] ?? [])
    if (!isBracket) this.#at++
    if (term !== undefined) return this.#readTerm(term) ?? Number.NaN
    if (word !== undefined) return CONSTANTS.get(word) ?? this.#readTerm(word) ?? Number.NaN
    const work = FUNCTIONS.get(name ?? '')
    if (depth > MAX_DEPTH || !work || (name === undefined && !isBracket)) return Number.NaN
    const values = [this.#readSum(depth + 1)]
    while (this.#take(',') !== '') values.push(this.#readSum(depth + 1))
    return this.#take(')') === '' ? Number.NaN : work(...values)
  }
}
