/** Inboxes: made, listed, found. Whoever asks names the agent; every other step starts from a row found here. */

import type { DomainStanding } from '../domain-standing.ts'
import { MailError } from '../errors.ts'
import type { DeletedInbox, Inbox, Page, PageRequest } from '../model.ts'
import type { FoundRecipient, InboxAndCursor, InboxRef, NewInbox } from '../store.ts'
import { domainOf, isOfAnother, STANDING, STANDS } from './domain-rights.ts'
import { checkReceiving } from './domains.ts'
import type { Engine } from './engine.ts'
import { findUse, rememberUse } from './idempotency.ts'
import { dayOf, type InboxRow, toInbox } from './rows.ts'

const CREATE = 'create_inbox'
/** Greater than every character, so that `prefix + LAST` bounds what begins with the prefix. */
const LAST = '\u{10ffff}'

/** The row of an agent's inbox, by id or address. @throws MailError inbox_not_found */
export async function findInbox(db: Engine, agent: string, ref: InboxRef): Promise<InboxRow> {
  const wanted = ref.toLowerCase()
  const row = wanted.includes('@')
    ? await db.get<InboxRow>('SELECT * FROM inbox WHERE agent = ? AND address = ?', agent, wanted)
    : await db.get<InboxRow>('SELECT * FROM inbox WHERE agent = ? AND id = ?', agent, wanted)
  if (row) return row
  throw new MailError('inbox_not_found', 'There is no such inbox.')
}

/** Store.createInbox. @throws MailError address_taken, conflict, domain_not_found, domain_not_verified */
export async function createInbox(db: Engine, agent: string, inbox: NewInbox): Promise<InboxAndCursor> {
  const earlier = await findCreated(db, agent, inbox)
  if (earlier) return toInboxAndCursor(earlier, inbox.createdAt)
  if (inbox.domainId === null) await checkUnowned(db, agent, inbox.address)
  else await checkReceiving(db, agent, inbox.domainId)
  if (await findRecipient(db, inbox.address)) throw addressTaken(inbox.address)
  const row = await db.get<InboxRow>(
    `INSERT INTO inbox (id, agent, address, display_name, domain_id, status, daily_send_limit, sends_day, sends_count, total_sent,
       bounce_count, complaint_count, last_seq, message_count, thread_count, created_at)
     VALUES (?, ?, ?, ?, ?, 'active', ?, ?, 0, 0, 0, 0, 0, 0, 0, ?)
     ON CONFLICT (agent, address) DO NOTHING RETURNING *`,
    inbox.id,
    agent,
    inbox.address,
    inbox.displayName,
    inbox.domainId,
    inbox.dailySendLimit,
    dayOf(inbox.createdAt),
    inbox.createdAt,
  )
  if (!row) throw addressTaken(inbox.address)
  await rememberCreated(db, agent, inbox)
  return toInboxAndCursor(row, inbox.createdAt)
}

/** Of an inbox in the domain of the server: that may have been given to another one since an agent brought it. @throws MailError conflict */
async function checkUnowned(db: Engine, agent: string, address: string): Promise<void> {
  const domain = domainOf(address)
  if (!(await isOfAnother(db, agent, domain))) return
  throw new MailError('conflict', `${domain} is another agent's: no inbox can be made in it.`, {
    hint: `Tell the owner of this server: ${domain} can be --domain again once inbox-mcp domains release ${domain} was run.`,
  })
}

function addressTaken(address: string): MailError {
  return new MailError('address_taken', `${address} is taken.`)
}

/** The live inbox that the same idempotency key made. @throws MailError conflict */
async function findCreated(db: Engine, agent: string, { idempotency, createdAt }: NewInbox): Promise<InboxRow | undefined> {
  if (!idempotency) return undefined
  const made = await findUse(db, { agent, operation: CREATE, key: idempotency.key }, createdAt)
  if (!made) return undefined
  if (made.fingerprint !== idempotency.fingerprint) {
    throw new MailError('conflict', 'This idempotencyKey was used for an inbox with other arguments.')
  }
  return await db.get<InboxRow>('SELECT * FROM inbox WHERE agent = ? AND id = ?', agent, made.resultId)
}

async function rememberCreated(db: Engine, agent: string, { id, idempotency, createdAt }: NewInbox): Promise<void> {
  if (!idempotency) return
  const { key, fingerprint } = idempotency
  await rememberUse(db, { agent, operation: CREATE, key }, { fingerprint, resultId: id }, createdAt)
}

/** Store.listInboxes: newest first. */
export async function listInboxes(db: Engine, agent: string, page: PageRequest, now: number): Promise<Page<Inbox>> {
  const count = await db.get<{ total: number }>('SELECT count(*) AS total FROM inbox WHERE agent = ?', agent)
  const rows = await db.all<InboxRow>(
    'SELECT * FROM inbox WHERE agent = ? ORDER BY created_at DESC, id DESC LIMIT ? OFFSET ?',
    agent,
    page.limit,
    page.offset,
  )
  return { data: rows.map((row) => toInbox(row, now)), total: count?.total ?? 0 }
}

/** Store.completeAddresses: in order of the alphabet. */
export async function completeAddresses(db: Engine, agent: string, prefix: string, limit: number): Promise<Page<string>> {
  const from = prefix.toLowerCase()
  const matching = 'FROM inbox WHERE agent = ? AND address >= ? AND address < ?'
  const count = await db.get<{ total: number }>(`SELECT count(*) AS total ${matching}`, agent, from, from + LAST)
  const rows = await db.all<{ address: string }>(
    `SELECT address ${matching} ORDER BY address LIMIT ?`,
    agent,
    from,
    from + LAST,
    limit,
  )
  return { data: rows.map(({ address }) => address), total: count?.total ?? 0 }
}

/** Store.getInbox. @throws MailError inbox_not_found */
export async function getInbox(db: Engine, agent: string, ref: InboxRef, now: number): Promise<InboxAndCursor> {
  return toInboxAndCursor(await findInbox(db, agent, ref), now)
}

function toInboxAndCursor(row: InboxRow, now: number): InboxAndCursor {
  const suspendedReason = row.status === 'suspended' ? row.suspended_reason : null
  return { inbox: toInbox(row, now), cursor: row.last_seq, suspendedReason }
}

/**
 * Store.deleteInbox: one small step however full the inbox is; `sweepDeleted` removes what was in it. @throws MailError
 * inbox_not_found
 */
export async function deleteInbox(db: Engine, agent: string, ref: InboxRef): Promise<DeletedInbox> {
  const row = await findInbox(db, agent, ref)
  await db.run('DELETE FROM inbox WHERE agent = ? AND id = ?', agent, row.id)
  await db.run('INSERT INTO deleted_inbox (inbox_id, search_number) VALUES (?, ?)', row.id, row.search_number)
  await db.run('DELETE FROM smtp_session WHERE inbox_id = ?', row.id)
  return { id: row.id, address: row.address, deleted: { messages: row.message_count, threads: row.thread_count, webhooks: 0 } }
}

/** Store.findRecipient: of all inboxes with exactly this address, whoever's they are, the one that stands. */
export async function findRecipient(db: Engine, address: string): Promise<FoundRecipient | null> {
  const sql = `SELECT i.id, i.status, ${STANDING} AS standing FROM inbox i WHERE i.address = ? AND ${STANDS}`
  const row = await db.get<Pick<InboxRow, 'id' | 'status'> & { standing: string | null }>(sql, address)
  if (!row) return null
  const standing: DomainStanding | null = row.standing === null ? null : JSON.parse(row.standing)
  const found = { inboxId: row.id, status: row.status }
  return standing === null || standing.receiving.state === 'verified' ? found : { ...found, mailGoesElsewhere: true }
}
