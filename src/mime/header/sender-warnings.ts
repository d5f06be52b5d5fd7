/** What does not fit together in the header about who wrote a mail. */

import { MAX_HEADER_ADDRESSES } from '../../limits.ts'
import { SenderWarning } from '../../mail-facts.ts'
import { decodeText } from '../charset.ts'
import { brandOf, isSameOwner } from '../links/brands.ts'
import { type Host, hostOfAddress, isInternational } from '../links/hosts.ts'
import { isLookalike } from '../links/lookalike.ts'
import { findShownHosts } from '../links/shown-hosts.ts'
import { parseAddresses } from './addresses.ts'
import type { HeaderFields } from './fields.ts'
import type { HeaderBlock } from './headers.ts'

/** Each at most once. */
export function findSenderWarnings(block: HeaderBlock, fields: HeaderFields): SenderWarning[] {
  const { fromAddress, replyToAddresses } = fields
  const from = hostOfAddress(fromAddress)
  const replyTo = replyToAddresses.map(hostOfAddress).filter((host) => host !== null)
  const isFound: Record<SenderWarning, boolean> = {
    'several-from': hasSeveralFrom(block),
    'no-from': fromAddress === '',
    'reply-to-differs': from !== null && !isOfList(block, fields) && replyTo.some((host) => isElsewhere(host, from, fields)),
    'name-is-address': isNamedAsAnother(fields, from),
    'lookalike-domain': (from !== null && isLookalike(from, null)) || replyTo.some((host) => isLookalike(host, from)),
    'punycode-domain': from !== null && isInternational(from),
  }
  return SenderWarning.options.filter((warning) => isFound[warning])
}

/** Two fields, or two addresses in one: RFC 5322 allows the second, and one reader shows the first, the next the last. */
function hasSeveralFrom(block: HeaderBlock): boolean {
  const [first, ...more] = block.fields.get('from') ?? []
  if (first === undefined) return false
  const { addresses } = parseAddresses(decodeText(first, null).text, MAX_HEADER_ADDRESSES)
  return more.length > 0 || new Set(addresses.map(({ address }) => address)).size > 1
}

/** Where services that send for others collect the answers for them. */
const ANSWER_DESKS: ReadonlySet<string> = new Set(
  (
    'mailchimpapp.net mcsv.net intercom-mail.com intercom.io hs-inbox.com hubspotemail.net zendesk.com freshdesk.com helpscout.net salesforce.com ' +
    'exacttarget.com createsend.com klaviyomail.com sendgrid.net mailgun.org sparkpostmail.com mandrillapp.com substack.com constantcontact.com ' +
    'activehosted.com customeriomail.com brevosend.com sendinblue.com mailjet.com mktomail.com beehiiv.com ghost.io groups.io'
  ).split(' '),
)

/** Of a newsletter's answers it is no news that its provider takes them; of what says that it is a person's, it is. */
function isElsewhere(replyTo: Host, from: Host, { automatic }: HeaderFields): boolean {
  return !isSameOwner(replyTo, from) && !(automatic === 'list' && ANSWER_DESKS.has(replyTo.organisation))
}

/** A list that asks for answers to itself: it says that it is one (RFC 2919), and was written to. */
function isOfList(block: HeaderBlock, { replyToAddresses, toAddresses, ccAddresses }: HeaderFields): boolean {
  const writtenTo = new Set([...toAddresses, ...ccAddresses])
  return block.fields.has('list-id') && replyToAddresses.every((address) => writtenTo.has(address))
}

/** Whose addresses are anybody's: two of one domain are two people. */
const MAIL_FOR_ALL: ReadonlySet<string> = new Set(
  (
    'gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com ymail.com icloud.com me.com mac.com aol.com gmx.de gmx.net gmx.com ' +
    'gmx.at web.de t-online.de freenet.de mail.ru bk.ru yandex.ru yandex.com proton.me protonmail.com pm.me qq.com 163.com 126.com naver.com ' +
    'zoho.com fastmail.com mail.com orange.fr free.fr laposte.net libero.it wp.pl o2.pl seznam.cz'
  ).split(' '),
)

/** The name shows an address that is not the one behind it; or the bare domain of a well-known name that did not write. */
function isNamedAsAnother({ fromName, fromAddress }: HeaderFields, from: Host | null): boolean {
  return findShownHosts(fromName ?? '').some(({ host, address }) => {
    if (address === null) return brandOf(host) !== null && (from === null || !isSameOwner(host, from))
    if (address === fromAddress.toLowerCase()) return false
    return from === null || !isSameOwner(host, from) || MAIL_FOR_ALL.has(from.organisation)
  })
}
