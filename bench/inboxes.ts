/** What the benchmarks of the store have in common: inboxes that were just made. */

import { v7 as uuidv7 } from 'uuid'
import type { NewInbox } from '../src/store.ts'

/** Whose inboxes they are. */
export const AGENT = 'bench'

/** A new inbox, the nth of a benchmark. */
export function makeInbox(index: number): NewInbox {
  return {
    id: uuidv7(),
    address: `bench-${index}@agents.localhost`,
    displayName: null,
    domainId: null,
    dailySendLimit: 500,
    createdAt: Date.now(),
    idempotency: null,
  }
}

/** Any of them. @throws Error of none */
export function pick<Item>(items: readonly Item[]): Item {
  const item = items[Math.floor(Math.random() * items.length)]
  if (item === undefined) throw new Error('nothing to pick from')
  return item
}
