/** Message-ID, In-Reply-To and References (RFC 5322 section 3.6.4): what threads hang on, so equal ids must come out equal. */

import { MAX_MESSAGE_ID_CHARS, MAX_REFERENCES } from '../../limits.ts'
import { cleanLabel } from '../clean.ts'

/** Anything between angle brackets without white space or brackets: ids of real mail break every stricter rule. */
const BRACKETED_ID = /<\s{0,80}([^<>\s]+)\s{0,80}>/g

/** What some programs write instead: the id without its brackets, alone in the field. Quadratic, so only for what can be an id. */
const BARE_ID = /^[^<>\s]+@[^<>\s]+$/

/** The first id of a value, with its brackets; null when there is none or it is too long to be one. */
export function readMessageId(value: string): string | null {
  const [first] = readBracketed(value, 1)
  if (first !== undefined) return first
  const bare = value.trim()
  return bare.length <= MAX_MESSAGE_ID_CHARS && BARE_ID.test(bare) ? toId(bare) : null
}

/** The ids of a References value, each once, oldest first; of more than MAX_REFERENCES the first and the newest. */
export function readReferences(value: string): { ids: string[]; isShortened: boolean } {
  const ids = [...new Set(readBracketed(value, Number.POSITIVE_INFINITY))]
  if (ids.length <= MAX_REFERENCES) return { ids, isShortened: false }
  return { ids: [...ids.slice(0, 1), ...ids.slice(1 - MAX_REFERENCES)], isShortened: true }
}

function readBracketed(value: string, most: number): string[] {
  const ids: string[] = []
  for (const [, content = ''] of value.matchAll(BRACKETED_ID)) {
    const id = toId(content)
    if (id !== null) ids.push(id)
    if (ids.length >= most) break
  }
  return ids
}

/** Null for what a person could not tell from another id, or could not be sent back in one line. */
function toId(content: string): string | null {
  const id = `<${content}>`
  return id.length <= MAX_MESSAGE_ID_CHARS && cleanLabel(id) === id ? id : null
}
