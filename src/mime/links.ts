/** Links -> what is worth knowing of them. */

import type { MailLink } from '../mail-facts.ts'
import type { FoundLink } from './found-link.ts'

/** Same order and number as `found`. `fromAddress` is the sender's, empty when unknown. */
export function describeLinks(found: readonly FoundLink[], _fromAddress: string): MailLink[] {
  return found.map(({ text, url }) => ({ text, url, host: '', flags: [] }))
}
