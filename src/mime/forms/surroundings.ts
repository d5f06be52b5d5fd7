/** What stands around the text of a message and may stand in each of its forms. */

import type { HeaderFields } from '../header/fields.ts'
import type { Surroundings } from './divergence.ts'
import { addressKey } from './segment.ts'

/** For a text that is no message. */
export const NOTHING_AROUND: Surroundings = { fromAddress: '', subject: '', domains: new Set() }

/** Reads it off the fields of a header. */
export function readSurroundings(fields: HeaderFields): Surroundings {
  const { fromAddress, toAddresses, subject } = fields
  // Not those of Reply-To: where answers are led away to is nothing that a text may say without being noticed.
  const addresses = [fromAddress, ...toAddresses]
  return { fromAddress, subject, domains: new Set(addresses.flatMap((address) => addressKey(address) ?? [])) }
}
