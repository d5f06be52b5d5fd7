/** The charset of Western mail that declares none, and of mail put together from it and UTF-8. */

import { viewBytes } from './bytes.ts'

/** Windows-1252 from 0x80 to 0x9F; the rest is Latin-1. Our own table, because TextDecoder of Node 22 reads Latin-1 there. */
const WINDOWS_1252_HIGH =
  '\u20ac\ufffd\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\ufffd\u017d\ufffd' +
  '\ufffd\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\ufffd\u017e\u0178'

/** The euro sign and the quotation marks take three bytes of UTF-8. */
const MAX_WINDOWS_1252_BYTES = 3

/** Every byte is a character; the five that windows-1252 does not assign become U+FFFD. */
export function decodeWindows1252(bytes: Uint8Array): string {
  return viewBytes(bytes)
    .toString('latin1')
    .replace(/[\x80-\x9f]/g, (char) => String.fromCharCode(windows1252Code(char.charCodeAt(0))))
}

/**
 * UTF-8 where it is UTF-8, windows-1252 where it is not: mail put together from both is common, and nothing is lost. Written into one
 * buffer, because a piece of string for every byte that does not fit would take twenty times the memory of the mail.
 */
export function decodeMixed(bytes: Uint8Array): string {
  const utf8 = Buffer.allocUnsafe(bytes.length * MAX_WINDOWS_1252_BYTES)
  let written = 0
  let at = 0
  while (at < bytes.length) {
    const length = sequenceLength(bytes, at)
    if (length === 0) written = writeCharacter(utf8, written, windows1252Code(bytes[at++] ?? 0))
    for (const end = at + length; at < end; at++) utf8[written++] = bytes[at] ?? 0
  }
  return utf8.toString('utf8', 0, written)
}

/** Of the first bytes beyond ASCII, the share that is part of characters in UTF-8. */
export function utf8Share(bytes: Uint8Array): number {
  let high = 0
  let fitting = 0
  for (let at = 0; at < bytes.length && high < MAX_JUDGED_BYTES; ) {
    const length = sequenceLength(bytes, at)
    if ((bytes[at] ?? 0) >= 0x80) high += Math.max(length, 1)
    if (length > 1) fitting += length
    at += Math.max(length, 1)
  }
  return high === 0 ? 1 : fitting / high
}

const MAX_JUDGED_BYTES = 4_096

function windows1252Code(byte: number): number {
  return byte >= 0x80 && byte <= 0x9f ? WINDOWS_1252_HIGH.charCodeAt(byte - 0x80) : byte
}

/** Writes a character beyond ASCII as UTF-8 (RFC 3629 section 3); answers where the next one goes. */
function writeCharacter(utf8: Buffer, at: number, code: number): number {
  let next = at
  if (code >= 0x800) utf8[next++] = 0xe0 | (code >> 12)
  utf8[next++] = code >= 0x800 ? 0x80 | ((code >> 6) & 0x3f) : 0xc0 | (code >> 6)
  utf8[next++] = 0x80 | (code & 0x3f)
  return next
}

/** Bytes of the UTF-8 character at `at` (RFC 3629 section 4); 0 when there is none. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] ?? 0
  if (lead < 0x80) return 1
  if (lead < 0xc2 || lead > 0xf4) return 0
  const second = bytes[at + 1] ?? 0
  // Overlong forms, surrogates and what lies beyond U+10FFFF show in the second byte.
  const least = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80
  const most = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf
  if (second < least || second > most) return 0
  const length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4
  for (let next = at + 2; next < at + length; next++) if (((bytes[next] ?? 0) & 0xc0) !== 0x80) return 0
  return length
}
