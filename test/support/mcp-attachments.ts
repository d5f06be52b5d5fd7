/** What the post office in memory knows of attachments. */

import { createHash } from 'node:crypto'
import { MailError } from '../../src/errors.ts'
import type { Message } from '../../src/model.ts'
import type { AttachmentReading, SavedAttachment } from '../../src/post-office.ts'
import { makeSafeFilename } from '../../src/safe-filename.ts'
import { cutPiece } from '../../src/text-piece.ts'
import type { KeptMessage } from './mcp-mail.ts'
import { readAttachment } from './mcp-sent.ts'

export type ReadRange = { maxTokens: number; offset: number }

/** A piece of a text. @throws MailError */
export function readAttachmentText(
  message: Message,
  files: KeptMessage['files'],
  id: string,
  range: ReadRange,
): AttachmentReading {
  const { bytes, ...attachment } = readAttachment(message, files, id)
  const text = Buffer.from(bytes).toString()
  if (text.includes('\0'))
    throw new MailError('invalid_argument', 'This attachment is no text.', {
      hint: 'Use save_attachment, which writes it to a file; its bytes are in its resource, too.',
    })
  const piece = cutPiece(text, range.offset, range.maxTokens * 4)
  if (piece === null) throw new MailError('invalid_argument', 'offset is past the end.')
  const listed = { id, size: bytes.byteLength, ...attachment }
  return { messageId: message.id, inboxId: message.inboxId, attachment: listed, isShortened: false, ...piece }
}

/** As if it were written. @throws MailError */
export function saveAttachment(message: Message, files: KeptMessage['files'], id: string, filename?: string): SavedAttachment {
  const { bytes, ...attachment } = readAttachment(message, files, id)
  const size = bytes.byteLength
  return {
    messageId: message.id,
    attachment: { id, size, ...attachment },
    path: `/home/ada/downloads/${makeSafeFilename(filename ?? attachment.filename)}`,
    existed: false,
    size,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    sniffedType: size > 3 ? 'application/x-msdownload' : null,
    typesDisagree: size > 3,
  }
}
