/** Which of the texts of a message a mail program shows, and those one after the other. */

import { MAX_HTML_CHARS, MAX_TEXT_CHARS } from '../limits.ts'
import type { Divergence, MailFacts, OnlyThere } from '../mail-facts.ts'
import { cleanText } from './clean.ts'
import { type Comparison, compareForms, type Form, type Surroundings } from './forms/divergence.ts'
import { HiddenTally } from './hidden.ts'
import { type HtmlText, htmlToText } from './html/text.ts'
import type { Leaf, Part } from './leaves.ts'
import { LINK_CLOSE, LINK_END, removeMarks } from './marks.ts'

/** A text to be read, decoded and clean. */
export type Block = { readonly kind: 'plain' | 'html'; readonly text: string }

/** Makes text of blocks, of each once. */
export class Renderer {
  readonly #made = new Map<Block, HtmlText>()
  /** HTML that may yet be turned into text only to compare it, in UTF-16 units: that of a thousand parts would take seconds. */
  #comparableChars = MAX_HTML_CHARS

  /** The text of a block, with marks. */
  render(block: Block): HtmlText {
    const known = this.#made.get(block)
    if (known) return known
    const made = block.kind === 'plain' ? toPlain(block.text) : toClean(htmlToText(block.text, MAX_TEXT_CHARS))
    this.#made.set(block, made)
    return made
  }

  /** Whether these may still be made for a comparison. */
  takeComparison(blocks: readonly Block[]): boolean {
    for (const { kind, text } of blocks) if (kind === 'html') this.#comparableChars -= text.length
    return this.#comparableChars >= 0
  }
}

function toPlain(text: string): HtmlText {
  return {
    text: removeMarks(text),
    urls: [],
    urlsLeftOut: 0,
    isShortened: false,
    isStyleShortened: false,
    hidden: [],
    speechlessPictures: 0,
  }
}

/** Entities decode to anything, so the text is as unclean as what it was made from. */
function toClean(made: HtmlText): HtmlText {
  return { ...made, text: cleanText(made.text) }
}

/** What is shown of a message. */
export type Shown = { readonly shown: readonly Block[] } & Pick<MailFacts, 'divergence'>

/** The blocks a person is shown, in their order (RFC 2046 section 5.1.4 for alternatives: of those the last one that can be shown). */
export function chooseShown(
  root: Part,
  blocks: ReadonlyMap<Leaf, Block>,
  { renderer, surroundings }: { renderer: Renderer; surroundings: Surroundings },
): Shown {
  let divergence: MailFacts['divergence'] = null
  function choose(part: Part): Block[] {
    if (part.kind === 'leaf') {
      const block = blocks.get(part)
      return block ? [block] : []
    }
    const choices = part.children.map(choose).filter((choice) => choice.some(hasText))
    if (part.contentType !== 'multipart/alternative') return choices.flat()
    const chosen = chooseAlternative(choices, (first, second) => {
      if (!renderer.takeComparison([...first, ...second])) return null
      return compareForms(toForm(first, renderer), toForm(second, renderer), surroundings)
    })
    divergence ??= chosen.divergence
    return chosen.shown
  }
  return { shown: choose(root), divergence }
}

/** Nobody sends more forms of one type, and each is compared with the last. */
const MAX_COMPARED = 8

type Compare = (first: readonly Block[], second: readonly Block[]) => Comparison | null

function chooseAlternative(choices: readonly Block[][], compare: Compare): { shown: Block[] } & Pick<MailFacts, 'divergence'> {
  const plain = choices.filter(isPlain)
  const rich = choices.filter((choice) => !isPlain(choice))
  const last = rich.pop()
  // Two plain texts are no alternatives of each other, whatever their sender calls them.
  if (last === undefined) return showAllOnce(plain, compare)
  const main = plain.length === 0 ? null : compare(plain.flat(), last)
  let divergence = main?.divergence ?? null
  // A program that shows another one of a kind than the last would show something else.
  for (const other of rich.slice(-MAX_COMPARED)) divergence ??= compare(other, last)?.divergence ?? null
  return { shown: main?.shown === 'first' ? plain.flat() : last, divergence }
}

function showAllOnce(plain: readonly Block[][], compare: Compare): { shown: Block[] } & Pick<MailFacts, 'divergence'> {
  const blocks = plain.flat()
  const shown = blocks.filter((block, at) => blocks.findIndex(({ text }) => text === block.text) === at)
  const [first, ...others] = shown
  if (first === undefined || others.length === 0) return { shown, divergence: null }
  const found = compare([first], others)?.divergence ?? null
  return { shown, divergence: found === null ? null : toBoth(found) }
}

/** All are in the text, so nothing is only elsewhere. */
function toBoth({ onlyShown, onlyOther }: Divergence): Divergence {
  const sum = (key: keyof OnlyThere) => onlyShown[key] + onlyOther[key]
  const onlyOne = { words: sum('words'), links: sum('links'), addresses: sum('addresses'), numbers: sum('numbers') }
  return { shown: 'both', onlyShown: onlyOne, onlyOther: { words: 0, links: 0, addresses: 0, numbers: 0 } }
}

function isPlain(choice: readonly Block[]): boolean {
  return choice.every(({ kind }) => kind === 'plain')
}

function toForm(blocks: readonly Block[], renderer: Renderer): Form {
  const html = blocks.filter(({ kind }) => kind === 'html')
  return {
    made: joinBlocks(blocks, renderer),
    kind: html.length > 0 ? 'html' : 'plain',
    source: html.map(({ text }) => text).join('\n'),
  }
}

function hasText({ text }: Block): boolean {
  return text.trim() !== ''
}

/** Blocks one after the other, as many as are kept, their links numbered throughout. */
export function joinBlocks(shown: readonly Block[], renderer: Renderer): HtmlText {
  const pieces: string[] = []
  const positions = new Map<string, number>()
  const hidden = new HiddenTally()
  const counts = { urlsLeftOut: 0, speechlessPictures: 0 }
  let isShortened = false
  let isStyleShortened = false
  let length = 0
  for (const block of shown) {
    if (length > MAX_TEXT_CHARS) break
    const made = renderer.render(block)
    isShortened ||= made.isShortened
    isStyleShortened ||= made.isStyleShortened
    hidden.addAll(made.hidden)
    counts.urlsLeftOut += made.urlsLeftOut
    counts.speechlessPictures += made.speechlessPictures
    const piece = renumber(made, positions).trimEnd()
    if (piece === '') continue
    pieces.push(piece)
    length += piece.length
  }
  return {
    text: pieces.join('\n\n'),
    urls: [...positions.keys()],
    isShortened,
    isStyleShortened,
    hidden: hidden.list(),
    ...counts,
  }
}

const POSITION = new RegExp(`${LINK_END}(\\d{1,9})${LINK_CLOSE}`, 'g')

/** The text with the positions of its links among all of them. */
function renumber({ text, urls }: HtmlText, positions: Map<string, number>): string {
  if (urls.length === 0) return text
  return text.replace(POSITION, (_, position: string) => {
    const url = urls[Number(position)] ?? ''
    const known = positions.get(url) ?? positions.size
    positions.set(url, known)
    return `${LINK_END}${known}${LINK_CLOSE}`
  })
}
