/**
 * No answer is larger than MAX_ANSWER_BYTES, whatever the mail: the dispatcher holds every tool to it, and what a sender can make long is fitted before,
 * so that an agent gets less of it and hears how to go on, never an error.
 */

import { ANSWER_RESERVE_BYTES, MAX_ANSWER_BYTES } from '../limits.ts'
import { cutReading } from '../post-office/reading.ts'
import type { Reading } from '../post-office.ts'
import type { Answer } from './render.ts'

const ROOM_BYTES = MAX_ANSWER_BYTES - ANSWER_RESERVE_BYTES

/** Bytes of a value as JSON. */
export function measureJson(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value))
}

/** Bytes of an answer as it goes over the wire. */
export function measureAnswer({ structured, text }: Answer): number {
  return measureJson({ content: [{ type: 'text', text }], structuredContent: structured })
}

/** An answer with as many of the rows as fit, from the first on; at least one. Every row must be bounded. */
export function fitRows<Row>(rows: readonly Row[], render: (rows: readonly Row[]) => Answer): Answer {
  let answer = render(rows)
  if (measureAnswer(answer) <= ROOM_BYTES) return answer
  let [fits, tooMany] = [1, rows.length]
  answer = render(rows.slice(0, 1))
  while (tooMany - fits > 1) {
    const middle = Math.floor((fits + tooMany) / 2)
    const candidate = render(rows.slice(0, middle))
    if (measureAnswer(candidate) <= ROOM_BYTES) [fits, answer] = [middle, candidate]
    else tooMany = middle
  }
  return answer
}

/** An answer with as much of the text as fits; at least a character. All but the text must be bounded. */
export function fitReading(reading: Reading, render: (reading: Reading) => Answer): Answer {
  const whole = render(reading)
  if (measureAnswer(whole) <= ROOM_BYTES) return whole
  // Once as words and once in the structure; what is said of the piece grows by a few digits.
  const roomBytes = ROOM_BYTES - measureAnswer(render(cutReading(reading, 1))) - 100
  return render(cutReading(reading, countFitting(reading.text, roomBytes / 2)))
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
