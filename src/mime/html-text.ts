/**
 * HTML -> readable text. On the tokenizer alone, not on a tree: a sender chooses how deep elements nest, and a tree walk overflows the stack
 * at some thousands. Every step costs the same however deep it happens, so the time is linear in the HTML.
 */

import { Tokenizer } from 'htmlparser2'
import type { Hidden } from '../mail-facts.ts'
import { HiddenTally } from './hidden.ts'
import { CLOSED_BY, NEVER_SHOWN, VOID_ELEMENTS } from './html-elements.ts'
import { type Begun, HtmlLayout } from './html-layout.ts'
import { type Attributes, GONE, INVISIBLE, type Look, LookReader, PLAIN_LOOK } from './html-style.ts'
import { removeMarks } from './marks.ts'
import { StyleSheet } from './style-sheet.ts'

/** Text made from HTML. */
export type HtmlText = {
  /** With the marks of marks.ts. */
  readonly text: string
  /** Where its links lead, by the positions in its marks. */
  readonly urls: readonly string[]
  /** Links that were too long to be kept. */
  readonly urlsLeftOut: number
  /** It was cut at the bound. */
  readonly isShortened: boolean
  readonly hidden: readonly Hidden[]
  /** Pictures that are seen and say nothing in words. */
  readonly speechlessPictures: number
}

/** An open element. */
type Element = { readonly name: string; readonly look: Look; readonly begun: Begun }

/** The attributes that are read; of a repeated one the first counts, as in a browser. */
const READ_ATTRIBUTES = new Set([
  ...['href', 'style', 'hidden', 'alt', 'start', 'bgcolor', 'background', 'color', 'text', 'width', 'height'],
  ...['class', 'id', 'name', 'type', 'value', 'open'],
])

/**
 * What a person would read of the HTML, at most `maxChars`: blocks on lines of their own, cells of a row separated by " | ", headings with `#`, links and
 * quotes marked. Comments, scripts, styles and hidden content are left out.
 */
export function htmlToText(html: string, maxChars: number): HtmlText {
  const builder = new TextBuilder(html, maxChars)
  const tokenizer = new Tokenizer({ decodeEntities: true, xmlMode: false }, builder)
  tokenizer.write(html)
  tokenizer.end()
  return builder.finish()
}

/** Follows the open elements and tells the layout what is shown. The callbacks get offsets into the HTML. */
class TextBuilder {
  readonly #html: string
  readonly #layout: HtmlLayout
  readonly #looks: LookReader
  readonly #hidden = new HiddenTally()
  readonly #open: Element[] = []
  /** How many elements of a name are open, so that an end tag without a start tag costs no search. */
  readonly #openCounts = new Map<string, number>()
  #tagName = ''
  #attributes = new Map<string, string>()
  #attributeName: string | null = null
  #attributeValue = ''
  /** Text since the last tag: what is filler shows only beside the character that follows, and an entity may stand between. */
  #run = ''

  constructor(html: string, maxChars: number) {
    this.#html = html
    this.#layout = new HtmlLayout(maxChars)
    this.#looks = new LookReader(new StyleSheet(html))
  }

  finish(): HtmlText {
    this.#endRun()
    while (this.#open.length > 0) this.#closeTop()
    const { targets, speechlessPictures, isFull } = this.#layout
    return {
      text: this.#layout.toString(),
      urls: targets.urls,
      urlsLeftOut: targets.tooLongCount,
      isShortened: isFull,
      hidden: this.#hidden.list(),
      speechlessPictures,
    }
  }

  onopentagname(start: number, end: number): void {
    this.#tagName = this.#html.slice(start, end).toLowerCase()
    this.#attributes = new Map()
  }

  onattribname(start: number, end: number): void {
    const name = this.#html.slice(start, end).toLowerCase()
    this.#attributeName = READ_ATTRIBUTES.has(name) && !this.#attributes.has(name) ? name : null
    this.#attributeValue = ''
  }

  onattribdata(start: number, end: number): void {
    if (this.#attributeName !== null) this.#attributeValue += this.#html.slice(start, end)
  }

  onattribentity(codepoint: number): void {
    if (this.#attributeName !== null) this.#attributeValue += String.fromCodePoint(codepoint)
  }

  onattribend(): void {
    if (this.#attributeName !== null) this.#attributes.set(this.#attributeName, this.#attributeValue)
    this.#attributeName = null
  }

  onopentagend(): void {
    this.#openElement(this.#tagName, this.#attributes)
  }

  onselfclosingtag(): void {
    this.#openElement(this.#tagName, this.#attributes)
    // `<br/>` opened nothing, and HTML does not know `<div/>`; but a script that ends at once hides nothing after it.
    if (NEVER_SHOWN.has(this.#tagName)) this.#closeTop()
  }

  onclosetag(start: number, end: number): void {
    const name = this.#html.slice(start, end).toLowerCase()
    if ((this.#openCounts.get(name) ?? 0) === 0) return
    while (this.#open.at(-1)?.name !== name) this.#closeTop()
    this.#closeTop()
  }

  ontext(start: number, end: number): void {
    this.#run += this.#html.slice(start, end)
  }

  ontextentity(codepoint: number): void {
    this.#run += String.fromCodePoint(codepoint)
  }

  oncdata(): void {}
  oncomment(): void {}
  ondeclaration(): void {}
  onprocessinginstruction(): void {}
  onend(): void {}

  #openElement(name: string, attributes: Attributes): void {
    this.#endRun()
    this.#closeImplied(name)
    const look = this.#looks.read(name, attributes, this.#look, NEVER_SHOWN.has(name))
    const isGone = (look.flags & GONE) !== 0
    if (!isGone) this.#showStart(name, attributes, look)
    if (VOID_ELEMENTS.has(name)) return
    this.#open.push({ name, look, begun: this.#layout.open(name, attributes, isGone) })
    this.#openCounts.set(name, (this.#openCounts.get(name) ?? 0) + 1)
  }

  /** A list item ends the one before it, and a link the link it stands in, although no end tag says so. */
  #closeImplied(name: string): void {
    const closed = CLOSED_BY.get(name)
    if (!closed) return
    for (let top = this.#open.at(-1); top && closed.has(top.name); top = this.#open.at(-1)) this.#closeTop()
  }

  #closeTop(): void {
    this.#endRun()
    const element = this.#open.pop()
    if (!element) return
    const { name, look, begun } = element
    this.#openCounts.set(name, (this.#openCounts.get(name) ?? 1) - 1)
    this.#layout.close(name, begun, (look.flags & GONE) !== 0)
  }

  get #look(): Look {
    return this.#open.at(-1)?.look ?? PLAIN_LOOK
  }

  /** The place that an element takes stays where its text is not seen, for other text may be in it. */
  #showStart(name: string, attributes: Attributes, { flags }: Look): void {
    const layout = this.#layout
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
  }

  #endRun(): void {
    if (this.#run === '') return
    this.#showText(this.#run)
    this.#run = ''
  }

  #showText(text: string): void {
    if (this.#look.flags === 0) this.#layout.showText(removeMarks(text))
  }
}

/** A picture of a pixel: whatever it says it stands for, nobody is meant to read. */
function isDot(attributes: Attributes): boolean {
  return ['width', 'height'].some((side) => /^\s*[01](?:px)?\s*$/.test(attributes.get(side) ?? ''))
}
