/** The parts of a message -> what a person reads: one text, and the HTML it was sent with. */

import { MAX_HTML_CHARS, MAX_TEXT_CHARS } from '../limits.ts'
import type { MailFacts } from '../mail-facts.ts'
import { decodeText, htmlCharset } from './charset.ts'
import { cleanText, clipChars } from './clean.ts'
import { unwrapFlowed } from './flowed.ts'
import type { FoundLink } from './found-link.ts'
import { type HtmlText, htmlToText } from './html-text.ts'
import type { Leaf, Part } from './leaves.ts'
import { findLack, MAX_STUB_CHARS } from './stub.ts'

/** What the reader of a message sees. */
export type Body = {
  readonly text: string
  readonly html: string | null
  readonly problems: readonly string[]
  readonly links: readonly FoundLink[]
} & Pick<MailFacts, 'folds' | 'linksLeftOut' | 'hidden' | 'divergence'>

/** A text to be read, decoded and clean. */
type Block = { readonly kind: 'plain' | 'html'; readonly text: string }

/** A message being read. */
type Reading = {
  readonly blocks: ReadonlyMap<Leaf, Block>
  /** Text made from HTML, so that it is made once. */
  readonly rendered: Map<Block, HtmlText>
  /** HTML that may yet be turned into text to compare it, in UTF-16 units. */
  comparableChars: number
  readonly problems: Set<string>
}

/**
 * Reads the texts of a message. Of alternatives the plain one counts, unless it is blank or a stand-in for the HTML; other texts follow each
 * other.
 */
export function readBody(root: Part): Body {
  const problems = new Set<string>()
  const blocks = new Map<Leaf, Block>()
  for (const leaf of listTexts(root)) blocks.set(leaf, decodeLeaf(leaf, problems))
  const reading: Reading = { blocks, rendered: new Map(), comparableChars: MAX_HTML_CHARS, problems }
  const html = [...blocks.values()].filter(({ kind, text }) => kind === 'html' && text !== '').map(({ text }) => text)
  return {
    text: joinShown(chooseShown(root, reading), reading),
    html: html.length === 0 ? null : clip(html.join('\n'), MAX_HTML_CHARS, TOO_MUCH_HTML, problems),
    problems: [...problems],
    links: [],
    folds: [],
    linksLeftOut: 0,
    hidden: [],
    divergence: null,
  }
}

const TOO_MUCH_TEXT = 'The text is too long; only its beginning was kept.'
const LACKS = {
  most: 'The text part says little of what the HTML part says; the HTML part was read.',
  links: 'The text part lacks links or codes of the HTML part; the HTML part was read.',
} as const
const TOO_MUCH_HTML = 'The HTML is too long; only its beginning was kept.'

function listTexts(part: Part): Leaf[] {
  if (part.kind === 'branch') return part.children.flatMap(listTexts)
  return part.isText ? [part] : []
}

function decodeLeaf(leaf: Leaf, problems: Set<string>): Block {
  const kind = leaf.contentType === 'text/html' ? 'html' : 'plain'
  const charset = leaf.params.charset || (kind === 'html' ? htmlCharset(leaf.bytes) : null)
  const { text, guessed } = decodeText(leaf.bytes, charset)
  if (guessed) problems.add('The charset of the text is missing, unknown or wrong and was guessed.')
  if (leaf.size > leaf.bytes.length) problems.add(TOO_MUCH_TEXT)
  if (text.includes('\ufffd')) problems.add('Some characters of the text could not be read.')
  if (kind === 'html') return { kind, text: clip(cleanText(text), MAX_HTML_CHARS, TOO_MUCH_HTML, problems) }
  const clean = cleanText(text)
  const isFlowed = leaf.params.format?.trim().toLowerCase() === 'flowed'
  return { kind, text: isFlowed ? unwrapFlowed(clean, leaf.params.delsp?.trim().toLowerCase() === 'yes') : clean }
}

/** The blocks a person is shown, in their order (RFC 2046 section 5.1.4 for alternatives). */
function chooseShown(part: Part, reading: Reading): Block[] {
  if (part.kind === 'leaf') {
    const block = reading.blocks.get(part)
    return block ? [block] : []
  }
  const choices = part.children.map((child) => chooseShown(child, reading))
  if (part.contentType !== 'multipart/alternative') return choices.flat()
  // Two plain texts are no alternatives of each other, whatever their sender calls them.
  const plain = choices.filter((choice) => choice.some(hasText) && choice.every(({ kind }) => kind === 'plain')).flat()
  const other = choices.findLast((choice) => choice.some((block) => hasText(block) && !plain.includes(block))) ?? []
  if (plain.length === 0 || isLacking(plain, other, reading)) return other
  return plain.filter((block, at) => plain.findIndex(({ text }) => text === block.text) === at)
}

/** Whether the plain texts are a stand-in for the other alternative. */
function isLacking(plain: readonly Block[], other: readonly Block[], reading: Reading): boolean {
  const text = plain.map((block) => block.text.trim()).join('\n')
  if (text.length > MAX_STUB_CHARS) return false
  reading.comparableChars -= other.reduce((sum, block) => sum + block.text.length, 0)
  if (reading.comparableChars < 0) return false
  const lack = findLack(text, other.map((block) => renderBlock(block, reading).text).join('\n'))
  if (lack !== null) reading.problems.add(LACKS[lack])
  return lack !== null
}

function hasText({ text }: Block): boolean {
  return text.trim() !== ''
}

/** The texts one after the other, as many as are kept: to turn the HTML of a thousand parts into text takes seconds. */
function joinShown(shown: readonly Block[], reading: Reading): string {
  const pieces: string[] = []
  let length = 0
  for (const block of shown) {
    if (length > MAX_TEXT_CHARS) break
    const { text, isShortened } = renderBlock(block, reading)
    if (isShortened) reading.problems.add(TOO_MUCH_TEXT)
    const piece = text.trimEnd()
    if (piece === '') continue
    pieces.push(piece)
    length += piece.length
  }
  return clip(pieces.join('\n\n'), MAX_TEXT_CHARS, TOO_MUCH_TEXT, reading.problems)
}

function renderBlock(block: Block, { rendered }: Reading): HtmlText {
  if (block.kind === 'plain') return { text: block.text, isShortened: false }
  const known = rendered.get(block)
  if (known) return known
  const { text, isShortened } = htmlToText(block.text, MAX_TEXT_CHARS)
  // Entities decode to anything, so the text is as unclean as what it was made from.
  const clean = { text: cleanText(text), isShortened }
  rendered.set(block, clean)
  return clean
}

function clip(text: string, maxChars: number, problem: string, problems: Set<string>): string {
  if (text.length > maxChars) problems.add(problem)
  return clipChars(text, maxChars)
}
