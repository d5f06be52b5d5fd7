/** Every bound of reading a report. What lies beyond one is left out, never an error. */

/** Bytes of a message that are looked at. A report stands at its beginning; what follows is the returned message. */
export const MAX_REPORT_BYTES = 2_097_152
/** Characters of one header field, folds taken out. */
export const MAX_FIELD_CHARS = 8_192
/** Fields of one header. */
export const MAX_FIELDS = 1_000
/** Parts of a message, all levels together. */
export const MAX_PARTS = 100
/** Multiparts within multiparts. */
export const MAX_PART_DEPTH = 6
/** Characters of a report's text that are read. */
export const MAX_TEXT_CHARS = 524_288
/** Characters of one line of it; a server's reply is far shorter. */
export const MAX_LINE_CHARS = 1_000
/** Characters of what a report says about one recipient. */
export const MAX_ACCOUNT_CHARS = 4_096
/** Lines at the top of a text among which a mail system says what its message is. */
export const MAX_OPENING_LINES = 80
/** Recipients of one report, more than any server of ours sends to at once. */
export const MAX_REPORT_RECIPIENTS = 1_000
/** Levels of JSON in JSON: a notification in its envelope. */
export const MAX_NOTIFICATION_DEPTH = 2
