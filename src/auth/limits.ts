/** Bounds of the sender check. Whoever writes a mail also writes the DNS records that it leads to. */

/** How long a reader waits for a verdict at most; later it is unknown. */
export const SENDER_CHECK_DEADLINE_MS = 3_000
/** Of that, what is left for the worker to give in order what it found before it is taken for hung. */
export const SENDER_CHECK_MARGIN_MS = 500
/** How long the worker may take to load its libraries. */
export const SENDER_CHECK_START_DEADLINE_MS = 20_000
/** The worker ends when nobody asked for so long. */
export const SENDER_CHECK_IDLE_MS = 60_000
/** Mails in the worker at once: each is held whole. */
export const MAX_CHECKS_IN_WORKER = 2
/** Checks that wait or run at once; one more is answered with unknown. */
export const MAX_CHECKS = 20
/** JavaScript heap of the worker; bytes of mail are held outside of it. */
export const SENDER_CHECK_HEAP_MB = 128
/** Of it for what is young: by itself it takes 48 MB, which it keeps. */
export const SENDER_CHECK_YOUNG_HEAP_MB = 6

/** Largest header that is checked: reading it costs the square of its lines. */
export const MAX_CHECKED_HEADER_BYTES = 131_072
/** Most lines of it. */
export const MAX_CHECKED_HEADER_LINES = 4_000
/** DKIM signatures verified of one mail, those of the From domain first; RFC 6376 section 6.1 leaves the number to us. */
export const MAX_SIGNATURES = 4
/** Bytes handed to the verifier at a time; between them other checks and answers of DNS have their turn. */
export const BODY_CHUNK_BYTES = 65_536

/** DNS questions of one check. SPF alone may ask 10 with 10 more for each MX and PTR (RFC 7208 section 4.6.4), DMARC 8 for each domain (RFC 9989). */
export const MAX_LOOKUPS = 60
/** How long one question waits for an answer. */
export const DNS_TIMEOUT_MS = 1_000
/** How often it is asked. */
export const DNS_TRIES = 2
/** Answers remembered. */
export const MAX_DNS_ANSWERS = 500
/** Characters of the records of one answer; a larger one is not read: some macros of SPF cost the square of their length. */
export const MAX_DNS_ANSWER_CHARS = 16_384
/** How long records are remembered. */
export const DNS_ANSWER_KEPT_MS = 300_000
/** How long it is remembered that there are none, and that DNS does not answer at all. */
export const DNS_ABSENCE_KEPT_MS = 60_000
