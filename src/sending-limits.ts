/** Every bound of sending as a named constant, unit last; part of limits.ts, where the others are. */

import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from './durations.ts'

/** Most recipients of one message that we send. */
export const MAX_SEND_RECIPIENTS = 50
/** Largest message that we compose, attachments encoded. */
export const MAX_COMPOSED_BYTES = 26_214_400
/** Longest subject that we send, in bytes of UTF-8 (RFC 5322 section 2.1.1). */
export const MAX_SEND_SUBJECT_BYTES = 998
/** Longest text or HTML part that we send, in bytes of UTF-8. */
export const MAX_SEND_TEXT_BYTES = 5_242_880
/** Attachments of one message that we send. */
export const MAX_SEND_ATTACHMENTS = 20
/** Pauses before the second and every later try of a delivery; the last one repeats. */
export const DELIVERY_BACKOFF_MS = [
  MINUTE_MS,
  5 * MINUTE_MS,
  15 * MINUTE_MS,
  30 * MINUTE_MS,
  HOUR_MS,
  2 * HOUR_MS,
  4 * HOUR_MS,
] as const
/** A pause is lengthened or shortened by up to this part of itself, so that deliveries deferred together do not return together. */
export const BACKOFF_JITTER = 0.1
/** A delivery that has not gone out after this long has failed (RFC 5321 section 4.5.4.1 asks for days). */
export const DELIVERY_EXPIRY_MS = 48 * HOUR_MS
/** How long a process keeps a delivery to itself without a sign of life. */
export const DELIVERY_LEASE_MS = 30 * SECOND_MS
/** How often a process that is carrying renews its leases. */
export const DELIVERY_RENEW_INTERVAL_MS = 10 * SECOND_MS
/** One try to hand a message to the relay ends after this long. */
export const CARRY_DEADLINE_MS = 5 * MINUTE_MS
/** Connections to the relay at once; providers allow a sender few. */
export const MAX_RELAY_CONNECTIONS = 5
/** Messages over one connection to the relay, before it is closed and another one opened. */
export const MAX_RELAY_MESSAGES_PER_CONNECTION = 100
/** From looking up the relay's name to having signed in, this long at most. */
export const RELAY_SETUP_DEADLINE_MS = MINUTE_MS
/** A connection to the relay without work is closed after this long. */
export const RELAY_IDLE_MS = 10 * SECOND_MS
/** Longest reply of a relay; one that goes on is cut off. */
export const MAX_RELAY_REPLY_BYTES = 65_536
/** Part of a message that is given to the connection at once. */
export const RELAY_CHUNK_BYTES = 65_536
/** Deliveries a process carries at once. */
export const MAX_CARRIED_AT_ONCE = 8
/** How often a process looks for deliveries that others queued or left behind. */
export const OUTBOX_POLL_INTERVAL_MS = 5 * SECOND_MS
/** Window in which bounces and sends of an inbox are weighed. */
export const BOUNCE_WINDOW_MS = 7 * DAY_MS
/** Fewer sends than this in the window suspend nobody. */
export const BOUNCE_LEAST_SENDS = 20
/** Part of the sends in the window whose hard bounces suspend an inbox, once it is passed. */
export const BOUNCE_SUSPEND_RATIO = 0.1
/** Fewer complaints than this suspend nobody. */
export const COMPLAINT_LEAST = 3
/** Part of what an inbox sent whose complaints suspend it, from COMPLAINT_LEAST on. */
export const COMPLAINT_SUSPEND_RATIO = 0.003
/** Bytes of the HMAC in a return path: 80 bits nobody guesses, short enough for a local part of 64. */
export const RETURN_PATH_HMAC_BYTES = 10
