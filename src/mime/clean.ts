/** Takes out of text what a person would not see: the sender decides every character that comes in here. */

/**
 * Control characters (a terminal obeys them), bidi embeddings, overrides and isolates (they show "exe.txt" for "txt.exe"), annotation
 * characters, and plane 14: tags and variation selectors, which carry whole hidden sentences to a model.
 */
const UNSEEN = /[\p{Cc}--[\n\t]]|[\u202a-\u202e\u2066-\u206f\ufff9-\ufffb\u{e0000}-\u{e0fff}]/gv

/** Text of several lines: line ends become LF, tabs stay, what cannot be seen goes. Never a lone surrogate. */
export function cleanText(text: string): string {
  return removeUnseen(text.replaceAll('\r\n', '\n').replace(/[\r\u2028\u2029]/g, '\n')).toWellFormed()
}

/** Text of one line: every run of white space and control characters becomes one space, none at the ends. */
export function cleanLabel(text: string): string {
  return removeUnseen(text.replace(/[\s\p{Cc}]+/gv, ' '))
    .toWellFormed()
    .trim()
}

/** Nearly every text has nothing to remove, and to find that out costs half of a replacement. */
function removeUnseen(text: string): string {
  return text.search(UNSEEN) < 0 ? text : text.replace(UNSEEN, '')
}

/** The first `maxChars` UTF-16 units, one less where that would cut a character in two. */
export function clipChars(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text
  const clipped = text.slice(0, maxChars)
  return clipped.isWellFormed() ? clipped : clipped.slice(0, -1)
}
