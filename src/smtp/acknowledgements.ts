/**
 * Which of our 250s were seen to arrive. A sender that goes on to another command has read the 250 before it, so it will not send that message
 * again on its own; one that vanished may.
 *
 * Pipelining (RFC 2920) is the trap: `.` and the next MAIL or QUIT may be sent together, and prove nothing about a 250 that had not been
 * written. So a command counts only when its first byte was read from the socket after the 250 had been handed to the system. What remains
 * is a command that was already in the system's receive buffer, unread, at that instant: it is taken for an answer to the 250. While a
 * message is being stored the socket is read, so this needs a client that neither waits nor pipelines in one write.
 */

import type { Receiver } from '../receiver.ts'

/** A 250 of ours. `provenFrom` is the position in the client's bytes from which a command answers it; null until it was handed over. */
export type Acknowledgement = { readonly id: string; provenFrom: number | null }

/** The 250s of one session that nobody has answered yet. */
export class Acknowledgements {
  readonly #receiver: Receiver
  #open: Acknowledgement[] = []

  constructor(receiver: Receiver) {
    this.#receiver = receiver
  }

  /** A 250 is about to be written. */
  add(id: string): void {
    this.#open.push({ id, provenFrom: null })
  }

  /** Those that were not handed over yet; the caller sets `provenFrom` once they are. */
  unproven(): Acknowledgement[] {
    return this.#open.length === 0 ? NONE : this.#open.filter(({ provenFrom }) => provenFrom === null)
  }

  /** A command came whose first byte is at this position: everything handed over before it has arrived. */
  commandAt(position: number): void {
    if (this.#open.length === 0) return
    const open = this.#open
    this.#open = []
    for (const acknowledgement of open) {
      const { id, provenFrom } = acknowledgement
      if (provenFrom !== null && provenFrom <= position) this.#receiver.confirm(id)
      else this.#open.push(acknowledgement)
    }
  }

  /** The bytes are counted from zero again, after a TLS handshake, which itself came after all these 250s. */
  restart(): void {
    for (const acknowledgement of this.#open) acknowledgement.provenFrom = 0
  }

  /** The session is over. */
  releaseAll(): void {
    for (const { id } of this.#open.splice(0)) this.#receiver.release(id)
  }
}

const NONE: Acknowledgement[] = []
