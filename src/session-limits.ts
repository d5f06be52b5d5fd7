/** The bounds of what is kept and told of SMTP sessions that delivered nothing. */

import { HOUR_MS, MINUTE_MS, SECOND_MS } from './durations.ts'

/** Kept of what was refused at addresses that are nobody's, and as many of what concerns inboxes: neither pushes the other out. */
export const MAX_SESSION_LOG_ROWS = 1_000
/** Of these, for one address that is nobody's: a flood to it from everywhere leaves the rest alone. */
export const MAX_SESSION_ROWS_PER_ADDRESS = 20
/** Of these, for one inbox. */
export const MAX_SESSION_ROWS_PER_INBOX = 50
/** How long a row is kept. */
export const SESSION_LOG_KEPT_MS = 7 * 24 * HOUR_MS
/** The same client, address and reason again within this time is counted, not repeated. */
export const SESSION_REPEAT_MS = 10 * MINUTE_MS
/** Between two writes of the log: who looks a recipient up meanwhile waits for no write of ours. */
export const SESSION_WRITE_INTERVAL_MS = SECOND_MS
/** Who reads the log waits so long, at most, for what is still to be written. */
export const SESSION_FLUSH_DEADLINE_MS = SECOND_MS
/** Refusals that wait to be written; of more, the oldest of whoever has the most of them are forgotten, what looks like an inbox last. */
export const MAX_SESSIONS_PENDING = 1_000
/** Kept of what a client called itself and of its return path, in UTF-16 units. */
export const MAX_SESSION_FIELD_CHARS = 254
/** Look-alike addresses told of at once. */
export const MAX_LOOKALIKES = 5
/** The same when a wait times out. */
export const MAX_WAIT_LOOKALIKES = 3
/** Addresses of its own that an agent is reminded of when it asks for one that is not. */
export const MAX_NEAR_INBOXES = 3
/** How many inboxes are looked through for them. */
export const MAX_NEAR_INBOXES_SCANNED = 1_000
/** Sessions told of at once. */
export const MAX_SHOWN_SESSIONS = 10
/** Messages told of at once, the newest. */
export const MAX_SHOWN_ARRIVALS = 5
/** Of an inbox that mostly sends, so many of the newest messages are looked through for those. */
export const MAX_ARRIVALS_SCANNED = 200
