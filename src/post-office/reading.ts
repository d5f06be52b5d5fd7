/** A message's text within a budget, so that no mail can flood the context of who reads it. */

import { MailError } from '../errors.ts'
import { BYTES_PER_TOKEN } from '../limits.ts'
import { type Packed, viewText } from '../mail-text.ts'
import type { Message } from '../model.ts'
import type { Reading, ReadingFacts, ReadOptions } from '../post-office.ts'
import type { SenderVerdict } from '../sender-check.ts'
import { cutAtCharacter, skipToCharacter, toTokens } from '../text-piece.ts'
import { countBytes, foldText, type View } from './views.ts'

/** Cuts the wanted view to the budget, at a character's end; `verdict` is what is known of the sender. @throws MailError invalid_argument */
export function readPiece(message: Packed<Message>, verdict: SenderVerdict, options: ReadOptions): Reading {
  const view = chooseView(message, options.part)
  const totalBytes = countBytes(view.pieces)
  if (options.offset > 0 && options.offset >= totalBytes) {
    throw new MailError('invalid_argument', `offset ${options.offset} is past the end: this part has ${totalBytes} bytes.`, {
      hint: 'Use nextOffset of the reading before, or leave offset out.',
    })
  }
  const budgetBytes = options.maxTokens * BYTES_PER_TOKEN
  // Room for a character before and one behind: where a piece begins and ends is seen from what is around it.
  const bytes = joinRange(view.pieces, options.offset, options.offset + budgetBytes + 2 * MAX_CHARACTER_BYTES)
  const skipped = skipToCharacter(bytes, 0)
  const cut = cutAtCharacter(bytes, skipped, budgetBytes)
  const text = bytes.toString('utf8', skipped, cut)
  const [start, end] = [options.offset + skipped, options.offset + cut]
  return {
    message: withoutBodies(message),
    facts: gatherFacts(message, verdict),
    text,
    offset: start,
    returnedTokens: toTokens(end - start),
    totalTokens: toTokens(totalBytes),
    nextOffset: end < totalBytes ? end : null,
    foldedLines: view.foldedLines,
    linkListOffset: view.linkListAt,
    linkListAt: placeInPiece(view.linkListAt, start, bytes.subarray(skipped, cut)),
  }
}

/** Of UTF-8 (RFC 3629 section 3). */
const MAX_CHARACTER_BYTES = 4

/** The bytes of the view from `start` up to `end`, fewer where it ends before. */
function joinRange(pieces: View['pieces'], start: number, end: number): Buffer {
  let before = 0
  const ranges = pieces.map((piece) => {
    const range = piece.subarray(Math.max(0, start - before), Math.max(0, end - before))
    before += piece.length
    return range
  })
  return Buffer.concat(ranges)
}

/** The same piece with at most so many bytes of text, but for one character at least. */
export function cutReading(reading: Reading, sizeBytes: number): Reading {
  const bytes = Buffer.from(reading.text)
  const end = cutAtCharacter(bytes, 0, Math.max(0, sizeBytes))
  if (end >= bytes.length) return reading
  const text = bytes.toString('utf8', 0, end)
  const { linkListAt } = reading
  return {
    ...reading,
    text,
    returnedTokens: toTokens(end),
    nextOffset: reading.offset + end,
    linkListAt: linkListAt === null || linkListAt >= text.length ? null : linkListAt,
  }
}

function chooseView({ bodyText, bodyHtml, facts }: Packed<Message>, part: ReadOptions['part']): View {
  if (part === 'text' && facts !== null) return foldText(viewText(bodyText), facts)
  if (part !== 'html') return { pieces: [viewText(bodyText)], foldedLines: 0, linkListAt: null }
  if (bodyHtml === null) {
    throw new MailError('invalid_argument', 'This message has no HTML part.', { hint: 'Leave part out to read its text.' })
  }
  return { pieces: [viewText(bodyHtml)], foldedLines: 0, linkListAt: null }
}

/** Where the list of links, at this byte of the view, begins in a piece, in UTF-16 units. */
function placeInPiece(linkListAt: number | null, start: number, piece: Buffer): number | null {
  if (linkListAt === null || linkListAt < start || linkListAt >= start + piece.length) return null
  return piece.toString('utf8', 0, linkListAt - start).length
}

function gatherFacts({ facts, direction, createdAt }: Packed<Message>, verdict: SenderVerdict): ReadingFacts | null {
  if (facts === null || direction === 'outbound') return null
  const { links, linksLeftOut, hidden, divergence, warnings } = facts
  const codes = facts.codes.map(({ expiresInSeconds, ...code }) => ({
    ...code,
    expiresAt: expiresInSeconds === null ? null : addSeconds(createdAt, expiresInSeconds),
  }))
  return { codes, links, linksLeftOut, hidden, divergence, sender: { ...verdict, warnings } }
}

/** Null for a moment that no clock shows: the mail chose how many. */
function addSeconds(from: string, seconds: number): string | null {
  const at = new Date(Date.parse(from) + seconds * 1_000)
  return Number.isNaN(at.getTime()) ? null : at.toISOString()
}

function withoutBodies(message: Packed<Message>): Reading['message'] {
  const { bodyText: _text, bodyHtml, references: _references, automatic: _automatic, ...rest } = message
  const { facts: _facts, remoteAddress: _address, helo: _helo, senderVerdict: _verdict, ...shown } = rest
  return { ...shown, hasHtml: bodyHtml !== null }
}
