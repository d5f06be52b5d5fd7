/** The post office in memory, whose answers the golden files show, says what the real one says: word by word, field by field. */

import { afterAll, beforeAll, expect, test } from 'vitest'
import { MailError } from '../../src/errors.ts'
import { NO_FACTS } from '../../src/mail-facts.ts'
import type { PostOffice } from '../../src/post-office.ts'
import { AGENT, bootApp, draft, type TestApp, writeMail } from '../support/app.ts'
import { MemoryPostOffice } from '../support/mcp-post-office.ts'

const ADA = 'ada@agents.localhost'
const BODY = '  Your \t code\r\n\r\nis  123456.  '

let real: TestApp
let memory: MemoryPostOffice
beforeAll(async () => {
  real = await bootApp({ config: { dailySendLimit: 1 } })
  memory = new MemoryPostOffice()
  memory.outbox.relay = 'none'
  for (const post of [real.post, memory]) await post.createInbox(AGENT, { localPart: 'ada', idempotencyKey: 'k' })
  memory.limit(ADA, 1)
  await real.deliver(ADA, writeMail({ body: BODY, headers: [`To: ${ADA}`] }))
  const { text: bodyText, facts: found } = await real.post.peekMessage(AGENT, ADA, await findId(real.post, 'inbound'))
  // What is found in a mail is the parser's to say, and the memory has none.
  const codes = found?.codes.map(({ expiresAt: _at, ...code }) => ({ ...code, expiresInSeconds: null })) ?? []
  const facts = { ...NO_FACTS, codes }
  memory.deliver(ADA, { fromAddress: 'sender@example.org', fromName: 'Sender', bodyText, facts })
  // Within the limit; what goes out after it is refused.
  for (const post of [real.post, memory]) await post.sendMessage(AGENT, ADA, draft({ to: [ADA], idempotencyKey: 'k' }))
  await real.app.post.idle()
  memory.carry(ADA)
})
afterAll(() => real.close())

type Call = (post: PostOffice, messageId: string) => Promise<unknown>

const page = { limit: 10, offset: 0 }
const options = { maxTokens: 100, offset: 0, part: 'text' as const }
const hooks = { signal: new AbortController().signal }
const delivery = { messageId: 'nope', after: 0, timeoutSeconds: 0 }

const FAILURES: [title: string, call: Call][] = [
  ['an inbox that is not there', (post) => post.getInbox(AGENT, 'nobody@agents.localhost')],
  ['an address that is taken', (post) => post.createInbox(AGENT, { localPart: 'ada' })],
  ['a local part that cannot be', (post) => post.createInbox(AGENT, { localPart: 'a@b' })],
  ['a domain', (post) => post.createInbox(AGENT, { domainId: 'x' })],
  ['a key used for another inbox', (post) => post.createInbox(AGENT, { localPart: 'eve', idempotencyKey: 'k' })],
  ['a message that is not there', (post) => post.readMessage(AGENT, ADA, 'nope', options)],
  ['an offset past the end', (post, id) => post.readMessage(AGENT, ADA, id, { ...options, offset: 999 })],
  ['HTML that is not there', (post, id) => post.readMessage(AGENT, ADA, id, { ...options, part: 'html' })],
  ['a change of nothing', (post, id) => post.updateMessage(AGENT, ADA, id, {})],
  ['a raw message that is not there', (post) => post.getRaw(AGENT, ADA, 'nope')],
  ['an attachment that is not there', (post, id) => post.getAttachment(AGENT, ADA, id, '1')],
  ['a thread that is not there', (post) => post.getThread(AGENT, ADA, 'nope', page)],
  ['news of a message that is not there', (post) => post.waitForDelivery(AGENT, ADA, delivery, hooks)],
  ['news of a message that came in', (post, messageId) => post.waitForDelivery(AGENT, ADA, { ...delivery, messageId }, hooks)],
  ['mail to a name', (post) => post.sendMessage(AGENT, ADA, draft({ to: [ADA], cc: ['Bob <bob@example.org>'] }))],
  ['mail to nobody', (post) => post.sendMessage(AGENT, ADA, draft({ to: [] }))],
  ['mail without text', (post) => post.sendMessage(AGENT, ADA, draft({ text: ' ' }))],
  ['mail into a thread that is not there', (post) => post.sendMessage(AGENT, ADA, draft({ to: [ADA], threadId: 'nope' }))],
  ['mail to the outside without a relay', (post) => post.sendMessage(AGENT, ADA, draft())],
  ['mail over the limit', (post) => post.sendMessage(AGENT, ADA, draft({ to: [ADA] }))],
  ['a key used for another mail', (post) => post.sendMessage(AGENT, ADA, draft({ to: [ADA], text: 'No', idempotencyKey: 'k' }))],
  ['an answer to a message that is not there', (post) => post.replyToMessage(AGENT, ADA, { messageId: 'nope', text: 'Yes' })],
]

test.each(FAILURES)('refuse %s in the same words', async (_title, call) => {
  expect(await failureOf(memory, call)).toEqual(await failureOf(real.post, call))
})

test('answer a quota, a list, a thread and a message sent in the same form', async () => {
  for (const call of [
    (post: PostOffice) => post.checkQuota(AGENT, ADA),
    (post: PostOffice) => post.listMessages(AGENT, ADA, { after: null, page }),
    (post: PostOffice) => post.listThreads(AGENT, ADA, page),
    async (post: PostOffice) => post.getSentMessage(AGENT, ADA, await findId(post, 'outbound')),
    async (post: PostOffice) => post.peekMessage(AGENT, ADA, await findId(post, 'outbound')),
    async (post: PostOffice) => post.peekMessage(AGENT, ADA, await findId(post, 'inbound')),
  ]) {
    expect(shape(await call(memory))).toEqual(shape(await call(real.post)))
  }
})

test('fold white space in a snippet', async () => {
  for (const post of [real.post, memory]) {
    const { data } = await post.listMessages(AGENT, ADA, { after: null, page })
    expect(data.at(-1)?.snippet).toBe('Your code is 123456.')
  }
})

async function failureOf(post: PostOffice, call: Call): Promise<unknown> {
  const { code, message, hint, facts } = await call(post, await findId(post, 'inbound')).then(
    (answer) => {
      throw new Error(`this should fail, but answered ${JSON.stringify(answer)}`)
    },
    (error: unknown) => {
      if (error instanceof MailError) return error
      throw error
    },
  )
  return { code, message, hint, facts: shape(facts) }
}

/** The oldest of this direction. */
async function findId(post: PostOffice, wanted: 'inbound' | 'outbound'): Promise<string> {
  const { data } = await post.listMessages(AGENT, ADA, { after: null, page })
  return data.findLast(({ direction }) => direction === wanted)?.id ?? 'none'
}

/** Names in their order, and values but for those that no two servers share: times, ids, sizes. */
function shape(value: unknown): string {
  return JSON.stringify(
    value,
    (name, field: unknown) => {
      if (/^(?:id|inboxId|threadId|size|messageIdHeader|envelopeFrom|retryAfterSeconds|secondsUntilReset)$/.test(name)) return '…'
      return typeof field === 'string' && /^\d{4}-\d\d-\d\dT/.test(field) ? 'a time' : field
    },
    2,
  )
}
