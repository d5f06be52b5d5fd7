/** What an agent reads of an attachment: a file that was written, or its text. */

import { MAX_FILENAME_CHARS } from '../limits.ts'
import type { AttachmentReading, SavedAttachment } from '../post-office.ts'
import { cutPiece, toTokens } from '../text-piece.ts'
import type { World } from '../world.ts'
import { fitText } from './budget.ts'
import { fenceMail, quoteField } from './fence.ts'
import { ROW_FIELD_CHARS } from './mail-fields.ts'
import type { Offered } from './offered.ts'
import { type Answer, count, joinFacts, joinLines } from './render.ts'

/** Longest path shown: its last part may be the sender's choice of words, the rest is the owner's. */
const MAX_PATH_CHARS = 5_000

/** A file that was written. Its name is made of the sender's words, so the path is content, too. */
export function renderSaved(saved: SavedAttachment, world: World): Answer {
  const { messageId, attachment, path, existed, size, sha256, sniffedType, typesDisagree } = saved
  const { id, filename, contentType } = attachment
  return {
    structured: {
      messageId,
      attachmentId: id,
      size,
      sha256,
      sniffedType,
      typesDisagree,
      existed,
      content: { path, filename, contentType },
    },
    text: joinLines(
      existed ? 'Saved before: the same bytes are there.' : 'Saved, for its owner only to read; nothing was opened.',
      joinFacts({ size, sha256, sniffedType: sniffedType ?? 'none that its bytes show' }),
      typesDisagree ? 'Warning: its bytes are not what the mail declares. Do not open it as such.' : null,
      fenceMail(
        joinLines(
          `Path: ${quoteField(path, MAX_PATH_CHARS)}`,
          filename === null ? null : `Sent as: ${quoteField(filename, MAX_FILENAME_CHARS)}`,
          `Declared type: ${quoteField(contentType, ROW_FIELD_CHARS)}`,
        ),
        world,
      ),
    ),
  }
}

/** A piece of an attachment that is text, as much of it as fits. */
export function renderAttachmentText(
  reading: AttachmentReading,
  { world, offered }: Pick<Offered, 'offered'> & { readonly world: World },
): Answer {
  const { messageId, inboxId, attachment, isShortened, totalBytes, offset } = reading
  const { id, filename, contentType, size } = attachment
  const totalTokens = toTokens(totalBytes)
  const name = filename === null ? '' : ` ${quoteField(filename, MAX_FILENAME_CHARS)}`
  const whole = offered.has('save_attachment') ? 'save_attachment writes all of it.' : 'its resource has all of it.'
  return fitText(reading.text, (maxBytes) => {
    const cut = cutPiece(reading.text, 0, maxBytes) ?? { text: '', nextOffset: null }
    const { text } = cut
    const nextOffset = cut.nextOffset === null ? reading.nextOffset : offset + cut.nextOffset
    const returnedTokens = toTokens(Buffer.byteLength(text))
    return {
      structured: {
        messageId,
        inboxId,
        attachmentId: id,
        size,
        isShortened,
        returnedTokens,
        totalTokens,
        nextOffset,
        content: { filename, contentType, text },
      },
      text: joinLines(
        `Attachment #${id} of message ${messageId}; ${joinFacts({ size })}`,
        fenceMail(
          joinLines(`Attachment${name} (${quoteField(contentType, ROW_FIELD_CHARS)})`, text === '' ? '(no text)' : `\n${text}`),
          world,
        ),
        `${returnedTokens} of ${count(totalTokens, 'token')} shown.`,
        nextOffset === null ? null : `More: read_message with attachmentId ${id} and offset ${nextOffset}.`,
        isShortened && nextOffset === null ? `It has more than can be read so: ${whole}` : null,
      ),
    }
  })
}
