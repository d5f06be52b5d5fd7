/** Small things about text that several tables ask for. */

import { SNIPPET_CHARS } from '../limits.ts'

/** At most so many UTF-16 units, without half a character at the end. */
export function cutAt(text: string, maxChars: number): string {
  return text.length <= maxChars
    ? text
    : text
        .slice(0, maxChars)
        .replace(/[\ud800-\udbff]$/, '')
        .trimEnd()
}

/** Only ASCII, as lower() of SQL does: `toLowerCase` would turn the Kelvin sign into a `k`, one address into another. */
export function lowerAscii(text: string): string {
  return text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase())
}

/** The first words, white space folded, as lists show them; looks at no more of a long text than it needs. */
export function makeSnippet(text: string): string {
  let snippet = ''
  for (const [word] of text.matchAll(/\S+/g)) {
    snippet += snippet === '' ? word : ` ${word}`
    if (snippet.length >= SNIPPET_CHARS) break
  }
  return cutAt(snippet, SNIPPET_CHARS)
}
