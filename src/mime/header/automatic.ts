/** Whether a machine sent a message, as its own header says: what must not be answered by another machine. */

import type { ParsedMail } from '../../parser.ts'
import type { FieldName, HeaderBlock } from './headers.ts'

/** Precedence has no RFC; these are the values that vacation programs honour. */
const AUTOMATIC_PRECEDENCES = ['bulk', 'junk', 'auto_reply']

/** See ParsedMail.automatic. A mark counts whichever of several fields of a name carries it. */
export function readAutomatic(block: HeaderBlock): ParsedMail['automatic'] {
  const words = (name: FieldName) => (block.fields.get(name) ?? []).map(readWord)
  // RFC 3834 section 5.2: anything but "no", whatever parameters follow, is automatic.
  if (words('auto-submitted').some((word) => word !== '' && word !== 'no')) return 'auto-submitted'
  const precedences = words('precedence')
  if (precedences.includes('list') || block.fields.has('list-id') || block.fields.has('list-unsubscribe')) return 'list'
  return precedences.some((word) => AUTOMATIC_PRECEDENCES.includes(word)) ? 'auto-submitted' : null
}

/** The first word of a value, in lower case. */
function readWord(value: Buffer): string {
  return /^[^\s;(]*/.exec(value.subarray(0, 200).toString('latin1').trim().toLowerCase())?.[0] ?? ''
}
