/**
 * Finds the header fields of a message: ours, because it must answer within bounds for every input, on the main thread too, when the parser
 * was killed. Linear in what it reads, and it decodes nothing that nobody asked for.
 */

import { MAX_ADDRESS_BYTES, MAX_HEADER_BYTES, MAX_HEADER_FIELD_BYTES } from '../../limits.ts'

/** Fields that describe a message to its reader. */
const READ_FIELDS = ['from', 'reply-to', 'to', 'cc', 'subject', 'date', 'message-id', 'in-reply-to', 'references'] as const
/** Fields by which a machine says that it is one (RFC 3834, RFC 2919, RFC 2369, and Precedence, which no RFC names). */
const MACHINE_FIELDS = ['auto-submitted', 'precedence', 'list-id', 'list-unsubscribe'] as const
/** Fields that say how the body is built (RFC 2045). */
const MIME_FIELDS = ['content-type', 'content-transfer-encoding', 'content-disposition', 'content-id'] as const

/** A field of {@link HeaderBlock}. */
export type FieldName = (typeof READ_FIELDS)[number] | (typeof MACHINE_FIELDS)[number] | (typeof MIME_FIELDS)[number]

/** The header of a message, cut into fields but not decoded. */
export type HeaderBlock = {
  /** What follows the colon, still folded, in the order of the message. At most HeaderBounds.fieldBytes of one name. */
  readonly fields: ReadonlyMap<FieldName, readonly Buffer[]>
  /** The first field of each MIME name as it came, for the MIME parser: nothing else of the header concerns it. */
  readonly mimeHeader: Buffer
  /** Where the body begins. */
  readonly bodyStart: number
  readonly problems: readonly string[]
}

const KNOWN_FIELDS: ReadonlySet<string> = new Set([...READ_FIELDS, ...MACHINE_FIELDS, ...MIME_FIELDS])
const LF = 0x0a
const CR = 0x0d
const SPACE = 0x20
const TAB = 0x09
const COLON = 0x3a
/** What stands between addresses (RFC 5322 section 3.4). */
const ADDRESS_ENDS = Buffer.from(',;:<>()')
/** Longest name among the fields that we look for. */
const MAX_NAME_CHARS = 'content-transfer-encoding'.length
const CRLF = Buffer.from('\r\n')

/** A field within the message: its name when it is one that we look for, and where it and its value lie. */
type Span = { name: FieldName | null; start: number; value: number; end: number }

/** How much of a header is read; see the constants it comes from. */
export type HeaderBounds = {
  readonly headerBytes: number
  /** Of all fields of one name. */
  readonly fieldBytes: number
}

const PARSE_BOUNDS: HeaderBounds = { headerBytes: MAX_HEADER_BYTES, fieldBytes: MAX_HEADER_FIELD_BYTES }

/**
 * Splits off the header. A line that is no field (an mbox "From " line, a fold that lost its space) is passed over, except after the last
 * field: there the body begins without its empty line, and what stands there must be read.
 */
export function splitHeader(raw: Buffer, bounds: HeaderBounds = PARSE_BOUNDS): HeaderBlock {
  const spans: Span[] = []
  const end = Math.min(raw.length, bounds.headerBytes)
  let current: Span | null = null
  let fieldsEnd = 0
  let at = 0
  while (at < end && !isBlankLine(raw, at)) {
    const next = endOfLine(raw, at)
    if (raw[at] === SPACE || raw[at] === TAB) {
      if (current) current.end = next
    } else {
      current = readFieldStart(raw, at, next)
      if (current?.name) spans.push(current)
    }
    if (current) fieldsEnd = next
    at = next
  }
  // Text without a header may have "Note: ..." in it; then nothing of it may be taken for a header and lost.
  const isText = spans.length === 0 && readFieldStart(raw, 0, endOfLine(raw, 0)) === null
  const { bodyStart, problem } = findBody(raw, at, isText ? 0 : fieldsEnd, bounds)
  const { fields, isShortened } = collectFields(raw, spans, bounds)
  const problems = [problem, isShortened ? 'A header field is too long; only the beginning of it was read.' : null]
  return { fields, mimeHeader: joinMimeFields(raw, spans), bodyStart, problems: problems.filter((line) => line !== null) }
}

function isBlankLine(raw: Buffer, at: number): boolean {
  return raw[at] === LF || (raw[at] === CR && raw[at + 1] === LF)
}

function endOfLine(raw: Buffer, at: number): number {
  const lf = raw.indexOf(LF, at)
  return lf < 0 ? raw.length : lf + 1
}

/** RFC 5322 section 2.2: printable US-ASCII up to a colon; section 4.5 allows white space before it. Null when the line is no field. */
function readFieldStart(raw: Buffer, start: number, end: number): Span | null {
  let at = start
  while (at < end && isNameByte(raw[at])) at++
  const nameEnd = at
  while (raw[at] === SPACE || raw[at] === TAB) at++
  if (nameEnd === start || raw[at] !== COLON) return null
  const name = nameEnd - start > MAX_NAME_CHARS ? '' : raw.toString('latin1', start, nameEnd).toLowerCase()
  return { name: isKnownField(name) ? name : null, start, value: at + 1, end }
}

function isNameByte(byte: number | undefined): boolean {
  return byte !== undefined && byte > SPACE && byte < 0x7f && byte !== COLON
}

function isKnownField(name: string): name is FieldName {
  return KNOWN_FIELDS.has(name)
}

/** The body begins after the empty line; or right after the fields, where there is none or something else stands between. */
function findBody(raw: Buffer, at: number, fieldsEnd: number, { headerBytes }: HeaderBounds) {
  if (raw.length === 0) return { bodyStart: 0, problem: 'The message is empty.' }
  if (fieldsEnd === 0 && at > 0) return { bodyStart: 0, problem: 'The message has no header.' }
  if (fieldsEnd === 0) return { bodyStart: endOfLine(raw, 0), problem: 'The message has no header.' }
  if (at >= headerBytes && at < raw.length) {
    return { bodyStart: findBlankLine(raw, at), problem: 'The header is too long; only the beginning of it was read.' }
  }
  if (fieldsEnd < at)
    return { bodyStart: fieldsEnd, problem: 'The header ends without an empty line; what follows was read as text.' }
  return { bodyStart: at >= raw.length ? raw.length : endOfLine(raw, at), problem: null }
}

/** The byte after the first empty line from `at` on, which is the start of a line; the message's end without one. */
function findBlankLine(raw: Buffer, at: number): number {
  const ends = ['\n\n', '\n\r\n'].flatMap((mark) => {
    const found = raw.indexOf(mark, at - 1, 'latin1')
    return found < 0 ? [] : [found + mark.length]
  })
  return ends.length === 0 ? raw.length : Math.min(...ends)
}

function collectFields(raw: Buffer, spans: readonly Span[], { fieldBytes }: HeaderBounds) {
  const fields = new Map<FieldName, Buffer[]>()
  const roomLeft = new Map<FieldName, number>()
  let isShortened = false
  for (const { name, value, end } of spans) {
    if (name === null) continue
    const room = roomLeft.get(name) ?? fieldBytes
    if (end - value > room) isShortened = true
    if (room === 0) continue
    const kept = end - value > room ? cutBetweenWords(raw.subarray(value, value + room)) : raw.subarray(value, end)
    roomLeft.set(name, end - value > room ? 0 : room - kept.length)
    const values = fields.get(name)
    if (values) values.push(kept)
    else fields.set(name, [kept])
  }
  return { fields, isShortened }
}

/** Half of an address is the address of somebody else, so it goes; what is longer than an address is another word and stays. */
function cutBetweenWords(value: Buffer): Buffer {
  const last = value.findLastIndex((byte) => byte <= SPACE || ADDRESS_ENDS.includes(byte))
  return value.length - last > MAX_ADDRESS_BYTES ? value : value.subarray(0, Math.max(last, 0))
}

function joinMimeFields(raw: Buffer, spans: readonly Span[]): Buffer {
  const lines = MIME_FIELDS.flatMap((name) => {
    const first = spans.find((span) => span.name === name)
    if (!first || first.end - first.start > MAX_HEADER_FIELD_BYTES) return []
    return [raw.subarray(first.start, first.end), ...(raw[first.end - 1] === LF ? [] : [CRLF])]
  })
  return Buffer.concat([...lines, CRLF])
}
