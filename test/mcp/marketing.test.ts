import { expect, test } from 'vitest'
import { BYTES_PER_TOKEN } from '../../src/limits.ts'
import { parseMail } from '../../src/mime/parse.ts'
import { MARKETING_LINKS, MARKETING_MAIL_BYTES, writeMarketingMail } from '../support/marketing-mail.ts'
import { connect, record } from '../support/mcp-clients.ts'

const MOST_TOKENS = 2_000

test('a newsletter of 108 KB reads in under 2,000 tokens, with every link in the text, and once in the structure', async () => {
  const raw = Buffer.from(writeMarketingMail())
  expect(raw.length).toBeGreaterThanOrEqual(MARKETING_MAIL_BYTES)
  const { bodyText, bodyHtml, facts, subject, fromAddress, fromName } = await parseMail(raw)
  const t = await connect('SDK v2, legacy')
  await t.client.callTool('create_inbox', { localPart: 'ada' })
  const inbox = 'ada@agents.localhost'
  const { id: messageId } = t.post.deliver(inbox, { bodyText, bodyHtml, facts, subject, fromAddress, fromName, raw })
  const { text, structured } = await t.client.callTool('read_message', { inbox, messageId })
  await t.client.close()
  expect(Buffer.byteLength(text) / BYTES_PER_TOKEN).toBeLessThan(MOST_TOKENS)
  expect(structured.nextOffset).toBeNull()
  for (const url of MARKETING_LINKS)
    expect(
      text.split('\n').some((line) => line.endsWith(`] ${url}`)),
      url,
    ).toBe(true)
  expect(text).not.toContain('utm_')
  expect(text).toContain('Trail shoes, now 20 % off')
  expect(text).not.toContain('only this week')

  const links = Array.isArray(structured.links) ? structured.links : []
  expect(links.map(({ url }) => url)).toEqual(MARKETING_LINKS)
  expect(record(structured.content).text).not.toContain('https://shop.example/sale')
  expect(JSON.stringify(structured).length / BYTES_PER_TOKEN).toBeLessThan(MOST_TOKENS)
})
