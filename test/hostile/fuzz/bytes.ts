/** Changes of bytes that know nothing of what they mean. A byte is a character up to U+00FF, so that text and bytes are searched alike. */

import type { Dice } from '../../support/dice.ts'
import { CSS_TOKENS, HTML_TOKENS, MAIL_TOKENS, REPORT_TOKENS, UNICODE_NASTIES } from './dictionary.ts'

/** A change of some bytes; `others` are what may be mixed in. */
export type Mutator = (bytes: string, dice: Dice, others: readonly string[]) => string

/** Text as the bytes of its UTF-8. */
export function toBytes(text: string): string {
  return Buffer.from(text).toString('latin1')
}

const TOKENS = [MAIL_TOKENS, REPORT_TOKENS, HTML_TOKENS, CSS_TOKENS, UNICODE_NASTIES].map((tokens) => tokens.map(toBytes))

/** A word that some reader takes for more than a word. */
export function pickToken(dice: Dice): string {
  return dice.pick(dice.pick(TOKENS))
}

/** Between one and `most`, small ones mostly. */
export function rollFew(dice: Dice, most: number): number {
  return 1 + dice.roll(1 + dice.roll(most))
}

/** Replaces `length` characters at a place. */
export function patch(text: string, at: number, length: number, by: string): string {
  return text.slice(0, at) + by + text.slice(at + length)
}

const place = (text: string, dice: Dice): number => dice.roll(text.length + 1)
const byte = (dice: Dice): string => String.fromCharCode(dice.roll(256))

/** A stretch of the text. */
export function pickRange(text: string, dice: Dice, mostChars: number): [at: number, length: number] {
  const at = place(text, dice)
  return [at, Math.min(rollFew(dice, mostChars), text.length - at)]
}

function times(count: number, text: string, change: (text: string) => string): string {
  let changed = text
  for (let round = 0; round < count; round += 1) changed = change(changed)
  return changed
}

const flipBits: Mutator = (text, dice) =>
  times(rollFew(dice, 20), text, (old) => {
    const at = dice.roll(Math.max(1, old.length))
    return old === '' ? old : patch(old, at, 1, String.fromCharCode(old.charCodeAt(at) ^ (1 << dice.roll(8))))
  })

const setBytes: Mutator = (text, dice) => times(rollFew(dice, 10), text, (old) => patch(old, place(old, dice), 1, byte(dice)))

const cutEnd: Mutator = (text, dice) => text.slice(0, place(text, dice))

const cutStart: Mutator = (text, dice) => text.slice(place(text, dice))

const removeRange: Mutator = (text, dice) => {
  const [at, length] = pickRange(text, dice, 2_000)
  return patch(text, at, length, '')
}

const doubleRange: Mutator = (text, dice) => {
  const [at, length] = pickRange(text, dice, 2_000)
  return patch(text, at, 0, text.slice(at, at + length))
}

const moveRange: Mutator = (text, dice) => {
  const [at, length] = pickRange(text, dice, 500)
  const without = patch(text, at, length, '')
  return patch(without, place(without, dice), 0, text.slice(at, at + length))
}

const insertTokens: Mutator = (text, dice) =>
  times(rollFew(dice, 12), text, (old) =>
    patch(old, place(old, dice), dice.roll(3) === 0 ? rollFew(dice, 8) : 0, pickToken(dice)),
  )

const insertNoise: Mutator = (text, dice) =>
  patch(text, place(text, dice), 0, Array.from({ length: rollFew(dice, 60) }, () => byte(dice)).join(''))

const insertNasties: Mutator = (text, dice) =>
  times(rollFew(dice, 8), text, (old) => patch(old, place(old, dice), 0, toBytes(dice.pick(UNICODE_NASTIES))))

const splice: Mutator = (text, dice, others) => {
  const other = dice.pick(others)
  return text.slice(0, place(text, dice)) + other.slice(place(other, dice))
}

/** The same again and again: what costs the square of its number shows here. */
const repeatRange: Mutator = (text, dice) => {
  const [at, length] = pickRange(text, dice, 60)
  return patch(text, at, 0, text.slice(at, at + length).repeat(rollFew(dice, 3_000)))
}

const repeatToken: Mutator = (text, dice) => {
  const unit = pickToken(dice) + (dice.roll(2) === 0 ? pickToken(dice) : '')
  return patch(text, place(text, dice), 0, unit.repeat(rollFew(dice, 3_000)))
}

const changeLineEnds: Mutator = (text, dice) => text.replaceAll('\r\n', dice.pick(['\n', '\r', '\r\r\n', '\n\r', '\r\n\r\n', '']))

/** All of them. */
export const BYTE_MUTATORS: readonly Mutator[] = [
  ...[flipBits, setBytes, cutEnd, cutStart, removeRange, doubleRange, moveRange, insertTokens, insertTokens, insertNoise],
  ...[insertNasties, splice, repeatRange, repeatToken, changeLineEnds],
]

/** Changed a few times over. */
export function mutate(bytes: string, mutators: readonly Mutator[], dice: Dice, others: readonly string[]): string {
  return times(rollFew(dice, 4), bytes, (old) => dice.pick(mutators)(old, dice, others))
}
