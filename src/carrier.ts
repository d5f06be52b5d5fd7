/** The port to whatever carries one message to one recipient. Implemented in `smtp/`. */

/** One recipient's copy. Both addresses have been checked and go on the wire exactly so. */
export type Carriage = {
  /** Return path of this one delivery. */
  readonly envelopeFrom: string
  readonly recipient: string
  readonly raw: Uint8Array
}

/** What became of one try. Codes are the server's (RFC 5321 section 4.2, RFC 3463); its words are not kept: they are not ours to repeat. */
export type Outcome = {
  /**
   * `sent`: the server took it. `deferred`: 4xx, or no answer before the final dot: try again. `refused`: 5xx, for good.
   * `unknown`: the connection was lost after the final dot: it may have been taken, so it is never tried again by itself.
   */
  readonly kind: 'sent' | 'deferred' | 'refused' | 'unknown'
  /** Of the deciding reply; null when there was none. */
  readonly replyCode: number | null
  /** Such as `5.1.1`; null when the reply has none. */
  readonly statusCode: string | null
  /** Where it ended, in our words, one short clause. */
  readonly reason: string
}

/** Carries mail out. */
export interface Carrier {
  /** Never rejects; an abort counts as losing the connection where it stands. */
  carry(carriage: Carriage, signal: AbortSignal): Promise<Outcome>
  /** Ends every connection. */
  close(): Promise<void>
}
