/** An attachment as text, where it is text: by its bytes, whatever its sender calls it. */

import { MAX_TEXT_CHARS } from '../limits.ts'
import type { AttachmentText } from '../parser.ts'
import { cutPiece } from '../text-piece.ts'
import { readBody } from './body.ts'
import { decodeText } from './charset.ts'
import { cleanText, clipChars } from './clean.ts'
import { sniffType } from './file-type.ts'
import { NOTHING_AROUND } from './forms/surroundings.ts'
import type { Leaf } from './leaves.ts'
import { parseMail } from './parse.ts'

/** Types that file-type knows by their bytes and that are text all the same. */
const TEXT_TYPES = /^text\/|\/xml$|\+xml$|^application\/(?:json|x-ndjson|pgp-|x-subrip)/
/** Of so many characters one may be none of a text: a broken one is still read, a picture is not. */
const CHARS_PER_STRANGE_ONE = 100
/** In a text however short. */
const FEW_STRANGE_ONES = 3
/** What no text has, and the sign for a byte that is no character. */
const STRANGE = /[\p{Cc}--[\t\n\v\f\r]]|\ufffd/gv
/** Characters looked at to tell a text from a picture; the rest of a text is like its beginning. */
const JUDGED_CHARS = 65_536
/** It answers nothing and passes nothing on. */
const ALONE = { isReply: false, isForward: false }
/** UTF-8 takes at most three bytes for a UTF-16 unit, and UTF-32 four. */
const MAX_READ_BYTES = 4 * MAX_TEXT_CHARS

/** A piece of an attachment as a person would read it: HTML as text, an attached mail with its header. @throws only what is a fault of ours */
export async function readAttachmentText(leaf: Leaf, offset: number, maxBytes: number): Promise<AttachmentText> {
  const { sniffedType } = await sniffType(leaf.bytes, leaf.contentType)
  if (sniffedType !== null && !TEXT_TYPES.test(sniffedType)) return { kind: 'binary', sniffedType }
  const whole = leaf.contentType === 'message/rfc822' ? await readMail(leaf.bytes) : readText(leaf)
  if (whole === null) return { kind: 'binary', sniffedType }
  const piece = cutPiece(clipChars(whole, MAX_TEXT_CHARS), offset, maxBytes)
  if (piece === null) return { kind: 'past-end' }
  return { kind: 'text', piece, isShortened: whole.length > MAX_TEXT_CHARS || leaf.bytes.length > MAX_READ_BYTES }
}

function readText(leaf: Leaf): string | null {
  const bytes = leaf.bytes.subarray(0, MAX_READ_BYTES)
  const text = decodeText(bytes, leaf.params.charset || null).text
  if (!looksLikeText(text)) return null
  const isHtml = leaf.contentType === 'text/html' || leaf.contentType === 'application/xhtml+xml'
  if (!isHtml) return cleanText(text)
  return readBody({ ...leaf, bytes, contentType: 'text/html', isText: true }, ALONE, NOTHING_AROUND).text
}

function looksLikeText(text: string): boolean {
  const judged = text.slice(0, JUDGED_CHARS)
  return (
    !judged.includes('\0') && (judged.match(STRANGE)?.length ?? 0) <= FEW_STRANGE_ONES + judged.length / CHARS_PER_STRANGE_ONE
  )
}

async function readMail(bytes: Uint8Array): Promise<string> {
  const { fromName, fromAddress, toAddresses, ccAddresses, subject, sentAt, bodyText, attachments } = await parseMail(bytes)
  const date = sentAt === null ? null : new Date(sentAt)
  const header = [
    ['From', [fromName, fromAddress].filter(Boolean).join(' ')],
    ['To', toAddresses.join(', ')],
    ['Cc', ccAddresses.join(', ')],
    ['Subject', subject],
    ['Sent', date === null || Number.isNaN(date.getTime()) ? '' : date.toISOString()],
    ['Attachments', attachments.map(({ filename, contentType }) => filename ?? contentType).join(', ')],
  ]
  const lines = header.flatMap(([name, value]) => (value === '' ? [] : [`${name}: ${value}`]))
  return [...lines, '', bodyText].join('\n')
}
