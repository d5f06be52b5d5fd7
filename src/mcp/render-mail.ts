/** What an agent reads of mail: our facts in the open, what strangers wrote between marks. */

import {
  MAX_ADDRESS_BYTES,
  MAX_FILENAME_CHARS,
  MAX_MESSAGE_ID_CHARS,
  MAX_ROW_ITEMS,
  MAX_SHOWN_ITEMS,
  MAX_SUBJECT_CHARS,
} from '../limits.ts'
import type { Attachment, MessageSummary, Page } from '../model.ts'
import type { Reading, WaitResult } from '../post-office.ts'
import type { World } from '../world.ts'
import { fenceMail, quoteField } from './fence.ts'
import { type Answer, count, describeNothing, describeRest, joinFacts, joinLines } from './render.ts'
import { messageUri } from './uris.ts'

/** Characters of a subject or a name in the text of a list; the structure has all of it. */
const ROW_FIELD_CHARS = 200

/** A list of messages without a single body. */
export type MessagePage = Page<MessageSummary> & { cursor: number }

/** A page of messages; each row on one line, all of them between the marks. */
export function renderMessages(page: MessagePage, offset: number, world: World): Answer {
  const { data, total, cursor } = page
  const headline =
    data.length === 0 ? describeNothing('message', total) : `${data.length} of ${count(total, 'message')}, newest first.`
  return {
    structured: { ...shortenPage(page) },
    text: joinLines(
      `${headline} Cursor: ${cursor}.`,
      data.length === 0 ? null : fenceMail(data.map(describeRow).join('\n'), world),
      describeRest('list_messages', offset + data.length, total, data.length),
      data.length === 0 ? 'Next: wait_for_message.' : null,
    ),
  }
}

/** The same page with long lists of addresses and attachments cut, so that no sender decides how long an answer gets. */
export function shortenPage({ data, total, cursor }: MessagePage): MessagePage {
  return { data: data.map((row) => ({ ...row, ...shorten(row, MAX_ROW_ITEMS) })), total, cursor }
}

/** A message, or a piece of it. */
export function renderReading(reading: Reading, world: World): Answer {
  const { message, returnedTokens, totalTokens, nextOffset } = reading
  const rest = nextOffset === null ? null : `More: read_message with offset ${nextOffset}.`
  return {
    structured: structureReading(reading),
    text: joinLines(
      `Message ${describeOurs(message)}`,
      fenceMail(describeContent(reading), world),
      `${returnedTokens} of ${count(totalTokens, 'token')} shown.`,
      rest,
      message.attachments.length === 0 ? null : `Attachments are resources: ${messageUri(message)}/attachments/{number}.`,
    ),
  }
}

/** How a wait ended. */
export function renderWait(result: WaitResult, world: World): Answer {
  if (result.status === 'timeout') return renderTimeout(result)
  const { status, reading, cursor } = result
  return {
    structured: { status, cursor, message: structureReading(reading) },
    text: joinLines(
      `Received; cursor: ${cursor}.`,
      renderReading(reading, world).text,
      `Next: act on it; for later mail wait_for_message with after ${cursor}.`,
    ),
  }
}

/** What a change left behind. */
export function renderUpdated(message: MessageSummary): Answer {
  const { id, inboxId, seq, read, labels } = message
  return {
    structured: { id, inboxId, seq, read, labels },
    text: `Message ${joinFacts({ id, seq, read, labels: quoteList(labels) })}`,
  }
}

function renderTimeout(result: Extract<WaitResult, { status: 'timeout' }>): Answer {
  const { cursor, waitedSeconds, nearMisses, refusals, notice } = result
  const missed = nearMisses.map(({ messageId, seq, failed }) => `- ${joinFacts({ messageId, seq, failed: failed.join(', ') })}`)
  const refused = refusals.map(({ reason, at }) => `- ${joinFacts({ reason, at })}`)
  const others = 'read_message one of these, call again with looser conditions and the same after, or '
  const next = nearMisses.length === 0 ? '' : others
  return {
    structured: { status: result.status, cursor, waitedSeconds, nearMisses, refusals, notice },
    text: joinLines(
      `Timeout: nothing that matches in ${count(waitedSeconds, 'second')}; cursor: ${cursor}. This is no error.`,
      notice,
      missed.length === 0 ? null : 'Arrived, but failed these conditions:',
      ...missed,
      refused.length === 0 ? null : 'Turned away at the door of this address:',
      ...refused,
      `Next: ${next}wait_for_message again with after ${cursor}.`,
    ),
  }
}

/** Facts of ours beside, everything a sender wrote below `content`. */
function structureReading({ message, text, returnedTokens, totalTokens, nextOffset }: Reading): Record<string, unknown> {
  const { id, inboxId, threadId, seq, direction, delivery, status, read, labels, size, createdAt, problem } = message
  return {
    id,
    inboxId,
    threadId,
    seq,
    direction,
    delivery,
    status,
    read,
    labels,
    size,
    createdAt,
    problem,
    returnedTokens,
    totalTokens,
    nextOffset,
    content: {
      fromAddress: message.fromAddress,
      fromName: message.fromName,
      ...shorten(message, MAX_SHOWN_ITEMS),
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
  const { id, threadId, seq, direction, status, read, size, createdAt, problem } = message
  const facts = { id, threadId, seq, direction, ...(direction === 'outbound' && { status }), read, size, createdAt, problem }
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

/** Only what the header does not say already. */
function describeEnvelope({ envelopeFrom, envelopeTo, fromAddress, toAddresses }: Reading['message']): string {
  return joinFacts({
    from: envelopeFrom === fromAddress ? null : quoteOptional(envelopeFrom),
    to: toAddresses.includes(envelopeTo) ? null : quoteOptional(envelopeTo),
  })
}

function describeRow(message: MessageSummary): string {
  const { id, seq, direction, status, read, createdAt, size, labels, problem } = message
  const person =
    direction === 'inbound'
      ? { from: describePerson(message.fromName, message.fromAddress) }
      : { to: quoteAddresses(message.toAddresses) }
  return `- ${joinFacts({
    id,
    seq,
    ...(direction === 'outbound' && { direction, status }),
    read,
    createdAt,
    size,
    ...person,
    subject: message.subject === '' ? null : quoteField(message.subject, ROW_FIELD_CHARS),
    snippet: message.snippet === '' ? null : quoteField(message.snippet, ROW_FIELD_CHARS),
    attachments: message.attachments.length === 0 ? null : message.attachments.length,
    labels: quoteList(labels),
    problem,
  })}`
}

function describePerson(name: string | null, address: string): string {
  const shown = name === null || name === '' ? '' : quoteField(name, ROW_FIELD_CHARS)
  return [shown, address === '' ? '' : quoteField(address, MAX_ADDRESS_BYTES)].filter((part) => part !== '').join(' ')
}

function describeAttachments(attachments: readonly Attachment[]): string {
  const shown = attachments.slice(0, MAX_SHOWN_ITEMS).map(({ id, filename, contentType, size }) => {
    const name = filename === null ? '' : ` ${quoteField(filename, MAX_FILENAME_CHARS)}`
    return `#${id}${name} (${quoteField(contentType, ROW_FIELD_CHARS)}, ${count(size, 'byte')})`
  })
  return [...shown, ...describeOmitted(attachments)].join(', ')
}

function quoteAddresses(addresses: readonly string[]): string {
  const shown = addresses.slice(0, MAX_SHOWN_ITEMS).map((address) => quoteField(address, MAX_ADDRESS_BYTES))
  return [...shown, ...describeOmitted(addresses)].join(', ')
}

function describeOmitted(items: readonly unknown[]): string[] {
  return items.length > MAX_SHOWN_ITEMS ? [`and ${items.length - MAX_SHOWN_ITEMS} more`] : []
}

function quoteOptional(value: string | null): string {
  return value === null || value === '' ? '' : quoteField(value, MAX_MESSAGE_ID_CHARS)
}

function quoteList(values: readonly string[]): string {
  return values.map((value) => quoteField(value, ROW_FIELD_CHARS)).join(', ')
}

/** The lists of a message that a sender may make long, cut; `omitted` says how many are missing of each. */
function shorten(message: MessageSummary, most: number) {
  const { toAddresses, ccAddresses, replyToAddresses, attachments } = message
  const lists = { toAddresses, ccAddresses, replyToAddresses, attachments }
  const omitted = Object.entries(lists)
    .filter(([, items]) => items.length > most)
    .map(([name, items]) => [name, items.length - most] as const)
  return {
    toAddresses: toAddresses.slice(0, most),
    ccAddresses: ccAddresses.slice(0, most),
    replyToAddresses: replyToAddresses.slice(0, most),
    attachments: attachments.slice(0, most),
    ...(omitted.length > 0 && { omitted: Object.fromEntries(omitted) }),
  }
}
