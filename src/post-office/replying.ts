/** To whom a reply goes, what ties it to what it answers, and when a machine must not reply at all. */

import { parseSubAddress } from '../addresses.ts'
import { MailError } from '../errors.ts'
import { MAX_REFERENCES } from '../limits.ts'
import type { Message } from '../model.ts'
import { checkRecipient } from '../out-addresses.ts'

/** What is answered, whatever it says. */
export type Original = Omit<Message, 'bodyText' | 'bodyHtml'>

/**
 * A reply goes to Reply-To where it is set, else to From (RFC 5322 section 3.6.3); a reply to our own message goes to whom that went. To all adds
 * the other recipients, without ourselves. @throws MailError invalid_argument, without a word of the mail
 */
export function addressReply(original: Original, ownAddress: string, toAll: boolean): { to: string[]; cc: string[] } {
  const to = dropRepeats(chooseTo(original).map(checkMailAddress))
  if (!toAll) return { to, cc: [] }
  const others = [...(original.direction === 'inbound' ? original.toAddresses : []), ...original.ccAddresses]
  // What others wrote into To and Cc may be anything; a reply leaves out whom it cannot reach.
  const reachable = others.flatMap((address) => tryMailAddress(address) ?? [])
  const cc = dropRepeats(reachable).filter((address) => !isOwn(address, ownAddress) && !to.some((one) => isSame(one, address)))
  return { to, cc }
}

function chooseTo(original: Original): readonly string[] {
  if (original.direction === 'outbound') return original.toAddresses
  if (original.replyToAddresses.length > 0) return original.replyToAddresses
  return [original.fromAddress]
}

/** `Re:` once, whatever the language of the one before. */
export function replySubject(subject: string): string {
  return /^re(?:\[\d+\])?\s*:/i.test(subject) ? subject : `Re: ${subject}`.trimEnd()
}

/** The whole chain of what is answered, and its own id (RFC 5322 section 3.6.4); the middle of a very long one is left out. */
export function replyReferences(original: Original): string[] {
  const ids = [...original.references, ...(original.messageIdHeader === null ? [] : [original.messageIdHeader])]
  const chain = [...new Set(ids)]
  return chain.length <= MAX_REFERENCES ? chain : [...chain.slice(0, 1), ...chain.slice(1 - MAX_REFERENCES)]
}

/**
 * A reply that no person asked for must not answer a machine, or two machines write to each other for ever (RFC 3834 section 2).
 * @throws MailError recipient_not_allowed
 */
export function checkAutomatic(original: Original): void {
  const why = explainAutomatic(original)
  if (why === null) return
  throw new MailError('recipient_not_allowed', `An automatic reply must not answer this message: it ${why}.`, {
    hint: 'Leave it unanswered, or let a person decide and reply without automatic.',
    facts: { reason: 'automatic_mail' },
  })
}

function explainAutomatic({ direction, envelopeFrom, automatic }: Original): string | null {
  if (direction === 'outbound') return 'is our own'
  if (envelopeFrom === '') return 'has the null sender of a report'
  if (automatic === 'auto-submitted') return 'is marked as automatic itself'
  if (automatic === 'list') return 'came through a mailing list'
  return null
}

function checkMailAddress(address: string): string {
  const checked = tryMailAddress(address)
  if (checked !== null) return checked
  throw new MailError('invalid_argument', 'Whom this message names for replies is no address that can be written to.', {
    hint: 'Use send_message with an address that you know.',
  })
}

function tryMailAddress(address: string): string | null {
  try {
    return checkRecipient(address)
  } catch {
    return null
  }
}

function isOwn(address: string, ownAddress: string): boolean {
  return parseSubAddress(address)?.inboxAddress === ownAddress
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
}

function dropRepeats(addresses: readonly string[]): string[] {
  return addresses.filter((address, index) => addresses.findIndex((other) => isSame(other, address)) === index)
}
