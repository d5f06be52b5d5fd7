/** A raw mail -> what an agent is told of it: through the real parser, the real reading and the real rendering. */

import type { MailFacts } from '../../src/mail-facts.ts'
import { renderReading, renderWait } from '../../src/mcp/render-mail.ts'
import { parseMail } from '../../src/mime/parse.ts'
import type { Message } from '../../src/model.ts'
import { readPiece } from '../../src/post-office/reading.ts'
import type { ReadOptions } from '../../src/post-office.ts'
import { UNKNOWN_SENDER } from '../../src/sender-check.ts'
import { TestWorld } from '../support/world.ts'
import type { HostileMail } from './hostile-mail.ts'

/** An answer of a tool, by its name. */
export type NamedAnswer = { readonly tool: string; readonly text: string; readonly structured: Record<string, unknown> }

/** `answers` are those that show the text as people see it, `source` the one that shows the HTML source; null without one. */
export type Told = { readonly facts: MailFacts; readonly answers: readonly NamedAnswer[]; readonly source: NamedAnswer | null }

const MAX_TOKENS = 20_000
const OFFERED: ReadonlySet<string> = new Set(['save_attachment', 'read_message'])

/** Everything that an agent can read of a mail. */
export async function tell(mail: HostileMail): Promise<Told> {
  const world = new TestWorld()
  const message = await file(mail, world)
  const { facts } = message
  if (facts === null) throw new Error('no facts')
  const read = (part: ReadOptions['part']): NamedAnswer => {
    const reading = readPiece(message, UNKNOWN_SENDER, { maxTokens: MAX_TOKENS, offset: 0, part })
    return {
      tool: `read_message ${part}`,
      ...renderReading(reading, null, { world, offered: OFFERED }, { part, maxTokens: MAX_TOKENS }),
    }
  }
  const reading = readPiece(message, UNKNOWN_SENDER, { maxTokens: MAX_TOKENS, offset: 0, part: 'text' })
  const waited = renderWait({ status: 'received', reading, cursor: 1 }, { world, offered: OFFERED })
  return {
    facts,
    answers: [read('text'), read('full'), { tool: 'wait_for_message', ...waited }],
    source: message.bodyHtml === null ? null : read('html'),
  }
}

/** The text of every piece of a mail, read one after the other. */
export async function tellPieces(mail: HostileMail, maxTokens: number): Promise<readonly string[]> {
  const world = new TestWorld()
  const message = await file(mail, world)
  const texts: string[] = []
  for (let offset: number | null = 0; offset !== null; ) {
    const reading = readPiece(message, UNKNOWN_SENDER, { maxTokens, offset, part: 'text' })
    texts.push(renderReading(reading, null, { world, offered: OFFERED }, { part: 'text', maxTokens }).text)
    offset = reading.nextOffset
  }
  return texts
}

async function file({ raw, labels = [] }: HostileMail, world: TestWorld): Promise<Message> {
  const { sentAt, problems, automatic, attachments, ...parsed } = await parseMail(raw)
  const createdAt = new Date(world.now()).toISOString()
  return {
    ...parsed,
    toAddresses: [...parsed.toAddresses],
    ccAddresses: [...parsed.ccAddresses],
    replyToAddresses: [...parsed.replyToAddresses],
    references: [...parsed.references],
    attachments: attachments.map((attachment, at) => ({ ...attachment, id: String(at + 1) })),
    automatic,
    id: world.newId(),
    inboxId: world.newId(),
    threadId: world.newId(),
    seq: 1,
    direction: 'inbound',
    snippet: '',
    delivery: 'email',
    status: 'received',
    read: true,
    labels: [...labels],
    size: raw.length,
    createdAt,
    problem: problems.length === 0 ? null : problems.join(' '),
    envelopeFrom: 'bounce@sender.test',
    envelopeTo: 'agent@inbox.test',
    sentAt: sentAt === null ? null : new Date(sentAt).toISOString(),
    remoteAddress: null,
    helo: null,
    senderVerdict: null,
  }
}
