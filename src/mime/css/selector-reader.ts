/** Reads selectors of CSS (Selectors 4, CSS Nesting 1). */

import { decodeEscapes } from './blocks.ts'
import { BOXES, CASELESS, IDENT, NTHS, OLD_BOXES, STATES, TOKEN, UNDECIDED } from './selector-names.ts'
import { endOfBrackets, readNth, splitSelectors } from './selector-parts.ts'
import { ANCHOR, type Outer, type Selector, type SelectorList, type Test } from './selectors.ts'

/** Compounds of one selector that are read; nobody writes so many. */
const MAX_COMPOUNDS = 32
const MAX_SELECTOR_CHARS = 1_000
const MAX_NESTED = 4

/** Reads the selectors before a block, at most `most`. Where the document is a quirk, names of classes and ids come in lower case (Selectors 4 section 6.6). */
export function readSelectors(prelude: string, outer: Outer, most: number, isQuirky = false, depth = 0): SelectorList {
  const selectors: Selector[] = []
  let status: SelectorList['status'] = 'valid'
  let isShortened = false
  for (const written of splitSelectors(prelude, most)) {
    const text = written.trim()
    if (text.length > MAX_SELECTOR_CHARS || depth > MAX_NESTED || selectors.length >= most) {
      isShortened = true
      continue
    }
    const reader = new SelectorReader(text, outer, isQuirky, depth)
    const selector = text === '' ? null : reader.read()
    isShortened ||= reader.isShortened
    if (selector === null && !reader.isShortened) status = 'invalid'
    if (reader.isDoubtful && status === 'valid') status = 'doubtful'
    if (selector && !reader.isBox) selectors.push(selector)
  }
  return { selectors: status === 'invalid' ? [] : selectors, status, isShortened }
}

type Draft = { tag: string | null; ids: string[]; classes: string[]; tests: Test[]; isEmpty: boolean }

function newDraft(): Draft {
  return { tag: null, ids: [], classes: [], tests: [], isEmpty: true }
}

class SelectorReader {
  readonly #text: string
  readonly #outer: Outer
  readonly #isQuirky: boolean
  readonly #depth: number
  readonly #compounds: { combinator: string; compound: Draft }[] = [{ combinator: '', compound: newDraft() }]
  #specificity = 0
  #isNested = false
  /** A browser may not know it. */
  isDoubtful = false
  /** It is of a box that is no element. */
  isBox = false
  isShortened = false

  constructor(text: string, outer: Outer, isQuirky: boolean, depth: number) {
    this.#text = text
    this.#outer = outer
    this.#isQuirky = isQuirky
    this.#depth = depth
  }

  /** Null for what is no selector. */
  read(): Selector | null {
    const tokens = new RegExp(TOKEN)
    while (tokens.lastIndex < this.#text.length) {
      const match = tokens.exec(this.#text)
      this.isShortened ||= this.#compounds.length > MAX_COMPOUNDS
      if (!match?.groups || this.isShortened) return null
      const isRead = match.groups.colons ? this.#readPseudo(match.groups, tokens) : this.#readToken(match.groups)
      if (!isRead) return null
    }
    if (this.#outer && !this.#isNested && (!this.#outer.isScope || this.#isJoined)) this.#nest()
    if (this.#compounds.some(({ compound }) => compound.isEmpty)) return null
    const [last, ...before] = this.#compounds.toReversed()
    if (!last) return null
    // A combinator stands with what follows it; turned around, with what precedes.
    const joined = [last, ...before]
      .slice(0, -1)
      .map(({ combinator }, at) => ({ combinator, compound: before[at]?.compound ?? ANCHOR }))
    return { last: last.compound, before: joined, specificity: this.#specificity }
  }

  /** A selector without `&` is of what is below the elements around it; one that begins with a combinator stands beside them. */
  #nest(): void {
    const [first] = this.#compounds
    if (first && !this.#isJoined) {
      first.combinator = ' '
      this.#compounds.unshift({ combinator: '', compound: newDraft() })
    }
    this.#addOuter(this.#compounds[0]?.compound)
  }

  /** It begins with a combinator. */
  get #isJoined(): boolean {
    return this.#compounds.length > 1 && this.#compounds[0]?.compound.isEmpty === true
  }

  #addOuter(compound: Draft | undefined): void {
    if (!compound) return
    const selectors = this.#outer?.selectors ?? []
    if (this.#outer === null) compound.tests.push({ kind: 'root' })
    else if (selectors[0]?.last === ANCHOR) compound.tests.push({ kind: 'anchor' })
    else compound.tests.push({ kind: 'any', selectors, isNegated: false })
    compound.isEmpty = false
    this.#specificity += Math.max(0, ...selectors.slice(0, MAX_WEIGHED).map(({ specificity }) => specificity))
    this.#isNested = true
  }

  get #current(): Draft {
    return this.#compounds.at(-1)?.compound ?? newDraft()
  }

  #readToken(groups: Record<string, string | undefined>): boolean {
    const { combinator, space, nest, prefix, tag, all, id, className, attribute } = groups
    const current = this.#current
    if (combinator ?? space) {
      const isFirst = this.#compounds.length === 1 && this.#outer !== null
      if (current.isEmpty && !isFirst) return false
      this.#compounds.push({ combinator: combinator ?? ' ', compound: newDraft() })
      return true
    }
    if (nest) {
      this.#addOuter(current)
      return true
    }
    if (tag ?? all) {
      if (!current.isEmpty) return false
      // Without a namespace there is nothing in HTML; of a name that is not declared the selector is invalid.
      if (prefix === '') current.tests.push({ kind: 'never' })
      else if (prefix !== undefined && prefix !== '*') this.#doubt()
      if (tag) {
        if (!IDENT.test(tag)) return false
        current.tag = decodeEscapes(tag).toLowerCase()
        this.#specificity += TAG_WEIGHT
      }
    } else if (id ?? className) {
      const written = id ?? className ?? ''
      if (!IDENT.test(written)) return false
      const name = decodeEscapes(written)
      const names = id ? current.ids : current.classes
      names.push(this.#isQuirky ? name.toLowerCase() : name)
      this.#specificity += id ? ID_WEIGHT : CLASS_WEIGHT
    } else if (attribute) this.#readAttribute(attribute, groups)
    current.isEmpty = false
    return true
  }

  #readAttribute(attribute: string, { operator = '', double, single, bare, flag }: Record<string, string | undefined>): void {
    const name = decodeEscapes(attribute).toLowerCase()
    const value = decodeEscapes(double ?? single ?? bare ?? '')
    const ignoresCase = flag === undefined ? CASELESS.has(name) : flag.toLowerCase() === 'i'
    this.#current.tests.push({ kind: 'attribute', name, operator, value, ignoresCase })
    this.#specificity += CLASS_WEIGHT
  }

  #readPseudo({ colons, pseudo = '', bracket }: Record<string, string | undefined>, tokens: RegExp): boolean {
    const name = decodeEscapes(pseudo).toLowerCase()
    const current = this.#current
    let argument: string | null = null
    if (bracket) {
      const end = endOfBrackets(this.#text, tokens.lastIndex)
      argument = this.#text.slice(tokens.lastIndex, end)
      tokens.lastIndex = end + 1
    }
    current.isEmpty = false
    if (colons === '::' || OLD_BOXES.has(name)) this.#readBox(name)
    else if (argument === null) this.#readState(name)
    else return this.#readFunction(name, argument)
    return true
  }

  /** What the first line or letter looks like, the element may. */
  #readBox(name: string): void {
    this.#specificity += TAG_WEIGHT
    if (name === 'first-line' || name === 'first-letter') this.#current.tests.push({ kind: 'unknown' })
    else if (BOXES.test(name)) this.isBox = true
    else {
      this.isBox = true
      this.isDoubtful = true
    }
  }

  #readState(name: string): void {
    const { tests } = this.#current
    this.#specificity += CLASS_WEIGHT
    const nths = NTHS.get(name)
    if (nths) tests.push(...nths.map((nth) => ({ kind: 'nth' as const, step: 0, offset: 1, ...nth })))
    else if (STATES.has(name)) tests.push({ kind: 'never' })
    else if (name === 'root') tests.push({ kind: 'root' })
    else if (name === 'scope' && this.#outer?.isScope) this.#addOuter(this.#current)
    else if (name === 'scope') tests.push({ kind: 'root' })
    else if (name === 'empty') tests.push({ kind: 'empty' })
    else if (name === 'link' || name === 'any-link' || name === '-webkit-any-link')
      tests.push({ kind: 'attribute', name: 'href', operator: '', value: '', ignoresCase: false })
    else if (UNDECIDED.has(name)) tests.push({ kind: 'unknown' })
    else this.#doubt()
  }

  #readFunction(name: string, argument: string): boolean {
    const [, end, ofType] = /^nth-(last-)?(?:child|(of-type))$/.exec(name) ?? []
    const { tests } = this.#current
    if (/^nth-(?:last-)?(?:child|of-type)$/.test(name)) {
      this.#specificity += CLASS_WEIGHT
      const nth = readNth(argument)
      if (nth) tests.push({ kind: 'nth', ...nth, fromEnd: end !== undefined, ofType: ofType !== undefined })
      else if (/\bof\b/i.test(argument)) tests.push({ kind: 'unknown' })
      return nth !== null || /\bof\b/i.test(argument)
    }
    if (name === 'has' || name === 'not') return this.#readList(name, argument)
    if (/^(?:is|where|matches|-webkit-any|-moz-any)$/.test(name)) return this.#readList(name, argument)
    this.#specificity += CLASS_WEIGHT
    if (UNDECIDED.has(name)) tests.push({ kind: 'unknown' })
    else this.#doubt()
    return true
  }

  /** `:is()` and `:where()` pass over what is invalid in them. */
  #readList(name: string, argument: string): boolean {
    const isForgiving = name === 'is' || name === 'where'
    const outer: Outer = name === 'has' ? { selectors: [HAS_ANCHOR], isScope: false } : this.#inner()
    const pieces = isForgiving ? splitSelectors(argument, MAX_COMPOUNDS) : [argument]
    const lists = pieces.map((piece) => readSelectors(piece, outer, MAX_COMPOUNDS, this.#isQuirky, this.#depth + 1))
    if (!isForgiving && lists.some(({ status }) => status === 'invalid')) return false
    this.isShortened ||= lists.some(({ isShortened }) => isShortened)
    if (lists.some(({ status }) => status === 'doubtful')) this.#doubt()
    const selectors = lists.flatMap((list) => list.selectors)
    this.#current.tests.push(name === 'has' ? { kind: 'has', selectors } : { kind: 'any', selectors, isNegated: name === 'not' })
    if (argument.includes('&')) this.#isNested = true
    if (name !== 'where') this.#specificity += Math.max(0, ...selectors.map(({ specificity }) => specificity))
    return true
  }

  /** Within brackets, a selector without `&` is of any element. */
  #inner(): Outer {
    return this.#outer && { ...this.#outer, isScope: true }
  }

  #doubt(): void {
    this.isDoubtful = true
    this.#current.tests.push({ kind: 'unknown' })
    this.#current.isEmpty = false
  }
}

const HAS_ANCHOR: Selector = { last: ANCHOR, before: [], specificity: 0 }

const TAG_WEIGHT = 1
const CLASS_WEIGHT = 100
const ID_WEIGHT = 10_000
/** Of a list of selectors around, as many are asked for their weight. */
const MAX_WEIGHED = 1_000
