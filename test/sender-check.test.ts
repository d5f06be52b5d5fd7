/** Who a mail is from, through the whole server: from the SMTP session to what an agent reads. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { AGENT, bootApp, type TestApp, writeMail } from './support/app.ts'
import { type DnsServer, startDnsServer } from './support/dns-server.ts'

const RELAY = 'mx.example.com'

let dns: DnsServer
let app: TestApp

beforeAll(async () => {
  dns = await startDnsServer({
    'example.org': { TXT: ['v=spf1 ip4:192.0.2.1 -all'] },
    '_dmarc.example.org': { TXT: ['v=DMARC1; p=reject'] },
  })
  app = await bootApp({ dnsServers: [dns.address], config: { trustRelay: RELAY } })
})

afterAll(async () => {
  await app.close()
  await dns.close()
})

/** What a reader is told of the only message, without warnings; and what is kept of it. */
async function readSender(inboxId: string) {
  const { data } = await app.app.store.listMessages(AGENT, inboxId, { after: null, page: { limit: 1, offset: 0 } })
  const id = data[0]?.id ?? ''
  const { facts } = await app.post.readMessage(AGENT, inboxId, id, { maxTokens: 100, offset: 0, part: 'text' })
  const { senderVerdict } = await app.app.store.getMessage(AGENT, inboxId, id, { markRead: false })
  return { sender: facts?.sender, kept: senderVerdict }
}

/** What the listener does with mail of a client that is not on this machine. */
async function arriveFrom(remoteAddress: string, to: string, data: string) {
  const { receiver, idle } = app.app.post
  const answer = await receiver.accepts(to)
  if (!answer.accepted) throw new Error(answer.reason)
  const envelope = {
    from: 'sender@example.org',
    recipients: [answer.recipient],
    helo: 'x',
    remoteAddress,
    receivedAt: Date.now(),
  }
  receiver.confirm((await receiver.accept(envelope, Buffer.from(data))).id)
  await idle()
}

describe('the sender of a mail', () => {
  test('over loopback is unknown, and nobody is asked', async () => {
    const inbox = await app.createInbox()
    await app.deliver(inbox.address, writeMail())
    const { sender, kept } = await readSender(inbox.id)
    expect(sender).toMatchObject({ spf: 'unknown', dkim: 'unknown', dmarc: 'unknown', alignedDomain: null, source: null })
    expect(kept).toBeNull()
    expect(dns.questions).toEqual([])
  })

  test('over the internet is looked up at the first read, and kept', async () => {
    const inbox = await app.createInbox()
    await arriveFrom('192.0.2.1', inbox.address, writeMail())
    expect(dns.questions).toEqual([])
    const verdict = { spf: 'pass', dkim: 'none', dmarc: 'pass', alignedDomain: 'example.org', source: 'dns' }
    const first = await readSender(inbox.id)
    expect(first.sender).toMatchObject(verdict)
    expect(first.kept).toEqual(verdict)
    const asked = dns.questions.length
    expect((await readSender(inbox.id)).sender).toMatchObject(verdict)
    expect(dns.questions).toHaveLength(asked)
  })

  test('is what a relay says that the owner trusts', async () => {
    const inbox = await app.createInbox()
    const results = `Authentication-Results: ${RELAY}; spf=softfail smtp.mailfrom=example.org; dmarc=fail header.from=example.org`
    const received = `Received: from x by ${RELAY}; Tue, 24 Nov 2026 12:00:00 +0000`
    await app.deliver(inbox.address, `${results}\r\n${received}\r\n${writeMail()}`)
    const { sender, kept } = await readSender(inbox.id)
    expect(sender).toMatchObject({ dmarc: 'fail', source: 'relay' })
    expect(kept).toEqual({ spf: 'softfail', dkim: 'unknown', dmarc: 'fail', alignedDomain: null, source: 'relay' })
    expect(app.complaints).toEqual([])
  })
})
