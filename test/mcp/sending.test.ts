import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { CLIENTS, connect, record, type TestConnection } from '../support/mcp-clients.ts'
import { SUSPENDED_REASON } from '../support/mcp-post-office.ts'

const ADA = 'ada@agents.localhost'
const EVE = 'eve@agents.localhost'
const BOB = 'bob@example.org'

describe.each(CLIENTS)('sending with %s', (kind) => {
  let t: TestConnection
  beforeEach(async () => {
    t = await connect(kind)
    await t.client.callTool('create_inbox', { localPart: 'ada', displayName: 'Ada' })
  })
  afterEach(() => t.client.close())

  const call = (name: string, args: Record<string, unknown> = {}) => t.client.callTool(name, { inbox: ADA, ...args })
  const mail = { to: [BOB], subject: 'Hello', text: 'Hello Bob' }
  const send = async (args: Record<string, unknown> = {}) => (await call('send_message', { ...mail, ...args })).structured
  const errorOf = async (name: string, args: Record<string, unknown> = {}) => {
    const { isError, structured, text } = await call(name, args)
    expect(isError, text).toBe(true)
    return record(structured.error)
  }
  const sendsToday = async () => (await call('check_quota')).structured.sendsToday

  test('send_message answers the message, where each copy stands, and the cursor', async () => {
    const { structured, text, isError } = await call('send_message', { ...mail, cc: [EVE], bcc: ['secret@example.org'] })
    expect(isError).toBe(false)
    expect(structured).toMatchObject({
      direction: 'outbound',
      status: 'queued',
      delivery: 'email',
      fromAddress: ADA,
      toAddresses: [BOB],
      ccAddresses: [EVE],
      subject: 'Hello',
      messageIdHeader: expect.stringMatching(/^<.+@agents\.localhost>$/),
      deliveries: [BOB, EVE, 'secret@example.org'].map((recipient) => ({ recipient, state: 'queued', attempts: 0 })),
      deliveryCursor: 0,
    })
    expect(structured).not.toHaveProperty('repeated')
    expect(text).toContain('Queued for 3 recipients.')
    expect(text).toContain(`- recipient: "${BOB}"; state: queued`)
    expect(text).toContain('queued: not sent yet.')
    expect(text).toContain(`Next: wait_for_message with inbox ${ADA}, for "delivery", messageId ${structured.id} and after 0`)
  })

  test('send_message takes empty lists for none', async () => {
    expect(await send({ cc: [], bcc: [], attachments: [] })).toMatchObject({ status: 'queued', deliveries: [{ recipient: BOB }] })
  })

  test('the same idempotencyKey sends once, in whatever order the arguments come', async () => {
    const first = await send({ idempotencyKey: 'k', cc: [EVE] })
    const again = await t.client.callTool('send_message', { cc: [EVE], idempotencyKey: 'k', ...mail, inbox: ADA })
    expect(again.structured).toEqual({ ...first, repeated: true })
    expect(again.text).toContain('nothing was sent again')
    expect(await sendsToday()).toBe(1)
    expect(await errorOf('send_message', { ...mail, text: 'Other', idempotencyKey: 'k' })).toMatchObject({ code: 'conflict' })
  })

  test('a reply with the same idempotencyKey goes once', async () => {
    const { id: messageId } = t.post.deliver(ADA)
    const first = await call('reply_to_message', { messageId, text: 'Yes', idempotencyKey: 'k' })
    const again = await call('reply_to_message', { messageId, text: 'Yes', idempotencyKey: 'k' })
    // Said once: the first answer told of the mail that is being answered.
    const { newMail, ...firstSent } = first.structured
    expect(newMail).toBe(`1 new message in ${ADA}`)
    expect(again.structured).toEqual({ ...firstSent, repeated: true })
    expect(await sendsToday()).toBe(1)
  })

  test('reply_to_message goes to Reply-To, in the thread, and to the others only when asked', async () => {
    const original = t.post.deliver(ADA, {
      fromAddress: BOB,
      replyToAddresses: ['desk@example.org'],
      toAddresses: [ADA, EVE],
      ccAddresses: ['carl@example.org'],
      subject: 'Question',
      messageIdHeader: '<q@example.org>',
    })
    const one = (await call('reply_to_message', { messageId: original.id, text: 'Yes' })).structured
    expect(one).toMatchObject({
      threadId: original.threadId,
      subject: 'Re: Question',
      toAddresses: ['desk@example.org'],
      ccAddresses: [],
      deliveries: [{ recipient: 'desk@example.org' }],
    })
    const all = (await call('reply_to_message', { messageId: original.id, text: 'Yes', replyAll: true })).structured
    expect(all).toMatchObject({ toAddresses: ['desk@example.org'], ccAddresses: [EVE, 'carl@example.org'] })
  })

  test('threadId continues a thread', async () => {
    const { threadId } = t.post.deliver(ADA, { messageIdHeader: '<q@example.org>' })
    expect(await send({ threadId })).toMatchObject({ threadId })
    expect(await errorOf('send_message', { ...mail, threadId: 'nope' })).toMatchObject({ code: 'thread_not_found' })
  })

  test('mail between two inboxes is answered, and both see the whole thread', async () => {
    await t.client.callTool('create_inbox', { localPart: 'eve' })
    const sent = await send({ to: [EVE] })
    expect(sent).toMatchObject({ delivery: 'local' })
    t.post.carry(ADA)
    const got = record((await t.client.callTool('wait_for_message', { inbox: EVE })).structured.message)
    expect(got).toMatchObject({ delivery: 'local', content: { fromAddress: ADA, text: 'Hello Bob' } })
    await t.client.callTool('reply_to_message', { inbox: EVE, messageId: got.id, text: 'Hello Ada' })
    t.post.carry(EVE)
    expect((await call('wait_for_message')).structured).toMatchObject({ message: { content: { text: 'Hello Ada' } } })
    const thread = await call('read_thread', { threadId: sent.threadId })
    expect(thread.structured).toMatchObject({
      total: 2,
      data: [
        { direction: 'outbound', status: 'delivered' },
        { direction: 'inbound', content: { subject: 'Re: Hello' } },
      ],
    })
  })

  test('an automatic reply never answers automatic mail', async () => {
    const { id: messageId } = t.post.deliver(ADA, { automatic: 'auto-submitted' })
    const error = await errorOf('reply_to_message', { messageId, text: 'Away', automatic: true })
    expect(error).toMatchObject({ code: 'recipient_not_allowed', reason: 'automatic_mail' })
    expect((await call('reply_to_message', { messageId, text: 'A person says yes' })).isError).toBe(false)
  })

  describe('attachments', () => {
    let directory: string
    beforeEach(async () => {
      directory = await mkdtemp(join(tmpdir(), 'inbox-mcp-attach-'))
      t.post.outbox.downloadDir = directory
      await writeFile(join(directory, 'report.txt'), 'from a file')
    })
    afterEach(() => rm(directory, { recursive: true }))

    test('come from text, base64, a message of the inbox, and the download directory', async () => {
      const files = { 1: Buffer.from('forwarded') }
      const listed = [{ id: '1', filename: 'in.pdf', contentType: 'application/pdf', size: 9 }]
      const { id: messageId } = t.post.deliver(ADA, { attachments: listed, files })
      const { id, attachments } = await send({
        attachments: [
          { filename: 'a.txt', text: 'inline' },
          { filename: 'b.bin', contentType: 'image/png', base64: Buffer.from([0, 255]).toString('base64') },
          { messageId, attachmentId: '1' },
          { path: 'report.txt', filename: 'c.txt' },
          { filename: 'empty.txt', text: '' },
        ],
      })
      expect(attachments).toEqual([
        { id: '1', filename: 'a.txt', contentType: 'text/plain', size: 6 },
        { id: '2', filename: 'b.bin', contentType: 'image/png', size: 2 },
        { id: '3', filename: 'in.pdf', contentType: 'application/pdf', size: 9 },
        { id: '4', filename: 'c.txt', contentType: 'application/octet-stream', size: 11 },
        { id: '5', filename: 'empty.txt', contentType: 'text/plain', size: 0 },
      ])
      const { blob } = await t.client.readResource(`inbox:///${ADA}/messages/${id}/attachments/4`)
      expect(Buffer.from(blob ?? '', 'base64').toString()).toBe('from a file')
    })

    test.each([
      ['both text and base64', { filename: 'a', text: 'a', base64: 'YQ==' }, /attachments\[0\] needs exactly one of/],
      ['none of them', { filename: 'a' }, /attachments\[0\] needs exactly one of/],
      ['an attachmentId alone', { attachmentId: '1' }, /needs messageId beside attachmentId/],
      ['a path out of the download directory', { path: '../secret' }, /no file below the download directory/],
      ['a path elsewhere', { path: '/etc/passwd' }, /no file below the download directory/],
      ['a URL for a path', { path: 'file:///etc/passwd' }, /no file below the download directory/],
      ['base64 that is none', { filename: 'a', base64: 'no base64!' }, /base64 that cannot be decoded/],
      ['a path for a file name', { filename: '../a', text: 'a' }, /filename with slashes/],
    ])('are refused with %s, and nothing is counted', async (_title, attachment, says) => {
      const error = await errorOf('send_message', { ...mail, attachments: [attachment] })
      expect(error).toMatchObject({ code: 'invalid_argument', message: expect.stringMatching(says) })
      expect(await sendsToday()).toBe(0)
    })

    test('of a message in another inbox are not found', async () => {
      await t.client.callTool('create_inbox', { localPart: 'eve' })
      const listed = [{ id: '1', filename: 'in.pdf', contentType: 'application/pdf', size: 1 }]
      const { id: messageId } = t.post.deliver(EVE, { attachments: listed, files: { 1: Buffer.from('x') } })
      const error = await errorOf('send_message', { ...mail, attachments: [{ messageId, attachmentId: '1' }] })
      expect(error).toMatchObject({ code: 'message_not_found' })
    })

    test('of many megabytes come inline, and the connection lives on', async () => {
      const bytes = Buffer.alloc(9_000_000, 'x')
      const sent = await send({ attachments: [{ filename: 'big.bin', base64: bytes.toString('base64') }] })
      expect(sent).toMatchObject({ attachments: [{ size: 9_000_000 }] })
      expect(await sendsToday()).toBe(1)
    })
  })

  test('wait_for_message wakes for news of a delivery, and not for other mail', async () => {
    const { id } = await send()
    const waiting = call('wait_for_message', { for: 'delivery', messageId: id, after: 0 })
    await asleep(t)
    t.post.deliver(ADA)
    await asleep(t)
    t.post.settle(ADA, String(id), BOB, {
      state: 'deferred',
      attempts: 1,
      nextAttemptAt: '2026-11-24T12:01:00.000Z',
      replyCode: 450,
      statusCode: '4.2.1',
      reason: 'the relay would not take the recipient now',
    })
    const { structured, text } = await waiting
    expect(structured).toMatchObject({
      status: 'news',
      message: { id, status: 'sending' },
      deliveries: [{ recipient: BOB, state: 'deferred', replyCode: 450, statusCode: '4.2.1' }],
      deliveryCursor: 1,
    })
    expect(text).toContain('tried again by itself, so do not send it again')
    expect(text).toContain('and after 1 tells')
    t.post.carry(ADA)
    const timeout = await call('wait_for_message', { for: 'delivery', messageId: id, after: 1, timeoutSeconds: 0 })
    expect(timeout.structured).toMatchObject({ status: 'timeout', deliveryCursor: 1, waitedSeconds: 0 })
    expect(timeout.text).toContain('This is no error.')
    expect(timeout.isError).toBe(false)
  })

  test('wait_for_message for delivery answers at once what happened already, and leaves mail unread', async () => {
    const { id } = await send()
    t.post.deliver(ADA)
    t.post.carry(ADA)
    const { structured, text } = await call('wait_for_message', { for: 'delivery', messageId: id })
    expect(structured).toMatchObject({ status: 'news', message: { status: 'sent' }, deliveries: [{ state: 'sent' }] })
    expect(text).toContain('Nothing is on its way any more.')
    expect((await call('list_messages')).structured).toMatchObject({ data: [{ direction: 'inbound', read: false }, {}] })
  })

  test('wait_for_message for delivery reports progress and ends when the caller gives up', async () => {
    const { id } = await send()
    const giveUp = new AbortController()
    const reports: number[] = []
    const waiting = t.client.callTool(
      'wait_for_message',
      { inbox: ADA, for: 'delivery', messageId: id, timeoutSeconds: 9 },
      { signal: giveUp.signal, onprogress: ({ progress }) => reports.push(progress) },
    )
    await asleep(t)
    t.post.world.advance(2_000)
    t.post.deliver(ADA)
    await expect.poll(() => reports).toEqual([2])
    await asleep(t)
    giveUp.abort()
    await expect(waiting).rejects.toThrow()
    await expect.poll(() => t.post.sleepers).toBe(0)
    expect(t.log.filter((line) => line.includes('"level":"error"'))).toEqual([])
  })

  test('an unknown delivery says that it must not be sent again, and what to tell the owner', async () => {
    const sent = await send()
    const [delivery] = [sent.deliveries].flat().map(record)
    t.post.settle(ADA, String(sent.id), BOB, { state: 'unknown', attempts: 1, reason: 'lost after the final dot' })
    const { text } = await call('wait_for_message', { for: 'delivery', messageId: sent.id })
    expect(text).toContain(`state: unknown; deliveryId: ${delivery?.id}`)
    expect(text).toContain('Do not send it again unless the user says so')
  })

  test('read_message and list_messages show what became of our own mail, and whose it is', async () => {
    const { id } = await send({ bcc: [EVE] })
    t.post.settle(ADA, String(id), BOB, { state: 'sent', attempts: 1 })
    t.post.settle(ADA, String(id), EVE, { state: 'bounced', attempts: 1, statusCode: '5.1.1', reason: 'a report came back' })
    const { structured, text } = await call('read_message', { messageId: id })
    expect(structured).toMatchObject({
      direction: 'outbound',
      status: 'bounced',
      content: { fromAddress: ADA, text: 'Hello Bob' },
      deliveries: [
        { recipient: BOB, state: 'sent' },
        { recipient: EVE, state: 'bounced', statusCode: '5.1.1' },
      ],
      deliveryCursor: 2,
    })
    expect(text).toMatch(/Your own message, sent from this inbox.*<<<mail .*Hello Bob\n[0-9a-f]{16}>>>\n.*Deliveries/s)
    expect(text).not.toContain('from a stranger')
    expect(text).toContain(`recipient: "${EVE}"; state: bounced; attempts: 1`)
    const list = await call('list_messages')
    expect(list.structured).toMatchObject({ data: [{ id, direction: 'outbound', status: 'bounced' }] })
    expect(list.text).toContain('direction: outbound; delivery: email; status: bounced')
    const { text: resource } = await t.client.readResource(`inbox:///${ADA}/messages/${id}`)
    expect(resource).toContain('Your own message')
    expect(resource).toContain('state: bounced')
  })

  test('read_message of mail that came in has no deliveries', async () => {
    const { id: messageId } = t.post.deliver(ADA)
    expect((await call('read_message', { messageId })).structured).not.toHaveProperty('deliveries')
  })

  test('over the daily limit the error says when to come back, and then it is well', async () => {
    t.post.limit(ADA, 1)
    await send()
    const { structured, text } = await call('send_message', mail)
    expect(structured.error).toMatchObject({
      code: 'daily_limit_reached',
      httpStatus: 429,
      retryable: true,
      resetsAt: '2026-11-25T00:00:00.000Z',
      retryAfterSeconds: 43_200,
    })
    expect(text).toContain('resetsAt: 2026-11-25T00:00:00.000Z; retryAfterSeconds: 43200')
    expect((await call('check_quota', { sends: 1 })).structured).toMatchObject({ remaining: 0, canSend: false, fits: false })
    t.post.world.advance(43_200_000)
    expect(await send()).toMatchObject({ status: 'queued' })
  })

  test.each([
    ['send_message', mail],
    ['reply_to_message', { text: 'Yes' }],
  ])('%s from a suspended inbox says why', async (name, args) => {
    const { id: messageId } = t.post.deliver(ADA)
    t.post.suspend(ADA)
    const { structured, text } = await call(name, name === 'reply_to_message' ? { ...args, messageId } : args)
    expect(structured.error).toMatchObject({ code: 'inbox_suspended', reason: SUSPENDED_REASON, retryable: false })
    expect(text).toContain(`reason: ${SUSPENDED_REASON}`)
    expect(text).toContain('Only the owner of this server can resume it.')
  })

  test('a recipient that bounced or complained is refused, with reason and date', async () => {
    for (const state of ['bounced', 'complained'] as const) {
      const recipient = `${state}@example.org`
      const { id } = await send({ to: [recipient] })
      t.post.settle(ADA, String(id), recipient, { state })
      const { structured, text } = await call('send_message', { ...mail, to: [recipient] })
      const facts = { recipient, reason: state, since: '2026-11-24T12:00:00.000Z' }
      expect(structured.error).toMatchObject({ code: 'recipient_not_allowed', httpStatus: 403, ...facts })
      expect(text).toContain(`recipient: ${recipient}; reason: ${state}; since: 2026-11-24T12:00:00.000Z`)
    }
    expect((await call('check_quota')).structured).toMatchObject({ bounceCount: 1, complaintCount: 1 })
  })

  test('the owner decides whom to write to, and whether anything leaves', async () => {
    t.post.outbox.sendTo = 'correspondents'
    expect(await errorOf('send_message', mail)).toMatchObject({ code: 'recipient_not_allowed', reason: 'send_policy' })
    t.post.deliver(ADA, { fromAddress: BOB })
    expect(await send()).toMatchObject({ status: 'queued' })
    t.post.outbox.sendTo = 'anyone'
    t.post.outbox.relay = 'none'
    expect(await errorOf('send_message', mail)).toMatchObject({ code: 'relay_not_configured', recipient: BOB })
    t.post.outbox.relay = 'dry-run'
    const { id, delivery } = await send()
    t.post.carry(ADA)
    const { text } = await call('wait_for_message', { for: 'delivery', messageId: id })
    expect(delivery).toBe('dry-run')
    expect(text).toContain('recorded: dry run: counted, and not sent to anybody.')
  })

  test.each([
    ['reply_to_message', { text: 'Yes' }],
    ['wait_for_message', { for: 'delivery', timeoutSeconds: 0 }],
  ])('%s finds no message of another inbox, and none of mail that came in as sent', async (name, args) => {
    await t.client.callTool('create_inbox', { localPart: 'eve' })
    const { id: messageId } = t.post.deliver(EVE)
    expect(await errorOf(name, { ...args, messageId })).toMatchObject({ code: 'message_not_found', httpStatus: 404 })
    if (name !== 'wait_for_message') return
    const { id: received } = t.post.deliver(ADA)
    expect(await errorOf(name, { ...args, messageId: received })).toMatchObject({ code: 'message_not_found' })
  })
})

/** Resolves when a wait sleeps. */
function asleep(t: TestConnection): Promise<void> {
  return expect.poll(() => t.post.sleepers, { interval: 1 }).toBe(1)
}
