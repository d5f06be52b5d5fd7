/** Custom properties of CSS (CSS Variables 1): what is declared in one element and used in those below. */

/** Custom properties that an element knows, by their names; null for one whose value is not known here. */
export type Variables = ReadonlyMap<string, string | null>

/** A name within a name within a name. */
const MAX_DEPTH = 10
const MAX_VALUE_CHARS = 500
/** Known in one element; a map of them is made in each element that declares some. */
const MAX_VARIABLES = 100

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
    const known = variables?.get(name)
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

/** What an element knows that declares these, within one that knows `inherited`. */
export function declareVariables(
  declared: Iterable<readonly [string, string | null]>,
  inherited: Variables | null,
): Variables | null {
  let variables: Map<string, string | null> | null = null
  for (const [name, value] of declared) {
    if (!name.startsWith('--')) continue
    variables ??= new Map(inherited)
    if (variables.has(name) || variables.size < MAX_VARIABLES) variables.set(name, value)
  }
  return variables ?? inherited
}
