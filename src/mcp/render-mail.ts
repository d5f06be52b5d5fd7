/** What an agent reads of a mail: our facts in the open, what strangers wrote between marks. */

import { DEFAULT_READ_TOKENS, MAX_SUBJECT_CHARS, STUB_TEXT_TOKENS } from '../limits.ts'
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
import type { Offered } from './offered.ts'
import { type Answer, count, joinFacts, joinLines } from './render.ts'
import { describeCodes, describeFacts, hasListBehind, structureFacts } from './render-facts.ts'
import { fitLinks, orderLinks, withoutLinkList } from './render-links.ts'
import { describeDeliveries, structureDeliveries } from './render-sent.ts'
import { renderTimeout } from './render-timeout.ts'
import { messageUri } from './uris.ts'

/** What a reading was asked for. */
type Asked = Pick<ReadOptions, 'part' | 'maxTokens'>

/** Where it is shown. */
type Setting = Pick<Offered, 'offered'> & { readonly world: World }

/** What it was asked for where nobody said. */
const DEFAULTS: Asked = { part: 'text', maxTokens: DEFAULT_READ_TOKENS }

/** A message, or a piece of one of its parts, as much of it as fits; `sent` is what became of it where it is our own. */
export function renderReading(reading: Reading, sent: SentMessage | null, setting: Setting, asked: Asked = DEFAULTS): Answer {
  return fitReading(reading, renderWith(reading, sent, setting, asked))
}

/** How a wait for mail ended. */
export function renderWait(result: WaitResult, setting: Setting): Answer {
  if (result.status === 'timeout') return renderTimeout(result, setting.world)
  const { status, reading, cursor } = result
  const render = renderWith(reading, null, setting, DEFAULTS)
  return fitReading(reading, (piece) => {
    const { structured, text } = render(piece)
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

/** How to render a piece of a reading: all that does not depend on where the piece ends is written once. */
function renderWith(
  reading: Reading,
  sent: SentMessage | null,
  { world, offered }: Setting,
  { part, maxTokens }: Asked,
): (piece: Reading) => Answer {
  // One step may lie between the two: the status goes with the deliveries shown.
  const message = sent === null ? reading.message : { ...reading.message, status: sent.message.status }
  const isFirst = reading.offset === 0
  // Said once: with the first piece.
  const facts = isFirst ? reading.facts : null
  const order = facts && orderLinks(facts)
  const shown = shorten(message)
  const { content, ...ours } = structureMessage(message, shown)
  const above = joinLines(
    facts && describeCodes(facts, world.now()),
    `Message ${describeOurs(message)}`,
    facts && describeFacts(facts),
  )
  const header = isFirst ? describeHeader(message, shown) : ''
  const deliveries = sent && describeDeliveries(sent)
  const path =
    message.attachments.length === 0
      ? null
      : `Attachments: ${describeWays(offered)}as resources ${messageUri(message)}/attachments/{number}.`
  return (whole) => {
    const fitted = order && fitLinks(whole, order, maxTokens)
    const piece = fitted?.piece ?? whole
    const lines = part === 'html' ? [] : (fitted?.lines ?? [])
    return {
      structured: {
        ...(facts && fitted && structureFacts(facts, fitted)),
        ...ours,
        ...structurePiece(piece),
        content: { ...content, text: fitted?.linksLeftOut === 0 ? withoutLinkList(piece) : piece.text },
        ...(sent && structureDeliveries(sent)),
      },
      text: joinLines(
        above,
        fenceMail(
          isFirst ? joinLines(header, ...lines, piece.text === '' ? '(no text)' : `\n${piece.text}`) : piece.text,
          world,
          sent === null ? 'stranger' : 'ourselves',
        ),
        describeExtent(piece, part, fitted?.linksLeftOut ?? 0, offered),
        path,
        deliveries,
      ),
    }
  }
}

function describeWays(offered: Offered['offered']): string {
  const tools = [
    ...(offered.has('save_attachment') ? ['save_attachment'] : []),
    ...(offered.has('read_message') ? ['read_message for a text'] : []),
  ]
  return tools.length === 0 ? '' : `${tools.join(', or ')}, with attachmentId; `
}

/** What a change left behind. Whoever wrote to a sub-address chose a label, so labels are content. */
export function renderUpdated({ id, inboxId, seq, read, labels }: MessageSummary, world: World): Answer {
  return {
    structured: { id, inboxId, seq, read, content: { labels } },
    text: joinLines(
      `Message ${joinFacts({ id, seq, read })}`,
      labels.length === 0 ? null : fenceMail(quoteList(labels), world, 'labels'),
    ),
  }
}

/** Facts of ours beside; everything a sender wrote or chose, labels from a sub-address among it, below `content`. */
function structureMessage(message: Reading['message'], { lists, omitted }: ReturnType<typeof shorten>) {
  const { id, inboxId, threadId, seq, direction, delivery, status, read, size, createdAt, problem, hasHtml } = message
  const { fromAddress, fromName, labels, subject, sentAt, messageIdHeader, inReplyTo, envelopeFrom, envelopeTo } = message
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
    htmlPart: hasHtml,
    content: {
      fromAddress,
      fromName,
      ...lists,
      ...structureOmitted(omitted),
      labels,
      subject,
      sentAt,
      messageIdHeader,
      inReplyTo,
      envelopeFrom,
      envelopeTo,
    },
  }
}

function structurePiece({ returnedTokens, totalTokens, nextOffset, foldedLines }: Reading) {
  return { returnedTokens, totalTokens, nextOffset, ...(foldedLines > 0 && { foldedLines }) }
}

function describeOurs(message: Reading['message']): string {
  const { id, threadId, seq, direction, delivery, status, read, size, createdAt, problem, hasHtml } = message
  const ours = direction === 'outbound' && { direction, delivery, status }
  return joinFacts({ id, threadId, seq, ...ours, read, size, createdAt, problem, htmlPart: hasHtml || null })
}

function describeHeader(message: Reading['message'], { lists, omitted }: ReturnType<typeof shorten>): string {
  const { fromName, fromAddress, toAddresses, envelopeTo, subject, labels } = message
  const header = (name: string, value: string) => (value === '' ? null : `${name}: ${value}`)
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
  )
}

/** How much this was of how much, and how to get the rest. */
function describeExtent(piece: Reading, part: ReadOptions['part'], linksLeftOut: number, offered: Offered['offered']): string {
  const { message, returnedTokens, totalTokens, nextOffset, foldedLines } = piece
  // Too short to be all that a mail with an HTML part says; a list of links shows that it was made from that.
  const isStub = part === 'text' && message.hasHtml && totalTokens <= STUB_TEXT_TOKENS && piece.linkListAt === null
  const amount = `${returnedTokens} of ${count(totalTokens, 'token')} shown.`
  // As a resource it may be read where no tool is offered that does.
  if (!offered.has('read_message')) {
    return joinLines(amount, nextOffset === null ? null : `The raw message has the rest: ${messageUri(message)}/raw.`)
  }
  return joinLines(
    amount,
    nextOffset === null ? null : `More: read_message with ${part === 'text' ? '' : `part ${part} and `}offset ${nextOffset}.`,
    linksLeftOut > 0 && hasListBehind(piece) ? `More links: read_message with offset ${piece.linkListOffset}.` : null,
    foldedLines === 0 ? null : `${count(foldedLines, 'line')} folded: read_message with part full shows all.`,
    isStub ? 'If this says too little: read_message with part html for the HTML source.' : null,
  )
}
