/** The text of style sheets -> rules, with where they apply: nested ones, those under conditions, in layers and scopes (CSS Nesting 1, CSS Cascade 5 and 6). */

import { readCss } from './blocks.ts'
import { judgeMedia, judgeSupports, narrow, type Verdict } from './conditions.ts'
import { readSelectors } from './selector-reader.ts'
import type { Outer, Selector } from './selectors.ts'

/** Declarations for elements. */
export type Rule = {
  readonly selectors: readonly Selector[]
  /** Each as it is written, without its semicolon. */
  readonly declarations: readonly string[]
  readonly verdict: Verdict
  /** Its layer, as a path; '' for none, which outweighs all. */
  readonly layer: string
  /** It reaches only what is in elements of these; null for all. */
  readonly scope: readonly Selector[] | null
  /** It is the end of an animation of this name; then it has no selectors. */
  readonly animation: string | null
}

/** Rules within rules; nobody writes so many. */
const MAX_NESTED_RULES = 8
/** Selectors of all rules; the largest newsletters have some thousands. */
export const MAX_SELECTORS = 50_000

/** What a block is: its rules are read, its declarations too, it is the frames of an animation, or nothing of it is read. */
type Block = {
  readonly mode: 'rules' | 'style' | 'frames' | 'skipped'
  readonly selectors: readonly Selector[] | null
  readonly nesting: number
  readonly verdict: Verdict
  readonly layer: string
  readonly scope: readonly Selector[] | null
  readonly animation: string | null
  declarations: string[]
}

const SHEET: Omit<Block, 'verdict' | 'declarations'> = {
  mode: 'rules',
  selectors: null,
  nesting: 0,
  layer: '',
  scope: null,
  animation: null,
}

/** Reads style sheets, one after the other. */
export class RuleReader {
  readonly #isQuirky: boolean
  /** In the order in which they are first named, which is that of their weights. */
  readonly layers = new Set<string>()
  #selectorCount = 0
  /** Some was longer, deeper or more than is read. */
  isShortened = false

  constructor(isQuirky: boolean) {
    this.#isQuirky = isQuirky
  }

  /** The rules of a sheet that applies so. Linear in its text. */
  *read(css: string, verdict: Verdict): Generator<Rule> {
    const blocks: Block[] = [{ ...SHEET, verdict, declarations: [] }]
    for (const piece of readCss(css, true)) {
      const block = blocks.at(-1)
      if (!block) return
      if (piece.kind === 'statement') this.#readStatement(piece.text.trim(), block)
      else {
        yield* takeDeclarations(block)
        if (piece.kind === 'close') blocks.pop()
        else blocks.push(this.#openBlock(piece.prelude.trim().replace(/^(?:(?:<!--|-->)\s*){1,100}/, ''), block))
      }
    }
  }

  #readStatement(text: string, block: Block): void {
    if (/^@layer\s/i.test(text))
      for (const name of text.slice('@layer'.length).split(',', MAX_LAYERS)) this.#addLayer(block.layer, name.trim())
    else if (text !== '' && !text.startsWith('@') && block.mode === 'style') block.declarations.push(text)
  }

  #openBlock(prelude: string, outer: Block): Block {
    if (prelude.startsWith('@')) return this.#openAtRule(prelude, outer)
    if (outer.mode === 'frames') return { ...outer, mode: /\b(?:to|100%)/i.test(prelude) ? 'style' : 'skipped', declarations: [] }
    if (outer.mode === 'skipped' || outer.verdict === 'never' || outer.animation !== null) return skip(outer)
    this.isShortened ||= this.#selectorCount >= MAX_SELECTORS || outer.nesting >= MAX_NESTED_RULES
    if (this.#selectorCount >= MAX_SELECTORS || outer.nesting >= MAX_NESTED_RULES) return skip(outer)
    const { selectors, status, isShortened } = readSelectors(
      prelude,
      outerOf(outer),
      MAX_SELECTORS - this.#selectorCount,
      this.#isQuirky,
    )
    this.#selectorCount += selectors.length + 1
    this.isShortened ||= isShortened
    if (status === 'invalid') return skip(outer)
    const verdict = status === 'doubtful' ? narrow(outer.verdict, 'unknown') : outer.verdict
    return { ...outer, mode: 'style', selectors, nesting: outer.nesting + 1, verdict, declarations: [] }
  }

  #openAtRule(prelude: string, outer: Block): Block {
    const [written = ''] = /^@[\w-]*/.exec(prelude) ?? []
    const name = written.toLowerCase()
    const condition = prelude.slice(written.length).trim()
    const block: Block = { ...outer, declarations: [] }
    if (outer.mode === 'skipped' || outer.mode === 'frames' || outer.animation !== null || UNREAD.test(name)) return skip(outer)
    if (name === '@media') return { ...block, verdict: narrow(outer.verdict, judgeMedia(condition)) }
    if (name === '@supports') return { ...block, verdict: narrow(outer.verdict, judgeSupports(condition)) }
    if (name === '@layer') return { ...block, ...this.#enterLayer(outer, condition) }
    if (name === '@scope') return { ...block, ...this.#enterScope(outer, condition) }
    if (/^@(?:-webkit-|-moz-)?keyframes$/.test(name))
      return { ...block, mode: 'frames', selectors: [], animation: condition.replace(/^["']|["']$/g, ''), layer: '' }
    return { ...block, verdict: narrow(outer.verdict, 'unknown') }
  }

  #enterLayer(outer: Block, name: string): Pick<Block, 'layer' | 'verdict'> {
    const layer = this.#addLayer(outer.layer, name === '' ? `(${this.layers.size})` : name)
    return layer === null ? { layer: outer.layer, verdict: narrow(outer.verdict, 'unknown') } : { layer, verdict: outer.verdict }
  }

  /** Each layer after those in it. */
  #addLayer(outer: string, name: string): string | null {
    const layer = outer === '' ? name : `${outer}.${name}`
    if (layer.length > MAX_LAYER_CHARS || this.layers.size >= MAX_LAYERS) return null
    this.layers.add(layer)
    return layer
  }

  /** What has an end is in doubt, and what is around the style element is not looked for. */
  #enterScope(outer: Block, condition: string): Pick<Block, 'scope' | 'verdict' | 'selectors'> {
    const [, start, end] = /^\((.*?)\)\s*(?:to\b(.*))?$/s.exec(condition.replace(/\)\s*to\b/i, ') to')) ?? []
    const read = start === undefined ? null : readSelectors(start, outerOf(outer), MAX_NESTED_RULES, this.#isQuirky)
    const isSure = end === undefined && outer.scope === null && read?.status === 'valid'
    const verdict = isSure ? outer.verdict : narrow(outer.verdict, 'unknown')
    return { scope: read?.selectors ?? outer.scope, verdict, selectors: null }
  }
}

const MAX_LAYERS = 200
const MAX_LAYER_CHARS = 200
/** At-rules that hold no styles of elements, and those that end before a reader looks. */
const UNREAD =
  /^@(?:font-face|font-feature-values|font-palette-values|page|property|counter-style|color-profile|position-try|view-transition|starting-style|namespace|charset|import|viewport|-ms-viewport|-o-viewport|position-fallback|function|mixin)$/

function skip(outer: Block): Block {
  return { ...outer, mode: 'skipped', declarations: [] }
}

function outerOf({ selectors, scope }: Block): Outer {
  if (selectors) return { selectors, isScope: false }
  return scope && { selectors: scope, isScope: true }
}

function* takeDeclarations(block: Block): Generator<Rule> {
  const { mode, selectors, declarations, verdict, layer, scope, animation } = block
  block.declarations = []
  if (mode !== 'style' || declarations.length === 0 || verdict === 'never') return
  yield { selectors: selectors ?? [], declarations, verdict, layer, scope, animation }
}
