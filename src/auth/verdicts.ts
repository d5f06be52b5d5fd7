/** Words of Authentication-Results (RFC 8601 section 2.7) as verdicts. */

import type { AuthVerdict } from '../sender-check.ts'

const VERDICTS: ReadonlyMap<string, AuthVerdict> = new Map([
  ['pass', 'pass'],
  ['fail', 'fail'],
  // What some still write for it.
  ['hardfail', 'fail'],
  ['softfail', 'softfail'],
  ['neutral', 'neutral'],
  // It holds, and is not good enough: a key that is too short.
  ['policy', 'neutral'],
  ['none', 'none'],
  ['temperror', 'temperror'],
  ['permerror', 'permerror'],
])

/** A word that is not known says nothing. */
export function asVerdict(word: string): AuthVerdict {
  return VERDICTS.get(word.toLowerCase()) ?? 'unknown'
}
