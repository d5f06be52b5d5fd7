/** Which domains an agent may bring. */

import { canonicalDomain } from './addresses.ts'
import { MailError } from './errors.ts'
import { MAX_DOMAIN_BYTES } from './limits.ts'

/**
 * A caller's wish for a domain, in lower-case A-labels. `ownDomain` is that of the server's own addresses. @throws MailError invalid_argument
 */
export async function checkDomainName(
  wish: string,
  ownDomain: string,
  isPublicSuffix: (domain: string) => Promise<boolean>,
): Promise<string> {
  const domain = readName(wish)
  if (domain === null) throw refuse('domain is no domain name: give just the name, such as example.org.')
  if (domain.length > MAX_DOMAIN_BYTES) throw refuse(`domain is longer than ${MAX_DOMAIN_BYTES} bytes.`)
  if (!domain.includes('.')) throw refuse('domain is a single word; a domain that can have mail has a dot in it.')
  if (await isPublicSuffix(domain)) throw refuse(`${domain} is a suffix under which others have their domains.`)
  // Whoever holds a name above or below speaks for this one in DMARC's relaxed alignment (RFC 7489 section 3.1), so for every inbox here.
  if (isWithin(domain, ownDomain))
    throw refuse(`${domain} belongs to this server; create_inbox makes addresses there without domainId.`)
  if (isWithin(ownDomain, domain))
    throw refuse(`${domain} is above ${ownDomain}, the domain of this server and of everybody's inboxes.`)
  return domain
}

/** A domain as a caller names it, by id or by name in whatever letters, as the store knows it. */
export function readDomainRef(ref: string): string {
  return readName(ref) ?? ref
}

/** With the dot of the root or without, as zone files and registrars write it (RFC 1034 section 3.1). */
function readName(text: string): string | null {
  return canonicalDomain(text.trim().replace(/\.$/, ''))
}

/** There is none of this id or name that the agent has. */
export function domainNotFound(): MailError {
  return new MailError('domain_not_found', 'There is no such domain.', {
    hint: 'Call list_domains for the domains you have, or add_domain for a new one. create_inbox without domainId uses the domain of this server.',
  })
}

/** What to do about a domain that another agent has. */
export function explainGivingUp(domain: string): string {
  return `Whoever manages its DNS gives it to you by publishing your _inbox-mcp record alone, without theirs; the owner of this server by inbox-mcp domains release ${domain}.`
}

function isWithin(domain: string, above: string): boolean {
  return domain === above || domain.endsWith(`.${above}`)
}

function refuse(why: string): MailError {
  return new MailError('invalid_argument', why, { hint: 'Give a domain whose DNS you, or the person you work for, can change.' })
}

/** Names that only work inside one network or machine (RFC 2606, RFC 6761, RFC 6762). */
const PRIVATE_ENDS: ReadonlySet<string> = new Set(['localhost', 'local', 'test', 'invalid', 'internal', 'lan', 'home'])

/** Whether mail servers elsewhere can find a host by its name. */
export function isPublicHost(host: string): boolean {
  const labels = host.split('.')
  return labels.length > 1 && !PRIVATE_ENDS.has(labels.at(-1) ?? '')
}
