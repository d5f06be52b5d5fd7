/** Who speaks: a mail system, somebody who may be one, or a person. */

import { type Fields, firstField } from './fields.ts'
import { DAEMON_LOCAL_PARTS, DAEMON_NAMES, OFFICE_FIELDS, OFFICE_LOCAL_PARTS, PASSED_ON_FIELDS } from './markers.ts'

/** `daemon` is one by its name; `office` needs more to be believed; everything else is a person. */
export type Sender = 'daemon' | 'office' | 'person'

/** Classes a message by its header. Nothing of it is proof: a report is believed where it came back to, not whom it is from. */
export function classSender(header: Fields): Sender {
  const from = firstField(header, 'from').toLowerCase()
  const local = localPart(from)
  if (DAEMON_LOCAL_PARTS.has(local) || (local === '' && from.includes('<>'))) return 'daemon'
  if (DAEMON_NAMES.test(from.slice(0, 500))) return 'daemon'
  if (OFFICE_LOCAL_PARTS.has(local) || OFFICE_FIELDS.some((name) => header.has(name))) return 'office'
  return 'person'
}

/** Left of the @ of the address in a From field; of a bare word without a domain too. */
function localPart(from: string): string {
  const bracketed = /<([^<>]{0,400})>/.exec(from)?.[1]
  const address = (bracketed ?? from.replaceAll(/\([^()]{0,200}\)/g, '')).trim()
  return /^[^\s@]{0,100}/.exec(address)?.[0] ?? ''
}

/** Whether a server that delivered the message wrote down that it came from the null sender (RFC 5321 section 4.5.5) or from a daemon. */
export function hasNullSender(header: Fields): boolean {
  const returnPath = firstField(header, 'return-path').toLowerCase()
  return returnPath.startsWith('<>') || returnPath.includes('mailer-daemon')
}

/** Whether somebody passed the message on: a report that we get second-hand settles nothing. */
export function isPassedOn(header: Fields): boolean {
  return PASSED_ON_FIELDS.some((name) => header.has(name))
}
