/** The tools for domains that an agent brings. */

import { z } from 'zod'
import { MAX_DOMAIN_CHARS } from '../limits.ts'
import { PageRequest } from '../model.ts'
import { confirmDeletion, WORDS } from './confirmation.ts'
import {
  renderAddedDomain,
  renderDeletedDomain,
  renderDomains,
  renderKeptDomain,
  renderVerifiedDomain,
} from './render-domains.ts'
import { defineTool } from './tool.ts'

const DomainArgument = z.string().min(1).max(MAX_DOMAIN_CHARS).describe('Domain id or name')

export const addDomain = defineTool({
  name: 'add_domain',
  title: 'Add domain',
  description:
    'Brings an own domain, so that inboxes can have addresses in it. Returns the DNS records to publish, also as a zone file; added again, the same ones. Next: have them published by whoever manages its DNS, then verify_domain.',
  hints: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  changes: true,
  input: z.strictObject({
    domain: z.string().min(1).max(MAX_DOMAIN_CHARS).describe('Its name, such as example.org'),
  }),
  run: async (args, call) => renderAddedDomain(await call.postOffice.addDomain(call.agent, args), call),
})

export const listDomains = defineTool({
  name: 'list_domains',
  title: 'List domains',
  description:
    'Lists your own domains, newest first, and whether each sends and receives. Shows no DNS records: use verify_domain. Returns data and total.',
  hints: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  changes: false,
  input: z.strictObject(PageRequest.shape),
  run: async (page, { postOffice, agent }) => renderDomains(await postOffice.listDomains(agent, page), page.offset),
})

export const verifyDomain = defineTool({
  name: 'verify_domain',
  title: 'Verify domain',
  description:
    'Looks up the DNS records of a domain: says of each whether it is right, and what was found instead. Call after they are published; a change may take an hour to show. Returns both statuses and the records. Next, once receivingStatus is verified: create_inbox with domainId (the id, or a name of up to 64 characters).',
  hints: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  changes: true,
  input: z.strictObject({ domain: DomainArgument }),
  run: async ({ domain }, call) => renderVerifiedDomain(await call.postOffice.verifyDomain(call.agent, domain), call),
})

export const deleteDomain = defineTool({
  name: 'delete_domain',
  title: 'Delete domain',
  description:
    'Deletes a domain and its DKIM key for good; cannot be undone. Refused while inboxes are on it: delete_inbox first. Returns what was deleted.',
  hints: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
  changes: true,
  input: z.strictObject({
    domain: DomainArgument,
    confirm: z
      .string()
      .min(1)
      .max(MAX_DOMAIN_CHARS)
      .optional()
      .describe('The domain name; needed where the client cannot ask the user'),
  }),
  run: async ({ domain: ref, confirm }, call) => {
    const { id, domain } = await call.postOffice.getDomain(call.agent, ref)
    const confirmation = confirmDeletion({ id, name: domain, words: WORDS.domain }, confirm, call)
    if (confirmation.kind === 'open') return confirmation
    if (confirmation.kind === 'kept') return renderKeptDomain({ id, domain }, confirmation.answer)
    return renderDeletedDomain(await call.postOffice.deleteDomain(call.agent, id))
  },
})
