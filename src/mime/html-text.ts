/**
 * HTML -> readable text. On the tokenizer alone, not on a tree: a sender chooses how deep elements nest, and a tree walk overflows the stack
 * at some thousands. Every step costs the same however deep it happens, so the time is linear in the HTML.
 */

import { Tokenizer } from 'htmlparser2'
import type { Hidden } from '../mail-facts.ts'
import { RAW_TEXT } from './html-elements.ts'
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
  return new TextBuilder(html, maxChars).read()
}

/** A comment ends so too (HTML section 13.2.5.52); of the same length, because tokens are offsets. */
function endComments(html: string): string {
  return html.includes('--!>') ? html.replaceAll('--!>', '--->') : html
}

/** Without a type of document, or with an old one, a browser keeps to the errors of old browsers (HTML section 13.2.6.4.1). */
function isQuirky(html: string): boolean {
  const type = /<!doctype\s+html([^>]{0,200})>/i.exec(html.slice(0, MAX_DOCTYPE_AT))?.[1]
  return type === undefined || /dtd html (?:[23]|4\.0(?:1)? (?:transitional|frameset)\/\/en"\s*$)/i.test(type)
}

const MAX_DOCTYPE_AT = 2_000

/** Elements of text that the tokenizer does not know for such. */
const UNKNOWN_RAW = new Set(['iframe', 'noframes', 'noembed'])

/** Hears the tokens of the HTML, as offsets into it, and tells the page of elements and text. */
class TextBuilder {
  readonly #html: string
  #tokenizer = this.#startTokenizer()
  /** Where in the HTML the tokenizer began. */
  #base = 0
  /** Where it goes on, when it was stopped at text that it would not take for such. */
  #next: number | null = null
  readonly #page: HtmlPage
  readonly #sheet: StyleSheet
  #tagName = ''
  #attributes = new Map<string, string>()
  #attributeName: string | null = null
  #attributeValue = ''
  /** Text since the last tag: what is filler shows only beside the character that follows, and an entity may stand between. */
  #run = ''

  constructor(html: string, maxChars: number) {
    this.#html = endComments(html)
    const isQuirk = isQuirky(html)
    this.#sheet = new StyleSheet(this.#html, isQuirk)
    this.#page = new HtmlPage(this.#sheet, maxChars, isQuirk)
  }

  read(): HtmlText {
    this.#tokenizer.write(this.#html)
    while (this.#next !== null) {
      this.#base = this.#next
      this.#next = null
      this.#tokenizer = this.#startTokenizer()
      this.#tokenizer.write(this.#html.slice(this.#base))
    }
    this.#tokenizer.end()
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

  #startTokenizer(): Tokenizer {
    return new Tokenizer({ decodeEntities: true, xmlMode: false }, this)
  }

  #slice(start: number, end: number): string {
    return this.#html.slice(this.#base + start, this.#base + end)
  }

  onopentagname(start: number, end: number): void {
    this.#tagName = this.#slice(start, end).toLowerCase()
    this.#attributes = new Map()
  }

  onattribname(start: number, end: number): void {
    const name = this.#slice(start, end).toLowerCase()
    const isRead = READ_ATTRIBUTES.has(name) || this.#sheet.attributeNames.has(name)
    this.#attributeName = isRead && !this.#attributes.has(name) ? name : null
    this.#attributeValue = ''
  }

  onattribdata(start: number, end: number): void {
    if (this.#attributeName !== null) this.#attributeValue += this.#slice(start, end)
  }

  onattribentity(codepoint: number): void {
    if (this.#attributeName !== null) this.#attributeValue += String.fromCodePoint(codepoint)
  }

  onattribend(): void {
    if (this.#attributeName !== null) this.#attributes.set(this.#attributeName, this.#attributeValue)
    this.#attributeName = null
  }

  onopentagend(endIndex: number): void {
    this.#endRun()
    const name = this.#tagName
    const isRaw = UNKNOWN_RAW.has(name) && !this.#page.isForeign
    this.#page.open(name, this.#attributes, false)
    if (isRaw) this.#readRaw(name, endIndex)
  }

  /** A browser does not know `<style/>` except in pictures: it is open. */
  onselfclosingtag(endIndex: number): void {
    this.#endRun()
    const name = this.#tagName
    const isRaw = RAW_TEXT.has(name) && !this.#page.isForeign
    this.#page.open(name, this.#attributes, true)
    if (isRaw) this.#readRaw(name, endIndex)
  }

  /** Text up to an end tag, which the tokenizer would read as tags; it starts again behind it. */
  #readRaw(name: string, endIndex: number): void {
    const start = this.#base + endIndex + 1
    const ends = new RegExp(`</${name}(?=[\\s/>])`, 'gi')
    ends.lastIndex = start
    const end = ends.exec(this.#html)?.index ?? this.#html.length
    this.#run = this.#html.slice(start, end)
    this.#next = end
    this.#tokenizer.pause()
  }

  onclosetag(start: number, end: number): void {
    this.#endRun()
    // `</ p>` is a comment, and `</p/>` an end tag.
    if (this.#slice(start - 1, start) !== '/') return
    const [name = ''] = this.#slice(start, end).toLowerCase().split('/', 1)
    this.#page.close(name)
  }

  ontext(start: number, end: number): void {
    this.#run += this.#slice(start, end)
  }

  ontextentity(codepoint: number): void {
    this.#run += String.fromCodePoint(codepoint)
  }

  oncdata(start: number, end: number, endOffset: number): void {
    this.#page.addComment(this.#slice(start, end - endOffset))
  }

  oncomment(start: number, end: number, endOffset: number): void {
    this.#page.addComment(this.#slice(start, end - endOffset))
  }

  ondeclaration(start: number, end: number): void {
    this.#page.addComment(this.#slice(start, end))
  }

  onprocessinginstruction(start: number, end: number): void {
    this.#page.addComment(this.#slice(start, end))
  }

  onend(): void {}

  #endRun(): void {
    if (this.#run === '') return
    this.#page.showText(this.#run)
    this.#run = ''
  }
}
