/** Puts together what is read of a message: its facts, who it is from, and a piece of its text. */

import { DEFAULT_READ_TOKENS } from '../limits.ts'
import { MailFacts } from '../mail-facts.ts'
import type { Packed } from '../mail-text.ts'
import type { Message } from '../model.ts'
import type { Parser } from '../parser.ts'
import type { Reading, ReadOptions } from '../post-office.ts'
import type { Store } from '../store.ts'
import { readPiece } from './reading.ts'
import type { Senders } from './senders.ts'

/** What reading is made of. */
export type ReaderParts = { store: Store; parser: Parser; senders: Senders }

/** The first piece of the text with the usual budget. */
export const FIRST_PIECE: ReadOptions = { maxTokens: DEFAULT_READ_TOKENS, offset: 0, part: 'text' }

/** Reads messages; marks nothing. */
export class Reader {
  readonly #parts: ReaderParts

  constructor(parts: ReaderParts) {
    this.#parts = parts
  }

  /** @throws MailError invalid_argument; message_not_found when it went meanwhile */
  async read(agent: string, message: Packed<Message>, options: ReadOptions): Promise<Reading> {
    const [whole, verdict] = await Promise.all([this.#findFacts(agent, message), this.#parts.senders.describe(agent, message)])
    return readPiece(whole, verdict, options)
  }

  /** What an earlier version filed is read anew: nothing is known of it, or in a form that says other things today. */
  async #findFacts(agent: string, message: Packed<Message>): Promise<Packed<Message>> {
    if (message.direction === 'outbound' || MailFacts.safeParse(message.facts).success) return message
    const { store, parser } = this.#parts
    const { bodyText, facts } = await parser.parse(await store.getRaw(agent, message.inboxId, message.id))
    // What cannot be parsed within today's caps may have been when it came.
    return { ...message, bodyText: bodyText.length === 0 ? message.bodyText : bodyText, facts }
  }
}
