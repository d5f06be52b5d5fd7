import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import {
  BYTES_PER_TOKEN,
  DEFAULT_READ_TOKENS,
  MAX_WAIT_SECONDS,
  MAX_WAITS,
  REFUSALS_SHOWN_MS,
  SCAN_STEP_ROWS,
  WAIT_LAST_LOOK_MS,
  WAIT_POLL_INTERVAL_MS,
} from '../../src/limits.ts'
import type { WaitInput } from '../../src/post-office.ts'
import { INDEX_DELAY_MS } from '../../src/search/limits.ts'
import { AGENT, draft, writeMail } from '../support/app.ts'
import { refusal } from '../support/refusals.ts'
import { openOffice, suspend, type TestOffice, until } from './office.ts'

const SECOND_MS = 1_000

/** Nothing is sent in it, so that only waits set timers. */
let t: TestOffice
beforeAll(async () => {
  t = await openOffice()
})
afterAll(() => t.close())

/** Resolves once so many waits have read the store and sleep. */
const asleep = (waits = 1) => until(() => t.world.timers === waits)

/** Begins a wait and lets the clock go on second by second until it has ended; answers what it reported. */
async function waitOut(inbox: string, input: Partial<WaitInput>, seconds: number) {
  const reports: number[] = []
  const hooks = { signal: new AbortController().signal, onProgress: (elapsed: number) => reports.push(elapsed) }
  const waiting = t.post.waitForMessage(AGENT, inbox, { filter: {}, after: 0, timeoutSeconds: seconds, ...input }, hooks)
  for (let second = 0; second < seconds; second += 1) {
    await asleep()
    t.world.advance(SECOND_MS)
  }
  return { result: await waiting, reports }
}

describe('a wait', () => {
  it('reports once a second how many have passed', async () => {
    const { id } = await t.createInbox()
    const { result, reports } = await waitOut(id, {}, 4)
    expect(reports).toEqual([1, 2, 3, 4])
    expect(result).toMatchObject({ status: 'timeout', waitedSeconds: 4, cursor: 0 })
  })

  it('ends on time where that is no whole second', async () => {
    const { id } = await t.createInbox()
    const waiting = t.wait(id, { timeoutSeconds: 1.5 })
    await asleep()
    t.world.advance(SECOND_MS)
    await asleep()
    t.world.advance(SECOND_MS / 2)
    expect(await waiting).toMatchObject({ status: 'timeout', waitedSeconds: 1 })
  })

  it('lasts as long as it was asked to when the clock is set back, or ahead', async () => {
    for (const stepMs of [-3_600_000, 3_600_000]) {
      const { id } = await t.createInbox()
      const waiting = t.wait(id, { timeoutSeconds: 3 })
      await asleep()
      t.world.advance(SECOND_MS)
      await asleep()
      t.world.setClock(t.world.now() + stepMs)
      for (const _ of [2, 3]) {
        await asleep()
        t.world.advance(SECOND_MS)
      }
      expect(await waiting).toMatchObject({ status: 'timeout', waitedSeconds: 3 })
    }
  })

  it('finds by its poll what another process filed', async () => {
    const { id, address } = await t.createInbox()
    const other = await openOffice({ dataDir: t.dataDir, world: t.world })
    const waiting = t.wait(id)
    await asleep()
    await other.arrive(address, writeMail({ subject: 'from elsewhere' }))
    await other.close()
    t.world.advance(WAIT_POLL_INTERVAL_MS)
    expect(await waiting).toMatchObject({ status: 'received', reading: { message: { subject: 'from elsewhere' } } })
  })

  it('leaves no timer behind, however it ends', async () => {
    const { id, address } = await t.createInbox()
    const caller = new AbortController()
    const aborted = t.wait(id, {}, caller.signal)
    await asleep()
    caller.abort(new Error('gone'))
    await expect(aborted).rejects.toThrow('gone')
    const received = t.wait(id)
    await asleep()
    await t.arrive(address, writeMail())
    await received
    // The one that is left is of the mail: it is to be indexed.
    t.world.advance(INDEX_DELAY_MS)
    expect(t.world.timers).toBe(0)
  })

  it('whose caller has gone already takes nothing', async () => {
    const { id, address } = await t.createInbox()
    await t.arrive(address, writeMail())
    let changes = 0
    const stop = t.post.watchInbox(id, () => {
      changes += 1
    })
    await expect(t.wait(id, {}, AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone')
    stop()
    // Not even taken and handed back.
    expect(changes).toBe(0)
    expect(await t.wait(id, { timeoutSeconds: 0 })).toMatchObject({ status: 'received' })
  })

  it('shows no more of a long message than a reading does', async () => {
    const { id, address } = await t.createInbox()
    const budget = DEFAULT_READ_TOKENS * BYTES_PER_TOKEN
    await t.arrive(address, writeMail({ body: 'x'.repeat(2 * budget) }))
    expect(await t.wait(id)).toMatchObject({
      reading: { returnedTokens: DEFAULT_READ_TOKENS, totalTokens: 2 * DEFAULT_READ_TOKENS, nextOffset: budget },
    })
  })

  it.each<[string, Partial<WaitInput>]>([
    ['a negative time', { timeoutSeconds: -1 }],
    ['too long a time', { timeoutSeconds: MAX_WAIT_SECONDS + 1 }],
    ['a time that is no number', { timeoutSeconds: Number.NaN }],
    ['a negative cursor', { after: -1 }],
    ['half a cursor', { after: 0.5 }],
  ])('refuses %s', async (_name, input) => {
    const { id } = await t.createInbox()
    await expect(t.wait(id, input)).rejects.toMatchObject({ code: 'invalid_argument' })
  })
})

describe('through an inbox that is looked at in many steps, a wait', () => {
  /** One where the first `incomplete` looks see one message each, though there is nothing; `onLook` runs after each. */
  const openSteps = async (incomplete: number, onLook: (office: TestOffice) => void = () => {}) => {
    const looks: number[] = []
    const office: TestOffice = await openOffice({
      changeStore: (real) => ({
        takeMessage: async (agent, ref, filter, after) => {
          looks.push(after)
          onLook(office)
          if (looks.length <= incomplete) return { message: null, cursor: after + 1, isComplete: false }
          return await real.takeMessage(agent, ref, filter, after)
        },
      }),
    })
    onTestFinished(() => office.close())
    return { office, looks, inbox: await office.createInbox() }
  }

  it('goes on from where a step ended, without sleeping', async () => {
    const { office, looks, inbox } = await openSteps(3)
    expect(await office.wait(inbox.id, { after: 5, timeoutSeconds: 0 })).toMatchObject({ status: 'timeout' })
    expect(looks).toEqual([5, 6, 7, 8])
  })

  it('finds what lies behind all of them', async () => {
    const { id, address } = await t.createInbox()
    const others = Array.from({ length: SCAN_STEP_ROWS + 1 }, () => t.arrive(address, writeMail({ subject: 'other' })))
    await Promise.all(others)
    await t.arrive(address, writeMail({ subject: 'mine' }))
    const result = await t.wait(id, { filter: { subject: 'mine' }, timeoutSeconds: 0 })
    expect(result).toMatchObject({ status: 'received', cursor: SCAN_STEP_ROWS + 2 })
  })

  it('gives up a look that outlasts it, and answers how far that came', async () => {
    const { office, looks, inbox } = await openSteps(Number.POSITIVE_INFINITY, ({ world }) => world.advance(SECOND_MS))
    const result = await office.wait(inbox.id, { after: 5, timeoutSeconds: 3 })
    const steps = 3 + WAIT_LAST_LOOK_MS / SECOND_MS
    expect(result).toMatchObject({ status: 'timeout', cursor: 5 + steps, waitedSeconds: steps })
    expect(looks).toHaveLength(steps)
  })

  it('ends between two steps when its caller goes', async () => {
    const caller = new AbortController()
    const { office, looks, inbox } = await openSteps(Number.POSITIVE_INFINITY, () => caller.abort(new Error('gone')))
    await expect(office.wait(inbox.id, {}, caller.signal)).rejects.toThrow('gone')
    expect(looks).toHaveLength(1)
  })
})

describe('where something was sent, a wait', () => {
  let sender: TestOffice
  beforeAll(async () => {
    sender = await openOffice()
  })
  afterAll(() => sender.close())

  it('for delivery news reports likewise, and ends at its time-out', async () => {
    const { id } = await sender.createInbox()
    const sent = await sender.post.sendMessage(AGENT, id, draft())
    await sender.office.idle()
    const otherTimers = sender.world.timers
    const { deliveryCursor } = await sender.post.getSentMessage(AGENT, id, sent.message.id)
    const reports: number[] = []
    const hooks = { signal: new AbortController().signal, onProgress: (elapsed: number) => reports.push(elapsed) }
    const asked = { messageId: sent.message.id, after: deliveryCursor, timeoutSeconds: 3 }
    const waiting = sender.post.waitForDelivery(AGENT, id, asked, hooks)
    for (const _ of [1, 2, 3]) {
      await until(() => sender.world.timers > otherTimers)
      sender.world.advance(SECOND_MS)
    }
    expect(await waiting).toMatchObject({ status: 'timeout', waitedSeconds: 3, sent: { deliveries: [{ state: 'sent' }] } })
    expect(reports).toEqual([1, 2, 3])
    expect(await sender.post.waitForDelivery(AGENT, id, { ...asked, after: 0 }, hooks)).toMatchObject({ status: 'news' })
  })

  it('in a suspended inbox, which would receive nothing, is refused with the reason', async () => {
    const { id, address } = await sender.createInbox()
    await sender.arrive(address, writeMail())
    await suspend(sender, id)
    await expect(sender.wait(id, { timeoutSeconds: 0 })).rejects.toMatchObject({
      code: 'inbox_suspended',
      message: expect.stringContaining(address),
      facts: { reason: expect.stringContaining('spam') },
    })
  })
})

describe('refused deliveries', () => {
  it('are told from ten minutes before the wait on, and no earlier', async () => {
    const { id, address } = await t.createInbox()
    const { receiver } = t.office
    receiver.refused(refusal(address, 'mail_loop'))
    t.world.advance(1)
    receiver.refused(refusal(address, 'too_large'))
    t.world.advance(REFUSALS_SHOWN_MS)
    receiver.refused(refusal('somebody-else@agents.localhost', 'unknown'))
    const waiting = t.wait(id, { timeoutSeconds: 1 })
    await asleep()
    receiver.refused(refusal(address, 'suspended'))
    t.world.advance(SECOND_MS)
    const result = await waiting
    expect(result.status === 'timeout' && result.refusals.map(({ reason }) => reason)).toEqual(['too_large', 'suspended'])
  })
})

describe('the number of waits', () => {
  it('at once is bounded, and one that ends makes room', async () => {
    const { id } = await t.createInbox()
    const callers = Array.from({ length: MAX_WAITS }, () => new AbortController())
    const waits = callers.map(({ signal }) => t.wait(id, {}, signal).catch((error: Error) => error.message))
    await asleep(MAX_WAITS)
    await expect(t.wait(id)).rejects.toMatchObject({ code: 'store_unavailable', message: expect.stringContaining('200') })
    callers.pop()?.abort(new Error('gone'))
    expect(await waits.pop()).toBe('gone')
    expect(await t.wait(id, { timeoutSeconds: 0 })).toMatchObject({ status: 'timeout' })
    for (const caller of callers) caller.abort(new Error('gone'))
    await Promise.all(waits)
  })

  it('one after the other is not bounded, however each ends', async () => {
    const { id } = await t.createInbox()
    const tries = Array.from({ length: MAX_WAITS }, () => t.wait('nobody@agents.localhost').catch(({ code }) => code))
    expect(new Set(await Promise.all(tries))).toEqual(new Set(['inbox_not_found']))
    expect(await t.wait(id, { timeoutSeconds: 0 })).toMatchObject({ status: 'timeout' })
  })
})

describe('a wait that is a part of a longer one', () => {
  const part = (inbox: string, input: Partial<WaitInput>) =>
    t.wait(inbox, { timeoutSeconds: 0, filter: { subject: 'code' }, ...input })

  it('says nothing at its end but how far it looked, until it is the last', async () => {
    const { id, address } = await t.createInbox()
    await t.arrive(address, writeMail({ subject: 'News' }))
    expect(await part(id, { part: { waitedBeforeMs: 2_000, isLast: false } })).toEqual({
      status: 'timeout',
      cursor: 1,
      waitedSeconds: 2,
      nearMisses: [],
      refusals: [],
      lookalikes: [],
      notice: null,
    })
    expect(await part(id, { part: { waitedBeforeMs: 3_000, isLast: true } })).toMatchObject({
      waitedSeconds: 3,
      nearMisses: [{ failed: ['subject'] }],
    })
  })

  it('tells of what was refused since the first of them began', async () => {
    const { id, address } = await t.createInbox()
    t.office.receiver.refused(refusal(address, 'too_large'))
    t.world.advance(REFUSALS_SHOWN_MS + 60_000)
    expect(await part(id, {})).toMatchObject({ refusals: [] })
    expect(await part(id, { part: { waitedBeforeMs: 60_000, isLast: true } })).toMatchObject({
      refusals: [{ reason: 'too_large' }],
    })
  })
})

it('a message that is given back is for the next who waits, who hears of it at once', async () => {
  const { id, address } = await t.createInbox()
  await t.arrive(address, writeMail({ subject: 'lost' }))
  const taken = await t.wait(id)
  const messageId = taken.status === 'received' ? taken.reading.message.id : ''
  const next = t.wait(id)
  await asleep()
  await t.post.giveBackMessage(AGENT, address, messageId)
  expect(await next).toMatchObject({ status: 'received', reading: { message: { id: messageId } } })
  await t.post.deleteMessage(AGENT, id, messageId)
  await expect(t.post.giveBackMessage(AGENT, id, messageId)).rejects.toMatchObject({ code: 'message_not_found' })
  await expect(t.post.giveBackMessage('other', id, messageId)).rejects.toMatchObject({ code: 'inbox_not_found' })
})
