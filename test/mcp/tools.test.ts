import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { CLIENTS, connect, type TestConnection } from '../support/mcp-clients.ts'

describe.each(CLIENTS)('%s', (kind) => {
  let t: TestConnection
  beforeEach(async () => {
    t = await connect(kind)
  })
  afterEach(() => t.client.close())

  const call = (name: string, args?: Record<string, unknown>) => t.client.callTool(name, args)
  const makeInbox = async (localPart = 'ada') => String((await call('create_inbox', { localPart })).structured.address)

  test('lists the tools and says who it is', async () => {
    const tools = await t.client.listTools()
    expect(tools).toHaveLength(15)
    expect(t.client.serverVersion).toMatchObject({ name: 'inbox-mcp', title: 'Agent inboxes', version: '1.2.3' })
    expect(t.client.instructions).toMatch(/create_inbox.*wait_for_message/s)
  })

  test('create_inbox answers the inbox, where its mail is received and the cursor', async () => {
    const { structured, isError } = await call('create_inbox', { displayName: 'Ada' })
    expect(isError).toBe(false)
    expect(structured).toMatchObject({ displayName: 'Ada', domainId: null, status: 'active', sendsToday: 0, cursor: 0 })
    expect(structured).toMatchObject({ address: expect.stringContaining('@'), smtpUrl: 'smtp://127.0.0.1:2525', notice: null })
  })

  test('create_inbox with the same idempotencyKey answers the same inbox', async () => {
    const first = await call('create_inbox', { idempotencyKey: 'k' })
    const second = await call('create_inbox', { idempotencyKey: 'k' })
    expect(second.structured).toEqual(first.structured)
  })

  test('create_inbox says first why mail is not received, and sends nobody to wait for it', async () => {
    t.post.listener = { state: 'blocked', problem: 'Port 2525 belongs to another program; set --smtp-port.' }
    const { structured, text } = await call('create_inbox')
    expect(structured).toMatchObject({ smtpUrl: null, notice: 'Port 2525 belongs to another program; set --smtp-port.' })
    expect(text).toMatch(/^Port 2525 belongs to another program; set --smtp-port\.\n/)
    expect(text).toMatch(/\nNext: tell the owner of this server; no mail can arrive until then\. Only mail between inboxes/)
    expect(text).not.toMatch(/is ready|give the address away|wait_for_message/)
    t.post.listener = { state: 'elsewhere', smtpUrl: 'smtp://127.0.0.1:2525' }
    expect((await call('create_inbox')).text).toMatch(/is ready.*Next: give the address away, then wait_for_message/s)
  })

  test('list_inboxes pages, newest first', async () => {
    for (const name of ['a', 'b', 'c']) await makeInbox(name)
    const { structured, text } = await call('list_inboxes', { limit: 2, offset: 1 })
    expect(structured).toMatchObject({ total: 3, data: [{ address: 'b@agents.localhost' }, { address: 'a@agents.localhost' }] })
    expect(text).toContain('b@agents.localhost')
    expect((await call('list_inboxes', { limit: 2 })).text).toContain('More: list_inboxes with offset 2.')
  })

  test('delete_inbox answers what went with it, and frees the address', async () => {
    const inbox = await makeInbox()
    t.post.deliver(inbox)
    const { structured } = await call('delete_inbox', { inbox, confirm: inbox })
    expect(structured).toMatchObject({ address: inbox, deleted: { messages: 1, threads: 1, webhooks: 0 } })
    expect(await makeInbox()).toBe(inbox)
  })

  test('check_quota says whether that many more fit', async () => {
    const inbox = await makeInbox()
    const { structured } = await call('check_quota', { inbox, sends: 500 })
    expect(structured).toMatchObject({
      remaining: 500,
      resetsAt: expect.any(String),
      secondsUntilReset: 43_200,
      canSend: true,
      fits: true,
    })
    expect((await call('check_quota', { inbox, sends: 501 })).structured).toMatchObject({ fits: false })
    expect((await call('check_quota', { inbox })).structured).not.toHaveProperty('fits')
    t.post.suspend(inbox)
    expect((await call('check_quota', { inbox, sends: 1 })).structured).toMatchObject({ canSend: false, fits: false })
  })

  test('list_messages shows no body, and with after only what came later', async () => {
    const inbox = await makeInbox()
    t.post.deliver(inbox, { subject: 'First', bodyText: 'x'.repeat(500) })
    t.post.deliver(inbox, { subject: 'Second' })
    const all = await call('list_messages', { inbox })
    expect(all.structured).toMatchObject({
      total: 2,
      cursor: 2,
      data: [
        { seq: 2, content: { subject: 'Second' } },
        { seq: 1, content: { subject: 'First' } },
      ],
    })
    expect(JSON.stringify(all)).not.toContain('x'.repeat(200))
    const later = await call('list_messages', { inbox, after: 1 })
    expect(later.structured).toMatchObject({ total: 1, data: [{ content: { subject: 'Second' } }] })
    expect((await call('list_messages', { inbox, after: 2 })).structured).toMatchObject({ data: [], total: 0, cursor: 2 })
  })

  test('list_messages names the thread of each message, and read_thread only once', async () => {
    const inbox = await makeInbox()
    const { id, threadId } = t.post.deliver(inbox)
    expect((await call('list_messages', { inbox })).text).toContain(`- id: ${id}; threadId: ${threadId}; seq: 1;`)
    expect((await call('read_thread', { inbox, threadId })).text.split(threadId)).toHaveLength(2)
  })

  test('read_message keeps what the sender wrote below content, and marks it read', async () => {
    const inbox = await makeInbox()
    const { id } = t.post.deliver(inbox, { subject: 'Your code', fromName: 'Shop', bodyText: 'It is 123456' })
    const { structured, text } = await call('read_message', { inbox, messageId: id })
    expect(structured).toMatchObject({ id, seq: 1, read: true, returnedTokens: 3, totalTokens: 3, nextOffset: null })
    expect(structured.content).toMatchObject({ fromName: 'Shop', subject: 'Your code', text: 'It is 123456' })
    expect(structured).not.toHaveProperty('subject')
    expect(text).toContain('It is 123456')
    expect((await call('list_messages', { inbox })).structured).toMatchObject({ data: [{ id, read: true }] })
  })

  test('read_message gives long mail in pieces', async () => {
    const inbox = await makeInbox()
    const { id } = t.post.deliver(inbox, { bodyText: 'abcdefgh' })
    const first = await call('read_message', { inbox, messageId: id, maxTokens: 1 })
    expect(first.structured).toMatchObject({ returnedTokens: 1, totalTokens: 2, nextOffset: 4, content: { text: 'abcd' } })
    expect(first.text).toContain('1 of 2 tokens shown.\nMore: read_message with offset 4.')
    const second = await call('read_message', { inbox, messageId: id, maxTokens: 1, offset: 4 })
    expect(second.structured).toMatchObject({ nextOffset: null, content: { text: 'efgh' } })
  })

  test('read_message shows the HTML source when asked', async () => {
    const inbox = await makeInbox()
    const { id } = t.post.deliver(inbox, { bodyHtml: '<b>Hi</b>' })
    expect((await call('read_message', { inbox, messageId: id, part: 'html' })).structured.content).toMatchObject({
      text: '<b>Hi</b>',
    })
  })

  test('read_message and wait_for_message say whether there is HTML to look at, and point to it where the text may be a stub', async () => {
    const inbox = await makeInbox()
    const bodyHtml = '<b>Hi</b>'
    const hint = 'If this says too little: read_message with part html'
    const stub = t.post.deliver(inbox, { bodyText: 'Your mail program cannot show HTML.', bodyHtml })
    const whole = t.post.deliver(inbox, { bodyText: 'x'.repeat(1_000), bodyHtml })
    const plain = t.post.deliver(inbox)
    const waited = await call('wait_for_message', { inbox })
    expect(waited.structured).toMatchObject({ message: { id: stub.id, htmlPart: true } })
    expect(waited.text).toContain(hint)
    const readings = await Promise.all(
      [{ messageId: stub.id }, { messageId: whole.id }, { messageId: plain.id }, { messageId: stub.id, part: 'html' }].map(
        (args) => call('read_message', { inbox, ...args }),
      ),
    )
    expect(readings.map(({ structured }) => structured.htmlPart)).toEqual([true, true, false, true])
    expect(readings.map(({ text }) => text.includes('; htmlPart: true'))).toEqual([true, true, false, true])
    expect(readings.map(({ text }) => text.includes(hint))).toEqual([true, false, false, false])
  })

  test('wait_for_message answers the oldest unread that is there, once', async () => {
    const inbox = await makeInbox()
    t.post.deliver(inbox, { subject: 'First' })
    t.post.deliver(inbox, { subject: 'Second' })
    const first = await call('wait_for_message', { inbox })
    expect(first.structured).toMatchObject({
      status: 'received',
      cursor: 1,
      message: { seq: 1, read: true, content: { subject: 'First' } },
    })
    const second = await call('wait_for_message', { inbox })
    expect(second.structured).toMatchObject({ cursor: 2, message: { content: { subject: 'Second' } } })
    expect((await call('wait_for_message', { inbox, timeoutSeconds: 0 })).structured).toMatchObject({
      status: 'timeout',
      cursor: 2,
    })
  })

  test('wait_for_message wakes for mail that arrives meanwhile, and passes over what does not match', async () => {
    const inbox = await makeInbox()
    const waiting = call('wait_for_message', { inbox, from: 'SHOP', subject: 'code', contains: '123' })
    await asleep(t)
    t.post.deliver(inbox, { fromAddress: 'no-reply@shop.example', subject: 'Welcome' })
    await asleep(t)
    t.post.deliver(inbox, { fromAddress: 'no-reply@shop.example', subject: 'Your code', bodyText: '123456' })
    expect((await waiting).structured).toMatchObject({ status: 'received', message: { seq: 2 } })
  })

  test('wait_for_message reports progress when asked, each further than the one before', async () => {
    const inbox = await makeInbox()
    const reports: { progress: number; total?: number | undefined }[] = []
    const waiting = t.client.callTool(
      'wait_for_message',
      { inbox, from: 'nobody', timeoutSeconds: 5 },
      { onprogress: (p) => reports.push(p) },
    )
    for (const _second of [1, 2]) {
      await asleep(t)
      t.post.world.advance(1_000)
      t.post.deliver(inbox)
      // Rings that come without time going by are no progress.
      await asleep(t)
      t.post.deliver(inbox)
    }
    await asleep(t)
    t.post.world.advance(3_000)
    await waiting
    expect(reports.map(({ progress, total }) => [progress, total])).toEqual([
      [1, 5],
      [2, 5],
      [5, 5],
    ])
  })

  test('wait_for_message that times out says why, and is no error', async () => {
    const inbox = await makeInbox()
    const { id } = t.post.deliver(inbox, { subject: 'Welcome' })
    t.post.refuse(inbox, 'too_large')
    t.post.listener = { state: 'blocked', problem: 'Port 2525 belongs to another program.' }
    const { structured, text, isError } = await call('wait_for_message', { inbox, subject: 'code', timeoutSeconds: 0 })
    expect(isError).toBe(false)
    expect(structured).toMatchObject({
      status: 'timeout',
      cursor: 1,
      nearMisses: [{ messageId: id, seq: 1, failed: ['subject'], content: { subject: 'Welcome' } }],
      refusals: [{ reason: 'too_large' }],
      notice: 'Port 2525 belongs to another program.',
    })
    expect(text).toContain(`messageId: ${id}; seq: 1; failed: subject`)
    expect(text).toContain('reason: too_large')
    expect(text.split('<<<mail ')[0]).not.toContain('Welcome')
    expect(text).toContain('subject: "Welcome"')
  })

  test('wait_for_message that times out says of mail that was read how to see it', async () => {
    const inbox = await makeInbox()
    t.post.deliver(inbox, { subject: 'Your code' })
    const look = { inbox, subject: 'code', timeoutSeconds: 0 }
    await call('wait_for_message', look)
    const { text, structured } = await call('wait_for_message', look)
    expect(structured).toMatchObject({ nearMisses: [{ failed: ['read'], content: { subject: 'Your code' } }] })
    expect(text).toContain('already read: read_message shows it')
  })

  test('wait_for_message that times out says to wait again, but not while no mail can come', async () => {
    const inbox = await makeInbox()
    const look = { inbox, timeoutSeconds: 0 }
    expect((await call('wait_for_message', look)).text).toContain('\nNext: wait_for_message again with after 0.')
    t.post.listener = { state: 'blocked', problem: 'Port 2525 belongs to another program.' }
    const blocked = (await call('wait_for_message', look)).text
    expect(blocked).toMatch(/^Port 2525 belongs to another program\.\nTimeout: /)
    expect(blocked).toMatch(/\nNext: tell the owner of this server; no mail can arrive until then\./)
    expect(blocked).not.toContain('wait_for_message')
    t.post.deliver(inbox, { subject: 'Welcome' })
    const missed = (await call('wait_for_message', { ...look, subject: 'code' })).text
    expect(missed).toMatch(/\nNext: read_message one of these, .* or tell the owner of this server;/)
    expect(missed).not.toContain('wait_for_message')
  })

  test('wait_for_message ends when the caller gives up, and takes nothing', async () => {
    const inbox = await makeInbox()
    const giveUp = new AbortController()
    const waiting = t.client.callTool('wait_for_message', { inbox }, { signal: giveUp.signal })
    await asleep(t)
    giveUp.abort()
    await expect(waiting).rejects.toThrow()
    await expect.poll(() => t.post.sleepers).toBe(0)
    t.post.deliver(inbox)
    expect((await call('list_messages', { inbox })).structured).toMatchObject({ data: [{ read: false }] })
    expect(t.log.filter((line) => line.includes('"level":"error"'))).toEqual([])
  })

  test('update_message marks and labels', async () => {
    const inbox = await makeInbox()
    const { id } = t.post.deliver(inbox, { labels: ['old'] })
    const { structured, text } = await call('update_message', {
      inbox,
      messageId: id,
      read: true,
      addLabels: ['new'],
      removeLabels: ['old'],
    })
    expect(structured).toMatchObject({ id, read: true, content: { labels: ['new'] } })
    expect(text).toMatch(/<<<mail [0-9a-f]{16}\n"new"\n[0-9a-f]{16}>>>$/)
    expect((await call('update_message', { inbox, messageId: id, read: false })).structured).toMatchObject({
      read: false,
      content: { labels: ['new'] },
    })
    const without = await call('update_message', { inbox, messageId: id, removeLabels: ['new'] })
    expect(without.structured).toMatchObject({ content: { labels: [] } })
    expect(without.text.split('\n')).toHaveLength(1)
  })

  test('delete_message removes one message', async () => {
    const inbox = await makeInbox()
    const { id } = t.post.deliver(inbox)
    expect((await call('delete_message', { inbox, messageId: id })).structured).toEqual({ id, deleted: true })
    expect((await call('list_messages', { inbox })).structured).toMatchObject({ total: 0 })
  })

  test('what belongs to another agent is as absent as what does not exist', async () => {
    const inbox = await makeInbox()
    const { id, threadId } = t.post.deliver(inbox)
    const sent = await call('send_message', { inbox, to: ['bob@example.org'], subject: 'Hello', text: 'Hello' })
    const other = await connect(kind, { post: t.post, agent: 'other' })
    try {
      const calls: [string, Record<string, unknown>][] = [
        ['delete_inbox', { inbox, confirm: inbox }],
        ['check_quota', { inbox }],
        ['list_messages', { inbox }],
        ['read_message', { inbox, messageId: id }],
        ['wait_for_message', { inbox, timeoutSeconds: 0 }],
        ['update_message', { inbox, messageId: id, read: true }],
        ['delete_message', { inbox, messageId: id }],
        ['list_threads', { inbox }],
        ['read_thread', { inbox, threadId }],
        ['wait_for_message', { inbox, for: 'delivery', messageId: sent.structured.id, timeoutSeconds: 0 }],
        ['send_message', { inbox, to: ['bob@example.org'], subject: 'Hello', text: 'Hello' }],
        ['reply_to_message', { inbox, messageId: id, text: 'Hello' }],
      ]
      for (const [name, args] of calls) {
        const theirs = await other.client.callTool(name, args)
        const nobodys = await other.client.callTool(name, { ...args, inbox: 'nobody@agents.localhost' })
        expect(theirs.structured.error, name).toMatchObject({ code: 'inbox_not_found' })
        expect(theirs, name).toEqual(nobodys)
      }
      expect((await other.client.callTool('list_inboxes')).structured).toEqual({ data: [], total: 0, nextOffset: null })
    } finally {
      await other.client.close()
    }
  })
})

/** Resolves when a wait sleeps. */
function asleep(t: TestConnection): Promise<void> {
  return expect.poll(() => t.post.sleepers, { interval: 1 }).toBe(1)
}
