/** What a wait reads: the oldest unread message that matches, taken in one step, and those that did not match. */

import { SCAN_STEP_CHARS, SCAN_STEP_ROWS } from '../limits.ts'
import type { Packed } from '../mail-text.ts'
import type { Message } from '../model.ts'
import type { InboxRef, MessageFilter, NearMiss } from '../store.ts'
import type { Engine } from './engine.ts'
import { findInbox } from './inboxes.ts'
import { loadMessage, setRead } from './messages.ts'

type Candidate = {
  id: string
  seq: number
  is_read: number
  from_address: string
  from_name: string | null
  subject: string
}
type Condition = keyof MessageFilter
/** What one step may still search of bodies. */
type Budget = { charsLeft: number }
/** What a step found, and after which message it stopped when that need not be the last; null when it saw all. */
type Look = { match: Candidate | undefined; stoppedAt: number | null }

/** Store.takeMessage: writes only when something was found. @throws MailError inbox_not_found */
export async function takeMessage(
  db: Engine,
  agent: string,
  ref: InboxRef,
  filter: MessageFilter,
  after: number,
): Promise<{ message: Packed<Message> | null; cursor: number; isComplete: boolean }> {
  const inbox = await findInbox(db, agent, ref)
  const { match, stoppedAt } = await lookForOldest(db, inbox.id, lowerFilter(filter), after)
  if (!match) return { message: null, cursor: stoppedAt ?? inbox.last_seq, isComplete: stoppedAt === null }
  await setRead(db, inbox.id, match.id, true)
  return { message: await loadMessage(db, inbox.id, match.id, 'text'), cursor: match.seq, isComplete: true }
}

/** One step: an inbox of many large messages would otherwise keep everybody waiting. */
async function lookForOldest(db: Engine, inboxId: string, filter: MessageFilter, after: number): Promise<Look> {
  const pageRows = Object.keys(filter).length === 0 ? 1 : SCAN_STEP_ROWS
  const page = await db.all<Candidate>(
    `SELECT id, seq, is_read, from_address, from_name, subject FROM message
     WHERE inbox_id = ? AND seq > ? AND is_read = 0 AND direction = 'inbound' ORDER BY seq LIMIT ?`,
    inboxId,
    after,
    pageRows,
  )
  const budget: Budget = { charsLeft: SCAN_STEP_CHARS }
  for (const candidate of page) {
    const failed = await failedConditions(db, inboxId, filter, candidate, { most: 1, budget })
    if (failed.length === 0) return { match: candidate, stoppedAt: null }
    if (budget.charsLeft <= 0) return { match: undefined, stoppedAt: candidate.seq }
  }
  const last = page.length < pageRows ? undefined : page.at(-1)
  return { match: undefined, stoppedAt: last?.seq ?? null }
}

/** Store.listNearMisses: newest first. @throws MailError inbox_not_found */
export async function listNearMisses(
  db: Engine,
  agent: string,
  ref: InboxRef,
  rawFilter: MessageFilter,
  after: number,
  limit: number,
): Promise<NearMiss[]> {
  const inbox = await findInbox(db, agent, ref)
  const filter = lowerFilter(rawFilter)
  const misses: NearMiss[] = []
  const budget: Budget = { charsLeft: SCAN_STEP_CHARS }
  const page = await db.all<Candidate>(
    `SELECT id, seq, is_read, from_address, from_name, subject FROM message
     WHERE inbox_id = ? AND seq > ? AND direction = 'inbound' ORDER BY seq DESC LIMIT ?`,
    inbox.id,
    after,
    SCAN_STEP_ROWS,
  )
  for (const candidate of page) {
    if (misses.length === limit || budget.charsLeft <= 0) break
    const failed = await failedConditions(db, inbox.id, filter, candidate, { most: Number.POSITIVE_INFINITY, budget })
    // One that matches and is unread came after the wait looked: the next wait takes it.
    if (failed.length > 0) misses.push(toNearMiss(candidate, failed))
    else if (candidate.is_read === 1) misses.push(toNearMiss(candidate, ['read']))
  }
  return misses
}

function toNearMiss({ id, seq, from_address, from_name, subject }: Candidate, failed: NearMiss['failed']): NearMiss {
  return { messageId: id, seq, failed, fromAddress: from_address, fromName: from_name, subject }
}

/**
 * The conditions, at most `most` of them, that a message does not meet; the body, in another table, is looked at last and only
 * when asked for.
 */
async function failedConditions(
  db: Engine,
  inboxId: string,
  { from, subject, contains }: MessageFilter,
  candidate: Candidate,
  { most, budget }: { most: number; budget: Budget },
): Promise<Condition[]> {
  const failed: Condition[] = []
  const subjectLine = candidate.subject.toLowerCase()
  if (from !== undefined && !includesText(candidate.from_address, from) && !includesText(candidate.from_name ?? '', from)) {
    failed.push('from')
  }
  if (subject !== undefined && !subjectLine.includes(subject)) failed.push('subject')
  if (contains === undefined || failed.length >= most || subjectLine.includes(contains)) return failed
  const body = await db.get<{ body_text: string }>(
    'SELECT body_text FROM message_body WHERE inbox_id = ? AND message_id = ?',
    inboxId,
    candidate.id,
  )
  const text = body?.body_text ?? ''
  budget.charsLeft -= text.length
  if (!includesText(text, contains)) failed.push('contains')
  return failed
}

function includesText(text: string, lowerPart: string): boolean {
  return text.toLowerCase().includes(lowerPart)
}

function lowerFilter(filter: MessageFilter): MessageFilter {
  const lower: MessageFilter = {}
  if (filter.from !== undefined) lower.from = filter.from.toLowerCase()
  if (filter.subject !== undefined) lower.subject = filter.subject.toLowerCase()
  if (filter.contains !== undefined) lower.contains = filter.contains.toLowerCase()
  return lower
}
