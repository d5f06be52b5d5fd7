/** What is known of who wrote a message: checked when somebody first reads it, and kept. */

import { describeError, type Log } from '../log.ts'
import type { Packed } from '../mail-text.ts'
import type { Message } from '../model.ts'
import { type SenderCheck, type SenderVerdict, UNKNOWN_SENDER } from '../sender-check.ts'
import type { Store } from '../store.ts'

/** What it is made of; without a check every sender is unknown. */
export type SendersParts = { store: Pick<Store, 'getRaw' | 'saveSenderVerdict'>; senderCheck: SenderCheck | null; log: Log }

/** Finds out about senders, once a message. */
export class Senders {
  readonly #parts: SendersParts
  /** Under way, by the id of the message: whoever reads it meanwhile shares the answer. */
  readonly #checking = new Map<string, Promise<SenderVerdict>>()

  constructor(parts: SendersParts) {
    this.#parts = parts
  }

  /**
   * Never rejects, and takes no longer than the deadline of the check: a reader must get the mail whatever becomes of this. What could not be found
   * out is unknown, and looked for again at the next read. A read-only server keeps verdicts too, as it marks what was read.
   */
  async describe(agent: string, message: Packed<Message>): Promise<SenderVerdict> {
    const { senderCheck } = this.#parts
    const { remoteAddress, senderVerdict, direction, id } = message
    if (senderVerdict !== null) return senderVerdict
    // Without a remote address it never left this server.
    if (senderCheck === null || direction === 'outbound' || remoteAddress === null) return UNKNOWN_SENDER
    const underWay = this.#checking.get(id)
    if (underWay) return underWay
    const checking = this.#check(senderCheck, agent, message, remoteAddress).finally(() => this.#checking.delete(id))
    this.#checking.set(id, checking)
    return checking
  }

  async #check(senderCheck: SenderCheck, agent: string, message: Packed<Message>, remoteAddress: string): Promise<SenderVerdict> {
    const { store, log } = this.#parts
    const { helo, envelopeFrom, fromAddress, inboxId, id, createdAt } = message
    let verdict = UNKNOWN_SENDER
    try {
      const raw = await store.getRaw(agent, inboxId, id)
      const receivedAt = Date.parse(createdAt)
      verdict = await senderCheck.check({ raw, envelopeFrom, helo: helo ?? '', remoteAddress, fromAddress, receivedAt })
      if (isFinal(verdict)) await store.saveSenderVerdict(agent, inboxId, id, verdict)
    } catch (error) {
      log.warn('sender_check_failed', { messageId: id, cause: describeError(error) })
    }
    return verdict
  }
}

/** Whether another look would find the same: somebody looked, and nothing stood in the way. */
function isFinal({ source, spf, dkim, dmarc }: SenderVerdict): boolean {
  return source !== null && ![spf, dkim, dmarc].includes('temperror')
}
