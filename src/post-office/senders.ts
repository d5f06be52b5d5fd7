/** What is known of who wrote a message: checked when somebody first reads it, and kept. */

import type { Message } from '../model.ts'
import { type SenderCheck, type SenderVerdict, UNKNOWN_SENDER } from '../sender-check.ts'
import type { Store } from '../store.ts'

/** What it is made of; without a check every sender is unknown. */
export type SendersParts = { store: Store; senderCheck: SenderCheck | null }

/** Finds out about senders, once a message. */
export class Senders {
  readonly #parts: SendersParts

  constructor(parts: SendersParts) {
    this.#parts = parts
  }

  /** Never rejects because of the mail or of DNS; takes no longer than the deadline of the check. */
  async describe(agent: string, message: Message): Promise<SenderVerdict> {
    const { store, senderCheck } = this.#parts
    const { remoteAddress, helo, envelopeFrom, fromAddress } = message
    if (message.senderVerdict !== null) return message.senderVerdict
    if (senderCheck === null || message.direction === 'outbound' || remoteAddress === null) return UNKNOWN_SENDER
    const raw = await store.getRaw(agent, message.inboxId, message.id)
    const verdict = await senderCheck.check({ raw, envelopeFrom, helo: helo ?? '', remoteAddress, fromAddress })
    if (verdict.source !== null) await store.saveSenderVerdict(agent, message.inboxId, message.id, verdict)
    return verdict
  }
}
