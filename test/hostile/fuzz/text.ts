/** Changes of text that a person or a model would type: characters, also halves of them, rather than bytes. */

import type { Dice } from '../../support/dice.ts'
import { patch, pickRange, rollFew } from './bytes.ts'
import { UNICODE_NASTIES } from './dictionary.ts'

/** Halves of characters, and what else no text should have. */
const BROKEN = ['\ud800', '\udc00', '\udfff\ud800', '\0', '\r', '\n', '\x1b[2J', '\x7f', '\x9b', '\ufeff', '\uffff']

/** One of the seeds changed a few times; `tokens` are what means something to whoever reads it. */
export function mutateText(dice: Dice, seeds: readonly string[], tokens: readonly string[]): string {
  let text = dice.pick(seeds)
  const changes = rollFew(dice, 6)
  for (let change = 0; change < changes; change += 1) text = mutateOnce(text, dice, seeds, tokens)
  return text
}

function mutateOnce(text: string, dice: Dice, seeds: readonly string[], tokens: readonly string[]): string {
  const at = dice.roll(text.length + 1)
  const [start, length] = pickRange(text, dice, 20)
  switch (dice.roll(11)) {
    case 0:
      return patch(text, start, length, '')
    case 1:
      return patch(text, start, 0, text.slice(start, start + length))
    case 2:
      return patch(text, start, 0, text.slice(start, start + length).repeat(rollFew(dice, 60)))
    case 3:
      return patch(text, at, 0, dice.pick(UNICODE_NASTIES))
    case 4:
      return patch(text, at, 0, dice.pick(BROKEN))
    case 5:
      return patch(text, at, 1, String.fromCharCode(dice.roll(4) === 0 ? dice.roll(65_536) : dice.roll(128)))
    case 6:
      return text.slice(0, at) + dice.pick(seeds)
    case 7:
      return dice.roll(2) === 0 ? text.toUpperCase() : text.normalize(dice.pick(['NFC', 'NFD', 'NFKC', 'NFKD']))
    default:
      return patch(text, at, dice.roll(3) === 0 ? rollFew(dice, 6) : 0, dice.pick(tokens))
  }
}
