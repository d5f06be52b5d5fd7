/** Takes out of text what a person would not see: the sender decides every character that comes in here. */

/**
 * Control characters (a terminal obeys them) and all that has no shape of its own (Unicode: default ignorable): bidi marks, embeddings,
 * overrides and isolates (they show "exe.txt" for "txt.exe"), soft hyphens, spaces without width, fillers, annotation characters, and tags
 * and variation selectors, which carry whole hidden sentences to a model. `mcp/fence.ts` takes out the same, so that what an agent reads as
 * text and what it reads as fields agree.
 */
const UNSEEN = /[\p{Cc}--[\n\t]]|[\p{Default_Ignorable_Code_Point}--[\u200c\u200d]]|[\ufff9-\ufffb]/gv

/**
 * Joiners that join nothing: several in a row, or one that stands behind neither a letter, mark or number beyond ASCII nor an emoji. Persian,
 * the scripts of India and emoji need the others; between Latin letters they would spell bits.
 */
const STRAY_JOINERS =
  /[\u200c\u200d]{2,}|(?<![[\p{L}\p{M}\p{N}\p{Extended_Pictographic}\p{Emoji_Modifier}]--\p{ASCII}])[\u200c\u200d]/gv

/** Text of several lines: line ends become LF, tabs stay, what cannot be seen goes. Never a lone surrogate. */
export function cleanText(text: string): string {
  return removeUnseen(text.replaceAll('\r\n', '\n').replace(/[\r\u2028\u2029]/g, '\n')).toWellFormed()
}

/** Text of one line: every run of white space and control characters becomes one space, none at the ends. */
export function cleanLabel(text: string): string {
  return removeUnseen(text.replace(/\p{Cc}+/gv, ' '))
    .replace(/\s+/g, ' ')
    .toWellFormed()
    .trim()
}

function removeUnseen(text: string): string {
  return remove(remove(text, UNSEEN), STRAY_JOINERS)
}

/** Nearly every text has nothing to remove, and to find that out costs half of a replacement. */
function remove(text: string, pattern: RegExp): string {
  return text.search(pattern) < 0 ? text : text.replace(pattern, '')
}

/** The first `maxChars` UTF-16 units, one less where that would cut a character in two. */
export function clipChars(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text
  const clipped = text.slice(0, maxChars)
  return clipped.isWellFormed() ? clipped : clipped.slice(0, -1)
}
