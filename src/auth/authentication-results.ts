/** Authentication-Results (RFC 8601 section 2.2), read strictly: what is not written by the rules was not written by who is trusted. */

/** What one method found. Words are in lower case; properties by `ptype.property`, the first of each. */
export type MethodResult = { method: string; result: string; properties: ReadonlyMap<string, string> }

/** A field: who speaks, as written, and what was found; nothing for `none`. */
export type AuthenticationResults = { authservId: string; results: readonly MethodResult[] }

/** Null for a field that breaks the rules, or has another version than 1. `value` is unfolded. */
export function parseAuthenticationResults(value: string): AuthenticationResults | null {
  try {
    return readPayload(new Reader(value))
  } catch (error) {
    if (error instanceof BrokenField) return null
    throw error
  }
}

class BrokenField extends Error {}

function readPayload(reader: Reader): AuthenticationResults {
  const authservId = reader.quoted() ?? reader.word(TOKEN)
  const version = reader.optionalWord(DIGITS)
  if (version !== null && Number(version) !== 1) throw new BrokenField()
  const results: MethodResult[] = []
  let isNone = false
  while (!reader.isAtEnd) {
    reader.expect(';')
    // Many end the last result like the others.
    if (reader.isAtEnd) break
    const method = reader.word(KEYWORD).toLowerCase()
    if (isNone || (method === 'none' && results.length > 0)) throw new BrokenField()
    if (method === 'none' && !reader.isNext('=')) isNone = true
    else results.push(readMethod(reader, method))
  }
  if (results.length === 0 && !isNone) throw new BrokenField()
  return { authservId, results }
}

function readMethod(reader: Reader, method: string): MethodResult {
  // Methods of another version mean something else (section 2.6); none is known.
  const version = reader.accept('/') ? Number(reader.word(DIGITS)) : 1
  reader.expect('=')
  const result = reader.word(KEYWORD).toLowerCase()
  const properties = new Map<string, string>()
  while (!reader.isAtEnd && !reader.isNext(';')) {
    const ptype = reader.word(KEYWORD).toLowerCase()
    let name = ptype
    if (reader.accept('.')) name = `${ptype}.${reader.word(KEYWORD).toLowerCase()}`
    else if (ptype !== 'reason') throw new BrokenField()
    reader.expect('=')
    const value = reader.value()
    if (!properties.has(name)) properties.set(name, value)
  }
  return { method: version === 1 ? method : `${method}/${version}`, result, properties }
}

/** RFC 2045 section 5.1, and what an internationalised name adds (RFC 6532). */
const TOKEN = /[!#$%&'*+\-.0-9A-Z^_`a-z{|}~\x80-\xff]/
/** RFC 5321 section 4.1.2; some methods and properties have an underscore. */
const KEYWORD = /[0-9A-Za-z_-]/
const DIGITS = /[0-9]/
/** A value without quotes. More than a token: `@` and `/` stand in addresses and signatures that many write bare. */
const BARE = /[!#$%&'*+\-./0-9:=?@A-Z[\]^_`a-z{|}~\x80-\xff<>]/

/** Reads from left to right, each character once; passes over comments and white space after everything. */
class Reader {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
    this.#skip()
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#text.length
  }

  isNext(character: string): boolean {
    return this.#text[this.#at] === character
  }

  accept(character: string): boolean {
    if (!this.isNext(character)) return false
    this.#at += 1
    this.#skip()
    return true
  }

  expect(character: string): void {
    if (!this.accept(character)) throw new BrokenField()
  }

  optionalWord(characters: RegExp): string | null {
    const word = this.#run(characters)
    this.#skip()
    return word === '' ? null : word
  }

  word(characters: RegExp): string {
    const word = this.optionalWord(characters)
    if (word === null) throw new BrokenField()
    return word
  }

  quoted(): string | null {
    if (!this.isNext('"')) return null
    const text = this.#quotedString()
    this.#skip()
    return text
  }

  /** A value of a property: bare, quoted, or an address with a quoted local part. */
  value(): string {
    let value = ''
    for (;;) {
      const piece = this.isNext('"') ? this.#quotedString() : this.#run(BARE)
      if (piece === '' && !this.isNext('"')) break
      value += piece
    }
    this.#skip()
    return value
  }

  #run(characters: RegExp): string {
    const start = this.#at
    while (this.#at < this.#text.length && characters.test(this.#text[this.#at] ?? '')) this.#at += 1
    return this.#text.slice(start, this.#at)
  }

  #quotedString(): string {
    let text = ''
    for (this.#at += 1; this.#at < this.#text.length; this.#at += 1) {
      const character = this.#text[this.#at] ?? ''
      if (character === '"') {
        this.#at += 1
        return text
      }
      if (character === '\\') this.#at += 1
      text += this.#text[this.#at] ?? ''
    }
    throw new BrokenField()
  }

  /** White space and comments, which may hold comments (RFC 5322 section 3.2.2). */
  #skip(): void {
    let depth = 0
    for (; this.#at < this.#text.length; this.#at += 1) {
      const character = this.#text[this.#at]
      if (character === '(') depth += 1
      else if (depth === 0) {
        if (character !== ' ' && character !== '\t' && character !== '\r' && character !== '\n') return
      } else if (character === ')') depth -= 1
      else if (character === '\\') this.#at += 1
    }
    if (depth > 0) throw new BrokenField()
  }
}
