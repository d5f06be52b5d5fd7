/** RFC 2047: words of another charset in a header, `=?utf-8?q?caf=C3=A9?=`. Linear in the length of the value. */

import { decodeText } from '../charset.ts'

/** An encoded word; the language of RFC 2231 section 5 is passed over. Spaces inside are wrong and common. */
const ENCODED_WORD = /=\?([^?*\s]{1,64})(?:\*[^?\s]{0,64})?\?([bq])\?([^?]*)\?=/gi

/** Words of one charset after another in which one is guessed; a header of a hundred thousand is an attack, and guessing costs. */
const MAX_GUESSED_RUNS = 100

type Word = { charset: string; bytes: Buffer }

/** The value with its encoded words decoded and the white space between two of them left out; anything else stays as it is. */
export function decodeEncodedWords(value: string): string {
  if (!value.includes('=?')) return value
  const pieces: string[] = []
  // A character of several bytes may be split over two words, so bytes of one charset are decoded together.
  let run: Word[] = []
  let end = 0
  let runs = 0
  for (const match of value.matchAll(ENCODED_WORD)) {
    const [whole, charset = '', encoding = '', content = ''] = match
    const between = value.slice(end, match.index)
    const adjacent = run.length > 0 && between.trim() === ''
    if (!adjacent || run[0]?.charset !== charset.toLowerCase()) {
      pieces.push(decodeRun(run, ++runs <= MAX_GUESSED_RUNS))
      run = []
    }
    if (!adjacent) pieces.push(between)
    run.push({ charset: charset.toLowerCase(), bytes: decodeContent(encoding, content) })
    end = match.index + whole.length
  }
  pieces.push(decodeRun(run, ++runs <= MAX_GUESSED_RUNS), value.slice(end))
  return pieces.join('')
}

function decodeRun(run: readonly Word[], guesses: boolean): string {
  const [first] = run
  return first ? decodeText(Buffer.concat(run.map((word) => word.bytes)), first.charset, guesses).text : ''
}

function decodeContent(encoding: string, content: string): Buffer {
  if (encoding.toLowerCase() === 'b') return Buffer.from(content, 'base64')
  const bytes = content
    .replace(/_/g, ' ')
    .replace(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  // 8-bit characters have no place in an encoded word; where there are some they are UTF-8 already.
  return Buffer.from(bytes, /[\u0100-\uffff]/.test(bytes) ? 'utf8' : 'latin1')
}
