/** Makers of domains. */

import type { NewDomain, StoredDomain } from '../../src/domain-store.ts'
import type { Store } from '../../src/store.ts'
import { makeFindings } from '../support/domain-findings.ts'
import { AGENT, NOW, newId } from './support.ts'

export const DAY_MS = 86_400_000

/** A domain of its own name, unless told otherwise. */
export function newDomain(fields: Partial<NewDomain> = {}): NewDomain {
  const id = newId()
  const keys = { selector: 's', publicKey: 'cHVibGlj', privateKeyPem: `private ${id}` }
  return { id, domain: `d${id.slice(-4)}.example`, ...keys, createdAt: NOW, ...fields }
}

/** Makes a domain and has DNS say that all is well, unless it is to say something else. */
export async function makeDomain(
  store: Store,
  fields: Partial<NewDomain> = {},
  { agent = AGENT, findings = makeFindings(), now = NOW } = {},
): Promise<StoredDomain> {
  const { id } = await store.createDomain(agent, newDomain(fields))
  return (await store.recordDomainCheck(agent, id, { findings, now, nextCheckAt: now + DAY_MS })).domain
}
