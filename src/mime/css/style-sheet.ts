/**
 * What the style sheets of a message declare of an element. Rules of a tag, a class, an id, or a tag with one of those are kept under those names; the others
 * are matched against the elements around, as long as there is a budget for it.
 */

import { type Cascade, newCascade, type Readings, readCascade, weigh, weighLayers } from './cascade.ts'
import { narrow, type Verdict } from './conditions.ts'
import { type Declarations, readDeclarations } from './declarations.ts'
import { Matcher } from './match.ts'
import { MAX_CLASSES, type Node } from './nodes.ts'
import { type Rule, RuleReader } from './rules.ts'
import type { Compound, Selector } from './selectors.ts'

/** Elements remembered by tag, id and classes: mail repeats a few of them. */
const MAX_REMEMBERED = 1_000
const MAX_REMEMBERED_CHARS = 300
/** Declarations of one message; the largest newsletters have some thousands. */
const MAX_DECLARATIONS = 50_000
/** Elements asked whether a part of a selector fits them, over a whole message. */
const MAX_MATCH_STEPS = 1_000_000

/** A rule that is matched against each element. */
type Matched = { readonly rule: Rule; readonly selector: Selector; readonly declarations: Declarations; readonly order: number }

/** The text of a `<style>` element, and where it applies. */
export type StyleElement = { readonly css: string; readonly verdict: Verdict }

/** The style sheet of one message. What is beyond its bounds is not read, and so hides nothing. */
export class StyleSheet {
  readonly #cascades = new Map<string, Cascade>()
  readonly #matched = new Map<string, Matched[]>()
  readonly #animations = new Map<string, Declarations>()
  readonly #remembered = new Map<string, Readings>()
  readonly #matcher = new Matcher(MAX_MATCH_STEPS)
  readonly #isQuirky: boolean
  #layerWeights: ReadonlyMap<string, number> = new Map()
  #order = 0
  #isShortened = false

  /** Reads style elements; names of classes and ids are the same in either case where the document is a quirk (Selectors 4 section 6.6). */
  constructor(styles: readonly StyleElement[], isQuirky: boolean) {
    this.#isQuirky = isQuirky
    const reader = new RuleReader(isQuirky)
    const rules: Rule[] = []
    for (const { css, verdict } of styles) for (const rule of reader.read(css, verdict)) rules.push(rule)
    this.#isShortened = reader.isShortened
    this.#layerWeights = weighLayers(reader.layers)
    for (const rule of rules) this.#add(rule)
  }

  /** Nothing is declared of any element. */
  get isEmpty(): boolean {
    return this.#cascades.size === 0 && this.#matched.size === 0
  }

  /** Elements must be asked for with those around them. */
  get needsNodes(): boolean {
    return this.#matched.size > 0
  }

  /** There was more of it than is obeyed: text that it hides may be shown. */
  get isShortened(): boolean {
    return this.#isShortened
  }

  /** What an animation of one of these names ends with. */
  findAnimation(names: string): Declarations | null {
    if (this.#animations.size === 0) return null
    for (const name of names.split(/[\s,]+/, MAX_CLASSES)) {
      const found = this.#animations.get(name)
      if (found) return found
    }
    return null
  }

  /** There are so many elements that those around each are not known. */
  forgetNodes(): void {
    if (this.needsNodes) this.#giveUp()
  }

  /** What is declared of an element; `node` only where needsNodes. */
  find(name: string, attributes: ReadonlyMap<string, string>, node: Node | null): Readings {
    const id = this.#foldName(attributes.get('id'))
    const classes = this.#foldName(attributes.get('class'))
    const keys = listKeys(name, id, classes)
    const matched = node ? keys.flatMap((key) => this.#matched.get(key) ?? []) : []
    if (matched.length === 0) return this.#findSimple(keys, `${name}#${id ?? ''}.${classes ?? ''}`)
    const cascades = keys.flatMap((key) => this.#cascades.get(key) ?? [])
    const own = newCascade()
    for (const one of matched) if (node) this.#apply(one, node, own)
    if (this.#matcher.isSpent) this.#giveUp()
    return readCascade([...cascades, own])
  }

  #foldName(name: string | undefined): string | undefined {
    return this.#isQuirky ? name?.toLowerCase() : name
  }

  #findSimple(keys: readonly string[], signature: string): Readings {
    const remembered = this.#remembered.get(signature)
    if (remembered) return remembered
    const found = readCascade(keys.flatMap((key) => this.#cascades.get(key) ?? []))
    if (this.#remembered.size < MAX_REMEMBERED && signature.length < MAX_REMEMBERED_CHARS) this.#remembered.set(signature, found)
    return found
  }

  #apply({ rule, selector, declarations, order }: Matched, node: Node, found: Cascade): void {
    if (this.#matcher.isSpent) {
      this.#weighAll(found, declarations, rule, selector, narrow(rule.verdict, 'unknown'), order)
      return
    }
    let match = this.#matcher.match(selector, node)
    if (match !== 'no' && rule.scope) {
      const within = this.#matcher.isWithin(rule.scope, node)
      match = within === 'no' || match === 'yes' ? within : match
    }
    if (match === 'no') return
    const verdict = match === 'yes' ? rule.verdict : narrow(rule.verdict, 'unknown')
    this.#weighAll(found, declarations, rule, selector, verdict, order)
  }

  #weighAll(
    cascade: Cascade,
    declarations: Declarations,
    { layer }: Rule,
    { specificity }: Selector,
    verdict: Verdict,
    order: number,
  ): void {
    const layerWeight = this.#layerWeights.get(layer) ?? 0
    for (const [property, declared] of declarations) weigh(cascade, verdict, property, declared, layerWeight, specificity, order)
  }

  /** From here on the rules that would have to be matched may apply everywhere. */
  #giveUp(): void {
    this.#isShortened = true
    for (const [key, matched] of this.#matched) {
      for (const { rule, selector, declarations, order } of matched) {
        this.#weighAll(this.#cascadeOf(key), declarations, rule, selector, narrow(rule.verdict, 'unknown'), order)
      }
    }
    this.#matched.clear()
    this.#remembered.clear()
  }

  #add(rule: Rule): void {
    const declarations = readDeclarations(rule.declarations)
    if (declarations.size === 0) return
    if (rule.animation !== null) {
      if (this.#animations.size < MAX_REMEMBERED) this.#animations.set(rule.animation.toLowerCase(), declarations)
      return
    }
    for (const selector of rule.selectors) {
      if (selector.last.tests.some(({ kind }) => kind === 'never')) continue
      this.#isShortened ||= this.#order > MAX_DECLARATIONS
      if (this.#order > MAX_DECLARATIONS) return
      this.#order += declarations.size
      const key = keyOf(selector.last)
      if (isSimple(rule, selector)) this.#weighAll(this.#cascadeOf(key), declarations, rule, selector, rule.verdict, this.#order)
      else this.#match(key, { rule, selector, declarations, order: this.#order })
    }
  }

  #match(key: string, matched: Matched): void {
    const known = this.#matched.get(key)
    if (known) known.push(matched)
    else this.#matched.set(key, [matched])
  }

  #cascadeOf(key: string): Cascade {
    const cascade = this.#cascades.get(key) ?? newCascade()
    this.#cascades.set(key, cascade)
    return cascade
  }
}

/** The names under which an element is looked for. */
function listKeys(name: string, id: string | undefined, classes: string | undefined): string[] {
  if (id === undefined && classes === undefined) return ['*', name]
  const words = new Set(classes?.trim().split(/\s+/, MAX_CLASSES) ?? [])
  const marks = [...[...words].map((word) => `.${word}`), ...(id ? [`#${id.trim()}`] : [])]
  return ['*', name, ...marks, ...marks.map((mark) => `${name}${mark}`)]
}

/** The one name under which the elements that a selector ends with are found. */
function keyOf({ tag, ids, classes }: Compound): string {
  const mark = ids.length > 0 ? `#${ids[0] ?? ''}` : classes.length > 0 ? `.${classes[0] ?? ''}` : ''
  return `${tag ?? ''}${mark}` || '*'
}

/** Whether a selector says no more than its key. */
function isSimple({ scope }: Rule, { last, before }: Selector): boolean {
  return scope === null && before.length === 0 && last.ids.length + last.classes.length <= 1 && last.tests.length === 0
}
