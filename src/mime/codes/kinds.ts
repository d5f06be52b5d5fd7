/** Whether a word for code names one of another kind: `location code`, `the code of the module`. Nobody can list them all, so how they are put together tells. */

import { ENTER, type Keyword, OWN, SIGN_IN, YOUR } from './hits.ts'
import { compilePhrases, findPhrases } from './lexicon.ts'
import type { Reading } from './reading.ts'
import { LEADS } from './relation.ts'

/** Words in whose midst `code` stands: as far back as `your` may be. */
const MAX_CHARS_BEFORE_CODE = 40
/** As far on as what it is the code of may be. */
const MAX_CHARS_BEHIND_CODE = 40

/** Scripts that put words together without a space: what stands before is part of the word, but for these. */
const JOINED_KIND =
  /(?<!下記|上記|以下|入力|输入|輸入|使用|次|桁|位|数字|用|您的|此|该|該)[\p{sc=Han}\p{sc=Katakana}\p{sc=Hangul}ー]$/v
/** The same with what makes a noun of it: `モジュールのコード`, `모듈 코드`. */
const JOINED_KIND_OF =
  /(?<!下記|上記|以下|次|桁|位|用|度|回|件|様|新|客)[\p{sc=Han}\p{sc=Katakana}ー](?:の|的)$|(?<!아래|다음|이|그|위|새|해당|자리|본|이번)(?<![의된한은는을를이가로할신])[\p{sc=Hangul}] $/v

/** Right after it: a word of a language that says there what it is for. */
const OF_A_THING = /^ (?:de|del|do|da|du|des|di|della|dello|de la|d['’]) ?\p{L}/v
/** The same with an article, in languages where other words begin so as well; then the thing. */
const OF_A_DEFINITE_THING = /^ (?:van (?:de|het|een|onze)|des|der|vom|eines|einer|för|für das|til|tilhørende) (\p{L}{3,})/v
/** `kod modułu:`, `код модуля:`, `κωδικός μονάδας:`, `رمز الوحدة:`, `kode modul:`, `mã mô-đun:`: a thing in small letters and then the number. */
const OF_ONE_THING =
  /^ (\p{Ll}[\p{Ll}\p{M}\-]{2,}|\p{Lo}[\p{Lo}\p{M}]{2,})(?= ?[:=]| ?[\-–—] | \d| (?:je|to|jest|est|este|е|є|это|είναι|هو|هي|là|adalah|ialah) )/v
const HANGS_THING_BEHIND = /^(?:kod|код|κωδικ|رمز|كود|kode$|ma$|cod)/
/** `a modul kódja`, `modülün kodu`, `modulets kode`: whose code it is, before it. */
const THING_BEFORE =
  /(?:^|[^\p{L}])(?!on |sizin |az )(?:\p{L}{3,} (?=kodj)|\p{L}{2,}[ıiuü]n (?=kodu$)|\p{L}{3,}(?:ets|ens|nas|nens) (?=kod))/v

/** Where a code is also one of a lesson, a part or a door in every language. */
const THING_WORDS = compilePhrases({
  spaced: [
    '(module|modules|modul|moduls|modulen|modulet|moduuli*|módulo|modulo|product|produkt*|produit|producto|produto|prodotto|course|kurs*|cours|curso|corso|cursus|project|projekt*|projet|proyecto|projeto|progetto|door|dør*|dörr*|deur|tür|porte|puerta|porta|porten|room|zimmer|salle|sala|stanza|kamer|rom|rum|lesson|class|klasse|book|buch|livre|libro|livro|boek|bok|bog|item|artikel*|article|artículo|artigo|articolo)',
  ],
  joined: [],
})

/** `registration code of the module`: what is sent to somebody is theirs, and of nothing. It holds of words for one-time codes too. */
export function isOfTheThing({ end }: Keyword, { lower }: Reading): boolean {
  const behind = lower.slice(end, end + MAX_CHARS_BEHIND_CODE)
  if (/^ of (?:the|this|that|our) \p{L}/v.test(behind)) return true
  const thing =
    /^ (?:(?:van|for|för|til|für|du|de|del|do|da|di|des|der|della|dello|van de|van het|for the|de la|de l['’]|dell['’]|för|till) ?){1,2}(\p{L}{3,})/v.exec(
      behind,
    )?.[1]
  return thing !== undefined && findPhrases(THING_WORDS, thing).length > 0
}

/** Whether a word beside a word for code makes it another kind. */
export function isOfAKind({ start, end }: Keyword, { lower, text }: Reading): boolean {
  const before = lower.slice(Math.max(0, start - MAX_CHARS_BEFORE_CODE), start)
  const word = lower.slice(start, end)
  if (/\d\s*$/.test(before)) return false
  if (JOINED_KIND.test(before)) return true
  if (JOINED_KIND_OF.test(before) && findPhrases(SIGN_IN, before.slice(-12)).length === 0) return true
  const clause = before.split(/[^\p{L}\p{M}\p{N} '’\-]/v).at(-1) ?? ''
  const behind = lower.slice(end, end + MAX_CHARS_BEHIND_CODE)
  if (OF_A_THING.test(behind)) return true
  const isYours = findPhrases(YOUR, clause).length > 0 || findPhrases(ENTER, clause).length > 0
  if (
    !isYours &&
    (hangsThingBehind(word, behind, text.slice(end, end + MAX_CHARS_BEHIND_CODE)) || THING_BEFORE.test(clause + word))
  )
    return true
  const isBare = !/[\p{sc=Latn}\p{sc=Cyrl}\p{sc=Grek}]{2}/v.test(clause)
  return !isBare && findPhrases(OWN, clause).length === 0 && findPhrases(ENTER, clause).length === 0
}

/** Words that may stand between a word for code and the code, and are no thing that it is of. */
const NO_THINGS = [LEADS, OWN, YOUR, ENTER, SIGN_IN]

function hangsThingBehind(word: string, behind: string, written: string): boolean {
  const things = [
    OF_A_DEFINITE_THING.exec(behind)?.[1],
    HANGS_THING_BEHIND.test(word) ? OF_ONE_THING.exec(written)?.[1]?.toLowerCase() : undefined,
  ]
  return things.some((thing) => thing !== undefined && NO_THINGS.every((find) => findPhrases(find, thing).length === 0))
}
