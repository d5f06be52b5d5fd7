/** Domains: claimed by agents, each had by one at most, looked up by one process at a time. The private key leaves by `getDkimKey` alone. */

import type { DkimKey } from '../composer.ts'
import type { Finding } from '../domain-findings.ts'
import { domainNotFound } from '../domain-names.ts'
import { advanceDomain, type DomainStanding, loseDomain, NEW_STANDING } from '../domain-standing.ts'
import type { CheckedDomain, DomainCheck, DomainHolder, DomainRef, NewDomain, StoredDomain } from '../domain-store.ts'
import type { DeletedDomain } from '../domains.ts'
import { MailError } from '../errors.ts'
import { DOMAIN_RECHECK_INTERVAL_MS, DOMAIN_RETRY_INTERVAL_MS, MAX_DOMAINS_PER_AGENT } from '../limits.ts'
import type { Page, PageRequest } from '../model.ts'
import { findOwner, forgetRefused } from './domain-rights.ts'
import type { Engine } from './engine.ts'
import { toIso } from './rows.ts'

/** Columns of `domain` that anybody may see. */
type DomainRow = {
  id: string
  agent: string
  domain: string
  selector: string
  public_key: string
  is_owned: number
  /** JSON of DomainStanding, and of Findings. */
  standing: string
  findings: string | null
  checked_at: number | null
  created_at: number
}

const COLUMNS = 'id, agent, domain, selector, public_key, is_owned, standing, findings, checked_at, created_at'

/** Store.createDomain. @throws MailError conflict */
export async function createDomain(db: Engine, agent: string, domain: NewDomain): Promise<StoredDomain> {
  const known = await findByName(db, agent, domain.domain)
  if (known) return toDomain(known)
  await checkCount(db, agent)
  await db.run(
    `INSERT INTO domain (id, agent, domain, selector, public_key, private_key, is_owned, standing, due_at, created_at)
     VALUES (?, ?, ?, ?, ?, ?, 0, ?, ?, ?)`,
    domain.id,
    agent,
    domain.domain,
    domain.selector,
    domain.publicKey,
    domain.privateKeyPem,
    JSON.stringify(NEW_STANDING),
    domain.createdAt + DOMAIN_RETRY_INTERVAL_MS,
    domain.createdAt,
  )
  return await getDomain(db, agent, domain.id)
}

/** @throws MailError conflict */
async function checkCount(db: Engine, agent: string): Promise<void> {
  if ((await countDomains(db, agent)) < MAX_DOMAINS_PER_AGENT) return
  throw new MailError('conflict', `You have ${MAX_DOMAINS_PER_AGENT} domains, which is the most.`, {
    hint: 'Call delete_domain for one that you do not need.',
  })
}

/** Store.getDomain. @throws MailError domain_not_found */
export async function getDomain(db: Engine, agent: string, ref: DomainRef): Promise<StoredDomain> {
  return toDomain(await findRow(db, agent, ref))
}

async function findRow(db: Engine, agent: string, ref: DomainRef): Promise<DomainRow> {
  const wanted = ref.toLowerCase()
  const row = wanted.includes('.')
    ? await findByName(db, agent, wanted)
    : await db.get<DomainRow>(`SELECT ${COLUMNS} FROM domain WHERE agent = ? AND id = ?`, agent, wanted)
  if (row) return row
  throw domainNotFound()
}

async function findByName(db: Engine, agent: string, domain: string): Promise<DomainRow | undefined> {
  return await db.get<DomainRow>(`SELECT ${COLUMNS} FROM domain WHERE agent = ? AND domain = ?`, agent, domain)
}

/** Store.listDomains: newest first. */
export async function listDomains(db: Engine, agent: string, page: PageRequest): Promise<Page<StoredDomain>> {
  const rows = await db.all<DomainRow>(
    `SELECT ${COLUMNS} FROM domain WHERE agent = ? ORDER BY created_at DESC, id DESC LIMIT ? OFFSET ?`,
    agent,
    page.limit,
    page.offset,
  )
  return { data: rows.map(toDomain), total: await countDomains(db, agent) }
}

async function countDomains(db: Engine, agent: string): Promise<number> {
  return (await db.get<{ total: number }>('SELECT count(*) AS total FROM domain WHERE agent = ?', agent))?.total ?? 0
}

/** Store.deleteDomain. @throws MailError domain_not_found, conflict */
export async function deleteDomain(db: Engine, agent: string, ref: DomainRef): Promise<DeletedDomain> {
  const { id, domain, is_owned } = await findRow(db, agent, ref)
  const standing = await db.get<{ total: number }>('SELECT count(*) AS total FROM inbox WHERE domain_id = ?', id)
  const inboxes = standing?.total ?? 0
  if (inboxes > 0) {
    throw new MailError(
      'conflict',
      `${inboxes} of your inboxes ${inboxes === 1 ? 'is' : 'are'} on ${domain}; nothing was deleted.`,
      {
        hint: 'Delete those inboxes first, with delete_inbox; their mail goes with them.',
        facts: { inboxes },
      },
    )
  }
  await db.run('DELETE FROM domain WHERE agent = ? AND id = ?', agent, id)
  if (is_owned === 1) await forgetRefused(db, domain)
  return { id, domain }
}

/** Store.findDomainHolder. */
export async function findDomainHolder(db: Engine, domain: string): Promise<string | null> {
  return (await findOwner(db, domain))?.agent ?? null
}

/** Store.listDomainHolders. */
export async function listDomainHolders(db: Engine): Promise<DomainHolder[]> {
  const rows = await db.all<DomainRow>(`SELECT ${COLUMNS} FROM domain WHERE is_owned = 1 ORDER BY domain`)
  return rows
    .map(toDomain)
    .map(({ domain, agent, standing }) => ({ domain, agent, since: toIso(standing.ownership.verifiedAt ?? 0) }))
}

/** Store.releaseDomain. */
export async function releaseDomain(db: Engine, domain: string): Promise<string | null> {
  const owner = await findOwner(db, domain)
  if (owner === undefined) return null
  const held = await getDomain(db, owner.agent, owner.id)
  await keepStanding(db, held, loseDomain(held.standing))
  return owner.agent
}

/** Store.recordDomainCheck. @throws MailError domain_not_found */
export async function recordDomainCheck(db: Engine, agent: string, domainId: string, check: DomainCheck): Promise<CheckedDomain> {
  const row = await findRow(db, agent, domainId)
  const before = toDomain(row).standing
  const { findings, now, nextCheckAt } = check
  const owner = await findOwner(db, row.domain)
  const holder = owner === undefined || owner.id === row.id ? null : await getDomain(db, owner.agent, owner.id)
  const isReplaced =
    holder !== null && check.holder?.agent === holder.agent && hasReplaced(findings.ownership, check.holder.finding)
  if (isReplaced) await keepStanding(db, holder, loseDomain(holder.standing))
  const isOthers = holder !== null && !isReplaced
  await keepStanding(db, toDomain(row), advanceDomain(before, findings, isOthers, now))
  await db.run(
    'UPDATE domain SET findings = ?, checked_at = ?, due_at = ? WHERE agent = ? AND id = ?',
    JSON.stringify(findings),
    now,
    nextCheckAt,
    agent,
    row.id,
  )
  const isTaken = isOthers && isSure(findings.ownership, 'ok')
  const replaced = isReplaced ? await getDomain(db, holder.agent, holder.id) : null
  return { domain: await getDomain(db, agent, row.id), before, isTaken, replaced }
}

/** The text of one agent stands where that of the other stood: whoever writes the DNS of the domain has changed it on purpose. */
function hasReplaced(ours: Finding, theirs: Finding): boolean {
  return isSure(ours, 'ok') && theirs.isCertain && theirs.status !== 'ok'
}

function isSure({ isCertain, status }: Finding, wanted: Finding['status']): boolean {
  return isCertain && status === wanted
}

async function keepStanding(
  db: Engine,
  { agent, id, domain, standing: before }: StoredDomain,
  standing: DomainStanding,
): Promise<void> {
  const isOwned = standing.ownership.state === 'verified'
  const sql = 'UPDATE domain SET is_owned = ?, standing = ? WHERE agent = ? AND id = ?'
  await db.run(sql, isOwned ? 1 : 0, JSON.stringify(standing), agent, id)
  if (before.ownership.state === 'verified' && !isOwned) await forgetRefused(db, domain)
}

/** Store.getDkimKey. @throws MailError domain_not_verified, domain_not_found */
export async function getDkimKey(db: Engine, agent: string, domainId: string): Promise<DkimKey | null> {
  const { domain, selector, standing } = await getDomain(db, agent, domainId)
  if (standing.ownership.state !== 'verified') throw notVerified(domain)
  if (standing.sending.state !== 'verified') return null
  const row = await db.get<{ private_key: string }>('SELECT private_key FROM domain WHERE agent = ? AND id = ?', agent, domainId)
  return row ? { domain, selector, privateKeyPem: row.private_key } : null
}

/** For an inbox to be made. @throws MailError domain_not_found, domain_not_verified unless mail for it comes here */
export async function checkReceiving(db: Engine, agent: string, domainId: string): Promise<void> {
  const { domain, standing } = await getDomain(db, agent, domainId)
  if (standing.receiving.state !== 'verified') throw notVerified(domain)
}

/** Store.claimDomains. */
export async function claimDomains(db: Engine, now: number, leaseUntil: number, limit: number): Promise<StoredDomain[]> {
  await forgetFuture(db, now)
  const rows = await db.all<DomainRow>(`SELECT ${COLUMNS} FROM domain WHERE due_at <= ? ORDER BY due_at, id LIMIT ?`, now, limit)
  for (const { agent, id } of rows) await db.run('UPDATE domain SET due_at = ? WHERE agent = ? AND id = ?', leaseUntil, agent, id)
  return rows.map(toDomain)
}

/** After a clock was set back, nothing would be due for as long. */
async function forgetFuture(db: Engine, now: number): Promise<void> {
  const latest = now + 2 * DOMAIN_RECHECK_INTERVAL_MS
  if ((await db.get('SELECT 1 FROM domain WHERE due_at > ? LIMIT 1', latest)) === undefined) return
  await db.run('UPDATE domain SET due_at = ? WHERE due_at > ?', now, latest)
}

function notVerified(domain: string): MailError {
  return new MailError('domain_not_verified', `${domain} is not verified.`, {
    hint: 'Publish its DNS records and call verify_domain, which says what is missing.',
    facts: { domain },
  })
}

function toDomain(row: DomainRow): StoredDomain {
  return {
    id: row.id,
    agent: row.agent,
    domain: row.domain,
    selector: row.selector,
    publicKey: row.public_key,
    standing: JSON.parse(row.standing),
    findings: row.findings === null ? null : JSON.parse(row.findings),
    checkedAt: row.checked_at,
    createdAt: row.created_at,
  }
}
