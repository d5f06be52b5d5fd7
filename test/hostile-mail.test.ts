import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { MessageSummary } from '../src/model.ts'
import { AGENT, bootApp, sendData, type TestApp } from './support/app.ts'
import { openSession } from './support/smtp-session.ts'

const LINE = '\r\n'
/** 25 MB once they are encoded: 57 bytes are a line of base64. */
const BIG_LINES = 320_000
const BIG_BYTES = BIG_LINES * 57
const HEAD = `From: a@example.org${LINE}Subject: hostile${LINE}`

describe('hostile mail over SMTP', () => {
  let app: TestApp
  beforeAll(async () => {
    app = await bootApp()
  })
  afterAll(() => app.close())

  /** Sends, and answers how the message is listed; its raw bytes must be what was sent. */
  async function file(raw: Buffer): Promise<MessageSummary> {
    const { address } = await app.createInbox()
    const session = await openSession(app.smtpUrl)
    await session.command('EHLO hostile')
    await session.command('MAIL FROM:<a@example.org>')
    await session.command(`RCPT TO:<${address}>`)
    await session.command('DATA')
    expect(await sendData(session, raw)).toMatch(/^250 /)
    await session.command('QUIT')
    await app.app.post.idle()
    const { data, total } = await app.post.listMessages(AGENT, address, { after: null, page: { limit: 20, offset: 0 } })
    expect(total).toBe(1)
    const [message] = data
    if (message === undefined) throw new Error('not listed')
    expect(Buffer.from(await app.post.getRaw(AGENT, address, message.id)).equals(raw)).toBe(true)
    return message
  }

  const multipart = (parts: number) => {
    const part = `--b${LINE}Content-Type: text/plain${LINE}${LINE}x${LINE}`
    return `${HEAD}Content-Type: multipart/mixed; boundary=b${LINE}${LINE}${part.repeat(parts)}--b--${LINE}`
  }

  const nested = (depth: number) => {
    const open = Array.from(
      { length: depth },
      (_, level) => `Content-Type: multipart/mixed; boundary=b${level}${LINE}${LINE}--b${level}${LINE}`,
    )
    return `${HEAD}${open.join('')}${LINE}deep${LINE}`
  }

  it.each([
    ['1,000 MIME parts', multipart(1_000), /\S/],
    ['5,000 nested parts', nested(5_000), /\S/],
    ['2 MB of headers', `${HEAD}${`X-Filler: ${'x'.repeat(900)}${LINE}`.repeat(2_200)}${LINE}body${LINE}`, /\S/],
    ['an unreadable date', `${HEAD}Date: the day after tomorrow${LINE}${LINE}body${LINE}`, /[Dd]ate/],
    ['two From headers', `From: b@example.org${LINE}${HEAD}${LINE}body${LINE}`, /From/],
  ])('%s: filed, flagged, raw bytes kept', async (_name, text, problem) => {
    expect((await file(Buffer.from(text))).problem).toMatch(problem)
  })

  it('NUL bytes: filed without them, raw bytes kept', async () => {
    const message = await file(Buffer.from(`From: a@example.org${LINE}Subject: n\u0000ul${LINE}${LINE}bo\u0000dy${LINE}`))
    expect(message.subject + message.snippet).not.toContain('\u0000')
  })

  it('an undeclared charset: read as what it is, raw bytes kept', async () => {
    const message = await file(Buffer.from(`${HEAD}${LINE}caf\u00e9 und Stra\u00dfe${LINE}`, 'latin1'))
    expect(message.snippet).toContain('café und Straße')
  })

  it('a 25 MB attachment: filed and readable, raw bytes kept', async () => {
    const line = `${Buffer.alloc(57, 7).toString('base64')}${LINE}`
    const encoded = line.repeat(BIG_LINES)
    const head = `${HEAD}Content-Type: application/octet-stream; name=big.bin${LINE}Content-Transfer-Encoding: base64${LINE}${LINE}`
    const message = await file(Buffer.from(`${head}${encoded}${LINE}`))
    expect(message.attachments).toMatchObject([{ id: '1', filename: 'big.bin', size: BIG_BYTES }])
    const { bytes } = await app.post.getAttachment(AGENT, message.inboxId, message.id, '1')
    expect(bytes.byteLength).toBe(BIG_BYTES)
  })

  it('no sender, no subject, no body: filed', async () => {
    expect(await file(Buffer.from(`X: y${LINE}${LINE}`))).toMatchObject({ fromAddress: '', subject: '' })
  })

  it('leaves the server at work, with nothing to complain of', () => {
    expect(app.complaints.filter((line) => !line.includes('"event":"parse_'))).toEqual([])
  })
})
