/** What only the store can know of a message before it is queued: whether its inbox may send, and to whom, and how much today. */

import { DAY_MS } from '../durations.ts'
import { MailError } from '../errors.ts'
import { STANDS } from './domain-rights.ts'
import type { Engine } from './engine.ts'
import { type InboxRow, sendsAt, toIso } from './rows.ts'
import { findSuppression } from './suppressions.ts'
import { lowerAscii } from './text.ts'

/** @throws MailError inbox_suspended, with the reason */
export function checkActive(inbox: InboxRow): void {
  if (inbox.status === 'active') return
  const { address, suspended_reason: reason } = inbox
  throw new MailError('inbox_suspended', `${address} is suspended and sends nothing: ${reason}`, {
    facts: { reason, since: toIso(inbox.suspended_at) },
  })
}

/** @throws MailError domain_not_verified where the domain of its address is somebody else's by now */
export async function checkStands(db: Engine, { id, address }: InboxRow): Promise<void> {
  const sql = `SELECT 1 FROM inbox i WHERE i.id = ? AND ${STANDS}`
  if ((await db.get(sql, id)) !== undefined) return
  throw new MailError('domain_not_verified', `${address} sends nothing: its domain is no longer yours.`, {
    hint: 'Send from another inbox; list_inboxes shows those you have.',
  })
}

/** @throws MailError recipient_not_allowed for the first one that bounced or complained */
export async function checkSuppressions(db: Engine, inboxId: string, recipients: readonly string[]): Promise<void> {
  for (const recipient of recipients) {
    const found = await findSuppression(db, inboxId, recipient)
    if (!found) continue
    const since = toIso(found.created_at)
    const what = found.reason === 'bounced' ? 'cannot be reached' : 'called mail of this inbox spam'
    throw new MailError('recipient_not_allowed', `${recipient} ${what}, since ${since}.`, {
      hint: 'Leave this recipient out; only the owner of this server can lift this.',
      facts: { recipient, reason: found.reason, since },
    })
  }
}

/** @throws MailError recipient_not_allowed for the first one who has never written to this inbox */
export async function checkCorrespondents(db: Engine, inboxId: string, recipients: readonly string[]): Promise<void> {
  for (const recipient of recipients) {
    const written = await db.get(
      `SELECT 1 FROM message WHERE inbox_id = ? AND direction = 'inbound' AND lower(from_address) = ? LIMIT 1`,
      inboxId,
      lowerAscii(recipient),
    )
    if (written) continue
    throw new MailError('recipient_not_allowed', `${recipient} has not written to this inbox, and it may only answer who has.`, {
      facts: { recipient, reason: 'send_policy' },
    })
  }
}

/** The day that one more message counts in, and which of that day it is. @throws MailError daily_limit_reached */
export function countSend(inbox: InboxRow, now: number): { day: number; sends: number } {
  const { day, sends } = sendsAt(inbox, now)
  if (sends < inbox.daily_send_limit) return { day, sends: sends + 1 }
  const resetsAt = (day + 1) * DAY_MS
  throw new MailError('daily_limit_reached', `${inbox.address} has sent ${sends} messages today, which is its limit.`, {
    facts: { resetsAt: toIso(resetsAt), retryAfterSeconds: Math.ceil((resetsAt - now) / 1_000) },
  })
}
