/** Threads of the post office in memory, made up from the messages whenever somebody asks. */

import { MailError } from '../../src/errors.ts'
import type { MessageSummary, Page, PageRequest, Thread } from '../../src/model.ts'
import { cut, type KeptInbox, summarise } from './mcp-mail.ts'

/** The one with the newest message first. */
export function listThreads({ kept }: KeptInbox, page: PageRequest): Page<Thread> {
  const newestFirst = [...kept].reverse().map(({ message }) => message.threadId)
  return cut(
    [...new Set(newestFirst)].map((threadId) => describeThread(messagesOf(kept, threadId))),
    page,
  )
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
  if (first === undefined || last === undefined) throw new MailError('thread_not_found', 'This inbox has no thread with this id.')
  const { threadId: id, inboxId, subject, createdAt } = first
  return { id, inboxId, subject, messageCount: messages.length, lastMessageAt: last.createdAt, createdAt }
}
