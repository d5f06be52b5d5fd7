/** Header fields and the parameters of Content-Type: as much of RFC 5322 and RFC 2045 as reports need. */

import { MAX_FIELD_CHARS, MAX_FIELDS } from './limits.ts'

/** Fields by lower-case name, each in order, unfolded, not decoded. */
export type Fields = ReadonlyMap<string, readonly string[]>

/** A line up to its line feed, and where the next one begins. */
export type Line = { readonly text: string; readonly next: number }

/** Printable US-ASCII but the colon (RFC 5322 section 2.2), then the colon. Some old servers leave a space between. */
const FIELD_START = /^([\x21-\x39\x3b-\x7e]{1,78}) {0,3}:/

/** The line that begins at `at`, without CR and LF, at most MAX_FIELD_CHARS of it. */
export function readLine(text: string, at: number, end: number): Line {
  const feed = text.indexOf('\n', at)
  const stop = feed < 0 || feed >= end ? end : feed
  const cut = stop > at && text[stop - 1] === '\r' ? stop - 1 : stop
  return { text: text.slice(at, Math.min(cut, at + MAX_FIELD_CHARS)), next: Math.min(stop + 1, end) }
}

/** Reads fields from `at` to the first empty line. A line that is neither a field nor a fold is passed over. */
export function readHeader(text: string, at: number, end: number): { fields: Fields; bodyStart: number } {
  const lines: string[] = []
  let next = at
  while (next < end) {
    const line = readLine(text, next, end)
    next = line.next
    if (line.text === '') break
    lines.push(line.text)
  }
  return { fields: readFields(lines), bodyStart: next }
}

/** Fields of `lines`, folds joined. */
export function readFields(lines: readonly string[]): Fields {
  const fields = new Map<string, string[]>()
  let count = 0
  let name: string | null = null
  let pieces: string[] = []
  const finish = () => {
    if (name !== null) addField(fields, name, pieces)
    name = null
    pieces = []
  }
  for (const line of lines) {
    if (line.startsWith(' ') || line.startsWith('\t')) {
      pieces.push(line)
      continue
    }
    finish()
    const start = FIELD_START.exec(line)
    if (!start?.[1] || count >= MAX_FIELDS) continue
    count += 1
    name = start[1].toLowerCase()
    pieces.push(line.slice(start[0].length))
  }
  finish()
  return fields
}

function addField(fields: Map<string, string[]>, name: string, pieces: readonly string[]): void {
  let room = MAX_FIELD_CHARS
  const kept: string[] = []
  for (const piece of pieces) {
    if (room <= 0) break
    kept.push(piece.trim().slice(0, room))
    room -= piece.length
  }
  const value = kept.join(' ').trim()
  const values = fields.get(name)
  if (values) values.push(value)
  else fields.set(name, [value])
}

/** The first field of that name; empty when there is none. */
export function firstField(fields: Fields, name: string): string {
  return fields.get(name)?.[0] ?? ''
}

/** A media type in lower case and its parameters (RFC 2045 section 5.1). `text/plain` when there is none to read. */
export function readContentType(value: string): { type: string; params: ReadonlyMap<string, string> } {
  const type = /^\s{0,9}([\w.+-]{1,64}\/[\w.+-]{1,64})/.exec(value)?.[1]?.toLowerCase() ?? 'text/plain'
  const params = new Map<string, string>()
  for (const match of value.matchAll(/;\s{0,99}([\w-]{1,40})\s{0,9}=\s{0,9}(?:"([^"]{0,998})"|([^\s;"]{1,998}))/g)) {
    const name = match[1]?.toLowerCase() ?? ''
    if (!params.has(name)) params.set(name, match[2] ?? match[3] ?? '')
  }
  return { type, params }
}
