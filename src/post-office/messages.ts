/** Messages of one inbox: listed, read, marked, removed. */

import type { Arrivals } from '../arrivals.ts'
import { MailError } from '../errors.ts'
import { MAX_LABEL_CHARS, MAX_LABELS, MAX_READ_TOKENS } from '../limits.ts'
import type { MessageSummary } from '../model.ts'
import type { Reading, ReadOptions } from '../post-office.ts'
import type { InboxRef, MessageChange, Store } from '../store.ts'
import type { World } from '../world.ts'
import { FIRST_PIECE, type Reader } from './reader.ts'

/** What the operations on messages are made of. */
export type MessagesParts = { store: Store; reader: Reader; arrivals: Arrivals; world: World }

/** The operations on messages; see PostOffice for what each promises. */
export class Messages {
  readonly #parts: MessagesParts

  constructor(parts: MessagesParts) {
    this.#parts = parts
  }

  async read(agent: string, ref: InboxRef, messageId: string, options: ReadOptions): Promise<Reading> {
    checkBudget(options)
    const { store, reader } = this.#parts
    const bodies = options.part === 'html' ? 'html' : 'text'
    const message = await store.getMessage(agent, ref, messageId, { markRead: false, bodies })
    const reading = await reader.read(agent, message, options)
    if (reading.message.read) return reading
    // Marked only once there is something to show: a refused offset must not hide the message from a wait.
    const { read } = await store.updateMessage(agent, ref, messageId, { read: true })
    return { ...reading, message: { ...reading.message, read } }
  }

  async peek(agent: string, ref: InboxRef, messageId: string): Promise<Reading> {
    const message = await this.#parts.store.getMessage(agent, ref, messageId, { markRead: false, bodies: 'text' })
    return this.#parts.reader.read(agent, message, FIRST_PIECE)
  }

  async update(agent: string, ref: InboxRef, messageId: string, change: MessageChange): Promise<MessageSummary> {
    checkChange(change)
    const summary = await this.#parts.store.updateMessage(agent, ref, messageId, change)
    this.#parts.arrivals.ring(summary.inboxId, 'change')
    return summary
  }

  async delete(agent: string, ref: InboxRef, messageId: string): Promise<void> {
    const { store, arrivals, world } = this.#parts
    const { inbox } = await store.getInbox(agent, ref, world.now())
    await store.deleteMessage(agent, inbox.id, messageId)
    arrivals.ring(inbox.id, 'change')
  }
}

/** @throws MailError invalid_argument */
export function checkBudget({ maxTokens, offset }: Pick<ReadOptions, 'maxTokens' | 'offset'>): void {
  if (!Number.isInteger(maxTokens) || maxTokens < 1 || maxTokens > MAX_READ_TOKENS) {
    throw new MailError('invalid_argument', `maxTokens must be 1 to ${MAX_READ_TOKENS}.`)
  }
  if (!Number.isInteger(offset) || offset < 0) throw new MailError('invalid_argument', 'offset must be 0 or more.')
}

function checkChange({ read, addLabels = [], removeLabels = [] }: MessageChange): void {
  if (read === undefined && addLabels.length === 0 && removeLabels.length === 0) {
    throw new MailError('invalid_argument', 'Nothing to change: give read, addLabels or removeLabels.')
  }
  for (const label of [...addLabels, ...removeLabels]) {
    if (label.length < 1 || label.length > MAX_LABEL_CHARS || /[\p{Cc}\p{Cf}]/u.test(label)) {
      throw new MailError('invalid_argument', `A label must have 1 to ${MAX_LABEL_CHARS} characters and no control characters.`)
    }
  }
  if (addLabels.length > MAX_LABELS || removeLabels.length > MAX_LABELS) {
    throw new MailError('invalid_argument', `At most ${MAX_LABELS} labels at once.`)
  }
}
