/** Characters that a person does not see and a model reads: taken out where mail is parsed, and again where it is shown. */

/**
 * All that has no shape of its own (Unicode: default ignorable): bidi marks, embeddings, overrides and isolates (they show "exe.txt" for "txt.exe"), soft
 * hyphens, spaces without width, fillers, annotation characters, and tags and variation selectors, which carry whole hidden sentences.
 */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}--[\u200c\u200d]]|[\ufff9-\ufffb]/gv

/**
 * Joiners that join nothing: several in a row, or one that stands behind neither a letter, mark or number beyond ASCII nor an emoji. Persian,
 * the scripts of India and emoji need the others; between Latin letters they would spell bits.
 */
const STRAY_JOINERS =
  /[\u200c\u200d]{2,}|(?<![[\p{L}\p{M}\p{N}\p{Extended_Pictographic}\p{Emoji_Modifier}]--\p{ASCII}])[\u200c\u200d]/gv

/** The text without them. Line separators and control characters stay: what becomes of those depends on where the text goes. */
export function removeInvisible(text: string): string {
  return remove(remove(text, INVISIBLE), STRAY_JOINERS)
}

/** Nearly every text has nothing to remove, and to find that out costs half of a replacement. */
export function remove(text: string, pattern: RegExp): string {
  return text.search(pattern) < 0 ? text : text.replace(pattern, '')
}
