/** Every bound of the product as a named constant, unit last. What is not bounded here is a defect. */

import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from './durations.ts'

// Settings -----------------------------------------------------------------------------------------------------------

/** Longest `--agent`. */
export const MAX_AGENT_CHARS = 64
/** Longest `--domain`: with it every local part that RFC 5321 allows still gives an address that it allows. */
export const MAX_DOMAIN_BYTES = 189
/** Messages an inbox may send in one UTC calendar day unless `--daily-send-limit` says otherwise. */
export const DEFAULT_DAILY_SEND_LIMIT = 500
/** Highest `--daily-send-limit`. */
export const MAX_DAILY_SEND_LIMIT = 1_000_000
/** Lowest `--max-message-bytes`: RFC 5321 section 4.5.3.1.7 wants 64 KB of every server. */
export const LEAST_MAX_MESSAGE_BYTES = 65_536
/** Highest `--max-message-bytes`: memory for it is taken several times over while it is received and read. */
export const MOST_MAX_MESSAGE_BYTES = 134_217_728

// Inboxes ------------------------------------------------------------------------------------------------------------

/** Longest address, RFC 5321 section 4.5.3.1.3 (256 octets of path less the brackets). */
export const MAX_ADDRESS_BYTES = 254
/** Longest local part, RFC 5321 section 4.5.3.1.1. */
export const MAX_LOCAL_PART_BYTES = 64
/** Longest display name an inbox may have, in UTF-16 units. */
export const MAX_DISPLAY_NAME_CHARS = 100
/** Longest idempotency key, in UTF-16 units. */
export const MAX_IDEMPOTENCY_KEY_CHARS = 255
/** How long an idempotency key is remembered. */
export const IDEMPOTENCY_KEPT_MS = 7 * DAY_MS
/** Rows of a list when the caller names no limit. */
export const DEFAULT_PAGE_ROWS = 20
/** Most rows one call of a list answers. */
export const MAX_PAGE_ROWS = 100
/** Rows removed in one step when an inbox is deleted, so that nobody waits behind it. */
export const DELETE_CHUNK_ROWS = 200
/** How many generated addresses are tried before giving up on finding a free one. */
export const MAX_ADDRESS_TRIES = 20

// SMTP in ------------------------------------------------------------------------------------------------------------

/** Most recipients of one message; one more is answered 452 (RFC 5321 section 4.5.3.1.8 asks for at least 100). */
export const MAX_RECIPIENTS = 100
/** Most connections at once; for one more the longest idle makes room, and where none is idle it is answered 421. */
export const MAX_SMTP_CONNECTIONS = 200
/** Most connections at once from one address that is not loopback. */
export const MAX_SMTP_CONNECTIONS_PER_ADDRESS = 50
/** Most commands of one session, since its last accepted message, that neither start nor finish one; one more is answered 421. */
export const MAX_SMTP_IDLE_COMMANDS = 100
/** Most refused recipients of one session; one more is answered 421 (address harvesting). */
export const MAX_SMTP_REFUSED_RECIPIENTS = 50
/** Most recipients of one session beyond {@link MAX_RECIPIENTS} of their message; one more is answered 421. */
export const MAX_SMTP_EXCESS_RECIPIENTS = 1_000
/** In the middle of DATA, so many bytes are a step forward; with {@link SMTP_EVICT_AFTER_MS} the slowest that is not stalled, 800 B/s. */
export const SMTP_PROGRESS_BYTES = 4_096
/** One in the middle of a message without a step forward, a command or {@link SMTP_PROGRESS_BYTES}, for this long may be given up for others. */
export const SMTP_EVICT_AFTER_MS = 5 * SECOND_MS
/** Longest command line, RFC 5321 section 4.5.3.1.4 plus room for extensions. */
export const MAX_SMTP_LINE_BYTES = 2_048
/** A session without a byte for this long is closed. */
export const SMTP_IDLE_DEADLINE_MS = 60 * SECOND_MS
/** A session is closed after this long, whatever it does between messages. */
export const SMTP_SESSION_DEADLINE_MS = 10 * MINUTE_MS
/** The bytes of one message must have arrived after this long. */
export const SMTP_DATA_DEADLINE_MS = 5 * MINUTE_MS
/** Our own answer to a complete message must be there after this long; otherwise 451. */
export const SMTP_ANSWER_DEADLINE_MS = 30 * SECOND_MS
/** Bytes read and thrown away of a message that is over the limit, before the connection is dropped. */
export const MAX_SMTP_OVERRUN_BYTES = 1_048_576
/** Bytes of all messages being received or stored at once; for more, stalled ones are given up, or else it is answered 452. One of the largest size always fits. */
export const MAX_SMTP_INFLIGHT_BYTES = 27_262_976
/** Those of one address that is not loopback, so that several small ones take not all; one message of the largest size always fits. */
export const MAX_SMTP_INFLIGHT_BYTES_PER_ADDRESS = MAX_SMTP_INFLIGHT_BYTES / 2
/** How long a message in the middle of DATA may go on when the process ends. */
export const SMTP_CLOSE_GRACE_MS = 250
/** A process that was told to end is gone after this long, finished or not. */
export const EXIT_DEADLINE_MS = 400
/** How often a process that does not own the SMTP port tries to take it; jittered by a quarter. */
export const SMTP_TAKEOVER_INTERVAL_MS = 500
/** Whoever has the SMTP port must greet within this time, or nobody of ours is taken to be there. */
export const SMTP_OWNER_DEADLINE_MS = SECOND_MS
/** How often a process that waits for the SMTP port asks again who has it; while it is connected to an owner of ours, how often it tries to take the port. */
export const SMTP_OWNER_CHECK_INTERVAL_MS = 5 * SECOND_MS
/** Longest greeting read of whoever has the SMTP port. */
export const MAX_SMTP_GREETING_BYTES = 1_024
/** A message with more Received headers than this is in a loop and is refused (RFC 5321 section 6.3). */
export const MAX_RECEIVED_HEADERS = 50
/** Largest message unless `--max-message-bytes` says otherwise. */
export const DEFAULT_MAX_MESSAGE_BYTES = 26_214_400
/** A message acknowledged to nobody is recognised when it is sent again for this long. */
export const RETRY_WINDOW_MS = DAY_MS
/** A confirmation that the store could not take is tried again after this long. */
export const CONFIRM_RETRY_MS = SECOND_MS
/** How often acceptances past that window are forgotten. */
export const FORGET_INTERVAL_MS = HOUR_MS

// Store --------------------------------------------------------------------------------------------------------------

/** Operations of one group commit: the more, the fewer fsyncs an operation pays for, and the longer the first one waits. */
export const MAX_BATCH_OPS = 512
/** Mail bytes of one group commit; one message may be larger and is then alone. */
export const MAX_BATCH_BYTES = 8_388_608
/** How long the store waits for another process that is writing, before it answers store_unavailable. */
export const STORE_BUSY_TIMEOUT_MS = 5 * SECOND_MS
/** How long SQLite itself waits at a time: between two such waits the store sees that it is to close. */
export const STORE_BUSY_TRY_MS = 100
/** Pages (of 4 KiB) of the write-ahead log before they are copied into the store's file. */
export const WAL_CHECKPOINT_PAGES = 4_000
/** The write-ahead log is cut back to this size after a burst. */
export const WAL_KEPT_BYTES = 67_108_864
/** Memory for pages of the store's file, in KiB. */
export const STORE_CACHE_KIB = 8_192
/** Addresses of one header, and attachments, that the store answers of a message in a list: a hundred rows may have a thousand of each. */
export const MAX_LISTED_ITEMS = 100
/** Messages one step of a search through an inbox looks at: everybody else waits for the step to end. */
export const SCAN_STEP_ROWS = 200
/** Text of bodies, in UTF-16 units, after which such a step ends; what the last body has beyond it is searched too. */
export const SCAN_STEP_CHARS = 4_000_000
/** Raw bytes claimed from the spool at once; one message may be larger and is then alone. */
export const SPOOL_CLAIM_BYTES = 8_388_608
/** Raw bytes of deliveries claimed at once; one message may be larger and is then alone. */
export const DELIVERY_CLAIM_BYTES = 33_554_432
/** Raw bytes removed in one step when an inbox is deleted; one message may be larger and is then alone. */
export const DELETE_CHUNK_BYTES = 67_108_864
/** Raw bytes looked at in one step of packing them; one message may be larger and is then alone. */
export const PACK_STEP_BYTES = 8_388_608
/** Messages looked at in one such step. */
export const PACK_STEP_ROWS = 100
/** Mail is packed when it has been there for this long: most of it is read before. */
export const PACK_AFTER_MS = 10 * MINUTE_MS
/** How often a process looks for mail to be packed, and for mail that is kept no longer. */
export const HOUSEKEEPING_INTERVAL_MS = MINUTE_MS
/** A clock that moves by more than this beside the time that passes has jumped: somebody set it, or the machine slept. */
export const CLOCK_JUMP_MS = 10 * SECOND_MS
/** After a jump no mail is removed for its age for so long: a clock that is wrong is put right in that time. */
export const CLOCK_DOUBT_MS = HOUR_MS
/** Most days of `--keep-days`. */
export const MAX_KEEP_DAYS = 36_500
/** Most megabytes of `--keep-mb`. */
export const MAX_KEEP_MB = 100_000_000
/** Acceptances forgotten in one step. */
export const FORGET_CHUNK_ROWS = 5_000

// Spool and parser ---------------------------------------------------------------------------------------------------

/**
 * How long a process may keep a spooled message to itself before another one may take it. Short, because what a dead process left should not wait, and
 * because two that parse the same message do no harm: only one of them files it.
 */
export const SPOOL_LEASE_MS = 3 * SECOND_MS
/** Messages claimed from the spool at once. */
export const SPOOL_CLAIM_ROWS = 4
/** Bytes of accepted messages held in memory until they are filed; beyond it they are read back from the spool. */
export const MAX_SPOOL_HELD_BYTES = 16_777_216
/** A larger message is not held until it is filed: the store takes its bytes as they are and reads them back, so that nobody waits for a copy. */
export const MAX_HANDED_OVER_BYTES = 1_048_576
/** Messages being filed at once, behind the parser. */
export const MAX_FILINGS_UNDER_WAY = 64
/** How often the spool is searched for what another process left behind: half of what the other looks of an idle process take, so that they fall together. */
export const SPOOL_SWEEP_INTERVAL_MS = 2_500
/** A message that is not parsed after this long is filed with what its headers say. */
export const PARSE_DEADLINE_MS = 10 * SECOND_MS
/** A parse worker that has not loaded its libraries after this long is ended. */
export const PARSE_START_DEADLINE_MS = 30 * SECOND_MS
/** Heap of the parse worker; a message that needs more is filed with what its headers say. */
export const PARSE_HEAP_MB = 256
/** Of it for what is young: by itself it takes 48 MB, which it keeps, and reads mail no faster. */
export const PARSE_YOUNG_HEAP_MB = 6
/** The parse worker ends when there was nothing to read for so long; the next mail waits for another one to start. */
export const PARSE_IDLE_MS = 30 * SECOND_MS
/** Messages handed to the parse worker at once: the one it reads and the next, so that it never waits for us. */
export const MAX_PARSES_IN_WORKER = 2
/** Workers that a message is handed to: when each of them ended without reading it, it is filed with what its headers say. */
export const MAX_PARSE_TRIES = 3
/** Bytes of a header that are read; what comes after them is neither read nor taken for text. */
export const MAX_HEADER_BYTES = 1_048_576
/** Bytes read of all header fields of one name. */
export const MAX_HEADER_FIELD_BYTES = 262_144
/** Readable text kept of one message, in UTF-16 units; the rest stays in the raw message. */
export const MAX_TEXT_CHARS = 2_000_000
/** HTML kept of one message, in UTF-16 units; the rest stays in the raw message. */
export const MAX_HTML_CHARS = 2_000_000
/** Parts read of one message, so also the attachments listed of it. */
export const MAX_ATTACHMENTS = 1_000
/** Longest link shown in readable text made from HTML, in UTF-16 units; a cut link leads nowhere, so a longer one is left out. */
export const MAX_LINK_CHARS = 8_192
/** Addresses kept of one header. */
export const MAX_HEADER_ADDRESSES = 1_000
/** Longest display name kept of an address in a header, in UTF-16 units. */
export const MAX_SENDER_NAME_CHARS = 255
/** Ids kept of one References header: the first and the newest of them. */
export const MAX_REFERENCES = 50
/** Longest subject kept, in UTF-16 units. */
export const MAX_SUBJECT_CHARS = 1_000
/** Longest Message-ID kept; RFC 5322 section 2.1.1 allows no longer line. */
export const MAX_MESSAGE_ID_CHARS = 998
/** Longest attachment name kept, in UTF-16 units. */
export const MAX_FILENAME_CHARS = 255
/** Characters of readable text that a list shows of a message. */
export const SNIPPET_CHARS = 160

// Reading and waiting ------------------------------------------------------------------------------------------------

/** Labels of one message. */
export const MAX_LABELS = 20
/** Longest label, in UTF-16 units. */
export const MAX_LABEL_CHARS = 50
/** Tokens `read_message` answers when the caller names no budget. */
export const DEFAULT_READ_TOKENS = 4_000
/** Most tokens of text one read answers: an answer has it twice, as words and in the structure, and must stay within MAX_ANSWER_BYTES. */
export const MAX_READ_TOKENS = 10_000
/** A token is taken to be this many bytes of UTF-8. */
export const BYTES_PER_TOKEN = 4
/** Seconds `wait_for_message` waits when the caller names no time. */
export const DEFAULT_WAIT_SECONDS = 30
/** Most seconds one wait lasts: clients give up on a call at 60. */
export const MAX_WAIT_SECONDS = 50
/** How often a wait reads the store although nothing rang: the net below the signal file, and what a lost signal may cost. */
export const WAIT_POLL_INTERVAL_MS = 5 * SECOND_MS
/** The same while the signal file cannot be watched, and for who wants to hear of progress. */
export const UNSIGNALLED_POLL_INTERVAL_MS = SECOND_MS
/** How long past its time-out a wait goes on with the look that it is at, through an inbox that takes many steps. */
export const WAIT_LAST_LOOK_MS = 2 * SECOND_MS
/** Messages a wait that timed out reports as arrived but not matching. */
export const MAX_NEAR_MISSES = 5
/** Waits one process holds at once. */
export const MAX_WAITS = 200
/** A wait that timed out tells of deliveries turned away from so long before it began. */
export const REFUSALS_SHOWN_MS = 10 * MINUTE_MS

// MCP ----------------------------------------------------------------------------------------------------------------

/** Largest cursor a tool takes: no inbox holds more messages than this. */
export const MAX_CURSOR = 1_000_000_000
/** Largest byte offset into a part that a tool takes: a UTF-16 unit is at most three bytes of UTF-8. */
export const MAX_READ_OFFSET = 3 * MAX_TEXT_CHARS
/** Longest id a tool takes, in UTF-16 units; ours have 36. */
export const MAX_ID_CHARS = 64
/** Longest path of a file to attach, in UTF-16 units: PATH_MAX of Linux. */
export const MAX_PATH_CHARS = 4_096
/** Longest MIME type of a file to attach: 64 characters (RFC 6838 section 4.2 advises so), a slash, 64 more. */
export const MAX_CONTENT_TYPE_CHARS = 129
/**
 * Longest request taken over stdio, in bytes; the connection ends at a longer one. Room for the largest message we send (MAX_COMPOSED_BYTES) with its
 * attachments inline as base64, which is how they count there too, and for the escapes of JSON.
 */
export const MAX_REQUEST_BYTES = 41_943_040
/** Longest search, in UTF-16 units. */
export const MAX_QUERY_CHARS = 500
/** Longest text that a wait compares with, in UTF-16 units. */
export const MAX_FILTER_CHARS = 200
/** Most sends one quota question may ask for. */
export const MAX_QUOTA_SENDS = 1_000_000
/** Largest answer of a tool, text and structure together as they go over the wire: clients cut off at 25,000 tokens. */
export const MAX_ANSWER_BYTES = 25_000 * BYTES_PER_TOKEN
/** Of these, what is kept free for whatever is put around an answer. */
export const ANSWER_RESERVE_BYTES = 2_000
/** Addresses of one header, and attachments, that a reading shows of a message: a sender may list a thousand of each. */
export const MAX_SHOWN_ITEMS = 30
/** Bytes of JSON that each of these lists may take in a reading. */
export const MAX_SHOWN_LIST_BYTES = 3_000
/** Bytes of JSON that the links of a mail may take beside its text, which has all of them; and no more than the text leaves of what was asked for. */
export const MAX_SHOWN_LINKS_BYTES = 16_000
/** Recipients in each row of a list. */
export const MAX_ROW_ITEMS = 5
/** Deliveries turned away that a wait tells of, the newest. */
export const MAX_SHOWN_REFUSALS = 10
/** Text of no more than this, of a message with an HTML part, may be a stub such as "your program cannot show HTML". */
export const STUB_TEXT_TOKENS = 50
/** Random bytes in the mark around mail content: a sender guesses right once in 2^64. */
export const FENCE_MARK_BYTES = 8
/** Largest resource answered as base64: clients drop the connection at a line of 10 MiB, and base64 adds a third. */
export const MAX_BLOB_BYTES = 7_500_000
/** Values one completion answers; the protocol allows no more. */
export const MAX_COMPLETIONS = 100
/** Resource subscriptions of one connection. */
export const MAX_SUBSCRIPTIONS = 1_000
/** Longest argument of a prompt, in UTF-16 units. */
export const MAX_PROMPT_ARGUMENT_CHARS = 500
/** How long a person may think about a question that the client shows. */
export const QUESTION_DEADLINE_MS = 10 * MINUTE_MS
/** How long a client may keep the lists that never change while the process lives. */
export const FIXED_LIST_KEPT_MS = HOUR_MS

/** The bounds of what a connection keeps, in a file of their own for their number. */
export * from './connection-limits.ts'
/** Those of domains likewise. */
export * from './domain-limits.ts'
/** Those of searching likewise. */
export * from './search/limits.ts'
/** Those of sending likewise. */
export * from './sending-limits.ts'
/** Those of the session log likewise. */
export * from './session-limits.ts'
