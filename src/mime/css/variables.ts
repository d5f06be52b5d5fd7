/** Custom properties of CSS (CSS Variables 1): what is declared in one element and used in those below. */

/** Custom properties that an element knows: its own by their names, with null for one whose value is not known here, and those of the elements around it. */
export type Variables = {
  readonly own: ReadonlyMap<string, string | null>
  readonly outer: Variables | null
  /** How many are around it until all are in one map again, so that none is far and few are copied. */
  readonly depth: number
  readonly size: number
  /** There were more than are kept: one that is not found here may be known to a browser. */
  readonly isCut: boolean
}

/** A name within a name within a name. */
const MAX_DEPTH = 10
const MAX_VALUE_CHARS = 500
/** Known in one element; the sheets of large sites have some two hundred. */
export const MAX_VARIABLES = 300
/** Read for all elements of one message: a sheet may declare hundreds of each of thousands. */
export const MAX_DECLARED_VARIABLES = 1_000_000
/** Stands for those that are not kept: a name that CSS keeps for itself, so that nothing else is called so (CSS Variables 1 section 2). */
export const OTHER_VARIABLES = '--'

/**
 * The value with what its variables stand for, in lower case. Where one stands for nothing it is `unset`, for the whole declaration is then as good as none
 * (CSS Variables 1 section 3.1); null where that is not known.
 */
export function resolveVariables(value: string, variables: Variables | null): string | null {
  let text = value
  for (let depth = 0; ; depth++) {
    const start = text.search(/(?<![\w-])var\(/i)
    if (start < 0) return text.trim().toLowerCase()
    const end = findEnd(text, start + 4)
    if (end < 0 || depth >= MAX_DEPTH || text.length > MAX_VALUE_CHARS) return null
    const [, name = '', fallback] = /^\s*(--[^\s,()]{0,200})\s*(?:,(.*))?$/s.exec(text.slice(start + 4, end)) ?? []
    const known = find(variables, name)
    if (known === null) return null
    const meant = known === undefined || /^\s*initial\s*$/i.test(known) ? fallback?.trim() : known
    if (meant === undefined) return 'unset'
    text = text.slice(0, start) + meant + text.slice(end + 1)
  }
}

function findEnd(text: string, start: number): number {
  let depth = 1
  for (let at = start; at < text.length; at++) {
    const char = text.charAt(at)
    if (char === '(') depth++
    if (char === ')' && --depth === 0) return at
  }
  return -1
}

/** What an element knows that declares these custom properties, within one that knows `inherited`; each is paid for from the budget. */
export function declareVariables(
  declared: Iterable<readonly [string, string | null]>,
  inherited: Variables | null,
  budget: { left: number },
): Variables | null {
  const own = new Map<string, string | null>()
  let size = inherited?.size ?? 0
  let isCut = inherited?.isCut ?? false
  for (const [name, value] of declared) {
    // One that is not read may change any of those that are.
    if (name === OTHER_VARIABLES || --budget.left < 0) return UNKNOWN
    const isNew = !own.has(name) && findKept(inherited, name) === undefined
    isCut ||= isNew && size >= MAX_VARIABLES
    if (isNew && size >= MAX_VARIABLES) continue
    if (isNew) size++
    own.set(name, value)
  }
  if (own.size === 0 && isCut === (inherited?.isCut ?? false)) return inherited
  if (!inherited || inherited.depth < MAX_CHAIN) {
    return { own, outer: inherited, depth: (inherited?.depth ?? 0) + 1, size, isCut }
  }
  return { own: new Map([...list(inherited), ...own]), outer: null, depth: 0, size, isCut }
}

/** Nothing is known of any. */
const UNKNOWN: Variables = { own: new Map(), outer: null, depth: 0, size: MAX_VARIABLES, isCut: true }

const MAX_CHAIN = 16

function find(variables: Variables | null, name: string): string | null | undefined {
  const known = findKept(variables, name)
  return known === undefined && variables?.isCut ? null : known
}

function findKept(variables: Variables | null, name: string): string | null | undefined {
  for (let around = variables; around; around = around.outer) {
    const known = around.own.get(name)
    if (known !== undefined) return known
  }
  return undefined
}

/** The outermost first. */
function list(variables: Variables | null): (readonly [string, string | null])[] {
  return variables ? [...list(variables.outer), ...variables.own] : []
}
