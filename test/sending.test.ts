import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { SendInput } from '../src/post-office.ts'
import { AGENT, bootApp, draft, type TestApp, writeMail } from './support/app.ts'
import { ScriptedRelay } from './support/scripted-relay.ts'
import { TestWorld } from './support/world.ts'

const PAGE = { limit: 20, offset: 0 }

describe('sending', () => {
  let app: TestApp
  /** Has no relay, and a store of its own. */
  let alone: TestApp
  let relay: ScriptedRelay
  let from: string
  beforeAll(async () => {
    relay = await ScriptedRelay.start()
    app = await bootApp({ config: { relayUrl: relay.url } })
    alone = await bootApp()
  })
  afterAll(async () => {
    await app.close()
    await alone.close()
    await relay.close()
  })
  beforeEach(async () => {
    from = (await app.post.createInbox(AGENT, { displayName: 'Ada Łovelace' })).address
    relay.messages.length = 0
    relay.script = () => undefined
  })

  const send = (input: Partial<SendInput> = {}) => app.post.sendMessage(AGENT, from, draft(input))
  const newest = async (inbox: string) => (await app.post.listMessages(AGENT, inbox, { after: null, page: PAGE })).data[0]

  async function received(inbox: string, data: string): Promise<string> {
    await app.deliver(inbox, data)
    return (await newest(inbox))?.id ?? ''
  }

  it('queues, carries and settles a message, with one copy on the wire for each recipient', async () => {
    const sent = await send({ to: ['a@example.org'], cc: ['b@example.org'], bcc: ['c@example.org'] })
    expect(sent).toMatchObject({
      message: { status: 'queued', direction: 'outbound', delivery: 'email' },
      deliveryCursor: 0,
      repeated: false,
    })
    await app.app.post.idle()
    const after = await app.post.getSentMessage(AGENT, from, sent.message.id)
    expect(after.message.status).toBe('sent')
    expect(after.deliveries.map(({ state }) => state)).toEqual(['sent', 'sent', 'sent'])
    expect(relay.messages.map(({ recipients }) => recipients).sort()).toEqual([
      ['a@example.org'],
      ['b@example.org'],
      ['c@example.org'],
    ])
    expect(new Set(relay.messages.map(({ from: path }) => path)).size).toBe(3)
    for (const { data, from: path } of relay.messages) {
      expect(path).toMatch(/^bounce\+[0-9a-f]{32}-[0-9a-f]{20}@agents\.localhost$/)
      expect(data.toString()).not.toContain('c@example.org')
      expect(data.toString()).toContain(`Message-ID: ${sent.message.messageIdHeader}`)
    }
  })

  it('hands mail to an inbox here without a relay, into one thread on each side', async () => {
    const { address: to } = await app.createInbox()
    const sent = await send({ to: [to], text: 'Between us.' })
    await app.app.post.idle()
    expect(await app.post.getSentMessage(AGENT, from, sent.message.id)).toMatchObject({
      message: { status: 'delivered', delivery: 'local' },
      deliveries: [{ state: 'delivered' }],
    })
    const arrived = await newest(to)
    expect(arrived).toMatchObject({
      delivery: 'local',
      fromAddress: from,
      fromName: 'Ada Łovelace',
      messageIdHeader: sent.message.messageIdHeader,
    })
    await app.post.replyToMessage(AGENT, to, { messageId: arrived?.id ?? '', text: 'Indeed.' })
    await app.app.post.idle()
    const answer = await newest(from)
    expect(answer).toMatchObject({ subject: 'Re: Hello', threadId: sent.message.threadId, direction: 'inbound' })
    const thread = await app.post.getThread(AGENT, from, sent.message.threadId, PAGE)
    expect(thread.data.map(({ direction }) => direction)).toEqual(['outbound', 'inbound'])
    expect(thread.thread.messageCount).toBe(2)
    expect(relay.messages).toEqual([])
  })

  it('refuses whom neither an inbox here nor a relay can reach, before anything is counted', async () => {
    const { address } = await alone.createInbox()
    const { address: here } = await alone.createInbox()
    const mixed = alone.post.sendMessage(AGENT, address, draft({ to: [here, 'b@example.org'] }))
    await expect(mixed).rejects.toMatchObject({ code: 'relay_not_configured' })
    expect(await alone.post.checkQuota(AGENT, address)).toMatchObject({ sendsToday: 0, totalSent: 0 })
    expect((await alone.post.listMessages(AGENT, address, { after: null, page: PAGE })).total).toBe(0)
  })

  it('records a dry run and sends nothing', async () => {
    const dry = await bootApp({ config: { dryRun: true, relayUrl: relay.url } })
    try {
      const { address } = await dry.createInbox()
      const sent = await dry.post.sendMessage(AGENT, address, draft())
      await dry.app.post.idle()
      expect(await dry.post.getSentMessage(AGENT, address, sent.message.id)).toMatchObject({
        message: { delivery: 'dry-run', status: 'recorded' },
        deliveries: [{ state: 'recorded' }],
      })
      expect(await dry.post.checkQuota(AGENT, address)).toMatchObject({ sendsToday: 1 })
      expect(relay.messages).toEqual([])
    } finally {
      await dry.close()
    }
  })

  it('leaves what is for the relay to a process that has one', async () => {
    relay.script = ({ stage }) => (stage === 'mail' ? '451 4.3.0 later' : undefined)
    const { message } = await send()
    await app.app.post.idle()
    const beside = await bootApp({ dataDir: app.dataDir, world: new TestWorld(Date.now() + 3_600_000) })
    try {
      await beside.app.post.idle()
      expect(await app.post.getSentMessage(AGENT, from, message.id)).toMatchObject({
        deliveries: [{ state: 'deferred', attempts: 1 }],
      })
    } finally {
      await beside.close()
    }
  })

  it('answers the first result to the same idempotency key, and conflict to another content', async () => {
    const first = await send({ idempotencyKey: 'k' })
    expect(await send({ idempotencyKey: 'k' })).toMatchObject({ repeated: true, message: { id: first.message.id } })
    await expect(send({ idempotencyKey: 'k', text: 'Other.' })).rejects.toMatchObject({ code: 'conflict' })
    await app.app.post.idle()
    expect(relay.messages).toHaveLength(1)
  })

  describe('a reply', () => {
    it('goes to Reply-To, carries In-Reply-To and the whole chain', async () => {
      const headers = ['Message-ID: <3@x>', 'References: <1@x> <2@x>', 'Reply-To: Desk <desk@example.org>']
      const messageId = await received(from, writeMail({ subject: 'RE: Order', headers }))
      await app.post.replyToMessage(AGENT, from, { messageId, text: 'Thanks.' })
      await app.app.post.idle()
      const [copy] = relay.messages
      expect(copy?.recipients).toEqual(['desk@example.org'])
      expect(copy?.data.toString()).toMatch(/In-Reply-To: <3@x>\r\nReferences: <1@x> <2@x> <3@x>\r\n/)
      expect(copy?.data.toString()).toMatch(/Subject: RE: Order\r\n/)
    })

    it('to all leaves out our own address and whom it cannot reach', async () => {
      const headers = [
        `To: ${from}, other@example.org, ${from.replace('@', '+tag@')}`,
        'Cc: third@example.org, "odd one"@example.org',
      ]
      const messageId = await received(from, writeMail({ headers }))
      const sent = await app.post.replyToMessage(AGENT, from, { messageId, text: 'All.', replyAll: true })
      expect(sent.message.toAddresses).toEqual(['sender@example.org'])
      expect(sent.message.ccAddresses).toEqual(['other@example.org', 'third@example.org'])
      await app.app.post.idle()
    })

    it('to a message of another inbox finds nothing', async () => {
      const { address: other } = await app.createInbox()
      const messageId = await received(other, writeMail())
      await expect(app.post.replyToMessage(AGENT, from, { messageId, text: 'x' })).rejects.toMatchObject({
        code: 'message_not_found',
      })
    })

    it('to an address that cannot be written to says so without its words', async () => {
      const messageId = await received(from, writeMail({ headers: ['Reply-To: "obey me"@example.org'] }))
      const reply = app.post.replyToMessage(AGENT, from, { messageId, text: 'x' })
      await expect(reply).rejects.toMatchObject({ code: 'invalid_argument', message: expect.not.stringContaining('obey') })
    })

    it('that cannot be carried says so without the words of the mail', async () => {
      const { address } = await alone.createInbox()
      await alone.deliver(address, writeMail({ headers: ['Reply-To: obey-me-now@example.org'] }))
      const [message] = (await alone.post.listMessages(AGENT, address, { after: null, page: PAGE })).data
      const error = await alone.post
        .replyToMessage(AGENT, address, { messageId: message?.id ?? '', text: 'x' })
        .catch((thrown) => thrown)
      expect(error).toMatchObject({ code: 'relay_not_configured' })
      expect(JSON.stringify([error.message, error.hint, error.facts])).not.toContain('obey')
    })

    it.each([
      ['a null sender', '', []],
      ['an automatic message', 'a@example.org', ['Auto-Submitted: auto-replied']],
      ['a bulk mailing', 'a@example.org', ['Precedence: bulk']],
      ['a mailing list', 'a@example.org', ['List-Id: <l.example.org>']],
    ])('that is automatic never answers %s', async (_name, envelopeFrom, headers) => {
      await app.deliver(from, writeMail({ headers }), envelopeFrom)
      const messageId = (await newest(from))?.id ?? ''
      const reply = app.post.replyToMessage(AGENT, from, { messageId, text: 'x', automatic: true })
      await expect(reply).rejects.toMatchObject({ code: 'recipient_not_allowed', facts: { reason: 'automatic_mail' } })
    })

    it('of a machine to a machine stops by itself', async () => {
      const { address: other } = await app.createInbox()
      let replies = 0
      await send({ to: [other] })
      for (let inbox = other; ; inbox = inbox === other ? from : other) {
        await app.app.post.idle()
        const message = await newest(inbox)
        const reply = app.post.replyToMessage(AGENT, inbox, {
          messageId: message?.id ?? '',
          text: 'Out of office.',
          automatic: true,
        })
        const code = await reply.then(
          () => 'sent',
          (error: { code?: string }) => error.code,
        )
        if (code !== 'sent') {
          expect(code).toBe('recipient_not_allowed')
          break
        }
        replies += 1
      }
      expect(replies).toBe(1)
    })
  })

  describe('refuses', () => {
    it.each<[string, Partial<SendInput>, string]>([
      ['nobody', { to: [] }, 'invalid_argument'],
      ['51 recipients', { to: Array.from({ length: 51 }, (_, index) => `r${index}@example.org`) }, 'invalid_argument'],
      ['a recipient with a line break', { to: ['a@example.org\r\nRCPT TO:<b@example.org>'] }, 'invalid_argument'],
      ['two in one', { to: ['a@example.org,b@example.org'] }, 'invalid_argument'],
      ['a display name', { to: ['A <a@example.org>'] }, 'invalid_argument'],
      ['a full-width letter', { to: ['ａ@example.org'] }, 'invalid_argument'],
      ['a full-width dot', { to: ['a@example。org'] }, 'invalid_argument'],
      ['a subject with a line break', { subject: 'a\r\nBcc: b@example.org' }, 'invalid_argument'],
      ['a subject over 998 bytes', { subject: 'ä'.repeat(500) }, 'invalid_argument'],
      ['an empty text', { text: ' ' }, 'invalid_argument'],
      ['a thread that is not there', { threadId: '01900000-0000-7000-8000-000000000000' }, 'thread_not_found'],
      ['text and base64 at once', { attachments: [{ filename: 'a', text: 'a', base64: 'YQ==' }] }, 'invalid_argument'],
      ['bad base64', { attachments: [{ filename: 'a', base64: 'not base64!' }] }, 'invalid_argument'],
      ['a file name with a slash', { attachments: [{ filename: '../a', text: 'a' }] }, 'invalid_argument'],
      ['a URL', { attachments: [{ path: 'file:///etc/passwd' }] }, 'invalid_argument'],
      ['another URL', { attachments: [{ path: 'http://127.0.0.1/' }] }, 'invalid_argument'],
      ['an absolute path', { attachments: [{ path: '/etc/passwd' }] }, 'invalid_argument'],
      ['a path out of the directory', { attachments: [{ path: '../inbox.sqlite' }] }, 'invalid_argument'],
      ['26 MB', { attachments: [{ filename: 'a', base64: Buffer.alloc(27_000_000).toString('base64') }] }, 'message_too_large'],
    ])('%s', async (_name, input, code) => {
      await expect(send(input)).rejects.toMatchObject({ code })
      expect(await app.post.checkQuota(AGENT, from)).toMatchObject({ sendsToday: 0 })
    })
  })

  describe('attachments', () => {
    let downloads: string
    beforeAll(async () => {
      downloads = join(app.dataDir, 'downloads')
      await mkdir(downloads, { recursive: true })
    })

    it('come from text, base64, a message of the same inbox and the download directory', async () => {
      await writeFile(join(downloads, 'report.txt'), 'from a file')
      const parts = [
        '--b',
        'Content-Type: text/plain',
        'Content-Disposition: attachment; filename=was.txt',
        '',
        'from a mail',
        '--b--',
      ]
      const messageId = await received(
        from,
        writeMail({ headers: ['Content-Type: multipart/mixed; boundary=b'], body: parts.join('\r\n') }),
      )
      const { address: to } = await app.createInbox()
      await send({
        to: [to],
        attachments: [
          { filename: 'a.txt', text: 'from text' },
          { filename: 'b.bin', base64: Buffer.from('from base64').toString('base64'), contentType: 'application/x-b' },
          { messageId, attachmentId: '1' },
          { path: 'report.txt' },
        ],
      })
      await app.app.post.idle()
      const message = await newest(to)
      const read = async (id: string) =>
        Buffer.from((await app.post.getAttachment(AGENT, to, message?.id ?? '', id)).bytes)
          .toString()
          .trim()
      expect(message?.attachments.map(({ filename }) => filename)).toEqual(['a.txt', 'b.bin', 'was.txt', 'report.txt'])
      expect(await Promise.all(['1', '2', '3', '4'].map(read))).toEqual([
        'from text',
        'from base64',
        'from a mail',
        'from a file',
      ])
    })

    it('never come through a link out of the directory, a directory or a link to a directory', async () => {
      const outside = await mkdtemp(join(tmpdir(), 'inbox-mcp-outside-'))
      try {
        await writeFile(join(outside, 'secret.txt'), 'secret')
        await symlink(join(outside, 'secret.txt'), join(downloads, 'link.txt'))
        await symlink(outside, join(downloads, 'dir'))
        for (const path of ['link.txt', 'dir/secret.txt', 'dir', '.', '', 'report.txt/..', '\0']) {
          await expect(send({ attachments: [{ filename: 'x', path }] }), path).rejects.toMatchObject({ code: 'invalid_argument' })
        }
      } finally {
        await rm(outside, { recursive: true })
      }
    })
  })
})

describe('the policy of the owner', () => {
  let app: TestApp | undefined
  afterEach(async () => {
    await app?.close()
    app = undefined
  })

  it('correspondents: only who wrote first may be answered', async () => {
    app = await bootApp({ config: { dryRun: true, sendPolicy: { kind: 'correspondents' } } })
    const { address } = await app.createInbox()
    const write = () => app?.post.sendMessage(AGENT, address, draft({ to: ['sender@example.org'] }))
    await expect(write()).rejects.toMatchObject({ code: 'recipient_not_allowed', facts: { reason: 'send_policy' } })
    await app.deliver(address, writeMail())
    expect(await write()).toMatchObject({ message: { status: 'queued' } })
    const beside = app.post.sendMessage(AGENT, address, draft({ to: ['sender@example.org'], bcc: ['other@example.org'] }))
    await expect(beside).rejects.toMatchObject({ code: 'recipient_not_allowed' })
  })

  it('a list: these addresses and domains, whatever field they stand in', async () => {
    const sendPolicy = { kind: 'list', addresses: new Set(['a@one.example']), domains: new Set(['two.example']) } as const
    app = await bootApp({ config: { dryRun: true, sendPolicy } })
    const { address } = await app.createInbox()
    const write = (input: Partial<SendInput>) => app?.post.sendMessage(AGENT, address, draft(input))
    expect(await write({ to: ['A@one.example'], cc: ['x@TWO.example'] })).toMatchObject({ message: { status: 'queued' } })
    for (const input of [{ to: ['b@one.example'] }, { to: ['a@one.example'], bcc: ['x@sub.two.example'] }, { to: [address] }]) {
      await expect(write(input)).rejects.toMatchObject({ code: 'recipient_not_allowed' })
    }
  })

  it('read-only: nothing is made, changed, removed or sent', async () => {
    app = await bootApp()
    const { address } = await app.createInbox('kept')
    await app.deliver(address, writeMail())
    const { dataDir } = app
    const reader = await bootApp({ dataDir, config: { readOnly: true } })
    try {
      const [message] = (await reader.post.listMessages(AGENT, address, { after: null, page: PAGE })).data
      const id = message?.id ?? ''
      const tries = [
        reader.post.createInbox(AGENT, {}),
        reader.post.deleteInbox(AGENT, address),
        reader.post.updateMessage(AGENT, address, id, { read: true }),
        reader.post.deleteMessage(AGENT, address, id),
        reader.post.sendMessage(AGENT, address, draft({ to: [address] })),
        reader.post.replyToMessage(AGENT, address, { messageId: id, text: 'x' }),
      ]
      for (const attempt of await Promise.allSettled(tries)) {
        expect(attempt).toMatchObject({ status: 'rejected', reason: { code: 'read_only' } })
      }
      expect(await reader.post.readMessage(AGENT, address, id, { maxTokens: 100, offset: 0, part: 'text' })).toMatchObject({
        text: expect.stringContaining('Hello'),
      })
    } finally {
      await reader.close()
    }
  })
})
