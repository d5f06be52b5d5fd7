/** What the SMTP listener may ask of the post office: a protocol behind a few methods. */

import type { Envelope, Recipient } from './model.ts'

/** Whether mail for an address is taken, and if not, why; the listener turns it into an SMTP reply. */
export type RecipientAnswer =
  | { accepted: true; recipient: Recipient }
  /** `unknown` 550 5.1.1, `suspended` 550 5.2.1. */
  | { accepted: false; reason: 'unknown' | 'suspended' }

/** Why a delivery to an address was turned away; kept (see session-log.ts) so that who waits for it can be told. */
export type RefusalReason =
  | 'unknown'
  | 'suspended'
  | 'too_many_recipients'
  | 'too_large'
  | 'mail_loop'
  | 'lost_mid_data'
  | 'store_error'

/** A delivery that was turned away, and what is known of its session. What the client said is as it came. */
export type Refusal = {
  /** As RCPT named it. */
  address: string
  reason: RefusalReason
  /** IP address of the client. */
  remoteAddress: string
  /** What the client called itself in EHLO or HELO; empty when it did not. */
  helo: string
  /** Return path; empty for the null sender. */
  mailFrom: string
  /** Bytes of the message that had arrived, or were announced if that was too much; null where none was begun. */
  sizeBytes: number | null
}

/** Takes mail in, from whatever protocol. */
export interface Receiver {
  /**
   * Looks up an address as RCPT named it, without angle brackets. Exact: source routes, `%`, `!`, quoted local parts, address literals
   * and foreign domains are unknown. Without a promise where nobody need be asked. @throws MailError store_unavailable (the listener answers 451)
   */
  accepts(address: string): RecipientAnswer | Promise<RecipientAnswer>

  /**
   * Makes a message durable; only when this resolves may 250 be said. `raw` is the receiver's from now on.
   * @throws MailError inbox_not_found when no recipient is left (550), anything else is 451
   */
  accept(envelope: Envelope, raw: Uint8Array): Promise<{ id: string }>

  /** The session went on to another command after our 250: its sender has seen it. Never fails. */
  confirm(id: string): void

  /** The session ended right after our 250: its sender may not have seen it. Never fails. */
  release(id: string): void

  /** A delivery was turned away. Never fails, and costs a bounded amount however many there are. */
  refused(refusal: Refusal): void
}

/** Where mail is received, as far as this process knows. */
export type ListenerStatus =
  /** This process receives, at `smtpUrl`. */
  | { state: 'listening'; smtpUrl: string }
  /** Another process on the same store receives, at `smtpUrl`. */
  | { state: 'elsewhere'; smtpUrl: string }
  /** Nobody receives for this store; `problem` says in one line why and what to set. */
  | { state: 'blocked'; problem: string }
  /** Not tried yet. */
  | { state: 'starting' }
