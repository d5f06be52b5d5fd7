/** Letters that look like others (Unicode TS 39): enough of them to see through a host name, not the whole table. */

/** What looks like the ASCII letters before the colon. Cyrillic, Greek, Armenian, small capitals and letters with strokes. */
const LOOKALIKES =
  'a:аɑαᴀ b:ьвβʙƅ c:сϲᴄ d:ԁđɗᴅ e:еєεᴇ f:ғƒꜰſ g:ɡցɢ h:һհħʜ i:іıιɩɪ j:јյȷᴊ k:кκᴋ l:ӏłʟ m:мᴍ n:пոηɴŋ o:оοσօøᴏө p:рρᴘþ q:ԛզգ ' +
  'r:гʀᴦ s:ѕꜱ t:тτŧᴛ u:υսʋᴜцμ v:ѵνᴠ w:ѡԝաωᴡшɯщ x:хχ y:уγʏү z:ᴢƶʐ ae:æ oe:œ ss:ß 3:з 6:б'

const TO_ASCII = new Map(
  LOOKALIKES.split(' ').flatMap((entry) => {
    const [ascii = '', letters = ''] = entry.split(':')
    return [...letters].map((letter) => [letter, ascii] as const)
  }),
)

/** What ASCII itself offers: each group becomes one sign, so that words that look alike become the same word. */
const ASCII_GROUPS = new Map(
  Object.entries({ rn: 'm', vv: 'w', cl: 'd', i: 'l', '1': 'l', '|': 'l', '0': 'o', '3': 'e', '4': 'a', '5': 's' }),
)
const ASCII_GROUP = /rn|vv|cl|[i1|0345]/g

/** The same for all texts that look alike at a glance; it is nothing to show. Linear. */
export function toSkeleton(text: string): string {
  return toAscii(text).replace(ASCII_GROUP, (group) => ASCII_GROUPS.get(group) ?? group)
}

function toAscii(text: string): string {
  if (/^\p{ASCII}*$/u.test(text)) return text.toLowerCase()
  const plain = text
    .normalize('NFKC')
    .toLowerCase()
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
  return [...plain].map((letter) => TO_ASCII.get(letter) ?? letter).join('')
}

/** Scripts that are written together with Latin: Chinese, Japanese, Korean. */
const BESIDE_LATIN = /[\p{scx=Latin}\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Hangul}\p{scx=Bopomofo}]/v

/** A word of Latin and another alphabet, as nobody writes and as browsers refuse to show (Unicode TS 39 section 5). */
export function mixesAlphabets(word: string): boolean {
  return /\p{scx=Latin}/v.test(word) && [...word].some((letter) => /\p{L}/v.test(letter) && !BESIDE_LATIN.test(letter))
}
