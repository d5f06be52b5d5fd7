/**
 * HTML -> readable text. On the tokenizer alone, not on a tree: a sender chooses how deep elements nest, and a tree walk overflows the stack
 * at some thousands. Every step costs the same however deep it happens, so the time is linear in the HTML.
 */

import type { Hidden } from '../../mail-facts.ts'
import type { Node } from '../css/nodes.ts'
import { StyleSheet } from '../css/style-sheet.ts'
import { READ_LOOK_ATTRIBUTES } from './look-reader.ts'
import { HtmlPage } from './page.ts'
import { Rendering } from './rendering.ts'
import type { Roots } from './scene.ts'
import { Survey } from './survey.ts'
import { CDATA, HtmlTokens } from './tokens.ts'

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

/** The attributes that are read where something is shown. */
const READ_ATTRIBUTES: ReadonlySet<string> = new Set([
  ...['href', 'alt', 'start', 'class', 'id', 'name', 'type', 'value', 'open', 'dir', ...READ_LOOK_ATTRIBUTES],
])

/**
 * What a person would read of the HTML, at most `maxChars`: blocks on lines of their own, cells of a row separated by " | ", headings with `#`, links and
 * quotes marked. Comments, scripts, styles and hidden content are left out.
 */
export function htmlToText(html: string, maxChars: number): HtmlText {
  const source = endComments(html)
  const isQuirk = isQuirky(html)
  const roots: Roots = { html: new Map(), body: new Map() }
  const { sheet, nodes } = survey(source, roots, isQuirk)
  const rendering = new Rendering(sheet, nodes, maxChars)
  new HtmlTokens(source, new HtmlPage(rendering, roots, isQuirk), READ_ATTRIBUTES).read()
  const { layout, hidden } = rendering
  return {
    text: layout.toString(),
    urls: layout.targets.urls,
    urlsLeftOut: layout.targets.tooLongCount,
    isShortened: layout.isFull,
    isStyleShortened: sheet.isShortened,
    hidden: hidden.list(),
    speechlessPictures: layout.speechlessPictures,
  }
}

/** The styles of the HTML, and the tree that their selectors ask for; `roots` gets the attributes of the document and its body. */
function survey(html: string, roots: Roots, isQuirk: boolean): { sheet: StyleSheet; nodes: readonly Node[] | null } {
  if (!NEEDS_SURVEY.test(html)) return { sheet: new StyleSheet([], isQuirk), nodes: null }
  const seen = new Survey(isQuirk)
  new HtmlTokens(html, new HtmlPage(seen, roots, isQuirk), null).read()
  const sheet = new StyleSheet(seen.styles, isQuirk)
  if (seen.nodes === null) sheet.forgetNodes()
  return { sheet, nodes: seen.nodes }
}

const NEEDS_SURVEY = /<(?:style|link|body|html)[\s/>]/i

/**
 * What the tokenizer takes for longer than it is: a comment ends at `--!>` too (HTML section 13.2.5.52), and `<![CDATA[` begins one that ends at the next
 * bracket (section 13.2.5.42). Of the same length, because tokens are offsets.
 */
function endComments(html: string): string {
  const ended = html.includes('--!>') ? html.replaceAll('--!>', '--->') : html
  return ended.includes('<![CDATA[') ? ended.replaceAll('<![CDATA[', CDATA) : ended
}

/** Without a type of document, or with an old one, a browser keeps to the errors of old browsers (HTML section 13.2.6.4.1). */
function isQuirky(html: string): boolean {
  const type = /<!doctype\s+html([^>]{0,200})>/i.exec(html.slice(0, MAX_DOCTYPE_AT))?.[1]
  return type === undefined || /dtd html (?:[23]|4\.0(?:1)? (?:transitional|frameset)\/\/en"\s*$)/i.test(type)
}

const MAX_DOCTYPE_AT = 2_000
