/** HTML -> tags and text, on the tokenizer alone. */

import { Tokenizer } from 'htmlparser2'
import { RAW_TEXT } from './elements.ts'
import type { HtmlPage } from './page.ts'

/** Those of most tags; a mail may have a million. */
const NO_ATTRIBUTES = new Map<string, string>()

/** Elements of text that the tokenizer does not know for such. */
const UNKNOWN_RAW = new Set(['iframe', 'noframes', 'noembed', 'script'])

/** Stands for `<![CDATA[`, which the tokenizer would read on to its end. */
export const CDATA = '<!_CDATA_'

/** Hears the tokens of the HTML, as offsets into it, and tells a page of elements and text. */
export class HtmlTokens {
  readonly #html: string
  readonly #page: HtmlPage
  readonly #readAttributes: ReadonlySet<string> | null
  #tokenizer = this.#startTokenizer()
  /** Where in the HTML the tokenizer began. */
  #base = 0
  /** Where it goes on, when it was stopped at text that it would not take for such. */
  #next: number | null = null
  #tagName = ''
  #attributes = NO_ATTRIBUTES
  #attributeName: string | null = null
  #attributeValue = ''
  /** Text since the last tag: what is filler shows only beside the character that follows, and an entity may stand between. */
  #run = ''

  /** Of the attributes those named are kept, or all; of a repeated one the first counts, as in a browser. */
  constructor(html: string, page: HtmlPage, readAttributes: ReadonlySet<string> | null) {
    this.#html = html
    this.#page = page
    this.#readAttributes = readAttributes
  }

  /** Reads all of it. */
  read(): void {
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
  }

  #startTokenizer(): Tokenizer {
    return new Tokenizer({ decodeEntities: true, xmlMode: false }, this)
  }

  #slice(start: number, end: number): string {
    return this.#html.slice(this.#base + start, this.#base + end)
  }

  onopentagname(start: number, end: number): void {
    this.#tagName = this.#slice(start, end).toLowerCase()
    this.#attributes = NO_ATTRIBUTES
  }

  onattribname(start: number, end: number): void {
    const name = this.#slice(start, end).toLowerCase()
    const isRead = this.#readAttributes?.has(name) ?? name.length <= MAX_ATTRIBUTE_NAME_CHARS
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
    if (this.#attributeName !== null) {
      if (this.#attributes === NO_ATTRIBUTES) this.#attributes = new Map()
      this.#attributes.set(this.#attributeName, this.#attributeValue)
    }
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
    const end = name === 'script' ? endOfScript(this.#html, start) : endOfRaw(this.#html, start, name)
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

  /** In pictures and formulas there is text that is said to be none of marks. */
  ondeclaration(start: number, end: number): void {
    const text = this.#slice(start, end)
    if (this.#page.isForeign && `<!${text}`.startsWith(CDATA)) this.#run += text.slice(CDATA.length - 2).replace(/\]\]$/, '')
    else this.#page.addComment(text.replace(/^_CDATA_/, ''))
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

const MAX_ATTRIBUTE_NAME_CHARS = 100

function endOfRaw(html: string, start: number, name: string): number {
  const ends = new RegExp(`</${name}(?=[\\s/>])`, 'gi')
  ends.lastIndex = start
  return ends.exec(html)?.index ?? html.length
}

/** A script within a comment within a script has an end of its own (HTML section 13.2.5.29). */
function endOfScript(html: string, start: number): number {
  const marks = /<!--|-->|<(\/?)script(?=[\s/>])/gi
  marks.lastIndex = start
  let isComment = false
  let isInner = false
  for (let mark = marks.exec(html); mark !== null; mark = marks.exec(html)) {
    if (mark[0] === '<!--') isComment = true
    else if (mark[0] === '-->') {
      isComment = false
      isInner = false
    } else if (mark[1] === '') isInner = isComment
    else if (isInner) isInner = false
    else return mark.index
  }
  return html.length
}
