/** What of a text a reader is spared: history and signatures. Never what the mail is about, so where in doubt nothing. */

import type { Fold } from '../../mail-facts.ts'
import { isBlank, type Lines, readLines } from './lines.ts'
import { findQuotes } from './quotes.ts'
import { findSignatures } from './signatures.ts'

/** What is known of a message whose text is folded. */
export type FoldContext = {
  /** It answers another message, as its header says. */
  readonly isReply: boolean
  /** It passes one on. */
  readonly isForward: boolean
}

/** A text without the marks of quotes, and its folds. */
export type FoldedText = { readonly text: string; readonly folds: Fold[] }

/** Folds of one text; more are no letter. */
const MAX_FOLDS = 200

/**
 * Finds the folds of a text with marks. What is passed on is never folded; nor, in a mail that is no answer, is anything that holds a code, link or sum; nor
 * anything where nearly nothing would be left to read.
 */
export function findFolds(marked: string, context: FoldContext): FoldedText {
  const lines = readLines(marked)
  const isAnswer = context.isReply && !context.isForward
  const { isQuoted, isIntroduced } = findQuotes(lines, isAnswer)
  const canFoldQuotes = !context.isForward && (isAnswer || isIntroduced)
  const signed = findSignatures(lines, isQuoted)
  const signatures = listRanges(lines, signed, 'signature')
  const quotes = canFoldQuotes ? listRanges(lines, isQuoted, 'quote') : []
  const keeps = (fold: Fold) => isAnswer || !hasFacts(lines.text.slice(fold.start, fold.end))
  for (const choice of [[...quotes, ...signatures], signatures]) {
    const folds = choice.filter(keeps).sort((first, second) => first.start - second.start)
    if (folds.length <= MAX_FOLDS && isReadable(lines.text, folds, isAnswer))
      return { text: lines.text, folds: countInBytes(lines.text, folds) }
  }
  return { text: lines.text, folds: [] }
}

/** The same ranges, in UTF-16 units before. */
function countInBytes(text: string, folds: readonly Fold[]): Fold[] {
  let [units, bytes] = [0, 0]
  const advance = (toUnit: number) => {
    bytes += Buffer.byteLength(text.slice(units, toUnit))
    units = toUnit
    return bytes
  }
  return folds.map((fold) => ({ ...fold, start: advance(fold.start), end: advance(fold.end) }))
}

/** Runs of such lines as ranges, in UTF-16 units, blank lines between two of them included and those around them not. */
function listRanges(lines: Lines, isIn: readonly boolean[], kind: Fold['kind']): Fold[] {
  const folds: Fold[] = []
  let first: number | null = null
  let last = 0
  const end = () => {
    if (first === null) return
    const start = lines.starts[first] ?? 0
    folds.push({ kind, start, end: (lines.starts[last + 1] ?? lines.text.length + 1) - 1, lines: last - first + 1 })
    first = null
  }
  for (let row = 0; row < isIn.length; row++) {
    if (isBlank(lines, row)) continue
    if (isIn[row]) {
      first ??= row
      last = row
    } else end()
  }
  end()
  return folds
}

const FACTS =
  /https?:|www\.|\[\d{1,4}\]|\d{4}|\d{3}[ -]\d{3}|[$\u20ac\u00a3\u00a5\u20b9\u20bd]\s?\d|\d\s?[\u20ac\u00a3\u20b9\u20bd]|\b(?=[A-Z]*\d)[A-Z\d]{5,10}\b/

/** Whether there is anything to be typed in, followed or paid. */
function hasFacts(text: string): boolean {
  return FACTS.test(text)
}

/** Whether enough is left to read: in an answer a word, else some. */
function isReadable(text: string, folds: readonly Fold[], isAnswer: boolean): boolean {
  const least = isAnswer ? 1 : 3
  let at = 0
  let words = 0
  for (const { start, end } of [...folds, { start: text.length, end: text.length }]) {
    for (const _ of text.slice(at, start).matchAll(/[\p{L}\p{N}\p{Extended_Pictographic}]+/gu)) if (++words >= least) return true
    at = end
  }
  return folds.length === 0
}
