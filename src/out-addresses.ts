/** Addresses we write to: a bare addr-spec, exactly as it goes on the wire, or a refusal. Nothing in between is repaired. */

import { domainToASCII, domainToUnicode } from 'node:url'
import { MailError } from './errors.ts'
import { MAX_ADDRESS_BYTES, MAX_LOCAL_PART_BYTES } from './limits.ts'

/** RFC 5322 section 3.2.3, without the quoted form and without what RFC 6531 adds. */
const DOT_ATOM = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/
/** RFC 1123 section 2.1, in lower case. */
const HOST_NAME = /^(?!-)[a-z0-9-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9-]{1,63}(?<!-))*$/
/** Longest part of a refused address that is shown back, in UTF-16 units. */
const MOST_SHOWN_CHARS = 80

/**
 * The recipient as it goes into RCPT TO: local part untouched, domain in lower case and as A-labels (RFC 5890). Only `local@domain` with a dot-atom
 * of ASCII and a host name: everything else that RFC 5322 allows is read differently by one mail program or another, and some of it as
 * two recipients. A domain of one label passes, since ours may be one.
 * @throws MailError invalid_argument; the message shows the recipient in a harmless form
 */
export function checkRecipient(text: string): string {
  const fault = findFault(text)
  if (fault !== null) throw refuse(text, fault)
  const at = text.indexOf('@')
  const domain = toWireDomain(text.slice(at + 1))
  if (domain === null) throw refuse(text, 'has a domain that is no host name')
  const address = `${text.slice(0, at)}@${domain}`
  if (address.length > MAX_ADDRESS_BYTES) throw refuse(text, `is longer than ${MAX_ADDRESS_BYTES} bytes`)
  return address
}

/** The first thing wrong with what stands left of the `@`, or with the whole, in the words of someone who must correct it. */
function findFault(text: string): string | null {
  if (text === '') return 'is empty'
  if (Buffer.byteLength(text) > 4 * MAX_ADDRESS_BYTES) return `is longer than ${MAX_ADDRESS_BYTES} bytes`
  if (/\p{Cc}/u.test(text)) return 'has a control character, such as a line break'
  if (/\s/u.test(text)) return 'has white space'
  if (/[<>]/.test(text)) return 'has angle brackets or a display name'
  if (/[,;]/.test(text)) return 'has a comma or semicolon, as a list has'
  if (text.includes('"')) return 'has a quoted local part'
  if (/[()]/.test(text)) return 'has a comment'
  const [local = '', domain, ...more] = text.split('@')
  if (domain === undefined) return 'has no @'
  if (more.length > 0) return 'has more than one @'
  if (local === '') return 'has nothing before the @'
  if (domain === '') return 'has nothing after the @'
  if (/[^\x21-\x7e]/.test(local)) return 'has a character other than ASCII before the @'
  if (local.length > MAX_LOCAL_PART_BYTES) return `has more than ${MAX_LOCAL_PART_BYTES} bytes before the @`
  if (!DOT_ATOM.test(local))
    return 'has something before the @ that is not letters, digits and marks with single dots between them'
  return null
}

/** Null for what is no host name, and for what would become another name on the way: look-alike letters, characters that vanish, `0x7f.1`. */
function toWireDomain(text: string): string | null {
  const lower = text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase())
  const isAscii = /^[\x21-\x7e]+$/.test(lower)
  if (!isAscii && !/^[\p{L}\p{M}\p{N}.-]+$/u.test(lower)) return null
  const wire = isAscii ? lower : domainToASCII(lower)
  if (!HOST_NAME.test(wire) || /(?:^|\.)[0-9]+$/.test(wire)) return null
  if (isAscii) return wire
  // Compatibility forms (full width, circled) and ignored characters (variation selectors) do not survive the round trip.
  const isSame = text.normalize('NFKC') === text && domainToUnicode(wire) === lower.toLowerCase().normalize('NFC')
  return isSame ? wire : null
}

function refuse(text: string, fault: string): MailError {
  return new MailError('invalid_argument', `The recipient ${show(text)} ${fault}.`, {
    hint: 'Give each recipient as a bare address of its own, such as "ada@example.org".',
  })
}

/** On one line, bounded, without anything that could steer a terminal or turn the reading direction. */
function show(text: string): string {
  const clipped = text.length > MOST_SHOWN_CHARS ? `${text.slice(0, MOST_SHOWN_CHARS)}…` : text
  return JSON.stringify(clipped.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '?'))
}
