/** What a store promises about the verdict on a sender: kept once found, for its owner alone. */

import { describe, expect, it } from 'vitest'
import { type SenderVerdict, UNKNOWN_SENDER } from '../../../src/sender-check.ts'
import type { Store } from '../../../src/store.ts'
import { AGENT, deliver, makeInbox, newId } from '../support.ts'

const PASSED: SenderVerdict = { spf: 'pass', dkim: 'fail', dmarc: 'pass', alignedDomain: 'example.org', source: 'dns' }

export function describeSenders(open: () => Store): void {
  describe('keeps what was found out about a sender', () => {
    it('with the message, and changes nothing else of it', async () => {
      const inbox = await makeInbox(open())
      const message = await deliver(open(), inbox)
      expect(message.senderVerdict).toBeNull()
      await open().saveSenderVerdict(AGENT, inbox.address, message.id.toUpperCase(), PASSED)
      const shown = await open().getMessage(AGENT, inbox.id, message.id, { markRead: false })
      expect(shown).toEqual({ ...message, senderVerdict: PASSED })
    })

    it('as it was found out last', async () => {
      const inbox = await makeInbox(open())
      const [message, other] = [await deliver(open(), inbox), await deliver(open(), inbox)]
      await open().saveSenderVerdict(AGENT, inbox.id, message.id, UNKNOWN_SENDER)
      await open().saveSenderVerdict(AGENT, inbox.id, message.id, PASSED)
      expect(await open().getMessage(AGENT, inbox.id, message.id, { markRead: false })).toMatchObject({ senderVerdict: PASSED })
      expect(await open().getMessage(AGENT, inbox.id, other.id, { markRead: false })).toMatchObject({ senderVerdict: null })
    })

    it('of no message that is not there', async () => {
      const inbox = await makeInbox(open())
      const saved = open().saveSenderVerdict(AGENT, inbox.id, newId(), PASSED)
      await expect(saved).rejects.toMatchObject({ code: 'message_not_found' })
    })
  })
}
