/**
 * Lists of messages and threads as an agent reads them: summaries, a row on one line, all rows between the marks. As many rows as fit an answer; what a row
 * has nothing of is left out, of the structure too.
 */

import { MAX_LISTED_ITEMS } from '../limits.ts'
import type { MessageSummary, Page, Thread } from '../model.ts'
import type { World } from '../world.ts'
import { fitRows, type Row } from './budget.ts'
import { fenceMail, quoteField } from './fence.ts'
import { describePerson, quoteAddresses, quoteList, ROW_FIELD_CHARS, shortenRow, shortenSubject } from './mail-fields.ts'
import { type Answer, count, describeNothing, describeRest, findNextOffset, joinFacts, joinLines } from './render.ts'

/** A list of messages without a single body. */
export type MessagePage = Page<MessageSummary> & { cursor: number }

/** What the caller asked of a list of messages. */
export type MessageQuestion = { offset: number; query?: string | undefined }

/** A page of messages. */
export function renderMessages({ data, total, cursor }: MessagePage, { offset, query }: MessageQuestion, world: World): Answer {
  const rows = fitRows(data, (row) => renderRow(row, row.threadId))
  return {
    structured: {
      data: rows.map(({ structured }) => structured),
      total,
      cursor,
      nextOffset: findNextOffset(offset, rows.length, total),
    },
    text: joinLines(
      `${describeAmount(rows.length, total, query)} Cursor: ${cursor}.`,
      fenceRows(rows, world),
      describeRest('list_messages', offset, rows.length, total),
      rows.length > 0 ? null : query === undefined ? 'Next: wait_for_message.' : LOOSEN,
    ),
  }
}

const LOOSEN = 'Loosen it: fewer words, no quotes, one operator less; without query the list shows all.'

function describeAmount(rows: number, total: number, query: string | undefined): string {
  if (query !== undefined && total === 0) return 'No message matches this query.'
  if (rows === 0) return describeNothing('message', total)
  return `${rows} of ${count(total, query === undefined ? 'message' : 'match')}, newest first.`
}

/** The newest messages as a structure, as many as fit. */
export function structurePage({ data, total, cursor }: MessagePage) {
  const rows = fitRows(data, (row) => ({ structured: structureRow(row, row.threadId), line: '' }))
  return { data: rows.map(({ structured }) => structured), total, cursor }
}

/** A page of threads. */
export function renderThreads({ data, total }: Page<Thread>, offset: number, world: World): Answer {
  const rows = fitRows(data, (thread) => ({ structured: structureThread(thread), line: describeThread(thread) }))
  return {
    structured: { data: rows.map(({ structured }) => structured), total, nextOffset: findNextOffset(offset, rows.length, total) },
    text: joinLines(
      rows.length === 0 ? describeNothing('thread', total) : `${rows.length} of ${count(total, 'thread')}, newest message first.`,
      fenceRows(rows, world),
      describeRest('list_threads', offset, rows.length, total),
    ),
  }
}

/** A page of the messages of one thread. */
export function renderThread(
  { thread, data, total }: Page<MessageSummary> & { thread: Thread },
  offset: number,
  world: World,
): Answer {
  const rows = fitRows(data, (row) => renderRow(row, null))
  const headline =
    rows.length === 0 ? describeNothing('message', total) : `${rows.length} of ${count(total, 'message')}, oldest first.`
  const { id, lastMessageAt, createdAt } = thread
  return {
    structured: {
      thread: structureThread(thread),
      data: rows.map(({ structured }) => structured),
      total,
      nextOffset: findNextOffset(offset, rows.length, total),
    },
    text: joinLines(
      `Thread ${joinFacts({ id, lastMessageAt, createdAt })}. ${headline}`,
      fenceRows(rows, world),
      describeRest('read_thread', offset, rows.length, total),
    ),
  }
}

function fenceRows(rows: readonly Row[], world: World): string | null {
  return rows.length === 0 ? null : fenceMail(rows.map(({ line }) => line).join('\n'), world)
}

/** `threadId` where it is not the same in every row. */
function renderRow(row: MessageSummary, threadId: string | null): Row {
  return { structured: structureRow(row, threadId), line: describeMessage(row, threadId) }
}

function structureThread(thread: Thread) {
  const { id, messageCount, lastMessageAt, createdAt } = thread
  return { id, messageCount, lastMessageAt, createdAt, content: { subject: shortenSubject(thread) } }
}

function describeThread({ id, subject, messageCount, lastMessageAt, createdAt }: Thread): string {
  const quoted = subject === '' ? null : quoteField(subject, ROW_FIELD_CHARS)
  return `- ${joinFacts({ id, messageCount, lastMessageAt, createdAt, subject: quoted })}`
}

/** Facts of ours beside; what the mail says, or whoever chose a label, below `content`. */
function structureRow(row: MessageSummary, threadId: string | null) {
  const { id, seq, direction, delivery, status, read, createdAt, size, problem, attachments } = row
  return {
    id,
    ...(threadId !== null && { threadId }),
    seq,
    direction,
    ...(direction === 'outbound' && { delivery, status }),
    read,
    createdAt,
    size,
    ...(attachments.length > 0 && { attachmentCount: attachments.length }),
    ...(problem !== null && { problem }),
    content: shortenRow(row),
  }
}

function describeMessage(message: MessageSummary, threadId: string | null): string {
  const { id, seq, direction, delivery, status, read, createdAt, size, problem } = message
  const { fromName, toAddresses = [], omitted, labels = [] } = shortenRow(message)
  const person =
    direction === 'inbound'
      ? { from: describePerson(fromName ?? null, message.fromAddress) }
      : { to: quoteAddresses(toAddresses, omitted?.toAddresses) }
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
    attachments: describeAttachmentCount(message.attachments.length),
    labels: quoteList(labels),
    problem,
  })}`
}

/** The store counts no further in a list. */
function describeAttachmentCount(attachments: number): string {
  if (attachments === 0) return ''
  return attachments < MAX_LISTED_ITEMS ? String(attachments) : `${MAX_LISTED_ITEMS} or more`
}
