/** Lays out plain text: white space, line ends, list marks, quotes. Knows nothing of HTML. */

import { clipChars } from './clean.ts'

/** Most marks before a quoted line or steps of a list: beyond, a sender only makes the text longer. */
const MAX_INDENT = 8

/** A text of at most `maxChars` that grows word by word; what goes beyond is dropped. */
export class TextWriter {
  readonly #maxChars: number
  readonly #pieces: string[] = []
  #length = 0
  /** Line ends owed before the next word: 1 ends the line, 2 leave a blank one. */
  #owedLineEnds = 0
  #owesSpace = false
  #owesCell = false
  #mark = ''
  /** How deeply the last line is quoted. */
  #lineDepth = 0
  #isFull = false
  /** How deeply what is written now is quoted. */
  quoteDepth = 0

  constructor(maxChars: number) {
    this.#maxChars = maxChars
  }

  /** More was written than there is room for. */
  get isFull(): boolean {
    return this.#isFull
  }

  /** Running text: a run of white space is one space. */
  write(text: string): void {
    const words = text.replace(/\s+/g, ' ')
    if (words === '' || words === ' ') {
      this.#owesSpace ||= words === ' '
      return
    }
    if (words.startsWith(' ')) this.#owesSpace = true
    this.#put(words.trim())
    this.#owesSpace = words.endsWith(' ')
  }

  /** Text whose spaces and line ends mean something. */
  writeVerbatim(text: string): void {
    const [first = '', ...rest] = text.split('\n')
    if (first !== '') this.#put(first)
    for (const line of rest) {
      this.breakLine()
      if (line !== '') this.#put(line)
    }
  }

  /** Ends the line, if there is one; more of them make one blank line at most. */
  breakLine(): void {
    this.#owe(Math.min(this.#owedLineEnds + 1, 2))
  }

  /** Begins a block: the next word stands on a new line, after a blank one if `isSpaced`. */
  startBlock(isSpaced: boolean): void {
    this.#owe(Math.max(this.#owedLineEnds, isSpaced ? 2 : 1))
  }

  /** The next word belongs to the next cell of a table row. */
  startCell(): void {
    this.#owesCell = true
  }

  /** The next word is marked as the beginning of an item, `depth` lists deep, from 1. */
  startItem(mark: string, depth: number): void {
    this.startBlock(false)
    this.#mark = `${'  '.repeat(Math.min(depth, MAX_INDENT) - 1)}${mark} `
  }

  toString(): string {
    return this.#pieces.join('')
  }

  #owe(lineEnds: number): void {
    this.#owedLineEnds = lineEnds
    this.#owesSpace = false
    this.#owesCell = false
  }

  #put(text: string): void {
    if (this.#isFull) return
    const piece = this.#separator() + this.#mark + text
    this.#mark = ''
    this.#owe(0)
    const room = this.#maxChars - this.#length
    this.#isFull = piece.length > room
    this.#pieces.push(this.#isFull ? clipChars(piece, room) : piece)
    this.#length += piece.length
  }

  #separator(): string {
    const isNewLine = this.#length === 0 || this.#owedLineEnds > 0
    if (!isNewLine) return this.#owesCell ? ' | ' : this.#owesSpace ? ' ' : ''
    const depth = Math.min(this.quoteDepth, MAX_INDENT)
    // A blank line belongs to a quote that goes on behind it.
    const blankLine = this.#owedLineEnds === 2 ? `\n${'> '.repeat(Math.min(depth, this.#lineDepth)).trimEnd()}` : ''
    this.#lineDepth = depth
    return (this.#length === 0 ? '' : `${blankLine}\n`) + '> '.repeat(depth)
  }
}
