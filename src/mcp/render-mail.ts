/** What an agent reads of a mail: our facts in the open, what strangers wrote between marks. */

import { MAX_SHOWN_ITEMS, MAX_SUBJECT_CHARS, STUB_TEXT_TOKENS } from '../limits.ts'
import type { MessageSummary, SentMessage } from '../model.ts'
import type { Reading, ReadOptions, WaitResult } from '../post-office.ts'
import type { World } from '../world.ts'
import { fenceMail, quoteField } from './fence.ts'
import { describeAttachments, describePerson, quoteAddresses, quoteList, quoteOptional, shorten } from './mail-fields.ts'
import { type Answer, count, joinFacts, joinLines, TELL_OWNER } from './render.ts'
import { describeDeliveries, structureDeliveries } from './render-sent.ts'
import { messageUri } from './uris.ts'

/** A message, or a piece of one of its parts; `sent` is what became of it where it is our own. */
export function renderReading(
  reading: Reading,
  sent: SentMessage | null,
  world: World,
  part: ReadOptions['part'] = 'text',
): Answer {
  const { returnedTokens, totalTokens, nextOffset } = reading
  // One step may lie between the two: the status goes with the deliveries shown.
  const message = sent === null ? reading.message : { ...reading.message, status: sent.message.status }
  const rest = nextOffset === null ? null : `More: read_message with offset ${nextOffset}.`
  return {
    structured: { ...structureReading({ ...reading, message }), ...(sent !== null && structureDeliveries(sent)) },
    text: joinLines(
      `Message ${describeOurs(message)}`,
      fenceMail(describeContent(reading), world, sent === null ? 'stranger' : 'ourselves'),
      `${returnedTokens} of ${count(totalTokens, 'token')} shown.`,
      rest,
      part === 'text' && isStub(reading) ? 'If this says too little: read_message with part html for the HTML source.' : null,
      message.attachments.length === 0 ? null : `Attachments are resources: ${messageUri(message)}/attachments/{number}.`,
      sent === null ? null : describeDeliveries(sent),
    ),
  }
}

/** How a wait for mail ended. */
export function renderWait(result: WaitResult, world: World): Answer {
  if (result.status === 'timeout') return renderTimeout(result)
  const { status, reading, cursor } = result
  const { structured, text } = renderReading(reading, null, world)
  return {
    structured: { status, cursor, message: structured },
    text: joinLines(
      `Received; cursor: ${cursor}.`,
      text,
      `Next: act on it; for later mail wait_for_message with after ${cursor}.`,
    ),
  }
}

/** What a change left behind. Whoever wrote to a sub-address chose a label, so labels are content. */
export function renderUpdated({ id, inboxId, seq, read, labels }: MessageSummary, world: World): Answer {
  return {
    structured: { id, inboxId, seq, read, content: { labels } },
    text: joinLines(
      `Message ${joinFacts({ id, seq, read })}`,
      labels.length === 0 ? null : fenceMail(`Labels: ${quoteList(labels)}`, world),
    ),
  }
}

function renderTimeout(result: Extract<WaitResult, { status: 'timeout' }>): Answer {
  const { cursor, waitedSeconds, nearMisses, refusals, notice } = result
  const missed = nearMisses.map(({ messageId, seq, failed }) => `- ${joinFacts({ messageId, seq, failed: failed.join(', ') })}`)
  const refused = refusals.map(({ reason, at }) => `- ${joinFacts({ reason, at })}`)
  const others = 'read_message one of these, call again with looser conditions and the same after, or '
  const next = `${nearMisses.length === 0 ? '' : others}${notice === null ? `wait_for_message again with after ${cursor}.` : TELL_OWNER}`
  return {
    structured: { status: result.status, cursor, waitedSeconds, nearMisses, refusals, notice },
    text: joinLines(
      notice,
      `Timeout: nothing that matches in ${count(waitedSeconds, 'second')}; cursor: ${cursor}. This is no error.`,
      missed.length === 0 ? null : 'Arrived, but failed these conditions:',
      ...missed,
      refused.length === 0 ? null : 'Turned away at the door of this address:',
      ...refused,
      `Next: ${next}`,
    ),
  }
}

/** Facts of ours beside; everything a sender wrote or chose, labels from a sub-address among it, below `content`. */
function structureReading({ message, text, returnedTokens, totalTokens, nextOffset }: Reading): Record<string, unknown> {
  const { id, inboxId, threadId, seq, direction, delivery, status, read, size, createdAt, problem } = message
  return {
    id,
    inboxId,
    threadId,
    seq,
    direction,
    delivery,
    status,
    read,
    size,
    createdAt,
    problem,
    htmlPart: message.hasHtml,
    returnedTokens,
    totalTokens,
    nextOffset,
    content: {
      fromAddress: message.fromAddress,
      fromName: message.fromName,
      ...shorten(message, MAX_SHOWN_ITEMS),
      labels: message.labels,
      subject: message.subject,
      sentAt: message.sentAt,
      messageIdHeader: message.messageIdHeader,
      inReplyTo: message.inReplyTo,
      envelopeFrom: message.envelopeFrom,
      envelopeTo: message.envelopeTo,
      text,
    },
  }
}

function describeOurs(message: Reading['message']): string {
  const { id, threadId, seq, direction, delivery, status, read, size, createdAt, problem, hasHtml } = message
  const ours = direction === 'outbound' && { delivery, status }
  const facts = { id, threadId, seq, direction, ...ours, read, size, createdAt, problem, htmlPart: hasHtml || null }
  return joinFacts(facts)
}

function describeContent({ message, text }: Reading): string {
  const { fromName, fromAddress, subject, attachments, labels } = message
  const header = (name: string, value: string) => (value === '' ? null : `${name}: ${value}`)
  return joinLines(
    header('From', describePerson(fromName, fromAddress)),
    header('To', quoteAddresses(message.toAddresses)),
    header('Cc', quoteAddresses(message.ccAddresses)),
    header('Reply-To', quoteAddresses(message.replyToAddresses)),
    header('Subject', subject === '' ? '' : quoteField(subject, MAX_SUBJECT_CHARS)),
    header('Sent', message.sentAt ?? ''),
    header('Message-ID', quoteOptional(message.messageIdHeader)),
    header('In-Reply-To', quoteOptional(message.inReplyTo)),
    header('Envelope', describeEnvelope(message)),
    header('Labels', quoteList(labels)),
    header('Attachments', describeAttachments(attachments)),
    text === '' ? '(no text)' : `\n${text}`,
  )
}

/** Text too short to be all that a mail with an HTML part says. */
function isStub({ message, totalTokens }: Reading): boolean {
  return message.hasHtml && totalTokens <= STUB_TEXT_TOKENS
}

/** Only what the header does not say already. */
function describeEnvelope({ envelopeFrom, envelopeTo, fromAddress, toAddresses }: Reading['message']): string {
  return joinFacts({
    from: envelopeFrom === fromAddress ? null : quoteOptional(envelopeFrom),
    to: toAddresses.includes(envelopeTo) ? null : quoteOptional(envelopeTo),
  })
}
