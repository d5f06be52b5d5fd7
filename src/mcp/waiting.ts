/** The tool that waits: for mail, or for what becomes of mail. */

import { z } from 'zod'
import { MailError } from '../errors.ts'
import { DEFAULT_WAIT_SECONDS, MAX_FILTER_CHARS, MAX_WAIT_SECONDS } from '../limits.ts'
import type { WaitHooks } from '../post-office.ts'
import type { MessageFilter } from '../store.ts'
import { Cursor, Id, InboxArgument } from './common-arguments.ts'
import type { Answer } from './render.ts'
import { renderWait } from './render-mail.ts'
import { renderNews } from './render-sent.ts'
import { type Call, defineTool } from './tool.ts'

const Words = z.string().min(1).max(MAX_FILTER_CHARS).optional()

const Input = z.strictObject({
  inbox: InboxArgument,
  for: z.enum(['mail', 'delivery']).default('mail'),
  messageId: Id.optional().describe('For delivery: the message sent'),
  after: Cursor.default(0).describe('Only later than this cursor or deliveryCursor'),
  from: Words.describe('Part of sender address or name'),
  subject: Words.describe('Part of subject'),
  contains: Words.describe('Part of subject or text'),
  timeoutSeconds: z.number().int().min(0).max(MAX_WAIT_SECONDS).default(DEFAULT_WAIT_SECONDS).describe('0: look once'),
})
type Input = z.output<typeof Input>

export const waitForMessage = defineTool({
  name: 'wait_for_message',
  title: 'Wait for message',
  description:
    'Waits for the oldest unread message that matches, shows it as read_message does and marks it read; at once if it is there already. With for delivery: for news of mail you sent. Use it instead of polling. A timeout is normal and says why: call again with after = cursor, unless its notice says that no mail can come.',
  hints: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
  changes: false,
  input: Input,
  run: async (args, call) => (args.for === 'delivery' ? waitForDelivery(args, call) : waitForMail(args, call)),
})

async function waitForMail({ inbox, messageId, after, timeoutSeconds, ...filter }: Input, call: Call): Promise<Answer> {
  if (messageId !== undefined) {
    throw refuse('messageId', 'messageId goes only with for "delivery": mail that is still to come has no id.', {
      hint: 'Set for to "delivery" to wait for news of that message, call read_message to read it, or leave messageId out.',
    })
  }
  const input = { filter: pickFilter(filter), after, timeoutSeconds }
  return renderWait(await call.postOffice.waitForMessage(call.agent, inbox, input, hookWait(call, timeoutSeconds)), call.world)
}

async function waitForDelivery({ inbox, messageId, after, timeoutSeconds, ...filter }: Input, call: Call): Promise<Answer> {
  if (messageId === undefined) {
    throw refuse('messageId', 'messageId is required with for "delivery".', {
      hint: 'Pass the id that send_message or reply_to_message answered.',
    })
  }
  const [condition] = Object.keys(pickFilter(filter))
  if (condition !== undefined) {
    throw refuse(condition, `${condition} goes only with for "mail": a wait for "delivery" is about one message.`, {
      hint: `Leave ${condition} out, or set for to "mail" to wait for an answer.`,
    })
  }
  const input = { messageId, after, timeoutSeconds }
  return renderNews(await call.postOffice.waitForDelivery(call.agent, inbox, input, hookWait(call, timeoutSeconds)))
}

function pickFilter({ from, subject, contains }: Pick<Input, 'from' | 'subject' | 'contains'>): MessageFilter {
  return {
    ...(from !== undefined && { from }),
    ...(subject !== undefined && { subject }),
    ...(contains !== undefined && { contains }),
  }
}

function hookWait({ signal, onProgress }: Call, timeoutSeconds: number): WaitHooks {
  return { signal, ...(onProgress && { onProgress: (elapsed: number) => onProgress(elapsed, timeoutSeconds) }) }
}

function refuse(argument: string, message: string, { hint }: { hint: string }): MailError {
  return new MailError('invalid_argument', message, { hint, facts: { argument } })
}
