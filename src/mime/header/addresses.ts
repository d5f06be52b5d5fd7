/**
 * Address headers (RFC 5322 section 3.4). One pass over the characters, no backtracking, and it ends when enough were read: a header with
 * 100,000 addresses is an ordinary attack.
 */

import { MAX_ADDRESS_BYTES, MAX_SENDER_NAME_CHARS } from '../../limits.ts'
import { cleanLabel, clipChars } from '../clean.ts'
import { decodeEncodedWords } from './encoded-words.ts'

/** A bare address, its domain in lower case, and the name before it; null without one. */
export type NamedAddress = { readonly address: string; readonly name: string | null }

/** What was wrong with a list: an entry without an address to write to, too many entries, a name too long. */
export type AddressFlaw = 'unreadable' | 'shortened' | 'long-name'

/** The addresses of one header. */
export type AddressList = {
  /** Groups flattened (RFC 5322 section 3.4), in the order of the header. */
  readonly addresses: readonly NamedAddress[]
  /** Name of the first entry, whether or not it has an address: "MAILER-DAEMON (Mail Delivery)". */
  readonly firstName: string | null
  readonly flaws: ReadonlySet<AddressFlaw>
}

/** An encoded word is one word even where it holds a comma, which mailers forget to encode. */
const ENCODED_WORD = /=\?[^?\s]{1,64}\?[bq]\?[^?]*\?=/
const QUOTED_STRING = /"[^"\\]*(?:\\[\s\S][^"\\]*)*"/
/** Of a domain such as `[IPv6:::1]`, whose colons end no group. */
const LITERAL = /\[[^\][\s]*\]/
const TOKEN = new RegExp(
  `${ENCODED_WORD.source}|${QUOTED_STRING.source}|${LITERAL.source}|\\\\[\\s\\S]|[(),:;<>@"]|\\s+|[^\\s"(),:;<>@\\\\]+|\\\\`,
  'giy',
)

/** What stands in one entry of the list, collected until its comma. */
class Entry {
  /** Everything outside of comments and brackets, as it stands: perhaps an address. */
  text = ''
  /** The same without its quotes: perhaps a name. */
  phrase = ''
  comment = ''
  /** What stands between angle brackets; null while there were none. */
  angle: string | null = null

  add(token: string): void {
    this.text += token
    this.phrase += token.length > 1 && token.startsWith('"') ? unquote(token) : token
  }

  get isEmpty(): boolean {
    return this.angle === null && this.text.trim() === '' && this.comment.trim() === ''
  }

  address(): string | null {
    return toAddress(this.angle ?? this.text)
  }

  /** The phrase before the brackets; without brackets the comment, as mailers of the last century wrote it. */
  name(hasNoAddress: boolean): string | null {
    const isPhraseAName = this.angle !== null || hasNoAddress
    return (isPhraseAName ? toName(this.phrase) : null) ?? toName(this.comment)
  }
}

/** Reads the addresses of a header, of at most `most` entries. */
export function parseAddresses(value: string, most: number): AddressList {
  const reader = new AddressReader(most)
  for (const [token] of value.matchAll(TOKEN)) {
    reader.take(token)
    if (reader.isFull) break
  }
  return reader.finish()
}

class AddressReader {
  readonly #most: number
  readonly #addresses: NamedAddress[] = []
  /** Of entries that are no addresses, too: a header may hold a hundred thousand of those. */
  #entryCount = 0
  #firstName: string | null | undefined
  readonly #flaws = new Set<AddressFlaw>()
  #entry = new Entry()
  #commentDepth = 0
  #isInAngle = false
  /** What stands between the brackets began with an @. */
  #isRoute = false

  constructor(most: number) {
    this.#most = most
  }

  /** Another entry was found after the last one that was asked for. */
  get isFull(): boolean {
    return this.#flaws.has('shortened')
  }

  take(token: string): void {
    if (token === '(' || this.#commentDepth > 0) this.#takeComment(token)
    else if (token === '<') this.#openAngle()
    else if (token === '>') this.#isInAngle = false
    else if (this.#isInAngle) this.#takeAngle(token)
    else if (token === ',' || token === ';') this.#endEntry()
    // The name of a group ends here; it addresses nobody.
    else if (token === ':') this.#entry = new Entry()
    else this.#entry.add(token)
  }

  finish(): AddressList {
    if (!this.isFull) this.#endEntry()
    return { addresses: this.#addresses, firstName: this.#firstName ?? null, flaws: this.#flaws }
  }

  #takeComment(token: string): void {
    if (token === '(') this.#commentDepth++
    else if (token === ')') this.#commentDepth--
    else this.#entry.comment += token
  }

  #openAngle(): void {
    if (this.#entry.angle !== null) this.#endEntry()
    this.#isInAngle = true
    this.#isRoute = false
    this.#entry.angle = ''
  }

  #takeAngle(token: string): void {
    // `<@relay,@relay:user@host>` is a route (RFC 5322 section 4.4), which means the address behind its colon.
    if (token === ':' && this.#isRoute) {
      this.#isRoute = false
      this.#entry.angle = ''
    } else if (token === ',' && !this.#isRoute) this.#endEntry()
    else this.#addToAngle(token.trim() === '' ? ' ' : token)
  }

  /** Collects no more than shows that it is no address: a bracket that is never closed holds the rest of the header. */
  #addToAngle(token: string): void {
    const angle = this.#entry.angle ?? ''
    const isSecondSpace = token === ' ' && (angle === '' || angle.endsWith(' '))
    // One space may stand behind the longest address; whatever comes after that makes it longer than one.
    if (isSecondSpace || angle.length > MAX_ADDRESS_BYTES + 1) return
    if (angle === '') this.#isRoute = token === '@'
    this.#entry.angle = angle + token
  }

  #endEntry(): void {
    const entry = this.#entry
    this.#entry = new Entry()
    this.#isInAngle = false
    if (entry.isEmpty) return
    if (this.#entryCount === this.#most) {
      this.#flaws.add('shortened')
      return
    }
    this.#entryCount++
    const address = entry.address()
    const name = entry.name(address === null)
    if (name !== null && name.length > MAX_SENDER_NAME_CHARS) this.#flaws.add('long-name')
    const shortName = name === null ? null : clipChars(name, MAX_SENDER_NAME_CHARS)
    if (this.#firstName === undefined) this.#firstName = shortName
    if (address === null) this.#flaws.add('unreadable')
    else this.#addresses.push({ address, name: shortName })
  }
}

const QUOTED_LOCAL_PART = /^"(?:[^"\\\p{Cc}]|\\[^\p{Cc}])*"$/v
const DOT_ATOM = /^[^\s\p{Cc}"\(\),:;<>@\[\\\]]+$/v
const DOMAIN = /^(?:[\p{L}\p{M}\p{N}_\-]+(?:\.[\p{L}\p{M}\p{N}_\-]+)*|\[[\x21-\x5a\x5e-\x7e]+\])$/v

/** RFC 5322 section 3.4.1, without white space and comments; null when mail could not be written to it. */
function toAddress(text: string): string | null {
  const trimmed = text.trim()
  if (trimmed.length > MAX_ADDRESS_BYTES) return null
  const at = trimmed.lastIndexOf('@')
  const localPart = trimmed.slice(0, at).trim()
  const domain = trimmed.slice(at + 1).trim()
  if (at < 1 || !(DOT_ATOM.test(localPart) || QUOTED_LOCAL_PART.test(localPart)) || !DOMAIN.test(domain)) return null
  const address = `${localPart}@${domain.toLowerCase()}`
  return cleanLabel(address) === address && Buffer.byteLength(address) <= MAX_ADDRESS_BYTES ? address : null
}

/** A display name as a person sees it: encoded words decoded, one line. Null when nothing is left. */
function toName(text: string): string | null {
  const name = cleanLabel(decodeEncodedWords(text))
  return name === '' ? null : name
}

function unquote(quoted: string): string {
  return quoted.slice(1, -1).replace(/\\([\s\S])/g, '$1')
}
