/** What an agent reads of mail it sent: where each recipient's copy stands, what that means, and what to do next. */

import type { DeliveryState, RecipientDelivery, SentMessage } from '../model.ts'
import type { DeliveryWaitResult, SendResult } from '../post-office.ts'
import { quoteAddress } from './mail-fields.ts'
import type { Offered } from './offered.ts'
import { type Answer, count, joinFacts, joinLines } from './render.ts'

/** What a state means for whoever thinks of sending again. */
const MEANINGS: Readonly<Record<DeliveryState, string>> = {
  queued: 'not sent yet',
  deferred: 'not taken yet; it is tried again by itself, so do not send it again',
  sent: 'the next mail server took it; it may still come back',
  delivered: 'it is in an inbox of this server',
  recorded: 'dry run: counted, and not sent to anybody',
  refused: 'not taken, and never will be like this: check the address',
  expired: 'given up after two days of trying',
  unknown: 'the connection broke at the very end: it may have arrived. Do not send it again unless the user says so',
  bounced: 'it came back: check the address',
  complained: 'the recipient reported it as spam: do not write to them again',
}

/** States that change by themselves. */
const OPEN: readonly DeliveryState[] = ['queued', 'deferred']

/** What was queued, just now or by an earlier call with the same idempotency key. */
export function renderSent({ repeated, ...sent }: SendResult, { offered }: Pick<Offered, 'offered'>): Answer {
  const headline = repeated
    ? 'Sent before with this idempotencyKey; nothing was sent again. It stands so:'
    : `Queued for ${count(sent.deliveries.length, 'recipient')}.`
  return {
    structured: { ...structureMessage(sent), ...structureDeliveries(sent), ...(repeated && { repeated }) },
    text: joinLines(headline, describeSent(sent), describeNext(sent, offered.has('wait_for_message'))),
  }
}

/** How a wait for delivery news ended. */
export function renderNews({ status, sent, waitedSeconds }: DeliveryWaitResult): Answer {
  const headline =
    status === 'news'
      ? 'News of your message.'
      : `Timeout: nothing new of your message in ${count(waitedSeconds, 'second')}. This is no error.`
  return {
    structured: { status, message: structureMessage(sent), ...structureDeliveries(sent), waitedSeconds },
    text: joinLines(headline, describeSent(sent), describeNext(sent, true)),
  }
}

/** The deliveries as every structure has them. */
export function structureDeliveries({ deliveries, deliveryCursor }: SentMessage) {
  return { deliveries, deliveryCursor }
}

/** One line a recipient, then what the states that occur mean. */
export function describeDeliveries({ deliveries, deliveryCursor }: SentMessage): string {
  const states = new Set(deliveries.map(({ state }) => state))
  return joinLines(
    `Deliveries; deliveryCursor: ${deliveryCursor}.`,
    ...deliveries.map(describeDelivery),
    ...[...states].map((state) => `${state}: ${MEANINGS[state]}.`),
  )
}

/** The fields of a list's row that are not empty or known for mail of our own; its lists are as short as sending lets them be. */
function structureMessage({ message }: SentMessage) {
  const { id, inboxId, threadId, seq, direction, delivery, status, size, createdAt } = message
  const { fromAddress, toAddresses, ccAddresses, subject, attachments, messageIdHeader } = message
  const content = { fromAddress, toAddresses, ccAddresses, subject, attachments, messageIdHeader }
  return { id, inboxId, threadId, seq, direction, delivery, status, ...content, size, createdAt }
}

function describeSent(sent: SentMessage): string {
  const { id, threadId, seq, status, delivery, size, createdAt, attachments } = sent.message
  const facts = { id, threadId, seq, delivery, status, size, createdAt, attachments: attachments.length || null }
  return joinLines(`Message ${joinFacts(facts)}`, describeDeliveries(sent))
}

function describeDelivery(delivery: RecipientDelivery): string {
  const { id, recipient, state, attempts, nextAttemptAt, replyCode, statusCode, reason } = delivery
  return `- ${joinFacts({
    recipient: quoteAddress(recipient),
    state,
    // The owner of the server names it to have it sent once more.
    deliveryId: state === 'unknown' ? id : null,
    attempts: attempts === 0 ? null : attempts,
    nextAttemptAt: state === 'deferred' ? nextAttemptAt : null,
    replyCode,
    statusCode,
    reason,
  })}`
}

function describeNext({ message, deliveries, deliveryCursor }: SentMessage, canWait: boolean): string {
  const { id, fromAddress } = message
  if (!deliveries.some(({ state }) => OPEN.includes(state))) return 'Nothing is on its way any more.'
  if (!canWait) return 'It goes out by itself: do not send it again.'
  const wait = `wait_for_message with inbox ${fromAddress}, for "delivery", messageId ${id} and after ${deliveryCursor}`
  return `Next: ${wait} tells what becomes of it.`
}
