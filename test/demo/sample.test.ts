import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { writeVerificationMail } from '../../src/demo/verification-mail.ts'
import { parseMail } from '../../src/mime/parse.ts'
import { connect } from '../support/mcp-clients.ts'

/** What differs from read to read, and the sender, of whom DNS says something else each time. */
function withoutChance(answer: string): string[] {
  const mark = /<<<mail ([0-9a-f]+)/.exec(answer)?.[1] ?? ''
  return answer
    .replaceAll(mark, 'MARK')
    .split('\n')
    .filter((line) => line !== '' && !/^(Message id|Sender|Next): /.test(line))
}

test('the sample in README.md is what an agent sees of the mail of the demo', async () => {
  const sample = /```\n(Code: [\s\S]*?)\n```/.exec(readFileSync(new URL('../../README.md', import.meta.url), 'utf8'))?.[1] ?? ''
  const inbox = 'brave-otter-42@agents.localhost'
  const raw = Buffer.from(writeVerificationMail(inbox, new Date('2026-11-24T12:00:00.000Z')))
  const t = await connect('SDK v2, legacy')
  await t.client.callTool('create_inbox', { localPart: 'brave-otter-42' })
  const { bodyText, bodyHtml, facts, subject, fromAddress, fromName, sentAt } = await parseMail(raw)
  const seen = { bodyText, bodyHtml, facts, subject, fromAddress, fromName, toAddresses: [inbox] }
  const { id: messageId } = t.post.deliver(inbox, { ...seen, sentAt: new Date(sentAt ?? 0).toISOString(), raw })
  const { text } = await t.client.callTool('read_message', { inbox, messageId })
  await t.client.close()
  expect(withoutChance(sample)).toEqual(withoutChance(text))
  expect(sample).toContain('Sender: not verified')
})
