/** Threads: which one a message belongs to, by In-Reply-To, then References (newest first), then its own Message-ID. */

import { MailError } from '../errors.ts'
import type { MessageSummary, Page, PageRequest, Thread } from '../model.ts'
import type { ParsedMail } from '../parser.ts'
import type { InboxRef } from '../store.ts'
import type { Engine } from './engine.ts'
import { findInbox } from './inboxes.ts'
import { type MessageRow, type ThreadRow, toListed, toThread } from './rows.ts'

/** The ids by which a message says where it belongs. */
export type ThreadLinks = Pick<ParsedMail, 'messageIdHeader' | 'inReplyTo' | 'references'>

/** The thread that already knows one of these ids; undefined when the message begins a new one. */
export async function findThread(db: Engine, inboxId: string, links: ThreadLinks): Promise<string | undefined> {
  for (const id of new Set([links.inReplyTo, ...links.references.toReversed(), links.messageIdHeader])) {
    if (id === null) continue
    const row = await db.get<{ thread_id: string }>(
      'SELECT thread_id FROM thread_ref WHERE inbox_id = ? AND message_id_header = ?',
      inboxId,
      id,
    )
    if (row) return row.thread_id
  }
  return undefined
}

/** A thread that a caller names. @throws MailError thread_not_found */
export async function findNamedThread(db: Engine, inboxId: string, threadId: string): Promise<ThreadRow> {
  const sql = 'SELECT * FROM thread WHERE inbox_id = ? AND id = ?'
  const row = await db.get<ThreadRow>(sql, inboxId, threadId.toLowerCase())
  if (row) return row
  throw new MailError('thread_not_found', 'There is no such thread in this inbox.')
}

/** Store.listThreads: newest message first. @throws MailError inbox_not_found */
export async function listThreads(db: Engine, agent: string, ref: InboxRef, page: PageRequest): Promise<Page<Thread>> {
  const inbox = await findInbox(db, agent, ref)
  const rows = await db.all<ThreadRow>(
    'SELECT * FROM thread WHERE inbox_id = ? ORDER BY last_message_at DESC, id DESC LIMIT ? OFFSET ?',
    inbox.id,
    page.limit,
    page.offset,
  )
  return { data: rows.map(toThread), total: inbox.thread_count }
}

/** Store.getThread: messages of both directions, oldest first. @throws MailError inbox_not_found, thread_not_found */
export async function getThread(
  db: Engine,
  agent: string,
  ref: InboxRef,
  threadId: string,
  page: PageRequest,
): Promise<Page<MessageSummary> & { thread: Thread }> {
  const inbox = await findInbox(db, agent, ref)
  const thread = await findNamedThread(db, inbox.id, threadId)
  const rows = await db.all<MessageRow>(
    'SELECT * FROM message WHERE inbox_id = ? AND thread_id = ? ORDER BY seq LIMIT ? OFFSET ?',
    inbox.id,
    thread.id,
    page.limit,
    page.offset,
  )
  return { thread: toThread(thread), data: rows.map(toListed), total: thread.message_count }
}

/** A new thread of one message, named by its subject. */
export async function beginThread(db: Engine, inboxId: string, threadId: string, subject: string, now: number): Promise<void> {
  await db.run(
    'INSERT INTO thread (inbox_id, id, subject, message_count, last_message_at, created_at) VALUES (?, ?, ?, 1, ?, ?)',
    inboxId,
    threadId,
    subject,
    now,
    now,
  )
}

/** One more message in a thread. */
export async function growThread(db: Engine, inboxId: string, threadId: string, now: number): Promise<void> {
  await db.run(
    'UPDATE thread SET message_count = message_count + 1, last_message_at = ? WHERE inbox_id = ? AND id = ?',
    now,
    inboxId,
    threadId,
  )
}

/** An id that is known keeps its thread: a later mail that claims it moves nothing. */
export async function linkThread(db: Engine, inboxId: string, threadId: string, links: ThreadLinks): Promise<void> {
  for (const id of new Set([links.messageIdHeader, links.inReplyTo, ...links.references])) {
    if (id === null) continue
    await db.run(
      'INSERT INTO thread_ref (inbox_id, message_id_header, thread_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
      inboxId,
      id,
      threadId,
    )
  }
}

/** Takes a removed message out of its thread; answers whether the thread went with it. */
export async function leaveThread(db: Engine, inboxId: string, threadId: string): Promise<boolean> {
  const thread = await db.get<{ message_count: number }>(
    'UPDATE thread SET message_count = message_count - 1 WHERE inbox_id = ? AND id = ? RETURNING message_count',
    inboxId,
    threadId,
  )
  if (thread && thread.message_count > 0) {
    await db.run(
      `UPDATE thread SET last_message_at = (
         SELECT created_at FROM message WHERE inbox_id = thread.inbox_id AND thread_id = thread.id ORDER BY seq DESC LIMIT 1
       ) WHERE inbox_id = ? AND id = ?`,
      inboxId,
      threadId,
    )
    return false
  }
  await db.run('DELETE FROM thread_ref WHERE inbox_id = ? AND thread_id = ?', inboxId, threadId)
  await db.run('DELETE FROM thread WHERE inbox_id = ? AND id = ?', inboxId, threadId)
  return true
}
