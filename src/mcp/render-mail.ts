/** What an agent reads of a mail: our facts in the open, what strangers wrote between marks. */

import { MAX_LINK_CHARS, MAX_SHOWN_LINKS_BYTES, MAX_SUBJECT_CHARS, STUB_TEXT_TOKENS } from '../limits.ts'
import type { MessageSummary, SentMessage } from '../model.ts'
import type { Reading, ReadOptions, WaitResult } from '../post-office.ts'
import type { World } from '../world.ts'
import { fitReading } from './budget.ts'
import { fenceMail, quoteField } from './fence.ts'
import {
  describeAttachments,
  describePerson,
  quoteAddresses,
  quoteList,
  quoteOptional,
  shorten,
  structureOmitted,
} from './mail-fields.ts'
import { type Answer, count, joinFacts, joinLines } from './render.ts'
import { describeCodes, describeFacts, listNotedLinks, structureFacts } from './render-facts.ts'
import { describeDeliveries, structureDeliveries } from './render-sent.ts'
import { renderTimeout } from './render-timeout.ts'
import { messageUri } from './uris.ts'

/** A message, or a piece of one of its parts, as much of it as fits; `sent` is what became of it where it is our own. */
export function renderReading(
  reading: Reading,
  sent: SentMessage | null,
  world: World,
  part: ReadOptions['part'] = 'text',
): Answer {
  return fitReading(reading, (piece) => renderPiece(piece, sent, world, part))
}

/** How a wait for mail ended. */
export function renderWait(result: WaitResult, world: World): Answer {
  if (result.status === 'timeout') return renderTimeout(result, world)
  const { status, reading, cursor } = result
  return fitReading(reading, (piece) => {
    const { structured, text } = renderPiece(piece, null, world, 'text')
    return {
      structured: { status, cursor, message: structured },
      text: joinLines(
        `Received; cursor: ${cursor}.`,
        text,
        `Next: act on it; for later mail wait_for_message with after ${cursor}.`,
      ),
    }
  })
}

function renderPiece(reading: Reading, sent: SentMessage | null, world: World, part: ReadOptions['part']): Answer {
  const { facts, offset, returnedTokens, totalTokens, nextOffset, foldedLines } = reading
  // One step may lie between the two: the status goes with the deliveries shown.
  const message = sent === null ? reading.message : { ...reading.message, status: sent.message.status }
  // Said once: with the first piece.
  const told = offset === 0 ? facts : null
  const rest =
    nextOffset === null ? null : `More: read_message with ${part === 'text' ? '' : `part ${part} and `}offset ${nextOffset}.`
  return {
    structured: { ...structureReading({ ...reading, message }), ...(sent !== null && structureDeliveries(sent)) },
    text: joinLines(
      told && describeCodes(told, world.now()),
      `Message ${describeOurs(message)}`,
      told && describeFacts(told),
      fenceMail(describeContent(reading, part), world, sent === null ? 'stranger' : 'ourselves'),
      `${returnedTokens} of ${count(totalTokens, 'token')} shown.`,
      rest,
      foldedLines === 0 ? null : `${count(foldedLines, 'line')} folded: read_message with part full shows all.`,
      part === 'text' && isStub(reading) ? 'If this says too little: read_message with part html for the HTML source.' : null,
      message.attachments.length === 0 ? null : `Attachments are resources: ${messageUri(message)}/attachments/{number}.`,
      sent === null ? null : describeDeliveries(sent),
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

/** Facts of ours beside; everything a sender wrote or chose, labels from a sub-address among it, below `content`. */
function structureReading(reading: Reading): Record<string, unknown> {
  const { message, facts, offset, returnedTokens, totalTokens, nextOffset, foldedLines } = reading
  const { id, inboxId, threadId, seq, direction, delivery, status, read, size, createdAt, problem } = message
  const told = offset === 0 && facts !== null ? structureFacts(facts) : null
  const { lists, omitted } = shorten(message)
  return {
    ...told,
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
    ...(foldedLines > 0 && { foldedLines }),
    content: {
      fromAddress: message.fromAddress,
      fromName: message.fromName,
      ...lists,
      ...structureOmitted(omitted),
      labels: message.labels,
      subject: message.subject,
      sentAt: message.sentAt,
      messageIdHeader: message.messageIdHeader,
      inReplyTo: message.inReplyTo,
      envelopeFrom: message.envelopeFrom,
      envelopeTo: message.envelopeTo,
      text: told !== null && told.linksLeftOut === undefined ? withoutLinkList(reading) : reading.text,
    },
  }
}

/** Where `links` has every link, the list that repeats them is left out. */
function withoutLinkList({ text, linkListAt }: Reading): string {
  return linkListAt === null ? text : text.slice(0, linkListAt).trimEnd()
}

function describeOurs(message: Reading['message']): string {
  const { id, threadId, seq, direction, delivery, status, read, size, createdAt, problem, hasHtml } = message
  const ours = direction === 'outbound' && { direction, delivery, status }
  return joinFacts({ id, threadId, seq, ...ours, read, size, createdAt, problem, htmlPart: hasHtml || null })
}

function describeContent(reading: Reading, part: ReadOptions['part']): string {
  const { message, text, offset } = reading
  const { fromName, fromAddress, toAddresses, envelopeTo, subject, labels } = message
  if (offset > 0) return text
  const header = (name: string, value: string) => (value === '' ? null : `${name}: ${value}`)
  const { lists, omitted } = shorten(message)
  return joinLines(
    header('From', describePerson(fromName, fromAddress)),
    header('To', quoteAddresses(lists.toAddresses, omitted.toAddresses)),
    header('Cc', quoteAddresses(lists.ccAddresses, omitted.ccAddresses)),
    header('Reply-To', quoteAddresses(lists.replyToAddresses, omitted.replyToAddresses)),
    header('Subject', subject === '' ? '' : quoteField(subject, MAX_SUBJECT_CHARS)),
    header('Sent', message.sentAt ?? ''),
    header('Delivered to', toAddresses.includes(envelopeTo) ? '' : quoteOptional(envelopeTo)),
    header('Labels', quoteList(labels)),
    header('Attachments', describeAttachments(lists.attachments, omitted.attachments)),
    ...(part === 'text' ? describeNotedLinks(reading) : []),
    text === '' ? '(no text)' : `\n${text}`,
  )
}

/** Numbers of links are of use only where the links can be found: in the list at the end of the text, or else here. */
function describeNotedLinks({ facts, linkListAt, nextOffset }: Reading): string[] {
  if (facts === null || (linkListAt !== null && nextOffset === null)) return []
  let roomBytes = MAX_SHOWN_LINKS_BYTES
  return listNotedLinks(facts).flatMap(({ n, url }) => {
    const line = `Link [${n}]: ${quoteField(url, MAX_LINK_CHARS)}`
    roomBytes -= Buffer.byteLength(line)
    return roomBytes < 0 ? [] : [line]
  })
}

/** Text too short to be all that a mail with an HTML part says. */
function isStub({ message, totalTokens }: Reading): boolean {
  return message.hasHtml && totalTokens <= STUB_TEXT_TOKENS
}
