/** The contract of the store as a suite: an engine is done when it is green. */

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Store } from '../../src/store.ts'
import { describeDeleting } from './contract/deleting.ts'
import { describeDomains } from './contract/domains.ts'
import { describeHandover } from './contract/handover.ts'
import { describeInboxes } from './contract/inboxes.ts'
import { describeIncoming } from './contract/incoming.ts'
import { describeIsolation } from './contract/isolation.ts'
import { describeMessages } from './contract/messages.ts'
import { describeNewMail } from './contract/new-mail.ts'
import { describeOperating } from './contract/operating.ts'
import { describeOutbox } from './contract/outbox.ts'
import { describeOwner } from './contract/owner.ts'
import { describeQueueing } from './contract/queueing.ts'
import { describeRefusing } from './contract/refusing.ts'
import { describeReturns } from './contract/returns.ts'
import { describeSearch } from './contract/search.ts'
import { describeSenders } from './contract/senders.ts'
import { describeSessionLog } from './contract/session-log.ts'
import { describeThreads } from './contract/threads.ts'
import { describeWaits } from './contract/waits.ts'
import { AGENT, deliver, file, makeInbox, NOW, OTHER_AGENT, outgoing, queue } from './support.ts'

/** An empty place for a store: opened as often as asked for, always the same store, until it is removed. */
export type Place = { open(): Promise<Store>; remove(): Promise<void> }

/** Runs every promise of the interface against the stores of a place. */
export function describeStore(name: string, makePlace: () => Promise<Place>): void {
  let place: Place
  let store: Store

  // One store for all tests, emptied after each: opening one costs more than most tests do.
  describe(name, () => {
    const open = () => store

    beforeAll(async () => {
      place = await makePlace()
      store = await place.open()
    })

    afterEach(() => emptyStore(store))

    afterAll(async () => {
      await store.close()
      await place.remove()
    })

    describeInboxes(open)
    describeDomains(open)
    describeIncoming(open, () => place.open())
    describeMessages(open)
    describeSearch(open)
    describeSenders(open)
    describeWaits(open)
    describeNewMail(open)
    describeDeleting(open)
    describeQueueing(open)
    describeRefusing(open)
    describeOutbox(open)
    describeHandover(open)
    describeReturns(open)
    describeOwner(open)
    describeOperating(open)
    describeThreads(open)
    describeSessionLog(open)
    describeIsolation(open)

    it('is one for all who have it open', async () => {
      const other = await place.open()
      const inbox = await makeInbox(store)
      expect((await other.getInbox(AGENT, inbox.id, NOW)).inbox).toEqual(inbox)
      const messages = await Promise.all(Array.from({ length: 20 }, () => deliver(other, inbox)))
      const takes = messages.flatMap(() => [store, other].map((each) => each.takeMessage(AGENT, inbox.id, {}, 0)))
      const taken = (await Promise.all(takes)).flatMap(({ message }) => message?.seq ?? [])
      expect(taken.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1))
      await other.close()
    })

    it('counts every send of every store that has it open, and hands no delivery to two', async () => {
      // Thousands of sends, from processes: test/faults/quota.test.ts.
      const LIMIT = 120
      const stores = [store, await place.open(), await place.open(), await place.open()]
      const inbox = await makeInbox(store, { dailySendLimit: LIMIT })
      const sends = Array.from({ length: 2 * LIMIT }, (_, index) => {
        return (stores[index % 4] ?? store).queueMessage(AGENT, inbox.id, outgoing())
      })
      const answers = await Promise.allSettled(sends)
      const refused = answers.flatMap((answer) => (answer.status === 'rejected' ? answer.reason.httpStatus : []))
      expect(refused).toEqual(Array.from({ length: LIMIT }, () => 429))
      const shown = (await store.getInbox(AGENT, inbox.id, NOW)).inbox
      expect(shown).toMatchObject({ sendsToday: LIMIT, totalSent: LIMIT })
      const claims = Array.from({ length: LIMIT / 4 }, (_, index) => {
        return (stores[index % 4] ?? store).claimDeliveries(`owner ${index}`, NOW, NOW + 60_000, 5)
      })
      const claimed = (await Promise.all(claims)).flat().map(({ id }) => id)
      const queued = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value.deliveries : []))
      expect(claimed.toSorted()).toEqual(queued.map(({ id }) => id).toSorted())
      await Promise.all(stores.slice(1).map((each) => each.close()))
    })

    it('keeps everything when it is closed, under the same id', async () => {
      const inbox = await makeInbox(store)
      const message = await deliver(store, inbox)
      const sent = await queue(store, inbox)
      const secret = await store.getSecret()
      const { storeId } = store
      await store.close()
      store = await place.open()
      expect(store.storeId).toBe(storeId)
      expect(storeId).toMatch(/^[0-9a-f-]{36}$/)
      expect(await store.getMessage(AGENT, inbox.id, message.id, { markRead: false })).toEqual(message)
      expect(await store.getSentMessage(AGENT, inbox.id, sent.message.id)).toEqual(sent)
      expect(await store.getSecret()).toEqual(secret)
    })

    it('finishes what was begun when it is closed, and nothing later', async () => {
      const own = await place.open()
      const made = makeInbox(own)
      const closed = own.close()
      const late = makeInbox(own)
      await expect(late).rejects.toMatchObject({ code: 'store_unavailable' })
      await closed
      await own.close()
      expect((await store.getInbox(AGENT, (await made).id, NOW)).inbox).toEqual(await made)
    })
  })
}

/** Removes everything that the tests' agents have, and what waits for nobody. */
async function emptyStore(store: Store): Promise<void> {
  for (const agent of [AGENT, OTHER_AGENT]) {
    const { data } = await store.listInboxes(agent, { limit: 100, offset: 0 }, NOW)
    await Promise.all(data.map(({ id }) => store.deleteInbox(agent, id)))
  }
  for (const agent of [AGENT, OTHER_AGENT]) {
    const { data } = await store.listDomains(agent, { limit: 100, offset: 0 })
    await Promise.all(data.map(({ id }) => store.deleteDomain(agent, id)))
  }
  while (await store.sweepDeleted());
  const left = await store.claimSpool('nobody', Number.MAX_SAFE_INTEGER, 0, 1_000)
  await Promise.all(left.map(({ id }) => file(store, id)))
}
