/**
 * Walks the parts of a message: only to find the text, the status fields and the returned message of a report. Each level reads its bytes
 * once, and levels are bounded, so the work is linear in the bytes. What is malformed becomes text, because broken reports are still reports.
 */

import { type Fields, firstField, readContentType, readHeader, readLine } from './fields.ts'
import { MAX_PART_DEPTH, MAX_PARTS, MAX_REPORT_BYTES } from './limits.ts'

/** A part; leaves have a body, multiparts have parts. */
export type Part = {
  /** Media type in lower case. */
  readonly type: string
  readonly params: ReadonlyMap<string, string>
  readonly fields: Fields
  /** Not decoded, one character a byte. */
  readonly body: string
  readonly parts: readonly Part[]
}

type Budget = { parts: number }

/** Splits a message, at most MAX_REPORT_BYTES of it. An mbox "From " line before the header is passed over. */
export function readParts(raw: Uint8Array): Part {
  const size = Math.min(raw.byteLength, MAX_REPORT_BYTES)
  const text = Buffer.from(raw.buffer, raw.byteOffset, size).toString('latin1')
  return readPart(text, 0, text.length, 0, { parts: MAX_PARTS })
}

function readPart(text: string, start: number, end: number, depth: number, budget: Budget): Part {
  budget.parts -= 1
  const { fields, bodyStart } = readHeader(text, start, end)
  const { type, params } = readContentType(firstField(fields, 'content-type'))
  const leaf = (asType: string): Part => ({ type: asType, params, fields, body: text.slice(bodyStart, end), parts: [] })
  if (!type.startsWith('multipart/')) return leaf(type)
  const boundary = params.get('boundary') ?? ''
  const spans = boundary === '' || depth >= MAX_PART_DEPTH ? [] : splitAtBoundary(text, bodyStart, end, boundary, budget.parts)
  const parts: Part[] = []
  for (const span of spans) {
    if (budget.parts <= 0) break
    parts.push(readPart(text, span.start, span.end, depth + 1, budget))
  }
  // A multipart without parts: its boundary was lost or mangled on the way, and the report is in the open.
  if (parts.length === 0) return { ...leaf(type), parts: [{ ...leaf('text/plain'), params: new Map(), fields }] }
  return { type, params, fields, body: '', parts }
}

function splitAtBoundary(text: string, start: number, end: number, boundary: string, most: number) {
  const delimiter = `--${boundary}`
  const spans: { start: number; end: number }[] = []
  let opened: number | null = null
  let at = start
  while (at < end) {
    const next = readLine(text, at, end).next
    const after = text.startsWith(delimiter, at)
      ? text.slice(at + delimiter.length, Math.min(next, at + delimiter.length + 80)).trim()
      : null
    if (after === '' || after === '--') {
      if (opened !== null) spans.push({ start: opened, end: at })
      if (after === '--' || spans.length >= most) return spans
      opened = next
    }
    at = next
  }
  if (opened !== null) spans.push({ start: opened, end })
  return spans
}

/** Every leaf in order, the message itself when it is one. Returned messages are not entered: what they say is not said by the report. */
export function* walkLeaves(part: Part): Generator<Part> {
  if (part.parts.length === 0) yield part
  for (const child of part.parts) yield* walkLeaves(child)
}
