/** The parts of a message -> what a person reads: one text, and the HTML it was sent with. */

import { MAX_HTML_CHARS, MAX_TEXT_CHARS } from '../limits.ts'
import { type MailFacts, type MailLink, NAMED_LINK_FLAGS } from '../mail-facts.ts'
import { decodeText, htmlCharset } from './charset.ts'
import { cleanText, clipChars } from './clean.ts'
import { unwrapFlowed } from './flowed.ts'
import { type FoldContext, findFolds } from './folds/find-folds.ts'
import type { Surroundings } from './forms/divergence.ts'
import { HiddenTally } from './hidden.ts'
import type { Leaf, Part } from './leaves.ts'
import { numberLinks } from './links/link-marks.ts'
import { describeLinks } from './links/links.ts'
import { type Block, chooseShown, joinBlocks, Renderer } from './shown.ts'
import { countUnseen } from './unseen.ts'

/** What the reader of a message sees. */
export type Body = {
  readonly text: string
  readonly html: string | null
  readonly problems: readonly string[]
} & Pick<MailFacts, 'folds' | 'links' | 'linksLeftOut' | 'hidden' | 'divergence'>

/** Reads the texts of a message: what a mail program would show of it, one text after the other. */
export function readBody(root: Part, context: FoldContext, surroundings: Surroundings): Body {
  const problems = new Set<string>()
  const hidden = new HiddenTally()
  const blocks = new Map<Leaf, Block>()
  for (const leaf of listTexts(root)) blocks.set(leaf, decodeLeaf(leaf, problems, hidden))
  const renderer = new Renderer()
  const { shown, divergence } = chooseShown(root, blocks, { renderer, surroundings })
  const joined = joinBlocks(shown, renderer)
  hidden.addAll(joined.hidden)
  if (joined.isShortened) problems.add(TOO_MUCH_TEXT)
  if (joined.isStyleShortened) problems.add('The style sheet is too long to be obeyed; text that it hides may be shown.')
  const numbered = numberLinks(joined.text, joined.urls, joined.urlsLeftOut)
  const links = describeLinks(numbered.links, surroundings.fromAddress)
  const room = MAX_TEXT_CHARS - (numbered.list === '' ? 0 : numbered.list.length + 2)
  const { text, folds } = findFolds(clip(numbered.write(listNamed(links)), room, TOO_MUCH_TEXT, problems), context)
  const html = [...blocks.values()].filter((block) => block.kind === 'html' && block.text !== '').map((block) => block.text)
  return {
    text: [text, numbered.list].filter((piece) => piece !== '').join('\n\n'),
    html: html.length === 0 ? null : clip(html.join('\n'), MAX_HTML_CHARS, TOO_MUCH_HTML, problems),
    problems: [...problems],
    links,
    folds,
    linksLeftOut: numbered.linksLeftOut,
    hidden: hidden.list(),
    divergence,
  }
}

function listNamed(links: readonly MailLink[]): Set<number> {
  return new Set(links.flatMap(({ flags }, at) => (flags.some((flag) => NAMED_LINK_FLAGS.includes(flag)) ? [at + 1] : [])))
}

const TOO_MUCH_TEXT = 'The text is too long; only its beginning was kept.'
const TOO_MUCH_HTML = 'The HTML is too long; only its beginning was kept.'

/** Of a text so much is read: with line ends of two characters the longest text is twice as long as it is kept. */
const MAX_DECODED_CHARS = 2 * MAX_TEXT_CHARS

function listTexts(part: Part): Leaf[] {
  if (part.kind === 'branch') return part.children.flatMap(listTexts)
  return part.isText ? [part] : []
}

function decodeLeaf(leaf: Leaf, problems: Set<string>, hidden: HiddenTally): Block {
  const kind = leaf.contentType === 'text/html' ? 'html' : 'plain'
  const charset = leaf.params.charset || (kind === 'html' ? htmlCharset(leaf.bytes) : null)
  const decoded = decodeText(leaf.bytes, charset)
  const text = clip(decoded.text, MAX_DECODED_CHARS, TOO_MUCH_TEXT, problems)
  if (decoded.guessed) problems.add('The charset of the text is missing, unknown or wrong and was guessed.')
  if (leaf.size > leaf.bytes.length) problems.add(TOO_MUCH_TEXT)
  if (text.includes('\ufffd')) problems.add('Some characters of the text could not be read.')
  countUnseen(text, hidden)
  const clean = cleanText(text)
  if (kind === 'html') return { kind, text: clip(clean, MAX_HTML_CHARS, TOO_MUCH_HTML, problems) }
  const isFlowed = leaf.params.format?.trim().toLowerCase() === 'flowed'
  return { kind, text: isFlowed ? unwrapFlowed(clean, leaf.params.delsp?.trim().toLowerCase() === 'yes') : clean }
}

function clip(text: string, maxChars: number, problem: string, problems: Set<string>): string {
  if (text.length > maxChars) problems.add(problem)
  return clipChars(text, maxChars)
}
