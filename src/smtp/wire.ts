/** What the parts of a session need of their connection. */

/** How a session speaks, and how it ends. */
export interface Wire {
  readonly remoteAddress: string
  /** When the client last got somewhere: a whole command or some kilobytes of a message. Milliseconds. */
  readonly activeAt: number
  /** What the client called itself in EHLO or HELO. */
  readonly helo: string
  /** Says one line; nothing once the connection is closing. */
  reply(line: string): void
  /** Says why, and closes; what the client still sends is thrown away for a moment, so that it can read that. */
  hangUp(line: string): void
  /** Says why, and closes without listening any longer. */
  drop(line: string): void
  /** The next reply says that the message of this id is durable. */
  acknowledge(id: string): void
}
