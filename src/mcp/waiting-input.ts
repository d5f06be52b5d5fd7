/** What wait_for_message takes, as a call and as a task, and which arguments go together. */

import { z } from 'zod'
import { MailError } from '../errors.ts'
import { DEFAULT_WAIT_SECONDS, MAX_FILTER_CHARS, MAX_TASK_WAIT_SECONDS, MAX_WAIT_SECONDS } from '../limits.ts'
import type { MessageFilter } from '../store.ts'
import { Cursor, Id, InboxArgument } from './common-arguments.ts'

const Words = z.string().min(1).max(MAX_FILTER_CHARS).optional()

/** The arguments of a call. */
export const Input = z.strictObject({
  inbox: InboxArgument,
  for: z.enum(['mail', 'delivery']).default('mail'),
  messageId: Id.optional().describe('For delivery: the message sent'),
  after: Cursor.default(0).describe('Only later than this cursor or deliveryCursor'),
  from: Words.describe('Part of sender address or name'),
  subject: Words.describe('Part of subject'),
  contains: Words.describe('Part of subject or text'),
  timeoutSeconds: z.number().int().min(0).max(MAX_WAIT_SECONDS).default(DEFAULT_WAIT_SECONDS).describe('0: look once'),
})
export type Input = z.output<typeof Input>

/** The same for a wait that does not hold the line. */
export const LongInput = Input.extend({
  timeoutSeconds: z.number().int().min(0).max(MAX_TASK_WAIT_SECONDS).default(DEFAULT_WAIT_SECONDS).describe('0: look once'),
})

/** A wait for mail, or for news of mail that was sent. */
export type Wanted = { readonly filter: MessageFilter } | { readonly messageId: string }

/** What is waited for. @throws MailError invalid_argument when an argument is given that does not go with it */
export function findWanted(args: Input): Wanted {
  return args.for === 'delivery' ? { messageId: requireMessageId(args) } : { filter: requireFilter(args) }
}

function requireFilter({ messageId, ...args }: Input): MessageFilter {
  if (messageId === undefined) return pickFilter(args)
  throw refuse('messageId', 'messageId goes only with for "delivery": mail that is still to come has no id.', {
    hint: 'Set for to "delivery" to wait for news of that message, call read_message to read it, or leave messageId out.',
  })
}

function requireMessageId({ messageId, ...args }: Input): string {
  if (messageId === undefined) {
    throw refuse('messageId', 'messageId is required with for "delivery".', {
      hint: 'Pass the id that send_message or reply_to_message answered.',
    })
  }
  const [condition] = Object.keys(pickFilter(args))
  if (condition !== undefined) {
    throw refuse(condition, `${condition} goes only with for "mail": a wait for "delivery" is about one message.`, {
      hint: `Leave ${condition} out, or set for to "mail" to wait for an answer.`,
    })
  }
  return messageId
}

function pickFilter({ from, subject, contains }: Pick<Input, 'from' | 'subject' | 'contains'>): MessageFilter {
  return {
    ...(from !== undefined && { from }),
    ...(subject !== undefined && { subject }),
    ...(contains !== undefined && { contains }),
  }
}

function refuse(argument: string, message: string, { hint }: { hint: string }): MailError {
  return new MailError('invalid_argument', message, { hint, facts: { argument } })
}
