import { afterEach, describe, expect, it } from 'vitest'
import { AGENT, draft } from '../support/app.ts'
import { openOffice, suspend, type TestOffice } from './office.ts'

describe('the quota', () => {
  let office: TestOffice
  afterEach(() => office.close())

  it('counts down what remains, until nothing does', async () => {
    office = await openOffice({ parts: { dailySendLimit: 2 } })
    const { address } = await office.createInbox()
    const quota = () => office.post.checkQuota(AGENT, address)
    expect(await quota()).toMatchObject({ dailySendLimit: 2, sendsToday: 0, remaining: 2, canSend: true, totalSent: 0 })
    await office.post.sendMessage(AGENT, address, draft())
    expect(await quota()).toMatchObject({ sendsToday: 1, remaining: 1, canSend: true, totalSent: 1 })
    await office.post.sendMessage(AGENT, address, draft())
    expect(await quota()).toMatchObject({ sendsToday: 2, remaining: 0, canSend: false, totalSent: 2 })
    await office.office.idle()
  })

  it('begins anew at the next midnight UTC, said to the second that is not over yet', async () => {
    office = await openOffice()
    const { address } = await office.createInbox()
    const quota = () => office.post.checkQuota(AGENT, address)
    office.world.advance(500)
    expect(await quota()).toMatchObject({ resetsAt: '2026-11-25T00:00:00.000Z', secondsUntilReset: 43_200 })
    office.world.advance(43_198_500)
    expect(await quota()).toMatchObject({ resetsAt: '2026-11-25T00:00:00.000Z', secondsUntilReset: 1 })
    office.world.advance(1_000)
    expect(await quota()).toMatchObject({ resetsAt: '2026-11-26T00:00:00.000Z', secondsUntilReset: 86_400 })
  })

  it('of a suspended inbox lets nothing be sent, whatever remains', async () => {
    office = await openOffice()
    const { address } = await office.createInbox()
    await suspend(office, address)
    const quota = await office.post.checkQuota(AGENT, address)
    expect(quota).toMatchObject({ status: 'suspended', canSend: false, complaintCount: 3, bounceCount: 0 })
    expect(quota.remaining).toBeGreaterThan(0)
  })

  it('never remains below nothing', async () => {
    office = await openOffice({
      changeStore: (real) => ({
        getInbox: async (...args) => {
          const found = await real.getInbox(...args)
          return { ...found, inbox: { ...found.inbox, dailySendLimit: 1, sendsToday: 3 } }
        },
      }),
    })
    const { id } = await office.createInbox()
    expect(await office.post.checkQuota(AGENT, id)).toMatchObject({ remaining: 0, canSend: false })
  })
})
