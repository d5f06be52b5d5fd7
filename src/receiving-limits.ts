/** Bounds of taking in much mail at once. */

import { SECOND_MS } from './durations.ts'

/** An address that was found is not looked up again for so long, unless something changes. */
export const KNOWN_RECIPIENT_KEPT_MS = 2 * SECOND_MS
/** Addresses remembered; with one more all are forgotten. */
export const MAX_KNOWN_RECIPIENTS = 1_000

/** Mail that waits to be read, and more of it, makes way for senders: so many need no second look. */
export const MAX_HASTY_BACKLOG = 16
/** Senders are at it when the last message came so short a time ago. */
export const SENDERS_ACTIVE_MS = 100
/** While senders are at it, the reading of mail rests so many times as long as it took: it has a tenth of a processor. */
export const REST_PER_WORK = 9
/** The longest such rest, so that the end of a burst is seen. */
export const MAX_REST_MS = 100
/** Mail that waits for longer than this is read whatever senders do. */
export const MAX_MAKING_WAY_MS = 10 * SECOND_MS

/** Bytes of messages being received or stored at once beyond MAX_SMTP_INFLIGHT_BYTES, for small ones: large ones do not keep them out. */
export const RESERVED_SMTP_INFLIGHT_BYTES = 8_388_608
/** A message is small up to this. */
export const SMALL_SMTP_MESSAGE_BYTES = 262_144

/** While more mail waits, so many that have been read are filed together. */
export const FILINGS_TOGETHER = 8
/** None waits longer for that, nor to be read together with others in a burst. */
export const MAX_GATHERING_MS = 50

/** Larger mail is kept in pieces of this size: to write or read one, SQLite takes it three times over. */
export const RAW_PIECE_BYTES = 1_048_576
/** Of the heap of the store's thread, for what is young: by itself it takes 48 MB, which it keeps. */
export const STORE_YOUNG_HEAP_MB = 6

/** So many within {@link SENDERS_ACTIVE_MS}, but not at once, come from somebody who sends one after the other as fast as it goes. */
export const BURST_MAILS = 8
/** Less than this from the first to the last of them is at once. */
export const LEAST_BURST_MS = 4
