import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { Client } from '@modelcontextprotocol/client'
import { StdioServerTransport } from '@modelcontextprotocol/server/stdio'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { REAL_WORLD } from '../src/app.ts'
import { SILENT_LOG } from '../src/log.ts'
import { serveMcp } from '../src/mcp/server.ts'
import { bootApp, type TestApp, writeMail } from './support/app.ts'
import { openSession } from './support/smtp-session.ts'

const SECRET = 'the words that only Ada may read'
const MISSING = '01900000-0000-7000-8000-000000000000'

/** Two processes' worth of servers on one data directory, each for an agent of its own, seen through a real client. */
describe('of two agents on one data directory, one', () => {
  let dataDir: string
  const apps: TestApp[] = []
  let ada: Client
  let bob: Client
  let inbox: { id: string; address: string }
  let messageId: string
  let threadId: string

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'inbox-mcp-isolation-'))
    ada = await connect('ada')
    bob = await connect('bob')
    const created = await call(ada, 'create_inbox', { localPart: 'ada', displayName: 'Ada', idempotencyKey: 'key' })
    inbox = { id: String(created.id), address: String(created.address) }
    const boundary = [
      '--b',
      'Content-Type: text/plain',
      '',
      SECRET,
      '--b',
      'Content-Disposition: attachment; filename=plan.txt',
      '',
      SECRET,
      '--b--',
    ]
    const headers = ['Message-ID: <first@example.org>', 'Content-Type: multipart/mixed; boundary=b']
    await apps[0]?.deliver('ada+tag@agents.localhost', writeMail({ subject: SECRET, headers, body: boundary.join('\r\n') }))
    const listed = await call(ada, 'list_messages', { inbox: inbox.id })
    const [message] = Array.isArray(listed.data) ? listed.data : []
    messageId = String(message.id)
    threadId = String(message.threadId)
  })
  afterAll(async () => {
    await Promise.all([ada.close(), bob.close()])
    for (const app of apps) await app.close()
    await rm(dataDir, { recursive: true, force: true })
  })

  async function connect(agent: string): Promise<Client> {
    const app = await bootApp({ dataDir })
    apps.push(app)
    const toServer = new PassThrough()
    const fromServer = new PassThrough()
    const transport = new StdioServerTransport(toServer, fromServer)
    const toolsets = ['inboxes', 'messages', 'sending', 'domains']
    serveMcp({ postOffice: app.post, agent, toolsets, version: '1', log: SILENT_LOG, world: REAL_WORLD, transport })
    const client = new Client({ name: agent, version: '1' })
    await client.connect(new StdioServerTransport(fromServer, toServer))
    return client
  }

  async function call(client: Client, name: string, args: Record<string, unknown>): Promise<Record<string, unknown>> {
    const { structuredContent } = await client.callTool({ name, arguments: args })
    return { ...(typeof structuredContent === 'object' ? structuredContent : {}) }
  }

  /** Everything a client was told, without the words it said itself. */
  async function tell(client: Client, name: string, args: Record<string, unknown>): Promise<string> {
    const result = JSON.stringify(await client.callTool({ name, arguments: args }))
    return Object.values(args).reduce<string>((text, said) => text.replaceAll(String(said), '…'), result)
  }

  const tries = (ref: string, id: string): [string, Record<string, unknown>][] => [
    ['check_quota', { inbox: ref }],
    ['list_messages', { inbox: ref }],
    ['read_message', { inbox: ref, messageId: id }],
    ['read_message', { inbox: ref, messageId: id, attachmentId: '1' }],
    ['save_attachment', { inbox: ref, messageId: id, attachmentId: '1' }],
    ['wait_for_message', { inbox: ref, timeoutSeconds: 0 }],
    ['update_message', { inbox: ref, messageId: id, read: true }],
    ['delete_message', { inbox: ref, messageId: id }],
    ['delete_inbox', { inbox: ref, confirm: ref }],
  ]

  it('is told the same of an inbox of the other as of one that is not there, by id and by address', async () => {
    for (const ref of [inbox.id, inbox.address, 'ada+tag@agents.localhost']) {
      const ours = tries(ref, messageId)
      const missing = tries(ref === inbox.id ? MISSING : 'nobody@agents.localhost', messageId)
      for (const [index, [name, args]] of ours.entries()) {
        const told = await tell(bob, name, args)
        expect(told, name).toBe(await tell(bob, ...(missing[index] ?? ['', {}])))
        expect(told).toContain('inbox_not_found')
      }
    }
  })

  it('is told the same of a domain of the other as of one that is not there, by id and by name', async () => {
    const { id } = await call(ada, 'add_domain', { domain: 'example.org' })
    for (const [ref, missing] of [
      ['example.org', 'example.net'],
      [String(id), MISSING],
    ] as const) {
      for (const [name, args] of [
        ['verify_domain', (domain: string) => ({ domain })],
        ['delete_domain', (domain: string) => ({ domain, confirm: domain })],
        ['create_inbox', (domainId: string) => ({ domainId })],
      ] as const) {
        const told = await tell(bob, name, args(ref))
        expect(told, name).toBe(await tell(bob, name, args(missing)))
        expect(told).toContain('domain_not_found')
      }
    }
    expect(await call(bob, 'list_domains', {})).toMatchObject({ total: 0, data: [] })
    expect(await call(bob, 'add_domain', { domain: 'example.org' })).not.toMatchObject({ id })
    expect(await call(ada, 'list_domains', {})).toMatchObject({ total: 1, data: [{ id }] })
  })

  it('is told of no delivery that was turned away at an inbox of the other, nor that there is one', async () => {
    const { smtpUrl = '' } = apps[0] ?? {}
    const session = await openSession(smtpUrl)
    await session.begin(inbox.address, 'secret-sender@example.org')
    await session.destroy()
    const explain = (client: Client, address: string) => call(client, 'explain_delivery', { inbox: address })
    await vi.waitFor(
      async () => {
        const { sessions } = await explain(ada, inbox.address)
        expect(sessions).toMatchObject([{ reason: 'lost_mid_data', content: { mailFrom: 'secret-sender@example.org' } }])
      },
      { timeout: 20_000, interval: 5 },
    )
    for (const ref of [inbox.address, 'ADA@agents.localhost', 'ada+tag@agents.localhost']) {
      const told = JSON.stringify(await explain(bob, ref))
      const missing = JSON.stringify(await explain(bob, ref.replace(/ada/i, 'nil')))
      expect(told.replaceAll('ada', 'nil')).toBe(missing)
      expect(told).not.toMatch(/secret-sender|127\.0\.0\.1"/)
    }
    for (const more of [{}, { messageId }]) {
      const told = await tell(bob, 'explain_delivery', { inbox: inbox.id, ...more })
      expect(told).toBe(await tell(bob, 'explain_delivery', { inbox: MISSING, ...more }))
      expect(told).toContain('inbox_not_found')
    }
    expect(await tell(bob, 'explain_delivery', { inbox: inbox.address, messageId })).toContain('inbox_not_found')
  })

  it('is told, as the other is, of what was refused because it was nobody’s', async () => {
    const { smtpUrl = '' } = apps[0] ?? {}
    const session = await openSession(smtpUrl)
    await session.run([
      ['EHLO client.example', '250'],
      ['MAIL FROM:<x@example.org>', '250'],
      ['RCPT TO:<adda@agents.localhost>', '550'],
      ['QUIT', '221'],
    ])
    await apps[0]?.app.post.idle()
    for (const client of [ada, bob]) {
      const { looksLike } = await call(client, 'explain_delivery', { inbox: inbox.address })
      expect(looksLike).toMatchObject([{ reason: 'unknown', content: { address: 'adda@agents.localhost' } }])
    }
  })

  it('is told of new mail in its own inboxes, whichever process it came to, and of none of the other', async () => {
    const own = await call(bob, 'create_inbox', { localPart: 'own' })
    await apps[0]?.deliver(inbox.address, writeMail({ subject: SECRET }))
    await apps[0]?.deliver('own@agents.localhost', writeMail({ subject: 'To Bob' }))
    const told: string[] = []
    await vi.waitFor(
      async () => {
        told.push(JSON.stringify(await bob.callTool({ name: 'check_quota', arguments: { inbox: own.id } })))
        expect(told.at(-1)).toContain('1 new message in own@agents.localhost')
      },
      { timeout: 20_000, interval: 5 },
    )
    expect(told.join()).not.toMatch(/ada@|Bob/)
    expect(await call(ada, 'list_messages', { inbox: 'ADA@agents.localhost' })).not.toHaveProperty('newMail')
    expect(await call(ada, 'check_quota', { inbox: inbox.id })).not.toHaveProperty('newMail')
    const { data } = await call(ada, 'list_messages', { inbox: inbox.id, limit: 1 })
    const [{ id }] = Array.isArray(data) ? data : []
    await call(ada, 'delete_message', { inbox: inbox.id, messageId: id })
    await call(bob, 'delete_inbox', { inbox: own.id, confirm: own.id })
  })

  it('cannot reach a message of the other through an inbox of its own', async () => {
    const own = await call(bob, 'create_inbox', {})
    for (const [name, args] of tries(String(own.id), messageId).filter(([, args]) => 'messageId' in args)) {
      expect(await tell(bob, name, args), name).toContain('message_not_found')
    }
  })

  it('sees nothing of the other in lists, completions and resources', async () => {
    const seen = [
      await bob.callTool({ name: 'list_inboxes', arguments: {} }),
      await bob.listResources(),
      await bob.complete({
        ref: { type: 'ref/resource', uri: 'inbox:///{id}/messages' },
        argument: { name: 'id', value: 'ad' },
      }),
      await bob.complete({
        ref: { type: 'ref/resource', uri: 'inbox:///{id}/messages/{messageId}' },
        argument: { name: 'messageId', value: '' },
        context: { arguments: { id: inbox.id } },
      }),
      await bob.readResource({ uri: 'inbox:///status' }),
    ]
    expect(JSON.stringify(seen)).not.toMatch(new RegExp(`${inbox.id}|ada@|${messageId}|${SECRET}`))
  })

  it.each(['', '/messages', '/messages/MESSAGE', '/messages/MESSAGE/raw', '/messages/MESSAGE/attachments/1'])(
    'is refused inbox:///{id}%s',
    async (path) => {
      const uri = `inbox:///${inbox.id}${path.replace('MESSAGE', messageId)}`
      await expect(ada.readResource({ uri })).resolves.toBeTruthy()
      const refusal = (target: string) =>
        bob.readResource({ uri: target }).then(
          () => 'read',
          (error: Error) => error.message,
        )
      const missing = (await refusal(uri.replace(inbox.id, MISSING))).replaceAll(MISSING, '…')
      expect((await refusal(uri)).replaceAll(inbox.id, '…')).toBe(missing)
      expect(missing).not.toBe('read')
    },
  )

  it('uses an idempotency key of the other without meeting its inbox', async () => {
    const created = await call(bob, 'create_inbox', { localPart: 'bob', idempotencyKey: 'key' })
    expect(created).toMatchObject({ address: 'bob@agents.localhost' })
  })

  it('is told only that an address is taken', async () => {
    const told = await call(bob, 'create_inbox', { localPart: 'ada' })
    expect(told).toMatchObject({ error: { code: 'address_taken' } })
    expect(JSON.stringify(told)).not.toContain(inbox.id)
  })

  it('leaves all of it to the other', async () => {
    expect(await call(ada, 'read_message', { inbox: inbox.id, messageId })).toMatchObject({ content: { subject: SECRET } })
    expect(await call(ada, 'list_messages', { inbox: inbox.id })).toMatchObject({ total: 1, data: [{ threadId }] })
  })
})
