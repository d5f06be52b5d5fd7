import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { CONFIRM_RETRY_MS, FORGET_INTERVAL_MS, RETRY_WINDOW_MS } from '../../src/limits.ts'
import { serveOwner } from '../../src/owner.ts'
import { AGENT, draft, writeMail } from '../support/app.ts'
import { openOffice, settle, suspend, type TestOffice } from './office.ts'

const PAGE = { limit: 100, offset: 0 }

const events = ({ complaints }: TestOffice) => complaints.map((line) => JSON.parse(line))

describe('an address named in RCPT', () => {
  let t: TestOffice
  beforeAll(async () => {
    t = await openOffice()
  })
  afterAll(() => t.close())

  const ask = (address: string) => t.office.receiver.accepts(address)

  it('is taken with its tag, whatever its case', async () => {
    const { id } = await t.createInbox('ada')
    expect(await ask('Ada+News@AGENTS.localhost')).toEqual({
      accepted: true,
      recipient: { inboxId: id, address: 'ada+news@agents.localhost', tag: 'news' },
    })
  })

  it.each([
    'nobody@agents.localhost',
    'ada@example.org',
    '"ada"@agents.localhost',
    'ada%example.org@agents.localhost',
    '@example.org:ada@agents.localhost',
    'ada@[127.0.0.1]',
    'ada',
    '',
    'bounce+guess@agents.localhost',
  ])('%j is unknown', async (address) => {
    expect(await ask(address)).toEqual({ accepted: false, reason: 'unknown' })
  })

  it('of a deleted inbox is unknown', async () => {
    const { id, address } = await t.createInbox()
    await t.post.deleteInbox(AGENT, id)
    expect(await ask(address)).toEqual({ accepted: false, reason: 'unknown' })
  })

  it('of an inbox that is only being deleted is unknown too', async () => {
    const found = { inboxId: 'id', status: 'deleted' } as const
    const late = await openOffice({
      dataDir: t.dataDir,
      world: t.world,
      changeStore: () => ({ findRecipient: async () => found }),
    })
    expect(await late.office.receiver.accepts('ada@agents.localhost')).toEqual({ accepted: false, reason: 'unknown' })
    await late.close()
  })

  it('of a suspended inbox is refused as that, until its owner resumes it', async () => {
    const { address } = await t.createInbox()
    await suspend(t, address)
    expect(await ask(address)).toEqual({ accepted: false, reason: 'suspended' })
    await serveOwner({ kind: 'resume-inbox', address }, t.store, t.world.now())
    expect(await ask(address)).toMatchObject({ accepted: true })
  })
})

describe('the same mail again', () => {
  let t: TestOffice
  beforeAll(async () => {
    t = await openOffice()
  })
  afterAll(() => t.close())

  const receiver = () => t.office.receiver
  const count = async (ref: string) => {
    await t.office.idle()
    return (await t.post.listMessages(AGENT, ref, { after: null, page: PAGE })).total
  }

  it('is a second try where the first session ended unheard', async () => {
    const { address } = await t.createInbox()
    const first = await t.accept(address, writeMail())
    receiver().release(first)
    expect(await t.accept(address, writeMail())).toBe(first)
    receiver().release(first)
    expect(await t.accept(address, writeMail())).toBe(first)
    receiver().confirm(first)
    expect(await count(address)).toBe(1)
  })

  it('is new mail where the first session is still open, or its sender heard us', async () => {
    const { address } = await t.createInbox()
    const ids = [await t.accept(address, writeMail()), await t.accept(address, writeMail())]
    expect(new Set(ids).size).toBe(2)
    for (const id of ids) receiver().confirm(id)
    await t.office.idle()
    ids.push(await t.accept(address, writeMail()))
    expect(new Set(ids).size).toBe(3)
    receiver().confirm(ids[2] ?? '')
    expect(await count(address)).toBe(3)
  })

  it('is new mail while a second try is open', async () => {
    const { address } = await t.createInbox()
    const first = await t.accept(address, writeMail())
    receiver().release(first)
    expect(await t.accept(address, writeMail())).toBe(first)
    expect(await t.accept(address, writeMail())).not.toBe(first)
    expect(await count(address)).toBe(2)
  })

  it('to the same recipients in another order is a second try', async () => {
    const [one, two] = [(await t.createInbox()).address, (await t.createInbox()).address]
    const first = await t.accept([one, two], writeMail())
    receiver().release(first)
    expect(await t.accept([two, one], writeMail())).toBe(first)
  })

  it('with another sender, tag, recipient or byte is new mail', async () => {
    const [one, two] = [(await t.createInbox()).address, (await t.createInbox()).address]
    const first = await t.accept(one, writeMail())
    receiver().release(first)
    const others = [
      await t.accept(one, writeMail(), 'other@example.org'),
      await t.accept(one, writeMail(), ''),
      await t.accept(one.replace('@', '+x@'), writeMail()),
      await t.accept(two, writeMail()),
      await t.accept([one, two], writeMail()),
      await t.accept(one, `${writeMail()} `),
    ]
    expect(new Set([first, ...others]).size).toBe(7)
  })

  it('to an address that was deleted and made anew is new mail', async () => {
    const old = await t.createInbox('again')
    const first = await t.accept(old.address, writeMail())
    receiver().release(first)
    await t.post.deleteInbox(AGENT, old.id)
    const { address } = await t.createInbox('again')
    expect(await t.accept(address, writeMail())).not.toBe(first)
    expect(await count(address)).toBe(1)
  })

  it('is new mail once the window is over', async () => {
    const { address } = await t.createInbox()
    const first = await t.accept(address, writeMail())
    receiver().release(first)
    t.world.advance(RETRY_WINDOW_MS + 1)
    expect(await t.accept(address, writeMail())).not.toBe(first)
  })
})

describe('acceptances', () => {
  let t: TestOffice
  afterEach(() => t.close())

  it('that could not be stored are not open', async () => {
    const open: (readonly string[])[] = []
    t = await openOffice({
      changeStore: (real) => ({
        acceptMail: (mail) => {
          open.push(mail.openIds)
          return open.length === 1 ? Promise.reject(new Error('disk full')) : real.acceptMail(mail)
        },
      }),
    })
    const { address } = await t.createInbox()
    await expect(t.accept(address, writeMail())).rejects.toThrow('disk full')
    const second = await t.accept(address, writeMail())
    await t.accept(address, writeMail())
    expect(open).toEqual([[], [], [second]])
    await t.office.idle()
    expect(await t.post.listMessages(AGENT, address, { after: null, page: PAGE })).toMatchObject({ total: 2 })
  })

  it('are confirmed together, those that come meanwhile in the next step, and a store that fails stops nothing', async () => {
    const steps: { ids: readonly string[]; end: PromiseWithResolvers<void> }[] = []
    t = await openOffice({
      changeStore: (real) => ({
        confirmMail: async (ids) => {
          const end = Promise.withResolvers<void>()
          steps.push({ ids, end })
          await end.promise
          await real.confirmMail(ids)
        },
      }),
    })
    const { address } = await t.createInbox()
    const ids = []
    for (const subject of ['a', 'b', 'c', 'd', 'e']) ids.push(await t.accept(address, writeMail({ subject })))
    const [a = '', b = '', c = '', d = '', e = ''] = ids
    const { receiver } = t.office
    for (const id of [a, b]) receiver.confirm(id)
    await settle()
    for (const id of [c, d]) receiver.confirm(id)
    await settle()
    expect(steps.map((step) => step.ids)).toEqual([[a, b]])
    steps[0]?.end.reject(new Error('busy'))
    await t.office.idle()
    expect(steps).toHaveLength(1)
    t.world.advance(CONFIRM_RETRY_MS)
    await settle()
    expect(steps.map((step) => step.ids)).toEqual([
      [a, b],
      [a, b, c, d],
    ])
    steps[1]?.end.resolve()
    await t.office.idle()
    expect(events(t)).toMatchObject([{ event: 'confirm_failed', count: 2, error: 'Error: busy' }])
    for (const [index, subject] of ['a', 'b', 'c', 'd'].entries()) {
      expect(await t.accept(address, writeMail({ subject }))).not.toBe(ids[index])
    }
    // What nobody confirmed is recognised, once its session is over.
    receiver.release(e)
    expect(await t.accept(address, writeMail({ subject: 'e' }))).toBe(e)
  })

  it('that were released are known to the store, though it failed at first, and not when another try has opened them since', async () => {
    let fails = 2
    t = await openOffice({
      changeStore: (real) => ({
        releaseMail: async (tries) => {
          fails -= 1
          if (fails >= 0) throw new Error('busy')
          await real.releaseMail(tries)
        },
      }),
    })
    const { receiver } = t.office
    const other = await openOffice({ dataDir: t.dataDir, world: t.world })
    const { address } = await t.createInbox()
    const again = async (at: TestOffice, subject: string) => await at.accept(address, writeMail({ subject }))
    const [over, open] = [await again(t, 'over'), await again(t, 'open')]
    for (const id of [over, open]) receiver.release(id)
    await t.office.idle()
    // Here they are first tries at once; there they are open until the store knows better.
    expect(await again(t, 'open')).toBe(open)
    expect(await again(other, 'over')).not.toBe(over)
    for (const _ of [1, 2]) {
      t.world.advance(CONFIRM_RETRY_MS)
      await t.office.idle()
    }
    expect(await again(other, 'over')).toBe(over)
    expect(await again(other, 'open')).not.toBe(open)
    expect(events(t)).toMatchObject(
      Array.from({ length: 2 }, () => ({ event: 'confirm_failed', count: 2, error: 'Error: busy' })),
    )
    await other.close()
  })

  it('are forgotten at the start and every hour, though the store may fail, until the end', async () => {
    const asked: number[] = []
    t = await openOffice({
      changeStore: (real) => ({
        forgetAcceptances: async (before) => {
          asked.push(before)
          if (asked.length === 1) throw new Error('busy')
          await real.forgetAcceptances(before)
        },
      }),
    })
    const start = t.world.now() - RETRY_WINDOW_MS
    t.office.start()
    expect(asked).toEqual([start])
    t.world.advance(FORGET_INTERVAL_MS - 1)
    expect(asked).toHaveLength(1)
    t.world.advance(1)
    expect(asked).toEqual([start, start + FORGET_INTERVAL_MS])
    await t.office.idle()
    await settle()
    expect(events(t)).toMatchObject([{ event: 'forget_failed', error: 'Error: busy' }])
    await t.office.close()
    t.world.advance(3 * FORGET_INTERVAL_MS)
    expect(asked).toHaveLength(2)
    expect(t.world.timers).toBe(0)
  })
})

describe('a return path', () => {
  let t: TestOffice
  afterEach(() => t.close())

  it('of a suspended inbox still takes reports, and one that was guessed takes none', async () => {
    const paths: string[] = []
    t = await openOffice({
      parts: {
        relay: {
          carry: async ({ envelopeFrom }) => {
            paths.push(envelopeFrom)
            return { kind: 'sent', replyCode: 250, statusCode: null, reason: 'taken' }
          },
          close: async () => {},
        },
      },
    })
    const { address } = await t.createInbox()
    await t.post.sendMessage(AGENT, address, draft())
    await t.office.idle()
    const [path = ''] = paths
    await suspend(t, address)
    expect(await t.office.receiver.accepts(path)).toMatchObject({ accepted: true, recipient: { address: path.toLowerCase() } })
    const forged = path.replace(/.@/, (end) => (end === 'a@' ? 'b@' : 'a@'))
    expect(await t.office.receiver.accepts(forged)).toEqual({ accepted: false, reason: 'unknown' })
  })
})
