/**
 * What an agent reads. Every answer is a structure and a compact text, each enough on its own; null and empty is left out of
 * the text, and of the structure only in rows of lists.
 */

import type { MailError } from '../errors.ts'
import type { DeletedInbox, Inbox, Page, Quota } from '../model.ts'
import type { CreatedInbox } from '../post-office.ts'
import { fitRows } from './budget.ts'
import { quoteField } from './fence.ts'
import { dropWithheld, type Offered } from './offered.ts'

/** What is left to do while mail is not received: to give the address away and to wait would go round for ever. */
export const TELL_OWNER =
  'tell the owner of this server; no mail can arrive until then. Only mail between inboxes of this server still works.'

/** The result of a tool, before the protocol wraps it. */
export type Answer = { structured: Record<string, unknown>; text: string }

/** A fact of ours: a value without text from a mail in it. */
type Fact = string | number | boolean | null | undefined

/** `key: value; key: value`, without what is null or empty. */
export function joinFacts(facts: Readonly<Record<string, Fact>>): string {
  return Object.entries(facts)
    .filter(([, value]) => value !== null && value !== undefined && value !== '')
    .map(([key, value]) => `${key}: ${value}`)
    .join('; ')
}

/** Lines of an answer; what is null or empty is no line. */
export function joinLines(...lines: readonly (string | null)[]): string {
  return lines.filter((line) => line !== null && line !== '').join('\n')
}

/** `1 message`, `2 messages`. */
export function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? '' : /(?:x|ch|ss)$/u.test(noun) ? 'es' : 's'}`
}

/** An error in words and as a structure; its message and facts are ours or the caller's, never a mail's. */
export function renderFailure(error: MailError, withheld: ReadonlySet<string>): Answer {
  const hint = dropWithheld(error.hint, { withheld })
  const { code, message, retryable, httpStatus, facts } = error
  const retry = retryable ? 'The same call may succeed later.' : 'The same call will fail again.'
  return {
    structured: { error: { ...facts, code, message, hint, retryable, httpStatus } },
    text: joinLines(`Error ${code} (${httpStatus}): ${message}`, hint === '' ? retry : `${hint} ${retry}`, joinFacts(facts)),
  }
}

/** A new inbox and how to go on; while no mail can come, that first. */
export function renderCreated(inbox: CreatedInbox, { offered }: Pick<Offered, 'offered'>): Answer {
  const { address, smtpUrl, notice, cursor } = inbox
  const wait = offered.has('wait_for_message') ? `, then wait_for_message with inbox ${address} and after ${cursor}` : ''
  const ready = [
    `Inbox ${address} is ready.`,
    smtpUrl === null ? 'Mail for it is not received yet.' : `Mail for it is received at ${smtpUrl}.`,
    describeInbox(inbox),
    `Next: give the address away${wait}.`,
  ]
  const blocked = [notice, `Inbox ${address} was made; cursor: ${cursor}.`, describeInbox(inbox), `Next: ${TELL_OWNER}`]
  return { structured: { ...inbox }, text: joinLines(...(notice === null ? ready : blocked)) }
}

/** A page of inboxes. */
export function renderInboxes({ data, total }: Page<Inbox>, offset: number): Answer {
  const rows = fitRows(data, (inbox) => ({ structured: inbox, line: `- ${describeInbox(inbox)}` }))
  return {
    structured: { data: rows.map(({ structured }) => structured), total, nextOffset: findNextOffset(offset, rows.length, total) },
    text: joinLines(
      rows.length === 0 ? describeNothing('inbox', total) : `${rows.length} of ${count(total, 'inbox')}, newest first.`,
      ...rows.map(({ line }) => line),
      describeRest('list_inboxes', offset, rows.length, total),
    ),
  }
}

/** What went with a deleted inbox. */
export function renderDeleted(gone: DeletedInbox): Answer {
  const { messages, threads, webhooks } = gone.deleted
  const counts = [count(messages, 'message'), count(threads, 'thread'), count(webhooks, 'webhook')].join(', ')
  return { structured: { ...gone }, text: `Deleted ${gone.address} (id: ${gone.id}) with ${counts}. The address is free again.` }
}

/** An inbox that stays because a person did not agree. */
export function renderKept(inbox: Inbox, answer: 'declined' | 'cancelled'): Answer {
  const { id, address } = inbox
  const next =
    answer === 'declined' ? 'The person said no: leave it.' : 'The person gave no answer: go on without, or ask them yourself.'
  return { structured: { id, address, deleted: null, answer }, text: `Not deleted: ${address} stays. ${next}` }
}

/** What an inbox may still send; `sends` is how many more the caller asked about. */
export function renderQuota(quota: Quota, sends: number | undefined): Answer {
  const { inboxId, address, ...facts } = quota
  const fits = sends === undefined ? undefined : quota.canSend && quota.remaining >= sends
  return {
    structured: { ...quota, ...(sends !== undefined && { sends, fits }) },
    text: joinLines(
      `${address} may send ${quota.canSend ? quota.remaining : 0} more until ${quota.resetsAt}.`,
      sends === undefined ? null : `${count(sends, 'send')} ${fits ? 'fit' : 'do not fit'} today.`,
      joinFacts({ inboxId, ...facts }),
    ),
  }
}

/** `Nothing` when there is none, something else when the offset is past the end. */
export function describeNothing(noun: string, total: number): string {
  return total === 0 ? `No ${noun} yet.` : `Nothing at this offset; there are ${total}.`
}

/** The offset of the row after the last one shown; null when that was the last. */
export function findNextOffset(offset: number, rows: number, total: number): number | null {
  return rows > 0 && offset + rows < total ? offset + rows : null
}

/** How to get the rest of a list; null when this was all. */
export function describeRest(tool: string, offset: number, rows: number, total: number): string | null {
  const next = findNextOffset(offset, rows, total)
  return next === null ? null : `More: ${tool} with offset ${next}.`
}

function describeInbox({ displayName, address, id, ...inbox }: Inbox): string {
  return joinFacts({
    address,
    id,
    displayName: displayName === null ? null : quoteField(displayName, displayName.length + 1),
    domainId: inbox.domainId,
    status: inbox.status,
    sendsToday: inbox.sendsToday,
    dailySendLimit: inbox.dailySendLimit,
    totalSent: inbox.totalSent,
    bounceCount: inbox.bounceCount,
    complaintCount: inbox.complaintCount,
    createdAt: inbox.createdAt,
  })
}
