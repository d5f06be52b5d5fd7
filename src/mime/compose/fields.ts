/** What a draft says, made fit for a header: bounded, without controls, and such that a reader decodes what was written. */

import { MAX_DISPLAY_NAME_CHARS } from '../../limits.ts'

/** Longest file name written, in UTF-16 units; most file systems allow no more. */
const MOST_FILENAME_CHARS = 200
/** Longest extension kept of a name that is cut, with its dot. */
const MOST_EXTENSION_CHARS = 16
/** Longest message id repeated in a header: with the name of its field it must fit on one line (RFC 5322 section 2.1.1). */
const MOST_ID_BYTES = 900
/** A media type and its charset are found in this much of a Content-Type, or not at all. */
const MOST_TYPE_CHARS = 500

/** Every line end as CRLF, a lone CR included (RFC 5322 section 2.3). */
export function toCrlf(text: string): string {
  return text.replaceAll(/\r\n?|\n/g, '\r\n')
}

/** A display name on one line; nodemailer quotes or encodes it. */
export function cleanName(name: string): string {
  return onOneLine(name).slice(0, MAX_DISPLAY_NAME_CHARS).trim()
}

/**
 * A subject that arrives as it was written: what looks encoded already, is too long to fold, or would be trimmed or folded into a blank line,
 * is encoded here (RFC 2047). nodemailer encodes what is not ASCII, and only that.
 */
export async function cleanSubject(subject: string): Promise<string> {
  const line = onOneLine(subject)
  if (!/=\?|^ | $| {20}|[^ ]{900}/.test(line)) return line
  const { encodeWord } = await import('nodemailer/lib/mime-funcs')
  return encodeWord(line, 'B', 52)
}

/** The last part of a name, cut before its extension: no path goes out, neither ours nor anybody's. */
export function cleanFilename(name: string): string {
  const bare = onOneLine(name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1)).trim()
  if (bare === '') return 'attachment'
  if (bare.length <= MOST_FILENAME_CHARS) return bare
  const dot = bare.lastIndexOf('.')
  const extension = dot > 0 && bare.length - dot <= MOST_EXTENSION_CHARS ? bare.slice(dot) : ''
  return bare.slice(0, MOST_FILENAME_CHARS - extension.length) + extension
}

/**
 * A media type as RFC 6838 section 4.2 spells it, and the charset of a text; anything else is bytes. Messages and multiparts are bytes too:
 * they may not be encoded (RFC 2046 section 5), and unencoded they would be parts of ours.
 */
export function cleanType(contentType: string): string {
  const text = contentType.slice(0, MOST_TYPE_CHARS)
  const type = /^\s*([a-z0-9][a-z0-9!#$&^_.+-]{0,99}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,99})\s*(?:;|$)/i.exec(text)?.[1]?.toLowerCase()
  if (type === undefined || /^(?:message|multipart)\//.test(type)) return 'application/octet-stream'
  const charset = type.startsWith('text/') ? /;\s*charset="?([a-z0-9_.:-]{1,40})"?\s*(?:;|$)/i.exec(text)?.[1] : undefined
  return charset === undefined ? type : `${type}; charset=${charset}`
}

/** The ids that can be repeated exactly: printable ASCII in angle brackets. Folded or re-encoded, an id is another id and threads nothing. */
export function keepIds(ids: readonly string[]): string[] {
  return ids.filter((id) => id.length <= MOST_ID_BYTES && /^<[\x21-\x3b\x3d\x3f-\x7e]+>$/.test(id))
}

function onOneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
}
