/** What servers say, and what they mean by it. Compared with lower-case text whose white space is single spaces. */

import { FAILURES } from './phrases-failures.ts'
import { RECIPIENTS } from './phrases-recipients.ts'
import { REFUSALS } from './phrases-refusals.ts'
import type { Reason } from './reasons.ts'

/** Words that tell a reason. */
export type Phrases = {
  readonly reason: Reason
  readonly words: readonly (string | RegExp)[]
  /** `strong` words are believed even against a code that says that the address is unknown; `certain` ones without any code. */
  readonly weight?: 'strong' | 'certain'
}

/**
 * The first that occurs decides, so the special stand before the general: a sender refused as "user unknown" is not a recipient who is. Every
 * expression reads a bounded stretch.
 */
export const PHRASES: readonly Phrases[] = [...REFUSALS, ...RECIPIENTS, ...FAILURES]
