/** How text is cut into what a search can find: the same for mail and for queries, or nothing would be found. */

/** Scripts that write no space between words; Hangul has spaces, but glues endings to what is looked for. U+30FC belongs to no one script. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u30fc\p{Script=Bopomofo}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/gu
/** What holds a term together; everything else parts terms. */
const TERM = /[\p{L}\p{N}\p{M}\p{Co}]+/gu
/** A script puts a few marks on one letter. Normalising sorts them, which takes the square of their number. */
const TOO_MANY_MARKS = /(\p{M}{8})\p{M}+/gu
const BEYOND_ASCII = /[^\0-\x7f]/

/**
 * Text of which each run of letters, digits and marks is a term, whichever letters of Unicode it was written with (NFKC, UAX 15): a character is a term
 * of its own in scripts without spaces, so that any part of such text can be found as a phrase. Not longer than `maxChars` before the spaces.
 */
export function spaceTerms(text: string, maxChars: number): string {
  const cut = text.slice(0, maxChars)
  if (!BEYOND_ASCII.test(cut)) return cut
  return cut.replaceAll(TOO_MANY_MARKS, '$1').normalize('NFKC').slice(0, maxChars).replaceAll(UNSPACED, ' $& ')
}

/** The terms of a word or phrase, in order; an address or a host comes to several. None where it has neither letter nor digit. */
export function findTerms(text: string): string[] {
  return spaceTerms(text, text.length).match(TERM) ?? []
}

/** Letters that normalising leaves alone, and how they are written without them: `straße` is `strasse` in Switzerland and in capitals. */
const SPELLED: Readonly<Record<string, string>> = { ß: 'ss', ss: 'ß', æ: 'ae', ae: 'æ', œ: 'oe', oe: 'œ' }
const RESPELLED = /ß|ss|æ|ae|œ|oe/giu
/** Places of a word or phrase that are tried both ways: three come to eight spellings. */
const MAX_RESPELLED = 3

/** The terms of a word or phrase, joined by spaces, in every spelling that is looked for: the index keeps what the mail wrote. The given one first. */
export function listSpellings(text: string): string[] {
  const given = findTerms(text).join(' ')
  const places = Array.from(given.matchAll(RESPELLED), ({ index, 0: letters }) => ({ index, letters })).slice(0, MAX_RESPELLED)
  const spellings = [given]
  // From the last place to the first, so that the places before it stay where they are.
  for (const { index, letters } of places.reverse()) {
    const other = SPELLED[letters.toLowerCase()] ?? letters
    spellings.push(...spellings.map((one) => one.slice(0, index) + other + one.slice(index + letters.length)))
  }
  return spellings
}
