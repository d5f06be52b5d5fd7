import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { WaitInput, WaitResult } from '../src/post-office.ts'
import { AGENT, bootApp, type TestApp, writeMail } from './support/app.ts'
import { refusal } from './support/refusals.ts'

describe('a wait', () => {
  let app: TestApp
  beforeAll(async () => {
    app = await bootApp()
  })
  afterAll(() => app.close())

  const wait = (inbox: string, input: Partial<WaitInput> = {}, signal = new AbortController().signal): Promise<WaitResult> =>
    app.post.waitForMessage(AGENT, inbox, { filter: {}, after: 0, timeoutSeconds: 20, ...input }, { signal })

  it('returns mail that came between create and wait', async () => {
    const { address } = await app.createInbox()
    await app.deliver(address, writeMail({ subject: 'early' }))
    expect(await wait(address)).toMatchObject({ status: 'received', reading: { message: { subject: 'early', read: true } } })
  })

  it('returns mail that comes while it waits', async () => {
    const { address } = await app.createInbox()
    const waiting = wait(address)
    await app.deliver(address, writeMail({ subject: 'late' }))
    expect(await waiting).toMatchObject({ status: 'received', reading: { message: { subject: 'late' } } })
  })

  it('does not repeat what was returned, and answers the oldest first', async () => {
    const { address } = await app.createInbox()
    for (const subject of ['one', 'two']) await app.deliver(address, writeMail({ subject }))
    const subjects = []
    for (const _ of [1, 2]) {
      const result = await wait(address)
      subjects.push(result.status === 'received' && result.reading.message.subject)
    }
    expect(subjects).toEqual(['one', 'two'])
    expect(await wait(address, { timeoutSeconds: 0 })).toMatchObject({ status: 'timeout', cursor: 2 })
  })

  it('gives one message to one of two waiters', async () => {
    const { address } = await app.createInbox()
    const caller = new AbortController()
    const both = [wait(address, {}, caller.signal), wait(address, {}, caller.signal)]
    await app.deliver(address, writeMail())
    expect(await Promise.race(both)).toMatchObject({ status: 'received' })
    caller.abort(new Error('enough'))
    const states = (await Promise.allSettled(both)).map(({ status }) => status)
    expect(states.sort()).toEqual(['fulfilled', 'rejected'])
  })

  it('passes over what does not match, and says at its end why', async () => {
    const { address } = await app.createInbox()
    await app.deliver(address, writeMail({ subject: 'Newsletter' }))
    const result = await wait(address, { filter: { subject: 'code' }, timeoutSeconds: 0 })
    expect(result).toMatchObject({ status: 'timeout', nearMisses: [{ seq: 1, failed: ['subject'] }] })
    expect(await wait(address)).toMatchObject({ status: 'received' })
  })

  it('counts only what came after the cursor', async () => {
    const { address } = await app.createInbox()
    await app.deliver(address, writeMail({ subject: 'old' }))
    await app.deliver(address, writeMail({ subject: 'new' }))
    expect(await wait(address, { after: 1 })).toMatchObject({ status: 'received', reading: { message: { subject: 'new' } } })
  })

  it('wakes for a message that is marked unread again', async () => {
    const { address } = await app.createInbox()
    await app.deliver(address, writeMail())
    const first = await wait(address)
    const waiting = wait(address)
    const id = first.status === 'received' ? first.reading.message.id : ''
    await app.post.updateMessage(AGENT, address, id, { read: false })
    expect(await waiting).toMatchObject({ status: 'received', reading: { message: { id } } })
  })

  it('tells of a delivery to this address that was turned away', async () => {
    const { address } = await app.createInbox()
    app.app.post.receiver.refused(refusal(address, 'too_large'))
    expect(await wait(address, { timeoutSeconds: 0 })).toMatchObject({ status: 'timeout', refusals: [{ reason: 'too_large' }] })
  })

  it('ends at the abort of its caller and takes nothing', async () => {
    const { address } = await app.createInbox()
    const caller = new AbortController()
    const waiting = wait(address, {}, caller.signal)
    caller.abort(new Error('gone'))
    await expect(waiting).rejects.toThrow('gone')
    await app.deliver(address, writeMail())
    expect(await wait(address)).toMatchObject({ status: 'received' })
  })

  it('hands a message back when its caller goes away while it is being taken', async () => {
    const { address } = await app.createInbox()
    await app.deliver(address, writeMail())
    const caller = new AbortController()
    const waiting = wait(address, {}, caller.signal)
    // The store has been asked by now and has not answered yet.
    await Promise.resolve()
    caller.abort(new Error('gone'))
    await expect(waiting).rejects.toThrow('gone')
    expect(await wait(address)).toMatchObject({ status: 'received' })
  })
})
