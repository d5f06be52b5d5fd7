/** The parts of a message -> what a person reads: one text, and the HTML it was sent with. */

import { MAX_HTML_CHARS, MAX_TEXT_CHARS } from '../limits.ts'
import { decodeText, htmlCharset } from './charset.ts'
import { cleanText, clipChars } from './clean.ts'
import { unwrapFlowed } from './flowed.ts'
import { htmlToText } from './html-text.ts'
import type { Leaf, Part } from './leaves.ts'

/** What the reader of a message sees. */
export type Body = { readonly text: string; readonly html: string | null; readonly problems: readonly string[] }

/** A text to be read, decoded and clean. */
type Block = { readonly kind: 'plain' | 'html'; readonly text: string }

/** Reads the texts of a message. Of alternatives the plain one counts, unless it is blank; other texts follow each other. */
export function readBody(root: Part): Body {
  const problems = new Set<string>()
  const blocks = new Map<Leaf, Block>()
  for (const leaf of listTexts(root)) blocks.set(leaf, decodeLeaf(leaf, problems))
  const html = [...blocks.values()].filter(({ kind, text }) => kind === 'html' && text !== '').map(({ text }) => text)
  return {
    text: joinShown(chooseShown(root, blocks), problems),
    html: html.length === 0 ? null : clip(html.join('\n'), MAX_HTML_CHARS, TOO_MUCH_HTML, problems),
    problems: [...problems],
  }
}

const TOO_MUCH_TEXT = 'The text is too long; only its beginning was kept.'
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
function chooseShown(part: Part, blocks: ReadonlyMap<Leaf, Block>): Block[] {
  if (part.kind === 'leaf') {
    const block = blocks.get(part)
    return block ? [block] : []
  }
  const choices = part.children.map((child) => chooseShown(child, blocks))
  if (part.contentType !== 'multipart/alternative') return choices.flat()
  // Two plain texts are no alternatives of each other, whatever their sender calls them.
  const plain = choices.filter((choice) => choice.some(hasText) && choice.every(({ kind }) => kind === 'plain')).flat()
  if (plain.length > 0) return plain.filter((block, at) => plain.findIndex(({ text }) => text === block.text) === at)
  return choices.findLast((choice) => choice.some(hasText)) ?? []
}

function hasText({ text }: Block): boolean {
  return text.trim() !== ''
}

/** The texts one after the other, as many as are kept: to turn the HTML of a thousand parts into text takes seconds. */
function joinShown(shown: readonly Block[], problems: Set<string>): string {
  const pieces: string[] = []
  let length = 0
  for (const { kind, text } of shown) {
    if (length > MAX_TEXT_CHARS) break
    const piece = (kind === 'plain' ? text : renderHtml(text, problems)).trimEnd()
    if (piece === '') continue
    pieces.push(piece)
    length += piece.length
  }
  return clip(pieces.join('\n\n'), MAX_TEXT_CHARS, TOO_MUCH_TEXT, problems)
}

function renderHtml(html: string, problems: Set<string>): string {
  const { text, isShortened } = htmlToText(html, MAX_TEXT_CHARS)
  if (isShortened) problems.add(TOO_MUCH_TEXT)
  // Entities decode to anything, so the text is as unclean as what it was made from.
  return cleanText(text)
}

function clip(text: string, maxChars: number, problem: string, problems: Set<string>): string {
  if (text.length > maxChars) problems.add(problem)
  return clipChars(text, maxChars)
}
