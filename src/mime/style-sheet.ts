/**
 * What the `<style>` elements of a message declare of an element. Only selectors of a tag, a class, an id, or a tag with one of those are obeyed;
 * any other is taken to reach every element its last part names, and what it declares is then unknown there, so that it hides nothing.
 */

import { type Declarations, type Declared, readDeclarations } from './css-declarations.ts'
import { judgeMedia, readRules } from './css-rules.ts'

/** Elements remembered by tag, id and classes: mail repeats a few of them. */
const MAX_REMEMBERED = 1_000
const MAX_REMEMBERED_CHARS = 300
/** Declarations read of one message, and selectors of one rule; the largest newsletters have some thousands. */
const MAX_DECLARATIONS = 50_000

/** Classes read of one element. */
const MAX_CLASSES = 100

const NOTHING: Declarations = new Map()

/** A declaration and what it prevails over: the greater weight counts, of equals the later one. */
type Weighed = Declared & { readonly weight: number; readonly order: number }

const SIMPLE = /^(?:[a-z][\w-]*|\*)?(?:[.#][\w-]+)?$/i
/** States in which a mail does not lie before its reader, and boxes that are no elements. */
const NOT_AT_REST = /:(?:hover|active|focus|visited|checked|target|:|before|after|first-l|selection)/i
/** `[class~="x"]` was written for `.x` because of old clients. */
const CLASS_ATTRIBUTE = /\[\s*(class|id)\s*[~^*|]?=\s*["']?([\w-]+)["']?\s*\]/gi

/** The style sheet of one message. What is beyond its bounds is not read, and so hides nothing. */
export class StyleSheet {
  readonly #declared = new Map<string, Map<string, Weighed>>()
  readonly #remembered = new Map<string, Declarations>()
  #order = 0

  /** Reads the style elements of the HTML. */
  constructor(html: string) {
    for (const { css, verdict } of listStyles(html)) {
      for (const { selectors, body, isCertain } of readRules(css)) {
        if (this.#order > MAX_DECLARATIONS) return
        this.#add(selectors, body, isCertain && verdict === 'always')
      }
    }
  }

  /** Nothing is declared of any element. */
  get isEmpty(): boolean {
    return this.#declared.size === 0
  }

  /** What is declared of an element with these attributes. */
  find(name: string, id: string | undefined, classes: string | undefined): Declarations {
    const signature = `${name}#${id ?? ''}.${classes ?? ''}`
    const remembered = this.#remembered.get(signature)
    if (remembered) return remembered
    const found = this.#collect(listKeys(name, id, classes))
    if (this.#remembered.size < MAX_REMEMBERED && signature.length < MAX_REMEMBERED_CHARS) this.#remembered.set(signature, found)
    return found
  }

  #add(selectors: string, body: string, isCertain: boolean): void {
    const declarations = readDeclarations(body)
    if (declarations.size === 0) return
    for (const selector of selectors.split(',', MAX_DECLARATIONS)) {
      const target = readSelector(selector)
      if (target) this.#declare(target.key, declarations, isCertain && target.isExact)
    }
  }

  #declare(key: string, declarations: Declarations, isCertain: boolean): void {
    const declared = this.#declared.get(key) ?? new Map<string, Weighed>()
    this.#declared.set(key, declared)
    for (const [property, { value, isImportant }] of declarations) {
      // What is uncertain outweighs what is not, except where that is important.
      const weight = isCertain ? specificity(key) + (isImportant ? IMPORTANT : 0) : UNCERTAIN
      const weighed = { value: isCertain ? value : null, isImportant: isCertain && isImportant, weight, order: this.#order++ }
      put(declared, property, weighed)
    }
  }

  #collect(keys: readonly string[]): Declarations {
    let found: Map<string, Weighed> | null = null
    for (const key of keys) {
      const declared = this.#declared.get(key)
      if (!declared) continue
      found ??= new Map()
      for (const [property, weighed] of declared) put(found, property, weighed)
    }
    return found ?? NOTHING
  }
}

const UNCERTAIN = 100
const IMPORTANT = 1_000

function put(declared: Map<string, Weighed>, property: string, weighed: Weighed): void {
  const before = declared.get(property)
  if (before && (before.weight > weighed.weight || (before.weight === weighed.weight && before.order > weighed.order))) return
  declared.set(property, weighed)
}

function specificity(key: string): number {
  return (key.includes('#') ? 4 : 0) + (key.includes('.') ? 2 : 0) + (/^[a-z]/.test(key) ? 1 : 0)
}

function* listKeysOf(name: string, mark: string, words: readonly string[]): Generator<string> {
  for (const word of words) {
    yield mark + word
    yield name + mark + word
  }
}

function listKeys(name: string, id: string | undefined, classes: string | undefined): string[] {
  const ids = id ? [id.trim()] : []
  return ['*', name, ...listKeysOf(name, '.', classes?.trim().split(/\s+/, MAX_CLASSES) ?? []), ...listKeysOf(name, '#', ids)]
}

/** Under which key a selector's declarations are found; null for one that reaches nothing at rest. */
function readSelector(written: string): { key: string; isExact: boolean } | null {
  if (NOT_AT_REST.test(written)) return null
  const selector = written
    .trim()
    .replace(CLASS_ATTRIBUTE, (_, name: string, value: string) =>
      name.toLowerCase() === 'class' ? `:is.${value}` : `:is#${value}`,
    )
    .replace(/^(?:(?:html|body|:root)\s+)+(?=[^\s>+~])/i, '')
  if (selector === '') return null
  if (SIMPLE.test(selector)) return { key: lowerName(selector.replace(/^\*(?=.)/, '')), isExact: true }
  const last = selector.split(/[\s>+~]+/).at(-1) ?? ''
  const [tag = ''] = /^[a-z][\w-]*/i.exec(last) ?? []
  const [mark = ''] = /[.#][\w-]+/.exec(last) ?? []
  return { key: lowerName(tag + mark) || '*', isExact: false }
}

function lowerName(key: string): string {
  return key.replace(/^[a-z][\w-]*/i, (name) => name.toLowerCase())
}

type StyleElement = { readonly css: string; readonly verdict: ReturnType<typeof judgeMedia> }

/** The style elements that stand in no comment: what stands in one is Outlook's. */
function* listStyles(html: string): Generator<StyleElement> {
  const starts = /<!--|<style(?=[\s/>])/gi
  for (let start = starts.exec(html); start !== null; start = starts.exec(html)) {
    if (start[0] === '<!--') {
      const end = html.indexOf('-->', start.index + 2)
      if (end < 0) return
      starts.lastIndex = end + 3
      continue
    }
    const open = html.indexOf('>', start.index)
    if (open < 0) return
    const ends = /<\/style/gi
    ends.lastIndex = open
    const end = ends.exec(html)?.index ?? html.length
    const media = /\smedia\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/i.exec(html.slice(start.index, open))
    const verdict = judgeMedia(media?.[1] ?? media?.[2] ?? media?.[3] ?? 'all')
    if (verdict !== 'never') yield { css: html.slice(open + 1, end), verdict }
    starts.lastIndex = end
  }
}
