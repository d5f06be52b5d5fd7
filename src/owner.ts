/** Carries out what the owner asks on the command line, and says in plain words what came of it. */

import { parseSubAddress } from './addresses.ts'
import { readDomainRef } from './domain-names.ts'
import { MAX_PAGE_ROWS } from './limits.ts'
import type { StoreRequest } from './owner-request.ts'
import type { Store } from './store.ts'

/** What to print, and whether it was what the owner wanted. */
export type OwnerAnswer = { text: string; done: boolean }

/** Does it. @throws MailError store_unavailable */
export async function serveOwner(request: StoreRequest, store: Store, now: number): Promise<OwnerAnswer> {
  switch (request.kind) {
    case 'list-suppressions':
      return listSuppressions(store, request.address)
    case 'remove-suppression': {
      const removed = await store.removeSuppression(canonical(request.address), request.recipient.toLowerCase())
      const who = `${request.address} may write to ${request.recipient}`
      return removed ? done(`${who} again.`) : failed(`There was no suppression: ${who} already, or there is no such inbox.`)
    }
    case 'list-suspended': {
      const rows = (await store.listSuspended()).map(({ address, since, reason }) => `${address}  since ${since}  ${reason}`)
      return done(rows.length === 0 ? 'No inbox is suspended.' : rows.join('\n'))
    }
    case 'resume-inbox': {
      const resumed = await store.resumeInbox(canonical(request.address), now)
      return resumed
        ? done(`${request.address} sends and receives again. What it did before no longer counts against it.`)
        : failed(`There is no suspended inbox ${request.address}.`)
    }
    case 'list-unknown':
      return listUnknown(store)
    case 'retry-delivery': {
      const queued = await store.retryDelivery(request.deliveryId, now)
      return queued
        ? done('Queued again, with the same Message-ID. A running server sends it within seconds.')
        : failed('There is no delivery of that id whose fate is unknown; inbox-mcp outbox unknown lists them.')
    }
    case 'list-domains': {
      const rows = (await store.listDomainHolders()).map(({ domain, agent, since }) => `${domain}  ${agent}  since ${since}`)
      return done(rows.length === 0 ? 'No agent has a domain.' : rows.join('\n'))
    }
    case 'release-domain': {
      const domain = readDomainRef(request.domain)
      const agent = await store.releaseDomain(domain)
      return agent === null
        ? failed(`No agent has ${request.domain}; inbox-mcp domains list shows those that are had.`)
        : done(
            `${domain} is no longer the domain of ${agent}: its inboxes there keep their mail, and neither receive nor send. The first agent whose _inbox-mcp record is found in its DNS has it next; remove that of ${agent}, or it may have it again.`,
          )
    }
  }
}

async function listSuppressions(store: Store, address: string | null): Promise<OwnerAnswer> {
  const found = await store.listSuppressions(address === null ? null : canonical(address))
  if (found.length === 0) return done('Nothing is suppressed.')
  const rows = found.map(({ address: from, recipient, reason, statusCode, createdAt }) => {
    return `${from} -> ${recipient}  ${reason}${statusCode === null ? '' : ` ${statusCode}`}  ${createdAt}`
  })
  return done(rows.join('\n'))
}

async function listUnknown(store: Store): Promise<OwnerAnswer> {
  const found = await store.listUnknownDeliveries(MAX_PAGE_ROWS)
  if (found.length === 0) return done('No delivery is in doubt.')
  return done(found.map(({ id, address, recipient, since }) => `${id}  ${address} -> ${recipient}  since ${since}`).join('\n'))
}

/** As the store spells addresses; what is none of ours is looked for as it was typed, and not found. */
function canonical(address: string): string {
  return parseSubAddress(address)?.inboxAddress ?? address
}

function done(text: string): OwnerAnswer {
  return { text, done: true }
}

function failed(text: string): OwnerAnswer {
  return { text, done: false }
}
