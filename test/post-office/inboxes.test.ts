import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { MAX_ADDRESS_TRIES, MAX_DISPLAY_NAME_CHARS, MAX_IDEMPOTENCY_KEY_CHARS } from '../../src/limits.ts'
import type { ListenerStatus } from '../../src/receiver.ts'
import { AGENT, draft, writeMail } from '../support/app.ts'
import { openOffice, type TestOffice, until } from './office.ts'

const PAGE = { limit: 20, offset: 0 }
/** Has no inbox of any other test. */
const OTHER_AGENT = 'bob'

let t: TestOffice
let made = 0
beforeAll(async () => {
  t = await openOffice()
})
afterAll(() => t.close())

const create = (input: Parameters<TestOffice['post']['createInbox']>[1]) => t.post.createInbox(AGENT, input)
/** A local part of its own for each test. */
const fresh = () => {
  made += 1
  return `fresh-${made}`
}

describe('the display name of a new inbox', () => {
  it('is trimmed, and is none when nothing is left', async () => {
    expect(await create({ displayName: '  Ada Lovelace ' })).toMatchObject({ displayName: 'Ada Lovelace' })
    expect(await create({ displayName: ' \t' })).toMatchObject({ displayName: null })
    expect(await create({})).toMatchObject({ displayName: null })
  })

  it('may be as long as the limit and not longer', async () => {
    const longest = 'x'.repeat(MAX_DISPLAY_NAME_CHARS)
    expect(await create({ displayName: longest })).toMatchObject({ displayName: longest })
    await expect(create({ displayName: `${longest}x` })).rejects.toMatchObject({ code: 'invalid_argument' })
  })

  it.each([
    ['a line break', 'Ada\r\nBcc: eve@example.org'],
    ['a direction mark', 'Ada\u202egpj'],
    ['a zero-width space', 'A\u200bda'],
    ['a line separator', 'Ada\u2028Lovelace'],
    ['a paragraph separator', 'Ada\u2029Lovelace'],
    ['a NUL', 'Ada\u0000'],
  ])('has not %s', async (_name, displayName) => {
    const localPart = fresh()
    await expect(create({ displayName, localPart })).rejects.toMatchObject({ code: 'invalid_argument' })
    await expect(t.post.getInbox(AGENT, `${localPart}@agents.localhost`)).rejects.toMatchObject({ code: 'inbox_not_found' })
  })
})

describe('an idempotency key', () => {
  it('is refused when it is empty or too long', async () => {
    for (const idempotencyKey of ['', 'k'.repeat(MAX_IDEMPOTENCY_KEY_CHARS + 1)]) {
      await expect(create({ idempotencyKey })).rejects.toMatchObject({ code: 'invalid_argument' })
    }
  })

  it('of the greatest length answers the inbox it made', async () => {
    const asked = { idempotencyKey: 'k'.repeat(MAX_IDEMPOTENCY_KEY_CHARS), displayName: 'Ada' }
    const first = await create(asked)
    expect(await create(asked)).toMatchObject({ id: first.id, address: first.address })
  })

  it('with anything else asked is a conflict', async () => {
    const localPart = fresh()
    await create({ idempotencyKey: 'first', displayName: 'Ada', localPart })
    const others = [
      { displayName: 'Ada' },
      { localPart },
      { displayName: 'Eve', localPart },
      { displayName: localPart, localPart: 'ada' },
      {},
    ]
    for (const other of others) {
      await expect(create({ idempotencyKey: 'first', ...other })).rejects.toMatchObject({ code: 'conflict' })
    }
  })
})

describe('an address', () => {
  it('of a domain that is not there is refused', async () => {
    await expect(create({ domainId: 'own' })).rejects.toMatchObject({ code: 'domain_not_found' })
  })

  it('that was asked for and is taken is refused, not replaced', async () => {
    const localPart = fresh()
    await create({ localPart })
    await expect(create({ localPart })).rejects.toMatchObject({ code: 'address_taken' })
  })
})

describe('a generated address', () => {
  let office: TestOffice
  afterEach(() => office.close())

  /** An office whose dice fall so, and then as they like. */
  async function rig(falls: number[]): Promise<() => number> {
    let thrown = 0
    const rigged = new Proxy(t.world, {
      get: (world, name) => {
        if (name !== 'randomBytes') return Reflect.get(world, name)
        return () => {
          thrown += 1
          return Buffer.alloc(4, falls[thrown - 1] ?? thrown)
        }
      },
    })
    office = await openOffice({ parts: { world: rigged } })
    return () => thrown
  }

  it('that is taken gives way to another', async () => {
    const thrown = await rig([1, 1, 1, 2])
    const first = await office.createInbox()
    const second = await office.createInbox()
    expect(second.address).not.toBe(first.address)
    expect(thrown()).toBe(4)
  })

  it('is looked for so many times and no longer', async () => {
    const thrown = await rig(Array.from({ length: 100 }, () => 1))
    await office.createInbox()
    await expect(office.createInbox()).rejects.toMatchObject({ code: 'address_taken' })
    expect(thrown()).toBe(1 + MAX_ADDRESS_TRIES)
  })
})

describe('create', () => {
  let office: TestOffice
  afterEach(() => office.close())

  it('answers where mail goes only once the listener has tried', async () => {
    const listener = Promise.withResolvers<void>()
    let status: ListenerStatus = { state: 'starting' }
    office = await openOffice({ parts: { listening: { status: () => status, settled: () => listener.promise } } })
    let isThere = false
    office.post.watchInboxes(AGENT, () => {
      isThere = true
    })
    const created = office.createInbox()
    await until(() => isThere)
    status = { state: 'listening', smtpUrl: 'smtp://127.0.0.1:4321' }
    listener.resolve()
    expect(await created).toMatchObject({ smtpUrl: 'smtp://127.0.0.1:4321', notice: null, cursor: 0 })
  })

  it.each<[ListenerStatus, { smtpUrl: string | null; notice: string | null }]>([
    [
      { state: 'elsewhere', smtpUrl: 'smtp://127.0.0.1:2526' },
      { smtpUrl: 'smtp://127.0.0.1:2526', notice: null },
    ],
    [
      { state: 'blocked', problem: 'Port 25 is taken.' },
      { smtpUrl: null, notice: 'Port 25 is taken.' },
    ],
  ])('says of %j where mail goes, or why not', async (status, answer) => {
    office = await openOffice({ parts: { listening: { status: () => status, settled: async () => {} } } })
    expect(await office.createInbox()).toMatchObject(answer)
    expect(await office.wait((await office.createInbox()).id, { timeoutSeconds: 0 })).toMatchObject({ notice: answer.notice })
  })
})

describe('who watches inboxes', () => {
  it('is told when one is made and when one is deleted, of this agent only, until it stops', async () => {
    let told = 0
    const stop = t.post.watchInboxes(AGENT, () => {
      told += 1
    })
    await t.createInbox(fresh(), OTHER_AGENT)
    expect(told).toBe(0)
    const { id } = await t.createInbox()
    expect(told).toBe(1)
    await expect(create({ localPart: 'not valid' })).rejects.toThrow()
    expect(told).toBe(1)
    await t.post.deleteInbox(AGENT, id)
    expect(told).toBe(2)
    stop()
    await t.createInbox()
    expect(told).toBe(2)
  })

  it('of one inbox is told of mail, changes and removals in it, until it stops', async () => {
    const [ours, others] = [await t.createInbox(), await t.createInbox()]
    let told = 0
    const stop = t.post.watchInbox(ours.id, () => {
      told += 1
    })
    await t.arrive(others.address, writeMail())
    expect(told).toBe(0)
    await t.arrive(ours.address, writeMail())
    expect(told).toBe(1)
    const [message] = (await t.post.listMessages(AGENT, ours.id, { after: null, page: PAGE })).data
    const messageId = message?.id ?? ''
    await t.post.updateMessage(AGENT, ours.address, messageId, { addLabels: ['x'] })
    expect(told).toBe(2)
    await t.post.deleteMessage(AGENT, ours.address, messageId)
    expect(told).toBe(3)
    stop()
    await t.arrive(ours.address, writeMail())
    expect(told).toBe(3)
  })
})

describe('what a deleted inbox leaves', () => {
  let office: TestOffice
  afterEach(() => office.close())

  /** An office whose sweep needs so many steps, or fails at the first; with what each step answered. */
  async function openSwept(steps: number, failure?: Error): Promise<boolean[]> {
    const answers: boolean[] = []
    let failing = failure
    office = await openOffice({
      changeStore: (real) => ({
        sweepDeleted: async () => {
          const error = failing
          failing = undefined
          if (error) throw error
          const more = (await real.sweepDeleted()) || (answers.length + 1) % steps !== 0
          answers.push(more)
          return more
        },
      }),
    })
    return answers
  }

  it('is swept away step by step until nothing is left, without being asked', async () => {
    const answers = await openSwept(3)
    const { address } = await office.createInbox()
    await office.post.deleteInbox(AGENT, address)
    await office.office.idle()
    expect(answers).toEqual([true, true, false])
  })

  it('is swept away by the process that starts next', async () => {
    const answers = await openSwept(1)
    office.office.start()
    await office.office.idle()
    expect(answers).toEqual([false])
  })

  it('is swept away at the next occasion when that failed', async () => {
    const answers = await openSwept(1, new Error('disk full'))
    for (const inbox of [await office.createInbox(), await office.createInbox()]) {
      await office.post.deleteInbox(AGENT, inbox.id)
      await office.office.idle()
    }
    expect(office.complaints.map((line) => JSON.parse(line))).toMatchObject([
      { event: 'sweep_failed', error: 'Error: disk full' },
    ])
    expect(answers.at(-1)).toBe(false)
  })
})

describe('a read-only server', () => {
  it('refuses every change before it looks at it, and reads, marks as read and waits on', async () => {
    const { id, address } = await t.createInbox(fresh())
    await t.arrive(address, writeMail({ subject: 'one' }))
    const [message] = (await t.post.listMessages(AGENT, id, { after: null, page: PAGE })).data
    const messageId = message?.id ?? ''
    const office = await openOffice({ dataDir: t.dataDir, world: t.world, parts: { readOnly: true } })
    const { post } = office
    const refused = [
      () => post.createInbox(AGENT, {}),
      () => post.deleteInbox(AGENT, id),
      () => post.updateMessage(AGENT, id, messageId, { read: true }),
      () => post.deleteMessage(AGENT, id, messageId),
      () => post.sendMessage(AGENT, id, draft()),
      () => post.replyToMessage(AGENT, id, { messageId, text: 'No.' }),
      () => post.addDomain(AGENT, { domain: 'example.org' }),
      () => post.verifyDomain(AGENT, 'example.org'),
      () => post.deleteDomain(AGENT, 'example.org'),
    ]
    for (const change of refused) await expect(change()).rejects.toMatchObject({ code: 'read_only' })
    expect(post.status(AGENT)).toMatchObject({ readOnly: true })
    expect(await post.checkQuota(AGENT, id)).toMatchObject({ sendsToday: 0 })
    expect(await office.wait(id, { timeoutSeconds: 0 })).toMatchObject({ reading: { message: { id: messageId, read: true } } })
    await office.close()
    expect(await t.post.getInbox(AGENT, id)).toMatchObject({ address })
  })
})
