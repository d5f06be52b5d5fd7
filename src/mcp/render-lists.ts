/** Lists of messages and threads as an agent reads them: a row on one line, no body, all rows between the marks. */

import type { MessageSummary, Page, Thread } from '../model.ts'
import type { World } from '../world.ts'
import { fenceMail, quoteField } from './fence.ts'
import { describePerson, quoteAddresses, quoteList, ROW_FIELD_CHARS, shortenRow, shortenThread } from './mail-fields.ts'
import { type Answer, count, describeNothing, describeRest, joinFacts, joinLines } from './render.ts'

/** A list of messages without a single body. */
export type MessagePage = Page<MessageSummary> & { cursor: number }

/** A page of messages. */
export function renderMessages(page: MessagePage, offset: number, world: World): Answer {
  const { data, total, cursor } = page
  const headline =
    data.length === 0 ? describeNothing('message', total) : `${data.length} of ${count(total, 'message')}, newest first.`
  return {
    structured: { ...shortenPage(page) },
    text: joinLines(
      `${headline} Cursor: ${cursor}.`,
      fenceRows(
        data.map((row) => describeMessage(row, row.threadId)),
        world,
      ),
      describeRest('list_messages', offset + data.length, total, data.length),
      data.length === 0 ? 'Next: wait_for_message.' : null,
    ),
  }
}

/** The same page with every row cut, so that no sender decides how long an answer gets. */
export function shortenPage({ data, total, cursor }: MessagePage): MessagePage {
  return { data: data.map(shortenRow), total, cursor }
}

/** A page of threads. */
export function renderThreads({ data, total }: Page<Thread>, offset: number, world: World): Answer {
  return {
    structured: { data: data.map(shortenThread), total },
    text: joinLines(
      data.length === 0 ? describeNothing('thread', total) : `${data.length} of ${count(total, 'thread')}, newest message first.`,
      fenceRows(data.map(describeThread), world),
      describeRest('list_threads', offset + data.length, total, data.length),
    ),
  }
}

/** A page of the messages of one thread. */
export function renderThread(
  { thread, data, total }: Page<MessageSummary> & { thread: Thread },
  offset: number,
  world: World,
): Answer {
  const headline =
    data.length === 0 ? describeNothing('message', total) : `${data.length} of ${count(total, 'message')}, oldest first.`
  const { id, lastMessageAt, createdAt } = thread
  return {
    structured: { thread: shortenThread(thread), data: data.map(shortenRow), total },
    text: joinLines(
      `Thread ${joinFacts({ id, lastMessageAt, createdAt })}. ${headline}`,
      fenceRows(
        data.map((row) => describeMessage(row, null)),
        world,
      ),
      describeRest('read_thread', offset + data.length, total, data.length),
    ),
  }
}

function fenceRows(rows: readonly string[], world: World): string | null {
  return rows.length === 0 ? null : fenceMail(rows.join('\n'), world)
}

function describeThread({ id, subject, messageCount, lastMessageAt, createdAt }: Thread): string {
  const quoted = subject === '' ? null : quoteField(subject, ROW_FIELD_CHARS)
  return `- ${joinFacts({ id, messageCount, lastMessageAt, createdAt, subject: quoted })}`
}

/** `threadId` where it is not the same in every row. */
function describeMessage(message: MessageSummary, threadId: string | null): string {
  const { id, seq, direction, delivery, status, read, createdAt, size, problem } = message
  const { fromName, labels } = shortenRow(message)
  const person =
    direction === 'inbound'
      ? { from: describePerson(fromName, message.fromAddress) }
      : { to: quoteAddresses(message.toAddresses) }
  return `- ${joinFacts({
    id,
    threadId,
    seq,
    ...(direction === 'outbound' && { direction, delivery, status }),
    read,
    createdAt,
    size,
    ...person,
    subject: message.subject === '' ? null : quoteField(message.subject, ROW_FIELD_CHARS),
    snippet: message.snippet === '' ? null : quoteField(message.snippet, ROW_FIELD_CHARS),
    attachments: message.attachments.length === 0 ? null : message.attachments.length,
    labels: quoteList(labels),
    problem,
  })}`
}
