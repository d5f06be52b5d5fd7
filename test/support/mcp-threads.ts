/** Threads of the post office in memory, made up from the messages whenever somebody asks. */

import { MailError } from '../../src/errors.ts'
import type { Message, MessageSummary, Page, PageRequest, Thread } from '../../src/model.ts'
import { cut, type KeptInbox, summarise } from './mcp-mail.ts'

/** The one with the newest message first. */
export function listThreads({ kept }: KeptInbox, page: PageRequest): Page<Thread> {
  const ids = [...new Set(kept.map(({ message }) => message.threadId))]
  const order = ({ lastMessageAt, id }: Thread) => `${lastMessageAt} ${id}`
  const threads = ids.map((threadId) => describeThread(messagesOf(kept, threadId)))
  return cut(
    threads.sort((one, other) => (order(one) < order(other) ? 1 : -1)),
    page,
  )
}

/** The one that knows what a message answers, or the message itself. */
export function findThread({ kept }: KeptInbox, { inReplyTo, references, messageIdHeader }: Message): string | undefined {
  for (const id of [inReplyTo, ...references.toReversed(), messageIdHeader]) {
    if (id === null) continue
    const known = kept.find(({ message }) => [message.messageIdHeader, message.inReplyTo, ...message.references].includes(id))
    if (known !== undefined) return known.message.threadId
  }
  return undefined
}

/** Its messages, oldest first. @throws MailError thread_not_found */
export function getThread({ kept }: KeptInbox, threadId: string, page: PageRequest): Page<MessageSummary> & { thread: Thread } {
  const messages = messagesOf(kept, threadId)
  return { ...cut(messages, page), thread: describeThread(messages) }
}

/** How many there are. */
export function countThreads({ kept }: KeptInbox): number {
  return new Set(kept.map(({ message }) => message.threadId)).size
}

function messagesOf(kept: KeptInbox['kept'], threadId: string): MessageSummary[] {
  return kept.filter(({ message }) => message.threadId === threadId).map(({ message }) => summarise(message))
}

function describeThread(messages: readonly MessageSummary[]): Thread {
  const [first] = messages
  const last = messages.at(-1)
  if (first === undefined || last === undefined) throw new MailError('thread_not_found', 'There is no such thread in this inbox.')
  const { threadId: id, inboxId, subject, createdAt } = first
  return { id, inboxId, subject, messageCount: messages.length, lastMessageAt: last.createdAt, createdAt }
}
