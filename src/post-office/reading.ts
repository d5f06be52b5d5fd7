/** A message's text within a budget, so that no mail can flood the context of who reads it. */

import { MailError } from '../errors.ts'
import { BYTES_PER_TOKEN } from '../limits.ts'
import type { Message } from '../model.ts'
import type { Reading, ReadOptions } from '../post-office.ts'

/** Cuts the wanted part to the budget, at a character's end. @throws MailError invalid_argument */
export function readPiece(message: Message, options: ReadOptions): Reading {
  const bytes = Buffer.from(choosePart(message, options.part))
  if (options.offset > 0 && options.offset >= bytes.length) {
    throw new MailError('invalid_argument', `offset ${options.offset} is past the end: this part has ${bytes.length} bytes.`, {
      hint: 'Use nextOffset of the reading before, or leave offset out.',
    })
  }
  const start = skipToCharacter(bytes, options.offset)
  const end = cutAtCharacter(bytes, start, options.maxTokens * BYTES_PER_TOKEN)
  return {
    message: withoutBodies(message),
    text: bytes.toString('utf8', start, end),
    returnedTokens: toTokens(end - start),
    totalTokens: toTokens(bytes.length),
    nextOffset: end < bytes.length ? end : null,
  }
}

function choosePart(message: Message, part: ReadOptions['part']): string {
  if (part === 'text') return message.bodyText
  if (message.bodyHtml === null) {
    throw new MailError('invalid_argument', 'This message has no HTML part.', { hint: 'Leave part out to read its text.' })
  }
  return message.bodyHtml
}

function withoutBodies(message: Message): Reading['message'] {
  const { bodyText: _text, bodyHtml, references: _references, ...rest } = message
  return { ...rest, hasHtml: bodyHtml !== null }
}

function toTokens(sizeBytes: number): number {
  return Math.ceil(sizeBytes / BYTES_PER_TOKEN)
}

/** An offset nobody gave out may point into a character. */
function skipToCharacter(bytes: Uint8Array, offset: number): number {
  let start = offset
  while (isContinuation(bytes[start])) start += 1
  return start
}

function cutAtCharacter(bytes: Uint8Array, start: number, budgetBytes: number): number {
  if (start + budgetBytes >= bytes.length) return bytes.length
  let end = start + budgetBytes
  while (end > start && isContinuation(bytes[end])) end -= 1
  // A budget smaller than one character would otherwise never get on.
  return end > start ? end : skipToCharacter(bytes, start + 1)
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80
}
