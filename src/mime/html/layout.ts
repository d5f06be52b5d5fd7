/** What is shown of HTML, as text: blocks, lists, headings, rows of tables, links, quotes. It is told of elements in their order and of nothing hidden. */

import { LINK_CLOSE, LINK_END, LINK_START, QUOTE_END } from '../marks.ts'
import { BLOCK_SPACING, PARAGRAPHS } from './elements.ts'
import { LinkTargets } from './links.ts'
import { isQuote, type QuoteMark, quoteMark } from './quotes.ts'
import type { Attributes } from './style.ts'
import { type Row, TextWriter } from './text-writer.ts'

/** A link: the position of its target, and whether anything of it was seen, be it a picture. */
type Link = { readonly position: number; isSeen: boolean; hasWords: boolean }

/** A list that is open: the number of its next item; null where items have none. */
type List = { nextNumber: number | null }

/** What has to be ended with an element. */
export type Begun = { readonly link: Link | null; readonly quote: QuoteMark | null }

/** Nothing has to be ended. */
export const NOTHING_BEGUN: Begun = { link: null, quote: null }

/** Invisible filler that mailers put after a preview text, by the hundred: soft hyphens, joiners, zero-width spaces. */
const FILLER = /[\u00ad\u200b\u2060\ufeff]|\u034f|\u200c(?=[\s\u200c]|$)/g

/** The text of one HTML source, with marks where links and quotes are. */
export class HtmlLayout {
  readonly #writer: TextWriter
  readonly targets = new LinkTargets()
  readonly #links: Link[] = []
  readonly #lists: List[] = []
  readonly #rows: Row[] = []
  #verbatimDepth = 0
  /** The last row was one line of several cells. */
  #isTabular = false
  /** Pictures that are seen and have no words for what they show. */
  speechlessPictures = 0

  constructor(maxChars: number) {
    this.#writer = new TextWriter(maxChars)
  }

  /** More was shown than there is room for. */
  get isFull(): boolean {
    return this.#writer.isFull
  }

  toString(): string {
    return this.#writer.toString()
  }

  /** An element begins that may hold others. Where it is gone, only what is counted of it is followed. */
  open(name: string, attributes: Attributes, isGone: boolean): Begun {
    if (isList(name)) this.#lists.push({ nextNumber: name === 'ol' ? readStart(attributes.get('start')) : null })
    if (name === 'tr') this.#rows.push({ line: null, hasCells: false, isClose: this.#isTabular })
    if (name === 'table') this.#isTabular = false
    if (name === 'pre') this.#verbatimDepth++
    if (name === 'blockquote') this.#writer.quoteDepth++
    if (isGone) return NOTHING_BEGUN
    const position = name === 'a' ? this.targets.find(attributes.get('href')) : null
    const link = position === null ? null : { position, isSeen: false, hasWords: false }
    if (link) this.#links.push(link)
    const quote = isQuote(attributes) ? quoteMark(attributes) : null
    if (quote) this.#writer.lead(quote)
    return link || quote ? { link, quote } : NOTHING_BEGUN
  }

  /** A link ends before the element that it is. */
  closeLink({ link }: Begun): void {
    if (link) this.#closeLink(link)
  }

  /** An element ends. */
  close(name: string, { link, quote }: Begun, isGone: boolean): void {
    if (link) this.#closeLink(link)
    if (quote) this.#writer.trail(QUOTE_END, quote)
    if (isList(name)) this.#lists.pop()
    if (name === 'pre') this.#verbatimDepth--
    if (name === 'blockquote') this.#writer.quoteDepth--
    if (isGone) {
      if (name === 'tr') this.#rows.pop()
      return
    }
    if (name === 'li' || isHeading(name)) this.#writer.dropMark()
    this.startBlock(name)
    if (name === 'tr') this.#endRow()
    if (name === 'table') this.#isTabular = false
  }

  /** The line, item, row or cell of an element begins. */
  startBlock(name: string): void {
    const spacing = BLOCK_SPACING.get(name)
    if (spacing === undefined) return
    const row = this.#rows.at(-1)
    // What stands in a table within a cell is no row of the table around it.
    if (name === 'table' && row) row.line = -1
    // A list within a list goes on where its item stands.
    const isSpaced = spacing === 'spaced' && !(isList(name) && this.#lists.length > 0)
    if (PARAGRAPHS.has(name)) this.#writer.startParagraph(isSpaced)
    else this.#writer.startBlock(isSpaced)
  }

  /** A cell begins. */
  startCell(): void {
    this.#writer.startCell(this.#rows.at(-1) ?? null)
  }

  /** An item of the innermost list begins. */
  startItem(): void {
    const list = this.#lists.at(-1)
    const number = list?.nextNumber ?? null
    if (list && number !== null) list.nextNumber = number + 1
    this.#writer.startItem(number === null ? '-' : `${number}.`, Math.max(this.#lists.length, 1))
  }

  /** A heading begins. Within an item or a link that a list of links is made of, the tag is there for its size. */
  startHeading(name: string): void {
    if (this.#lists.length === 0) this.#writer.startHeading(Number(name.charAt(1)))
  }

  /** A line ends. */
  breakLine(): void {
    this.#writer.breakLine()
  }

  /** A rule is drawn. */
  drawRule(): void {
    this.#writer.write('---')
    this.startBlock('hr')
  }

  /** A picture is seen whatever it stands for; so is the link around it. */
  showPicture(alt: string): void {
    this.showText(` ${alt} `)
    if (alt.trim() === '') this.speechlessPictures++
    const link = this.#links.at(-1)
    if (link) link.isSeen = true
  }

  /** A region of a picture that is a link of its own. */
  showArea(attributes: Attributes): void {
    const position = this.targets.find(attributes.get('href'))
    if (position === null) return
    const link = { position, isSeen: true, hasWords: false }
    this.#links.push(link)
    this.showText(` ${attributes.get('alt') ?? ''} `)
    this.#closeLink(link)
  }

  /** Text that is seen. */
  showText(text: string): void {
    const hasWords = /\S/.test(text)
    const row = this.#rows.at(-1)
    // A bar that a sender draws between cells.
    if (row && hasWords && text.trim() === '|') {
      this.startCell()
      return
    }
    const link = this.#links.at(-1)
    if (link && hasWords && !link.hasWords) this.#writer.lead(LINK_START)
    if (link && hasWords) {
      link.isSeen = true
      link.hasWords = true
    }
    if (this.#verbatimDepth > 0) this.#writer.writeVerbatim(text)
    else this.#writer.write(text.replace(FILLER, ''))
    if (row && hasWords) row.line ??= this.#writer.line
  }

  #endRow(): void {
    const row = this.#rows.pop()
    this.#isTabular = row !== undefined && this.#writer.endRow(row)
  }

  #closeLink(link: Link): void {
    this.#links.pop()
    const mark = `${LINK_END}${link.position}${LINK_CLOSE}`
    if (link.hasWords) this.#writer.trail(mark, LINK_START)
    else if (link.isSeen) this.#writer.write(` ${mark} `)
  }
}

function isList(name: string): boolean {
  return name === 'ul' || name === 'ol'
}

function isHeading(name: string): boolean {
  return name.length === 2 && name >= 'h1' && name <= 'h6'
}

function readStart(value: string | undefined): number {
  return /^\d{1,6}$/.test(value ?? '') ? Number(value) : 1
}
