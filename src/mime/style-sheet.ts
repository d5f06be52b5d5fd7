/**
 * What the `<style>` elements of a message declare of an element. Rules of a tag, a class, an id, or a tag with one of those are kept under those names;
 * the others are matched against the elements around, as long as there is a budget for it. What may apply and may not is unknown, and hides nothing.
 */

import { type Declarations, type Declared, readDeclarations } from './css-declarations.ts'
import { MAX_CLASSES, MatchBudget, matchSelector, type Node } from './css-match.ts'
import { readRules } from './css-rules.ts'
import { type Compound, readSelector, type Selector, splitSelectors } from './css-selectors.ts'
import { listStyles } from './style-elements.ts'

/** Elements remembered by tag, id and classes: mail repeats a few of them. */
const MAX_REMEMBERED = 1_000
const MAX_REMEMBERED_CHARS = 300
/** Declarations read of one message, and selectors of one rule; the largest newsletters have some thousands. */
const MAX_DECLARATIONS = 50_000
/** Elements asked whether a part of a selector fits them, over a whole message. */
const MAX_MATCH_STEPS = 1_000_000

/** A declaration and what it prevails over: the greater weight counts, of equals the later one. */
type Weighed = Declared & { readonly weight: number; readonly order: number }

/** A rule that is matched against each element. */
type Ruled = {
  readonly selector: Selector
  readonly declarations: Declarations
  readonly isCertain: boolean
  readonly order: number
}

/** The style sheet of one message. What is beyond its bounds is not read, and so hides nothing. */
export class StyleSheet {
  readonly #declared = new Map<string, Map<string, Weighed>>()
  readonly #ruled = new Map<string, Ruled[]>()
  readonly #remembered = new Map<string, ReadonlyMap<string, Weighed>>()
  readonly #budget = new MatchBudget(MAX_MATCH_STEPS)
  readonly #attributeNames = new Set<string>()
  readonly #isQuirky: boolean
  #order = 0
  #isShortened = false

  /** Reads the style elements of the HTML; names of classes and ids are the same in either case where the document is a quirk (Selectors 4 section 6.6). */
  constructor(html: string, isQuirky = false) {
    this.#isQuirky = isQuirky
    for (const { css, verdict } of listStyles(html)) {
      for (const { selectors, body, isCertain } of readRules(css)) {
        this.#isShortened ||= this.#order > MAX_DECLARATIONS
        if (this.#isShortened) return
        this.#add(selectors, body, isCertain && verdict === 'always')
      }
    }
  }

  /** Nothing is declared of any element. */
  get isEmpty(): boolean {
    return this.#declared.size === 0 && this.#ruled.size === 0
  }

  /** Elements must be asked for with those around them. */
  get needsNodes(): boolean {
    return this.#ruled.size > 0
  }

  /** There was more of it than is obeyed: text that it hides may be shown. */
  get isShortened(): boolean {
    return this.#isShortened
  }

  /** The attributes that its selectors ask for. */
  get attributeNames(): ReadonlySet<string> {
    return this.#attributeNames
  }

  /** What is declared of an element; `node` only where needsNodes. */
  find(name: string, attributes: ReadonlyMap<string, string>, node: Node | null): Declarations {
    const id = this.foldName(attributes.get('id'))
    const classes = this.foldName(attributes.get('class'))
    if (node === null && id === undefined && classes === undefined) return this.#findSimple(['*', name], name)
    const keys = listKeys(name, id, classes)
    const simple = this.#findSimple(keys, `${name}#${id ?? ''}.${classes ?? ''}`)
    if (node === null || !keys.some((key) => this.#ruled.has(key))) return simple
    const found = new Map(simple)
    for (const key of keys) for (const rule of this.#ruled.get(key) ?? []) this.#apply(rule, node, found)
    if (this.#budget.isSpent) this.#giveUp()
    return found
  }

  /** Names of classes or ids as they are compared. */
  foldName(name: string | undefined): string | undefined {
    return this.#isQuirky ? name?.toLowerCase() : name
  }

  #findSimple(keys: readonly string[], signature: string): ReadonlyMap<string, Weighed> {
    const remembered = this.#remembered.get(signature)
    if (remembered) return remembered
    const found = this.#collect(keys)
    if (this.#remembered.size < MAX_REMEMBERED && signature.length < MAX_REMEMBERED_CHARS) this.#remembered.set(signature, found)
    return found
  }

  #apply({ selector, declarations, isCertain, order }: Ruled, node: Node, found: Map<string, Weighed>): void {
    const match = matchSelector(selector, node, this.#budget)
    if (match === 'no') return
    for (const [property, declared] of declarations) {
      put(found, property, weigh(declared, selector.specificity, isCertain && match === 'yes', order))
    }
  }

  /** From here on the rules that would have to be matched may apply everywhere. */
  #giveUp(): void {
    this.#isShortened = true
    for (const [key, rules] of this.#ruled) {
      for (const { selector, declarations } of rules) this.#declare(key, declarations, selector.specificity, false)
    }
    this.#ruled.clear()
    this.#remembered.clear()
  }

  #add(selectors: string, body: string, isCertain: boolean): void {
    const declarations = readDeclarations(body)
    if (declarations.size === 0) return
    for (const written of splitSelectors(selectors, MAX_DECLARATIONS)) {
      const read = readSelector(dropPage(written))
      const selector = read !== null && this.#isQuirky ? foldNames(read) : read
      if (selector === null || selector.last.isNever) continue
      const key = keyOf(selector.last)
      if (isSimple(selector)) this.#declare(key, declarations, selector.specificity, isCertain)
      else this.#rule(key, { selector, declarations, isCertain, order: this.#order++ })
    }
  }

  #rule(key: string, rule: Ruled): void {
    const rules = this.#ruled.get(key)
    if (rules) rules.push(rule)
    else this.#ruled.set(key, [rule])
    this.#order += rule.declarations.size
    for (const name of listAttributeNames(rule.selector))
      if (this.#attributeNames.size < MAX_CLASSES) this.#attributeNames.add(name)
  }

  #declare(key: string, declarations: Declarations, specificity: number, isCertain: boolean): void {
    const declared = this.#declared.get(key) ?? new Map<string, Weighed>()
    this.#declared.set(key, declared)
    for (const [property, declaration] of declarations)
      put(declared, property, weigh(declaration, specificity, isCertain, this.#order++))
  }

  #collect(keys: readonly string[]): ReadonlyMap<string, Weighed> {
    const found = new Map<string, Weighed>()
    for (const key of keys)
      for (const [property, weighed] of this.#declared.get(key) ?? NOTHING_WEIGHED) put(found, property, weighed)
    return found.size === 0 ? NOTHING_WEIGHED : found
  }
}

const NOTHING_WEIGHED: ReadonlyMap<string, Weighed> = new Map()
const UNCERTAIN = 10_000_000
const IMPORTANT = 100_000_000

/** What is uncertain outweighs what is not, except where that is important. */
function weigh({ value, isImportant }: Declared, specificity: number, isCertain: boolean, order: number): Weighed {
  if (!isCertain) return { value: null, isImportant: false, weight: UNCERTAIN, order }
  return { value, isImportant, weight: specificity + (isImportant ? IMPORTANT : 0), order }
}

function put(declared: Map<string, Weighed>, property: string, weighed: Weighed): void {
  const before = declared.get(property)
  if (before && (before.weight > weighed.weight || (before.weight === weighed.weight && before.order > weighed.order))) return
  declared.set(property, weighed)
}

/** Without the elements around every mail, so that `body .x` is as simple as `.x`. */
function dropPage(written: string): string {
  return written.trim().replace(/^(?:(?:html|body|:root)\s+){1,3}(?=[^\s>+~*:[])/i, '')
}

/** The names under which an element is looked for. */
function listKeys(name: string, id: string | undefined, classes: string | undefined): string[] {
  const words = classes?.trim().split(/\s+/, MAX_CLASSES) ?? []
  return ['*', name, ...words.map((word) => `.${word}`), ...(id ? [`#${id.trim()}`] : []), ...listPairs(name, id, words)]
}

function listPairs(name: string, id: string | undefined, words: readonly string[]): string[] {
  return [...words.map((word) => `${name}.${word}`), ...(id ? [`${name}#${id.trim()}`] : [])]
}

/** The one name under which the elements that a selector ends with are found. */
function keyOf({ tag, ids, classes }: Compound): string {
  const mark = ids.length > 0 ? `#${ids[0] ?? ''}` : classes.length > 0 ? `.${classes[0] ?? ''}` : ''
  return `${tag ?? ''}${mark}` || '*'
}

/** Whether a selector says no more than its key. */
function isSimple({ last, before }: Selector): boolean {
  const asksMore = last.attributes.length + last.nths.length + last.nots.length + last.anys.length > 0
  return before.length === 0 && last.ids.length + last.classes.length <= 1 && !asksMore && !last.isRoot && !last.isUnknown
}

function listAttributeNames({ last, before }: Selector): string[] {
  return [last, ...before.map(({ compound }) => compound)].flatMap(({ attributes, nots, anys }) => [
    ...attributes.map(({ name }) => name),
    ...[...nots, ...anys].flat().flatMap(listAttributeNames),
  ])
}

/** The selector with its classes and ids in lower case. */
function foldNames(selector: Selector): Selector {
  return {
    ...selector,
    last: foldCompound(selector.last),
    before: selector.before.map(({ combinator, compound }) => ({ combinator, compound: foldCompound(compound) })),
  }
}

function foldCompound(compound: Compound): Compound {
  return {
    ...compound,
    ids: compound.ids.map((id) => id.toLowerCase()),
    classes: compound.classes.map((name) => name.toLowerCase()),
    nots: compound.nots.map((list) => list.map(foldNames)),
    anys: compound.anys.map((list) => list.map(foldNames)),
  }
}
