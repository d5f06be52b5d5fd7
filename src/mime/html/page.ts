/** The tree of HTML being read, as a browser makes it (HTML section 13.2.6): which element stands in which. What becomes of them is up to a scene. */

import {
  BREAKS_OUT,
  CLOSED_BY,
  CLOSES_P,
  HEAD_CONTENT,
  HEADINGS,
  IN_TABLE,
  NEVER_SHOWN,
  RAW_TEXT,
  ROWS_STAND_IN,
  TABLE_BODIES,
  VOID_ELEMENTS,
} from './elements.ts'
import { ActiveFormats, FORMATTING } from './formatting.ts'
import { NOTHING_BEGUN } from './layout.ts'
import { type Element, OpenElements, scopeOf } from './open-elements.ts'
import type { Roots, Scene } from './scene.ts'
import { PLAIN_LOOKS } from './style.ts'

/** Follows the elements of one HTML source. */
export class HtmlPage {
  readonly #scene: Scene
  readonly #roots: Roots
  readonly #open = new OpenElements()
  readonly #formats = new ActiveFormats()
  readonly #isQuirky: boolean
  #html: Element | null = null
  #head: Element | null = null
  #body: Element | null = null

  /** `isQuirky` where the HTML names no type of document that is a standard. */
  constructor(scene: Scene, roots: Roots, isQuirky: boolean) {
    this.#scene = scene
    this.#roots = roots
    this.#isQuirky = isQuirky
  }

  /** A start tag; `isEnded` where it ends itself, as in `<br/>`. */
  open(name: string, attributes: Map<string, string>, isEnded: boolean): void {
    if (this.#openRoot(name, attributes)) return
    this.#closeImplied(name)
    if (this.#open.depth >= MAX_OPEN && !VOID_ELEMENTS.has(name)) {
      this.#scene.tooDeep()
      return
    }
    if (name === 'form' && (this.#open.find('form') >= 0 || this.#isInRows())) return
    if (!REOPENS_NOTHING.has(name)) this.#reopenFormats()
    this.#start(name, attributes, isEnded)
  }

  /** Whether the element that is open now is of a picture or a formula. */
  get isForeign(): boolean {
    return this.#open.top?.isForeign ?? false
  }

  /** An end tag (HTML section 13.2.6.4.7). */
  close(name: string): void {
    // What follows them is still in the elements that are open.
    if (name === 'body' || name === 'html') return
    if (name === 'head') {
      if (this.#open.top?.name === 'head') this.#closeTop()
      return
    }
    if (/^h[1-6]$/.test(name)) this.#closeHeading()
    else if (FORMATTING.has(name)) this.#closeFormat(name)
    else if (name === 'form') this.#closeForm()
    else if (this.#open.hasInScope(name, scopeOf(name))) this.#closeTo(this.#open.find(name))
  }

  /** The text ends. */
  finish(): void {
    this.#openBody()
    this.#closeTo(0)
  }

  /** Text between two tags. */
  showText(text: string): void {
    const { top } = this.#open
    if (top && RAW_TEXT.has(top.name) && !top.isForeign) {
      this.#scene.text(text, top)
      return
    }
    const isBlank = !/[^\t\n\f\r ]/.test(text)
    if (isBlank && !this.#body) return
    if (!isBlank && !this.#isInTemplate()) this.#openBody()
    this.#reopenFormats()
    this.#scene.text(text, isBlank ? this.#open.top : this.#placeOf('', false))
  }

  /** A comment. */
  addComment(comment: string): void {
    this.#scene.comment(comment)
  }

  /** The tags of the document, its head and its body, which are there whether they are written or not, and once. */
  #openRoot(name: string, attributes: Map<string, string>): boolean {
    if (this.isForeign || this.#isInTemplate()) return name === 'html' || name === 'body' || name === 'head'
    if (name === 'html') merge(attributes, this.#openHtml(), this.#scene)
    else if (name === 'body') merge(attributes, this.#openBody(), this.#scene)
    else if (name === 'head' || HEAD_CONTENT.has(name)) {
      this.#openHtml()
      if (!this.#body) this.#head ??= this.#start('head', new Map(), false)
    } else this.#openBody()
    return name === 'html' || name === 'body' || name === 'head'
  }

  #isInTemplate(): boolean {
    return this.#open.find('template') >= 0
  }

  #openHtml(): Element {
    this.#html ??= this.#start('html', this.#roots.html, false)
    return this.#html
  }

  #openBody(): Element {
    if (this.#body) return this.#body
    this.#openHtml()
    this.#head ??= this.#start('head', new Map(), false)
    this.#closeTo(1)
    this.#body = this.#start('body', this.#roots.body, false)
    return this.#body
  }

  #start(name: string, attributes: Map<string, string>, isEnded: boolean): Element {
    const isForeign = name === 'svg' || name === 'math' || (this.isForeign && !this.#isIntegrated())
    const isStray = !isForeign && IN_TABLE.has(name) && name !== 'table' && !this.#open.hasInScope('table', 'table')
    const element: Element = {
      name,
      attributes,
      looks: PLAIN_LOOKS,
      begun: NOTHING_BEGUN,
      format: isForeign || VOID_ELEMENTS.has(name) ? null : this.#formats.opened(name, attributes),
      isGone: false,
      isEnded: false,
      isForeign,
      isStray,
      node: null,
      isFolded: name === 'details' && !attributes.has('open'),
      hasSummary: false,
    }
    this.#scene.begin(element, this.#placeOf(name, isForeign))
    if (VOID_ELEMENTS.has(name)) return element
    this.#open.push(element)
    // HTML does not know `<div/>`; pictures and formulas do.
    if (isEnded && isForeign) this.#closeTop()
    return element
  }

  /** The element in which another one stands, or text: what is in a table and in none of its cells stands before it. */
  #placeOf(name: string, isForeign: boolean): Element | undefined {
    const isMoved = this.#isInRows() && !IN_TABLE.has(name) && !HEAD_CONTENT.has(name) && !(isForeign && this.isForeign)
    return isMoved ? this.#open.at(this.#open.find('table') - 1) : this.#open.top
  }

  /** Whether a table is open, and no cell of it. */
  #isInRows(): boolean {
    const { top } = this.#open
    return top !== undefined && !top.isForeign && !top.isStray && ROWS_STAND_IN.has(top.name)
  }

  /** Whether what stands in the innermost element of a picture is HTML again. */
  #isIntegrated(): boolean {
    return /^(?:foreignobject|desc|title|mi|mo|mn|ms|mtext|annotation-xml)$/.test(this.#open.top?.name ?? '')
  }

  /** In the next block, letters look as in the one before where no end tag was. */
  #reopenFormats(): void {
    for (const { name, attributes } of this.#formats.takeClosed()) this.#start(name, attributes, false)
  }

  #closeHeading(): void {
    const at = Math.max(...HEADINGS.map((name) => this.#open.find(name)))
    if (at >= 0 && at >= this.#open.findBarrier('any')) this.#closeTo(at)
  }

  #closeForm(): void {
    if (!this.#open.hasInScope('form', 'any')) return
    this.#open.end('form')
    if (this.#open.top?.isEnded) this.#closeTop()
  }

  /** The adoption agency of HTML section 13.2.6.4.7: blocks that are open in the element stay open and are no longer in it. */
  #closeFormat(name: string): void {
    const format = this.#formats.find(name)
    const at = this.#open.find(name)
    const isBlocked = at >= 0 && at < this.#open.findBarrier('special')
    if (!format) {
      if (at >= 0 && !isBlocked) this.#closeTo(at)
      return
    }
    if (!format.isOpen) {
      this.#formats.remove(format)
      return
    }
    if (at < this.#open.findBarrier('any')) return
    if (isBlocked && this.#open.depth - at > MAX_ADOPTED) return
    this.#formats.remove(format)
    if (isBlocked) this.#endAround(at)
    else this.#closeTo(at)
  }

  /** The element at this position ends; what is open in it looks as if it had never been there. */
  #endAround(at: number): void {
    const element = this.#open.at(at)
    if (!element) return
    this.#open.end(element.name)
    this.#scene.endEarly(element, this.#open.at(at - 1))
    for (let inner = this.#open.at(++at); inner; inner = this.#open.at(++at)) this.#scene.lookAgain(inner, this.#open.at(at - 1))
  }

  /** What the start of an element ends, although no end tag says so. */
  #closeImplied(name: string): void {
    if (this.isForeign) {
      if (this.#isIntegrated() || !BREAKS_OUT.has(name)) return
      while (this.isForeign && !this.#isIntegrated()) this.#closeTop()
    }
    const open = this.#open
    if (IN_TABLE.has(name) && this.#closeInTable(name)) return
    // A list item ends the one before it.
    const item = open.at(open.findBarrier('item'))?.name ?? ''
    if ((name === 'li' && item === 'li') || (/^d[dt]$/.test(name) && /^d[dt]$/.test(item)))
      this.#closeTo(open.findBarrier('item'))
    if ((CLOSES_P.has(name) || (name === 'table' && !this.#isQuirky)) && open.hasInScope('p', 'button'))
      this.#closeTo(open.find('p'))
    if (/^h[1-6]$/.test(name) && /^h[1-6]$/.test(open.top?.name ?? '')) this.#closeTop()
    if (name === 'button' && open.hasInScope('button', 'any')) this.#closeTo(open.find('button'))
    if ((name === 'a' || name === 'nobr') && this.#formats.find(name)) this.#closeFormat(name)
    const closed = CLOSED_BY.get(name)
    for (let top = open.top; top && closed?.has(top.name); top = open.top) this.#closeTop()
  }

  /** Whether a table is open that the element is a part of; what is open in the part before it is ended. */
  #closeInTable(name: string): boolean {
    const open = this.#open
    const table = open.find('table')
    const cell = Math.max(open.find('td'), open.find('th'), open.find('caption'))
    if (table < 0 || table < open.find('template')) return false
    if (name === 'table') {
      if (cell < table) this.#closeTo(table)
      return cell < table
    }
    const around = name === 'td' || name === 'th' ? ['tr', ...TABLE_BODIES] : name === 'tr' ? TABLE_BODIES : []
    const at = Math.max(table, ...around.map((outer) => open.find(outer)))
    this.#closeTo(at + 1)
    // Rows stand in a body and cells in a row, written or not.
    if (/^t[rdh]$/.test(name) && open.top?.name === 'table') this.#start('tbody', new Map(), false)
    if (/^t[dh]$/.test(name) && TABLE_BODIES.includes(open.top?.name ?? '')) this.#start('tr', new Map(), false)
    return true
  }

  /** Ends all from this position on. */
  #closeTo(at: number): void {
    while (this.#open.depth > at) this.#closeTop()
  }

  #closeTop(): void {
    do {
      const element = this.#open.pop()
      if (!element) return
      if (!element.isForeign) this.#formats.left(element.name, element.format)
      this.#scene.end(element)
    } while (this.#open.top?.isEnded)
  }
}

/** Of a repeated attribute, the first one counts. */
function merge(attributes: ReadonlyMap<string, string>, element: Element, scene: Scene): void {
  const { attributes: known } = element
  if (!(known instanceof Map)) return
  for (const [name, value] of attributes) if (!known.has(name)) known.set(name, value)
  scene.merged(element)
}

/** Elements within each other; a browser follows 512. */
const MAX_OPEN = 100_000
/** Elements in one of letters whose looks are read again when that ends before them; it goes on in more. */
const MAX_ADOPTED = 64
/** Before these a browser opens no letters again. */
const REOPENS_NOTHING = new Set([
  ...[...CLOSES_P, ...IN_TABLE, ...NEVER_SHOWN],
  ...['html', 'head', 'body', 'meta', 'link', 'base', 'param', 'source', 'track', 'li', 'dd', 'dt', 'hr', 'noscript', 'frameset'],
])
