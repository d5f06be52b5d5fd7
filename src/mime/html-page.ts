/** The open elements of HTML being read: what of them is seen goes into the layout, what is not is counted. */

import type { Node } from './css-match.ts'
import { HiddenTally } from './hidden.ts'
import { CLOSED_BY, IGNORED, NEVER_SHOWN, UNSEEN_IN, VOID_ELEMENTS } from './html-elements.ts'
import { type Begun, HtmlLayout } from './html-layout.ts'
import { type Attributes, GONE, goneLook, hiddenBy, INVISIBLE, type Look, LookReader, PLAIN_LOOK } from './html-style.ts'
import { removeMarks } from './marks.ts'
import type { StyleSheet } from './style-sheet.ts'
import { countUnseen } from './unseen.ts'

/** An open element. */
type Element = {
  readonly name: string
  readonly look: Look
  readonly begun: Begun
  readonly node: Node | null
  /** The last element in it that has ended or is open, and how many there are. */
  lastChild: Node | null
  childCount: number
  /** Its content is shown only to who opens it. */
  readonly isFolded: boolean
}

/** Elements before it that an element is compared with: of more, the first are forgotten. */
const MAX_SIBLINGS = 64

/** Follows the elements of one HTML source. */
export class HtmlPage {
  readonly layout: HtmlLayout
  readonly hidden = new HiddenTally()
  readonly #sheet: StyleSheet
  readonly #looks: LookReader
  readonly #open: Element[] = []
  /** How many elements of a name are open, so that an end tag without a start tag costs no search. */
  readonly #openCounts = new Map<string, number>()
  #topChild: Node | null = null

  constructor(sheet: StyleSheet, maxChars: number) {
    this.#sheet = sheet
    this.#looks = new LookReader(sheet)
    this.layout = new HtmlLayout(maxChars)
  }

  /** A start tag; `isEnded` where it ends itself, as in `<br/>`. */
  open(name: string, attributes: Attributes, isEnded: boolean): void {
    this.#closeImplied(name)
    const node = this.#sheet.needsNodes ? this.#addNode(name, attributes) : null
    const look = this.#readLook(name, attributes, node)
    const isGone = (look.flags & GONE) !== 0
    if (!isGone) this.#showStart(name, attributes, look)
    if (VOID_ELEMENTS.has(name)) return
    const isFolded = name === 'details' && !attributes.has('open')
    this.#open.push({
      name,
      look,
      begun: this.layout.open(name, attributes, isGone),
      node,
      lastChild: null,
      childCount: 0,
      isFolded,
    })
    this.#openCounts.set(name, this.#countOpen(name) + 1)
    // `<br/>` opened nothing, and HTML does not know `<div/>`; but a script that ends at once hides nothing after it.
    if (isEnded && NEVER_SHOWN.has(name)) this.#closeTop()
  }

  /** An end tag. */
  close(name: string): void {
    if (this.#countOpen(name) === 0) return
    while (this.#open.at(-1)?.name !== name) this.#closeTop()
    this.#closeTop()
  }

  /** The text ends. */
  finish(): void {
    while (this.#open.length > 0) this.#closeTop()
  }

  /** Text between two tags. */
  showText(text: string): void {
    const top = this.#open.at(-1)
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

  /** A comment; those that only Outlook reads, that name parts of the page and that hold no sentence are in every mail and are not counted. */
  addComment(comment: string): void {
    if (/^\s*(?:\[if\b|<!\[endif)|\[endif\]\s*$/i.test(comment.slice(0, 40)) || comment.endsWith('[endif]')) return
    const text = comment.slice(0, MAX_COMMENT_CHARS).replace(/<[^<>]*>|\{[^{}]*\}/g, ' ')
    const words = text.match(/\p{L}{2,}/gu)?.length ?? 0
    if (words >= MIN_COMMENT_WORDS) this.hidden.add('comment', 1, text.trim().length)
  }

  #countOpen(name: string): number {
    return this.#openCounts.get(name) ?? 0
  }

  #readLook(name: string, attributes: Attributes, node: Node | null): Look {
    const top = this.#open.at(-1)
    const parent = top?.look ?? PLAIN_LOOK
    if (IGNORED.has(name)) return goneLook(parent, parent.goneBy)
    if (NEVER_SHOWN.has(name) || (name === 'dialog' && !attributes.has('open'))) return goneLook(parent, 'not-displayed')
    if (top?.isFolded && name !== 'summary') return goneLook(parent, 'not-displayed')
    const outer = UNSEEN_IN.get(name)
    if (outer !== undefined && this.#countOpen(outer) > 0) return goneLook(parent, 'not-displayed')
    return this.#looks.read(name, attributes, parent, node)
  }

  #addNode(name: string, attributes: Attributes): Node {
    const top = this.#open.at(-1)
    const index = (top?.childCount ?? 0) + 1
    const before = top ? top.lastChild : this.#topChild
    const previous = index % MAX_SIBLINGS === 0 && before ? { ...before, previous: null } : before
    const classes = attributes.get('class')?.trim().split(/\s+/, MAX_SIBLINGS) ?? []
    const node = { name, id: attributes.get('id')?.trim() ?? '', classes, attributes, parent: top?.node ?? null, previous, index }
    if (top) {
      top.lastChild = node
      top.childCount = index
    } else this.#topChild = node
    return node
  }

  /** A list item ends the one before it, and a link the link it stands in, although no end tag says so. */
  #closeImplied(name: string): void {
    const closed = CLOSED_BY.get(name)
    if (!closed) return
    for (let top = this.#open.at(-1); top && closed.has(top.name); top = this.#open.at(-1)) this.#closeTop()
  }

  #closeTop(): void {
    const element = this.#open.pop()
    if (!element) return
    const { name, look, begun } = element
    this.#openCounts.set(name, this.#countOpen(name) - 1)
    this.layout.close(name, begun, (look.flags & GONE) !== 0)
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
    else if (name === 'input' && !UNSHOWN_INPUTS.test(attributes.get('type') ?? ''))
      this.showText(` ${attributes.get('value') ?? ''} `)
  }
}

const MAX_COMMENT_CHARS = 10_000
/** Fewer words name a part of the page. */
const MIN_COMMENT_WORDS = 8

/** Fields whose value is not shown as it is. */
const UNSHOWN_INPUTS = /^\s*(?:hidden|password|checkbox|radio|image|file|range|color)\s*$/i

/** A picture of a pixel: whatever it says it stands for, nobody is meant to read. */
function isDot(attributes: Attributes): boolean {
  return ['width', 'height'].some((side) => /^\s*[01](?:px)?\s*$/.test(attributes.get(side) ?? ''))
}
