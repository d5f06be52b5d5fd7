/**
 * HTML -> readable text. On the tokenizer alone, not on a tree: a sender chooses how deep elements nest, and a tree walk overflows the stack
 * at some thousands. Every step costs the same however deep it happens, so the time is linear in the HTML.
 */

import { Tokenizer } from 'htmlparser2'
import { MAX_LINK_CHARS } from '../limits.ts'
import { cleanLabel } from './clean.ts'
import { BLOCK_SPACING, CLOSED_BY, NEVER_SHOWN, VOID_ELEMENTS } from './html-elements.ts'
import { type Attributes, GONE, INVISIBLE, type Look, LookReader, PLAIN_LOOK } from './html-style.ts'
import { StyleSheet } from './style-sheet.ts'
import { TextWriter } from './text-writer.ts'

/** Text made from HTML, and whether it was cut at the bound. */
export type HtmlText = { readonly text: string; readonly isShortened: boolean }

/** A link: where it leads, what was shown of it so far, and whether anything was, be it an image. */
type Link = { readonly href: string; shown: string; isSeen: boolean }

/** A list that is open: the number of its next item; null where items have none. */
type List = { nextNumber: number | null }

/** An open element. */
type Element = {
  readonly name: string
  readonly look: Look
  readonly link: Link | null
}

/** The attributes that are read; of a repeated one the first counts, as in a browser. */
const READ_ATTRIBUTES = new Set([
  ...['href', 'style', 'hidden', 'alt', 'start', 'bgcolor', 'background', 'color', 'text', 'width', 'height'],
])
/** And those that only a style sheet speaks of. */
const STYLED_ATTRIBUTES = new Set([...READ_ATTRIBUTES, 'class', 'id'])

/** Invisible filler that mailers put after a preview text, by the hundred: soft hyphens, joiners, zero-width spaces. */
const FILLER = /[\u00ad\u200b\u2060\ufeff]|\u034f|\u200c(?=[\s\u200c]|$)/g

/**
 * What a person would read of the HTML, at most `maxChars`: blocks on lines of their own, cells of a row separated by " | ", links as
 * `text [url]`. Comments, scripts, styles and hidden content are left out. The text is not cleaned of control characters yet.
 */
export function htmlToText(html: string, maxChars: number): HtmlText {
  const builder = new TextBuilder(html, maxChars)
  const tokenizer = new Tokenizer({ decodeEntities: true, xmlMode: false }, builder)
  tokenizer.write(html)
  tokenizer.end()
  return builder.finish()
}

/** Follows the open elements and tells the writer what is shown. The callbacks get offsets into the HTML. */
class TextBuilder {
  readonly #html: string
  readonly #writer: TextWriter
  readonly #looks: LookReader
  readonly #readAttributes: ReadonlySet<string>
  readonly #open: Element[] = []
  /** How many elements of a name are open, so that an end tag without a start tag costs no search. */
  readonly #openCounts = new Map<string, number>()
  #tagName = ''
  #attributes = new Map<string, string>()
  #attributeName: string | null = null
  #attributeValue = ''
  /** Text since the last tag: what is filler shows only beside the character that follows, and an entity may stand between. */
  #run = ''
  readonly #links: Link[] = []
  readonly #lists: List[] = []
  #verbatimDepth = 0

  constructor(html: string, maxChars: number) {
    this.#html = html
    this.#writer = new TextWriter(maxChars)
    const sheet = new StyleSheet(html)
    this.#looks = new LookReader(sheet)
    this.#readAttributes = sheet.isEmpty ? READ_ATTRIBUTES : STYLED_ATTRIBUTES
  }

  finish(): HtmlText {
    this.#endRun()
    while (this.#open.length > 0) this.#closeTop()
    return { text: this.#writer.toString(), isShortened: this.#writer.isFull }
  }

  onopentagname(start: number, end: number): void {
    this.#tagName = this.#html.slice(start, end).toLowerCase()
    this.#attributes = new Map()
  }

  onattribname(start: number, end: number): void {
    const name = this.#html.slice(start, end).toLowerCase()
    this.#attributeName = this.#readAttributes.has(name) && !this.#attributes.has(name) ? name : null
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
    if ((look.flags & GONE) === 0) this.#showStart(name, attributes, look)
    if (VOID_ELEMENTS.has(name)) return
    const href = name === 'a' ? readHref(attributes.get('href')) : null
    const link = href === null ? null : { href, shown: '', isSeen: false }
    this.#open.push({ name, look, link })
    this.#openCounts.set(name, (this.#openCounts.get(name) ?? 0) + 1)
    if (link) this.#links.push(link)
    if (isList(name)) this.#lists.push({ nextNumber: name === 'ol' ? readStart(attributes.get('start')) : null })
    if (name === 'pre') this.#verbatimDepth++
    if (name === 'blockquote') this.#writer.quoteDepth++
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
    const { name, look, link } = element
    this.#openCounts.set(name, (this.#openCounts.get(name) ?? 1) - 1)
    if (link && (look.flags === 0 || link.isSeen)) this.#showLink(link)
    if (link) this.#links.pop()
    if (isList(name)) this.#lists.pop()
    if (name === 'pre') this.#verbatimDepth--
    if (name === 'blockquote') this.#writer.quoteDepth--
    if ((look.flags & GONE) === 0) this.#startBlock(name)
  }

  get #look(): Look {
    return this.#open.at(-1)?.look ?? PLAIN_LOOK
  }

  /** The place that an element takes stays where its text is not seen, for other text may be in it. */
  #showStart(name: string, attributes: Attributes, { flags }: Look): void {
    this.#startBlock(name)
    if (name === 'br') this.#writer.breakLine()
    else if (name === 'td' || name === 'th') this.#writer.startCell()
    else if (name === 'li' && flags === 0) this.#startItem()
    else if (name === 'img' && (flags & INVISIBLE) === 0 && !isDot(attributes)) this.#showImage(attributes.get('alt') ?? '')
    else if (name === 'hr' && (flags & INVISIBLE) === 0) {
      this.#writer.write('---')
      this.#startBlock(name)
    }
  }

  #startBlock(name: string): void {
    const spacing = BLOCK_SPACING.get(name)
    // A list within a list goes on where its item stands.
    if (spacing !== undefined) this.#writer.startBlock(spacing === 'spaced' && !(isList(name) && this.#lists.length > 0))
  }

  #startItem(): void {
    const list = this.#lists.at(-1)
    const number = list?.nextNumber ?? null
    if (list && number !== null) list.nextNumber = number + 1
    this.#writer.startItem(number === null ? '-' : `${number}.`, Math.max(this.#lists.length, 1))
  }

  #endRun(): void {
    if (this.#run === '') return
    this.#showText(this.#run)
    this.#run = ''
  }

  #showText(text: string): void {
    if (this.#look.flags === 0) this.#put(text)
  }

  /** A picture is seen whatever it stands for; so is the link around it. */
  #showImage(alt: string): void {
    this.#put(` ${alt} `)
    const link = this.#links.at(-1)
    if (link) link.isSeen = true
  }

  #put(text: string): void {
    if (this.#verbatimDepth > 0) this.#writer.writeVerbatim(text)
    else this.#writer.write(text.replace(FILLER, ''))
    const link = this.#links.at(-1)
    if (!link) return
    link.isSeen ||= /\S/.test(text)
    if (link.shown.length <= link.href.length) link.shown += text
  }

  #showLink({ href, shown }: Link): void {
    const label = cleanLabel(shown)
    if (label === href || `mailto:${label}` === href || `${label}/` === href) return
    this.#writer.write(` [${href}]`)
  }
}

function isList(name: string): boolean {
  return name === 'ul' || name === 'ol'
}

/** A picture of a pixel: whatever it says it stands for, nobody is meant to read. */
function isDot(attributes: Attributes): boolean {
  return ['width', 'height'].some((side) => /^\s*[01](?:px)?\s*$/.test(attributes.get(side) ?? ''))
}

/** Schemes that run or hold content instead of leading somewhere. */
const NO_LINK = /^(?:javascript|vbscript|data|blob|cid|about):/i

/** A link as a browser reads it (URL standard section 4.4: without line breaks and tabs). Null for one that leads nowhere. */
function readHref(value: string | undefined): string | null {
  const href = cleanLabel((value ?? '').replace(/[\t\n\r]/g, '')).replace(/ /g, '%20')
  const isLink = href !== '' && !href.startsWith('#') && !NO_LINK.test(href) && href.length <= MAX_LINK_CHARS
  return isLink ? href : null
}

function readStart(value: string | undefined): number {
  return /^\d{1,6}$/.test(value ?? '') ? Number(value) : 1
}
