import { afterEach, describe, expect, it } from 'vitest'
import { MailError } from '../src/errors.ts'
import {
  MAX_FILINGS_UNDER_WAY,
  MAX_HANDED_OVER_BYTES,
  MAX_SPOOL_HELD_BYTES,
  SPOOL_CLAIM_ROWS,
  SPOOL_LEASE_MS,
  SPOOL_SWEEP_INTERVAL_MS,
} from '../src/limits.ts'
import type { Parser } from '../src/parser.ts'
import { FILINGS_TOGETHER, MAX_HASTY_BACKLOG, REST_PER_WORK, SENDERS_ACTIVE_MS } from '../src/receiving-limits.ts'
import type { IncomingMail, Store } from '../src/store.ts'
import { GatedParser, type OfficeOptions, openOffice, settle, type TestOffice, until } from './post-office/office.ts'
import { AGENT, writeMail } from './support/app.ts'

/** Of a parser that takes its time. */
const WORK_MS = 5
/** With the rest after it. */
const CYCLE_MS = WORK_MS * (1 + REST_PER_WORK)
const PAGE = { limit: 100, offset: 0 }

/** Offices of a test; all on one directory, that of the first. */
const offices: TestOffice[] = []
afterEach(async () => {
  // The first removes the directory.
  for (const office of offices.splice(0).reverse()) await office.close()
})

async function open(options: OfficeOptions = {}): Promise<TestOffice> {
  const [first] = offices
  const office = await openOffice({ ...(first && { dataDir: first.dataDir, world: first.world }), ...options })
  offices.push(office)
  return office
}

const list = async ({ post }: TestOffice, ref: string) =>
  (await post.listMessages(AGENT, ref, { after: null, page: PAGE })).data.reverse()
const subjects = async (office: TestOffice, ref: string) => (await list(office, ref)).map(({ subject }) => subject)
const events = ({ complaints }: TestOffice) => complaints.map((line) => JSON.parse(line).event)
/** Moves the clock by a sweep, and waits until what it took up is done. */
const sweep = async ({ office, world }: TestOffice, times = 1) => {
  for (let time = 0; time < times; time += 1) {
    world.advance(SPOOL_SWEEP_INTERVAL_MS)
    await office.idle()
  }
}
/** Those of a class are not its own, so a copy of it has none. */
const parserMethods = (parser: Parser): Parser => ({
  parse: (raw) => parser.parse(raw),
  report: (raw) => parser.report(raw),
  attachment: (raw, id) => parser.attachment(raw, id),
  attachmentText: (raw, id, range) => parser.attachmentText(raw, id, range),
  close: () => parser.close(),
})
/** Sweeps until any lease there was has run out. */
const SWEEPS_PER_LEASE = Math.ceil(SPOOL_LEASE_MS / SPOOL_SWEEP_INTERVAL_MS)

describe('the spooler', () => {
  it('files in the order of arrival, whatever is still being filed', async () => {
    const t = await open()
    const { address } = await t.createInbox()
    const names = Array.from({ length: 10 }, (_, index) => `mail ${index}`)
    for (const subject of names) await t.accept(address, writeMail({ subject }))
    await t.office.idle()
    expect(await subjects(t, address)).toEqual(names)
  })

  it('holds no more in memory than its bound; what is beyond it stays in the store and is filed when there is room', async () => {
    const accepted: IncomingMail[] = []
    const parser = new GatedParser({ isOpen: false })
    const t = await open({
      parser,
      changeStore: (real) => ({
        acceptMail: async (mail) => {
          accepted.push(mail)
          // So much need not be written for this.
          return mail.raw.byteLength === MAX_HANDED_OVER_BYTES ? { id: mail.id, duplicate: false } : real.acceptMail(mail)
        },
      }),
    })
    const { address } = await t.createInbox()
    const held = MAX_SPOOL_HELD_BYTES / MAX_HANDED_OVER_BYTES
    for (let index = 0; index < held; index += 1) await t.accept(address, new Uint8Array(MAX_HANDED_OVER_BYTES))
    await until(() => parser.asked.length === 1)
    await t.accept(address, writeMail({ subject: 'beyond' }))
    await settle()
    const leases = () => accepted.map(({ leaseUntil }) => leaseUntil)
    expect(leases()).toEqual([...Array.from({ length: held }, () => t.world.now() + SPOOL_LEASE_MS), 0])
    parser.open()
    await t.office.idle()
    expect(await subjects(t, address)).toEqual(['beyond'])
    await t.accept(address, writeMail({ subject: 'within' }))
    await t.office.idle()
    expect(leases().at(-1)).toBe(t.world.now() + SPOOL_LEASE_MS)
    expect(await subjects(t, address)).toEqual(['beyond', 'within'])
    expect(parser.asked).toHaveLength(held + 2)
  })

  it('holds no large message: the store takes its bytes, and gives them back to be filed', async () => {
    const accepted: IncomingMail[] = []
    const parser = new GatedParser({ isOpen: true })
    const acceptMail = (real: Store) => (mail: IncomingMail) => {
      accepted.push(mail)
      return real.acceptMail(mail)
    }
    const t = await open({ parser, changeStore: (real) => ({ acceptMail: acceptMail(real) }) })
    const { address } = await t.createInbox()
    const raw = Buffer.from(writeMail({ subject: 'large', body: 'x'.repeat(MAX_HANDED_OVER_BYTES) }))
    await t.arrive(address, raw)
    expect(await subjects(t, address)).toEqual(['large'])
    expect(accepted).toMatchObject([{ leaseUntil: 0, raw: { byteLength: 0 } }])
    expect(raw.equals(parser.asked[0] ?? raw.subarray(1))).toBe(true)
  })

  it('has no more filings under way than its bound, and goes on as each ends', async () => {
    const parser = new GatedParser({ isOpen: false })
    const filings: (() => void)[] = []
    const t = await open({
      parser,
      changeStore: (real) => ({
        fileMail: async (...args) => {
          await new Promise<void>((resolve) => filings.push(resolve))
          return real.fileMail(...args)
        },
      }),
    })
    const { address } = await t.createInbox()
    const total = MAX_FILINGS_UNDER_WAY + 6
    for (let index = 0; index < total; index += 1) await t.accept(address, writeMail({ subject: `mail ${index}` }))
    parser.open()
    await until(() => filings.length >= MAX_FILINGS_UNDER_WAY)
    await settle()
    expect([filings.length, parser.asked.length]).toEqual([MAX_FILINGS_UNDER_WAY, MAX_FILINGS_UNDER_WAY])
    filings.shift()?.()
    await until(() => filings.length === MAX_FILINGS_UNDER_WAY)
    expect(parser.asked.length).toBe(MAX_FILINGS_UNDER_WAY + 1)
    let isIdle = false
    void t.office.idle().then(() => {
      isIdle = true
    })
    await until(() => {
      for (const end of filings.splice(0)) end()
      return isIdle
    })
    expect(await list(t, address)).toHaveLength(total)
  })

  it('files a message that the store cannot take as parsed with its raw bytes and a problem', async () => {
    const t = await openFailing([new Error('no such character')])
    const { address } = await t.createInbox()
    const waiting = t.wait(address)
    const raw = writeMail({ subject: 'odd' })
    await t.arrive(address, raw)
    const [message] = await list(t, address)
    expect(message).toMatchObject({ subject: '', fromAddress: '', problem: expect.stringContaining('could not be read') })
    expect(Buffer.from(await t.post.getRaw(AGENT, address, message?.id ?? '')).toString()).toBe(raw)
    expect(await waiting).toMatchObject({ status: 'received', reading: { message: { id: message?.id } } })
    expect(events(t)).toEqual(['file_failed'])
  })

  it('leaves in the spool what the store does not take in any form, and tries again when its lease is over', async () => {
    const t = await openFailing([new Error('one'), new Error('two')])
    const { address } = await t.createInbox()
    t.office.start()
    await t.arrive(address, writeMail({ subject: 'odd' }))
    expect(await subjects(t, address)).toEqual([])
    expect(events(t)).toEqual(['file_failed', 'file_failed'])
    await sweep(t, SWEEPS_PER_LEASE)
    expect(await subjects(t, address)).toEqual(['odd'])
  })

  it('takes a store that is away for nothing worse: the message stays in the spool and is filed as it was parsed', async () => {
    const t = await openFailing([new MailError('store_unavailable', 'busy')])
    const { address } = await t.createInbox()
    t.office.start()
    await t.arrive(address, writeMail({ subject: 'patient' }))
    expect(await list(t, address)).toEqual([])
    await sweep(t, SWEEPS_PER_LEASE - 1)
    expect(await list(t, address)).toEqual([])
    await sweep(t)
    expect(await list(t, address)).toMatchObject([{ subject: 'patient', problem: null }])
    await sweep(t, 2)
    expect(await list(t, address)).toHaveLength(1)
  })

  it('leaves in the spool what the parser rejects, and tries again when its lease is over', async () => {
    const parser = new GatedParser({ isOpen: false })
    parser.fail(new Error('worker gone'))
    const t = await open({ parser })
    const { address } = await t.createInbox()
    t.office.start()
    for (const subject of ['one', 'two']) await t.arrive(address, writeMail({ subject }))
    expect(await list(t, address)).toEqual([])
    expect(events(t)).toEqual(['parse_failed', 'parse_failed'])
    parser.open()
    await sweep(t, SWEEPS_PER_LEASE)
    expect(await subjects(t, address)).toEqual(['one', 'two'])
  })

  it('goes on sweeping when a sweep failed', async () => {
    let failures = 1
    const t = await open({
      changeStore: (real) => ({
        claimSpool: (...args) => {
          failures -= 1
          return failures >= 0 ? Promise.reject(new Error('busy')) : real.claimSpool(...args)
        },
      }),
    })
    const { address } = await t.createInbox()
    await leaveBehind(address, ['left'])
    t.office.start()
    await t.office.idle()
    expect(events(t)).toEqual(['spool_claim_failed'])
    await sweep(t, SWEEPS_PER_LEASE)
    expect(await subjects(t, address)).toEqual(['left'])
  })

  it('takes over all that a dead process left once its lease is over, and not before', async () => {
    const t = await open()
    const { address } = await t.createInbox()
    const names = Array.from({ length: 2 * SPOOL_CLAIM_ROWS + 1 }, (_, index) => `left ${index}`)
    await leaveBehind(address, names)
    t.office.start()
    await t.office.idle()
    await sweep(t, SWEEPS_PER_LEASE - 1)
    expect(await list(t, address)).toEqual([])
    await sweep(t)
    expect(await subjects(t, address)).toEqual(names)
  })

  it('that closes files what it was filing and leaves the rest for another, once', async () => {
    const filing = Promise.withResolvers<void>()
    const parser = new GatedParser({ isOpen: false })
    const t = await open({
      parser,
      changeStore: (real) => ({
        fileMail: async (...args) => {
          await filing.promise
          return real.fileMail(...args)
        },
      }),
    })
    const { address } = await t.createInbox()
    t.office.start()
    await t.office.idle()
    const names = Array.from({ length: MAX_FILINGS_UNDER_WAY + 2 }, (_, index) => `mail ${index}`)
    for (const subject of names) await t.accept(address, writeMail({ subject }))
    parser.open()
    await until(() => parser.asked.length === MAX_FILINGS_UNDER_WAY)
    await settle()
    let isClosed = false
    const closed = t.office.close().then(() => {
      isClosed = true
    })
    await settle()
    expect(isClosed).toBe(false)
    filing.resolve()
    await closed
    expect(await subjects(t, address)).toEqual(names.slice(0, MAX_FILINGS_UNDER_WAY))
    expect(t.world.timers).toBe(0)
    await t.office.idle()
    expect(parser.asked).toHaveLength(MAX_FILINGS_UNDER_WAY)

    const next = await open()
    next.office.start()
    await sweep(next, SWEEPS_PER_LEASE)
    expect((await subjects(next, address)).sort()).toEqual([...names].sort())
  })

  it('that closes leaves what is being parsed, whenever that ends', async () => {
    const parser = new GatedParser({ isOpen: false })
    let filings = 0
    const t = await open({
      parser,
      changeStore: (real) => ({
        fileMail: (...args) => {
          filings += 1
          return real.fileMail(...args)
        },
      }),
    })
    const { address } = await t.createInbox()
    await t.accept(address, writeMail({ subject: 'late' }))
    await until(() => parser.asked.length === 1)
    await t.office.close()
    parser.open()
    await t.office.idle()
    expect(filings).toBe(0)
    const next = await open()
    next.office.start()
    await sweep(next, SWEEPS_PER_LEASE)
    expect(await subjects(next, address)).toEqual(['late'])
  })

  it('rests between two messages while senders go on and much waits, and reads on at once when they pause', async () => {
    const parser = new GatedParser({ isOpen: false })
    const t = await open({
      parser: {
        ...parserMethods(parser),
        parse: async (raw) => {
          const parsed = await parser.parse(raw)
          t.world.advance(WORK_MS)
          return parsed
        },
      },
    })
    const { address } = await t.createInbox()
    const names = Array.from({ length: 2 * MAX_HASTY_BACKLOG + 3 }, (_, index) => `mail ${index}`)
    for (const subject of names) await t.accept(address, writeMail({ subject }))
    parser.open()
    const read: number[] = []
    for (let goneMs = CYCLE_MS; goneMs <= SENDERS_ACTIVE_MS; goneMs += CYCLE_MS) {
      await settle()
      read.push(parser.asked.length)
      t.world.advance(WORK_MS * REST_PER_WORK)
    }
    expect(read.length).toBeGreaterThan(1)
    expect(read).toEqual(read.map((_, index) => index + 1))
    await t.office.idle()
    expect(await subjects(t, address)).toEqual(names)
  })

  it('files together what was read while much waits', async () => {
    const parser = new GatedParser({ isOpen: false })
    const readBefore: number[] = []
    const t = await open({
      parser,
      changeStore: (real) => ({
        fileMail: (...args) => {
          readBefore.push(parser.asked.length)
          return real.fileMail(...args)
        },
      }),
    })
    const { address } = await t.createInbox()
    const names = Array.from({ length: MAX_HASTY_BACKLOG + FILINGS_TOGETHER + 1 }, (_, index) => `mail ${index}`)
    for (const subject of names) await t.accept(address, writeMail({ subject }))
    parser.open()
    await t.office.idle()
    expect(Math.min(...readBefore)).toBeGreaterThanOrEqual(FILINGS_TOGETHER)
    expect(await subjects(t, address)).toEqual(names)
  })

  /** An office whose store fails to file so often. */
  function openFailing(failures: Error[]): Promise<TestOffice> {
    return open({
      changeStore: (real) => ({
        fileMail: async (...args) => {
          const failure = failures.shift()
          if (failure) throw failure
          return real.fileMail(...args)
        },
      }),
    })
  }

  /** What another process accepts and never files. */
  async function leaveBehind(address: string, names: readonly string[]): Promise<void> {
    const dying = await open({ parser: new GatedParser({ isOpen: false }) })
    for (const subject of names) await dying.accept(address, writeMail({ subject }))
  }
})
