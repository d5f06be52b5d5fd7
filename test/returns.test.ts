import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { serveOwner } from '../src/owner.ts'
import { makeReturnPath } from '../src/return-path.ts'
import { AGENT, bootApp, draft, type TestApp, writeMail } from './support/app.ts'
import { writeBounce, writeComplaint } from './support/reports.ts'
import { ScriptedRelay } from './support/scripted-relay.ts'

const TO = 'somebody@example.org'
const PAGE = { limit: 20, offset: 0 }

describe('what comes back', () => {
  let app: TestApp
  let relay: ScriptedRelay
  let from: string
  beforeAll(async () => {
    relay = await ScriptedRelay.start()
    app = await bootApp({ config: { relayUrl: relay.url } })
  })
  afterAll(async () => {
    await app.close()
    await relay.close()
  })
  beforeEach(async () => {
    from = (await app.createInbox()).address
    relay.script = () => undefined
  })

  /** Sends to one, and answers the message's id and its return path. */
  async function sendOne(to = TO, inbox = from): Promise<{ id: string; path: string }> {
    const { message } = await app.post.sendMessage(AGENT, inbox, draft({ to: [to] }))
    await app.app.post.idle()
    return { id: message.id, path: relay.messages.at(-1)?.from ?? '' }
  }

  const status = async (id: string) => (await app.post.getSentMessage(AGENT, from, id)).message.status
  const quota = (inbox = from) => app.post.checkQuota(AGENT, inbox)
  const report = (path: string, data: string) => app.deliver(path, data, '')

  it('a hard bounce settles the message, is counted once, and suppresses the recipient', async () => {
    const { id, path } = await sendOne()
    await report(path, writeBounce(TO))
    await report(path, `${writeBounce(TO)}\r\n`)
    expect(await app.post.getSentMessage(AGENT, from, id)).toMatchObject({
      message: { status: 'bounced' },
      deliveries: [{ state: 'bounced', statusCode: '5.1.1' }],
    })
    expect(await quota()).toMatchObject({ bounceCount: 1, status: 'active' })
    await expect(sendOne(TO.toUpperCase().replace('EXAMPLE.ORG', 'example.org'))).rejects.toMatchObject({
      code: 'recipient_not_allowed',
      facts: { reason: 'bounced', since: expect.stringMatching(/^\d{4}-/) },
    })
  })

  it('a soft bounce or a delay changes nothing', async () => {
    const { id, path } = await sendOne()
    await report(path, writeBounce(TO, '4.2.2'))
    await report(path, writeBounce(TO, '4.4.1', 'delayed'))
    expect(await status(id)).toBe('sent')
    expect(await quota()).toMatchObject({ bounceCount: 0 })
    await expect(sendOne()).resolves.toBeTruthy()
  })

  it('a complaint is counted once, also after a bounce, and suppresses', async () => {
    const { id, path } = await sendOne()
    await report(path, writeBounce(TO))
    await report(path, writeComplaint(TO))
    await report(path, `${writeComplaint(TO)}\r\n`)
    expect(await status(id)).toBe('complained')
    expect(await quota()).toMatchObject({ complaintCount: 1, bounceCount: 1 })
  })

  it('a report stays readable as mail, already read, so that no wait takes it for an answer', async () => {
    const { path } = await sendOne()
    await report(path, writeBounce(TO))
    const { data } = await app.post.listMessages(AGENT, from, { after: null, page: PAGE })
    expect(data[0]).toMatchObject({ direction: 'inbound', read: true, labels: ['delivery-report'] })
    const hooks = { signal: new AbortController().signal }
    const waited = await app.post.waitForMessage(AGENT, from, { filter: {}, after: 0, timeoutSeconds: 0 }, hooks)
    expect(waited.status).toBe('timeout')
  })

  it('a refusal by the relay is a bounce at once', async () => {
    relay.script = ({ stage }) => (stage === 'rcpt' ? '550 5.1.1 no such user' : undefined)
    const { id } = await sendOne()
    expect(await app.post.getSentMessage(AGENT, from, id)).toMatchObject({
      message: { status: 'bounced' },
      deliveries: [{ state: 'refused', replyCode: 550, statusCode: '5.1.1' }],
    })
    expect(await quota()).toMatchObject({ bounceCount: 1 })
    await expect(sendOne()).rejects.toMatchObject({ code: 'recipient_not_allowed' })
  })

  it('ordinary mail to a return path changes nothing and can be read', async () => {
    const { id, path } = await sendOne()
    await report(path, writeMail({ subject: 'I am on holiday', headers: ['Auto-Submitted: auto-replied'] }))
    expect(await status(id)).toBe('sent')
    expect((await app.post.listMessages(AGENT, from, { after: null, page: PAGE })).data[0]).toMatchObject({
      subject: 'I am on holiday',
    })
  })

  describe('forged', () => {
    it('1,000 reports without a token, with a wrong one, or with that of another inbox move no counter', async () => {
      const { id, path } = await sendOne()
      const other = (await app.createInbox()).address
      const { receiver } = app.app.post
      const [, delivery = '', hmac = ''] = /^bounce\+([0-9a-f]+)-([0-9a-f]+)@/.exec(path) ?? []
      const flipped = (text: string, index: number) => {
        const at = index % text.length
        return `${text.slice(0, at)}${text[at] === '0' ? '1' : '0'}${text.slice(at + 1)}`
      }
      const forge = (index: number): string => {
        const forms = [
          `bounce+${delivery}-${flipped(hmac, index)}@agents.localhost`,
          `bounce+${flipped(delivery, index)}-${hmac}@agents.localhost`,
          `bounce+${delivery}@agents.localhost`,
          `bounce+${delivery}-${hmac.slice(0, -1)}@agents.localhost`,
          `bounce+${delivery}-${'0'.repeat(20)}@agents.localhost`,
          makeReturnPath('01900000-0000-7000-8000-000000000000', 'agents.localhost', Buffer.alloc(32, index)),
        ]
        return forms[index % forms.length] ?? ''
      }
      for (let index = 0; index < 994; index += 1) {
        expect(await receiver.accepts(forge(index))).toEqual({ accepted: false, reason: 'unknown' })
      }
      for (const data of [writeBounce(TO), writeComplaint(TO), writeBounce(from)]) {
        await report(from, data)
        await report(other, data)
      }
      expect(await status(id)).toBe('sent')
      expect(await quota()).toMatchObject({ bounceCount: 0, complaintCount: 0, status: 'active' })
      expect(await quota(other)).toMatchObject({ bounceCount: 0, complaintCount: 0 })
      expect((await app.post.listMessages(AGENT, other, { after: null, page: PAGE })).total).toBe(3)
    })

    it('a report at the return path of one inbox says nothing of another', async () => {
      const other = (await app.createInbox()).address
      const { path } = await sendOne('victim@example.org', other)
      const { id } = await sendOne()
      await report(path, writeBounce(TO))
      expect(await status(id)).toBe('sent')
      expect(await quota()).toMatchObject({ bounceCount: 0 })
    })
  })

  describe('too often', () => {
    async function bounce(times: number, of: number): Promise<void> {
      for (let index = 0; index < of; index += 1) {
        const to = `r${index}@example.org`
        const { path } = await sendOne(to)
        if (index < times) await report(path, writeBounce(to))
      }
    }

    it('bounces suspend an inbox, which then neither sends nor receives, until the owner resumes it', async () => {
      await bounce(2, 20)
      expect(await quota()).toMatchObject({ status: 'active' })
      const { path } = await sendOne('last@example.org')
      await report(path, writeBounce('last@example.org'))
      expect(await quota()).toMatchObject({ status: 'suspended', canSend: false })
      await expect(sendOne('x@example.org')).rejects.toMatchObject({
        code: 'inbox_suspended',
        facts: { reason: expect.stringContaining('could not be reached') },
      })
      await expect(app.deliver(from, writeMail())).rejects.toThrow('550 5.2.1')
      const hooks = { signal: new AbortController().signal }
      const waiting = app.post.waitForMessage(AGENT, from, { filter: {}, after: 0, timeoutSeconds: 5 }, hooks)
      await expect(waiting).rejects.toMatchObject({ code: 'inbox_suspended' })

      const { store } = app.app
      expect((await serveOwner({ kind: 'list-suspended' }, store, Date.now())).text).toContain(from)
      expect(await serveOwner({ kind: 'resume-inbox', address: from }, store, Date.now())).toMatchObject({ done: true })
      expect(await serveOwner({ kind: 'resume-inbox', address: from }, store, Date.now())).toMatchObject({ done: false })
      await expect(sendOne('x@example.org')).resolves.toBeTruthy()
      await app.deliver(from, writeMail())
    })

    it('complaints suspend an inbox', async () => {
      for (let index = 0; index < 3; index += 1) {
        expect(await quota()).toMatchObject({ status: 'active' })
        const to = `c${index}@example.org`
        const { path } = await sendOne(to)
        await report(path, writeComplaint(to))
      }
      expect(await quota()).toMatchObject({ status: 'suspended', complaintCount: 3 })
    })

    it('a suppression ends when the owner says so', async () => {
      const { path } = await sendOne()
      await report(path, writeBounce(TO))
      const { store } = app.app
      const remove = { kind: 'remove-suppression', address: from, recipient: TO } as const
      expect((await serveOwner({ kind: 'list-suppressions', address: from }, store, Date.now())).text).toContain(
        `${from} -> ${TO}`,
      )
      expect(await serveOwner(remove, store, Date.now())).toMatchObject({ done: true })
      expect(await serveOwner(remove, store, Date.now())).toMatchObject({ done: false })
      await expect(sendOne()).resolves.toBeTruthy()
    })
  })

  describe('a wait for delivery news', () => {
    const wait = (messageId: string, after: number, timeoutSeconds = 20) =>
      app.post.waitForDelivery(AGENT, from, { messageId, after, timeoutSeconds }, { signal: new AbortController().signal })

    it('hears of sent, bounced and complained, each once, at once or while it waits', async () => {
      const { message } = await app.post.sendMessage(AGENT, from, draft())
      const first = await wait(message.id, 0)
      expect(first).toMatchObject({ status: 'news', sent: { message: { status: 'sent' } } })
      const { path } = { path: relay.messages.at(-1)?.from ?? '' }
      const waiting = wait(message.id, first.sent.deliveryCursor)
      await report(path, writeBounce(TO))
      const second = await waiting
      expect(second).toMatchObject({ status: 'news', sent: { message: { status: 'bounced' } } })
      await report(path, writeComplaint(TO))
      const third = await wait(message.id, second.sent.deliveryCursor)
      expect(third).toMatchObject({ sent: { message: { status: 'complained' } } })
      expect(await wait(message.id, third.sent.deliveryCursor, 0)).toMatchObject({ status: 'timeout' })
    })

    it('hears of a deferral', async () => {
      relay.script = ({ stage }) => (stage === 'rcpt' ? '451 4.7.1 greylisted' : undefined)
      const { message } = await app.post.sendMessage(AGENT, from, draft())
      expect(await wait(message.id, 0)).toMatchObject({
        sent: {
          message: { status: 'sending' },
          deliveries: [{ state: 'deferred', replyCode: 451, statusCode: '4.7.1', nextAttemptAt: expect.any(String) }],
        },
      })
    })

    it('knows no message that we did not send', async () => {
      await app.deliver(from, writeMail())
      const [message] = (await app.post.listMessages(AGENT, from, { after: null, page: PAGE })).data
      await expect(wait(message?.id ?? '', 0)).rejects.toMatchObject({ code: 'message_not_found' })
    })
  })
})
