/** The bounds of src/limits.ts that the listener keeps, in one place where a test may lower them. */

import {
  MAX_RECEIVED_HEADERS,
  MAX_RECIPIENTS,
  MAX_SMTP_CONNECTIONS,
  MAX_SMTP_CONNECTIONS_PER_ADDRESS,
  MAX_SMTP_EXCESS_RECIPIENTS,
  MAX_SMTP_IDLE_COMMANDS,
  MAX_SMTP_INFLIGHT_BYTES,
  MAX_SMTP_INFLIGHT_BYTES_PER_ADDRESS,
  MAX_SMTP_LINE_BYTES,
  MAX_SMTP_OVERRUN_BYTES,
  MAX_SMTP_REFUSED_RECIPIENTS,
  SMTP_ANSWER_DEADLINE_MS,
  SMTP_CLOSE_GRACE_MS,
  SMTP_DATA_DEADLINE_MS,
  SMTP_EVICT_AFTER_MS,
  SMTP_IDLE_DEADLINE_MS,
  SMTP_OWNER_CHECK_INTERVAL_MS,
  SMTP_OWNER_DEADLINE_MS,
  SMTP_PROGRESS_BYTES,
  SMTP_SESSION_DEADLINE_MS,
  SMTP_TAKEOVER_INTERVAL_MS,
} from '../limits.ts'
import { RESERVED_SMTP_INFLIGHT_BYTES } from '../receiving-limits.ts'

/** What each one means is written where src/limits.ts defines it. */
export type SmtpBounds = {
  readonly maxConnections: number
  readonly maxConnectionsPerAddress: number
  readonly maxRecipients: number
  readonly maxIdleCommands: number
  readonly maxRefusedRecipients: number
  readonly maxExcessRecipients: number
  readonly maxLineBytes: number
  readonly maxOverrunBytes: number
  readonly maxInflightBytes: number
  readonly maxInflightBytesPerAddress: number
  readonly reservedInflightBytes: number
  readonly maxReceivedHeaders: number
  readonly idleMs: number
  readonly sessionMs: number
  readonly dataMs: number
  readonly answerMs: number
  readonly evictAfterMs: number
  readonly progressBytes: number
  readonly closeGraceMs: number
  readonly takeoverIntervalMs: number
  readonly ownerDeadlineMs: number
  readonly ownerCheckIntervalMs: number
}

/** The bounds of the product. */
export const SMTP_BOUNDS: SmtpBounds = {
  maxConnections: MAX_SMTP_CONNECTIONS,
  maxConnectionsPerAddress: MAX_SMTP_CONNECTIONS_PER_ADDRESS,
  maxRecipients: MAX_RECIPIENTS,
  maxIdleCommands: MAX_SMTP_IDLE_COMMANDS,
  maxRefusedRecipients: MAX_SMTP_REFUSED_RECIPIENTS,
  maxExcessRecipients: MAX_SMTP_EXCESS_RECIPIENTS,
  maxLineBytes: MAX_SMTP_LINE_BYTES,
  maxOverrunBytes: MAX_SMTP_OVERRUN_BYTES,
  maxInflightBytes: MAX_SMTP_INFLIGHT_BYTES,
  maxInflightBytesPerAddress: MAX_SMTP_INFLIGHT_BYTES_PER_ADDRESS,
  reservedInflightBytes: RESERVED_SMTP_INFLIGHT_BYTES,
  maxReceivedHeaders: MAX_RECEIVED_HEADERS,
  idleMs: SMTP_IDLE_DEADLINE_MS,
  sessionMs: SMTP_SESSION_DEADLINE_MS,
  dataMs: SMTP_DATA_DEADLINE_MS,
  answerMs: SMTP_ANSWER_DEADLINE_MS,
  evictAfterMs: SMTP_EVICT_AFTER_MS,
  progressBytes: SMTP_PROGRESS_BYTES,
  closeGraceMs: SMTP_CLOSE_GRACE_MS,
  takeoverIntervalMs: SMTP_TAKEOVER_INTERVAL_MS,
  ownerDeadlineMs: SMTP_OWNER_DEADLINE_MS,
  ownerCheckIntervalMs: SMTP_OWNER_CHECK_INTERVAL_MS,
}
