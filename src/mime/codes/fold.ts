/** Text -> one alphabet to look for words and digits in: a mail spells them with accents, in full width, in the digits of its language. */

import { isAsciiText } from '../ascii.ts'

/** Zeros of the scripts whose digits are read; nine more follow each. */
const ZEROS = [
  ...[0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xe50, 0xed0, 0xf20, 0x1040, 0x17e0],
]
/** Styled digits (bold, double-struck, sans-serif, monospace) stand here, ten and ten. */
const MATH_DIGITS = 0x1d7ce
/** From a full-width character to its ASCII one. */
const FULL_WIDTH_SHIFT = 0xfee0

/** Accents, vowel points of Arabic and Hebrew with their stretching mark, the frame around a digit on a key; not what voices a Japanese letter. */
const MARKS = /[[\p{Mn}&&\p{sc=Inherited}]--[\u3099\u309a]]|[\p{Mn}&&\p{sc=Hebrew}]|\p{Me}|\u0640/gv

/** Joiners within words and what else has no width: it would part words, or a code, where nobody sees it. */
const WIDTHLESS = /[\u200b-\u200d\u2060\ufeff\u00ad]/g

/** Letters that carry a mark which Unicode does not take apart. */
const PLAIN_LETTERS: Readonly<Record<string, string>> = {
  ي: 'ی',
  ك: 'ک',
  ı: 'i',
  ł: 'l',
  Ł: 'L',
  đ: 'd',
  Đ: 'D',
  ø: 'o',
  Ø: 'O',
  ς: 'σ',
}

/** Signs of Chinese and Japanese that are as wide as a letter with its space: "482913，5分" is no decimal. */
const WIDE_SIGNS: Readonly<Record<string, string>> = {
  '，': ', ',
  '。': '. ',
  '、': ', ',
  '：': ': ',
  '；': '; ',
  '！': '! ',
  '？': '? ',
  '（': ' (',
  '）': ') ',
}

/** Keeps case and line ends. Digits become ASCII, full-width letters and signs too, every space a plain one, accents go. */
export function foldText(text: string): string {
  if (isAsciiText(text)) return text.replaceAll('\t', ' ')
  // No character changes what one on another line becomes, and most lines are plain.
  return text.split('\n').map(foldLine).join('\n')
}

function foldLine(line: string): string {
  if (isAsciiText(line)) return line.replaceAll('\t', ' ')
  return line
    .replace(/\p{Zs}|\t/gv, ' ')
    .replace(/[，。、：；！？（）]/g, (char) => WIDE_SIGNS[char] ?? char)
    .replace(/[\uff01-\uff5e]/g, (char) => String.fromCharCode(char.charCodeAt(0) - FULL_WIDTH_SHIFT))
    .replace(/[\p{Nd}--[0-9]]/gv, foldDigit)
    .normalize('NFD')
    .replace(MARKS, '')
    .replace(WIDTHLESS, '')
    .normalize('NFC')
    .replace(/[ıłŁđĐøØςيك]/g, (char) => PLAIN_LETTERS[char] ?? char)
}

/** Folded text in lower case; as long as it was, for the one letter that grows (U+0130) has lost its dot by folding. */
export function lowerFolded(folded: string): string {
  return folded.toLowerCase().replaceAll('ς', 'σ')
}

function foldDigit(char: string): string {
  const point = char.codePointAt(0) ?? 0
  if (point >= MATH_DIGITS) return point < MATH_DIGITS + 50 ? String((point - MATH_DIGITS) % 10) : char
  const zero = ZEROS.find((start) => point >= start && point < start + 10)
  return zero === undefined ? char : String(point - zero)
}
