/** The port to whatever finds out whether a mail comes from whom it says: SPF (RFC 7208), DKIM (RFC 6376), DMARC (RFC 7489). Implemented in `auth/`. */

import { z } from 'zod'

/** One verdict, as Authentication-Results words it (RFC 8601 section 2.7); `unknown` where nobody could look. */
export const AuthVerdict = z.enum(['pass', 'fail', 'softfail', 'neutral', 'none', 'temperror', 'permerror', 'unknown'])
export type AuthVerdict = z.infer<typeof AuthVerdict>

/** What was found out. On loopback without --trust-relay, between inboxes here, or without DNS everything is `unknown`, never `pass`. */
export const SenderVerdict = z.object({
  spf: AuthVerdict,
  dkim: AuthVerdict,
  dmarc: AuthVerdict,
  /** The From domain, where SPF or DKIM passed for it or its organisation (RFC 7489 section 3.1); null otherwise. */
  alignedDomain: z.string().nullable(),
  /** Whose word it is: our own look, or that of the host named by --trust-relay; null where nobody looked. */
  source: z.enum(['dns', 'relay']).nullable(),
})
export type SenderVerdict = z.infer<typeof SenderVerdict>

/** Where nobody could look. */
export const UNKNOWN_SENDER: SenderVerdict = {
  spf: 'unknown',
  dkim: 'unknown',
  dmarc: 'unknown',
  alignedDomain: null,
  source: null,
}

/** A mail as it came in, for the check. */
export type CheckedMail = {
  /** Given away: it may be empty afterwards, because a large mail is handed on without a copy. */
  raw: Uint8Array
  /** Return path; empty for the null sender. */
  envelopeFrom: string
  helo: string
  /** IP address of the client. */
  remoteAddress: string
  /** Bare address of the From header. */
  fromAddress: string
  /** Milliseconds since the epoch: a signature must have held then, not when somebody looks. */
  receivedAt: number
}

/** Checks senders. Nothing a sender writes makes it reject, hang past its deadline or block this thread. */
export interface SenderCheck {
  /** What could not be found out within the deadline is `unknown` or `temperror`. */
  check(mail: CheckedMail): Promise<SenderVerdict>
  /** Ends what is under way. */
  close(): Promise<void>
}
