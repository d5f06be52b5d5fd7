import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MailError } from '../../src/errors.ts'
import { AGENT, bootApp, type TestApp, writeMail } from '../support/app.ts'
import { Campaign, report, type Turn } from './fuzz/campaign.ts'
import { mutateText } from './fuzz/text.ts'

const QUERIES = [
  ...[
    'invoice',
    'verification code',
    '"your code" from:shop',
    '-invoice',
    'from:alice@example.com -from:bob',
    'to:ada subject:"two words"',
    'has:attachment is:unread',
  ],
  ...[
    'label:shop -label:"two words"',
    'before:2026-01-31 after:2d',
    'larger:10k smaller:5mb',
    'after:2026-01-31T10:30+02:00',
    'https://x.test/a?b=c',
    '\u8acb\u6c42\u66f8 caf\u00e9',
    'a.b@c.test',
  ],
]
/** Of this search, of full text in SQLite, and of other searches. */
const TOKENS = [
  ...[
    'from:',
    'to:',
    'subject:',
    'has:',
    'is:',
    'label:',
    'before:',
    'after:',
    'larger:',
    'smaller:',
    'cc:',
    'constructor:',
    '__proto__:',
    '-',
    '"',
    '""',
    '(',
    ')',
    '*',
    '^',
    ':',
    '+',
    '|',
    '||',
  ],
  ...[
    'AND',
    'OR',
    'NOT',
    'NEAR(a b, 5)',
    'NEAR/2',
    '{subject text} :',
    'inbox:',
    'rowid',
    "'",
    "';--",
    '--',
    '/*',
    '%',
    '_',
    '?',
    '?1',
    '\\',
    ' ',
    '  ',
    '1e999',
    '99999999999d',
    '-1',
    '0',
    'mb',
    '2026-02-30',
  ],
]
/** Only in what belongs to another agent. */
const SECRET = 'xylophone'

/** Pages are compared over all mail of the inbox. */
const ALL = { limit: 100, offset: 0 }
const ASKED_TOGETHER = 16

describe('a search of anything', () => {
  const campaign = new Campaign('search', 15_000)
  let app: TestApp
  let address: string
  let others: string
  let total: number
  beforeAll(async () => {
    app = await bootApp()
    address = (await app.createInbox('ada')).address
    others = (await app.createInbox('eve', 'another')).address
    const bodies = [...QUERIES, 'Your code is 123456.', '\u05d0\u05d1 \u0627\u0628 \u0e33', 'a"b\'c*d', 'naïve café NAÏVE', '']
    for (const [at, body] of bodies.entries()) {
      await app.deliver(address, writeMail({ subject: `Subject ${at} ${body}`.slice(0, 90), body, from: `p${at}@example.com` }))
    }
    await app.deliver(others, writeMail({ subject: SECRET, body: `${SECRET} invoice verification code` }))
    total = await count('')
  })
  afterAll(async () => {
    await app.close()
    report(campaign.summary())
  })

  async function count(query: string): Promise<number> {
    return (await app.post.listMessages(AGENT, address, { after: null, page: ALL, query })).total
  }

  async function attack(turn: Turn): Promise<void> {
    const query = mutateText(turn.dice, [...QUERIES, SECRET], TOKENS)
    campaign.fault(turn, query, await findFaults(query))
  }

  async function findFaults(query: string): Promise<string[]> {
    try {
      const found = await app.post.listMessages(AGENT, address, { after: null, page: ALL, query })
      campaign.count(found.total === 0 ? 'nothing found' : 'mail found')
      return [
        ...(found.total !== found.data.length ? [`${found.data.length} of ${found.total}`] : []),
        ...(JSON.stringify(found.data).includes(SECRET) ? ['mail of another agent'] : []),
        ...(await findContradiction(query, found.total)),
      ]
    } catch (error) {
      campaign.count('refusals')
      if (error instanceof MailError && error.code === 'invalid_argument')
        return error.message.length < 500 ? [] : ['a long refusal']
      return [`threw ${error instanceof Error ? error.stack : String(error)}`]
    }
  }

  /** What a word finds and what its opposite finds is all there is. */
  async function findContradiction(query: string, found: number): Promise<string[]> {
    if (!/^[\p{L}\p{N}]+$/u.test(query)) return []
    campaign.count('opposites')
    const opposite = await count(`-${query}`)
    return found + opposite === total ? [] : [`${found} with and ${opposite} without, of ${total}`]
  }

  it('answers what is there of the agent, or says what to write', { timeout: 900_000 }, async () => {
    for (const batch of campaign.batches(ASKED_TOGETHER)) await Promise.all(batch.map(attack))
    expect(await count('')).toBe(total)
    expect(app.complaints).toEqual([])
    expect(campaign.faults).toEqual([])
  })
})
