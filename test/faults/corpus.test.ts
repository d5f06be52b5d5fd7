import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AGENT, bootApp, sendData, type TestApp } from '../support/app.ts'
import { CORPUS_NOTE, type CorpusFolder, HAS_CORPUS, readCorpus } from '../support/corpus.ts'
import { openSession } from '../support/smtp-session.ts'

describe.skipIf(!HAS_CORPUS)(`real mail sent over SMTP${CORPUS_NOTE}`, () => {
  let app: TestApp
  beforeAll(async () => {
    app = await bootApp()
  })
  afterAll(() => app.close())

  it.each<CorpusFolder>(['mail', 'bounces', 'complaints'])(
    'every message of %s is answered 250, listed, readable, and its raw resource byte-identical',
    async (folder) => {
      const messages = readCorpus(folder)
      expect(messages.length).toBeGreaterThan(10)
      const { address } = await app.createInbox(folder)
      const session = await openSession(app.smtpUrl)
      await session.command('EHLO corpus')
      for (const { name, raw } of messages) {
        await session.command('MAIL FROM:<>')
        await session.command(`RCPT TO:<${address}>`)
        expect(await session.command('DATA')).toMatch(/^354/)
        expect(await sendData(session, raw), name).toMatch(/^250 /)
      }
      await session.command('QUIT')
      await app.app.post.idle()
      await expectAllKept(address, messages)
      expect(app.complaints).toEqual([])
    },
  )

  async function expectAllKept(address: string, messages: readonly { name: string; raw: Buffer }[]): Promise<void> {
    const seen: string[] = []
    for (let offset = 0; offset < messages.length; offset += 100) {
      const { data, total } = await app.post.listMessages(AGENT, address, { after: null, page: { limit: 100, offset } })
      expect(total).toBe(messages.length)
      for (const { id, seq } of data) {
        const sent = messages[seq - 1]
        const raw = await app.post.getRaw(AGENT, address, id)
        expect(Buffer.from(raw).equals(sent?.raw ?? Buffer.alloc(0)), sent?.name).toBe(true)
        await app.post.readMessage(AGENT, address, id, { maxTokens: 4_000, offset: 0, part: 'text' })
        seen.push(sent?.name ?? '')
      }
    }
    expect(new Set(seen).size).toBe(messages.length)
  }
})
