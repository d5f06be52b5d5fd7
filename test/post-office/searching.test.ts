import { describe, expect, it, vi } from 'vitest'
import { INDEX_DELAY_MS } from '../../src/search/limits.ts'
import { AGENT } from '../support/app.ts'
import { type OfficeOptions, openOffice } from './office.ts'

const FIRST = { after: null, page: { limit: 20, offset: 0 } }
const mail = (subject: string) => `From: shop@example.org\r\nSubject: ${subject}\r\n\r\nHello\r\n`

async function openWithMail(options: OfficeOptions = {}) {
  const office = await openOffice(options)
  const { address } = await office.createInbox('ada')
  for (const subject of ['Invoice', 'Verification code']) await office.arrive(address, mail(subject))
  const list = async (query?: string) => {
    const { data, total } = await office.post.listMessages(AGENT, address, { ...FIRST, query })
    expect(total).toBe(data.length)
    return data.map(({ subject }) => subject)
  }
  return { ...office, address, list }
}

describe('Searching', () => {
  it('finds what a query asks for, and lists everything without one', async () => {
    const { list, close } = await openWithMail()
    expect(await list('verification -invoice')).toEqual(['Verification code'])
    expect(await list('is:unread')).toEqual(['Verification code', 'Invoice'])
    for (const none of [undefined, '', '  ']) expect(await list(none)).toHaveLength(2)
    await close()
  })

  it('says what is wrong with a query', async () => {
    const { list, close } = await openWithMail()
    await expect(list('cc:bob')).rejects.toMatchObject({ code: 'invalid_argument', message: 'cc: is not an operator of search.' })
    await close()
  })

  it('goes on until what it searches is indexed', async () => {
    let steps = 0
    const { list, close } = await openWithMail({
      changeStore: (real) => ({
        searchMessages: async (...args) => {
          steps += 1
          const found = await real.searchMessages(...args)
          return steps < 3 ? { ...found, data: [], total: 0, isComplete: false } : found
        },
      }),
    })
    expect(await list('invoice')).toEqual(['Invoice'])
    expect(steps).toBe(3)
    await close()
  })

  it('is prepared as mail arrives, and at the start for what was there before', async () => {
    const indexed: boolean[] = []
    const changeStore: OfficeOptions['changeStore'] = (real) => ({
      indexMessages: async () => {
        indexed.push(await real.indexMessages())
        return indexed.at(-1) ?? false
      },
    })
    const { office, store, world, dataDir, arrive, address, close } = await openWithMail({ changeStore })
    expect(indexed).toEqual([])
    world.advance(INDEX_DELAY_MS)
    await vi.waitUntil(() => indexed.length > 0)
    await office.idle()
    expect(await store.indexMessages()).toBe(false)
    await arrive(address, mail('Later'))
    const next = await openOffice({ dataDir, changeStore })
    next.office.start()
    await next.office.idle()
    expect(indexed.length).toBeGreaterThan(1)
    await next.close()
    await close()
  })

  it('complains of an index that cannot be written, and searches all the same', async () => {
    const { office, list, complaints, close } = await openWithMail({
      changeStore: () => ({ indexMessages: () => Promise.reject(new Error('disk')) }),
    })
    office.start()
    await office.idle()
    expect(complaints.join()).toContain('indexing_failed')
    expect(await list('invoice')).toEqual(['Invoice'])
    await close()
  })
})
