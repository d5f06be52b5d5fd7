/**
 * CSS text -> blocks and the statements in them, as a browser divides it (CSS Syntax 3 section 5): what is left open at the end is closed there, a bracket
 * holds semicolons and braces, comments are nothing. By hand and without recursion: a sender chooses the depth, and a comment or a string that is not
 * closed must not be looked for from each of its beginnings.
 */

/** A piece of CSS: the beginning of a block with what stands before its brace, its end, or what stands before a semicolon. */
export type CssPiece =
  | { readonly kind: 'open'; readonly prelude: string }
  | { readonly kind: 'close' }
  | { readonly kind: 'statement'; readonly text: string }

const MARKS = /["'\\{}()[\];]|\/\*/g
const CLOSERS: ReadonlyMap<string, string> = new Map([
  ['(', ')'],
  ['[', ']'],
  ['{', '}'],
])
const CLOSE: CssPiece = { kind: 'close' }

/** The pieces of a style sheet, or of a list of declarations such as `style="…"` holds. Linear. */
export function* readCss(css: string, isSheet: boolean): Generator<CssPiece> {
  const reader = new StatementReader(css)
  let depth = 0
  for (let end = reader.next(); end !== ''; end = reader.next()) {
    if (end === '{') {
      if ((depth > 0 || !isSheet) && reader.isCustom()) reader.enter('}')
      else {
        depth++
        yield { kind: 'open', prelude: reader.take() }
      }
    } else if (end === ';') {
      // At the top of a sheet only an at-rule ends so.
      if (depth > 0 || !isSheet || reader.isAtRule()) yield { kind: 'statement', text: reader.take() }
    } else if (depth > 0) {
      yield { kind: 'statement', text: reader.take() }
      yield CLOSE
      depth--
    }
  }
  yield { kind: 'statement', text: reader.takeRest() }
  while (depth-- > 0) yield CLOSE
}

/** Finds where statements end, and keeps their text without comments. */
class StatementReader {
  readonly #css: string
  readonly #marks = new RegExp(MARKS)
  /** The brackets that are open in the statement, by what closes them. */
  #open: string[] = []
  #pieces: string[] = []
  #start = 0
  #at = 0
  #openQuote = ''

  constructor(css: string) {
    this.#css = css
  }

  /** Goes to the next brace or semicolon that stands in nothing; '' at the end. */
  next(): string {
    for (let mark = this.#marks.exec(this.#css); mark !== null; mark = this.#marks.exec(this.#css)) {
      const [char] = mark
      this.#at = mark.index
      if (char === '/*') this.#skipComment()
      else if (char === '\\') this.#marks.lastIndex = this.#at + 2
      else if (char === '"' || char === "'") this.#skipString(char)
      else if (this.#open.length > 0 && char === this.#open.at(-1)) this.#open.pop()
      else if (char === '(' && this.#isUrl()) this.#skipUrl()
      else if (char === '(' || char === '[' || (char === '{' && this.#open.length > 0)) this.enter(CLOSERS.get(char) ?? '')
      else if (this.#open.length === 0 && (char === '{' || char === '}' || char === ';')) return char
    }
    return ''
  }

  /** What follows, up to this, is part of the statement. */
  enter(closer: string): void {
    this.#open.push(closer)
  }

  /** Whether the statement declares a custom property, whose value may be a block. */
  isCustom(): boolean {
    return /^\s*--[^\s:]{0,200}\s*:/.test(this.#peek())
  }

  /** Whether the statement is an at-rule. */
  isAtRule(): boolean {
    return /^(?:\s|<!--|-->)*@/.test(this.#peek())
  }

  /** The statement; the next one begins behind the mark that ended it. */
  take(): string {
    const text = [...this.#pieces, this.#css.slice(this.#start, this.#at)].join('')
    this.#begin(this.#at + 1)
    return text
  }

  /** The last statement; what is open in it is closed by the end. */
  takeRest(): string {
    this.#at = this.#css.length
    const closers = this.#openQuote + this.#open.toReversed().join('')
    return this.take() + closers
  }

  #begin(start: number): void {
    this.#pieces = []
    this.#start = start
  }

  #peek(): string {
    return [
      ...this.#pieces.slice(0, MAX_PEEKED),
      this.#css.slice(this.#start, Math.min(this.#at, this.#start + MAX_PEEKED_CHARS)),
    ].join('')
  }

  /** Between two letters it parts words, elsewhere it is nothing: `.a` and `.b` around one are of one element. */
  #skipComment(): void {
    const end = this.#css.indexOf('*/', this.#at + 2)
    const next = end < 0 ? this.#css.length : end + 2
    this.#pieces.push(this.#css.slice(this.#start, this.#at))
    if (WORD.test(this.#css.charAt(this.#at - 1)) && WORD.test(this.#css.charAt(next))) this.#pieces.push(' ')
    this.#start = next
    this.#marks.lastIndex = next
  }

  /** A string ends with its line, closed or not. */
  #skipString(quote: string): void {
    const ends = quote === '"' ? /["\n\\]/g : /['\n\\]/g
    ends.lastIndex = this.#at + 1
    for (let end = ends.exec(this.#css); end !== null; end = ends.exec(this.#css)) {
      if (end[0] === '\\') ends.lastIndex = end.index + 2
      else {
        this.#marks.lastIndex = end.index + 1
        return
      }
    }
    this.#openQuote = quote
    this.#marks.lastIndex = this.#css.length
  }

  #isUrl(): boolean {
    if (!/^url$/i.test(this.#css.slice(this.#at - 3, this.#at))) return false
    const inside = /\s*/y
    inside.lastIndex = this.#at + 1
    inside.exec(this.#css)
    return !/["']/.test(this.#css.charAt(inside.lastIndex))
  }

  /** An address without quotes is one word up to its bracket. */
  #skipUrl(): void {
    const ends = /[)\\]/g
    ends.lastIndex = this.#at
    for (let end = ends.exec(this.#css); end !== null; end = ends.exec(this.#css)) {
      if (end[0] === ')') {
        this.#marks.lastIndex = end.index + 1
        return
      }
      ends.lastIndex = end.index + 2
    }
    this.#open.push(')')
    this.#marks.lastIndex = this.#css.length
  }
}

const WORD = /[\w\u0080-\uffff-]/
/** Of what stands before a brace, as much as tells what it is. */
const MAX_PEEKED = 8
const MAX_PEEKED_CHARS = 300

/** `\64 isplay` is display (CSS Syntax 3 section 4.3.7). */
export function decodeEscapes(text: string): string {
  if (!text.includes('\\')) return text
  return text.replace(/\\(?:([\da-f]{1,6})\s?|([^\n]))/gi, (_, hex: string | undefined, char: string | undefined) => {
    const codepoint = Number.parseInt(hex ?? '0', 16)
    return char ?? (codepoint > 0 && codepoint <= 0x10ffff ? String.fromCodePoint(codepoint) : '\ufffd')
  })
}
