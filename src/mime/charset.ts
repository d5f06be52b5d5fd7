/** Bytes -> text for charsets that are declared, not declared, or declared wrongly: about 3 % of real mail. */

import { isAscii, isUtf8 } from 'node:buffer'
import { viewBytes } from './bytes.ts'
import { guessCharset, scoreEncoding } from './sniff/sniff.ts'
import { decodeMixed, decodeWindows1252, utf8Share } from './windows-1252.ts'

/** Text, and whether its charset had to be guessed, so that some characters may be other ones than the sender's. */
export type DecodedText = { readonly text: string; readonly guessed: boolean }

/** What mail calls charsets that TextDecoder knows under another name. */
const ALIASES: ReadonlyMap<string, string> = new Map([
  ['latin-1', 'windows-1252'],
  ['ansi', 'windows-1252'],
  ['cp932', 'shift_jis'],
  ['cp936', 'gbk'],
  ['cp949', 'euc-kr'],
  ['cp950', 'big5'],
  ['utf8mb4', 'utf-8'],
])

/** Charsets of one language that are declared for one another; tried where the declared one does not fit. */
const CONFUSED_WITH: Readonly<Record<string, readonly string[]>> = {
  'iso-2022-jp': ['euc-jp', 'shift_jis'],
  'euc-jp': ['shift_jis'],
  shift_jis: ['euc-jp'],
  gbk: ['gb18030', 'big5'],
  big5: ['gb18030'],
}

/** Declared by programs that do not know what they send; UTF-8 that is valid is meant as UTF-8. */
const UNRELIABLE = new Set(['utf-8', 'windows-1252'])

/** How ISO-2022-JP switches to its two-byte sets and to JIS Roman (RFC 1468). */
const ISO_2022_JP_ESCAPES = ['\x1b$@', '\x1b$B', '\x1b(J']

/** One decoder an encoding: making one costs more than a short header. Only known names get in, so there are few. */
const decoders = new Map<string, InstanceType<typeof TextDecoder>>()

/**
 * Decodes text whose charset is `declared`, or not (null). Valid UTF-8 wins over a missing, unknown or Western declaration; what is neither valid nor
 * declared is read in the charset that makes the most common letters of it, else as UTF-8 with the bytes that do not fit as windows-1252. UTF-7 is
 * never decoded: it hides markup. Without `guesses` nothing is read in a charset that is not declared, which costs a tenth.
 */
export function decodeText(bytes: Uint8Array, declared: string | null, guesses = true): DecodedText {
  const marked = byteOrderMark(bytes)
  if (marked) return { text: decodeKnown(bytes, marked), guessed: false }
  const charset = declared === null ? null : findCharset(declared)
  if (charset === null || UNRELIABLE.has(charset)) return decodeUnreliable(bytes, charset, declared, guesses)
  const text = decodeKnown(bytes, charset)
  if (!text.includes('\ufffd')) return guesses ? decodeConfused(bytes, charset, text) : { text, guessed: false }
  const guess = !guesses || isUtf8(bytes) ? null : guessCharset(bytes)
  const others = ['utf-8', ...(guess ? [guess.encoding] : []), ...(CONFUSED_WITH[charset] ?? [])]
  const meant = others.find((other) => other !== charset && !decodeKnown(bytes, other).includes('\ufffd'))
  return meant === undefined ? { text, guessed: false } : { text: decodeKnown(bytes, meant), guessed: true }
}

/** Charsets are declared for one another in which the same bytes are other letters. */
function decodeConfused(bytes: Uint8Array, charset: string, text: string): DecodedText {
  const score = isAscii(bytes) ? null : scoreEncoding(bytes, charset)
  if (score === null || score > DOUBTFUL_SCORE) return { text, guessed: false }
  if (isUtf8(bytes)) return { text: decodeKnown(bytes, 'utf-8'), guessed: true }
  const guess = guessCharset(bytes)
  if (guess === null || guess.score < score + CLEAR_DIFFERENCE) return { text, guessed: false }
  return { text: decodeKnown(bytes, guess.encoding), guessed: true }
}

/** A declared charset that makes less common letters is compared with others. */
const DOUBTFUL_SCORE = 0.8
/** By how much another one must be better. */
const CLEAR_DIFFERENCE = 0.12
/** And one that is not Western, where Western is declared: most mail that says so is. */
const SURE_SCORE = 0.7
/** Of the bytes beyond ASCII, how many must be UTF-8 for the text to be UTF-8 with other bytes in it. */
const MIXED_SHARE = 0.5

function decodeUnreliable(bytes: Uint8Array, charset: string | null, declared: string | null, guesses: boolean): DecodedText {
  if (isAscii(bytes)) return decodeSevenBit(bytes)
  if (isUtf8(bytes)) return { text: decodeKnown(bytes, 'utf-8'), guessed: false }
  const isWestern = charset === 'windows-1252' && !claimsSevenBit(declared)
  const guess = !guesses || utf8Share(bytes) >= MIXED_SHARE ? null : guessCharset(bytes)
  if (guess !== null && (!isWestern || (guess.isScript && guess.score >= SURE_SCORE))) {
    return { text: decodeKnown(bytes, guess.encoding), guessed: true }
  }
  if (charset === 'windows-1252') return { text: decodeWindows1252(bytes), guessed: !isWestern }
  return { text: decodeMixed(bytes), guessed: true }
}

/** A name that a parser took for Latin-1, byte by byte, because it declares no charset: mailers write the bytes of theirs. */
export function decodeLatin1(name: string): string {
  if (!/[\x80-\xff]/.test(name) || /[\u0100-\uffff]/.test(name)) return name
  return decodeText(Buffer.from(name, 'latin1'), null).text
}

/** The charset that an HTML source declares for itself in its first kilobyte (HTML section 4.2.5.4); null without one. */
export function htmlCharset(bytes: Uint8Array): string | null {
  const start = viewBytes(bytes.subarray(0, 1_024)).toString('latin1')
  return /<meta[^>]{0,200}?charset\s{0,9}=\s{0,9}["']?([\w.:-]{1,40})/i.exec(start)?.[1] ?? null
}

function byteOrderMark(bytes: Uint8Array): string | null {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf && isUtf8(bytes)) return 'utf-8'
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  return null
}

/** TextDecoder's name of a charset; null when it has none. */
function findCharset(declared: string): string | null {
  const label = declared.trim().toLowerCase()
  const name = ALIASES.get(label) ?? label
  const known = decoders.get(name)
  if (known) return known.encoding
  try {
    const decoder = new TextDecoder(name)
    decoders.set(name, decoder)
    return decoder.encoding
  } catch {
    // A RangeError is the only way in which TextDecoder says that it does not know a label.
    return null
  }
}

function decodeKnown(bytes: Uint8Array, encoding: string): string {
  const decoder = decoders.get(encoding) ?? new TextDecoder(encoding)
  decoders.set(encoding, decoder)
  return decoder.decode(bytes)
}

function claimsSevenBit(declared: string | null): boolean {
  return declared !== null && /ascii|ansi_x3|646/i.test(declared)
}

/** Seven-bit text: ASCII, unless it switches to Japanese by escape sequences (RFC 1468), as old mailers do undeclared. */
function decodeSevenBit(bytes: Uint8Array): DecodedText {
  const text = viewBytes(bytes).toString('latin1')
  if (!ISO_2022_JP_ESCAPES.some((sequence) => text.includes(sequence))) return { text, guessed: false }
  return { text: decodeKnown(bytes, 'iso-2022-jp'), guessed: true }
}
