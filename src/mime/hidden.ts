/** Counts what is left out of a text because a person would not see it, by kind. */

import { removeInvisible } from '../invisible.ts'
import type { Hidden, HiddenKind } from '../mail-facts.ts'

/** What was left out of one text or of several. */
export class HiddenTally {
  readonly #found = new Map<HiddenKind, { count: number; chars: number }>()
  /** The kind of what was left out last; null when something was shown since. */
  #running: HiddenKind | null = null

  /** Text of an element that is not seen; it goes on the run of before where nothing was shown between. White space and filler are nothing. */
  addText(kind: HiddenKind, text: string): void {
    const chars = removeInvisible(text).replace(/\s+/g, ' ').trim().length
    if (chars === 0) return
    this.add(kind, this.#running === kind ? 0 : 1, chars)
    this.#running = kind
  }

  /** Text was shown. */
  endRun(): void {
    this.#running = null
  }

  /** So many runs of a kind, of so many UTF-16 units together. */
  add(kind: HiddenKind, count: number, chars: number): void {
    const found = this.#found.get(kind) ?? { count: 0, chars: 0 }
    this.#found.set(kind, { count: found.count + count, chars: found.chars + chars })
  }

  /** All that another tally holds. */
  addAll(other: readonly Hidden[]): void {
    for (const { kind, count, chars } of other) this.add(kind, count, chars)
  }

  /** In the order of HIDDEN_ORDER. */
  list(): Hidden[] {
    return HIDDEN_ORDER.flatMap((kind) => {
      const found = this.#found.get(kind)
      return found ? [{ kind, ...found }] : []
    })
  }
}

/** What is worth more attention stands first. */
const HIDDEN_ORDER: readonly HiddenKind[] = [
  ...(['invisible-characters', 'bidi-characters', 'same-colour', 'transparent', 'off-screen', 'tiny', 'not-displayed'] as const),
  ...(['possibly-hidden', 'comment', 'control-characters'] as const),
]
