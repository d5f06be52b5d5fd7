/** What does not fit together in the header about who wrote a mail. */

import type { SenderWarning } from '../mail-facts.ts'
import type { HeaderFields } from './fields.ts'
import type { HeaderBlock } from './headers.ts'

/** Each at most once. */
export function findSenderWarnings(_block: HeaderBlock, _fields: HeaderFields): SenderWarning[] {
  return []
}
