/** One or two sentences of ours that name the next step, from what is known about an address. Nothing that a stranger said is repeated in them. */

import type { StoredDomain } from '../domain-store.ts'
import type { DeliveryExplanation } from '../explanation.ts'
import { MAX_ID_CHARS } from '../limits.ts'
import type { DeliveryState } from '../model.ts'
import type { RefusalReason } from '../receiver.ts'
import { describeSmtpUrl, describeTrouble } from './listening.ts'

type Facts = Omit<DeliveryExplanation, 'advice'>

/** What to do about a refusal, by its reason. */
const REMEDIES: Readonly<Record<RefusalReason, string>> = {
  unknown: 'The newest attempt came before this inbox was there: have the sender send again.',
  suspended: 'Mail for this inbox is turned away while it is suspended: ask the owner of this server, or use another inbox.',
  too_many_recipients: 'The newest attempt named too many recipients at once: have the sender split the message.',
  too_large: 'The newest message was too large: have it sent with less in it, or ask the owner to raise --max-message-bytes.',
  mail_loop:
    'The newest message went in circles (too many Received headers): the forwarding on the way to this server must be mended.',
  lost_mid_data:
    'The connection broke in the middle of the newest message: most senders try again by themselves, so wait_for_message again.',
  store_error:
    'This server could not store the newest message and told the sender to try again: wait_for_message again, and tell the owner if it stays.',
}

/** Whose the domain of the address is: `own` when the agent brought it, else null. `domain` is that of the other inboxes here. */
export type Domains = {
  domain: string
  own: Pick<StoredDomain, 'id' | 'domain' | 'standing'> | null
  /** The inbox neither receives nor sends, because the domain of its address is not its agent's. */
  isLost: boolean
}

/** The first thing that explains it. */
export function advise(facts: Facts, domains: Domains): string {
  return (
    adviseSent(facts, domains) ??
    describeBlocked(facts) ??
    adviseStranger(facts, domains) ??
    adviseSuspended(facts) ??
    adviseDomain(facts, domains) ??
    adviseRefused(facts) ??
    adviseArrived(facts) ??
    adviseLookalikes(facts) ??
    adviseNothing(facts)
  )
}

/** Who names a message asks about that one. */
function adviseSent(facts: Facts, domains: Domains): string | null {
  const { sent } = facts
  if (sent === null) return null
  const has = (...states: DeliveryState[]) => sent.deliveries.some(({ state }) => states.includes(state))
  if (has('queued', 'deferred') && domains.isLost) return `Your message is held back. ${explainLoss(facts, domains)}`
  if (has('queued', 'deferred')) {
    return `Your message is still on its way: wait_for_message with for "delivery", its messageId and after ${sent.deliveryCursor} tells what becomes of it.`
  }
  if (has('refused', 'expired', 'bounced', 'complained')) {
    return 'Your message did not reach every recipient: the reasons stand beside them. Check those addresses before you send anything again.'
  }
  if (has('unknown')) return 'Your message may have arrived: ask the recipient, and send it again only if the user says so.'
  if (has('recorded'))
    return 'This server makes a dry run: your message was recorded and sent to nobody. Only its owner can change that.'
  return 'Your message was taken for every recipient. Who does not find it should look into the spam folder.'
}

function describeBlocked({ listener }: Facts): string | null {
  const trouble = describeTrouble(listener)
  return trouble === null ? null : `No mail can come at all. ${trouble} Tell the owner of this server.`
}

/** The address is no inbox of this agent. */
function adviseStranger({ inbox, address, nearInboxes, lookalikes }: Facts, { domain, own }: Domains): string | null {
  if (inbox !== null) return null
  const [near] = nearInboxes
  if (near !== undefined) return `You have no inbox ${address}, but you have ${near}: give the sender exactly that one.`
  const [local = ''] = address.split('@')
  if (own === null && !address.endsWith(`@${domain}`)) {
    return `You have no inbox ${address}; those made here end in @${domain}. list_inboxes shows the exact addresses to give to senders.`
  }
  const there = own === null ? '' : `domainId ${own.domain.length > MAX_ID_CHARS ? own.id : own.domain} and `
  const tried = lookalikes.length === 0 ? '' : ' Senders tried the addresses below, which look like it and are no inbox either.'
  return `You have no inbox ${address}. Call create_inbox with ${there}localPart ${local} and have the sender send again, or list_inboxes for those you have.${tried}`
}

function adviseSuspended({ inbox }: Facts): string | null {
  return inbox?.status === 'suspended' ? `This inbox is suspended and receives nothing. ${REMEDIES.suspended}` : null
}

/** Mail for a domain of the agent comes here while its DNS says so. */
function adviseDomain(facts: Facts, domains: Domains): string | null {
  const { own, isLost } = domains
  if (isLost) return explainLoss(facts, domains)
  if (own === null) return null
  const { domain, standing } = own
  if (standing.receiving.state === 'verified') return null
  return `DNS no longer leads mail for ${domain} to this server. verify_domain says where it leads.`
}

/** Why an inbox neither receives nor sends. */
function explainLoss({ address }: Facts, { own }: Domains): string {
  if (own !== null)
    return `DNS no longer says that ${own.domain} is yours, so its inboxes neither receive nor send. verify_domain says what is missing.`
  return `Addresses in ${address.slice(address.lastIndexOf('@') + 1)} are another agent's by now: this inbox keeps its mail, and neither receives nor sends. Use another inbox.`
}

/** Unless mail has come since. */
function adviseRefused({ sessions, arrivals }: Facts): string | null {
  const [newest] = sessions
  const [arrived] = arrivals
  if (newest === undefined || (arrived !== undefined && arrived.createdAt >= newest.at)) return null
  return REMEDIES[newest.reason]
}

function adviseArrived({ arrivals, lookalikes, address }: Facts): string | null {
  const unread = arrivals.filter(({ read }) => !read).length
  if (unread > 0) return 'Mail is there, unread: list_messages, or wait_for_message with looser conditions.'
  const [newest] = arrivals
  const [lookalike] = lookalikes
  if (newest === undefined || (lookalike !== undefined && lookalike.at > newest.createdAt)) return null
  return `The newest mail has been read already: read_message shows it again. Whatever else was meant for ${address} has not reached this server.`
}

function adviseLookalikes({ lookalikes, address }: Facts): string | null {
  if (lookalikes.length === 0) return null
  return `Somebody wrote to an address that looks like this one and is no inbox: give the sender exactly ${address}, or make an inbox of the other address.`
}

function adviseNothing({ address, listener }: Facts): string {
  const smtpUrl = describeSmtpUrl(listener)
  const where = smtpUrl === null ? 'to this server' : `to ${smtpUrl}`
  return `Nobody has tried to deliver mail for ${address} lately: check that the sender has exactly this address and sends ${where}.`
}
