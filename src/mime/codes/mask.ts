/** Blots out what has digits and is never a code, whatever stands beside it. */

import { foldText } from './fold.ts'
import { findMatches } from './lexicon.ts'
import type { Reading } from './reading.ts'
import type { Span } from './word-index.ts'

/** Stands for what was blotted out: neither a letter, a digit, a space nor punctuation. */
export const BLOT = '\ufffc'

/** What a bounded run of digits in a phone number, address or amount may be parted by. */
const CURRENCY = foldText(
  '(?:[$€£¥₹₽₩₺฿₫₴₪]|usd|eur|gbp|chf|jpy|cny|rmb|inr|rub|brl|mxn|pln|czk|sek|nok|dkk|uah|ils|krw|twd|hkd|vnd|idr|thb|aud|cad|rs\\.?|rp\\.?|kr\\.?|r\\$|zl|kc|руб\\.?|грн\\.?|元|円|원|บาท|tl|huf|dong|euros?|dollars?|pounds?|рублей|рубля|درهم|ريال)',
)
const UNIT = foldText(
  '(?:%|‰|°|minutes?|mins?|min\\.?|hours?|hrs?|h|seconds?|secs?|sec|days?|weeks?|months?|years?|ms|km|kg|cm|mm|mb|gb|tb|kb|px|pt|points?|pts|bytes?|users?|people|customers|items?|times|steps?|miles?|feet|sqm|m2|watts?|kwh|minuten|stunden|sekunden|tage|jahre|uhr|punkte|heures?|jours?|secondes?|ans|minutos?|horas?|segundos?|dias?|anos?|minuti|ore|secondi|giorni|anni|minuut|uur|uren|seconden|dagen|minuter|timmar|sekunder|dagar|minutter|timer|dager|dage|minuuttia|tuntia|minut[ya]?|godzin[ya]?|sekund[y]?|hodin[y]?|минут[ыа]?|час(?:а|ов)?|секунд[ыа]?|дн(?:я|ей)|хвилини?|годин[иа]?|λεπτα|ωρ(?:ες|α)|dakika|saat|saniye|دقائق|دقيقة|ساعة|ساعات|דקות|שעות|मिनट|घंटे|phut|gio|giay|menit|jam|detik|นาที|ชั่วโมง|分钟|分鐘|分間|分|小时|小時|時間|时|時|秒|天|日|年|月|點|点|ポイント|분|시간|초|일|년|월|積分|积分|号楼|號|号|楼|人|名|件|回|次|명|건|개|층|호)',
)
const NUMBER = '\\d(?:[\\d.,]{0,14}\\d)?'

/** The mark of a link, where there are so many: otherwise it may be a code in brackets. */
const LONG_MARK = /\[\d{4}\]/gv

/** Each is linear: no part of a pattern can match what the part after it matches as well, beyond a bounded run. */
const NEVER_CODES: readonly RegExp[] = [
  // Links and addresses, in ASCII only: in Chinese the sentence goes on behind them without a space.
  /\b[a-z][a-z\d+.\-]{1,20}:\/\/[!-~]+|\bmailto:[!-~]+|\bwww\.[!-~]+/gv,
  /[a-z\d._%+\-]{0,64}@[a-z\d.\-]+/gv,
  /\b(?!\d+\.)[a-z\d][a-z\d.\-]{0,60}\.[a-z]{2,12}(?:\/[!-~]*|\b)/gv,
  /\[(?![\da-z\-]{4,16}\])[^\[\]\s]{1,2000}\]/gv,
  // Marks of links, colours, numbers of tickets.
  /\[\d{1,3}\]/gv,
  /#[\da-z]+/gv,
  /\b(?:0x[\da-f]+|[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}|[\da-f]{2}(?:[:\-][\da-f]{2}){5})\b/gv,
  // Longer than any code; a word as long holds no digit, and may be the word for it.
  /\b(?=[a-z_]*\d)[a-z\d_]{17,}\b/gv,
  // Bank accounts (ISO 13616), in groups of four.
  /\b[a-z]{2}\d\d(?: ?[a-z]{4})?(?: ?\d{4}){2,7}(?: ?\d{1,4})?\b/gv,
  // Names with years or numbers that everybody writes so.
  /\b(?:cve|rfc|iso|iec|ieee|kb|sha|rsa|aes|utf|covid|windows|office|ios|android|iphone|rev|gdpr)[ \-]?\d[\d.:\-]*/gv,
  // Dates, times, versions, addresses of hosts, decimals.
  /(?<!\d)\d{1,4}([.\/])\d{1,2}\1(?:\d{4}|\d{2})(?!\d)/gv,
  /(?<!\d)(?:(?:\d{4}|\d\d)-(?:0?[1-9]|1[0-2])-(?:0?[1-9]|[12]\d|3[01])|(?:0?[1-9]|[12]\d|3[01])-(?:0?[1-9]|1[0-2])-(?:\d{4}|\d\d)|(?:0?[1-9]|1[0-2])-(?:0?[1-9]|[12]\d|3[01])-(?:\d{4}|\d\d))(?!\d)/gv,
  /(?<!\d)\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?: ?[ap]\.?m\b| ?uhr\b)/gv,
  /(?<!\d)\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?!\d)/gv,
  /(?<![\d.,])v?\d+(?:[.,]\d+)+(?![\d])/gv,
  /\b[\da-f]{0,4}(?::[\da-f]{0,4}){3,7}\b/gv,
  new RegExp(`(?<![a-z\\d])${CURRENCY} ?\\d{1,12}(?:[.,' ]\\d{3}){0,3}(?:[.,]\\d{1,2})?`, 'gv'),
  new RegExp(`(?<!\\d)\\d{1,12}(?:[ .,']\\d{3}){0,3}(?:[.,]\\d{1,2})? ?${CURRENCY}(?![a-z])`, 'gv'),
  new RegExp(`(?<![a-z\\d.,])${NUMBER}(?: ?[\\-–] ?${NUMBER})? ?[\\-]?${UNIT}(?![a-z\\u0370-\\u04ff]|(?<=[a-z])\\d)`, 'gv'),
  // Telephone numbers: with a country, with a zero and parts, as in North America.
  /(?:\+|(?<!\d)00)[1-9][\d \(\).\/\-]{5,20}\d/gv,
  /\(0?\d{1,5}\) ?-?\d(?:[ \-]?\d){3,11}/gv,
  /(?<![\d\-])0\d{1,5} ?[\/\-] ?\d(?:[ \-]?\d){4,11}/gv,
  /(?<![\d\-] ?)(?=0\d(?: ?\d){6})0\d{1,4}(?: \d{2,4}){2,4}(?![ \-]?\d)/gv,
  /(?<![\d\-])(?:1[ .\-])?\(?\d{3}\)?[ .\-]\d{3}[ .\-]\d{4}(?!\d)/gv,
  /(?<![\d\-])\d{3}-\d{4}(?![\d\-])/gv,
  /(?<![\d\-])(?:4|8)00[ \-]\d{2,4}[ \-]\d{2,4}(?:[ \-]\d{2,4})?(?!\d)/gv,
  // Copyright, ranges of years.
  /(?:©|\(c\)|copyright) ?\d{4}(?: ?[\-–] ?\d{4})?/gv,
  /(?<!\d)(?:19|20)\d\d ?[\-–\/] ?(?:(?:19|20)\d\d|\d\d)(?![\d])/gv,
]

/** The folded text with those blotted out, as long as it was. Patterns are matched in lower case, which is as long. */
export function blotOut({ text, lower, linkCount }: Reading): string {
  let blotted = text
  let searched = lower
  const isMark = ({ start, end }: Span) => Number(lower.slice(start + 1, end - 1)) <= linkCount
  const blot = (spans: readonly Span[]) => {
    if (spans.length === 0) return
    blotted = blotSpans(blotted, spans)
    searched = blotSpans(searched, spans)
  }
  blot(findMatches(LONG_MARK, searched).filter(isMark))
  for (const pattern of NEVER_CODES) blot(findMatches(pattern, searched))
  return blotted
}

function blotSpans(text: string, spans: readonly Span[]): string {
  const pieces: string[] = []
  let at = 0
  for (const { start, end } of spans) {
    pieces.push(text.slice(at, start), BLOT.repeat(end - start))
    at = end
  }
  return [...pieces, text.slice(at)].join('')
}
