import { beforeEach, describe, expect, test } from 'vitest'
import { createLog } from '../../src/log.ts'
import { NO_FACTS } from '../../src/mail-facts.ts'
import type { Message } from '../../src/model.ts'
import { Senders, type SendersParts } from '../../src/post-office/senders.ts'
import { type CheckedMail, type SenderCheck, type SenderVerdict, UNKNOWN_SENDER } from '../../src/sender-check.ts'
import { AGENT } from '../support/app.ts'

const PASSED: SenderVerdict = { spf: 'pass', dkim: 'pass', dmarc: 'pass', alignedDomain: 'example.org', source: 'dns' }

let checked: CheckedMail[]
let complaints: string[]
let kept: SenderVerdict | null

beforeEach(() => {
  checked = []
  complaints = []
  kept = null
})

function open(check: SenderCheck['check'] | null, broken: Partial<SendersParts['store']> = {}): Senders {
  const store: SendersParts['store'] = {
    getRaw: async () => Buffer.from('raw'),
    saveSenderVerdict: async (_agent, _ref, _messageId, verdict) => {
      kept = verdict
    },
    ...broken,
  }
  const log = createLog(
    'warn',
    () => 0,
    (line) => complaints.push(line),
  )
  return new Senders({ store, senderCheck: check && { check, close: async () => {} }, log })
}

const answer =
  (...verdicts: SenderVerdict[]): SenderCheck['check'] =>
  async (mail) => {
    checked.push(mail)
    return verdicts[checked.length - 1] ?? UNKNOWN_SENDER
  }

/** As the store has it now. */
const read = (): Message => ({ ...MESSAGE, senderVerdict: kept })

describe('a sender', () => {
  test('is checked once, with what the session and the mail say, and the verdict is kept', async () => {
    const senders = open(answer(PASSED))
    expect(await senders.describe(AGENT, read())).toEqual(PASSED)
    expect(await senders.describe(AGENT, read())).toEqual(PASSED)
    expect(kept).toEqual(PASSED)
    expect(checked).toEqual([
      {
        raw: Buffer.from('raw'),
        envelopeFrom: 'bounce@example.org',
        helo: 'mail.example.org',
        remoteAddress: '192.0.2.1',
        fromAddress: 'a@example.org',
        receivedAt: Date.parse(MESSAGE.createdAt),
      },
    ])
  })

  test('is checked once for all who read at the same moment', async () => {
    const senders = open(answer(PASSED))
    const message = read()
    expect(await Promise.all([senders.describe(AGENT, message), senders.describe(AGENT, message)])).toEqual([PASSED, PASSED])
    expect(checked).toHaveLength(1)
  })

  test.each<[string, SenderVerdict]>([
    ['nobody could look', UNKNOWN_SENDER],
    ['DNS failed for a part of it', { ...PASSED, spf: 'temperror' }],
    ['DNS failed for a key', { ...PASSED, dkim: 'temperror' }],
  ])('is looked for again where %s', async (_why, first) => {
    const senders = open(answer(first, PASSED))
    expect(await senders.describe(AGENT, read())).toEqual(first)
    expect(read().senderVerdict).toBeNull()
    expect(await senders.describe(AGENT, read())).toEqual(PASSED)
  })

  test('of our own mail, of mail between inboxes here, and without a check is unknown', async () => {
    const message = read()
    const senders = open(answer(PASSED))
    expect(await senders.describe(AGENT, { ...message, direction: 'outbound' })).toEqual(UNKNOWN_SENDER)
    expect(await senders.describe(AGENT, { ...message, remoteAddress: null })).toEqual(UNKNOWN_SENDER)
    expect(await open(null).describe(AGENT, message)).toEqual(UNKNOWN_SENDER)
    expect(checked).toHaveLength(0)
  })
})

describe('a failure', () => {
  const fail = async () => {
    throw new Error('broken')
  }

  test('of the check leaves the sender unknown, is logged, and is tried again', async () => {
    const senders = open(fail)
    expect(await senders.describe(AGENT, read())).toEqual(UNKNOWN_SENDER)
    expect(complaints.join()).toContain('sender_check_failed')
    expect(read().senderVerdict).toBeNull()
  })

  test('to read the bytes leaves it unknown', async () => {
    expect(await open(answer(PASSED), { getRaw: fail }).describe(AGENT, read())).toEqual(UNKNOWN_SENDER)
    expect(complaints.join()).toContain('sender_check_failed')
  })

  test('to keep the verdict does not take it from the reader', async () => {
    expect(await open(answer(PASSED), { saveSenderVerdict: fail }).describe(AGENT, read())).toEqual(PASSED)
    expect(complaints.join()).toContain('sender_check_failed')
  })
})

const MESSAGE: Message = {
  id: 'm1',
  inboxId: 'i1',
  threadId: 't1',
  seq: 1,
  direction: 'inbound',
  fromAddress: 'a@example.org',
  fromName: null,
  toAddresses: [],
  ccAddresses: [],
  replyToAddresses: [],
  subject: 'Hello',
  snippet: '',
  delivery: 'email',
  status: 'received',
  attachments: [],
  messageIdHeader: null,
  read: false,
  labels: [],
  size: 3,
  createdAt: '2026-11-24T12:00:00.000Z',
  problem: null,
  bodyText: '',
  bodyHtml: null,
  envelopeFrom: 'bounce@example.org',
  envelopeTo: 'inbox@agents.localhost',
  sentAt: null,
  inReplyTo: null,
  references: [],
  automatic: null,
  facts: NO_FACTS,
  remoteAddress: '192.0.2.1',
  helo: 'mail.example.org',
  senderVerdict: null,
}
