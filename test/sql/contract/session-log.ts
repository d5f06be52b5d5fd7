/** What a store promises about deliveries that were turned away: who may hear of them, what is counted, and that no flood pushes others out. */

import { describe, expect, it } from 'vitest'
import {
  MAX_ARRIVALS_SCANNED,
  MAX_SESSION_LOG_ROWS,
  MAX_SESSION_ROWS_PER_ADDRESS,
  MAX_SESSION_ROWS_PER_INBOX,
  SESSION_LOG_KEPT_MS,
  SESSION_REPEAT_MS,
} from '../../../src/limits.ts'
import { clientOf, type FoundSessions, type SessionEntry } from '../../../src/session-log.ts'
import type { Store } from '../../../src/store.ts'
import { AGENT, deliver, makeInbox, NOW, newId, OTHER_AGENT, queue } from '../support.ts'

const EVERYTHING = { since: 0, limit: 10_000, lookalikes: 10_000 }
/** Refusals the recorder writes at once, more or less. */
const FLOOD_CHUNK = 500
/** After every inbox of these tests was made. */
const LATER = NOW + 1_000

let lastNobody = 0

/** An address that nobody has and no other test looks at. */
function nobody(): string {
  lastNobody += 1
  return `${'nobody'.repeat(3)}-${lastNobody.toString(36).repeat(4)}@example.net`
}

function entry(inboxAddress: string, fields: Partial<SessionEntry> = {}): SessionEntry {
  const remoteAddress = fields.remoteAddress ?? '192.0.2.7'
  const at = fields.lastAt ?? LATER
  return {
    id: newId(),
    address: inboxAddress,
    inboxAddress,
    reason: 'unknown',
    remoteAddress,
    client: clientOf(remoteAddress),
    helo: 'mail.example.org',
    mailFrom: 'shop@example.org',
    sizeBytes: null,
    count: 1,
    firstAt: at,
    lastAt: at,
    ...fields,
  }
}

export function describeSessionLog(open: () => Store): void {
  const record = (...entries: SessionEntry[]) => open().recordSessions(entries, LATER)
  const find = (agent: string, address: string): Promise<FoundSessions> => open().listSessions(agent, { address, ...EVERYTHING })
  const reasons = async (agent: string, address: string) => (await find(agent, address)).sessions.map(({ reason }) => reason)

  describe('keeps what was turned away', () => {
    it('with all that was known of it, newest first', async () => {
      const { address } = await makeInbox(open())
      const tagged = address.replace('@', '+tag@')
      await record(
        entry(address, { reason: 'too_large', sizeBytes: 30_000_000, lastAt: LATER + 1 }),
        entry(address, { address: tagged, reason: 'lost_mid_data', sizeBytes: 5, lastAt: LATER + 2, helo: '', mailFrom: '' }),
      )
      expect(await find(AGENT, address)).toEqual({
        sessions: [
          {
            address: tagged,
            reason: 'lost_mid_data',
            remoteAddress: '192.0.2.7',
            helo: '',
            mailFrom: '',
            sizeBytes: 5,
            count: 1,
            firstAt: new Date(LATER + 2).toISOString(),
            at: new Date(LATER + 2).toISOString(),
          },
          expect.objectContaining({ address, reason: 'too_large', sizeBytes: 30_000_000, at: new Date(LATER + 1).toISOString() }),
        ],
        lookalikes: [],
      })
    })

    it('the same again within a short time is counted, with what was said last', async () => {
      const address = nobody()
      const second = LATER + SESSION_REPEAT_MS
      await record(entry(address, { count: 2 }))
      await record(entry(address, { lastAt: second, helo: 'other', mailFrom: '' }))
      await record(entry(address, { lastAt: second + SESSION_REPEAT_MS + 1 }))
      expect((await find(AGENT, address)).sessions).toMatchObject([
        { count: 1, helo: 'mail.example.org' },
        { count: 3, helo: 'other', mailFrom: '', firstAt: new Date(LATER).toISOString(), at: new Date(second).toISOString() },
      ])
    })

    it('of another client, for another reason or at another address is not the same', async () => {
      const { address } = await makeInbox(open())
      await record(entry(address, { reason: 'too_large' }), entry(address, { reason: 'mail_loop' }))
      await record(entry(address, { reason: 'too_large', remoteAddress: '192.0.2.8' }))
      const found = await find(AGENT, address)
      expect(found.sessions.map(({ count }) => count)).toEqual([1, 1, 1])
    })

    it('from then on that is asked for, and no more than that', async () => {
      const address = nobody()
      for (const lastAt of [1, 2, 3].map((hour) => LATER + hour * 3_600_000)) await record(entry(address, { lastAt }))
      const query = { address, since: LATER + 7_200_000, limit: 10, lookalikes: 0 }
      expect((await open().listSessions(AGENT, query)).sessions).toHaveLength(2)
      expect((await open().listSessions(AGENT, { ...query, limit: 1 })).sessions).toHaveLength(1)
    })

    it('for a week', async () => {
      const address = nobody()
      await record(entry(address, { lastAt: LATER }))
      await open().recordSessions([], LATER + SESSION_LOG_KEPT_MS)
      expect((await find(AGENT, address)).sessions).toHaveLength(1)
      await open().recordSessions([], LATER + SESSION_LOG_KEPT_MS + 1)
      expect((await find(AGENT, address)).sessions).toEqual([])
    })
  })

  describe('tells of what was turned away', () => {
    it('the owner of the inbox alone', async () => {
      const { address } = await makeInbox(open())
      await record(entry(address, { reason: 'too_large' }), entry(address, { reason: 'store_error' }))
      expect(await reasons(AGENT, address)).toHaveLength(2)
      expect(await find(OTHER_AGENT, address)).toEqual({ sessions: [], lookalikes: [] })
    })

    it('everybody, when the address was nobody’s, and the same whoever has it since', async () => {
      const address = nobody()
      await record(entry(address))
      const before = await find(OTHER_AGENT, address)
      expect(before.sessions).toMatchObject([{ address, reason: 'unknown' }])
      await makeInbox(open(), { address, createdAt: LATER + 1 })
      await record(entry(address, { reason: 'too_large', lastAt: LATER + 2 }))
      expect(await find(OTHER_AGENT, address)).toEqual(before)
      expect(await reasons(AGENT, address)).toEqual(['too_large', 'unknown'])
    })

    it('nobody, when the inbox that it was for is gone, though another agent takes the address', async () => {
      const inbox = await makeInbox(open())
      await record(entry(inbox.address, { reason: 'too_large' }))
      await open().deleteInbox(AGENT, inbox.id)
      // Written late: the session was before the new owner's time.
      await makeInbox(open(), { address: inbox.address, createdAt: LATER + 2 }, OTHER_AGENT)
      await record(entry(inbox.address, { reason: 'too_large', lastAt: LATER + 1 }))
      for (const agent of [AGENT, OTHER_AGENT]) expect(await reasons(agent, inbox.address)).toEqual([])
    })

    it('nobody, when it is about a recipient that was not looked up and is no inbox', async () => {
      const address = nobody()
      await record(entry(address, { reason: 'too_many_recipients' }), entry(address, { reason: 'store_error' }))
      expect(await reasons(AGENT, address)).toEqual([])
    })

    it('its owner, when the inbox went or was suspended in the middle of the session', async () => {
      const { address } = await makeInbox(open())
      await record(entry(address))
      expect(await reasons(AGENT, address)).toEqual(['unknown'])
      expect(await reasons(OTHER_AGENT, address)).toEqual([])
    })
  })

  describe('finds addresses that look alike', () => {
    const at = (local: string, domain = 'agents.localhost') => `${local}@${domain}`

    it('among those that are nobody’s, newest first, each once with all its tries', async () => {
      const own = await makeInbox(open(), { address: at('brave-fox-42') })
      const theirs = await makeInbox(open(), { address: at('brave-fox-43') }, OTHER_AGENT)
      await record(
        entry(at('brave-fox-4'), { count: 2 }),
        entry(at('brave-fox-4'), { remoteAddress: '192.0.2.8', lastAt: LATER + 2 }),
        entry(at('bravefox42'), { lastAt: LATER + 3 }),
        entry(at('brave-fox-42', 'agents.local'), { lastAt: LATER + 1 }),
        entry(at('calm-owl-17'), { lastAt: LATER + 9 }),
        entry(theirs.address, { reason: 'too_large', lastAt: LATER + 9 }),
      )
      for (const agent of [AGENT, OTHER_AGENT]) {
        const { lookalikes } = await find(agent, own.address)
        expect(lookalikes).toMatchObject([
          { address: at('bravefox42'), count: 1 },
          { address: at('brave-fox-4'), count: 3, remoteAddress: '192.0.2.8' },
          { address: at('brave-fox-42', 'agents.local') },
        ])
      }
    })

    it('and tells of the newest, as many as are asked for', async () => {
      await record(...['q', 'w', 'e', 'r'].map((letter, index) => entry(at(`curious-${letter}`), { lastAt: LATER + index })))
      const query = { address: at('curious-x'), since: 0, limit: 1, lookalikes: 2 }
      const { lookalikes } = await open().listSessions(AGENT, query)
      expect(lookalikes.map(({ address }) => address)).toEqual([at('curious-r'), at('curious-e')])
    })
  })

  describe('is bounded, and leaves what others said alone, in a flood', () => {
    /** Many refusals a call, as the recorder writes them. */
    const flood = async (count: number, make: (index: number) => SessionEntry) => {
      for (let from = 0; from < count; from += FLOOD_CHUNK) {
        await record(...Array.from({ length: Math.min(FLOOD_CHUNK, count - from) }, (_, index) => make(from + index)))
      }
    }
    const host = (index: number) => `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`

    it('of one client that tries every address', async () => {
      const [inbox, address] = [await makeInbox(open()), nobody()]
      await record(entry(address), entry(inbox.address, { reason: 'too_large' }))
      await flood(MAX_SESSION_LOG_ROWS + 50, () => entry(nobody(), { remoteAddress: '203.0.113.9', lastAt: LATER + 60_000 }))
      expect(await reasons(AGENT, address)).toEqual(['unknown'])
      expect(await reasons(AGENT, inbox.address)).toEqual(['too_large'])
    })

    it('of one client that tries every address, and mistyped one of an inbox before', async () => {
      const { address } = await makeInbox(open(), { address: 'quiet-harbour-71@agents.localhost' })
      const typo = address.replace('harbour', 'harbor')
      const client = { remoteAddress: '127.0.0.1' }
      await record(entry(typo, client))
      await flood(2_400, (index) => entry(nobody(), { ...client, lastAt: LATER + index }))
      expect((await find(AGENT, address)).lookalikes.map((row) => row.address)).toEqual([typo])
    })

    it('of one customer’s many addresses of IPv6', async () => {
      const address = nobody()
      await record(entry(address))
      await flood(MAX_SESSION_LOG_ROWS + 50, (index) =>
        entry(nobody(), { remoteAddress: `2001:db8:0:1::${index.toString(16)}`, lastAt: LATER + 60_000 }),
      )
      expect(await reasons(AGENT, address)).toEqual(['unknown'])
    })

    it('of many clients to one address', async () => {
      const [address, victim] = [nobody(), nobody()]
      await record(entry(address))
      await flood(MAX_SESSION_LOG_ROWS + 50, (index) => entry(victim, { remoteAddress: host(index), lastAt: LATER + index }))
      expect(await reasons(AGENT, address)).toEqual(['unknown'])
      const { sessions } = await find(AGENT, victim)
      expect(sessions).toHaveLength(MAX_SESSION_ROWS_PER_ADDRESS)
      expect(sessions[0]?.remoteAddress).toBe(host(MAX_SESSION_LOG_ROWS + 49))
    })

    it('of many clients to one inbox, or to many of one agent', async () => {
      const inbox = await makeInbox(open())
      await record(entry(inbox.address, { reason: 'mail_loop' }))
      const others = await Promise.all(Array.from({ length: 25 }, () => makeInbox(open(), {}, OTHER_AGENT)))
      await flood(25 * 55, (index) => {
        const { address = '' } = others[index % 25] ?? {}
        return entry(address, { reason: 'too_large', remoteAddress: host(index), lastAt: LATER + index })
      })
      expect(await reasons(AGENT, inbox.address)).toEqual(['mail_loop'])
      const kept = await Promise.all(others.map(async ({ address }) => (await reasons(OTHER_AGENT, address)).length))
      expect(Math.max(...kept)).toBeLessThanOrEqual(MAX_SESSION_ROWS_PER_INBOX)
      expect(kept.reduce((sum, rows) => sum + rows, 0)).toBeLessThanOrEqual(MAX_SESSION_LOG_ROWS)
    })

    it('of the same again and again, which is one row', async () => {
      const address = nobody()
      for (let round = 0; round < 5; round += 1) await record(entry(address, { count: 1_000, lastAt: LATER + round }))
      expect((await find(AGENT, address)).sessions).toMatchObject([{ count: 5_000 }])
    })
  })

  it('knows the newest addresses of every agent, which a mistyped one may have been meant for', async () => {
    const made = [await makeInbox(open()), await makeInbox(open(), {}, OTHER_AGENT), await makeInbox(open())]
    const newest = made.map(({ address }) => address).reverse()
    expect(await open().listNewestAddresses(9)).toEqual(newest)
    expect(await open().listNewestAddresses(2)).toEqual(newest.slice(0, 2))
  })

  describe('lists what arrived', () => {
    it('newest first, and nothing that was sent', async () => {
      const inbox = await makeInbox(open())
      const [first, second] = [await deliver(open(), inbox), await deliver(open(), inbox)]
      await queue(open(), inbox)
      await open().getMessage(AGENT, inbox.id, first.id, { markRead: true })
      expect(await open().listArrivals(AGENT, inbox.address, 9)).toEqual(
        [second, { ...first, read: true }].map(({ id, seq, read, size, createdAt, remoteAddress }) => {
          return { id, seq, read, size, createdAt, remoteAddress }
        }),
      )
      expect(await open().listArrivals(AGENT, inbox.address, 1)).toMatchObject([{ id: second.id }])
      await expect(open().listArrivals(OTHER_AGENT, inbox.id, 9)).rejects.toMatchObject({ code: 'inbox_not_found' })
    })

    it('among the newest messages, however many were sent since', async () => {
      const inbox = await makeInbox(open())
      await deliver(open(), inbox)
      await Promise.all(Array.from({ length: MAX_ARRIVALS_SCANNED - 1 }, () => queue(open(), inbox)))
      expect(await open().listArrivals(AGENT, inbox.id, 9)).toHaveLength(1)
      await queue(open(), inbox)
      expect(await open().listArrivals(AGENT, inbox.id, 9)).toEqual([])
    })
  })
}
