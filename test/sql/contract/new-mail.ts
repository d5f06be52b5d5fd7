/** What a store promises to who tells an agent that mail has come: how much, in which of its inboxes, and nothing of others. */

import { describe, expect, it } from 'vitest'
import { MAX_COUNTED_NEW_MAIL } from '../../../src/limits.ts'
import type { Store } from '../../../src/store.ts'
import { AGENT, deliver, makeInbox, NOW, OTHER_AGENT, queue } from '../support.ts'

export function describeNewMail(open: () => Store): void {
  const count = (inboxId: string, after: number | null, since = NOW) => open().countNewMail(AGENT, [{ inboxId, after }], since)

  describe('counts new mail', () => {
    it('after what is known, that nobody has read and somebody else wrote', async () => {
      const inbox = await makeInbox(open())
      for (let mail = 0; mail < 3; mail += 1) await deliver(open(), inbox)
      await open().takeMessage(AGENT, inbox.id, {}, 1)
      await queue(open(), inbox)
      const { id: inboxId, address } = inbox
      expect(await count(inboxId, 1)).toEqual([{ inboxId, address, count: 1, isMore: false, cursor: 4 }])
      expect(await count(inboxId, 0)).toMatchObject([{ count: 2, cursor: 4 }])
      expect(await count(inboxId, 4)).toMatchObject([{ count: 0, cursor: 4 }])
    })

    it('where nothing is known, since a moment; where something is, whatever the clock says', async () => {
      const inbox = await makeInbox(open())
      await deliver(open(), inbox)
      expect(await count(inbox.id, null, NOW)).toMatchObject([{ count: 1 }])
      expect(await count(inbox.id, null, NOW + 1)).toMatchObject([{ count: 0, cursor: 1 }])
      expect(await count(inbox.id, 0, NOW + 1)).toMatchObject([{ count: 1 }])
    })

    it('no further than anybody wants to know', async () => {
      const inbox = await makeInbox(open())
      for (let mail = 0; mail < MAX_COUNTED_NEW_MAIL; mail += 1) await deliver(open(), inbox)
      expect(await count(inbox.id, 0)).toMatchObject([{ count: MAX_COUNTED_NEW_MAIL, isMore: false }])
      await deliver(open(), inbox)
      expect(await count(inbox.id, 0)).toMatchObject([{ count: MAX_COUNTED_NEW_MAIL, isMore: true }])
    })

    it('in the order asked, leaving out what is not the agent’s or is not there', async () => {
      const inboxes = [await makeInbox(open()), await makeInbox(open())]
      const theirs = await makeInbox(open(), {}, OTHER_AGENT)
      await deliver(open(), theirs, {}, OTHER_AGENT)
      const ids = [theirs, ...inboxes].map(({ id }) => id).reverse()
      const asked = [...ids, 'nobody', ''].map((inboxId) => ({ inboxId, after: 0 }))
      const found = await open().countNewMail(AGENT, asked, NOW)
      expect(found.map(({ inboxId }) => inboxId)).toEqual(ids.slice(0, 2))
      for (const agent of ['', 'BOB', '%']) expect(await open().countNewMail(agent, asked, NOW)).toEqual([])
      expect(await open().countNewMail(AGENT, [{ inboxId: theirs.address, after: 0 }], NOW)).toEqual([])
      expect(await open().countNewMail(AGENT, [], NOW)).toEqual([])
    })
  })
}
