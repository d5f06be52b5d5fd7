/**
 * No answer is larger than MAX_ANSWER_BYTES, whatever the mail: the dispatcher holds every tool to it, and what a sender can make long is fitted before,
 * so that an agent gets less of it and hears how to go on, never an error.
 */

import { ANSWER_RESERVE_BYTES, MAX_ANSWER_BYTES } from '../limits.ts'
import { cutReading } from '../post-office/reading.ts'
import type { Reading } from '../post-office.ts'
import type { Answer } from './render.ts'

const ROOM_BYTES = MAX_ANSWER_BYTES - ANSWER_RESERVE_BYTES
/** What stands around the rows of a list: headline, marks, the thread that they are of. */
const LIST_FRAME_BYTES = 3_000

/** Bytes of a value as JSON. */
export function measureJson(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value))
}

/** Bytes of an answer as it goes over the wire. */
export function measureAnswer({ structured, text }: Answer): number {
  return measureJson({ content: [{ type: 'text', text }], structuredContent: structured })
}

/** A row of a list, for the structure and as a line of the text. */
export type Row = { readonly structured: unknown; readonly line: string }

/** As many of the rows as fit into an answer, from the first on; at least one. Renders no more than those. Every row must be bounded. */
export function fitRows<Item>(items: readonly Item[], render: (item: Item) => Row): Row[] {
  const rows: Row[] = []
  let roomBytes = ROOM_BYTES - LIST_FRAME_BYTES
  for (const item of items) {
    const row = render(item)
    // What stands between two rows counts too.
    roomBytes -= measureJson(row.structured) + measureJson(row.line) + 2
    if (roomBytes < 0 && rows.length > 0) break
    rows.push(row)
  }
  return rows
}

/** An answer with as much of the text as fits; at least a character. All but the text must be bounded. */
export function fitReading(reading: Reading, render: (reading: Reading) => Answer): Answer {
  return fitText(reading.text, (maxBytes) => render(cutReading(reading, maxBytes)))
}

/** The same of any text that stands in an answer twice; `render` shows so many bytes of it at most. */
export function fitText(text: string, render: (maxBytes: number) => Answer): Answer {
  const whole = render(Number.MAX_SAFE_INTEGER)
  if (measureAnswer(whole) <= ROOM_BYTES) return whole
  // Once as words and once in the structure; what is said of the piece grows by a few digits.
  const roomBytes = ROOM_BYTES - measureAnswer(render(1)) - 100
  return render(countFitting(text, roomBytes / 2))
}

/** Bytes of UTF-8 of the longest beginning that takes no more than so many bytes as a JSON string. */
function countFitting(text: string, roomBytes: number): number {
  let [jsonBytes, sizeBytes] = [0, 0]
  for (const character of text) {
    const own = Buffer.byteLength(character)
    jsonBytes += own === 1 ? JSON.stringify(character).length - 2 : own
    if (jsonBytes > roomBytes) break
    sizeBytes += own
  }
  return sizeBytes
}
