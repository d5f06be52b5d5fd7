/** What the post office in memory says of messages and their deliveries. */

import { MailError } from '../../src/errors.ts'
import type { DeliveryState, Message, MessageStatus, RecipientDelivery, SentMessage } from '../../src/model.ts'
import { type KeptMessage, summarise } from './mcp-mail.ts'

/** A message of ours, apart from what is kept. @throws MailError message_not_found for one that came in */
export function showSent({ message, sent }: KeptMessage): SentMessage {
  if (sent === null) throw new MailError('message_not_found', 'There is no such message in this inbox.')
  const { deliveries, deliveryCursor } = sent
  return { message: summarise(message), deliveries: deliveries.map((delivery) => ({ ...delivery })), deliveryCursor }
}

/** While one is open the message is on its way; then the worst that became of one of them. */
export function sumUp(deliveries: readonly RecipientDelivery[]): MessageStatus {
  const has = (...states: DeliveryState[]) => deliveries.some(({ state }) => states.includes(state))
  const open = deliveries.filter(({ state }) => state === 'queued' || state === 'deferred')
  if (open.some(({ attempts }) => attempts === 0)) return 'queued'
  if (open.length > 0) return 'sending'
  if (has('complained')) return 'complained'
  if (has('bounced', 'refused')) return 'bounced'
  if (has('expired')) return 'failed'
  if (has('unknown')) return 'unknown'
  if (has('recorded')) return 'recorded'
  return deliveries.every(({ state }) => state === 'delivered') ? 'delivered' : 'sent'
}

/** An attachment of a message. @throws MailError attachment_not_found */
export function readAttachment({ attachments }: Message, files: KeptMessage['files'], attachmentId: string) {
  const listed = attachments.find(({ id }) => id === attachmentId)
  if (listed === undefined) throw new MailError('attachment_not_found', 'This message has no attachment with this id.')
  const bytes = files[attachmentId]
  if (bytes === undefined) {
    throw new MailError('attachment_not_found', 'This attachment is listed but cannot be decoded.', {
      hint: 'Read the raw message resource instead.',
    })
  }
  return { filename: listed.filename, contentType: listed.contentType, bytes }
}
