/**
 * HTML -> readable text. On the tokenizer alone, not on a tree: a sender chooses how deep elements nest, and a tree walk overflows the stack
 * at some thousands. Every step costs the same however deep it happens, so the time is linear in the HTML.
 */

import { Tokenizer } from 'htmlparser2'
import type { Hidden } from '../mail-facts.ts'
import { HtmlPage } from './html-page.ts'
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
  /** Its style sheet is larger than is obeyed, so that hidden text may be shown. */
  readonly isStyleShortened: boolean
  readonly hidden: readonly Hidden[]
  /** Pictures that are seen and say nothing in words. */
  readonly speechlessPictures: number
}

/** The attributes that are read; of a repeated one the first counts, as in a browser. */
const READ_ATTRIBUTES = new Set([
  ...['href', 'style', 'hidden', 'alt', 'start', 'bgcolor', 'background', 'color', 'text', 'width', 'height'],
  ...['class', 'id', 'name', 'type', 'value', 'open', 'fill'],
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

/** Hears the tokens of the HTML, as offsets into it, and tells the page of elements and text. */
class TextBuilder {
  readonly #html: string
  readonly #page: HtmlPage
  readonly #sheet: StyleSheet
  #tagName = ''
  #attributes = new Map<string, string>()
  #attributeName: string | null = null
  #attributeValue = ''
  /** Text since the last tag: what is filler shows only beside the character that follows, and an entity may stand between. */
  #run = ''

  constructor(html: string, maxChars: number) {
    this.#html = html
    this.#sheet = new StyleSheet(html)
    this.#page = new HtmlPage(this.#sheet, maxChars)
  }

  finish(): HtmlText {
    this.#endRun()
    this.#page.finish()
    const { targets, speechlessPictures, isFull } = this.#page.layout
    return {
      text: this.#page.layout.toString(),
      urls: targets.urls,
      urlsLeftOut: targets.tooLongCount,
      isShortened: isFull,
      isStyleShortened: this.#sheet.isShortened,
      hidden: this.#page.hidden.list(),
      speechlessPictures,
    }
  }

  onopentagname(start: number, end: number): void {
    this.#tagName = this.#html.slice(start, end).toLowerCase()
    this.#attributes = new Map()
  }

  onattribname(start: number, end: number): void {
    const name = this.#html.slice(start, end).toLowerCase()
    const isRead = READ_ATTRIBUTES.has(name) || this.#sheet.attributeNames.has(name)
    this.#attributeName = isRead && !this.#attributes.has(name) ? name : null
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
    this.#endRun()
    this.#page.open(this.#tagName, this.#attributes, false)
  }

  onselfclosingtag(): void {
    this.#endRun()
    this.#page.open(this.#tagName, this.#attributes, true)
  }

  onclosetag(start: number, end: number): void {
    this.#endRun()
    this.#page.close(this.#html.slice(start, end).toLowerCase())
  }

  ontext(start: number, end: number): void {
    this.#run += this.#html.slice(start, end)
  }

  ontextentity(codepoint: number): void {
    this.#run += String.fromCodePoint(codepoint)
  }

  oncdata(start: number, end: number, endOffset: number): void {
    this.#page.addComment(this.#html.slice(start, end - endOffset))
  }

  oncomment(start: number, end: number, endOffset: number): void {
    this.#page.addComment(this.#html.slice(start, end - endOffset))
  }

  ondeclaration(start: number, end: number): void {
    this.#page.addComment(this.#html.slice(start, end))
  }

  onprocessinginstruction(start: number, end: number): void {
    this.#page.addComment(this.#html.slice(start, end))
  }

  onend(): void {}

  #endRun(): void {
    if (this.#run === '') return
    this.#page.showText(this.#run)
    this.#run = ''
  }
}
