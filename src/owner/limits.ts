/** The bounds of what the owner does on the command line. */

import { SECOND_MS } from '../durations.ts'

/** How often the line that says how far a command is may change. */
export const PROGRESS_INTERVAL_MS = 100

/** Room on the disk of the store below which the doctor warns: a few days of much mail. */
export const LOW_SPACE_BYTES = 1_073_741_824
/** Room on the disk of the store below which mail may be refused at any moment: two of the largest messages and the log of the store. */
export const LEAST_SPACE_BYTES = 134_217_728
/** Writes to disk that the doctor times. */
export const FSYNC_TRIES = 5
/** Size of each, a page of the store. */
export const FSYNC_BYTES = 4_096
/** A write that is on disk sooner than this is on none: the fastest drives with a battery take twice as long. */
export const LEAST_FSYNC_MS = 0.005
/** A write that takes longer than this makes senders wait. */
export const SLOW_FSYNC_MS = 100
/** How long DNS may take to answer the doctor. */
export const DOCTOR_DNS_DEADLINE_MS = 3 * SECOND_MS
/** How long whoever has the SMTP port may take to greet the doctor. */
export const DOCTOR_PORT_DEADLINE_MS = 2 * SECOND_MS
/** The clock may be this far behind the newest mail before it is worth a word. */
export const CLOCK_TOLERANCE_MS = 5 * SECOND_MS
/** A clock before this day, the one on which this was written, was never set. */
export const LEAST_CLOCK_MS = Date.UTC(2026, 10, 1)
/** Words of whoever has the port that the doctor repeats, in UTF-16 units. */
export const MAX_SHOWN_GREETING_CHARS = 60
/** A heap smaller than this does not hold the largest messages, in MiB. */
export const LEAST_HEAP_MIB = 256
/** Messages looked up at a time by an export. */
export const EXPORT_PAGE_ROWS = 100
/** Messages looked up at a time by an import that asks what is there already. */
export const IMPORT_PAGE_ROWS = 1_000
/** Bytes of an mbox read at a time. */
export const SOURCE_CHUNK_BYTES = 262_144
/** Messages of an import that share a commit: few enough to be filed within the lease that their process has on them. */
export const IMPORT_BATCH_MAILS = 32
/** Bytes of such messages; one may be larger and is then alone. */
export const IMPORT_BATCH_BYTES = 8_388_608
