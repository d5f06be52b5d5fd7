import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type MailFacts, NO_FACTS } from '../../src/mail-facts.ts'
import type { Packed } from '../../src/mail-text.ts'
import type { Message } from '../../src/model.ts'
import type { ParsedMail } from '../../src/parser.ts'
import { FIRST_PIECE } from '../../src/post-office/reader.ts'
import type { SenderVerdict } from '../../src/sender-check.ts'
import { AGENT, writeMail } from '../support/app.ts'
import { GatedParser, openOffice, type TestOffice } from './office.ts'

const QUOTE = '> Lunch?\n> At noon?\n'
const TEXT = `Yes.\n\n${QUOTE}`
const FACTS: MailFacts = {
  ...NO_FACTS,
  folds: [{ kind: 'quote', start: Buffer.from(TEXT).indexOf(QUOTE), end: Buffer.byteLength(TEXT), lines: 2 }],
  codes: [
    { code: '482913', confidence: 0.97, reason: 'after a word for code', expiresInSeconds: 600 },
    { code: '11', confidence: 0.1, reason: 'alone on a line', expiresInSeconds: Number.MAX_VALUE },
  ],
  warnings: ['reply-to-differs'],
}
const VERDICT: SenderVerdict = { spf: 'pass', dkim: 'none', dmarc: 'pass', alignedDomain: 'example.org', source: 'dns' }

/** Finds the same in every mail. */
class KnowingParser extends GatedParser {
  override async parse(raw: Uint8Array): Promise<ParsedMail> {
    const mail = await super.parse(raw)
    return { ...mail, bodyText: mail.bodyText === '' ? '' : TEXT, facts: FACTS }
  }
}

let t: TestOffice
let inbox: string
/** As an earlier version left them. */
let isOld = false
/** What it knew of them: nothing, or facts of another form. */
let oldFacts: () => Packed<Message>['facts'] = () => null
beforeAll(async () => {
  t = await openOffice({
    parser: new KnowingParser({ isOpen: true }),
    parts: { senderCheck: { check: async () => VERDICT, close: async () => {} } },
    changeStore: (real) => {
      const age = <Kept extends Packed<Message> | null>(message: Kept) =>
        isOld && message ? { ...message, bodyText: 'old', facts: oldFacts() } : message
      return {
        getMessage: async (...args) => age(await real.getMessage(...args)),
        takeMessage: async (...args) => {
          const taken = await real.takeMessage(...args)
          return { ...taken, message: age(taken.message) }
        },
      }
    },
  })
  inbox = (await t.createInbox()).address
})
afterAll(() => t.close())

async function deliver(body?: string): Promise<string> {
  isOld = false
  await t.arrive(inbox, writeMail({ ...(body !== undefined && { body }) }))
  const { data } = await t.post.listMessages(AGENT, inbox, { after: null, page: { limit: 1, offset: 0 } })
  return data[0]?.id ?? ''
}

describe('a reading', () => {
  it('has the facts beside the text, and times counted from the arrival', async () => {
    const { message, facts } = await t.post.readMessage(AGENT, inbox, await deliver(), FIRST_PIECE)
    const expiresAt = new Date(Date.parse(message.createdAt) + 600_000).toISOString()
    expect(facts).toEqual({
      codes: [
        { code: '482913', confidence: 0.97, reason: 'after a word for code', expiresAt },
        { code: '11', confidence: 0.1, reason: 'alone on a line', expiresAt: null },
      ],
      links: [],
      linksLeftOut: 0,
      hidden: [],
      divergence: null,
      sender: { ...VERDICT, warnings: ['reply-to-differs'] },
    })
    expect(Object.keys(message)).not.toEqual(expect.arrayContaining(['facts']))
    expect(Object.keys(message)).not.toEqual(expect.arrayContaining(['helo']))
  })

  it('folds in the part text, and counts that view from page to page; the part full shows everything', async () => {
    const id = await deliver()
    const folded = 'Yes.\n\n[2 quoted lines]\n'
    const whole = await t.post.readMessage(AGENT, inbox, id, FIRST_PIECE)
    expect(whole).toMatchObject({ text: folded, totalTokens: Math.ceil(folded.length / 4), foldedLines: 2, nextOffset: null })
    const first = await t.post.readMessage(AGENT, inbox, id, { ...FIRST_PIECE, maxTokens: 2 })
    expect(first).toMatchObject({ text: folded.slice(0, 8), offset: 0, nextOffset: 8, totalTokens: whole.totalTokens })
    const second = await t.post.readMessage(AGENT, inbox, id, { ...FIRST_PIECE, offset: 8 })
    expect(second).toMatchObject({ text: folded.slice(8), offset: 8, nextOffset: null, foldedLines: 2 })
    const full = await t.post.readMessage(AGENT, inbox, id, { ...FIRST_PIECE, part: 'full' })
    expect(full).toMatchObject({ text: TEXT, totalTokens: Math.ceil(TEXT.length / 4), foldedLines: 0, nextOffset: null })
  })

  it('of a wait and of a resource is the same', async () => {
    const id = await deliver()
    const peeked = await t.post.peekMessage(AGENT, inbox, id)
    const read = { ...peeked, message: { ...peeked.message, read: true } }
    expect(await t.wait(inbox, { after: peeked.message.seq - 1 })).toMatchObject({ status: 'received', reading: read })
    expect(await t.post.readMessage(AGENT, inbox, id, FIRST_PIECE)).toEqual(read)
  })

  it('of mail that an earlier version filed is made anew, text and facts', async () => {
    const id = await deliver()
    const now = await t.post.peekMessage(AGENT, inbox, id)
    isOld = true
    expect(await t.post.peekMessage(AGENT, inbox, id)).toEqual(now)
    expect(await t.wait(inbox, { after: now.message.seq - 1 })).toMatchObject({ reading: { text: now.text, facts: now.facts } })
  })

  it('of such mail keeps the text of then where none can be read now', async () => {
    const id = await deliver('')
    isOld = true
    expect(await t.post.peekMessage(AGENT, inbox, id)).toMatchObject({
      text: 'old',
      facts: { codes: FACTS.codes.map(({ code }) => ({ code })) },
    })
  })

  it('of mail with facts of another form is made anew', async () => {
    const id = await deliver()
    isOld = true
    oldFacts = () => JSON.parse(JSON.stringify({ ...FACTS, divergence: { shown: 'html' } }))
    const reading = await t.post.peekMessage(AGENT, inbox, id)
    oldFacts = () => null
    expect(reading.text).not.toBe('old')
    expect(reading.facts).toMatchObject({ divergence: null, codes: FACTS.codes.map(({ code }) => ({ code })) })
  })

  it('of our own mail has no facts', async () => {
    isOld = false
    const { message } = await t.post.sendMessage(AGENT, inbox, { to: [inbox], subject: 'Hello', text: 'Hello' })
    expect(await t.post.peekMessage(AGENT, inbox, message.id)).toMatchObject({ facts: null, text: 'Hello' })
  })
})

describe('a wait that took a message', () => {
  it('and could not read it hands it back', async () => {
    const id = await deliver()
    isOld = true
    const { seq } = (await t.post.peekMessage(AGENT, inbox, id)).message
    const broken = await openOffice({
      dataDir: t.dataDir,
      world: t.world,
      changeStore: () => ({
        getRaw: async () => {
          throw new Error('disk')
        },
        takeMessage: async (...args) => {
          const taken = await t.store.takeMessage(...args)
          return { ...taken, message: taken.message && { ...taken.message, facts: null } }
        },
      }),
    })
    await expect(broken.wait(inbox, { after: seq - 1 })).rejects.toThrow('disk')
    await broken.close()
    expect((await t.post.peekMessage(AGENT, inbox, id)).message.read).toBe(false)
  })

  it('whose caller went away while it was being read hands it back', async () => {
    const id = await deliver()
    const { seq } = (await t.post.peekMessage(AGENT, inbox, id)).message
    const caller = new AbortController()
    const slow = await openOffice({
      dataDir: t.dataDir,
      world: t.world,
      changeStore: () => ({
        takeMessage: async (...args) => {
          const taken = await t.store.takeMessage(...args)
          return { ...taken, message: taken.message && { ...taken.message, facts: null } }
        },
        getRaw: async (...args) => {
          caller.abort(new Error('gone'))
          return t.store.getRaw(...args)
        },
      }),
    })
    await expect(slow.wait(inbox, { after: seq - 1 }, caller.signal)).rejects.toThrow('gone')
    await slow.close()
    expect((await t.post.peekMessage(AGENT, inbox, id)).message.read).toBe(false)
  })
})
