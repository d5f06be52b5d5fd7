/** What an agent reads of why there is no mail: our facts in the open, what clients said between marks. */

import type { DeliveryExplanation } from '../explanation.ts'
import type { ListenerStatus } from '../receiver.ts'
import type { Session } from '../session-log.ts'
import type { World } from '../world.ts'
import { fenceMail } from './fence.ts'
import { quoteAddress, quoteOptional } from './mail-fields.ts'
import { type Answer, joinFacts, joinLines } from './render.ts'
import { describeDeliveries, structureDeliveries } from './render-sent.ts'

/**
 * All that is known about one address, and the next step. Every list is short and every text in it cut. Who asked about a message of its own hears of that
 * alone: what came in says nothing of it.
 */
export function renderExplanation(explanation: DeliveryExplanation, world: World): Answer {
  const { sent, address, advice } = explanation
  if (sent === null) return renderIncoming(explanation, world)
  return {
    structured: { address, advice, ...structureDeliveries(sent) },
    text: joinLines(advice, describeDeliveries(sent)),
  }
}

function renderIncoming(explanation: DeliveryExplanation, world: World): Answer {
  const { address, inbox, nearInboxes, listener, sessions, lookalikes, arrivals, advice } = explanation
  return {
    structured: {
      address,
      inbox,
      nearInboxes,
      listener,
      advice,
      sessions: sessions.map(structureSession),
      looksLike: lookalikes.map(structureSession),
      recentMessages: arrivals,
    },
    text: joinLines(
      advice,
      describeInbox(explanation),
      describeListener(listener),
      ...describeArrivals(explanation),
      sessions.length + lookalikes.length === 0
        ? 'Nothing was turned away at this address or one that looks like it.'
        : fenceMail(joinLines(...describeSessions(sessions), ...describeLookalikes(lookalikes)), world),
    ),
  }
}

/** What the client said below `content`; what we saw of it beside. */
function structureSession({ address, helo, mailFrom, sizeBytes, ...ours }: Session) {
  return { ...ours, size: sizeBytes, content: { address, helo, mailFrom } }
}

function describeInbox({ address, inbox, nearInboxes }: DeliveryExplanation): string {
  if (inbox !== null) return `Inbox ${joinFacts({ address, ...inbox })}`
  return joinLines(
    `${address} is no inbox of yours.`,
    nearInboxes.length === 0 ? null : `Yours that look like it: ${nearInboxes.join(', ')}.`,
  )
}

function describeListener(listener: ListenerStatus): string {
  switch (listener.state) {
    case 'listening':
      return `Mail is received at ${listener.smtpUrl}.`
    case 'elsewhere':
      return `Mail is received at ${listener.smtpUrl}, by another process of this server.`
    case 'blocked':
      return listener.problem
    case 'starting':
      return 'Mail is not received yet: this server is starting.'
  }
}

function describeArrivals({ inbox, arrivals }: DeliveryExplanation): string[] {
  if (inbox === null) return []
  if (arrivals.length === 0) return ['No message has arrived in it lately.']
  return ['Arrived last:', ...arrivals.map((arrival) => `- ${joinFacts(arrival)}`)]
}

function describeSessions(sessions: readonly Session[]): string[] {
  return sessions.length === 0 ? [] : ['Turned away at this address:', ...sessions.map(describeSession)]
}

function describeLookalikes(lookalikes: readonly Session[]): string[] {
  return lookalikes.length === 0 ? [] : ['Turned away at addresses that look like it:', ...lookalikes.map(describeSession)]
}

function describeSession({ address, reason, remoteAddress, helo, mailFrom, sizeBytes, count, at }: Session): string {
  return `- ${joinFacts({
    reason,
    at,
    count: count === 1 ? null : count,
    size: sizeBytes,
    to: quoteAddress(address),
    remoteAddress,
    helo: quoteOptional(helo),
    mailFrom: quoteOptional(mailFrom),
  })}`
}
