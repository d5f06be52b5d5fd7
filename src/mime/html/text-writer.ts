/** Lays out plain text: white space, line ends, list marks, quotes, rows of a table. Knows nothing of HTML. */

import { clipChars } from '../clean.ts'

/** Most marks before a quoted line or steps of a list: beyond, a sender only makes the text longer. */
const MAX_INDENT = 8
/** A line of more is no row of a table, but columns of text beside each other: the next cell begins a line. */
const MAX_ROW_CHARS = 160

/** A row of a table being written. */
export type Row = {
  /** On which line it stands; null before its first word, -1 when it cannot be one line. */
  line: number | null
  /** It has words in several cells. */
  hasCells: boolean
  /** It follows a row that was one line of several cells, and begins right below it. */
  readonly isClose: boolean
}

/** A text of at most `maxChars` that grows word by word; what goes beyond is dropped. */
export class TextWriter {
  readonly #maxChars: number
  readonly #pieces: string[] = []
  #length = 0
  /** Line ends owed before the next word: 1 ends the line, 2 leave a blank one. */
  #owedLineEnds = 0
  #owesSpace = false
  #owesCell = false
  /** The cell has just begun on the line of its row: a paragraph in it does not begin a line. */
  #isCellStart = false
  #mark = ''
  #lead = ''
  /** How deeply the last line is quoted. */
  #lineDepth = 0
  #line = 0
  #lineStart = 0
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

  /** The line that the last word stands on. */
  get line(): number {
    return this.#line
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

  /** A mark of no width right before the next word, wherever that stands. */
  lead(mark: string): void {
    this.#lead += mark
  }

  /** A mark of no width right after the last word. Takes back the `lead` that no word followed; answers whether one did. */
  trail(mark: string, lead: string): boolean {
    if (lead !== '' && this.#lead.endsWith(lead)) {
      this.#lead = this.#lead.slice(0, -lead.length)
      return false
    }
    if (!this.#isFull) this.#append(mark)
    return true
  }

  /** Ends the line, if there is one; more of them make one blank line at most. */
  breakLine(): void {
    this.#isCellStart = false
    this.#owe(Math.min(this.#owedLineEnds + 1, 2))
  }

  /** Begins a block: the next word stands on a new line, after a blank one if `isSpaced`. */
  startBlock(isSpaced: boolean): void {
    this.#isCellStart = false
    this.#owe(Math.max(this.#owedLineEnds, isSpaced ? 2 : 1))
  }

  /** Begins a paragraph, which at the start of a cell goes on in its row. */
  startParagraph(isSpaced: boolean): void {
    if (!this.#isCellStart) this.startBlock(isSpaced)
  }

  /** The next word belongs to the next cell of this row. What ended lines in the cell before it ends none where that was all of the row. */
  startCell(row: Row | null): void {
    const isOneLine = row !== null && row.line === this.#line && this.#length - this.#lineStart <= MAX_ROW_CHARS
    if (isOneLine) this.#owe(0)
    if (row) row.hasCells ||= isOneLine
    this.#isCellStart = isOneLine || (row !== null && row.line === null && row.isClose)
    this.#owesCell = true
  }

  /** Ends a row; answers whether it was one line of several cells, and then the next one stands right below it. */
  endRow(row: Row): boolean {
    const isTabular = row.hasCells && row.line === this.#line
    if (isTabular) this.#owe(1)
    return isTabular
  }

  /** The next word is marked as the beginning of an item, `depth` lists deep, from 1. */
  startItem(mark: string, depth: number): void {
    this.startBlock(false)
    this.#mark = `${'  '.repeat(Math.min(depth, MAX_INDENT) - 1)}${mark} `
  }

  /** The next word is marked as the beginning of a heading of this level. */
  startHeading(level: number): void {
    this.startBlock(true)
    this.#mark = `${'#'.repeat(level)} `
  }

  /** What was to be marked had no words. */
  dropMark(): void {
    this.#mark = ''
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
    this.#append(this.#separator() + this.#mark + this.#lead + text)
    this.#mark = ''
    this.#lead = ''
    this.#isCellStart = false
    this.#owe(0)
  }

  #append(piece: string): void {
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
    this.#line++
    this.#lineStart = this.#length
    return (this.#length === 0 ? '' : `${blankLine}\n`) + '> '.repeat(depth)
  }
}
