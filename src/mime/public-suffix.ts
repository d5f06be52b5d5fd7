/** Which names are suffixes that many share. */

import { getPublicSuffix } from 'tldts'

/** Whether a domain, in lower-case A-labels, is itself a suffix below which others have their domains: `co.uk`, and `github.io` as well. */
export function isPublicSuffix(domain: string): boolean {
  return getPublicSuffix(domain, { allowPrivateDomains: true }) === domain
}
