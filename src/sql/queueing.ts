/** Queueing: a composed message is checked against what only the store knows, counted, and written with its deliveries, in one step. */

import { MailError } from '../errors.ts'
import type { Delivery, SentMessage } from '../model.ts'
import type { OutgoingMail } from '../sending-store.ts'
import type { InboxRef } from '../store.ts'
import { findSent, insertDelivery, toSent } from './deliveries.ts'
import type { Engine } from './engine.ts'
import { findUse, type KeyScope, rememberUse } from './idempotency.ts'
import { findInbox } from './inboxes.ts'
import { type NewMessage, packAttachments, placeMessage } from './placing.ts'
import { keepRaw } from './raw.ts'
import type { InboxRow } from './rows.ts'
import { checkActive, checkCorrespondents, checkStands, checkSuppressions, countSend } from './send-checks.ts'
import { makeSnippet } from './text.ts'
import { findNamedThread, findThread } from './threads.ts'

/** Store.queueMessage: what refuses it comes in the order of the interface's promise. */
export async function queueMessage(
  db: Engine,
  agent: string,
  ref: InboxRef,
  mail: OutgoingMail,
): Promise<SentMessage & { repeated: boolean }> {
  const inbox = await findInbox(db, agent, ref)
  const earlier = await findRepeated(db, inbox, mail)
  if (earlier) return { ...earlier, repeated: true }
  checkActive(inbox)
  await checkStands(db, inbox)
  const recipients = mail.deliveries.map(({ recipient }) => recipient)
  if (recipients.length === 0) throw new Error('queueMessage needs a recipient')
  await checkSuppressions(db, inbox.id, recipients)
  if (mail.correspondentsOnly) await checkCorrespondents(db, inbox.id, recipients)
  const known = await chooseThread(db, inbox.id, mail)
  const { day, sends } = countSend(inbox, mail.now)
  await keepRaw(db, mail.contentHash, mail.raw)
  await db.run('UPDATE inbox SET sends_day = ?, sends_count = ?, total_sent = total_sent + 1 WHERE id = ?', day, sends, inbox.id)
  const message = await placeMessage(db, toNewMessage(inbox, mail), mail, { known, newId: mail.newThreadId })
  if (!message) throw new Error('an inbox vanished within one step')
  for (const delivery of mail.deliveries) await insertDelivery(db, message, delivery)
  await rememberQueued(db, inbox, mail)
  return { ...(await toSent(db, message)), repeated: false }
}

/** The message that the same idempotency key queued, as it stands now. @throws MailError conflict */
async function findRepeated(db: Engine, inbox: InboxRow, { idempotency, now }: OutgoingMail): Promise<SentMessage | undefined> {
  if (!idempotency) return undefined
  const used = await findUse(db, scopeOf(inbox, idempotency.key), now)
  if (!used) return undefined
  if (used.fingerprint !== idempotency.fingerprint) {
    throw new MailError('conflict', 'This idempotencyKey was used for a message with other content.')
  }
  const sent = await findSent(db, inbox.id, used.resultId)
  if (sent) return sent
  throw new MailError('conflict', 'The message that this idempotencyKey queued was deleted since.', {
    hint: 'Use a new idempotencyKey to send it again.',
  })
}

async function rememberQueued(db: Engine, inbox: InboxRow, { idempotency, messageId, now }: OutgoingMail): Promise<void> {
  if (!idempotency) return
  const { key, fingerprint } = idempotency
  await rememberUse(db, scopeOf(inbox, key), { fingerprint, resultId: messageId }, now)
}

/** A key is used up for one inbox only. */
function scopeOf(inbox: InboxRow, key: string): KeyScope {
  return { agent: inbox.agent, operation: `send ${inbox.id}`, key }
}

/** The thread that the caller named, or that its references name. @throws MailError thread_not_found */
async function chooseThread(db: Engine, inboxId: string, mail: OutgoingMail): Promise<string | undefined> {
  if (mail.threadId === null) return await findThread(db, inboxId, mail)
  return (await findNamedThread(db, inboxId, mail.threadId)).id
}

function toNewMessage(inbox: InboxRow, mail: OutgoingMail): NewMessage {
  return {
    inbox_id: inbox.id,
    id: mail.messageId,
    direction: 'outbound',
    delivery: chooseDelivery(mail),
    status: 'queued',
    from_address: inbox.address,
    from_name: mail.fromName,
    to_addresses: JSON.stringify(mail.toAddresses),
    cc_addresses: JSON.stringify(mail.ccAddresses),
    reply_to_addresses: '[]',
    subject: mail.subject,
    snippet: makeSnippet(mail.bodyText),
    attachments: packAttachments(mail.attachments),
    message_id_header: mail.messageIdHeader,
    is_read: 1,
    labels: '[]',
    size: mail.raw.byteLength,
    content_hash: mail.contentHash,
    created_at: mail.now,
    problem: null,
    body_text: mail.bodyText,
    body_html: mail.bodyHtml,
    in_reply_to: mail.inReplyTo,
    refs: JSON.stringify(mail.references),
    sent_at: mail.now,
    envelope_from: inbox.address,
    envelope_to: '',
    automatic: null,
    facts: null,
    sender_verdict: null,
    remote_address: null,
    helo: null,
  }
}

/** Of the whole message: that nothing went out is what its reader must know first. */
function chooseDelivery({ deliveries }: OutgoingMail): Delivery {
  const carriers = new Set(deliveries.map(({ carrier }) => carrier))
  if (carriers.has('dry-run')) return 'dry-run'
  return carriers.has('relay') ? 'email' : 'local'
}
