/** Attachments through the whole server: over SMTP, through the worker, onto the disk. */

import { createHash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DEFAULT_READ_TOKENS } from '../src/limits.ts'
import { AGENT, bootApp, type TestApp, writeMail } from './support/app.ts'

const EXE = Buffer.from('MZ\x90\0\x03\0\0\0', 'latin1')
const RANGE = { maxTokens: DEFAULT_READ_TOKENS, offset: 0 }

let t: TestApp
let inbox: string
let messageId: string
beforeAll(async () => {
  t = await bootApp()
  inbox = (await t.createInbox()).address
  const part = (headers: readonly string[], bytes: Uint8Array | string) =>
    ['--b', ...headers, 'Content-Transfer-Encoding: base64', '', Buffer.from(bytes).toString('base64')].join('\r\n')
  const parts = [
    part(['Content-Type: application/pdf', 'Content-Disposition: attachment; filename="../../../invoice.pdf"'], EXE),
    part(
      ['Content-Type: text/csv; charset=iso-8859-1', 'Content-Disposition: attachment; filename="a.csv"'],
      Buffer.from('Gr\xfc\xdfe', 'latin1'),
    ),
    part(['Content-Type: image/png', 'Content-Disposition: attachment'], Buffer.alloc(300_000, 9)),
  ]
  await t.deliver(
    inbox,
    writeMail({ headers: ['Content-Type: multipart/mixed; boundary=b'], body: [...parts, '--b--'].join('\r\n') }),
  )
  const { data } = await t.post.listMessages(AGENT, inbox, { after: null, page: { limit: 1, offset: 0 } })
  messageId = data[0]?.id ?? ''
})
afterAll(() => t.close())

const save = (id: string, filename?: string, agent = AGENT) => t.post.saveAttachment(agent, inbox, messageId, id, filename)

describe('saving an attachment', () => {
  it('writes its bytes, and says what they are and what the mail called them', async () => {
    const saved = await save('1')
    expect(saved).toEqual({
      messageId,
      attachment: { id: '1', filename: 'invoice.pdf', contentType: 'application/pdf', size: EXE.length },
      path: join(t.dataDir, 'downloads', 'invoice.pdf'),
      existed: false,
      size: EXE.length,
      sha256: createHash('sha256').update(EXE).digest('hex'),
      sniffedType: 'application/x-msdownload',
      typesDisagree: true,
    })
    expect(await readFile(saved.path)).toEqual(EXE)
    expect(await save('1')).toEqual({ ...saved, existed: true })
  })

  it('names it as the caller wants, but never a way out', async () => {
    const { path } = await save('3', '../../sub/picture.png')
    expect(path).toBe(join(t.dataDir, 'downloads', 'picture.png'))
    expect(await readFile(path)).toEqual(Buffer.alloc(300_000, 9))
    expect(dirname((await save('3', '..')).path)).toBe(join(t.dataDir, 'downloads'))
  })

  it('is refused to another agent, and for what is not there, and writes nothing', async () => {
    const before = readdirSync(join(t.dataDir, 'downloads'))
    await expect(save('1', 'x', 'other')).rejects.toMatchObject({ code: 'inbox_not_found' })
    await expect(save('4', 'x')).rejects.toMatchObject({ code: 'attachment_not_found' })
    await expect(t.post.readAttachment('other', inbox, messageId, '2', RANGE)).rejects.toMatchObject({ code: 'inbox_not_found' })
    expect(readdirSync(join(t.dataDir, 'downloads'))).toEqual(before)
  })
})

describe('reading an attachment', () => {
  it('answers its text', async () => {
    const reading = await t.post.readAttachment(AGENT, inbox, messageId, '2', RANGE)
    expect(reading).toMatchObject({ text: 'Grüße', offset: 0, nextOffset: null, totalBytes: 7, isShortened: false })
  })

  it('refuses what is none, and names the way to its bytes', async () => {
    await expect(t.post.readAttachment(AGENT, inbox, messageId, '1', RANGE)).rejects.toMatchObject({
      code: 'invalid_argument',
      hint: expect.stringContaining('save_attachment'),
      facts: { sniffedType: 'application/x-msdownload' },
    })
  })

  it('refuses an offset past the end and a budget that is none', async () => {
    for (const change of [{ offset: 7 }, { offset: -1 }, { maxTokens: 0 }]) {
      const reading = t.post.readAttachment(AGENT, inbox, messageId, '2', { ...RANGE, ...change })
      await expect(reading).rejects.toMatchObject({ code: 'invalid_argument' })
    }
  })

  it('leaves the message unread', async () => {
    expect((await t.post.peekMessage(AGENT, inbox, messageId)).message.read).toBe(false)
  })
})
