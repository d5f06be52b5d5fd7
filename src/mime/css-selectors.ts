/** Selectors of CSS (Selectors 4), read into what can be asked of one element and of those around and before it. */

/** What one element must be. */
export type Compound = {
  /** In lower case; null for any. */
  readonly tag: string | null
  readonly ids: readonly string[]
  readonly classes: readonly string[]
  readonly attributes: readonly AttributeTest[]
  /** `:nth-child` and its like: every `step`th from `offset`. */
  readonly nths: readonly { readonly step: number; readonly offset: number }[]
  /** None of these may fit. */
  readonly nots: readonly (readonly Selector[])[]
  /** One of each of these must fit. */
  readonly anys: readonly (readonly Selector[])[]
  readonly isRoot: boolean
  /** It asks what is not known here; then the rule may apply, and may not. */
  readonly isUnknown: boolean
  /** It asks for a state that a mail is not in when it lies before its reader. */
  readonly isNever: boolean
}

/** A test of an attribute; an `operator` of '' asks for its presence. */
export type AttributeTest = {
  readonly name: string
  readonly operator: string
  readonly value: string
  readonly ignoresCase: boolean
}

/** The last element first; each is joined to the one after it: ' ' below, '>' right below, '+' right behind, '~' behind. */
export type Selector = {
  readonly last: Compound
  readonly before: readonly { readonly combinator: string; readonly compound: Compound }[]
  /** Ids, classes and tags of it, as one number (Selectors 4 section 17). */
  readonly specificity: number
}

/** Compounds of one selector that are read; nobody writes so many. */
const MAX_COMPOUNDS = 16
const MAX_SELECTOR_CHARS = 500
const MAX_NESTED = 3

/** States in which a mail does not lie before its reader. */
const STATES = new Set([
  'hover',
  'active',
  'focus',
  'visited',
  'target',
  'focus-within',
  'focus-visible',
  'fullscreen',
  'selection',
])
const TOKEN =
  /\s*([>+~])\s*|(\s+)|\*|([a-z][\w-]*)|#((?:[\w-]|\\.)+)|\.((?:[\w\u0080-\uffff-]|\\.)+)|\[\s*([\w:-]+)\s*(?:([~|^$*]?=)\s*(?:"([^"]*)"|'([^']*)'|([^\s\]"']+))\s*(i|s)?)?\s*\]|(::?)([\w-]+)(\()?/iy

/** Reads a selector; null for one that is none, is of a box that is no element, or is longer than anybody writes. */
export function readSelector(written: string, depth = 0): Selector | null {
  const text = written.trim()
  if (text === '' || text.length > MAX_SELECTOR_CHARS || depth > MAX_NESTED) return null
  const reader = new SelectorReader(text, depth)
  return reader.read()
}

/** A list of selectors, cut at the commas that stand in no brackets. */
export function splitSelectors(text: string, most: number): string[] {
  if (!/[([]/.test(text)) return text.split(',', most)
  const pieces: string[] = []
  let start = 0
  let depth = 0
  for (let at = 0; at < text.length && pieces.length < most; at++) {
    const char = text.charAt(at)
    if (char === '(' || char === '[') depth++
    else if (char === ')' || char === ']') depth = Math.max(depth - 1, 0)
    else if (char === ',' && depth === 0) {
      pieces.push(text.slice(start, at))
      start = at + 1
    }
  }
  return [...pieces, text.slice(start)]
}

type Draft = { -readonly [Key in keyof Compound]: Compound[Key] extends readonly (infer Item)[] ? Item[] : Compound[Key] }

function newDraft(): Draft {
  return {
    tag: null,
    ids: [],
    classes: [],
    attributes: [],
    nths: [],
    nots: [],
    anys: [],
    isRoot: false,
    isUnknown: false,
    isNever: false,
  }
}

class SelectorReader {
  readonly #text: string
  readonly #depth: number
  readonly #compounds: { combinator: string; compound: Draft }[] = [{ combinator: '', compound: newDraft() }]
  #specificity = 0

  constructor(text: string, depth: number) {
    this.#text = text
    this.#depth = depth
  }

  read(): Selector | null {
    const tokens = new RegExp(TOKEN)
    while (tokens.lastIndex < this.#text.length) {
      const match = tokens.exec(this.#text)
      if (match === null || this.#compounds.length > MAX_COMPOUNDS) return null
      const isRead = match[14] === '(' ? this.#readFunction(tokens, match[13] ?? '') : this.#readToken(match)
      if (!isRead) return null
    }
    const [last, ...before] = this.#compounds.toReversed()
    if (!last) return null
    // A combinator stands with what follows it; turned around, with what precedes.
    const joined = [last, ...before]
      .slice(0, -1)
      .map(({ combinator }, at) => ({ combinator, compound: before[at]?.compound ?? newDraft() }))
    return { last: last.compound, before: joined, specificity: this.#specificity }
  }

  get #current(): Draft {
    return this.#compounds.at(-1)?.compound ?? newDraft()
  }

  #readToken(match: RegExpExecArray): boolean {
    const [, combinator, space, tag, id, className, attribute, operator = '', quoted, single, bare, flag, colons, pseudo] = match
    const current = this.#current
    if (combinator ?? space) this.#compounds.push({ combinator: combinator ?? ' ', compound: newDraft() })
    else if (tag) {
      current.tag = tag.toLowerCase()
      this.#specificity += TAG_WEIGHT
    } else if (id) {
      current.ids.push(dropEscapes(id))
      this.#specificity += ID_WEIGHT
    } else if (className) {
      current.classes.push(dropEscapes(className))
      this.#specificity += CLASS_WEIGHT
    } else if (attribute) {
      const value = quoted ?? single ?? bare ?? ''
      current.attributes.push({ name: attribute.toLowerCase(), operator, value, ignoresCase: flag?.toLowerCase() === 'i' })
      this.#specificity += CLASS_WEIGHT
    } else if (colons) return colons === ':' && this.#readPseudo((pseudo ?? '').toLowerCase())
    return true
  }

  #readPseudo(name: string): boolean {
    const current = this.#current
    this.#specificity += CLASS_WEIGHT
    if (BOXES.has(name)) return false
    if (STATES.has(name)) current.isNever = true
    else if (name === 'root') current.isRoot = true
    else if (name === 'first-child') current.nths.push({ step: 0, offset: 1 })
    else if (name === 'link' || name === 'any-link')
      current.attributes.push({ name: 'href', operator: '', value: '', ignoresCase: false })
    else if (name === 'checked') current.attributes.push({ name: 'checked', operator: '', value: '', ignoresCase: false })
    else current.isUnknown = true
    return true
  }

  /** A pseudo-class with an argument; `tokens` stands behind its bracket. */
  #readFunction(tokens: RegExp, name: string): boolean {
    const end = endOfBrackets(this.#text, tokens.lastIndex)
    if (end === null) return false
    const argument = this.#text.slice(tokens.lastIndex, end)
    tokens.lastIndex = end + 1
    const current = this.#current
    const kind = name.toLowerCase()
    if (kind === 'nth-child') {
      this.#specificity += CLASS_WEIGHT
      const nth = readNth(argument)
      if (nth) current.nths.push(nth)
      else current.isUnknown = true
      return true
    }
    if (kind !== 'not' && kind !== 'is' && kind !== 'where' && kind !== 'matches') {
      this.#specificity += CLASS_WEIGHT
      current.isUnknown = true
      return true
    }
    const selectors = splitSelectors(argument, MAX_COMPOUNDS).map((selector) => readSelector(selector, this.#depth + 1))
    const known = selectors.filter((selector) => selector !== null)
    if (known.length < selectors.length) current.isUnknown = true
    else (kind === 'not' ? current.nots : current.anys).push(known)
    if (kind !== 'where') this.#specificity += Math.max(0, ...known.map(({ specificity }) => specificity))
    return true
  }
}

const TAG_WEIGHT = 1
const CLASS_WEIGHT = 100
const ID_WEIGHT = 10_000

/** Boxes that are no elements, in their old form with one colon. */
const BOXES = new Set(['before', 'after', 'first-line', 'first-letter'])

function dropEscapes(name: string): string {
  return name.replace(/\\(.)/g, '$1')
}

function endOfBrackets(text: string, start: number): number | null {
  let depth = 1
  for (let at = start; at < text.length; at++) {
    const char = text.charAt(at)
    if (char === '(') depth++
    if (char === ')' && --depth === 0) return at
  }
  return null
}

function readNth(argument: string): { step: number; offset: number } | null {
  const text = argument.trim().toLowerCase().replace(/\s+/g, '')
  if (text === 'odd') return { step: 2, offset: 1 }
  if (text === 'even') return { step: 2, offset: 0 }
  if (/^[+-]?\d{1,4}$/.test(text)) return { step: 0, offset: Number(text) }
  const [, step, offset = '0'] = /^([+-]?\d{0,4})n([+-]\d{1,4})?$/.exec(text) ?? []
  if (step === undefined) return null
  return { step: step === '' || step === '+' ? 1 : step === '-' ? -1 : Number(step), offset: Number(offset) }
}
