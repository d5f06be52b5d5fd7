/**
 * The stack of open elements and what end tags reach in it (HTML section 13.2.4.2), so that text is in the elements in which a browser puts it: an end tag
 * that a browser ignores must not end what hides the text after it. Every question and every step takes constant time, however deep elements nest.
 */

import type { Node } from '../css/nodes.ts'
import type { Format } from './formatting.ts'
import type { Begun } from './layout.ts'
import type { Attributes, Looks } from './style.ts'

/** An element. */
export type Element = {
  readonly name: string
  readonly attributes: Attributes
  looks: Looks
  begun: Begun
  readonly format: Format | null
  /** As the layout was told. */
  isGone: boolean
  /** Its end tag has been, but elements in it are open. */
  isEnded: boolean
  /** Of a picture or a formula, in which other rules hold. */
  readonly isForeign: boolean
  /** A part of a table that stands in none: a browser passes over its tag. */
  readonly isStray: boolean
  /** Where selectors need it. */
  node: Node | null
  /** Its content is shown only to who opens it, except the first summary. */
  readonly isFolded: boolean
  hasSummary: boolean
}

/** A kind of barrier that an end tag does not reach across. */
export type Scope = 'any' | 'button' | 'list' | 'table' | 'special' | 'item'

const SCOPE = [
  ...['applet', 'caption', 'html', 'table', 'td', 'th', 'marquee', 'object', 'select', 'template'],
  ...['mi', 'mo', 'mn', 'ms', 'mtext', 'annotation-xml', 'foreignobject', 'desc'],
]

const SPECIAL = [
  ...SCOPE,
  ...[
    'address',
    'article',
    'aside',
    'blockquote',
    'body',
    'button',
    'center',
    'colgroup',
    'dd',
    'details',
    'dialog',
    'dir',
    'div',
  ],
  ...['dl', 'dt', 'fieldset', 'figcaption', 'figure', 'footer', 'form', 'frameset', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'head'],
  ...[
    'header',
    'hgroup',
    'iframe',
    'li',
    'listing',
    'main',
    'menu',
    'nav',
    'noembed',
    'noframes',
    'noscript',
    'ol',
    'p',
    'plaintext',
  ],
  ...[
    'pre',
    'script',
    'search',
    'section',
    'style',
    'summary',
    'tbody',
    'textarea',
    'tfoot',
    'thead',
    'title',
    'tr',
    'ul',
    'xmp',
  ],
]

const BARRIERS: ReadonlyMap<Scope, ReadonlySet<string>> = new Map<Scope, ReadonlySet<string>>([
  ['any', new Set(SCOPE)],
  ['button', new Set([...SCOPE, 'button'])],
  ['list', new Set([...SCOPE, 'ol', 'ul'])],
  ['table', new Set(['html', 'table', 'template'])],
  ['special', new Set(SPECIAL)],
  ['item', new Set(SPECIAL.filter((name) => !['address', 'div', 'p'].includes(name)))],
])

const NAMED_SCOPES: ReadonlyMap<string, Scope> = new Map<string, Scope>([
  ['p', 'button'],
  ['li', 'list'],
  ...['table', 'tbody', 'thead', 'tfoot', 'tr', 'td', 'th', 'caption'].map((name) => [name, 'table'] as const),
])

/** Within which scope the end tag of an element finds it. */
export function scopeOf(name: string): Scope {
  return NAMED_SCOPES.get(name) ?? (BARRIERS.get('special')?.has(name) || name === 'applet' ? 'any' : 'special')
}

/** Open elements, the innermost last. */
export class OpenElements {
  readonly #open: Element[] = []
  readonly #byName = new Map<string, number[]>()
  readonly #barriers = new Map<Scope, number[]>([...BARRIERS.keys()].map((scope) => [scope, []]))

  get top(): Element | undefined {
    return this.#open.at(-1)
  }

  /** How many are open. */
  get depth(): number {
    return this.#open.length
  }

  at(index: number): Element | undefined {
    return this.#open[index]
  }

  /** The position of the innermost element of a name; -1 where none is open. */
  find(name: string): number {
    return this.#byName.get(name)?.at(-1) ?? -1
  }

  /** The position of the innermost barrier of a kind; -1 where there is none. */
  findBarrier(scope: Scope): number {
    return this.#barriers.get(scope)?.at(-1) ?? -1
  }

  /** Whether an element of this name is open on this side of the barrier. */
  hasInScope(name: string, scope: Scope): boolean {
    const at = this.find(name)
    return at >= 0 && at >= this.findBarrier(scope)
  }

  push(element: Element): void {
    const at = this.#open.length
    this.#open.push(element)
    const positions = this.#byName.get(element.name)
    if (positions) positions.push(at)
    else this.#byName.set(element.name, [at])
    for (const [scope, names] of BARRIERS) if (names.has(element.name)) this.#barriers.get(scope)?.push(at)
  }

  pop(): Element | undefined {
    const element = this.#open.pop()
    if (!element) return undefined
    const at = this.#open.length
    const positions = this.#byName.get(element.name)
    if (positions?.at(-1) === at) positions.pop()
    for (const barriers of this.#barriers.values()) if (barriers.at(-1) === at) barriers.pop()
    return element
  }

  /** The innermost element of this name has ended, while elements in it are open: it is left with them. */
  end(name: string): void {
    const at = this.#byName.get(name)?.pop()
    const element = at === undefined ? undefined : this.#open[at]
    if (element) element.isEnded = true
  }
}
