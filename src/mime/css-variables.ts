/** Custom properties of CSS (CSS Variables 1): what is declared in one element and used in those below. */

/** Custom properties that an element knows, by their names. */
export type Variables = ReadonlyMap<string, string>

/** A name within a name within a name. */
const MAX_DEPTH = 5
const MAX_VALUE_CHARS = 500
/** Known in one element; a map of them is made in each element that declares some. */
const MAX_VARIABLES = 100

const VARIABLE = /var\(\s*(--[\w-]{1,100})\s*(?:,([^()]*(?:\([^()]*\)[^()]*)*))?\)/

/** The value with what its variables stand for, in lower case; null where one stands for nothing. */
export function resolveVariables(value: string, variables: Variables | null): string | null {
  let text = value
  for (let depth = 0; text.includes('var('); depth++) {
    const [use, name = '', fallback] = VARIABLE.exec(text) ?? []
    const meant = variables?.get(name) ?? fallback?.trim()
    if (use === undefined || meant === undefined || depth >= MAX_DEPTH || text.length > MAX_VALUE_CHARS) return null
    text = text.replace(use, () => meant)
  }
  return text.trim().toLowerCase()
}

/** What an element knows that declares these, within one that knows `inherited`. */
export function declareVariables(
  declared: Iterable<readonly [string, string | null]>,
  inherited: Variables | null,
): Variables | null {
  let variables: Map<string, string> | null = null
  for (const [name, value] of declared) {
    if (!name.startsWith('--')) continue
    variables ??= new Map(inherited)
    if (value === null) variables.delete(name)
    else if (variables.has(name) || variables.size < MAX_VARIABLES) variables.set(name, value)
  }
  return variables ?? inherited
}
