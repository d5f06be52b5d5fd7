/** How long a code counts, where the mail says so as a span of time ("expires in 10 minutes"). */

import { foldText } from './fold.ts'
import { inAllLanguages } from './languages.ts'
import { compilePhrases, findPhrases, type Phrases } from './lexicon.ts'
import type { Reading } from './reading.ts'

/** A span of time that is said of something, and where. */
export type Lifetime = { readonly at: number; readonly seconds: number; readonly isOfLink: boolean }

/** Most of them; a mail names one or two. */
const MAX_LIFETIMES = 50
/** Longer spans are said of accounts and offers. */
const MAX_LIFETIME_SECONDS = 90 * 24 * 3600
/** How far a word for lasting may stand from the span, in UTF-16 units. */
const MAX_DISTANCE = 80

const MINUTES =
  'minutes?|mins?\\.?|minuten?|minut[eiya]?|minutos?|minuti|minuut|minuuttia|minuutin|minuutissa|minutter|minuter|minuty|minutami|minutach|minut(?:uri|ai|es|s|it|it[ae]|ih|u|ach|uks|uga|ur|na|um|a|eve|ave)|minuci[us]|minusu|min[iu]t|minuto|perc(?:ig|en|es)?|daqiqa(?:da|dan)?|deqiqe|dəqiqə|минут[ыаеуиін]?|хвилин[иау]?|λεπτ[ααοων]{1,2}|dakika(?:dir|lik|da)?|دقيقة|دقائق|דקות|דקה|دقیقه|منٹ|মিনিট|நிமிட|నిమిష|मिनिट|મિનિટ|ನಿಮಿಷ|മിനിറ്റ|ਮਿੰਟ|წუთ|րոպե|ደቂቃ|විනාඩි|मिनटो?|मिनट|phut|menit|นาที|分钟|分鐘|分間|分|분간|분'
const HOURS =
  'hours?|hrs?\\.?|stunden?|heures?|horas?|or[ae]|uur|uren|timm[ea]r?|timmar|timer?|tuntia|tunnin|tunti|godzin[yea]?|godzinach|hodin[yua]?|ora(?:ig|s)?|ur[aeo]|valand(?:a|as|os|u)|stund(?:a|as|u)|tund(?:i)?|tunni|oretsh?|час(?:а|ов)?|годин[иау]?|ωρ(?:α|εσ|ων)|saat(?:lik|tir)?|ساعة|ساعات|ساعت|گھنٹے|ঘণ্টা|ঘন্টা|שעות|שעה|घंटे|घंटा|घंटों|gio|jam|ชั่วโมง|小时|小時|時間|시간'
const SECONDS =
  'seconds?|secs?\\.?|sekunden?|secondes?|segundos?|secondi|seconden|sekunder|sekuntia|sekund[ya]?|секунд[ыа]?|δευτερολεπτ[αων]{1,2}|saniye|ثانية|שניות|सेकंड|giay|detik|วินาที|秒钟|秒鐘|秒間|秒|초'
const DAYS =
  'days?|tage?n?|jours?|dias?|giorn[oi]|dag(?:en|ar|er|e)?|paivaa|dni|dzien|dn[ui]|den|дн(?:я|ей)|день|дней|дні|μερ(?:εσ|α)|ημερ(?:εσ|α)|gun|ايام|يوم|ימים|יום|दिन|ngay|hari|วัน|天|日間|일'
const UNITS: readonly (readonly [RegExp, number])[] = [
  [wholeUnit(MINUTES), 60],
  [wholeUnit(HOURS), 3600],
  [wholeUnit(SECONDS), 1],
  [wholeUnit(DAYS), 86_400],
]

/** Numbers that are written out: the usual spans in the usual languages. */
const NUMBER_WORDS: Readonly<Record<string, number>> = {
  ...{ a: 1, an: 1, one: 1, two: 2, three: 3, five: 5, ten: 10, fifteen: 15, twenty: 20, thirty: 30, sixty: 60 },
  ...{ einer: 1, eine: 1, einem: 1, einen: 1, zwei: 2, funf: 5, zehn: 10, funfzehn: 15, zwanzig: 20, dreissig: 30 },
  ...{ une: 1, un: 1, deux: 2, cinq: 5, dix: 10, quinze: 15, vingt: 20, trente: 30, una: 1, uno: 1, dos: 2, cinco: 5, diez: 10 },
  ...{
    treinta: 30,
    uma: 1,
    um: 1,
    dez: 10,
    trinta: 30,
    duas: 2,
    cinque: 5,
    dieci: 10,
    quindici: 15,
    trenta: 30,
    een: 1,
    vijf: 5,
    tien: 10,
  },
  ...{
    en: 1,
    ett: 1,
    fem: 5,
    tio: 10,
    ti: 10,
    yhden: 1,
    viisi: 5,
    kymmenen: 10,
    jedna: 1,
    jednu: 1,
    jedne: 1,
    godzine: 1,
    dziesiec: 10,
    piec: 5,
  },
  ...{
    один: 1,
    одного: 1,
    одну: 1,
    пяти: 5,
    пять: 5,
    десяти: 10,
    десять: 10,
    пятнадцати: 15,
    bir: 1,
    bes: 5,
    on: 10,
    satu: 1,
    lima: 5,
    sepuluh: 10,
    mot: 1,
    muoi: 10,
  },
}
const WORD_NUMBERS = Object.keys(NUMBER_WORDS).join('|')
const SPAN = new RegExp(
  `(?:(?<![\\p{sc=Latn}\\p{N}.,:])(\\d{1,4})(?: ?\\([\\p{L} ]{1,24}\\))?|(?<![\\p{L}\\p{N}])(${WORD_NUMBERS}))[ \\n\\-]{0,2}(${foldText([MINUTES, HOURS, SECONDS, DAYS].join('|'))})(?![a-z])(?![\\u0400-\\u04ff])`,
  'gv',
)

const LASTING_WORDS: Phrases = {
  spaced: [
    '(expire*|expiring|expiry|valid*|active|good for|available for|works for|use it within|within|lasts|lifetime|stops working|stop working|runs out)',
    '(gültig*|gilt|läuft|laufen|abläuft|verfällt|verlier*|innerhalb|gültigkeit)',
    "(valable*|valide*|expire*|validité|dans les|d'ici|caduc*|vence*|válid*|expira*|vigencia|vigente|validez|dentro de|em até|validade|scad*|validità|entro)",
    '(geldig*|verloopt|verval*|binnen|giltig*|gäller|upphör*|går ut|inom|gyldig*|udløb*|utløp*|gælder|gjelder|inden for|innen|voimassa|vanhen*|kuluessa|vanhentu*)',
    '(ważn*|wygas*|wygaś*|traci|ciągu|przez|platn*|platí|vyprš*|expiruje|během|действ*|истека*|истеч*|годен|срок*|течение|дійсн*|діє|спливає|закінч*|протягом|чинний)',
    '(ισχύει|λήγει|ισχύς|έγκυρος|εντός|geçerli*|dolacak*|sona er*|süre*|içinde|תקף|בתוקף|יפוג|תוך|למשך|मान्य|वैध|समाप्त|हिस|के लिए|hiệu lực|hết hạn|trong vòng|có giá trị|berlaku*|kedaluwarsa|kadaluarsa|dalam waktu|selama)',
  ],
  joined: [
    ...[
      'صالح',
      'تنتهي',
      'ينتهي',
      'صلاحية',
      'خلال',
      '有效',
      '有効',
      '过期',
      '過期',
      '失效',
      '以内',
      '之内',
      '内',
      '內',
      '期限',
      '切れ',
      '유효',
      '만료',
      '이내',
      '동안',
      'หมดอายุ',
      'ใช้ได้',
      'ภายใน',
      'อายุ',
    ],
  ],
}
const LINK_WORDS: Phrases = {
  spaced: [
    '(link|links|url|button|knop|schaltfläche|lien|bouton|enlace|botón|botão|collegamento|pulsante|länk*|lenke*|linkki*|odkaz*|ссылк*|посилан*|σύνδεσμο*|bağlantı*|קישור|लिंक|liên kết|tautan|łącze)',
  ],
  joined: ['رابط', 'الرابط', '链接', '連結', 'リンク', '링크', 'ลิงก์', '按钮'],
}
const ENDS_SENTENCE = /[.!?。](?= |\n|$)|\n\n/gv

const LASTING = compilePhrases(inAllLanguages(LASTING_WORDS, 'lasting'))
const LINK = compilePhrases(LINK_WORDS)

/** The spans of time that something is said to last. */
export function findLifetimes({ lower }: Reading): Lifetime[] {
  const lifetimes: Lifetime[] = []
  for (const match of lower.matchAll(SPAN)) {
    const { index, 0: found, 1: digits, 2: word, 3: unit = '' } = match
    if (lifetimes.length >= MAX_LIFETIMES) break
    const factor = UNITS.find(([pattern]) => pattern.test(unit))?.[1] ?? 0
    const seconds = (digits === undefined ? (NUMBER_WORDS[word ?? ''] ?? 0) : Number(digits)) * factor
    if (seconds <= 0 || seconds > MAX_LIFETIME_SECONDS) continue
    const before = lastSentence(lower.slice(Math.max(0, index - MAX_DISTANCE), index))
    const after = firstSentence(lower.slice(index + found.length, index + found.length + MAX_DISTANCE))
    const sentence = `${before} ${after}`
    if (findPhrases(LASTING, sentence).length === 0) continue
    lifetimes.push({ at: index, seconds, isOfLink: findPhrases(LINK, before).length > 0 })
  }
  return lifetimes
}

/** The one that is said of a code at this place: of the nearest, what is said of links only where nothing else is. */
export function chooseLifetime(lifetimes: readonly Lifetime[], at: number): number | null {
  const ofCode = lifetimes.filter(({ isOfLink }) => !isOfLink)
  const nearest = ofCode.toSorted((first, second) => Math.abs(first.at - at) - Math.abs(second.at - at))[0]
  return nearest?.seconds ?? null
}

/** Folded like the text it is matched with. */
function wholeUnit(words: string): RegExp {
  return new RegExp(`^(?:${foldText(words)})$`, 'v')
}

function lastSentence(text: string): string {
  return text.split(ENDS_SENTENCE).at(-1) ?? ''
}

function firstSentence(text: string): string {
  return text.split(ENDS_SENTENCE)[0] ?? ''
}
