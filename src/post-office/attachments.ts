/** Attachments of one inbox's messages: handed over, read as text, written to a file. */

import { MailError } from '../errors.ts'
import { BYTES_PER_TOKEN } from '../limits.ts'
import type { Attachment } from '../model.ts'
import type { AttachmentFile, Parser } from '../parser.ts'
import type { AttachmentReading, PostOffice, SavedAttachment } from '../post-office.ts'
import { makeSafeFilename } from '../safe-filename.ts'
import type { InboxRef, Store } from '../store.ts'
import type { World } from '../world.ts'
import { checkBudget } from './messages.ts'
import { saveBelow } from './saving.ts'

/** What the operations on attachments are made of. */
export type AttachmentsParts = { store: Store; parser: Parser; world: World; downloadDir: string }

/** Of the name of a file that is not whole yet. */
const PART_NAME_BYTES = 12

/** The operations on attachments; see PostOffice for what each promises. Marks nothing as read. */
export class Attachments {
  readonly #parts: AttachmentsParts

  constructor(parts: AttachmentsParts) {
    this.#parts = parts
  }

  async get(agent: string, ref: InboxRef, messageId: string, attachmentId: string): Promise<Attachment & AttachmentFile> {
    const { attachment, raw } = await this.#find(agent, ref, messageId, attachmentId)
    const file = await this.#parts.parser.attachment(raw, attachmentId)
    return { ...attachment, ...(file ?? refuseUndecodable()) }
  }

  readonly read: PostOffice['readAttachment'] = async (
    agent,
    ref,
    messageId,
    attachmentId,
    options,
  ): Promise<AttachmentReading> => {
    checkBudget(options)
    const { attachment, raw, inboxId } = await this.#find(agent, ref, messageId, attachmentId)
    const range = { offset: options.offset, maxBytes: options.maxTokens * BYTES_PER_TOKEN }
    const text = (await this.#parts.parser.attachmentText(raw, attachmentId, range)) ?? refuseUndecodable()
    if (text.kind === 'binary') {
      throw new MailError('invalid_argument', 'This attachment is no text.', {
        hint: 'Use save_attachment, which writes it to a file; its bytes are in its resource, too.',
        ...(text.sniffedType !== null && { facts: { sniffedType: text.sniffedType } }),
      })
    }
    if (text.kind === 'past-end') {
      throw new MailError('invalid_argument', `offset ${options.offset} is past the end of this attachment.`, {
        hint: 'Use nextOffset of the reading before, or leave offset out.',
      })
    }
    return { messageId, inboxId, attachment, ...text.piece, isShortened: text.isShortened }
  }

  readonly save: PostOffice['saveAttachment'] = async (
    agent,
    ref,
    messageId,
    attachmentId,
    filename,
  ): Promise<SavedAttachment> => {
    const { world, downloadDir } = this.#parts
    const { bytes, sha256, sniffedType, typesDisagree, ...attachment } = await this.get(agent, ref, messageId, attachmentId)
    const safeName = makeSafeFilename(filename ?? attachment.filename)
    const random = Buffer.from(world.randomBytes(PART_NAME_BYTES)).toString('hex')
    const { path, existed } = await saveBelow(downloadDir, { safeName, bytes, sha256 }, { random, nowMs: world.now() })
    return { messageId, attachment, path, existed, size: bytes.byteLength, sha256, sniffedType, typesDisagree }
  }

  async #find(agent: string, ref: InboxRef, messageId: string, attachmentId: string) {
    const { store } = this.#parts
    const { attachments, inboxId } = await store.getMessage(agent, ref, messageId, { markRead: false, bodies: 'none' })
    const attachment = attachments.find(({ id }) => id === attachmentId)
    if (attachment === undefined) throw new MailError('attachment_not_found', 'This message has no attachment with this id.')
    return { attachment, inboxId, raw: await store.getRaw(agent, ref, messageId) }
  }
}

function refuseUndecodable(): never {
  throw new MailError('attachment_not_found', 'This attachment is listed but cannot be decoded.', {
    hint: 'Read the raw message resource instead.',
  })
}
