/** Why there is no connection to a relay, in our words. */

import type { Reply } from './relay-reply.ts'

/** The relay could not be spoken to, or the try was ended from our side. The message is one short clause of ours, never the relay's words. */
export class RelayFailure extends Error {
  override readonly name = 'RelayFailure'
  /** The reply that ended it, if one did. */
  readonly reply: Reply | null

  constructor(message: string, reply: Reply | null = null) {
    super(message)
    this.reply = reply
  }
}
