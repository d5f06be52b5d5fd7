/** The open elements of HTML being read: what of them is seen goes into the layout, what is not is counted. */

import type { Node } from './css-match.ts'
import { HiddenTally } from './hidden.ts'
import { countComment } from './html-comments.ts'
import {
  BREAKS_OUT,
  CLOSED_BY,
  CLOSES_P,
  HEADINGS,
  IGNORED,
  IN_TABLE,
  NEVER_SHOWN,
  TABLE_BODIES,
  UNSEEN_IN,
  VOID_ELEMENTS,
} from './html-elements.ts'
import { isDot, isShownInput } from './html-fields.ts'
import { ActiveFormats, FORMATTING } from './html-formatting.ts'
import { HtmlLayout } from './html-layout.ts'
import { OpenElements, scopeOf } from './html-open-elements.ts'
import { type Attributes, GONE, goneLook, hiddenBy, INVISIBLE, type Look, LookReader, PLAIN_LOOK } from './html-style.ts'
import { removeMarks } from './marks.ts'
import type { StyleSheet } from './style-sheet.ts'
import { countUnseen } from './unseen.ts'

/** Elements before it that an element is compared with: of more, the first are forgotten. */
const MAX_SIBLINGS = 64

/** Follows the elements of one HTML source. */
export class HtmlPage {
  readonly layout: HtmlLayout
  readonly hidden = new HiddenTally()
  readonly #sheet: StyleSheet
  readonly #looks: LookReader
  readonly #open = new OpenElements()
  readonly #formats = new ActiveFormats()
  readonly #isQuirky: boolean
  #topChild: Node | null = null

  /** `isQuirky` where the HTML names no type of document that is a standard. */
  constructor(sheet: StyleSheet, maxChars: number, isQuirky: boolean) {
    this.#sheet = sheet
    this.#isQuirky = isQuirky
    this.#looks = new LookReader(sheet)
    this.layout = new HtmlLayout(maxChars)
  }

  /** A start tag; `isEnded` where it ends itself, as in `<br/>`. */
  open(name: string, attributes: Attributes, isEnded: boolean): void {
    this.#closeImplied(name)
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
    if (/^h[1-6]$/.test(name)) this.#closeHeading()
    else if (FORMATTING.has(name)) this.#closeFormat(name)
    else if (name === 'form') this.#closeForm()
    else if (this.#open.hasInScope(name, scopeOf(name))) this.#closeTo(this.#open.find(name))
  }

  /** The text ends. */
  finish(): void {
    this.#closeTo(0)
  }

  /** Text between two tags. */
  showText(text: string): void {
    this.#reopenFormats()
    const top = this.#open.top
    const look = top?.look ?? PLAIN_LOOK
    if (look.flags === 0 && !top?.isFolded) {
      countUnseen(text, this.hidden)
      this.layout.showText(removeMarks(text))
      if (/\S/.test(text)) this.hidden.endRun()
      return
    }
    const kind = top?.isFolded ? 'not-displayed' : hiddenBy(look)
    if (kind !== null) this.hidden.addText(kind, text)
  }

  /** A comment. */
  addComment(comment: string): void {
    countComment(comment, this.hidden)
  }

  #start(name: string, attributes: Attributes, isEnded: boolean): void {
    const isForeign = name === 'svg' || name === 'math' || (this.isForeign && !this.#isIntegrated())
    const node = this.#sheet.needsNodes ? this.#addNode(name, attributes) : null
    const look = this.#readLook(name, attributes, node)
    const isGone = (look.flags & GONE) !== 0
    if (!isGone) this.#showStart(name, attributes, look)
    if (VOID_ELEMENTS.has(name)) return
    this.#open.push({
      name,
      attributes,
      look,
      begun: this.layout.open(name, attributes, isGone),
      format: isForeign ? null : this.#formats.opened(name, attributes),
      isGone,
      isEnded: false,
      isForeign,
      node,
      lastChild: null,
      childCount: 0,
      isFolded: name === 'details' && !attributes.has('open'),
    })
    // HTML does not know `<div/>`; pictures and formulas do.
    if (isEnded && isForeign) this.#closeTop()
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
    this.layout.closeLink(element.begun)
    element.begun = { ...element.begun, link: null }
    let parent = this.#open.at(at - 1)?.look ?? PLAIN_LOOK
    element.look = parent
    for (let inner = this.#open.at(++at); inner; inner = this.#open.at(++at)) {
      inner.look = inner.isEnded
        ? parent
        : this.#readLook(inner.name, inner.attributes, inner.node, parent, this.#open.at(at - 1))
      parent = inner.look
    }
  }

  #readLook(
    name: string,
    attributes: Attributes,
    node: Node | null,
    parent = this.#open.top?.look ?? PLAIN_LOOK,
    top = this.#open.top,
  ): Look {
    if (IGNORED.has(name)) return goneLook(parent, parent.goneBy)
    if (NEVER_SHOWN.has(name) || (name === 'dialog' && !attributes.has('open'))) return goneLook(parent, 'not-displayed')
    if (top?.isFolded && name !== 'summary') return goneLook(parent, 'not-displayed')
    const outer = UNSEEN_IN.get(name)
    if (outer !== undefined && this.#open.find(outer) >= 0) return goneLook(parent, 'not-displayed')
    return this.#looks.read(name, attributes, parent, node)
  }

  #addNode(name: string, attributes: Attributes): Node {
    const top = this.#open.top
    const index = (top?.childCount ?? 0) + 1
    const before = top ? top.lastChild : this.#topChild
    const previous = index % MAX_SIBLINGS === 0 && before ? { ...before, previous: null } : before
    const classes = this.#sheet.foldName(attributes.get('class'))?.trim().split(/\s+/, MAX_SIBLINGS) ?? []
    const node = {
      name,
      id: this.#sheet.foldName(attributes.get('id'))?.trim() ?? '',
      classes,
      attributes,
      parent: top?.node ?? null,
      previous,
      index,
    }
    if (top) {
      top.lastChild = node
      top.childCount = index
    } else this.#topChild = node
    return node
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
      const { name, isGone, begun, format } = element
      if (!element.isForeign) this.#formats.left(name, format)
      this.layout.close(name, begun, isGone)
    } while (this.#open.top?.isEnded)
  }

  /** The place that an element takes stays where its text is not seen, for other text may be in it. */
  #showStart(name: string, attributes: Attributes, { flags }: Look): void {
    const { layout } = this
    layout.startBlock(name)
    if (name === 'br') layout.breakLine()
    else if (name === 'td' || name === 'th') layout.startCell()
    else if (name === 'base') layout.targets.setBase(attributes.get('href'))
    if (flags & INVISIBLE) return
    if (name === 'img' && !isDot(attributes)) layout.showPicture(removeMarks(attributes.get('alt') ?? ''))
    else if (name === 'area') layout.showArea(attributes)
    else if (name === 'hr') layout.drawRule()
    if (flags !== 0) return
    if (name === 'li') layout.startItem()
    else if (/^h[1-6]$/.test(name)) layout.startHeading(name)
    else if (name === 'input' && isShownInput(attributes)) this.showText(` ${attributes.get('value') ?? ''} `)
  }
}

/** Elements in one of letters whose looks are read again when that ends before them; it goes on in more. */
const MAX_ADOPTED = 64
/** Before these a browser opens no letters again. */
const REOPENS_NOTHING = new Set([
  ...[...CLOSES_P, ...IN_TABLE, ...NEVER_SHOWN],
  ...['html', 'head', 'body', 'meta', 'link', 'base', 'param', 'source', 'track', 'li', 'dd', 'dt', 'hr', 'noscript', 'frameset'],
])
